/*
 * mana: frames to the guest
 *
 * Each takes one buffer, in the order in which they were posted. A frame for
 * which there is none is lost, as on hardware.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/eth.h"
#include "mana.h"

/* Buffers have no room for a tag: it goes into the completion. */
static const uint8_t *strip_tag(const uint8_t *f, uint32_t *len,
                                uint32_t *flags, uint8_t **copy)
{
    if (*len < ETH_HLEN + 4 || lduw_be_p(f + 12) != ETH_P_VLAN) {
        return f;
    }
    *flags = RX_VLAN | (lduw_be_p(f + 14) & RX_VLAN_ID);
    *len -= 4;
    *copy = g_malloc(*len);
    memcpy(*copy, f, 12);
    memcpy(*copy + 12, f + 16, *len - 12);
    return *copy;
}

static void store(Mana *s, ManaWork *w, const uint8_t *f, uint32_t len,
                  uint32_t flags, uint32_t hash)
{
    uint8_t cqe[CQE_SIZE] = { CQE_RX | CQE_CLIENT };
    ManaWqe e;

    if (w->head == w->tail || !mana_wqe_next(s, w, &e)) {
        s->stats.rx_no_buffer++;
        return;
    }
    if (e.bytes < len) {
        cqe[0] = CQE_RX_TRUNCATED | CQE_CLIENT;
        len = e.bytes;
        s->stats.rx_truncated++;
    }
    if (!len || !mana_wqe_scatter(s, &e, f, len)) {
        w->dead = true;
        mana_error(s, "rx-memory", w->id);
        return;
    }
    mana_count(&s->stats.rx, f, len);
    stl_le_p(cqe + CQE_RX_FLAGS, flags);
    stw_le_p(cqe + CQE_RX_LEN, len);
    stl_le_p(cqe + CQE_RX_HASH, hash);
    stl_le_p(cqe + CQE_RX_AT, e.at);
    mana_complete(s, w->cq, w, cqe);
}

ssize_t mana_rx(NetClientState *nc, const uint8_t *frame, size_t size)
{
    ManaPort *port = qemu_get_nic_opaque(nc);
    Mana *s = port->mana;
    g_autofree uint8_t *copy = NULL;
    uint32_t len = size, flags = 0, type, hash, queue;
    const uint8_t *f;
    ManaLayers l;

    if (size < ETH_HLEN || size > s->mtu + 4) {
        return size;
    }
    if (!port->rx_on) {
        s->stats.rx_disabled++;
        return size;
    }
    f = strip_tag(frame, &len, &flags, &copy);
    l = mana_layers(f, len);
    queue = mana_rss_queue(port, f, &l, &type, &hash);
    if (!queue) {
        s->stats.rx_disabled++;
        return size;
    }
    flags |= mana_offload_verify(f, len, &l) | type << RX_HASH_SHIFT;
    store(s, s->rq[queue], f, len, flags, hash);
    return size;
}
