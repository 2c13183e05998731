/*
 * hv-netvsp: channels, and what is sent over them
 *
 * Channel 0 is the primary: all of NVSP, RNDIS control and frames. The others
 * are offered when the guest asks for them (133) and carry frames only. A
 * guest that breaks the protocol is dealt with as a host does: the channel
 * goes dead until it is closed. Unlike a host, we say why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hv-netvsp.h"

#define OP_ALLOCATE             1
#define TABLE_ENTRIES           16
#define TABLE_MIN               12

void netvsp_dead(HvNetvsp *s, uint16_t channel, const char *why,
                 const void *bytes, uint32_t len)
{
    netvsp_error(s, why, bytes, len);
    s->ch[channel].dead = true;
}

void netvsp_out_copy(NetvspOut *copy, const NetvspOut *out)
{
    *copy = *out;
    copy->desc = g_memdup2(out->desc, out->desc_len);
    copy->payload = g_memdup2(out->payload, out->payload_len);
}

void netvsp_out_clear(NetvspOut *copy)
{
    g_free((void *)copy->desc);
    g_free((void *)copy->payload);
}

static void free_waiting(void *opaque)
{
    netvsp_out_clear(opaque);
    g_free(opaque);
}

static int send_packet(HvNetvsp *s, const NetvspOut *out)
{
    if (s->frozen) {
        return -ENOSPC;
    }
    return vmbus_channel_send_packet(vmbus_device_channel(&s->parent,
                                                          out->channel),
                                     out->type, out->flags, out->tid,
                                     out->desc, out->desc_len,
                                     out->payload, out->payload_len);
}

/* Return: 0, also if it waits for room in the ring; -errno of the ring. */
int netvsp_send_now(HvNetvsp *s, const NetvspOut *out)
{
    NetvspChannel *ch = &s->ch[out->channel];
    int ret = g_queue_is_empty(&ch->waiting) ? send_packet(s, out) : -ENOSPC;
    NetvspOut *copy;

    if (ret == -ENOSPC && out->keep && ch->open) {
        copy = g_new(NetvspOut, 1);
        netvsp_out_copy(copy, out);
        g_queue_push_tail(&ch->waiting, copy);
        ret = 0;
    }
    if (!ret) {
        netvsp_asked(s, out);
    }
    return ret;
}

/* Return: whether nothing waits any more. */
static bool send_waiting(HvNetvsp *s, NetvspChannel *ch)
{
    NetvspOut *out;

    while ((out = g_queue_peek_head(&ch->waiting))) {
        if (send_packet(s, out) == -ENOSPC) {
            return false;
        }
        free_waiting(g_queue_pop_head(&ch->waiting));
    }
    return true;
}

void netvsp_complete(HvNetvsp *s, uint16_t channel, const char *name,
                     uint64_t tid, const void *msg, uint32_t len)
{
    NetvspOut out = {
        .name = name,
        .channel = channel,
        .keep = true,
        .type = PKT_COMPLETION,
        .tid = tid,
        .payload = msg,
        .payload_len = len,
    };

    netvsp_send(s, &out);
}

/* A message of the host's own, over the primary. */
void netvsp_inband(HvNetvsp *s, const char *name, uint16_t flags,
                   uint64_t tid, const void *msg, uint32_t len)
{
    NetvspOut out = {
        .name = name,
        .keep = true,
        .type = PKT_INBAND,
        .flags = flags,
        .tid = tid,
        .payload = msg,
        .payload_len = len,
    };

    netvsp_send(s, &out);
}

/* Which channel the guest should send a flow over: all of them, in turn. */
static void send_table(HvNetvsp *s)
{
    uint32_t off = s->c.version >= NVSP_V61 ? NVSP_LEN_V61 : TABLE_MIN;
    uint8_t msg[NVSP_LEN_V61 + 4 * TABLE_ENTRIES] = {};
    int i;

    if (s->temper.table_offset) {
        off = CLAMP(s->temper.table_offset, TABLE_MIN, NVSP_LEN_V61);
    }
    stl_le_p(msg, NVSP_INDIRECTION);
    stl_le_p(msg + 4, TABLE_ENTRIES);
    stl_le_p(msg + 8, off);
    for (i = 0; i < TABLE_ENTRIES; i++) {
        stl_le_p(msg + off + 4 * i, i % (s->c.granted + 1));
    }
    netvsp_inband(s, "INDIRECTION", 0, 0, msg, off + 4 * TABLE_ENTRIES);
}

