/*
 * hv-netvsp: association with a VF
 *
 * The host gives and takes it; it outlives the channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "hv-netvsp.h"

#define TID_ASSOCIATION         0x8000000000000000ull

static void send_association(HvNetvsp *s)
{
    uint8_t msg[NVSP_LEN_V61] = {};

    stl_le_p(msg, NVSP_VF_ASSOC);
    stl_le_p(msg + 4, s->associated);
    stl_le_p(msg + 8, s->announced);
    netvsp_ask(s, "VF_ASSOCIATION", TID_ASSOCIATION, msg, netvsp_msg_len(s));
}

static bool can_associate(HvNetvsp *s)
{
    return s->c.rndis && netvsp_alive(s, 0) && s->c.version >= NVSP_V4 &&
           s->c.caps & NVSP_CAP_SRIOV;
}

static void announce(HvNetvsp *s)
{
    if (s->associated && can_associate(s)) {
        send_association(s);
    }
}

static void on_timer(void *opaque)
{
    HvNetvsp *s = opaque;

    s->c.untold = false;
    announce(s);
}

/* RNDIS is up: tell of an association that is there already. */
void netvsp_vf_announce(HvNetvsp *s)
{
    if (s->temper.assoc_delay) {
        s->c.untold = true;
        timer_mod(s->assoc_timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) +
                                  s->temper.assoc_delay);
    } else {
        announce(s);
    }
}

void netvsp_vf_associate(HvNetvsp *s, bool associate)
{
    if (s->associated == associate) {
        return;
    }
    s->associated = associate;
    netvsp_log(s, "association", "\"allocated\":%s,\"serial\":%u",
               associate ? "true" : "false", s->announced);
    if (can_associate(s) && !s->c.untold) {
        send_association(s);
    }
}

/* How a VF is lost on Hyper-V: the path first, then the words about it. */
void netvsp_vf_lose(HvNetvsp *s)
{
    netvsp_path_take(s);
    netvsp_vf_associate(s, false);
}

void netvsp_vf_forget(HvNetvsp *s)
{
    timer_del(s->assoc_timer);
}

void netvsp_vf_init(HvNetvsp *s)
{
    s->announced = s->serial;
    s->assoc_timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, on_timer, s);
}

void netvsp_vf_exit(HvNetvsp *s)
{
    timer_free(s->assoc_timer);
}
