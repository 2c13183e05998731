/*
 * hv-netvsp: the host stands still, as one that is being serviced
 *
 * Meanwhile nothing is read and nothing sent. What the guest has sent by then
 * is completed afterwards, whether it has gone anywhere or not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "hv-netvsp.h"

static void thaw(void *opaque)
{
    HvNetvsp *s = opaque;
    uint16_t i;

    s->frozen = false;
    netvsp_log(s, "frozen", "\"on\":false");
    for (i = 0; i < s->channels; i++) {
        if (s->ch[i].open) {
            s->ch[i].loses = s->temper.freeze_loses;
            vmbus_channel_notify_host(vmbus_device_channel(&s->parent, i));
        }
    }
    netvsp_rx_kick(s);
}

/* @ms: from now on; 0 ends it. */
void netvsp_freeze(HvNetvsp *s, uint32_t ms)
{
    if (ms) {
        s->frozen = true;
        netvsp_log(s, "frozen", "\"on\":true,\"ms\":%u", ms);
        timer_mod(s->thaw_timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + ms);
    } else if (s->frozen) {
        timer_del(s->thaw_timer);
        thaw(s);
    }
}

/* A frame for the synthetic side. Return: whether it is lost. */
bool netvsp_freeze_loses(HvNetvsp *s)
{
    /* One that waits would hold up what goes to the VF, which is no host. */
    if (!s->frozen || !(s->temper.freeze_loses || s->path.vf)) {
        return false;
    }
    s->lost++;
    return true;
}

void netvsp_freeze_init(HvNetvsp *s)
{
    s->thaw_timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, thaw, s);
}

void netvsp_freeze_exit(HvNetvsp *s)
{
    timer_free(s->thaw_timer);
}
