/*
 * mana: what the driver can be told of the traffic
 *
 * The counters are those of the function, not of a port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/eth.h"
#include "mana.h"

#define STATS_ANSWER            32
#define STATS_FIRST             40
#define STATS_KNOWN             0x7ffffffu

void mana_count(ManaTraffic *t, const uint8_t *f, uint32_t len)
{
    int kind = is_broadcast_ether_addr(f) ? 1 :
               is_multicast_ether_addr(f) ? 2 : 0;

    t->bytes += len;
    t->packets[kind]++;
    t->part[kind] += len;
}

static uint8_t *put(uint8_t *p, uint64_t value)
{
    stq_le_p(p, value);
    return p + 8;
}

static uint8_t *put_traffic(uint8_t *p, const ManaTraffic *t)
{
    int i;

    p = put(p, t->bytes);
    for (i = 0; i < 3; i++) {
        p = put(p, t->packets[i]);
        p = put(p, t->part[i]);
    }
    return p;
}

/* In the order of Linux's driver; what we never have is 0. */
uint32_t mana_stats_query(Mana *s, ManaCommand *c)
{
    const ManaStats *st = &s->stats;
    uint8_t *p = c->out + STATS_FIRST;

    stq_le_p(c->out + STATS_ANSWER, STATS_KNOWN);
    p = put(p, st->rx_no_buffer);
    p = put(p, st->rx_disabled);
    p = put_traffic(p, &st->rx);
    p = put(p, 0);                      /* the function is off */
    p = put(p, st->tx_disabled);
    p = put(p, st->tx_offset);
    p = put(p, 0);                      /* tag */
    p = put(p, 0);                      /* Ethertype */
    p = put(p, 0);                      /* source address */
    p = put(p, 0);                      /* SQ's protection domain */
    p = put(p, 0);                      /* CQ's */
    p = put(p, st->tx_mtu);
    p = put(p, st->tx_oob);
    p = put_traffic(p, &st->tx);
    put(p, st->tx_gdma);
    return STATUS_OK;
}
