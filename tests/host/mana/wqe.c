/*
 * mana: entries of the queues that the driver posts to
 *
 * An entry is copied once, and then looked at: the guest may change what lies
 * in its ring at any time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana.h"

static uint32_t oob_len(uint32_t word)
{
    switch (WQE_OOB_DWORDS(word)) {
    case WQE_OOB_SHORT:
    case WQE_OOB_LONG:
        return WQE_OOB_DWORDS(word) * 4;
    default:
        return 0;
    }
}

static const char *parse_sges(const uint8_t *p, uint32_t key, ManaWqe *e)
{
    uint32_t i;

    for (i = 0; i < e->sges; i++, p += SGE_SIZE) {
        e->sge[i].addr = ldq_le_p(p);
        e->sge[i].size = ldl_le_p(p + 12);
        e->bytes += e->sge[i].size;
        if (ldl_le_p(p + 8) != key) {
            return "wqe-key";
        }
        if (e->sge[i].addr + e->sge[i].size < e->sge[i].addr) {
            return "wqe-wraps";
        }
    }
    return NULL;
}

/*
 * @raw: @len bytes of the ring from the entry on, of which it may use @max.
 * Return: what is wrong with it, or NULL.
 */
const char *mana_wqe_parse(const uint8_t *raw, uint32_t len, uint32_t max,
                           uint32_t key, ManaWqe *e)
{
    uint32_t word, sgl;

    *e = (ManaWqe) {};
    if (len < WQE_UNIT) {
        return "wqe-short";
    }
    word = ldl_le_p(raw + 4);
    e->oob_len = oob_len(word);
    e->sges = WQE_SGES(word);
    if (!e->oob_len || word & WQE_INLINE) {
        return "wqe-oob";
    }
    sgl = ROUND_UP(WQE_HDR + e->oob_len, SGE_SIZE);
    e->len = ROUND_UP(sgl + e->sges * SGE_SIZE, WQE_UNIT);
    if (!e->sges || e->sges > SGES_MAX || e->len > MIN(len, max)) {
        return "wqe-sges";
    }
    memcpy(e->oob, raw + WQE_HDR, e->oob_len);
    e->lso = word & WQE_LSO;
    e->unit = WQE_UNIT_DATA(word);
    return parse_sges(raw + sgl, key, e);
}

/*
 * The next entry; it counts as taken. One that makes no sense ends the queue,
 * for where the one behind it begins is not known.
 */
bool mana_wqe_next(Mana *s, ManaWork *w, ManaWqe *e)
{
    uint32_t max = w->type == MANA_SQ ? WQE_SQ_MAX : WQE_RQ_MAX;
    uint32_t len = MIN(w->tail - w->head, max);
    const char *fault = "wqe-memory";
    uint8_t raw[WQE_SQ_MAX];

    if (w->dead) {
        return false;
    }
    if (mana_ring_read(s, &w->ring, w->head, raw, len)) {
        fault = mana_wqe_parse(raw, len, max, w->key, e);
    }
    if (fault) {
        w->dead = true;
        mana_error(s, fault, w->id);
        return false;
    }
    e->at = w->head & (w->ring.size - 1);
    w->head += e->len;
    return true;
}

/* @to: has room for e->bytes. */
bool mana_wqe_gather(Mana *s, const ManaWqe *e, uint8_t *to)
{
    uint32_t i;

    for (i = 0; i < e->sges; i++) {
        if (pci_dma_rw(&s->parent, e->sge[i].addr, to, e->sge[i].size,
                       DMA_DIRECTION_TO_DEVICE, MANA_DMA) != MEMTX_OK) {
            return false;
        }
        to += e->sge[i].size;
    }
    return true;
}

/* @len: e->bytes at most. */
bool mana_wqe_scatter(Mana *s, const ManaWqe *e, const uint8_t *from,
                      uint32_t len)
{
    uint32_t i;

    for (i = 0; i < e->sges && len; i++) {
        uint32_t part = MIN(len, e->sge[i].size);

        if (pci_dma_rw(&s->parent, e->sge[i].addr, (uint8_t *)from, part,
                       DMA_DIRECTION_FROM_DEVICE, MANA_DMA) != MEMTX_OK) {
            return false;
        }
        from += part;
        len -= part;
    }
    return true;
}
