/*
 * hv-netvsp against a guest that sends anything
 *
 * Lives of a device: a handshake that is mostly right, then messages, frames
 * and completions, most of them nearly right, some of them not at all. Run
 * under the sanitizers; the bus (bus.c) checks what a guest relies on.
 *
 *     netvsp-fuzz SECONDS [SEED]
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "bus.h"

#define STEPS                   400

static HvNetvsp *s;
static VMBusDeviceClass vdc;

/* What a life has reached, so that one can see that it reaches anything. */
static uint64_t lives, errors, sent, frames, coalesced, hashed, granted;
static uint64_t counted;

static void scribble(uint8_t *p, uint32_t len)
{
    uint32_t n = rnd(3) ? 1 : 1 + rnd(4);

    while (len && n--) {
        static const uint32_t odd[] = {
            0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff, 6144, 1514,
        };

        if (len >= 4 && rnd(2)) {
            stl_le_p(p + rnd(len / 4) * 4, odd[rnd(ARRAY_SIZE(odd))]);
        } else {
            p[rnd(len)] = rnd(256);
        }
    }
}

/* Give the packet to the device, which may refuse to look at it. */
static void deliver(uint32_t channel)
{
    VMBusPacket *pkt = &bus.packet;

    if (pkt->type == PKT_COMPLETION) {
        bus_completed(channel, pkt->tid);
    }
    bus.pending = bus.open[channel];
    bus.pending_channel = channel;
    if (bus.pending) {
        vdc.chan_notify_cb(bus_channel(channel));
    }
    if (bus.pending || !bus.open[channel]) {
        bus.pending = false;
        bus.lied |= pkt->type == PKT_COMPLETION;
        vmbus_packet_clear(pkt);
    }
}

/* @payload, of up to 40 bytes, from the guest; ranges behind one another. */
static void send_packet(uint32_t channel, uint16_t type, uint64_t tid,
                        const uint8_t *payload, uint32_t range_len)
{
    uint32_t desc_len = 0, len = rnd(50) ? 40 : rnd(6) * 8, off, pages, i;
    uint8_t desc[8 + 8 + 8 * 40] = {};
    VMBusPacket *pkt = &bus.packet;

    if (type == PKT_GPA_DIRECT) {
        off = rnd(4096);
        pages = DIV_ROUND_UP(off + range_len, 4096);
        stl_le_p(desc + 4, 1);
        stl_le_p(desc + 8, range_len);
        stl_le_p(desc + 12, off);
        for (i = 0; i < pages && i < 40; i++) {
            stq_le_p(desc + 16 + 8 * i, i);
        }
        desc_len = 16 + 8 * MIN(pages, 40);
        memmove(bus.memory + off, bus.memory, range_len);
        if (!rnd(30)) {
            scribble(desc, desc_len);
        }
    }
    *pkt = (VMBusPacket) {
        .type = rnd(300) ? type : rnd(16),
        .flags = tid ? 1 : 0,
        .tid = tid,
        .desc_len = desc_len,
        .payload_len = len,
    };
    pkt->desc = g_malloc(desc_len + len + 1);
    pkt->payload = pkt->desc + desc_len;
    memcpy(pkt->desc, desc, desc_len);
    memcpy(pkt->payload, payload, len);
    if (!rnd(40)) {
        scribble(pkt->payload, len);
    }
    deliver(channel);
}

static void nvsp(uint32_t type, uint32_t a, uint32_t b, uint32_t c)
{
    uint8_t msg[40] = {};
    bool silent = type == NVSP_NDIS_CONFIG || type == NVSP_NDIS_VER ||
                  type == NVSP_REVOKE_RECV || type == NVSP_REVOKE_SEND;

    stl_le_p(msg, type);
    stl_le_p(msg + 4, a);
    stl_le_p(msg + 8, b);
    stl_le_p(msg + 12, c);
    send_packet(0, PKT_INBAND, silent ? 0 : 1 + rnd(1000), msg, 0);
}

