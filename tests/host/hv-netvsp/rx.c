/*
 * hv-netvsp: to the guest, through its receive buffer
 *
 * One transfer-page packet carries one RNDIS message in one section, or all
 * parts of a coalesced frame in a section each; if the host is told to, many
 * frames. Its id is that of its first section. The sections are the guest's until it completes the packet, on the
 * channel that it came over; with none left, or with the ring full, the switch
 * has to wait.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/iov.h"
#include "hv-netvsp.h"

#define XFER_DESC_LEN           8       /* id.., count; then the ranges */
#define XFER_RANGE_LEN          8
#define VLAN_TAG_LEN            4
/* A guest that asks for so much without taking the answers is broken. */
#define CONTROL_MAX             256

#define RSC_PART                0x01u
#define RSC_FIRST               0x02u
#define RSC_LAST                0x04u
#define RSC_VERSION             1

typedef struct Control {
    const char *name;
    uint32_t len;
    uint8_t msg[];
} Control;

/* A packet in the making; what is in it can still be given back. */
typedef struct Xfer {
    uint16_t channel;
    uint32_t ranges;
    uint32_t first;             /* section, if there are ranges */
    uint32_t last;
    bool stuck;                 /* until the guest makes room */
    uint8_t desc[XFER_DESC_LEN + XFER_RANGE_LEN * NETVSP_RX_RANGES];
} Xfer;

/* Control messages have the last sections for themselves. */
static int find_section(HvNetvsp *s, bool control)
{
    uint32_t frames = s->c.sections - NETVSP_CONTROL_SECTIONS;
    uint32_t i;

    if (control) {
        i = find_next_zero_bit(s->c.busy, s->c.sections, frames);
        return i < s->c.sections ? i : -1;
    }
    i = find_next_zero_bit(s->c.busy, frames, s->c.next_section);
    if (i >= frames) {
        i = find_next_zero_bit(s->c.busy, frames, 0);
    }
    if (i >= frames) {
        return -1;
    }
    s->c.next_section = i + 1;
    return i;
}

/* All sections of the packet that begins with @first are free again. */
static void free_sections(HvNetvsp *s, uint32_t first)
{
    uint32_t i, next = first + 1;

    while (next) {
        i = next - 1;
        next = s->c.section[i].next;
        s->c.section[i] = (NetvspSection) {};
        clear_bit(i, s->c.busy);
    }
}

static void give_up(HvNetvsp *s, Xfer *x)
{
    if (x->ranges) {
        free_sections(s, x->first);
        x->ranges = 0;
    }
}

/* One more message of the packet. Return: false if there is no room. */
static bool add_range(HvNetvsp *s, Xfer *x, bool control,
                      const struct iovec *iov, int cnt, bool whole)
{
    VMBusChannel *chan = vmbus_device_channel(&s->parent, x->channel);
    uint8_t *range = x->desc + XFER_DESC_LEN + XFER_RANGE_LEN * x->ranges;
    uint32_t len = iov_size(iov, cnt), off;
    int i = x->ranges < NETVSP_RX_RANGES ? find_section(s, control) : -1;

    if (i < 0) {
        s->no_section++;
        return false;
    }
    off = i * s->c.section_size;
    if (vmbus_iov_to_gpadl(chan, s->c.recv, off, iov, cnt) != len) {
        return false;
    }
    set_bit(i, s->c.busy);
    s->c.section[i].channel = x->channel;
    if (x->ranges++) {
        s->c.section[x->last].next = i + 1;
    } else {
        s->c.section[i].head = true;
        x->first = i;
    }
    x->last = i;
    stl_le_p(range, whole ? s->c.section_size : len);
    stl_le_p(range + 4, off);
    return true;
}

