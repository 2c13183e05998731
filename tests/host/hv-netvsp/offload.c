/*
 * hv-netvsp: checksums and segmentation
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/checksum.h"
#include "net/eth.h"
#include "hv-netvsp.h"

#define TCP_FIN                 0x01
#define TCP_PSH                 0x08
#define TCP_CWR                 0x80

static uint32_t sum_pseudo(const uint8_t *f, const NetvspLayers *l,
                           uint32_t l4_len)
{
    uint32_t addrs = (l->ip == 6) ? l->l3 + 8 : l->l3 + 12;

    return net_checksum_add((l->ip == 6) ? 32 : 8, (uint8_t *)f + addrs) +
           l->proto + l4_len;
}

static uint32_t csum_field(const NetvspLayers *l)
{
    return l->l4 + (l->proto == IP_PROTO_TCP ? 16 : 6);
}

static void fill_l4(uint8_t *f, const NetvspLayers *l, uint32_t end)
{
    uint32_t len = end - l->l4;
    uint16_t sum;

    stw_be_p(f + csum_field(l), 0);
    sum = net_checksum_finish(sum_pseudo(f, l, len) +
                              net_checksum_add(len, f + l->l4));
    if (l->proto == IP_PROTO_UDP && !sum) {
        sum = 0xffff;
    }
    stw_be_p(f + csum_field(l), sum);
}

static void fill_ip(uint8_t *f, const NetvspLayers *l)
{
    uint32_t len = (f[l->l3] & 0xf) * 4;

    stw_be_p(f + l->l3 + 10, 0);
    stw_be_p(f + l->l3 + 10,
             net_checksum_finish(net_checksum_add(len, f + l->l3)));
}

/* 0: not IPv4, or cut short */
static uint32_t verify_ip(const uint8_t *f, const NetvspLayers *l,
                          uint32_t len)
{
    uint32_t ihl = (f[l->l3] & 0xf) * 4;

    if (l->ip != 4 || ihl < 20 || l->l3 + ihl > len) {
        return 0;
    }
    return net_checksum_finish(net_checksum_add(ihl, (uint8_t *)f + l->l3)) ?
           CSUM_RX_IP_BAD : CSUM_RX_IP_OK;
}

/* What a NIC tells of a received frame. */
uint32_t netvsp_verify(const uint8_t *f, uint32_t len)
{
    NetvspLayers l = netvsp_layers(f, len);
    uint32_t ip = verify_ip(f, &l, len);
    uint32_t sum, l4_len;

    if (!l.l4 || l.end > len || l.end < l.l4 ||
        (l.proto == IP_PROTO_UDP && !lduw_be_p(f + csum_field(&l)))) {
        return ip;
    }
    l4_len = l.end - l.l4;
    sum = net_checksum_finish(sum_pseudo(f, &l, l4_len) +
                              net_checksum_add(l4_len, (uint8_t *)f + l.l4));
    if (l.proto == IP_PROTO_TCP) {
        return ip | (sum ? CSUM_RX_TCP_BAD : CSUM_RX_TCP_OK);
    }
    return ip | (sum ? CSUM_RX_UDP_BAD : CSUM_RX_UDP_OK);
}

/* The segments were good; what the header of the first one says is not. */
uint32_t netvsp_coalesced(const uint8_t *f, uint32_t len)
{
    return CSUM_RX_TCP_OK | CSUM_RX_TCP_STALE |
           (netvsp_layers(f, len).ip == 4 ? CSUM_RX_IP_OK | CSUM_RX_IP_STALE :
                                            0);
}

static void send_segment(HvNetvsp *s, uint8_t *seg, uint32_t head,
                         uint32_t part, const NetvspLayers *l, uint32_t index,
                         uint32_t sent, bool last)
{
    uint32_t end = head + part;

    if ((l->ip == 6)) {
        stw_be_p(seg + l->l3 + 4, end - l->l4);
    } else {
        stw_be_p(seg + l->l3 + 2, end - l->l3);
        stw_be_p(seg + l->l3 + 4, lduw_be_p(seg + l->l3 + 4) + index);
        fill_ip(seg, l);
    }
    stl_be_p(seg + l->l4 + 4, ldl_be_p(seg + l->l4 + 4) + sent);
    if (!last) {
        seg[l->l4 + 13] &= ~(TCP_FIN | TCP_PSH);
    }
    if (index) {
        seg[l->l4 + 13] &= ~TCP_CWR;
    }
    fill_l4(seg, l, end);
    netvsp_from_guest(s, seg, end);
}

static bool segment(HvNetvsp *s, const uint8_t *f, uint32_t len,
                    const NetvspLayers *l, const NetvspOffload *off)
{
    uint32_t mss = LSO_MSS(off->lso), head, sent, index = 0;
    g_autofree uint8_t *seg = NULL;

    if (!l->l4 || l->proto != IP_PROTO_TCP || !mss ||
        !(off->lso & LSO_V2) || (l->ip == 6) != !!(off->lso & LSO_IPV6) ||
        LSO_L4_OFF(off->lso) + off->moved != l->l4) {
        return false;
    }
    head = l->l4 + (f[l->l4 + 12] >> 4) * 4;
    if (head < l->l4 + NETVSP_TCP_HDR || head >= len ||
        len - head > NETVSP_LSO_MAX || head - off->moved + mss > s->c.mtu) {
        return false;
    }
    seg = g_malloc(head + mss);
    for (sent = 0; sent < len - head; sent += mss) {
        uint32_t part = MIN(mss, len - head - sent);

        memcpy(seg, f, head);
        memcpy(seg + head, f + head + sent, part);
        send_segment(s, seg, head, part, l, index++, sent,
                     sent + part == len - head);
    }
    return true;
}

/* Return: false if the guest asked for what the frame does not allow. */
bool netvsp_finish_frame(HvNetvsp *s, uint8_t *f, uint32_t len,
                         const NetvspOffload *off)
{
    const uint32_t l4 = CSUM_TX_TCP | CSUM_TX_UDP;
    NetvspLayers l = netvsp_layers(f, len);

    if (off->has_lso) {
        return segment(s, f, len, &l, off);
    }
    if (off->has_csum && off->csum & l4) {
        /* The sender pads short frames: the IP header knows the end. */
        if (!l.l4 || l.end > len || l.end < l.l4 ||
            CSUM_TX_L4_OFF(off->csum) + off->moved != l.l4 ||
            l.proto != (off->csum & CSUM_TX_TCP ? IP_PROTO_TCP :
                                                  IP_PROTO_UDP)) {
            return false;
        }
        fill_l4(f, &l, l.end);
    }
    if (off->has_csum && off->csum & CSUM_TX_IP_HDR && l.ip == 4 && l.l4) {
        fill_ip(f, &l);
    }
    netvsp_from_guest(s, f, len);
    return true;
}
