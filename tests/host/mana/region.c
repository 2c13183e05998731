/*
 * mana: DMA regions - lists of pages that queues are made of
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana.h"

#define REGION_LENGTH           40
#define REGION_OFFSET           48
#define REGION_TYPE             52
#define REGION_PAGES            56
#define REGION_LISTED           60
#define REGION_LIST             64

#define ADD_HANDLE              40
#define ADD_LISTED              48
#define ADD_LIST                56

static ManaRegion **slot_of(Mana *s, uint64_t handle)
{
    return &s->region[handle % MANA_REGIONS];
}

ManaRegion *mana_region_find(Mana *s, uint64_t handle)
{
    ManaRegion *r = *slot_of(s, handle);

    return r && r->handle == handle ? r : NULL;
}

/* Take it off the list; its pages are the caller's. */
ManaRing mana_region_take(Mana *s, ManaRegion *r)
{
    ManaRing ring = { .page = r->page, .size = r->length };

    *slot_of(s, r->handle) = NULL;
    s->region_pages -= r->pages;
    g_free(r);
    return ring;
}

static void drop(Mana *s, ManaRegion *r)
{
    g_free(mana_region_take(s, r).page);
}

/* A queue of @size bytes can be made of it. */
bool mana_region_fits(const ManaRegion *r, uint32_t size)
{
    return r && r->known == r->pages && !r->offset && r->length == size &&
           size >= MANA_PAGE && is_power_of_2(size);
}

static bool add_pages(ManaRegion *r, const uint8_t *list, uint32_t listed,
                      uint32_t room)
{
    uint32_t i;

    if (!listed || listed > room / 8 || listed > r->pages - r->known) {
        return false;
    }
    for (i = 0; i < listed; i++) {
        uint64_t addr = ldq_le_p(list + 8 * i);

        if (addr % MANA_PAGE) {
            return false;
        }
        r->page[r->known + i] = addr;
    }
    r->known += listed;
    return true;
}

static bool allowed(Mana *s, uint64_t length, uint32_t offset, uint32_t pages)
{
    return length && length <= (uint64_t)MANA_REGION_PAGES * MANA_PAGE &&
           offset < MANA_PAGE && pages <= MANA_REGION_PAGES &&
           pages == DIV_ROUND_UP(offset + length, MANA_PAGE) &&
           s->region_pages + pages <= MANA_REGIONS_PAGES;
}

/* Handles are not used again, so that an old one is not taken for a new one. */
static ManaRegion *make(Mana *s, uint32_t pages)
{
    ManaRegion *r;
    uint32_t i;

    for (i = 0; i < MANA_REGIONS; i++) {
        uint64_t handle = ++s->region_count;

        if (handle % MANA_REGIONS && !*slot_of(s, handle)) {
            r = g_new0(ManaRegion, 1);
            r->handle = handle;
            r->pages = pages;
            r->page = g_new0(uint64_t, pages);
            *slot_of(s, handle) = r;
            s->region_pages += pages;
            return r;
        }
    }
    return NULL;
}

uint32_t mana_region_create(Mana *s, ManaCommand *c)
{
    uint64_t length = ldq_le_p(c->in + REGION_LENGTH);
    uint32_t offset = ldl_le_p(c->in + REGION_OFFSET);
    uint32_t pages = ldl_le_p(c->in + REGION_PAGES);
    ManaRegion *r;

    if (ldl_le_p(c->in + REGION_TYPE) || !allowed(s, length, offset, pages)) {
        return STATUS_REFUSED;
    }
    r = make(s, pages);
    if (!r) {
        return STATUS_REFUSED;
    }
    r->length = length;
    r->offset = offset;
    if (!add_pages(r, c->in + REGION_LIST, ldl_le_p(c->in + REGION_LISTED),
                   c->in_len - REGION_LIST)) {
        drop(s, r);
        return STATUS_REFUSED;
    }
    stq_le_p(c->out + ANSWER_HDR, r->handle);
    return r->known < r->pages ? STATUS_MORE : STATUS_OK;
}

uint32_t mana_region_add(Mana *s, ManaCommand *c)
{
    ManaRegion *r = mana_region_find(s, ldq_le_p(c->in + ADD_HANDLE));

    if (!r || !add_pages(r, c->in + ADD_LIST, ldl_le_p(c->in + ADD_LISTED),
                         c->in_len - ADD_LIST)) {
        return STATUS_REFUSED;
    }
    return r->known < r->pages ? STATUS_MORE : STATUS_OK;
}

uint32_t mana_region_destroy(Mana *s, ManaCommand *c)
{
    ManaRegion *r = mana_region_find(s, ldq_le_p(c->in + ADD_HANDLE));

    if (!r) {
        return STATUS_REFUSED;
    }
    drop(s, r);
    return STATUS_OK;
}

void mana_regions_clear(Mana *s)
{
    uint32_t i;

    for (i = 0; i < MANA_REGIONS; i++) {
        if (s->region[i]) {
            drop(s, s->region[i]);
        }
    }
}
