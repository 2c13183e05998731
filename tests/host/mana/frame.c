/*
 * mana: where the layers of a frame begin
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/eth.h"
#include "mana.h"

static void find_ipv4(const uint8_t *ip, uint32_t room, ManaLayers *l)
{
    uint32_t ihl = (ip[0] & 0xf) * 4;

    l->ip = 4;
    l->proto = ip[9];
    l->fragment = lduw_be_p(ip + 6) & 0x3fff;
    l->end = l->l3 + lduw_be_p(ip + 2);
    l->l4 = ihl >= 20 && ihl <= room ? l->l3 + ihl : 0;
}

/* One with extension headers has no transport that we look at. */
static void find_ipv6(const uint8_t *ip, ManaLayers *l)
{
    l->ip = 6;
    l->proto = ip[6];
    l->l4 = l->l3 + 40;
    l->end = l->l4 + lduw_be_p(ip + 4);
}

/* @len: at least an Ethernet header. */
ManaLayers mana_layers(const uint8_t *f, uint32_t len)
{
    ManaLayers l = { .l3 = ETH_HLEN };
    uint16_t type = lduw_be_p(f + 12);
    uint32_t min;

    if (type == ETH_P_VLAN && len >= ETH_HLEN + 4) {
        l.l3 += 4;
        type = lduw_be_p(f + 16);
    }
    if (type == ETH_P_IP && len >= l.l3 + 20 && f[l.l3] >> 4 == 4) {
        find_ipv4(f + l.l3, len - l.l3, &l);
    } else if (type == ETH_P_IPV6 && len >= l.l3 + 40) {
        find_ipv6(f + l.l3, &l);
    }
    min = l.proto == IP_PROTO_TCP ? 20 : l.proto == IP_PROTO_UDP ? 8 : 0;
    if (!min || l.fragment || l.l4 + min > len) {
        l.l4 = 0;
    }
    return l;
}
