/*
 * mana: which queue a received frame goes to
 *
 * Toeplitz over the addresses, and over the ports of TCP and UDP, with the key
 * and the table that the driver gave. What has no hash goes to the default
 * queue, and so does everything while RSS is off.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/checksum.h"
#include "net/eth.h"
#include "mana.h"

static uint32_t hash_type(const ManaPort *port, const ManaLayers *l)
{
    bool v6 = l->ip == 6;
    uint32_t l3 = v6 ? HASH_IPV6 : HASH_IPV4, l4 = 0;

    if (!l->ip) {
        return 0;
    }
    if (l->l4 && l->proto == IP_PROTO_TCP) {
        l4 = v6 ? HASH_TCP_IPV6 : HASH_TCP_IPV4;
    } else if (l->l4) {
        l4 = v6 ? HASH_UDP_IPV6 : HASH_UDP_IPV4;
    }
    return l4 & port->hashes ?: l3 & port->hashes;
}

static uint32_t toeplitz(const ManaPort *port, const uint8_t *f,
                         const ManaLayers *l, uint32_t type)
{
    uint32_t addrs = l->ip == 6 ? 32 : 8, len = addrs, hash = 0;
    net_toeplitz_key key;
    uint8_t in[36];

    memcpy(in, f + l->l3 + (l->ip == 6 ? 8 : 12), addrs);
    if (type & ~(HASH_IPV4 | HASH_IPV6)) {
        memcpy(in + addrs, f + l->l4, 4);
        len += 4;
    }
    net_toeplitz_key_init(&key, (uint8_t *)port->key);
    net_toeplitz_add(&hash, in, len, &key);
    return hash;
}

/* Return: the id of a queue; 0: its entry of the table is void. */
uint32_t mana_rss_queue(const ManaPort *port, const uint8_t *f,
                        const ManaLayers *l, uint32_t *type, uint32_t *hash)
{
    *type = port->rss ? hash_type(port, l) : 0;
    *hash = 0;
    if (!*type) {
        return port->first;
    }
    *hash = toeplitz(port, f, l, *type);
    return port->table[*hash % RSS_TABLE];
}
