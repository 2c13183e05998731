/*
 * mana against a guest that sends anything
 *
 * Lives of a device: a channel, a device and queues that are mostly made as
 * they should be, then commands, doorbells and frames, most of them nearly
 * right, some of them not at all. Run under the sanitizers.
 *
 *     mana-fuzz SECONDS [SEED]
 *
 * With libFuzzer its input decides, instead of a seed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "mana_bus.h"

#define STEPS                   300
#define FIRST_PAGE              8
#define OBJECTS                 8

static Mana device, *s = &device;

/* What this life has made, as its answers said. */
static struct {
    uint64_t object;
    uint32_t type, id, cq, pages, tail, port;
    uint64_t memory;                    /* address of the ring */
} made[OBJECTS];
static uint32_t objects, eqs[OBJECTS], eq_count;

/* So that one can see that a life reaches anything. */
static uint64_t lives, offered, received, sent, events;
static uint64_t overflows, errors;

/* One of the event queues, or none that there is. */
static uint32_t some_eq(void)
{
    uint32_t n = MIN(eq_count, OBJECTS);

    return n && rnd(30) ? eqs[rnd(n)] : rnd(MANA_EQS + 8);
}

/* Where one of the objects is. */
static uint32_t some_object(void)
{
    uint32_t n = MIN(objects, OBJECTS);

    return n && rnd(30) ? rnd(n) : rnd(OBJECTS);
}

static uint32_t some_rq(void)
{
    uint32_t tries = 10, n;

    do {
        n = some_object();
    } while (made[n].type != MANA_RQ && tries--);
    return n;
}

static uint64_t region(uint32_t pages, uint64_t *memory)
{
    uint8_t *in = guest_clear(64 + 8 * pages);
    uint32_t first = FIRST_PAGE + rnd(MEMORY_PAGES - FIRST_PAGE - 16), i;
    uint32_t part = rnd(5) ? pages : 1 + rnd(pages);

    memset(guest_page(first), 0, pages * MANA_PAGE);
    stq_le_p(in + 40, pages * MANA_PAGE);
    stl_le_p(in + 56, pages);
    stl_le_p(in + 60, part);
    for (i = 0; i < part; i++) {
        stq_le_p(in + 64 + 8 * i, (uint64_t)(first + i) * MANA_PAGE |
                 (rnd(200) ? 0 : 1ull << (40 + rnd(24))));
    }
    *memory = (uint64_t)first * MANA_PAGE;
    if (guest_command(GDMA_CREATE_REGION, DEV_NIC, 64 + 8 * part) ==
        STATUS_MORE) {
        uint64_t handle = ldq_le_p(guest_page(ANSWER_PAGE) + 32);

        in = guest_clear(56 + 8 * pages);
        stq_le_p(in + 40, handle);
        stl_le_p(in + 48, pages - part);
        for (i = part; i < pages; i++) {
            stq_le_p(in + 56 + 8 * (i - part),
                     (uint64_t)(first + i) * MANA_PAGE);
        }
        guest_command(GDMA_ADD_PAGES, DEV_NIC, 56 + 8 * (pages - part));
        return handle;
    }
    return ldq_le_p(guest_page(ANSWER_PAGE) + 32);
}

static void make_eq(void)
{
    uint64_t memory, handle = region(1, &memory);
    uint8_t *in = guest_clear(96);

    stl_le_p(in + 40, MANA_EQ);
    stl_le_p(in + 48, mana_pd_of(DEV_NIC));
    stl_le_p(in + 52, mana_page_of(DEV_NIC));
    stq_le_p(in + 56, handle);
    stl_le_p(in + 68, MANA_PAGE);
    stl_le_p(in + 76, rnd(10) ? rnd(MANA_VECTORS) : rnd(100));
    if (guest_command(GDMA_CREATE_QUEUE, DEV_NIC, 96) == STATUS_OK) {
        eqs[eq_count++ % OBJECTS] = ldl_le_p(guest_page(ANSWER_PAGE) + 32);
    }
}

