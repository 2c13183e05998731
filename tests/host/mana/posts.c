/*
 * mana: queues that the device posts to - completions and events
 *
 * Both sides begin at the second pass over the ring, which they call the
 * first; an entry says in its last bits on which pass it was written. A queue
 * that is armed tells of what is posted, once: a completion queue to its event
 * queue, that one by an interrupt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/pci/msix.h"
#include "mana.h"

/* The ring, of @size bytes, is the caller's to give. NULL: too many queues. */
ManaPosts *mana_posts_new(Mana *s, ManaQueueType type, uint32_t size)
{
    ManaPosts **table = type == MANA_EQ ? s->eq : s->cq;
    uint32_t max = type == MANA_EQ ? MANA_EQS : MANA_CQS, id;
    ManaPosts *q;

    for (id = 1; id < max && table[id]; id++) {
    }
    if (id == max) {
        return NULL;
    }
    q = g_new0(ManaPosts, 1);
    q->type = type;
    q->id = id;
    q->entry = type == MANA_EQ ? EQE_SIZE : CQE_SIZE;
    q->entries = size / q->entry;
    q->head = q->tail = q->entries;
    q->armed = true;
    table[id] = q;
    return q;
}

void mana_posts_free(Mana *s, ManaPosts *q)
{
    ManaPosts **table = q->type == MANA_EQ ? s->eq : s->cq;

    table[q->id] = NULL;
    set_bit(q->id, q->type == MANA_EQ ? s->ended_eqs : s->ended_cqs);
    g_free(q->ring.page);
    g_free(q);
}

static void signal_post(Mana *s, ManaPosts *q)
{
    q->armed = false;
    if (q->type == MANA_EQ) {
        s->stats.interrupts++;
        s->irqs |= 1u << q->vector;
        qemu_bh_schedule(s->irq_bh);
    } else {
        mana_event(s, q->eq, EQE_COMPLETION, q->id);
    }
}

/*
 * An interrupt is a write to where the guest has said, which may be a register
 * that resets or removes this function: nothing is at work then.
 */
void mana_posts_interrupt(Mana *s)
{
    while (s->irqs) {
        uint32_t vector = ctz32(s->irqs);

        s->irqs &= s->irqs - 1;
        msix_notify(&s->parent, vector);
    }
}

/*
 * As many as may be posted ahead of what the driver says it has seen. It tells
 * of an event queue's at once, but of a completion queue's every few passes.
 */
static uint32_t posts_max(const ManaPosts *q)
{
    return q->type == MANA_EQ ? q->entries : (OWNER_PASSES - 1) * q->entries;
}

static void post(Mana *s, ManaPosts *q, uint8_t *entry)
{
    uint32_t at = (q->head & (q->entries - 1)) * q->entry;
    uint32_t last = q->entry - 1;

    if (q->head - q->tail >= posts_max(q)) {
        s->stats.overflow++;
        return;
    }
    entry[last] |= ((q->head / q->entries) & OWNER_MASK) << OWNER_SHIFT;
    if (!mana_ring_write(s, &q->ring, at, entry, last) ||
        !mana_ring_write(s, &q->ring, at + last, entry + last, 1)) {
        mana_error(s, "post", q->ring.page[at / MANA_PAGE]);
        return;
    }
    q->head++;
    if (q->armed) {
        signal_post(s, q);
    }
}

void mana_event(Mana *s, uint32_t eq, uint8_t type, uint32_t data)
{
    uint8_t eqe[EQE_SIZE] = {};

    if (!s->eq[eq]) {
        return;
    }
    stl_le_p(eqe, data);
    eqe[EQE_TYPE] = type;
    s->stats.events++;
    post(s, s->eq[eq], eqe);
}

/* @cqe: CQE_SIZE bytes; who it is of is filled in. */
void mana_complete(Mana *s, uint32_t cq, const ManaWork *w, uint8_t *cqe)
{
    if (!s->cq[cq]) {
        return;
    }
    stl_le_p(cqe + CQE_WQ, w->id | (w->type == MANA_SQ ? CQE_IS_SQ : 0));
    post(s, s->cq[cq], cqe);
}

/* @tail: what the driver has seen, modulo eight passes. */
void mana_posts_doorbell(Mana *s, ManaPosts *q, uint32_t tail, bool arm)
{
    uint32_t span = OWNER_PASSES * q->entries;
    uint32_t behind = (q->head - tail) & (span - 1);

    if (tail >= span || behind > q->head - q->tail) {
        mana_error(s, "doorbell-seen", tail);
        return;
    }
    q->tail = q->head - behind;
    q->armed = arm && !behind;
    if (arm && behind && behind <= q->entries) {
        signal_post(s, q);
    }
}
