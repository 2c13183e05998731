/*
 * mana: the memory of a queue
 *
 * Its pages may be anywhere. What reads or writes may begin and end anywhere,
 * and goes on at the start behind the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "mana.h"

static bool walk(Mana *s, const ManaRing *r, uint32_t at, uint8_t *p,
                 uint32_t len, DMADirection way)
{
    while (len) {
        uint32_t off = at & (r->size - 1);
        uint32_t part = MIN(len, MANA_PAGE - off % MANA_PAGE);

        if (pci_dma_rw(&s->parent, r->page[off / MANA_PAGE] + off % MANA_PAGE,
                       p, part, way, MANA_DMA) != MEMTX_OK) {
            return false;
        }
        at += part;
        p += part;
        len -= part;
    }
    return true;
}

bool mana_ring_read(Mana *s, const ManaRing *r, uint32_t at, void *to,
                    uint32_t len)
{
    return walk(s, r, at, to, len, DMA_DIRECTION_TO_DEVICE);
}

bool mana_ring_write(Mana *s, const ManaRing *r, uint32_t at,
                     const void *from, uint32_t len)
{
    return walk(s, r, at, (uint8_t *)from, len, DMA_DIRECTION_FROM_DEVICE);
}
