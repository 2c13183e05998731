/*
 * mana: frames from the guest
 *
 * Exactly one completion for each entry, in their order. An entry that makes
 * no sense, or whose memory cannot be read, is the last of its queue.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/eth.h"
#include "mana.h"

/* Entries and segments that are done before others have their turn. */
#define BURST                   256
#define LONG_FORMAT             1

typedef struct Sending {
    Mana *s;
    uint32_t frames;
    ManaPort *port;
    ManaOffload off;
} Sending;

/* From the switch's point of view, for it has room for a tag in front. */
static void emit(void *opaque, uint8_t *f, uint32_t len)
{
    Sending *t = opaque;

    if (t->off.vlan) {
        memmove(f - MANA_ROOM, f, 12);
        f -= MANA_ROOM;
        len += MANA_ROOM;
        stw_be_p(f + 12, ETH_P_VLAN);
        stw_be_p(f + 14, t->off.tci);
    }
    t->frames++;
    mana_count(&t->s->stats.tx, f, len);
    qemu_send_packet(qemu_get_queue(t->port->nic), f, len);
}

/* Return: how a completion calls what is wrong, or CQE_TX. */
static uint8_t parse_oob(Mana *s, const ManaWork *w, const ManaWqe *e,
                         Sending *t)
{
    uint32_t w0 = ldl_le_p(e->oob), w1 = ldl_le_p(e->oob + 4);
    uint32_t offset = OOB_SHORT_OFFSET(w1), w2;
    bool is_long = e->oob_len > 8;

    if (OOB_FORMAT(w0) != (is_long ? LONG_FORMAT : 0) ||
        OOB_CQ(w0) != w->cq || (w0 & OOB_IPV4 && w0 & OOB_IPV6)) {
        s->stats.tx_oob++;
        return CQE_TX_OOB;
    }
    t->off = (ManaOffload) {
        .tcp = w0 & OOB_TCP_CSUM,
        .udp = w0 & OOB_UDP_CSUM,
        .ip_csum = w0 & OOB_IP_CSUM,
        .ip = w0 & OOB_IPV4 ? 4 : w0 & OOB_IPV6 ? 6 : 0,
        .l4 = OOB_L4(w1),
        .lso = e->lso,
        .mss = e->unit,
        .head = e->sge[0].size,
    };
    if (is_long) {
        w2 = ldl_le_p(e->oob + 8);
        t->off.vlan = w2 & OOB_VLAN;
        t->off.tci = OOB_TCI_PCP(w2) << 13 | OOB_TCI_DEI(w2) << 12 |
                     OOB_TCI_ID(w2);
        offset = OOB_LONG_OFFSET(ldl_le_p(e->oob + 12)) ?: offset;
    }
    if (offset != mana_port_tx_offset(t->port)) {
        s->stats.tx_offset++;
        return CQE_TX_OFFSET;
    }
    return CQE_TX;
}

static uint8_t check_size(Mana *s, const ManaWqe *e)
{
    if (e->lso) {
        if (e->sges < 2 || e->sge[0].size < ETH_HLEN ||
            e->sge[0].size > MANA_LSO_HEAD ||
            e->sge[0].size + e->unit > s->mtu + 4 ||
            e->bytes > MANA_FRAME) {
            s->stats.tx_gdma++;
            return CQE_TX_GDMA;
        }
    } else if (e->bytes < ETH_HLEN || e->bytes > s->mtu + 4) {
        s->stats.tx_mtu++;
        return CQE_TX_MTU;
    }
    return CQE_TX;
}

/* A tag in the frame is not of its size; it is seen once the frame is here. */
static bool is_too_large(const Mana *s, const ManaWqe *e, const uint8_t *frame)
{
    uint32_t size = e->lso ? e->sge[0].size + e->unit : e->bytes;

    return size > s->mtu && lduw_be_p(frame + 2 * ETH_ALEN) != ETH_P_VLAN;
}

static uint8_t transmit(Mana *s, ManaWork *w, const ManaWqe *e,
                        uint32_t *frames)
{
    Sending t = { .s = s, .port = &s->port[w->port] };
    uint8_t *frame = s->frame + MANA_ROOM;
    uint8_t type;

    if (!t.port->tx_on) {
        s->stats.tx_disabled++;
        return CQE_TX_DISABLED;
    }
    type = parse_oob(s, w, e, &t);
    if (type == CQE_TX) {
        type = check_size(s, e);
    }
    if (type != CQE_TX) {
        return type;
    }
    if (!mana_wqe_gather(s, e, frame)) {
        s->stats.tx_gdma++;
        return CQE_TX_GDMA;
    }
    if (is_too_large(s, e, frame)) {
        s->stats.tx_mtu++;
        return CQE_TX_MTU;
    }
    if (!mana_offload_send(frame, e->bytes, &t.off, emit, &t)) {
        s->stats.tx_oob++;
        return CQE_TX_OOB;
    }
    *frames = t.frames;
    return CQE_TX;
}

/* Return: what it has cost of the budget. */
static uint32_t send_next(Mana *s, ManaWork *w)
{
    uint32_t frames = 1;
    uint8_t cqe[CQE_SIZE] = {};
    uint8_t type = CQE_TX_GDMA;
    ManaWqe e = {};

    if (mana_wqe_next(s, w, &e)) {
        type = transmit(s, w, &e, &frames);
        if (type != CQE_TX) {
            mana_error(s, "tx", type);
        }
    }
    if (type == CQE_TX_GDMA) {
        w->dead = true;
    }
    cqe[0] = type | CQE_CLIENT;
    stl_le_p(cqe + CQE_TX_AT, (e.at / WQE_UNIT) << CQE_TX_AT_SHIFT);
    mana_complete(s, w->cq, w, cqe);
    return frames;
}

static bool has_work(const ManaWork *w)
{
    return w && w->port >= 0 && !w->dead && w->head != w->tail;
}

/* All queues in turn. */
void mana_tx_work(void *opaque)
{
    Mana *s = opaque;
    uint32_t budget = BURST, done = 1, id;

    if (s->temper.stalled) {
        return;
    }
    while (done && budget) {
        done = 0;
        for (id = 1; id < MANA_WQS && budget; id++) {
            if (has_work(s->sq[id])) {
                budget -= MIN(budget, send_next(s, s->sq[id]));
                done++;
            }
        }
    }
    if (!budget) {
        qemu_bh_schedule(s->tx_bh);
    }
}
