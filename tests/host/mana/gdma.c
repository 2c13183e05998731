/*
 * mana: commands about the function - its devices, its event queues
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana.h"

#define VERSION_FLAGS           56
#define VERSION_ANSWER          32

#define EVENT_EQ                40

#define CREATE_TYPE             40
#define CREATE_PD               48
#define CREATE_PAGE             52
#define CREATE_REGION           56
#define CREATE_SIZE             68
#define CREATE_VECTOR           76

#define DISABLE_TYPE            40
#define DISABLE_ID              44

uint32_t mana_gdma_version(Mana *s, ManaCommand *c)
{
    s->driver_flags = ldq_le_p(c->in + VERSION_FLAGS);
    mana_log(s, "driver", "\"flags\":%" PRIu64, s->driver_flags);
    stq_le_p(c->out + VERSION_ANSWER, 1);
    return STATUS_OK;
}

/* Of each kind an id is none, and one the hardware channel's. */
uint32_t mana_gdma_maxima(Mana *s, ManaCommand *c)
{
    stl_le_p(c->out + 36, MANA_WQS - 2);        /* SQ */
    stl_le_p(c->out + 40, MANA_WQS - 2);        /* RQ */
    stl_le_p(c->out + 44, MANA_CQS - 2);
    stl_le_p(c->out + 48, MANA_EQS - 2);
    stl_le_p(c->out + 52, MANA_PAGES);
    stl_le_p(c->out + 56, 1);                   /* memory keys */
    stl_le_p(c->out + 60, 1);                   /* moderation */
    stl_le_p(c->out + 64, 1);
    stl_le_p(c->out + 68, MANA_VECTORS);
    return STATUS_OK;
}

/*
 * The RDMA device does nothing but to be there: a driver for it that finds
 * none may not know what to do (mana_ib of 6.12 oopses).
 */
uint32_t mana_gdma_devices(Mana *s, ManaCommand *c)
{
    static const uint16_t devices[][2] = {
        { DEV_HWC, 0 }, { DEV_NIC, 1 }, { DEV_RDMA, 1 },
    };
    int i;

    stl_le_p(c->out + 32, ARRAY_SIZE(devices));
    for (i = 0; i < ARRAY_SIZE(devices); i++) {
        stw_le_p(c->out + 40 + 4 * i, devices[i][0]);
        stw_le_p(c->out + 42 + 4 * i, devices[i][1]);
    }
    return STATUS_OK;
}

uint32_t mana_gdma_register(Mana *s, ManaCommand *c)
{
    if (s->registered[c->type]) {
        return STATUS_REFUSED;
    }
    s->registered[c->type] = true;
    stl_le_p(c->out + 32, mana_pd_of(c->type));
    stl_le_p(c->out + 36, mana_key_of(c->type));
    stl_le_p(c->out + 40, mana_page_of(c->type));
    return STATUS_OK;
}

/* All queues that it has go with it. */
uint32_t mana_gdma_deregister(Mana *s, ManaCommand *c)
{
    uint32_t i;

    if (!s->registered[c->type]) {
        return STATUS_REFUSED;
    }
    s->registered[c->type] = false;
    s->domains[c->type] = 0;
    if (c->type == DEV_NIC) {
        mana_objects_clear(s);
        for (i = 0; i < s->ports; i++) {
            mana_port_stop(&s->port[i]);
        }
    }
    for (i = 1; i < MANA_EQS; i++) {
        if (s->eq[i] && s->eq[i]->owner == c->type) {
            mana_posts_free(s, s->eq[i]);
        }
    }
    return STATUS_OK;
}

static ManaPosts *eq_of(Mana *s, const ManaCommand *c, uint32_t id)
{
    ManaPosts *q = id < MANA_EQS ? s->eq[id] : NULL;

    return q && q->owner == c->type ? q : NULL;
}

uint32_t mana_gdma_test_event(Mana *s, ManaCommand *c)
{
    ManaPosts *q = eq_of(s, c, ldl_le_p(c->in + EVENT_EQ));

    if (!q) {
        return STATUS_REFUSED;
    }
    mana_event(s, q->id, EQE_TEST, 0);
    return STATUS_OK;
}

uint32_t mana_gdma_create_eq(Mana *s, ManaCommand *c)
{
    ManaRegion *r = mana_region_find(s, ldq_le_p(c->in + CREATE_REGION));
    uint32_t size = ldl_le_p(c->in + CREATE_SIZE);
    uint32_t vector = ldl_le_p(c->in + CREATE_VECTOR);
    ManaPosts *q;

    if (c->type == DEV_HWC || ldl_le_p(c->in + CREATE_TYPE) != MANA_EQ ||
        ldl_le_p(c->in + CREATE_PD) != mana_pd_of(c->type) ||
        ldl_le_p(c->in + CREATE_PAGE) != mana_page_of(c->type) ||
        vector >= MANA_VECTORS ||
        !mana_region_fits(r, size)) {
        return STATUS_REFUSED;
    }
    q = mana_posts_new(s, MANA_EQ, size);
    if (!q) {
        return STATUS_REFUSED;
    }
    q->ring = mana_region_take(s, r);
    q->owner = c->type;
    q->page = mana_page_of(c->type);
    q->vector = vector;
    stl_le_p(c->out + ANSWER_HDR, q->id);
    return STATUS_OK;
}

/* Completion queues that tell this one tell nobody any more. */
uint32_t mana_gdma_disable_eq(Mana *s, ManaCommand *c)
{
    ManaPosts *q = eq_of(s, c, ldl_le_p(c->in + DISABLE_ID));
    uint32_t i;

    if (!q || c->type == DEV_HWC ||
        ldl_le_p(c->in + DISABLE_TYPE) != MANA_EQ) {
        return STATUS_REFUSED;
    }
    for (i = 1; i < MANA_CQS; i++) {
        if (s->cq[i] && s->cq[i]->eq == q->id) {
            s->cq[i]->eq = 0;
        }
    }
    mana_posts_free(s, q);
    return STATUS_OK;
}