/* Once all that was granted is there. */
static void maybe_send_table(HvNetvsp *s)
{
    uint32_t i;

    if (!s->c.granted || s->c.table_sent) {
        return;
    }
    for (i = 0; i <= s->c.granted; i++) {
        if (!s->ch[i].open) {
            return;
        }
    }
    s->c.table_sent = true;
    send_table(s);
}

/* 133: all that was asked for, or none. The offers follow the answer. */
void netvsp_subchannels(HvNetvsp *s, VMBusPacket *pkt)
{
    uint32_t op = ldl_le_p(pkt->payload + 4);
    uint32_t count = ldl_le_p(pkt->payload + 8);
    bool ok = op == OP_ALLOCATE && count && count < s->channels;
    uint8_t msg[NVSP_LEN_V61] = {};

    if (s->c.granted) {
        netvsp_dead(s, 0, "SUBCHANNEL twice", pkt->payload, pkt->payload_len);
        return;
    }
    stl_le_p(msg, NVSP_SUBCHANNEL);
    stl_le_p(msg + 4, ok ? NVSP_OK : NVSP_FAILED);
    stl_le_p(msg + 8, ok ? count : 0);
    netvsp_complete(s, 0, "SUBCHANNEL_COMPLETE", pkt->tid, msg,
                    netvsp_msg_len(s));
    if (ok) {
        s->c.granted = count;
        vmbus_device_offer_subchannels(&s->parent, count);
    }
}

/* All that the guest has of a channel goes with it. */
static void clear_channel(HvNetvsp *s, uint16_t channel)
{
    NetvspChannel *ch = &s->ch[channel];

    netvsp_script_drop_held(s, channel);
    netvsp_rx_forget(s, channel);
    g_queue_clear_full(&ch->waiting, free_waiting);
    ch->open = false;
    ch->dead = false;
    ch->loses = false;
}

static int netvsp_open(VMBusChannel *chan)
{
    HvNetvsp *s = HV_NETVSP(vmbus_channel_device(chan));
    uint32_t channel = vmbus_channel_idx(chan);

    if (!channel) {
        netvsp_conn_reset(s);
    }
    s->ch[channel].open = true;
    netvsp_log(s, "open", "\"channel\":%u", channel);
    return 0;
}

/* Without the primary, the others are good for nothing. */
static void netvsp_close(VMBusChannel *chan)
{
    HvNetvsp *s = HV_NETVSP(vmbus_channel_device(chan));
    uint32_t channel = vmbus_channel_idx(chan);

    netvsp_log(s, "close", "\"channel\":%u", channel);
    if (channel) {
        clear_channel(s, channel);
        s->c.table_sent = false;
        netvsp_rx_kick(s);
    } else {
        netvsp_channels_clear(s);
        netvsp_conn_reset(s);
        /* What waited for room may stand in the way of the VF's. */
        netvsp_switch_flush(s);
    }
}

static void netvsp_notify(VMBusChannel *chan)
{
    HvNetvsp *s = HV_NETVSP(vmbus_channel_device(chan));
    uint32_t channel = vmbus_channel_idx(chan);
    NetvspChannel *ch = &s->ch[channel];
    const char *why;
    VMBusPacket pkt;
    int ret;

    if (s->frozen) {
        return;
    }
    /* What the guest wants next has to wait until it takes our answers. */
    while (ch->open && !ch->dead && send_waiting(s, ch)) {
        ret = vmbus_channel_recv_packet(chan, &pkt, &why);
        if (ret < 0) {
            netvsp_dead(s, channel, why, NULL, 0);
        }
        if (ret <= 0) {
            break;
        }
        netvsp_packet(s, channel, &pkt);
        vmbus_packet_clear(&pkt);
    }
    ch->loses = false;
    maybe_send_table(s);
    netvsp_rx_kick(s);
}

static uint16_t netvsp_num_channels(VMBusDevice *vdev)
{
    HvNetvsp *s = HV_NETVSP(vdev);

    return s->channels <= NETVSP_MAX_CHANNELS ? s->channels : 0;
}

void netvsp_channels_init(HvNetvsp *s)
{
    int i;

    for (i = 0; i < NETVSP_MAX_CHANNELS; i++) {
        g_queue_init(&s->ch[i].waiting);
    }
}

void netvsp_channels_clear(HvNetvsp *s)
{
    int i;

    for (i = 0; i < s->channels; i++) {
        clear_channel(s, i);
    }
}

void netvsp_channels_class(VMBusDeviceClass *vdc)
{
    vdc->subchannels_on_request = true;
    vdc->num_channels = netvsp_num_channels;
    vdc->open_channel = netvsp_open;
    vdc->close_channel = netvsp_close;
    vdc->chan_notify_cb = netvsp_notify;
}
