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

/* Where the layers of a frame begin; l4 is 0 if there is no TCP or UDP. */
typedef struct Layers {
    uint32_t l3, l4, end;
    uint8_t proto;
    bool v6;
} Layers;

static Layers find_layers(const uint8_t *f, uint32_t len)
{
    Layers l = { .l3 = 14 };
    uint16_t type = lduw_be_p(f + 12);

    if (type == ETH_P_VLAN && len >= 18) {
        l.l3 = 18;
        type = lduw_be_p(f + 16);
    }
    if (type == ETH_P_IP && len >= l.l3 + 20) {
        uint32_t ihl = (f[l.l3] & 0xf) * 4;

        l.proto = f[l.l3 + 9];
        l.end = l.l3 + lduw_be_p(f + l.l3 + 2);
        /* a fragment has no checksum of its own */
        if (ihl >= 20 && !(lduw_be_p(f + l.l3 + 6) & 0x3fff)) {
            l.l4 = l.l3 + ihl;
        }
    } else if (type == ETH_P_IPV6 && len >= l.l3 + 40) {
        l.v6 = true;
        l.proto = f[l.l3 + 6];
        l.l4 = l.l3 + 40;
        l.end = l.l4 + lduw_be_p(f + l.l3 + 4);
    }
    if ((l.proto != IP_PROTO_TCP && l.proto != IP_PROTO_UDP) ||
        l.l4 + (l.proto == IP_PROTO_TCP ? 20 : 8) > len) {
        l.l4 = 0;
    }
    return l;
}

static uint32_t sum_pseudo(const uint8_t *f, const Layers *l, uint32_t l4_len)
{
    uint32_t addrs = l->v6 ? l->l3 + 8 : l->l3 + 12;

    return net_checksum_add(l->v6 ? 32 : 8, (uint8_t *)f + addrs) +
           l->proto + l4_len;
}

static uint32_t csum_field(const Layers *l)
{
    return l->l4 + (l->proto == IP_PROTO_TCP ? 16 : 6);
}

static void fill_l4(uint8_t *f, const Layers *l, uint32_t end)
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

static void fill_ip(uint8_t *f, const Layers *l)
{
    uint32_t len = (f[l->l3] & 0xf) * 4;

    stw_be_p(f + l->l3 + 10, 0);
    stw_be_p(f + l->l3 + 10,
             net_checksum_finish(net_checksum_add(len, f + l->l3)));
}

/* What a NIC tells of a received frame. */
uint32_t netvsp_verify(const uint8_t *f, uint32_t len)
{
    Layers l = find_layers(f, len);
    uint32_t sum, l4_len;

    if (!l.l4 || l.end > len || l.end < l.l4 ||
        (l.proto == IP_PROTO_UDP && !lduw_be_p(f + csum_field(&l)))) {
        return 0;
    }
    l4_len = l.end - l.l4;
    sum = net_checksum_finish(sum_pseudo(f, &l, l4_len) +
                              net_checksum_add(l4_len, (uint8_t *)f + l.l4));
    if (l.proto == IP_PROTO_TCP) {
        return sum ? CSUM_RX_TCP_BAD : CSUM_RX_TCP_OK;
    }
    return sum ? CSUM_RX_UDP_BAD : CSUM_RX_UDP_OK;
}

static void send_segment(HvNetvsp *s, uint8_t *seg, uint32_t head,
                         uint32_t part, const Layers *l, uint32_t index,
                         uint32_t sent, bool last)
{
    uint32_t end = head + part;

    if (l->v6) {
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
                    const Layers *l, uint32_t lso)
{
    uint32_t mss = lso & 0xfffff, head, sent, index = 0;
    g_autofree uint8_t *seg = NULL;

    if (!l->l4 || l->proto != IP_PROTO_TCP || !mss ||
        l->v6 != !!(lso & 1u << 31)) {
        return false;
    }
    head = l->l4 + (f[l->l4 + 12] >> 4) * 4;
    if (head > len || head + mss > NETVSP_MTU_MAX + 4) {
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
    Layers l = find_layers(f, len);

    if (off->has_lso) {
        return segment(s, f, len, &l, off->lso);
    }
    if (off->has_csum && off->csum & l4) {
        /* The sender pads short frames: the IP header knows the end. */
        if (!l.l4 || l.end > len || l.end < l.l4 ||
            l.proto != (off->csum & CSUM_TX_TCP ? IP_PROTO_TCP :
                                                  IP_PROTO_UDP)) {
            return false;
        }
        fill_l4(f, &l, l.end);
    }
    if (off->has_csum && off->csum & CSUM_TX_IP_HDR && !l.v6 && l.l4) {
        fill_ip(f, &l);
    }
    netvsp_from_guest(s, f, len);
    return true;
}