/* A message that lies at the start of memory, in a section or a range. */
static void rndis(uint32_t channel, bool control, uint32_t len)
{
    uint8_t msg[40] = {};
    bool section = len <= NETVSP_SEND_SECTION && rnd(2);
    uint32_t n = rnd(16);

    if (!rnd(20)) {
        scribble(bus.memory, MIN(len, 100));
    }
    stl_le_p(msg, NVSP_RNDIS);
    stl_le_p(msg + 4, control);
    stl_le_p(msg + 8, section ? n : NVSP_NO_SECTION);
    if (section) {
        stl_le_p(msg + 12, len);
        memcpy(bus_send_buffer() + n * NETVSP_SEND_SECTION, bus.memory, len);
    }
    send_packet(channel, section ? PKT_INBAND : PKT_GPA_DIRECT,
                1 + rnd(1000), msg, len);
}

static void oid(bool is_set, uint32_t number, const void *data, uint32_t len)
{
    uint8_t *m = bus.memory;

    memset(m, 0, RNDIS_OID_HDR);
    stl_le_p(m, is_set ? RNDIS_SET : RNDIS_QUERY);
    stl_le_p(m + 4, RNDIS_OID_HDR + len);
    stl_le_p(m + 8, rnd(1000));
    stl_le_p(m + 12, number);
    stl_le_p(m + 16, len);
    stl_le_p(m + 20, 20);
    memcpy(m + RNDIS_OID_HDR, data, len);
    if (!rnd(10)) {
        scribble(m + RNDIS_OID_HDR, len);
    }
    rndis(0, true, RNDIS_OID_HDR + len);
}

static void set_rss(void)
{
    uint8_t p[40 + 512 + 40] = { 0x89, 2, 40 };
    uint32_t entries = 1u << rnd(8), i;

    stl_le_p(p + 8, rnd(8) ? 0x1701 : rnd(0x10000));
    stw_le_p(p + 12, entries * 4);
    stl_le_p(p + 16, 40);
    stw_le_p(p + 20, 40);
    stl_le_p(p + 24, 40 + entries * 4);
    for (i = 0; i < entries; i++) {
        stl_le_p(p + 40 + 4 * i, rnd(s->c.granted + 1));
    }
    for (i = 0; i < 40; i++) {
        p[40 + entries * 4 + i] = rnd(256);
    }
    oid(true, OID_RSS_PARAMETERS, p, 40 + entries * 4 + 40);
}

static void set_parameter(void)
{
    static const char text[] = "NetworkAddress000d3a00ab12";
    uint8_t p[20 + 52] = {};
    int i;

    stl_le_p(p, 20);
    stl_le_p(p + 4, 28);
    stl_le_p(p + 8, 2);
    stl_le_p(p + 12, 48);
    stl_le_p(p + 16, 24);
    for (i = 0; i < 26; i++) {
        stw_le_p(p + 20 + 2 * i, text[i]);
    }
    oid(true, OID_CONFIG_PARAMETER, p, rnd(4) ? sizeof(p) : rnd(sizeof(p)));
}

static void any_oid(void)
{
    static const uint32_t numbers[] = {
        OID_LINK_SPEED, OID_MAX_FRAME, OID_MEDIA_CONNECT, OID_PACKET_FILTER,
        OID_RSS_CAPS, OID_FRIENDLY_NAME, OID_PERMANENT_MAC,
        OID_MULTICAST_LIST, OID_HW_OFFLOAD, 0x12345678,
    };
    uint8_t data[200] = { 0xa7, 3, 156 };
    uint8_t offload[28] = { 0x80, 3, 28, [22] = 2, [23] = 2 };
    uint8_t filter[4] = { 13 };

    switch (rnd(6)) {
    case 0:
        set_rss();
        break;
    case 1:
        set_parameter();
        break;
    case 2:
        oid(true, OID_OFFLOAD_PARAMETERS, offload, sizeof(offload));
        break;
    case 3:
        oid(true, OID_PACKET_FILTER, filter, sizeof(filter));
        break;
    default:
        oid(!rnd(3), numbers[rnd(ARRAY_SIZE(numbers))], data,
            rnd(3) ? 156 : rnd(sizeof(data)));
    }
}

