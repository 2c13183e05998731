/*
 * mana: BAR 0 - registers, the mailbox, doorbells
 *
 * The mailbox makes and ends the hardware channel. Its request starts with the
 * write of the last dword, and is done in a bottom half: no handler of an
 * access of the guest's builds or frees anything.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana.h"

static void read_block(Mana *s, uint8_t *block)
{
    memset(block, 0xff, REG_BLOCK);
    block[REG_MICRO] = 1;
    block[REG_MICRO + 1] = 0;
    block[REG_MICRO + 2] = 0;
    block[REG_MAJOR] = 1;
    stq_le_p(block + REG_DOORBELL_OFF, MANA_PAGE);
    stl_le_p(block + REG_DOORBELL_SIZE, MANA_PAGE);
    stq_le_p(block + REG_MAILBOX_OFF, REG_MAILBOX);
    stl_le_p(block + REG_MAILBOX_SIZE, MAILBOX_SIZE);
    memcpy(block + REG_MAILBOX, s->mailbox, MAILBOX_SIZE);
}

static uint64_t bar0_read(void *opaque, hwaddr addr, unsigned size)
{
    uint8_t block[REG_BLOCK];

    if (addr + size > REG_BLOCK) {
        return UINT64_MAX;
    }
    read_block(opaque, block);
    return ldn_le_p(block + addr, size);
}

static void mailbox_write(Mana *s, uint32_t off, uint32_t value)
{
    uint32_t header = ldl_le_p(s->mailbox + MAILBOX_HEADER);

    if (header & MAILBOX_BUSY) {
        mana_error(s, "mailbox-busy", off);
        return;
    }
    if (off != MAILBOX_HEADER) {
        stl_le_p(s->mailbox + off, value);
        return;
    }
    stl_le_p(s->mailbox + off, value | MAILBOX_BUSY);
    qemu_bh_schedule(s->work_bh);
}

/* Page frames: 48 bits each, one behind the other, then 4 more of each. */
static bool establish(Mana *s)
{
    uint32_t high = lduw_le_p(s->mailbox + 24), i;
    uint64_t page[4];

    for (i = 0; i < ARRAY_SIZE(page); i++) {
        const uint8_t *p = s->mailbox + 6 * i;

        page[i] = ldl_le_p(p) | (uint64_t)lduw_le_p(p + 4) << 32 |
                  (uint64_t)((high >> (4 * i)) & 0xf) << 48;
        page[i] <<= MANA_PAGE_SHIFT;
    }
    return mana_hwc_establish(s, page, lduw_le_p(s->mailbox + 26));
}

/* Do what the mailbox asks for, and answer. */
void mana_mailbox_work(Mana *s)
{
    uint32_t header = ldl_le_p(s->mailbox + MAILBOX_HEADER);
    uint32_t type = MAILBOX_TYPE(header);
    bool ok = false;

    if (!(header & MAILBOX_BUSY)) {
        return;
    }
    if (MAILBOX_VERSION(header) || header & MAILBOX_RESPONSE) {
        ok = false;
    } else if (type == MAILBOX_ESTABLISH) {
        ok = establish(s);
    } else if (type == MAILBOX_DESTROY) {
        mana_stop(s);
        ok = true;
    }
    mana_log(s, "mailbox", "\"type\":%u,\"ok\":%s", type,
             ok ? "true" : "false");
    if (!ok) {
        mana_error(s, "mailbox-request", header);
    }
    stl_le_p(s->mailbox + MAILBOX_HEADER,
             type | MAILBOX_RESPONSE |
             (ok ? 0 : MAILBOX_REFUSED << MAILBOX_STATUS_SHIFT));
}

/*
 * An interrupt may be handled still when the driver ends its queue, and who handles
 * it arms the queue at the end.
 */
static void ring_posts(Mana *s, ManaPosts *q, bool ended, uint32_t page,
                       uint32_t value)
{
    if (!q && ended) {
        s->stats.late_doorbells++;
        return;
    }
    if (!q || q->page != page) {
        mana_error(s, "doorbell-queue", value);
        return;
    }
    mana_posts_doorbell(s, q, value & ~DOORBELL_ARM, value & DOORBELL_ARM);
}

static void ring_work(Mana *s, ManaWork *w, uint32_t page, uint32_t value)
{
    if (!w || w->page != page) {
        mana_error(s, "doorbell-queue", value);
        return;
    }
    mana_work_doorbell(s, w, value);
}

static void doorbell(Mana *s, uint32_t page, uint32_t off, uint64_t value)
{
    uint32_t id = value & DOORBELL_ID, high = value >> 32;

    switch (off) {
    case DOORBELL_SQ:
        ring_work(s, id < MANA_WQS ? s->sq[id] : NULL, page, high);
        break;
    case DOORBELL_RQ:
        ring_work(s, id < MANA_WQS ? s->rq[id] : NULL, page, high);
        break;
    case DOORBELL_CQ:
        ring_posts(s, id < MANA_CQS ? s->cq[id] : NULL,
                   id < MANA_CQS && test_bit(id, s->ended_cqs), page, high);
        break;
    case DOORBELL_EQ:
        id &= DOORBELL_EQ_ID;
        ring_posts(s, id < MANA_EQS ? s->eq[id] : NULL,
                   id < MANA_EQS && test_bit(id, s->ended_eqs), page, high);
        break;
    default:
        mana_error(s, "doorbell-type", off);
    }
}

static void bar0_write(void *opaque, hwaddr addr, uint64_t value,
                       unsigned size)
{
    Mana *s = opaque;

    if (addr >= MANA_PAGE && size == 8) {
        doorbell(s, addr / MANA_PAGE - 1, addr % MANA_PAGE, value);
    } else if (addr >= REG_MAILBOX && addr < REG_MAILBOX + MAILBOX_SIZE &&
               size == 4) {
        mailbox_write(s, addr - REG_MAILBOX, value);
    } else {
        mana_error(s, "access", addr);
    }
}

static const MemoryRegionOps bar0_ops = {
    .read = bar0_read,
    .write = bar0_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

void mana_regs_init(Mana *s)
{
    memory_region_init_io(&s->bar0, OBJECT(s), &bar0_ops, s, "mana-regs",
                          MANA_BAR0);
    pci_register_bar(&s->parent, 0, PCI_BASE_ADDRESS_SPACE_MEMORY |
                     PCI_BASE_ADDRESS_MEM_TYPE_64 |
                     PCI_BASE_ADDRESS_MEM_PREFETCH, &s->bar0);
}
