/*
 * hv-netvsp: NVSP message 107 from the guest
 *
 * Its RNDIS messages are one string of bytes: what lies in a section of the
 * send buffer, and then the GPA ranges of the packet, in order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "system/dma.h"
#include "hv-netvsp.h"

#define PAGE_SIZE_HV            4096
#define PAGE_SHIFT_HV           12

typedef struct Gathered {
    uint8_t *buf;
    uint32_t len;
    uint32_t first;             /* bytes in the section or the first range */
    const char *why;            /* set: a protocol error */
} Gathered;

static void gather_section(HvNetvsp *s, const VMBusPacket *pkt, Gathered *g)
{
    VMBusChannel *chan = vmbus_device_channel(&s->parent, 0);
    uint32_t section = ldl_le_p(pkt->payload + 8);
    uint32_t used = ldl_le_p(pkt->payload + 12);
    struct iovec iov = { g->buf, used };

    if (section == NVSP_NO_SECTION) {
        return;
    }
    if (!s->c.send || section >= s->c.send_sections) {
        g->why = "section outside of the send buffer";
    } else if (!used || used > NETVSP_SEND_SECTION) {
        g->why = "section used beyond its size, or not at all";
    } else if (vmbus_gpadl_to_iov(chan, s->c.send,
                                  section * NETVSP_SEND_SECTION, &iov,
                                  1) != used) {
        g->why = "send buffer not in memory";
    } else {
        g->len = used;
        g->first = used;
    }
}

/* One range at @p of @left bytes. Return: bytes of descriptor, 0 if bad. */
static uint32_t gather_range(HvNetvsp *s, const uint8_t *p, uint32_t left,
                             Gathered *g)
{
    uint32_t count, off, pages, i;

    if (left < 8) {
        return 0;
    }
    count = ldl_le_p(p);
    off = ldl_le_p(p + 4);
    if (!count || off >= PAGE_SIZE_HV || count > NETVSP_TX_MAX - g->len) {
        return 0;
    }
    pages = DIV_ROUND_UP(off + count, PAGE_SIZE_HV);
    if (left < 8 + pages * 8) {
        return 0;
    }
    if (!g->first) {
        g->first = count;
    }
    for (i = 0; i < pages; i++) {
        uint64_t pfn = ldq_le_p(p + 8 + i * 8);
        uint32_t part = MIN(count, PAGE_SIZE_HV - off);

        if (dma_memory_read(s->parent.dma_as, (pfn << PAGE_SHIFT_HV) + off,
                            g->buf + g->len, part, MEMTXATTRS_UNSPECIFIED)) {
            return 0;
        }
        g->len += part;
        count -= part;
        off = 0;
    }
    return 8 + pages * 8;
}

static void gather_ranges(HvNetvsp *s, const VMBusPacket *pkt, Gathered *g)
{
    uint32_t ranges, done, left;
    const uint8_t *p;

    if (pkt->type != PKT_GPA_DIRECT) {
        return;
    }
    if (pkt->desc_len < 8 || !ldl_le_p(pkt->desc + 4)) {
        g->why = "GPA-direct packet without a range";
        return;
    }
    ranges = ldl_le_p(pkt->desc + 4);
    p = pkt->desc + 8;
    left = pkt->desc_len - 8;
    while (ranges--) {
        done = gather_range(s, p, left, g);
        if (!done) {
            g->why = "bad GPA range";
            return;
        }
        p += done;
        left -= done;
    }
}

/* Return: false if the element is bad. */
static bool read_ppi(const uint8_t *ppi, uint32_t len, NetvspOffload *off,
                     uint32_t *vlan)
{
    while (len) {
        uint32_t size, type, data;

        if (len < 12) {
            return false;
        }
        size = ldl_le_p(ppi);
        type = ldl_le_p(ppi + 4);
        data = ldl_le_p(ppi + 8);
        if (size < PPI_LEN || size > len || size % 4 || data != 12) {
            return false;
        }
        if (type == PPI_CSUM) {
            off->has_csum = true;
            off->csum = ldl_le_p(ppi + 12);
        } else if (type == PPI_LSO) {
            off->has_lso = true;
            off->lso = ldl_le_p(ppi + 12);
        } else if (type == PPI_VLAN) {
            *vlan = 1u << 31 | ldl_le_p(ppi + 12);
        }
        ppi += size;
        len -= size;
    }
    return true;
}

/* Put the tag that came beside the frame into it; the room is there. */
static uint8_t *insert_tag(uint8_t *frame, uint32_t vlan)
{
    uint8_t *tagged = frame - 4;

    memmove(tagged, frame, 12);
    stw_be_p(tagged + 12, 0x8100);
    stw_be_p(tagged + 14, (vlan & 7) << 13 | (vlan >> 3 & 1) << 12 |
                          (vlan >> 4 & 0xfff));
    return tagged;
}

