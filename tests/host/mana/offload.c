/*
 * mana: checksums and segmentation
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/checksum.h"
#include "net/eth.h"
#include "mana.h"

#define TCP_FIN                 0x01
#define TCP_PSH                 0x08
#define TCP_CWR                 0x80
#define TCP_SEQ                 4
#define TCP_LEN(f, l4)          (((f)[(l4) + 12] >> 4) * 4u)
#define TCP_FLAGS               13

static uint32_t l4_sum(const uint8_t *f, const ManaLayers *l, uint32_t end)
{
    uint32_t addrs = l->ip == 6 ? l->l3 + 8 : l->l3 + 12;
    uint32_t len = end - l->l4;

    return net_checksum_add(l->ip == 6 ? 32 : 8, (uint8_t *)f + addrs) +
           l->proto + len + net_checksum_add(len, (uint8_t *)f + l->l4);
}

static uint8_t *l4_field(uint8_t *f, const ManaLayers *l)
{
    return f + l->l4 + (l->proto == IP_PROTO_TCP ? 16 : 6);
}

static void fill_l4(uint8_t *f, const ManaLayers *l, uint32_t end)
{
    uint8_t *field = l4_field(f, l);
    uint16_t sum;

    stw_be_p(field, 0);
    sum = net_checksum_finish(l4_sum(f, l, end));
    stw_be_p(field, l->proto == IP_PROTO_UDP && !sum ? 0xffff : sum);
}

static void fill_ip(uint8_t *f, const ManaLayers *l)
{
    stw_be_p(f + l->l3 + 10, 0);
    stw_be_p(f + l->l3 + 10, net_raw_checksum(f + l->l3, l->l4 - l->l3));
}

static void finish_segment(uint8_t *seg, const ManaLayers *l, uint32_t end,
                           uint32_t index, uint32_t sent, bool last)
{
    uint8_t *tcp = seg + l->l4;

    if (l->ip == 6) {
        stw_be_p(seg + l->l3 + 4, end - l->l4);
    } else {
        stw_be_p(seg + l->l3 + 2, end - l->l3);
        stw_be_p(seg + l->l3 + 4, lduw_be_p(seg + l->l3 + 4) + index);
        fill_ip(seg, l);
    }
    stl_be_p(tcp + TCP_SEQ, ldl_be_p(tcp + TCP_SEQ) + sent);
    if (!last) {
        tcp[TCP_FLAGS] &= ~(TCP_FIN | TCP_PSH);
    }
    if (index) {
        tcp[TCP_FLAGS] &= ~TCP_CWR;
    }
    fill_l4(seg, l, end);
}

static bool segment(const uint8_t *f, uint32_t len, const ManaLayers *l,
                    const ManaOffload *off, ManaEmit *emit, void *opaque)
{
    uint32_t head = off->head, sent, index = 0;
    g_autofree uint8_t *buf = NULL;
    uint8_t *seg;

    if (!l->l4 || l->proto != IP_PROTO_TCP || l->ip != off->ip ||
        l->l4 != off->l4 || TCP_LEN(f, l->l4) < 20 ||
        head != l->l4 + TCP_LEN(f, l->l4) || head >= len || !off->mss ||
        (len - head) / off->mss >= MANA_LSO_SEGMENTS) {
        return false;
    }
    buf = g_malloc(MANA_ROOM + head + off->mss);
    seg = buf + MANA_ROOM;
    for (sent = 0; sent < len - head; sent += off->mss) {
        uint32_t part = MIN(off->mss, len - head - sent);

        memcpy(seg, f, head);
        memcpy(seg + head, f + head + sent, part);
        finish_segment(seg, l, head + part, index++, sent,
                       sent + part == len - head);
        emit(opaque, seg, head + part);
    }
    return true;
}

/*
 * Finish a frame as it is asked for, and let it go. An offset of 0 is that of
 * UDP, whose header the device has to find. @emit may write MANA_ROOM bytes in
 * front of what it gets, and what is there.
 * Return: false if the driver asked for what the frame does not allow.
 */
bool mana_offload_send(uint8_t *f, uint32_t len, const ManaOffload *off,
                       ManaEmit *emit, void *opaque)
{
    ManaLayers l = mana_layers(f, len);

    if (off->lso) {
        return segment(f, len, &l, off, emit, opaque);
    }
    if (off->tcp || off->udp) {
        /* The sender pads short frames: the IP header knows the end. */
        if (!l.l4 || l.end > len || l.end < l.l4 || l.ip != off->ip ||
            l.proto != (off->tcp ? IP_PROTO_TCP : IP_PROTO_UDP) ||
            (off->l4 && off->l4 != l.l4)) {
            return false;
        }
        fill_l4(f, &l, l.end);
    }
    if (off->ip_csum && l.ip == 4 && l.l4) {
        fill_ip(f, &l);
    }
    emit(opaque, f, len);
    return true;
}

static uint32_t verify_ip(const uint8_t *f, uint32_t len, const ManaLayers *l)
{
    uint32_t ihl;

    if (l->ip != 4) {
        return l->ip == 6 ? RX_IP_GOOD : 0;
    }
    ihl = (f[l->l3] & 0xf) * 4;
    if (ihl < 20 || l->l3 + ihl > len) {
        return 0;
    }
    return net_raw_checksum((uint8_t *)f + l->l3, ihl) ? RX_IP_BAD :
                                                         RX_IP_GOOD;
}

/* What the completion of a received frame says of its checksums. */
uint32_t mana_offload_verify(const uint8_t *f, uint32_t len,
                             const ManaLayers *l)
{
    uint32_t ip = verify_ip(f, len, l);
    bool bad;

    if (!l->l4 || l->end > len || l->end < l->l4 ||
        (l->proto == IP_PROTO_UDP &&
         !lduw_be_p(l4_field((uint8_t *)f, l)))) {
        return ip;
    }
    bad = net_checksum_finish(l4_sum(f, l, l->end));
    if (l->proto == IP_PROTO_TCP) {
        return ip | (bad ? RX_TCP_BAD : RX_TCP_GOOD);
    }
    return ip | (bad ? RX_UDP_BAD : RX_UDP_GOOD);
}