/* Return: as netvsp_send(). */
static int send_xfer(HvNetvsp *s, Xfer *x, const char *name, uint32_t type)
{
    uint8_t msg[NVSP_LEN_V61] = {};
    NetvspOut out = {
        .name = name,
        .channel = x->channel,
        .type = PKT_XFER_PAGES,
        .flags = PKT_WANTS_COMPLETION,
        .tid = x->first,
        .desc = x->desc,
        .desc_len = XFER_DESC_LEN + XFER_RANGE_LEN * x->ranges,
        .payload = msg,
        .payload_len = netvsp_msg_len(s),
    };

    stw_le_p(x->desc, s->c.recv_id);
    stl_le_p(x->desc + 4, x->ranges);
    stl_le_p(msg, NVSP_RNDIS);
    stl_le_p(msg + 4, type);
    stl_le_p(msg + 8, NVSP_NO_SECTION);
    return netvsp_send(s, &out);
}

/* Return: false if there is no room. What was not sent is free again. */
static bool send_or_give_up(HvNetvsp *s, Xfer *x, const char *name,
                            uint32_t type)
{
    int ret = send_xfer(s, x, name, type);

    if (ret) {
        give_up(s, x);
    }
    return ret >= 0;
}

bool netvsp_rx_ready(HvNetvsp *s)
{
    return s->c.rndis && netvsp_alive(s, 0) && s->c.recv && s->c.filter;
}

/* Return: whether no frame is left in the batch. */
bool netvsp_rx_flush(HvNetvsp *s)
{
    Xfer *b = s->c.batch;
    int ret;

    if (!b || !b->ranges) {
        return true;
    }
    ret = netvsp_rx_ready(s) ? send_xfer(s, b, "RNDIS_DATA", 0) : 1;
    b->stuck = ret < 0;
    if (b->stuck) {
        return false;
    }
    if (ret) {
        give_up(s, b);
    } else {
        s->rx_packets++;
    }
    b->ranges = 0;
    return true;
}

static void append(HvNetvsp *s, Xfer *b, const Xfer *x)
{
    memcpy(b->desc + XFER_DESC_LEN + XFER_RANGE_LEN * b->ranges,
           x->desc + XFER_DESC_LEN, XFER_RANGE_LEN * x->ranges);
    s->c.section[b->last].next = x->first + 1;
    s->c.section[x->first].head = false;
    b->last = x->last;
    b->ranges += x->ranges;
}

/* Return: false if the frame has to wait. */
static bool into_batch(HvNetvsp *s, Xfer *x)
{
    uint32_t max = MIN(s->temper.rx_batch, NETVSP_RX_RANGES);
    Xfer *b = s->c.batch ?: g_new0(Xfer, 1);

    s->c.batch = b;
    if (b->ranges && (b->channel != x->channel ||
                      b->ranges + x->ranges > max) && !netvsp_rx_flush(s)) {
        give_up(s, x);
        return false;
    }
    if (b->ranges) {
        append(s, b, x);
    } else {
        *b = *x;
    }
    if (b->ranges >= max) {
        netvsp_rx_flush(s);
    } else {
        qemu_bh_schedule(s->burst_bh);
    }
    return true;
}

/* A frame on its own, behind those that wait. */
static bool alone(HvNetvsp *s, Xfer *x)
{
    if (!netvsp_rx_flush(s)) {
        give_up(s, x);
        return false;
    }
    if (!send_or_give_up(s, x, "RNDIS_DATA", 0)) {
        return false;
    }
    s->rx_packets++;
    return true;
}

/* The first message of a packet that is about to be sent. */
void netvsp_rx_alter(HvNetvsp *s, const NetvspOut *out, uint32_t offset,
                     const void *bytes, uint32_t len)
{
    VMBusChannel *chan = vmbus_device_channel(&s->parent, out->channel);
    const uint8_t *range = (const uint8_t *)out->desc + XFER_DESC_LEN;
    struct iovec iov = { (void *)bytes, len };
    uint32_t size = ldl_le_p(range);

    if (len <= size && offset <= size - len) {
        vmbus_iov_to_gpadl(chan, s->c.recv, ldl_le_p(range + 4) + offset,
                           &iov, 1);
    }
}

/* The packet is under way twice: its sections are free after the second. */
void netvsp_rx_again(HvNetvsp *s, const NetvspOut *out)
{
    s->c.section[out->tid].again++;
}

