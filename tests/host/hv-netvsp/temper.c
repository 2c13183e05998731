/*
 * hv-netvsp: the host's temper, as properties that can be set at any time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hv-netvsp.h"

typedef struct Setting {
    const char *name;
    size_t offset;              /* in HvNetvsp */
} Setting;

#define SETTING(name, field)    { name, offsetof(HvNetvsp, field) }

static const Setting numbers[] = {
    SETTING("announced-serial", announced),
    SETTING("switch-delay", temper.switch_delay),
    SETTING("switch-fails", temper.switch_fails),
    SETTING("switch-back-fails", temper.switch_back_fails),
    SETTING("assoc-delay", temper.assoc_delay),
    SETTING("link-coalesce", temper.link_coalesce),
    SETTING("rx-batch", temper.rx_batch),
    SETTING("tx-batch", temper.tx_batch),
    SETTING("tx-align", temper.tx_align),
    SETTING("table-offset", temper.table_offset),
};

static const Setting flags[] = {
    SETTING("rx-whole", temper.rx_whole),
    SETTING("unique-ids", temper.unique_ids),
    SETTING("link-doubled", temper.link_doubled),
    SETTING("link-early", temper.link_early),
    SETTING("always-connected", temper.always_connected),
    SETTING("freeze-loses", temper.freeze_loses),
};

static void *field(Object *obj, const Setting *setting)
{
    return (char *)HV_NETVSP(obj) + setting->offset;
}

static void number(Object *obj, Visitor *v, const char *name, void *opaque,
                   Error **errp)
{
    visit_type_uint32(v, name, field(obj, opaque), errp);
}

static void flag(Object *obj, Visitor *v, const char *name, void *opaque,
                 Error **errp)
{
    visit_type_bool(v, name, field(obj, opaque), errp);
}

static char *get_steering(Object *obj, Error **errp)
{
    return g_strdup(HV_NETVSP(obj)->temper.all_to_vf ? "all-to-vf" : "azure");
}

static void set_steering(Object *obj, const char *value, Error **errp)
{
    bool all = !strcmp(value, "all-to-vf");

    if (!all && strcmp(value, "azure")) {
        error_setg(errp, "steering '%s' is none of azure, all-to-vf", value);
        return;
    }
    HV_NETVSP(obj)->temper.all_to_vf = all;
}

void netvsp_temper_class(ObjectClass *klass)
{
    int i;

    for (i = 0; i < ARRAY_SIZE(numbers); i++) {
        object_class_property_add(klass, numbers[i].name, "uint32", number,
                                  number, NULL, (void *)&numbers[i]);
    }
    for (i = 0; i < ARRAY_SIZE(flags); i++) {
        object_class_property_add(klass, flags[i].name, "bool", flag, flag,
                                  NULL, (void *)&flags[i]);
    }
    object_class_property_add_str(klass, "steering", get_steering,
                                  set_steering);
}
