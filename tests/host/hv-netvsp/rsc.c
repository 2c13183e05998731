/*
 * hv-netvsp: TCP segments that arrive together become one large frame
 *
 * What waits here is one frame, until the main loop has dealt with the burst
 * that it came in, or until something comes that does not continue it. The
 * order of frames never changes: whatever goes to the guest passes by here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/main-loop.h"
#include "net/eth.h"
#include "hv-netvsp.h"

#define IP_MAX                  65535

/* Bytes of the TCP header that all segments of one frame have alike. */
#define TCP_SEQ                 4
#define TCP_ACK_NO              8
#define TCP_FLAGS               13

#define FLAG_PSH                0x08
#define FLAG_ACK                0x10

static uint32_t payload_at(const uint8_t *f, const NetvspLayers *l)
{
    return l->l4 + (f[l->l4 + 12] >> 4) * 4;
}

/* A segment of data and nothing else, whose checksum is right. */
static bool is_candidate(HvNetvsp *s, const uint8_t *f, uint32_t len,
                         const NetvspLayers *l)
{
    const NetvspRsc *rsc = &s->c.rsc;

    return ((l->ip == 4 && rsc->v4 && l->l4 == l->l3 + 20) ||
            (l->ip == 6 && rsc->v6)) &&
           l->l4 && l->proto == IP_PROTO_TCP && l->end <= len &&
           payload_at(f, l) >= l->l4 + NETVSP_TCP_HDR &&
           payload_at(f, l) < l->end &&
           (f[l->l4 + TCP_FLAGS] & ~FLAG_PSH) == FLAG_ACK &&
           netvsp_verify(f, len) & CSUM_RX_TCP_OK;
}

/* Whether the headers differ only in what differs between segments. */
static bool same_flow(const NetvspRsc *rsc, const uint8_t *f,
                      const NetvspLayers *l)
{
    const NetvspLayers *w = &rsc->layers;
    const uint8_t *g = rsc->frame;
    uint32_t l3 = l->l3, l4 = l->l4, data = payload_at(f, l);

    if (l->ip != w->ip || l3 != w->l3 || l4 != w->l4 || data != rsc->head ||
        memcmp(f, g, l3)) {
        return false;
    }
    if (l->ip == 4) {
        /* not: length, id, checksum */
        if (memcmp(f + l3, g + l3, 2) || memcmp(f + l3 + 6, g + l3 + 6, 4) ||
            memcmp(f + l3 + 12, g + l3 + 12, 8)) {
            return false;
        }
    } else if (memcmp(f + l3, g + l3, 4) ||
               memcmp(f + l3 + 6, g + l3 + 6, 34)) {
        return false;
    }
    /* ports; ACK, offset; window; urgent pointer and options */
    return !memcmp(f + l4, g + l4, TCP_SEQ) &&
           !memcmp(f + l4 + TCP_ACK_NO, g + l4 + TCP_ACK_NO, 5) &&
           !memcmp(f + l4 + 14, g + l4 + 14, 2) &&
           !memcmp(f + l4 + 18, g + l4 + 18, data - l4 - 18);
}

/* Has the guest as many sections as a frame of @len bytes has parts? */
static bool has_room(HvNetvsp *s, uint32_t len)
{
    return DIV_ROUND_UP(len, s->c.mtu) <=
           s->c.sections - NETVSP_CONTROL_SECTIONS;
}

/* Return: true if the segment is now a part of what waits. */
static bool append(HvNetvsp *s, const uint8_t *f, const NetvspLayers *l)
{
    NetvspRsc *rsc = &s->c.rsc;
    uint32_t head = rsc->head, part = l->end - payload_at(f, l);
    uint8_t *g = rsc->frame;
    uint32_t l3 = rsc->layers.l3;

    if (!rsc->len || rsc->ended || !same_flow(rsc, f, l) ||
        ldl_be_p(f + l->l4 + TCP_SEQ) !=
        ldl_be_p(g + l->l4 + TCP_SEQ) + (rsc->len - head) ||
        rsc->len - l3 + part > IP_MAX || !has_room(s, rsc->len + part)) {
        return false;
    }
    memcpy(g + rsc->len, f + head, part);
    rsc->len += part;
    rsc->segments++;
    g[l->l4 + TCP_FLAGS] |= f[l->l4 + TCP_FLAGS];
    rsc->ended = f[l->l4 + TCP_FLAGS] & FLAG_PSH;
    if (l->ip == 4) {
        stw_be_p(g + l3 + 2, rsc->len - l3);
    } else {
        stw_be_p(g + l3 + 4, rsc->len - l->l4);
    }
    return true;
}

static void start(HvNetvsp *s, const uint8_t *f, const NetvspLayers *l)
{
    NetvspRsc *rsc = &s->c.rsc;

    if (!rsc->frame) {
        rsc->frame = g_malloc(NETVSP_RSC_FRAME);
    }
    /* without the padding of short frames */
    memcpy(rsc->frame, f, l->end);
    rsc->len = l->end;
    rsc->layers = *l;
    rsc->head = payload_at(f, l);
    rsc->segments = 1;
    rsc->ended = f[l->l4 + TCP_FLAGS] & FLAG_PSH;
    qemu_bh_schedule(s->burst_bh);
}

/* Return: whether nothing waits any more. */
bool netvsp_rsc_flush(HvNetvsp *s)
{
    NetvspRsc *rsc = &s->c.rsc;

    if (!rsc->len) {
        return true;
    }
    if (!netvsp_rx_frame(s, rsc->frame, rsc->len, rsc->segments)) {
        return false;
    }
    if (rsc->segments > 1) {
        s->rsc_frames++;
        s->rsc_segments += rsc->segments;
    }
    rsc->len = 0;
    return true;
}

/* Return: false if the frame has to wait. */
bool netvsp_rsc_frame(HvNetvsp *s, const uint8_t *f, uint32_t len)
{
    NetvspLayers l = netvsp_layers(f, len);
    bool candidate = is_candidate(s, f, len, &l);

    if (candidate && append(s, f, &l)) {
        return true;
    }
    if (!netvsp_rsc_flush(s)) {
        return false;
    }
    if (candidate && !(f[l.l4 + TCP_FLAGS] & FLAG_PSH)) {
        start(s, f, &l);
        return true;
    }
    return netvsp_rx_frame(s, f, len, 1);
}

/* The burst is over; what still cannot go waits for the guest. */
static void burst_is_over(void *opaque)
{
    if (netvsp_rsc_flush(opaque)) {
        netvsp_rx_flush(opaque);
    }
}

void netvsp_rsc_init(HvNetvsp *s)
{
    s->burst_bh = qemu_bh_new_guarded(burst_is_over, s,
                                    &DEVICE(s)->mem_reentrancy_guard);
}

void netvsp_rsc_exit(HvNetvsp *s)
{
    qemu_bh_delete(s->burst_bh);
}