static uint32_t put_ppi(uint8_t *p, uint32_t type, uint32_t value)
{
    stl_le_p(p, PPI_LEN);
    stl_le_p(p + 4, type);
    stl_le_p(p + 8, 12);
    stl_le_p(p + 12, value);
    return PPI_LEN;
}

/* What goes before a frame, or before the first part of one. */
typedef struct Infos {
    bool tagged, hashed, coalesced;
    uint32_t tci, hash, csum;
    uint16_t id;
} Infos;

/* @off: of the frame. @size: of the message. */
static void put_head(uint8_t *head, const Infos *infos, uint32_t off,
                     uint32_t size, uint32_t len, uint8_t rsc)
{
    uint8_t *ppis = head + RNDIS_PACKET_HDR;
    bool first = !infos->coalesced || rsc & RSC_FIRST;
    uint32_t n = 0;

    if (infos->coalesced) {
        n += put_ppi(ppis + n, PPI_RSC | PPI_INTERNAL,
                     RSC_VERSION | rsc << 8 | (uint32_t)infos->id << 16);
    }
    if (first && infos->tagged) {
        n += put_ppi(ppis + n, PPI_VLAN, infos->tci >> 13 |
                     (infos->tci >> 12 & 1) << 3 | (infos->tci & 0xfff) << 4);
    }
    if (first && infos->hashed) {
        n += put_ppi(ppis + n, PPI_HASH, infos->hash);
    }
    if (first) {
        n += put_ppi(ppis + n, PPI_CSUM, infos->csum);
    }
    stl_le_p(head, RNDIS_PACKET);
    stl_le_p(head + 4, size);
    stl_le_p(head + 8, off - RNDIS_HDR);
    stl_le_p(head + 12, len);
    stl_le_p(head + 28, RNDIS_PACKET_HDR - RNDIS_HDR);
    stl_le_p(head + 32, n);
}

/* Where a frame begins: where there is room behind it, not always there. */
static uint32_t data_offset(HvNetvsp *s)
{
    return NETVSP_RX_DATA_OFF + (s->temper.rx_whole ?
                                 s->c.next_section % (NETVSP_RX_FOOTER + 1) :
                                 0);
}

/* @frame: without a tag. Return: false if there is no room. */
static bool add_frame(HvNetvsp *s, Xfer *x, const Infos *infos,
                      const uint8_t *frame, uint32_t len)
{
    bool whole = s->temper.rx_whole;
    uint32_t pos, part, off;

    for (pos = 0; pos < len; pos += part) {
        uint8_t head[NETVSP_RX_DATA_OFF + NETVSP_RX_FOOTER] = {};
        struct iovec iov[2];

        part = MIN(len - pos, s->c.mtu);
        off = data_offset(s);
        put_head(head, infos, off, whole ? s->c.section_size : off + part,
                 part, RSC_PART | (pos ? 0 : RSC_FIRST) |
                 (pos + part == len ? RSC_LAST : 0));
        iov[0] = (struct iovec){ head, off };
        iov[1] = (struct iovec){ (void *)frame + pos, part };
        if (!add_range(s, x, false, iov, 2, whole)) {
            return false;
        }
    }
    return true;
}

/*
 * @segments: more than one if the frame was made of as many; then it may be
 * larger than a section, and nobody has brought its checksums up to date. Of
 * one that fits a section, that is all the guest is told.
 *
 * Return: false if the frame has to wait. One that the guest cannot take is
 * dropped, as by any switch.
 */
