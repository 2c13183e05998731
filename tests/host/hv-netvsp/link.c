/*
 * hv-netvsp: what the guest is told of the link
 *
 * Hyper-V coalesces: within some seconds of what it said last it says nothing,
 * and then how things are. Somebody who plugs the cable in where it is plugged
 * in already makes it say that it was out for so long.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "hv-netvsp.h"

static void say(HvNetvsp *s, bool up)
{
    uint32_t status = up ? RNDIS_IND_CONNECT : RNDIS_IND_DISCONNECT;

    s->link.said = up;
    if (s->temper.link_coalesce) {
        timer_mod(s->link.timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) +
                                 s->temper.link_coalesce);
    }
    netvsp_rndis_indicate(s, status, NULL, 0);
    if (s->temper.link_doubled) {
        netvsp_rndis_indicate(s, status, NULL, 0);
    }
}

static void on_timer(void *opaque)
{
    HvNetvsp *s = opaque;

    if (s->c.rndis && s->link.said != s->link.up) {
        say(s, s->link.up);
    }
}

void netvsp_link_set(HvNetvsp *s, bool up)
{
    bool blip = s->temper.link_coalesce && s->link.up == up;

    if (s->link.up == up && !blip) {
        return;
    }
    s->link.up = up;
    netvsp_log(s, "link", "\"up\":%s", up ? "true" : "false");
    if (s->c.rndis && !timer_pending(s->link.timer)) {
        say(s, blip ? !up : up);
    }
}

/* There is a receive buffer, but the guest has not said INIT yet. */
void netvsp_link_early(HvNetvsp *s)
{
    if (s->temper.link_early) {
        say(s, s->link.up);
    }
}

void netvsp_link_init(HvNetvsp *s)
{
    s->link.up = true;
    s->link.said = true;
    s->link.timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, on_timer, s);
}

void netvsp_link_exit(HvNetvsp *s)
{
    timer_free(s->link.timer);
}
