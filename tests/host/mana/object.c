/*
 * mana: work queue objects - a send or receive queue, with its completions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana.h"

#define CREATE_PORT             40
#define CREATE_TYPE             48
#define CREATE_WQ_REGION        56
#define CREATE_CQ_REGION        64
#define CREATE_WQ_SIZE          72
#define CREATE_CQ_SIZE          76
#define CREATE_EQ               84

#define DESTROY_TYPE            40
#define DESTROY_OBJECT          48

#define FENCE_OBJECT            40

static uint64_t handle_of(const ManaWork *w)
{
    return (uint64_t)w->type << 32 | w->id;
}

ManaWork *mana_object_find(Mana *s, uint64_t handle, ManaQueueType type)
{
    ManaWork **table = type == MANA_SQ ? s->sq : s->rq;
    uint32_t id = handle;

    if (handle >> 32 != type || id >= MANA_WQS || !table[id] ||
        table[id]->port < 0) {
        return NULL;
    }
    return table[id];
}

static bool port_is_full(Mana *s, const ManaPort *port, ManaQueueType type)
{
    ManaWork **table = type == MANA_SQ ? s->sq : s->rq;
    uint32_t i, n = 0;

    for (i = 1; i < MANA_WQS; i++) {
        n += table[i] && table[i]->port == port->index;
    }
    return n >= s->queues;
}

static bool eq_is_nics(Mana *s, uint32_t id)
{
    return id < MANA_EQS && s->eq[id] && s->eq[id]->owner == DEV_NIC;
}

/* The regions are the object's now. */
static bool make(Mana *s, ManaQueueType type, ManaRegion *wr, ManaRegion *cr,
                 ManaWork **wq, ManaPosts **cq)
{
    ManaWork *w = mana_work_new(s, type);
    ManaPosts *q = w ? mana_posts_new(s, MANA_CQ, cr->length) : NULL;

    if (!q) {
        if (w) {
            mana_work_free(s, w);
        }
        return false;
    }
    w->ring = mana_region_take(s, wr);
    q->ring = mana_region_take(s, cr);
    *wq = w;
    *cq = q;
    return true;
}

uint32_t mana_object_create(Mana *s, ManaCommand *c)
{
    ManaPort *port = mana_port_find(s, ldq_le_p(c->in + CREATE_PORT));
    uint32_t type = ldl_le_p(c->in + CREATE_TYPE);
    ManaRegion *wr = mana_region_find(s, ldq_le_p(c->in + CREATE_WQ_REGION));
    ManaRegion *cr = mana_region_find(s, ldq_le_p(c->in + CREATE_CQ_REGION));
    uint32_t eq = ldl_le_p(c->in + CREATE_EQ);
    ManaWork *w;
    ManaPosts *q;

    if (!port || (type != MANA_SQ && type != MANA_RQ) || wr == cr ||
        !mana_region_fits(wr, ldl_le_p(c->in + CREATE_WQ_SIZE)) ||
        !mana_region_fits(cr, ldl_le_p(c->in + CREATE_CQ_SIZE)) ||
        !eq_is_nics(s, eq) || port_is_full(s, port, type) ||
        !make(s, type, wr, cr, &w, &q)) {
        return STATUS_REFUSED;
    }
    w->port = port->index;
    w->page = q->page = mana_page_of(DEV_NIC);
    w->key = mana_key_of(DEV_NIC);
    w->cq = q->id;
    q->owner = DEV_NIC;
    q->eq = eq;
    stl_le_p(c->out + 32, w->id);
    stl_le_p(c->out + 36, q->id);
    stq_le_p(c->out + 40, handle_of(w));
    return STATUS_OK;
}

static void destroy(Mana *s, ManaWork *w)
{
    if (w->type == MANA_RQ) {
        mana_port_forget_rq(&s->port[w->port], w->id);
    }
    mana_posts_free(s, s->cq[w->cq]);
    mana_work_free(s, w);
}

uint32_t mana_object_destroy(Mana *s, ManaCommand *c)
{
    ManaWork *w = mana_object_find(s, ldq_le_p(c->in + DESTROY_OBJECT),
                                   ldl_le_p(c->in + DESTROY_TYPE));

    if (!w) {
        return STATUS_REFUSED;
    }
    destroy(s, w);
    return STATUS_OK;
}

/* What was accepted has been completed: a frame is received in one go. */
uint32_t mana_object_fence(Mana *s, ManaCommand *c)
{
    ManaWork *w = mana_object_find(s, ldq_le_p(c->in + FENCE_OBJECT), MANA_RQ);
    uint8_t cqe[CQE_SIZE] = { CQE_FENCE | CQE_CLIENT };

    if (!w) {
        return STATUS_REFUSED;
    }
    mana_complete(s, w->cq, w, cqe);
    return STATUS_OK;
}

void mana_objects_clear(Mana *s)
{
    uint32_t i;

    for (i = 1; i < MANA_WQS; i++) {
        if (s->sq[i] && s->sq[i]->port >= 0) {
            destroy(s, s->sq[i]);
        }
        if (s->rq[i] && s->rq[i]->port >= 0) {
            destroy(s, s->rq[i]);
        }
    }
}