static void make_object(void)
{
    uint32_t n = objects % OBJECTS, pages = 1u << rnd(3);
    uint64_t memory, cq_memory;
    uint64_t wq = region(pages, &memory), cq = region(4, &cq_memory);
    uint8_t *in = guest_clear(96);

    made[n].type = rnd(2) ? MANA_SQ : MANA_RQ;
    made[n].port = rnd(s->ports);
    stq_le_p(in + 40, 0x100 + made[n].port);
    stl_le_p(in + 48, made[n].type);
    stq_le_p(in + 56, wq);
    stq_le_p(in + 64, cq);
    stl_le_p(in + 72, pages * MANA_PAGE);
    stl_le_p(in + 76, 4 * MANA_PAGE);
    stl_le_p(in + 84, some_eq());
    if (guest_command(BNIC_CREATE_WQ, DEV_NIC, 96) == STATUS_OK) {
        made[n].id = ldl_le_p(guest_page(ANSWER_PAGE) + 32);
        made[n].cq = ldl_le_p(guest_page(ANSWER_PAGE) + 36);
        made[n].object = ldq_le_p(guest_page(ANSWER_PAGE) + 40);
        made[n].memory = memory;
        made[n].pages = pages;
        made[n].tail = 0;
        objects++;
    }
}

static void steer(void)
{
    uint32_t entries = 1u << rnd(7), n = some_rq(), i;
    uint8_t *in = guest_clear(120 + 8 * entries);

    stq_le_p(in + 40, 0x100 + made[n].port);
    stw_le_p(in + 48, entries);
    stw_le_p(in + 50, 120);
    stl_le_p(in + 52, rnd(8) ? 1 : rnd(3));
    stl_le_p(in + 56, rnd(8) ? 1 : 0xffffffff);
    memset(in + 60, 1, 3);
    in[60 + rnd(3)] = rnd(2);
    stq_le_p(in + 64, made[n].object);
    stw_le_p(in + 116, rnd(10) ? 0x3f : rnd(0x10000));
    for (i = 0; i < 40; i++) {
        in[72 + i] = rnd(256);
    }
    for (i = 0; i < entries; i++) {
        stq_le_p(in + 120 + 8 * i,
                 made[rnd(200) ? n : some_object()].object);
    }
    guest_command(BNIC_STEERING, DEV_NIC, 120 + 8 * entries);
}

static void any_command(void)
{
    static const uint32_t codes[] = {
        GDMA_VERSION, GDMA_MAXIMA, GDMA_DEVICES, GDMA_REGISTER,
        GDMA_DEREGISTER, GDMA_TEST_EVENT, GDMA_DISABLE_QUEUE,
        GDMA_DESTROY_REGION, GDMA_CREATE_DOMAIN, GDMA_DESTROY_DOMAIN,
        BNIC_CONFIG, BNIC_STATS, BNIC_PORT_TX,
        BNIC_DESTROY_WQ, BNIC_FENCE, BNIC_PORT, 0x30001,
    };
    uint32_t code = codes[rnd(ARRAY_SIZE(codes))];
    uint32_t n = some_object();
    uint8_t *in = guest_clear(128);

    stq_le_p(in + 40, rnd(3) ? made[n].object : rnd(400));
    if (code == BNIC_DESTROY_WQ) {
        stl_le_p(in + 40, made[n].type);
        stq_le_p(in + 48, made[n].object);
    } else if (code == GDMA_DISABLE_QUEUE) {
        stl_le_p(in + 40, MANA_EQ);
        stl_le_p(in + 44, some_eq());
    } else if (code == GDMA_TEST_EVENT) {
        stl_le_p(in + 40, some_eq());
    }
    if (code != GDMA_DEREGISTER || !rnd(8)) {
        guest_command(code, rnd(20) ? DEV_NIC : rnd(5), 128);
    }
}

/* One of a few flows, its checksums left to the device. Return: its length. */
static uint32_t make_frame(uint8_t *f, uint32_t data)
{
    bool v6 = rnd(2), tcp = rnd(4);
    uint32_t head = tcp ? 20 : 8, l4 = v6 ? 54 : 34;

    memset(f, 0, 100);
    f[6] = 2;
    stw_be_p(f + 12, v6 ? 0x86dd : 0x0800);
    f[14] = v6 ? 0x60 : 0x45;
    f[v6 ? 20 : 23] = tcp ? 6 : 17;
    stw_be_p(f + (v6 ? 18 : 16), (v6 ? 0 : 20) + head + data);
    stw_be_p(f + l4, 1000 + rnd(16));
    f[l4 + 12] = tcp ? 0x50 : 0;
    if (!rnd(6)) {
        guest_scribble(f, 80);
    }
    return l4 + head + data;
}