/* One of a few flows. Return: its length. */
static uint32_t make_frame(uint8_t *f, uint32_t data, bool tcp, uint32_t *l4)
{
    static uint32_t seq[4];
    uint32_t flow = rnd(4), l3 = 14, head = tcp ? 20 : 8;
    bool v6 = flow & 1, tagged = flow & 2;

    memset(f, 0, 100);
    memcpy(f, s->mac.a, 6);
    f[6] = 2;
    if (tagged) {
        stw_be_p(f + 12, 0x8100);
        stw_be_p(f + 14, 7);
        l3 = 18;
    }
    stw_be_p(f + l3 - 2, v6 ? 0x86dd : 0x0800);
    *l4 = l3 + (v6 ? 40 : 20);
    f[l3] = v6 ? 0x60 : 0x45;
    f[l3 + (v6 ? 6 : 9)] = tcp ? 6 : 17;
    stw_be_p(f + l3 + (v6 ? 4 : 2), (v6 ? 0 : 20) + head + data);
    stw_be_p(f + *l4, 1000 + flow);
    if (tcp) {
        stl_be_p(f + *l4 + 4, seq[flow]);
        seq[flow] += data;
        f[*l4 + 12] = 0x50;
        f[*l4 + 13] = rnd(10) ? 0x10 : rnd(256);
    }
    return *l4 + head + data;
}

static void finish(uint8_t *frame, uint32_t len)
{
    NetvspOffload off = {};

    /* The device's own checksums, so that the frame is a good one. */
    off.has_csum = true;
    off.csum = CSUM_TX_TCP | CSUM_TX_IP_HDR |
               (netvsp_layers(frame, len).l4 & 0x3ff) << 16;
    netvsp_finish_frame(s, frame, len, &off);
}

static void from_uplink(void)
{
    static uint8_t frame[70000];
    uint32_t burst = rnd(3) ? 1 + rnd(60) : 1, l4, len;

    while (burst--) {
        len = make_frame(frame, rnd(1448), rnd(4), &l4);
        if (rnd(10)) {
            finish(frame, len);
        } else {
            scribble(frame, 100);
        }
        if (!rnd(20)) {
            len = 14 + rnd(1600);
        }
        bus_uplink(frame, len);
    }
    if (rnd(2)) {
        bus_main_loop();
    }
}

static uint32_t put_ppi(uint8_t *p, uint32_t type, uint32_t value)
{
    stl_le_p(p, PPI_LEN);
    stl_le_p(p + 4, type);
    stl_le_p(p + 8, 12);
    stl_le_p(p + 12, value);
    return PPI_LEN;
}

static void from_guest(void)
{
    uint8_t *m = bus.memory;
    uint32_t ppi = 0, l4, len, data = rnd(4) ? rnd(1400) : rnd(61000);
    static uint8_t frame[70000];

    len = make_frame(frame, data, true, &l4);
    memset(m, 0, RNDIS_PACKET_HDR);
    if (data > 1400 || !rnd(3)) {
        uint32_t mss = 1 + rnd(rnd(2) ? 1400 : 20);

        ppi += put_ppi(m + 44 + ppi, PPI_LSO, mss | l4 << 20 |
                       LSO_V2 | (l4 >= 54 ? LSO_IPV6 : 0));
    } else if (rnd(2)) {
        ppi += put_ppi(m + 44 + ppi, PPI_CSUM, CSUM_TX_TCP | l4 << 16);
    }
    if (rnd(2)) {
        ppi += put_ppi(m + 44 + ppi, PPI_VLAN, rnd(0x10000));
    }
    if (!rnd(20)) {
        scribble(frame, 100);
    } else if (!rnd(20)) {
        frame[l4 + 12] = rnd(256);
    }
    stl_le_p(m, RNDIS_PACKET);
    stl_le_p(m + 4, 44 + ppi + len);
    stl_le_p(m + 8, 36 + ppi);
    stl_le_p(m + 12, len);
    stl_le_p(m + 28, 36);
    stl_le_p(m + 32, ppi);
    memcpy(m + 44 + ppi, frame, len);
    rndis(rnd(s->channels), !rnd(50), 44 + ppi + len);
}

static void complete(void)
{
    uint8_t msg[40] = { NVSP_RNDIS_C, [4] = NVSP_OK };
    uint32_t channel = 0;
    uint64_t tid = rnd(100);
    VMBusPacket *pkt = &bus.packet;

    if (bus.xfers && rnd(60)) {
        uint32_t i = rnd(bus.xfers);

        channel = bus.xfer[i].channel;
        tid = bus.xfer[i].tid;
    } else if (rnd(100)) {
        return;
    } else if (rnd(2)) {
        tid = bus.asked;
    }
    *pkt = (VMBusPacket) { .type = PKT_COMPLETION, .tid = tid,
                           .payload_len = rnd(20) ? 8 : 0 };
    pkt->desc = pkt->payload = g_memdup2(msg, sizeof(msg));
    deliver(channel);
}

