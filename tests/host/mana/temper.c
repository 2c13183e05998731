/*
 * mana: the device's temper, properties that can be set at any time
 *
 * Commands are met by hwc-code, or all of them, as long as it is 0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/timer.h"
#include "mana.h"

typedef struct Setting {
    const char *name;
    size_t offset;              /* in Mana */
} Setting;

#define SETTING(name, field)    { name, offsetof(Mana, field) }

static const Setting numbers[] = {
    SETTING("hwc-code", temper.code),
    SETTING("hwc-delay", temper.delay),
    SETTING("hwc-fails", temper.fails),
    SETTING("hwc-silent", temper.silent),
};

static void number(Object *obj, Visitor *v, const char *name, void *opaque,
                   Error **errp)
{
    const Setting *setting = opaque;

    visit_type_uint32(v, name,
                      (uint32_t *)((char *)MANA(obj) + setting->offset), errp);
}

/* Frames stay where they are for so many ms; a reset ends that, too. */
static void set_stall(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    Mana *s = MANA(obj);
    uint32_t ms;

    if (visit_type_uint32(v, name, &ms, errp)) {
        s->temper.stalled = true;
        timer_mod(s->stall_timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + ms);
    }
}

static void on_stall_over(void *opaque)
{
    Mana *s = opaque;

    s->temper.stalled = false;
    qemu_bh_schedule(s->tx_bh);
}

static void set_reset(Object *obj, bool value, Error **errp)
{
    if (value) {
        mana_tell(MANA(obj), MANA_TELL_RESET);
    }
}

static char *get_counters(Object *obj, Error **errp)
{
    return mana_counters(MANA(obj));
}

void mana_temper_init(Mana *s)
{
    s->stall_timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, on_stall_over, s);
}

void mana_temper_exit(Mana *s)
{
    timer_free(s->stall_timer);
}

void mana_temper_reset(Mana *s)
{
    timer_del(s->stall_timer);
    s->temper.stalled = false;
}

void mana_temper_class(ObjectClass *klass)
{
    int i;

    for (i = 0; i < ARRAY_SIZE(numbers); i++) {
        object_class_property_add(klass, numbers[i].name, "uint32", number,
                                  number, NULL, (void *)&numbers[i]);
    }
    object_class_property_add(klass, "tx-stall", "uint32", NULL, set_stall,
                              NULL, NULL);
    object_class_property_add_bool(klass, "service-reset", NULL, set_reset);
    object_class_property_add_str(klass, "counters", get_counters, NULL);
}