static void post(uint32_t n, const uint8_t *e, uint32_t len)
{
    uint32_t i;

    for (i = 0; i < len; i++) {
        uint32_t off = (made[n].tail + i) % (made[n].pages * MANA_PAGE);

        bus.memory[(made[n].memory + off) % MEMORY_LEN] = e[i];
    }
    made[n].tail += len;
    guest_ring(1, made[n].type == MANA_SQ ? DOORBELL_SQ : DOORBELL_RQ,
               made[n].id, made[n].tail);
}

static uint32_t put_sge(uint8_t *p, uint64_t addr, uint32_t size)
{
    stq_le_p(p, rnd(100) ? addr : 1ull << rnd(64));
    stl_le_p(p + 8, mana_key_of(DEV_NIC));
    stl_le_p(p + 12, size);
    return SGE_SIZE;
}

static void send_frame(uint32_t n)
{
    bool lso = !rnd(3), is_long = rnd(2);
    uint32_t oob = is_long ? 24 : 8, at = is_long ? 32 : 16, sges = 1, w0, l4;
    uint64_t memory = (FIRST_PAGE + rnd(64)) * MANA_PAGE;
    uint8_t *f = bus.memory + memory, e[256] = {};
    uint32_t len = make_frame(f, lso ? rnd(60000) : rnd(8900));

    l4 = f[12] == 0x86 ? 54 : 34;
    w0 = is_long | (l4 == 54 ? OOB_IPV6 : OOB_IPV4) | made[n].cq << 8 |
         (f[l4 - (l4 == 54 ? 34 : 11)] == 6 ? OOB_TCP_CSUM : OOB_UDP_CSUM);
    stl_le_p(e + 8, rnd(4) ? w0 : w0 & ~(OOB_TCP_CSUM | OOB_UDP_CSUM));
    stl_le_p(e + 12, (w0 & OOB_TCP_CSUM ? l4 : 0) | (1 + rnd(2)) << 24);
    stl_le_p(e + 16, rnd(16) << 3);
    if (lso) {
        at += put_sge(e + at, memory, l4 + 20);
        at += put_sge(e + at, memory + l4 + 20, len - l4 - 20);
        sges = 2;
    } else {
        at += put_sge(e + at, memory, len);
    }
    stl_le_p(e + 4, sges | (oob / 4) << 8 | (lso ? WQE_LSO : 0) |
             (rnd(3) ? 1448 : rnd(0x4000)) << 16);
    if (!rnd(40)) {
        guest_scribble(e, 64);
    }
    post(n, e, ROUND_UP(at, WQE_UNIT));
}

static void post_buffer(uint32_t n)
{
    uint8_t e[WQE_UNIT] = {};

    stl_le_p(e + 4, 1 | WQE_OOB_SHORT << 8);
    put_sge(e + 16, rnd(MEMORY_LEN), rnd(20) ? 1514 : rnd(2000));
    post(n, e, sizeof(e));
}

static void work_objects(void)
{
    uint32_t n = some_object(), burst = 1 + rnd(20);

    while (burst-- && made[n].object) {
        if (made[n].type == MANA_SQ) {
            send_frame(n);
        } else {
            post_buffer(n);
        }
    }
    guest_see(DOORBELL_CQ, made[n].cq < MANA_CQS ? s->cq[made[n].cq] : NULL);
    n = some_eq();
    guest_see(DOORBELL_EQ, n < MANA_EQS ? s->eq[n] : NULL);
}

static void receive_frames(void)
{
    static uint8_t frame[70000];
    uint32_t burst = 1 + rnd(20), len;

    while (burst--) {
        len = make_frame(frame, rnd(20) ? rnd(1400) : rnd(60000));
        if (!rnd(10)) {
            len = rnd(80);
        }
        mana_rx(qemu_get_queue(s->port[rnd(s->ports)].nic), frame, len);
        offered++;
    }
}

static void odd_access(void)
{
    uint32_t size = 1u << rnd(4);

    bus_read(s, rnd(MANA_BAR0 / 8) * 8, size);
    bus_write(s, rnd(MANA_BAR0 / 8) * 8, rnd(0xffffffff), size);
}