static void open_channel(uint32_t channel)
{
    if (!bus.open[channel]) {
        bus.open[channel] = true;
        vdc.open_channel(bus_channel(channel));
        vdc.chan_notify_cb(bus_channel(channel));
    }
}

static void close_channel(uint32_t channel)
{
    if (bus.open[channel]) {
        bus.open[channel] = false;
        /* what it has is not the guest's any more */
        bus_forget(channel);
        if (!channel) {
            bus.xfers = 0;
            bus.lied = false;
        }
        vdc.close_channel(bus_channel(channel));
    }
}

static void handshake(void)
{
    static const uint32_t versions[] = {
        NVSP_V61, NVSP_V61, NVSP_V61, NVSP_V6, NVSP_V5, NVSP_V4, NVSP_V1,
    };
    static const uint32_t mtus[] = { 1514, 1514, 9014, 40 };
    uint32_t version = versions[rnd(ARRAY_SIZE(versions))];
    uint8_t *m = bus.memory;

    open_channel(0);
    nvsp(NVSP_INIT, version, version, 0);
    nvsp(NVSP_NDIS_CONFIG, mtus[rnd(4)], 0, 0x8c);
    nvsp(NVSP_NDIS_VER, 6, 30, 0);
    nvsp(NVSP_RECV_BUF, 1, 0xcafe, 0);
    nvsp(NVSP_SEND_BUF, 2, 0, 0);
    memset(m, 0, 24);
    stl_le_p(m, RNDIS_INIT);
    stl_le_p(m + 4, 24);
    stl_le_p(m + 12, 1);
    rndis(0, true, 24);
    any_oid();
    if (s->channels > 1 && rnd(4)) {
        nvsp(NVSP_SUBCHANNEL, 1, 1 + rnd(s->channels), 0);
    }
}

/* The host holds something back, loses it, or lets it go. */
static void script(void)
{
    static const char *const rules[] = {
        "[]",
        "[{\"type\":\"RNDIS_DATA\",\"action\":\"hold\",\"count\":9}]",
        "[{\"type\":\"RNDIS_DATA\",\"action\":\"duplicate\",\"count\":9},"
        "{\"type\":\"VF_ASSOCIATION\",\"action\":\"duplicate\"},"
        "{\"type\":\"RNDIS_SET_C\",\"action\":\"alter\",\"offset\":12,"
        "\"bytes\":\"010000c0\"}]",
        "[{\"type\":\"RNDIS_SET_C\",\"action\":\"hold\"},"
        "{\"type\":\"RNDIS_DATA\",\"action\":\"drop\",\"count\":9}]",
        "[{\"type\":\"SUBCHANNEL\",\"dir\":\"g2h\",\"action\":\"fail\"},"
        "{\"type\":\"RNDIS_PKT_COMPLETE\",\"action\":\"hold\"}]",
    };

    bus.scripted = true;
    if (rnd(2)) {
        netvsp_script_release(s, "all");
    } else {
        netvsp_script_set(s, rules[rnd(ARRAY_SIZE(rules))], &error_abort);
    }
}

static void lose_vf(void)
{
    if (rnd(2)) {
        netvsp_path_take(s);
    } else {
        netvsp_vf_lose(s);
    }
}

/* The clock runs on between two steps, but not by much. */
static void temper(void)
{
    NetvspTemper *t = &s->temper;

    t->switch_delay = rnd(2);
    t->assoc_delay = rnd(2);
    t->switch_fails = rnd(3);
    t->switch_back_fails = rnd(2);
    t->unique_ids = rnd(2);
    t->link_doubled = rnd(2);
    t->all_to_vf = rnd(2);
    t->rx_batch = rnd(3) ? 0 : rnd(400);
    t->rx_whole = rnd(2);
    t->tx_batch = rnd(10);
    t->tx_align = rnd(40);
    t->table_offset = rnd(60);
    /* What waits in a batch is not outstanding yet. */
    bus.scripted |= t->rx_batch;
    t->freeze_loses = rnd(2);
    netvsp_freeze(s, rnd(3));
    t->link_coalesce = rnd(2);
    t->link_early = rnd(2);
    netvsp_link_set(s, rnd(2));
}

