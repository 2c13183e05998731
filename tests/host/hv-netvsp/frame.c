/*
 * hv-netvsp: where the layers of a frame begin
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/eth.h"
#include "hv-netvsp.h"

static void find_ipv4(const uint8_t *f, uint32_t len, NetvspLayers *l)
{
    uint32_t ihl = (f[l->l3] & 0xf) * 4;

    l->ip = 4;
    l->proto = f[l->l3 + 9];
    l->end = l->l3 + lduw_be_p(f + l->l3 + 2);
    l->fragment = lduw_be_p(f + l->l3 + 6) & 0x3fff;
    if (ihl >= 20 && l->l3 + ihl <= len) {
        l->l4 = l->l3 + ihl;
    }
}

static void find_ipv6(const uint8_t *f, NetvspLayers *l)
{
    l->ip = 6;
    l->proto = f[l->l3 + 6];
    l->l4 = l->l3 + 40;
    l->end = l->l4 + lduw_be_p(f + l->l3 + 4);
}

/* @len: at least an Ethernet header. */
NetvspLayers netvsp_layers(const uint8_t *f, uint32_t len)
{
    NetvspLayers l = { .l3 = 14 };
    uint16_t type = lduw_be_p(f + 12);

    if (type == ETH_P_VLAN && len >= 18) {
        l.l3 = 18;
        type = lduw_be_p(f + 16);
    }
    if (type == ETH_P_IP && len >= l.l3 + 20 && f[l.l3] >> 4 == 4) {
        find_ipv4(f, len, &l);
    } else if (type == ETH_P_IPV6 && len >= l.l3 + 40) {
        find_ipv6(f, &l);
    }
    if ((l.proto != IP_PROTO_TCP && l.proto != IP_PROTO_UDP) || l.fragment ||
        l.l4 + (l.proto == IP_PROTO_TCP ? NETVSP_TCP_HDR : 8) > len) {
        l.l4 = 0;
    }
    return l;
}