/* Return: NULL, or what is wrong with the message. */
static const char *send_frame(HvNetvsp *s, uint8_t *msg, uint32_t len,
                              uint32_t first)
{
    uint32_t data_off = ldl_le_p(msg + 8), data_len = ldl_le_p(msg + 12);
    uint32_t ppi_off = ldl_le_p(msg + 28), ppi_len = ldl_le_p(msg + 32);
    uint32_t body = len - RNDIS_HDR;
    NetvspOffload off = {};
    uint32_t vlan = 0;
    uint8_t *frame;

    if (data_off < RNDIS_PACKET_HDR - RNDIS_HDR || data_off > body ||
        data_len > body - data_off || data_len < 14) {
        return "frame outside of its message";
    }
    if (ppi_len && (ppi_off < RNDIS_PACKET_HDR - RNDIS_HDR ||
                    ppi_off > body || ppi_len > body - ppi_off ||
                    ppi_off + ppi_len > data_off)) {
        return "per-packet info outside of its message";
    }
    if (ldl_le_p(msg + 20) || ldl_le_p(msg + 24) || ldl_le_p(msg + 36)) {
        return "out-of-band data or a virtual circuit";
    }
    if (first < RNDIS_HDR + (ppi_len ? ppi_off + ppi_len :
                             RNDIS_PACKET_HDR - RNDIS_HDR)) {
        return "RNDIS header split over ranges";
    }
    if (!read_ppi(msg + RNDIS_HDR + ppi_off, ppi_len, &off, &vlan)) {
        return "bad per-packet info";
    }

    frame = msg + RNDIS_HDR + data_off;
    if (!off.has_lso && data_len > s->c.mtu) {
        return "frame larger than the MTU";
    }
    if (vlan) {
        frame = insert_tag(frame, vlan);
        data_len += 4;
        off.moved = 4;
    }
    return netvsp_finish_frame(s, frame, data_len, &off) ? NULL :
           "offload that does not fit the frame";
}

/* Is there one message too many in a packet, or does it begin anywhere? */
static const char *out_of_place(HvNetvsp *s, uint32_t pos, uint32_t count)
{
    if (count > MAX(s->c.tx_batch, 1)) {
        return "more messages in a packet than it takes";
    }
    if (s->c.tx_align < 16 && pos % (1u << s->c.tx_align)) {
        return "message that is not aligned";
    }
    return NULL;
}

/* Return: whether all was good, for the status of the completion. */
static bool data_messages(HvNetvsp *s, uint16_t channel, Gathered *g)
{
    uint32_t pos = 0, count = 0;

    s->ch[channel].tx_packets++;
    while (pos < g->len) {
        uint8_t *msg = g->buf + pos;
        uint32_t left = g->len - pos, len;
        const char *why = out_of_place(s, pos, ++count);

        if (why) {
            netvsp_error(s, why, msg, MIN(left, 64));
            return false;
        }
        len = left >= RNDIS_PACKET_HDR ? ldl_le_p(msg + 4) : 0;
        if (len < RNDIS_PACKET_HDR || len > left ||
            ldl_le_p(msg) != RNDIS_PACKET) {
            netvsp_error(s, "bad RNDIS data message", msg, MIN(left, 64));
            return false;
        }
        why = send_frame(s, msg, len, MAX(g->first, pos) - pos);
        if (why) {
            netvsp_error(s, why, msg, MIN(len, 128));
            return false;
        }
        pos += len;
        s->ch[channel].from_guest++;
    }
    return true;
}

/* Return: the status of the completion. */
static bool tx_messages(HvNetvsp *s, uint16_t channel, bool control,
                        Gathered *g)
{
    if (control && channel) {
        netvsp_error(s, "RNDIS control message on a sub-channel", g->buf,
                     MIN(g->len, 64));
        return false;
    }
    if (control) {
        return netvsp_rndis_control(s, g->buf, g->len);
    }
    if (!s->c.rndis) {
        netvsp_error(s, "frame before RNDIS INIT", g->buf, MIN(g->len, 64));
        return false;
    }
    if (s->ch[channel].loses) {
        s->lost++;
        return true;
    }
    return data_messages(s, channel, g);
}

void netvsp_tx(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt)
{
    g_autofree uint8_t *buf = g_malloc(NETVSP_TX_MAX);
    Gathered g = { .buf = buf };
    uint8_t msg[8] = {};
    bool ok;

    gather_section(s, pkt, &g);
    if (!g.why) {
        gather_ranges(s, pkt, &g);
    }
    if (!g.why && !g.len) {
        g.why = "107 without a message";
    }
    if (g.why) {
        netvsp_dead(s, channel, g.why, pkt->desc,
                    pkt->desc_len + pkt->payload_len);
        return;
    }

    ok = tx_messages(s, channel,
                     ldl_le_p(pkt->payload + 4) == NVSP_CONTROL, &g);
    stl_le_p(msg, NVSP_RNDIS_C);
    stl_le_p(msg + 4, ok ? NVSP_OK : NVSP_FAILED);
    netvsp_complete(s, channel, "RNDIS_PKT_COMPLETE", pkt->tid, msg,
                    sizeof(msg));
}