static void step(void)
{
    if (!bus.open[0]) {
        bus.offered = 0;
        handshake();
    } else if (s->ch[0].dead && !rnd(10)) {
        close_channel(0);
    }
    switch (rnd(40)) {
    case 0:
        close_channel(rnd(20) ? 1 + rnd(s->channels) : 0);
        break;
    case 1:
        if (bus.seed & 1) {
            script();
        }
        break;
    case 2:
        nvsp(rnd(2) ? 100 + rnd(40) : NVSP_SWITCH, rnd(3), rnd(5), rnd(5));
        break;
    case 3:
        netvsp_vf_associate(s, rnd(2));
        break;
    case 4:
        lose_vf();
        break;
    case 5:
        if (!rnd(4)) {
            temper();
        }
        bus.full = !rnd(4);
        break;
    case 6 ... 10:
        any_oid();
        break;
    case 11:
        open_channel(bus.open[0] && bus.offered ? 1 + rnd(bus.offered) : 0);
        break;
    case 12 ... 20:
        from_guest();
        break;
    case 21 ... 27:
        from_uplink();
        break;
    default:
        complete();
    }
}

static void live(uint32_t seed)
{
    char *counters;
    uint32_t i;

    memset(&bus, 0, sizeof(bus));
    bus.seed = seed;
    bus.notify = vdc.chan_notify_cb;
    bus.state = seed;
    s = g_new0(HvNetvsp, 1);
    s->channels = 1 + rnd(5);
    s->rsc = true;
    s->max_version = NVSP_V61;
    netvsp_link_init(s);
    s->mac.a[5] = 1;
    QTAILQ_INIT(&s->rules);
    QTAILQ_INIT(&s->held);
    bus_init(s);
    netvsp_channels_init(s);
    netvsp_log_open(s, NULL);
    netvsp_vf_init(s);
    netvsp_path_init(s);
    netvsp_freeze_init(s);
    netvsp_conn_reset(s);
    netvsp_rsc_init(s);
    netvsp_switch_init(s);

    handshake();
    for (i = 0; i < STEPS; i++) {
        step();
    }
    if (s->c.busy && s->c.recv && !bus.lied && !bus.scripted) {
        check(bitmap_count_one(s->c.busy, s->c.sections) == bus_outstanding(),
              "has lost count of what the guest has");
        counted++;
    }
    counters = netvsp_counters(s);
    g_free(counters);
    lives++;
    errors += s->error_count;
    sent += bus.sent;
    frames += bus.frames;
    coalesced += s->rsc_frames;
    hashed += s->c.rss.on;
    granted += s->c.granted > 0;

    for (i = s->channels; i--;) {
        close_channel(i);
    }
    netvsp_switch_exit(s);
    netvsp_rsc_exit(s);
    netvsp_channels_clear(s);
    netvsp_conn_free(s);
    netvsp_freeze_exit(s);
    netvsp_path_exit(s);
    netvsp_vf_exit(s);
    netvsp_link_exit(s);
    netvsp_script_clear(s);
    netvsp_log_close(s);
    bus_exit();
    g_free(s);
}

int main(int argc, char **argv)
{
    int64_t seconds = atoi(argv[1]);
    int64_t end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    uint32_t seed = argc > 2 ? atoi(argv[2]) : 1;

    init_clocks(NULL);
    netvsp_channels_class(&vdc);
    while (g_get_monotonic_time() < end) {
        live(seed++);
    }
    printf("%" PRIu64 " lives (seeds up to %u): %" PRIu64 " packets to the "
           "guest, %" PRIu64 " frames from it, %" PRIu64 " coalesced, %"
           PRIu64 " with RSS, %" PRIu64 " with sub-channels, %" PRIu64
           " protocol errors, %" PRIu64 " counted\n", lives, seed - 1, sent, frames, coalesced,
           hashed, granted, errors, counted);
    /* Had the lives all ended at once, nothing would have been tried. */
    return !(frames && coalesced && hashed && granted && errors && counted);
}
