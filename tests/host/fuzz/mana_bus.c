/*
 * A machine and a network for mana to be fuzzed on: what the device calls
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "exec/memory.h"
#include "hw/pci/msix.h"
#include "mana_bus.h"

/* Behind the memory there is nothing, but for what cannot be counted to. */
#define NOWHERE                 (1ull << 40)

static const MemoryRegionOps *regs;
static NICState nic[MANA_PORTS];
static NetClientState client[MANA_PORTS];
static ManaPort *port[MANA_PORTS];

typedef struct FuzzBH {
    QEMUBHFunc *func;
    void *opaque;
    bool scheduled;
} FuzzBH;

static FuzzBH halves[3];

ManaBus bus;

void check(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "the device: %s (seed %u)\n", what, bus.seed);
        abort();
    }
}

/* As few bytes as do, or libFuzzer has nothing to learn from. */
static uint32_t from_input(uint32_t n)
{
    uint32_t value = 0, most = n - 1;

    while (most && bus.left) {
        value = value << 8 | *bus.input++;
        bus.left--;
        most >>= 8;
    }
    return value % n;
}

uint32_t rnd(uint32_t n)
{
    if (bus.left) {
        return from_input(n);
    }
    bus.state = bus.state * 6364136223846793005ull + 1442695040888963407ull;
    return (bus.state >> 33) % n;
}

/* What mana.c does when there is a machine. */
static void work(void *opaque)
{
    mana_mailbox_work(opaque);
    mana_hwc_work(opaque);
}

static void interrupt(void *opaque)
{
    mana_posts_interrupt(opaque);
}

void bus_init(Mana *s)
{
    int i;

    halves[0] = (FuzzBH) { work, s };
    halves[1] = (FuzzBH) { mana_tx_work, s };
    s->work_bh = (QEMUBH *)&halves[0];
    s->tx_bh = (QEMUBH *)&halves[1];
    halves[2] = (FuzzBH) { interrupt, s };
    s->irq_bh = (QEMUBH *)&halves[2];
    s->frame = g_malloc(MANA_ROOM + MANA_FRAME);
    s->mtu = MANA_MTU;
    s->queues = MANA_QUEUES;
    s->ports = 1 + rnd(MANA_PORTS);
    for (i = 0; i < s->ports; i++) {
        s->port[i].mana = s;
        s->port[i].index = i;
        s->port[i].nic = &nic[i];
        port[i] = &s->port[i];
    }
    mana_log_open(s, NULL);
    mana_hwc_init(s);
    mana_temper_init(s);
    mana_regs_init(s);
}

void bus_exit(Mana *s)
{
    mana_stop(s);
    mana_hwc_exit(s);
    mana_temper_exit(s);
    mana_log_close(s);
    g_free(s->frame);
}

void bus_write(Mana *s, uint64_t addr, uint64_t value, uint32_t size)
{
    regs->write(s, addr, value, size);
}

void bus_read(Mana *s, uint64_t addr, uint32_t size)
{
    regs->read(s, addr, size);
}

void bus_main_loop(void)
{
    int i;

    qemu_clock_run_timers(QEMU_CLOCK_VIRTUAL);
    for (i = 0; i < ARRAY_SIZE(halves); i++) {
        if (halves[i].scheduled) {
            halves[i].scheduled = false;
            halves[i].func(halves[i].opaque);
        }
    }
}

void qemu_bh_schedule(QEMUBH *bh)
{
    ((FuzzBH *)bh)->scheduled = true;
}

void memory_region_init_io(MemoryRegion *mr, Object *owner,
                           const MemoryRegionOps *ops, void *opaque,
                           const char *name, uint64_t size)
{
    regs = ops;
}

void pci_register_bar(PCIDevice *pci, int number, uint8_t type,
                      MemoryRegion *memory)
{
}

void msix_notify(PCIDevice *dev, unsigned vector)
{
    check(vector < MANA_VECTORS, "an interrupt that it does not have");
    bus.interrupts++;
    /* The guest may have it written where it resets the function. */
    if (!rnd(512)) {
        mana_stop(halves[2].opaque);
    }
}

MemTxResult address_space_rw(AddressSpace *as, hwaddr addr, MemTxAttrs attrs,
                             void *buf, hwaddr len, bool is_write)
{
    uint32_t off = addr % MEMORY_LEN, part;
    uint8_t *p = buf;

    check(attrs.memory, "DMA that may reach a register");
    if (addr >= NOWHERE) {
        return MEMTX_DECODE_ERROR;
    }
    while (len) {
        part = MIN(len, MEMORY_LEN - off);
        if (is_write) {
            memcpy(bus.memory + off, p, part);
        } else {
            memcpy(p, bus.memory + off, part);
        }
        p += part;
        len -= part;
        off = 0;
    }
    return MEMTX_OK;
}

NetClientState *qemu_get_queue(NICState *n)
{
    return &client[n - nic];
}

void *qemu_get_nic_opaque(NetClientState *nc)
{
    return port[nc - client];
}

/* Read all of it, and send it back now and then. */
ssize_t qemu_send_packet(NetClientState *nc, const uint8_t *buf, int len)
{
    uint8_t sum = 0;
    int i;

    check(len >= 14 && len <= MANA_MTU + 8, "a frame of a wrong length");
    for (i = 0; i < len; i++) {
        sum ^= buf[i];
    }
    bus.frames++;
    bus.sum = sum;
    if (!rnd(8)) {
        mana_rx(nc, buf, len);
    }
    return len;
}
