/*
 * A VMBus and a network for hv-netvsp to be fuzzed on: what the device calls
 *
 * The bus checks what a guest would have to rely on: that the device never
 * writes to sections that the guest has, nor beyond the buffer, nor over a
 * channel that is not open, and drops all its references.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/iov.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "exec/memory.h"
#include "bus.h"

struct VMBusChannel {
    VMBusDevice *dev;
    uint32_t idx;
};

struct VMBusGpadl {
    uint8_t *mem;
    uint32_t len;
    int refs;
};

static VMBusChannel channels[NETVSP_MAX_CHANNELS];
static VMBusGpadl gpadls[2] = { { .len = RECV_LEN }, { .len = SEND_LEN } };
static const NetClientInfo *uplink;
static NICState nic;
static HvNetvsp *device;
static QEMUBHFunc *bh_func;
static void *bh_opaque;
static bool bh_scheduled;
static bool notified[NETVSP_MAX_CHANNELS];

FuzzBus bus;

void check(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "the device: %s (seed %u)\n", what, bus.seed);
        abort();
    }
}

uint32_t rnd(uint32_t n)
{
    bus.state = bus.state * 6364136223846793005ull + 1442695040888963407ull;
    return (bus.state >> 33) % n;
}

void bus_init(HvNetvsp *s)
{
    int i;

    device = s;
    memset(notified, 0, sizeof(notified));
    for (i = 0; i < NETVSP_MAX_CHANNELS; i++) {
        channels[i] = (VMBusChannel) { &s->parent, i };
    }
    for (i = 0; i < 2; i++) {
        gpadls[i].mem = g_malloc0(gpadls[i].len);
    }
}

void bus_exit(void)
{
    int i;

    for (i = 0; i < 2; i++) {
        check(!gpadls[i].refs, "holds a GPADL");
        g_free(gpadls[i].mem);
    }
}

/* The guest forgets what the host has sent over a channel. */
void bus_forget(uint32_t channel)
{
    uint32_t i, left = 0;

    for (i = 0; i < bus.xfers; i++) {
        if (bus.xfer[i].channel != channel) {
            bus.xfer[left++] = bus.xfer[i];
        }
    }
    bus.xfers = left;
}

uint32_t bus_outstanding(void)
{
    uint32_t i, n = 0;

    for (i = 0; i < bus.xfers; i++) {
        n += bus.xfer[i].ranges;
    }
    return n;
}

/* The guest gives back what it got with an id, if it has it. */
void bus_completed(uint32_t channel, uint64_t tid)
{
    uint32_t i;

    for (i = 0; i < bus.xfers; i++) {
        if (bus.xfer[i].channel == channel && bus.xfer[i].tid == tid) {
            bus.xfer[i] = bus.xfer[--bus.xfers];
            return;
        }
    }
    bus.lied |= tid != bus.asked;
}

uint8_t *bus_send_buffer(void)
{
    return gpadls[1].mem;
}

VMBusChannel *bus_channel(uint32_t idx)
{
    return &channels[idx];
}

VMBusDevice *vmbus_channel_device(VMBusChannel *chan)
{
    return chan->dev;
}

VMBusChannel *vmbus_device_channel(VMBusDevice *dev, uint32_t idx)
{
    return &channels[idx];
}

uint32_t vmbus_channel_idx(VMBusChannel *chan)
{
    return chan->idx;
}

int vmbus_device_offer_subchannels(VMBusDevice *dev, unsigned int count)
{
    check(count && count < device->channels, "offers what it does not have");
    bus.offered = count;
    return 0;
}

VMBusGpadl *vmbus_get_gpadl(VMBusChannel *chan, uint32_t id)
{
    if (!id || id > 2) {
        return NULL;
    }
    gpadls[id - 1].refs++;
    return &gpadls[id - 1];
}

void vmbus_put_gpadl(VMBusGpadl *gpadl)
{
    if (gpadl) {
        gpadl->refs--;
        check(gpadl->refs >= 0, "drops a GPADL twice");
    }
}

uint32_t vmbus_gpadl_len(VMBusGpadl *gpadl)
{
    return gpadl->len;
}

static bool overlaps(uint32_t off, uint32_t len)
{
    uint32_t i, k;

    for (i = 0; i < bus.xfers; i++) {
        for (k = 0; k < bus.xfer[i].ranges; k++) {
            const FuzzRange *r = &bus.xfer[i].range[k];

            if (off < r->off + r->len && r->off < off + len) {
                return true;
            }
        }
    }
    return false;
}

ssize_t vmbus_iov_to_gpadl(VMBusChannel *chan, VMBusGpadl *gpadl, uint32_t off,
                           const struct iovec *iov, size_t cnt)
{
    uint32_t len = iov_size(iov, cnt);

    check(gpadl->refs > 0, "writes to a GPADL that it has dropped");
    check(off <= gpadl->len && len <= gpadl->len - off, "writes beyond");
    check(bus.lied || !overlaps(off, len), "writes to what the guest has");
    return iov_to_buf(iov, cnt, 0, gpadl->mem + off, len);
}