bool netvsp_rx_frame(HvNetvsp *s, const uint8_t *frame, uint32_t len,
                     uint32_t segments)
{
    g_autofree uint8_t *untagged = NULL;
    bool coalesced = segments > 1;
    Infos infos = { .coalesced = coalesced && len > s->c.mtu };
    Xfer x = {};

    if (!netvsp_rx_ready(s)) {
        return true;
    }
    x.channel = netvsp_rss_channel(s, frame, len, &infos.hashed, &infos.hash);
    if (!netvsp_alive(s, x.channel)) {
        s->filtered++;
        return true;
    }
    infos.csum = coalesced ? netvsp_coalesced(frame, len) :
                             netvsp_verify(frame, len);
    if (len >= 18 && lduw_be_p(frame + 12) == 0x8100) {
        infos.tagged = true;
        infos.tci = lduw_be_p(frame + 14);
        len -= VLAN_TAG_LEN;
        untagged = g_malloc(len);
        memcpy(untagged, frame, 12);
        memcpy(untagged + 12, frame + 12 + VLAN_TAG_LEN, len - 12);
        frame = untagged;
    }
    infos.id = s->c.next_rsc_id;
    if (!add_frame(s, &x, &infos, frame, len)) {
        give_up(s, &x);
        return false;
    }
    if (s->temper.rx_batch > 1 ? !into_batch(s, &x) : !alone(s, &x)) {
        return false;
    }
    s->c.next_rsc_id += infos.coalesced;
    s->ch[x.channel].to_guest++;
    return true;
}

static bool try_control(HvNetvsp *s, const char *name, const void *msg,
                        uint32_t len)
{
    struct iovec iov = { (void *)msg, len };
    Xfer x = {};

    return add_range(s, &x, true, &iov, 1, false) &&
           send_or_give_up(s, &x, name, NVSP_CONTROL);
}

void netvsp_rx_control(HvNetvsp *s, const char *name, const void *msg,
                       uint32_t len)
{
    Control *control;

    if (!s->c.recv || !netvsp_alive(s, 0)) {
        return;
    }
    if (g_queue_is_empty(&s->c.control) && try_control(s, name, msg, len)) {
        return;
    }
    if (g_queue_get_length(&s->c.control) >= CONTROL_MAX) {
        netvsp_dead(s, 0, "answers that the guest does not take", NULL, 0);
        return;
    }
    control = g_malloc(sizeof(*control) + len);
    control->name = name;
    control->len = len;
    memcpy(control->msg, msg, len);
    g_queue_push_tail(&s->c.control, control);
}

static bool is_stuck(HvNetvsp *s)
{
    return s->c.batch && s->c.batch->stuck;
}

/* There may be room again: first for control messages, then for frames. */
void netvsp_rx_kick(HvNetvsp *s)
{
    Control *control;

    while (s->c.recv && (control = g_queue_peek_head(&s->c.control))) {
        if (!try_control(s, control->name, control->msg, control->len)) {
            return;
        }
        g_free(g_queue_pop_head(&s->c.control));
    }
    if (netvsp_rsc_flush(s) && (!is_stuck(s) || netvsp_rx_flush(s))) {
        netvsp_switch_flush(s);
    }
}

/* A completion from the guest of a packet of ours. */
void netvsp_rx_done(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt)
{
    uint64_t tid = pkt->tid;

    if (tid >= s->c.sections || !s->c.section[tid].head ||
        s->c.section[tid].channel != channel) {
        netvsp_dead(s, channel, "completion of something not outstanding",
                    &tid, sizeof(tid));
        return;
    }
    if (pkt->payload_len < 8 || ldl_le_p(pkt->payload) != NVSP_RNDIS_C) {
        netvsp_error(s, "receive completion without a status", pkt->payload,
                     pkt->payload_len);
    } else if (ldl_le_p(pkt->payload + 4) != NVSP_OK) {
        s->refused++;
    }
    if (s->c.section[tid].again) {
        s->c.section[tid].again--;
        return;
    }
    free_sections(s, tid);
    netvsp_rx_kick(s);
}

/* The channel has closed: what it had is not outstanding any more. */
void netvsp_rx_forget(HvNetvsp *s, uint16_t channel)
{
    uint32_t i;

    if (s->c.batch && s->c.batch->channel == channel) {
        s->c.batch->ranges = 0;
        s->c.batch->stuck = false;
    }
    for (i = 0; i < s->c.sections; i++) {
        if (s->c.section[i].head && s->c.section[i].channel == channel) {
            free_sections(s, i);
        }
    }
}
