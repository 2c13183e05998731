/*
 * mana: protection domains
 *
 * A device that registers is given one, in which its queues have to be. More of
 * them are kept and counted: there is nothing that could be put into them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana.h"

#define DESTROY_HANDLE          40

#define DOMAINS                 32
/* Ids of the devices' own are below; what a handle is belongs to its device. */
#define DOMAIN_ID(type, n)      (0x100u * (type) + (n))

uint32_t mana_domain_create(Mana *s, ManaCommand *c)
{
    uint32_t n = ctz32(~s->domains[c->type]);

    if (n >= DOMAINS) {
        return STATUS_REFUSED;
    }
    s->domains[c->type] |= 1u << n;
    stq_le_p(c->out + 32, DOMAIN_ID(c->type, n));
    stl_le_p(c->out + 40, DOMAIN_ID(c->type, n));
    return STATUS_OK;
}

uint32_t mana_domain_destroy(Mana *s, ManaCommand *c)
{
    uint64_t n = ldq_le_p(c->in + DESTROY_HANDLE) - DOMAIN_ID(c->type, 0);

    if (n >= DOMAINS || !(s->domains[c->type] & 1u << n)) {
        return STATUS_REFUSED;
    }
    s->domains[c->type] &= ~(1u << n);
    return STATUS_OK;
}
