/*
 * mana: all that a driver has made, and how it ends
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "mana.h"

/* End all that there is: channel, queues, regions, registrations. */
void mana_stop(Mana *s)
{
    uint32_t i;

    mana_hwc_stop(s);
    mana_objects_clear(s);
    for (i = 0; i < MANA_WQS; i++) {
        if (s->sq[i]) {
            mana_work_free(s, s->sq[i]);
        }
        if (s->rq[i]) {
            mana_work_free(s, s->rq[i]);
        }
    }
    for (i = 0; i < MANA_CQS; i++) {
        if (s->cq[i]) {
            mana_posts_free(s, s->cq[i]);
        }
    }
    for (i = 0; i < MANA_EQS; i++) {
        if (s->eq[i]) {
            mana_posts_free(s, s->eq[i]);
        }
    }
    s->irqs = 0;
    mana_regions_clear(s);
    for (i = 0; i < s->ports; i++) {
        mana_port_stop(&s->port[i]);
    }
    memset(s->registered, 0, sizeof(s->registered));
    memset(s->domains, 0, sizeof(s->domains));
    s->driver_flags = 0;
}

/* Tell the driver, from wherever, as soon as nothing else is going on. */
void mana_tell(Mana *s, uint32_t what)
{
    s->tell |= what;
    qemu_bh_schedule(s->work_bh);
}
