/*
 * mana: queues that the driver posts to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "mana.h"

static ManaWork **table_of(Mana *s, ManaQueueType type)
{
    return type == MANA_SQ ? s->sq : s->rq;
}

/* The ring is the caller's to give. NULL: too many queues. */
ManaWork *mana_work_new(Mana *s, ManaQueueType type)
{
    ManaWork **table = table_of(s, type);
    ManaWork *w;
    uint32_t id;

    for (id = 1; id < MANA_WQS && table[id]; id++) {
    }
    if (id == MANA_WQS) {
        return NULL;
    }
    w = g_new0(ManaWork, 1);
    w->type = type;
    w->id = id;
    table[id] = w;
    return w;
}

void mana_work_free(Mana *s, ManaWork *w)
{
    table_of(s, w->type)[w->id] = NULL;
    g_free(w->ring.page);
    g_free(w);
}

/* @tail: bytes posted so far. */
void mana_work_doorbell(Mana *s, ManaWork *w, uint32_t tail)
{
    bool hwc = w->port < 0;

    if (tail % WQE_UNIT || tail - w->head > w->ring.size ||
        tail - w->head < w->tail - w->head) {
        mana_error(s, "doorbell-tail", tail);
        return;
    }
    w->tail = tail;
    if (hwc) {
        qemu_bh_schedule(s->work_bh);
    } else if (w->type == MANA_SQ) {
        qemu_bh_schedule(s->tx_bh);
    }
}