static void temper(void)
{
    s->temper = (ManaTemper) { rnd(3) ? 0 : BNIC_FENCE, rnd(2), rnd(2),
                               rnd(2), !rnd(8) };
    if (!rnd(20)) {
        s->tell |= 1 + rnd(3);
    }
}

static void start(void)
{
    int i;

    objects = eq_count = 0;
    guest_mailbox(MAILBOX_ESTABLISH);
    guest_clear(640);
    guest_command(GDMA_VERSION, DEV_NONE, 640);
    guest_command(GDMA_REGISTER, DEV_NIC, 40);
    for (i = 0; i < 3; i++) {
        make_eq();
        make_object();
        make_object();
    }
    for (i = 0; i < s->ports; i++) {
        uint8_t *in = guest_clear(56);

        stq_le_p(in + 40, 0x100 + i);
        stl_le_p(in + 48, mana_pd_of(DEV_NIC));
        stl_le_p(in + 52, mana_page_of(DEV_NIC));
        guest_command(BNIC_PORT_TX, DEV_NIC, 56);
    }
    steer();
}

static void step(void)
{
    switch (rnd(16)) {
    case 0:
        make_eq();
        break;
    case 1:
        make_object();
        break;
    case 2:
        steer();
        break;
    case 3:
    case 4:
        any_command();
        break;
    case 5:
        temper();
        break;
    case 6:
        odd_access();
        break;
    case 7:
        if (!rnd(40)) {
            guest_mailbox(rnd(4));
        }
        if (!s->hwc.up || s->sq[s->hwc.sq]->dead) {
            guest_mailbox(MAILBOX_DESTROY);
            start();
        }
        break;
    case 8:
    case 9:
    case 10:
        receive_frames();
        break;
    default:
        work_objects();
    }
    bus_main_loop();
}

static void check_stopped(void)
{
    uint32_t i;

    for (i = 0; i < MANA_WQS; i++) {
        check(!s->sq[i] && !s->rq[i], "keeps a work queue");
    }
    for (i = 0; i < MANA_CQS; i++) {
        check(!s->cq[i], "keeps a completion queue");
    }
    for (i = 0; i < MANA_EQS; i++) {
        check(!s->eq[i], "keeps an event queue");
    }
    check(!s->region_pages, "keeps pages");
}

static void life(void)
{
    int i;

    memset(s, 0, sizeof(*s));
    memset(made, 0, sizeof(made));
    bus_init(s);
    guest_init(s);
    start();
    for (i = 0; i < STEPS; i++) {
        step();
#ifdef LIBFUZZER
        if (!bus.left) {
            break;
        }
#endif
    }
    received += s->stats.rx.packets[0] + s->stats.rx.packets[2];
    sent += s->stats.tx.packets[0] + s->stats.tx.packets[2];
    events += s->stats.events;
    overflows += s->stats.overflow;
    errors += s->error_count;
    g_free(mana_counters(s));
    mana_stop(s);
    check_stopped();
    bus_exit(s);
    lives++;
}

#ifdef LIBFUZZER
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    init_clocks(NULL);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bus.state = 0;
    bus.input = data;
    bus.left = size;
    memset(bus.memory, 0, sizeof(bus.memory));
    life();
    return 0;
}
#else
int main(int argc, char **argv)
{
    int64_t seconds = atoi(argv[1]);
    int64_t end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    uint32_t seed = argc > 2 ? atoi(argv[2]) : 1;

    init_clocks(NULL);
    while (g_get_monotonic_time() < end) {
        bus.seed = seed;
        bus.state = seed++;
        life();
    }
    printf("%" PRIu64 " lives (seeds up to %u): %" PRIu64 " commands, %"
           PRIu64 " of them refused, %" PRIu64 " frames sent, %" PRIu64 " of %"
           PRIu64 " received, %" PRIu64 " events, %" PRIu64 " interrupts, %"
           PRIu64 " posts too many, %" PRIu64 " errors\n", lives, seed - 1,
           bus.commands, bus.refused, sent, received, offered, events,
           bus.interrupts, overflows, errors);
    /* Had the lives all ended at once, nothing would have been tried. */
    return !(bus.refused && sent && received && bus.interrupts && errors);
}
#endif