ssize_t vmbus_gpadl_to_iov(VMBusChannel *chan, VMBusGpadl *gpadl, uint32_t off,
                           const struct iovec *iov, size_t cnt)
{
    uint32_t len = iov_size(iov, cnt);

    check(off <= gpadl->len && len <= gpadl->len - off, "reads beyond");
    return iov_from_buf(iov, cnt, 0, gpadl->mem + off, len);
}

int vmbus_channel_recv_packet(VMBusChannel *chan, VMBusPacket *pkt,
                              const char **why)
{
    if (!bus.pending || bus.pending_channel != chan->idx) {
        return 0;
    }
    bus.pending = false;
    *pkt = bus.packet;
    return 1;
}

void vmbus_channel_notify_host(VMBusChannel *chan)
{
    notified[chan->idx] = true;
}

void vmbus_packet_clear(VMBusPacket *pkt)
{
    g_free(pkt->desc);
}

static void note_xfer(uint32_t channel, uint64_t tid, const uint8_t *desc,
                      uint32_t desc_len)
{
    FuzzXfer *x = &bus.xfer[bus.xfers++];
    uint32_t i;

    check(bus.xfers <= XFERS, "sends more than it has sections");
    x->channel = channel;
    x->tid = tid;
    x->ranges = ldl_le_p(desc + 4);
    check(x->ranges && x->ranges <= NETVSP_RX_RANGES, "number of ranges");
    check(desc_len == 8 + 8 * x->ranges, "length of the ranges");
    for (i = 0; i < x->ranges; i++) {
        FuzzRange *r = &x->range[i];

        r->len = ldl_le_p(desc + 8 + 8 * i);
        r->off = ldl_le_p(desc + 12 + 8 * i);
        check(r->off < RECV_LEN && r->len <= RECV_LEN - r->off, "a range");
        check(bus.lied || (r->len >= 8 && ldl_le_p(gpadls[0].mem + r->off +
                                                   4) == r->len),
              "RNDIS length");
    }
}

int vmbus_channel_send_packet(VMBusChannel *chan, uint16_t type,
                              uint16_t flags, uint64_t tid,
                              const void *desc, uint32_t desc_len,
                              const void *payload, uint32_t payload_len)
{
    if (!bus.open[chan->idx]) {
        return -EINVAL;
    }
    if (!rnd(bus.full ? 2 : 20)) {
        return -ENOSPC;
    }
    if (type == PKT_XFER_PAGES) {
        note_xfer(chan->idx, tid, desc, desc_len);
    } else if (type == PKT_INBAND && flags) {
        bus.asked = tid;
    }
    bus.sent++;
    return 0;
}

/* Guest memory: random, or what the guest has put there. */
MemTxResult address_space_rw(AddressSpace *as, hwaddr addr, MemTxAttrs attrs,
                             void *buf, hwaddr len, bool is_write)
{
    uint32_t off = addr & (MEMORY_LEN - 1), part;
    uint8_t *p = buf;

    if (addr >> 40) {
        return MEMTX_DECODE_ERROR;
    }
    while (len) {
        part = MIN(len, MEMORY_LEN - off);
        memcpy(p, bus.memory + off, part);
        p += part;
        len -= part;
        off = 0;
    }
    return MEMTX_OK;
}

NICState *qemu_new_nic(NetClientInfo *info, NICConf *conf, const char *model,
                       const char *name, MemReentrancyGuard *guard,
                       void *opaque)
{
    uplink = info;
    return &nic;
}

void qemu_del_nic(NICState *n)
{
}

void qemu_format_nic_info_str(NetClientState *nc, uint8_t macaddr[6])
{
}

NetClientState *qemu_get_queue(NICState *n)
{
    return NULL;
}

void *qemu_get_nic_opaque(NetClientState *nc)
{
    return device;
}

void qemu_flush_queued_packets(NetClientState *nc)
{
}

/* Read all of it, and send it back now and then. */
ssize_t qemu_send_packet(NetClientState *nc, const uint8_t *buf, int len)
{
    uint8_t sum = 0;
    int i;

    check(len >= 14 && len <= NETVSP_MTU_MAX + 4, "a frame of a wrong length");
    for (i = 0; i < len; i++) {
        sum ^= buf[i];
    }
    bus.frames++;
    bus.sum = sum;
    return len;
}

bool bus_uplink(const uint8_t *frame, uint32_t len)
{
    return uplink->receive(NULL, frame, len);
}

QEMUBH *qemu_bh_new_full(QEMUBHFunc *cb, void *opaque, const char *name,
                         MemReentrancyGuard *guard)
{
    bh_func = cb;
    bh_opaque = opaque;
    return NULL;
}

void qemu_bh_schedule(QEMUBH *bh)
{
    bh_scheduled = true;
}

void qemu_bh_delete(QEMUBH *bh)
{
    bh_scheduled = false;
}

void bus_main_loop(void)
{
    int i;

    qemu_clock_run_timers(QEMU_CLOCK_VIRTUAL);
    for (i = 0; i < NETVSP_MAX_CHANNELS; i++) {
        if (notified[i]) {
            notified[i] = false;
            bus.notify(&channels[i]);
        }
    }
    if (bh_scheduled) {
        bh_scheduled = false;
        bh_func(bh_opaque);
    }
}

Object *object_dynamic_cast_assert(Object *obj, const char *type,
                                   const char *file, int line,
                                   const char *func)
{
    return obj;
}
