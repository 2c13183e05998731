/*
 * How a guest speaks to mana: registers, and the hardware channel
 *
 * Each of these is now and then not what it should be.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana_bus.h"

static Mana *s;
static uint32_t sq_tail, rq_tail;       /* of the channel */

void guest_init(Mana *device)
{
    s = device;
}

uint8_t *guest_page(uint32_t n)
{
    return bus.memory + (n % MEMORY_PAGES) * MANA_PAGE;
}

void guest_scribble(uint8_t *p, uint32_t len)
{
    static const uint32_t odd[] = {
        0, 1, 7, 8, 31, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff, 4096,
    };
    uint32_t n = 1 + rnd(3);

    while (n--) {
        if (rnd(2)) {
            stl_le_p(p + rnd(len / 4) * 4, odd[rnd(ARRAY_SIZE(odd))]);
        } else {
            p[rnd(len)] = rnd(256);
        }
    }
}

void guest_ring(uint32_t db_page, uint32_t type, uint32_t id, uint32_t value)
{
    if (!rnd(60)) {
        db_page = rnd(MANA_PAGES);
    }
    if (!rnd(60)) {
        value = rnd(2) ? rnd(0x10000) : rnd(8) << 29;
    }
    bus_write(s, MANA_PAGE * (1 + db_page) + type,
              (uint64_t)value << 32 | id, rnd(100) ? 8 : 4);
}

void guest_mailbox(uint32_t type)
{
    uint32_t i;

    for (i = 0; i < 4 && type == MAILBOX_ESTABLISH; i++) {
        stl_le_p(guest_page(7) + 6 * i, i);
        stw_le_p(guest_page(7) + 6 * i + 4, 0);
    }
    stl_le_p(guest_page(7) + 24, rnd(20) ? 0 : rnd(64) << 16);
    for (i = 0; i < 28; i += 4) {
        bus_write(s, REG_MAILBOX + i, ldl_le_p(guest_page(7) + i), 4);
    }
    bus_write(s, REG_MAILBOX + 28, type | MAILBOX_BUSY, 4);
    bus_main_loop();
    sq_tail = rq_tail = 0;
}

static void post_answer_buffer(void)
{
    uint8_t *e = guest_page(2) + rq_tail % MANA_PAGE;

    memset(e, 0, WQE_UNIT);
    stl_le_p(e + 4, 1 | WQE_OOB_SHORT << 8);
    stq_le_p(e + 16, ANSWER_PAGE * MANA_PAGE);
    stl_le_p(e + 24, mana_key_of(DEV_HWC));
    stl_le_p(e + 28, MANA_MESSAGE);
    rq_tail += WQE_UNIT;
    guest_ring(0, DOORBELL_RQ, s->hwc.rq, rq_tail);
}

/* The guest has seen what was posted, or some of it. */
void guest_see(uint32_t type, const ManaPosts *q)
{
    if (q) {
        guest_ring(q->page, type, q->id,
             (q->head - (rnd(3) ? 0 : rnd(9))) % (8 * q->entries) |
             (rnd(4) ? DOORBELL_ARM : 0));
    }
}

/* Send what lies in the request page. Return: the answer's status. */
uint32_t guest_command(uint32_t code, uint16_t type, uint32_t len)
{
    uint8_t *in = guest_page(REQUEST_PAGE);
    uint8_t *e = guest_page(3) + sq_tail % MANA_PAGE;
    uint32_t status;

    stl_le_p(in + REQ_CODE, code);
    stw_le_p(in + REQ_VERSION, rnd(6));
    stl_le_p(in + REQ_SIZE, len);
    stl_le_p(in + REQ_ANSWER_SIZE, rnd(10) ? 512 : rnd(8192));
    stw_le_p(in + REQ_ANSWER_VERSION, 3);
    stw_le_p(in + REQ_DEV_TYPE, type);
    stw_le_p(in + REQ_DEV_INSTANCE, type > DEV_HWC);
    if (!rnd(25)) {
        guest_scribble(in, MAX(len, 44));
    }
    memset(e, 0, 2 * WQE_UNIT);
    stl_le_p(e + 4, 1 | WQE_OOB_LONG << 8);
    stl_le_p(e + 8 + HWC_OOB_CQ, s->hwc.cq);
    stl_le_p(e + 8 + HWC_OOB_SQ, s->hwc.sq);
    stq_le_p(e + 32, REQUEST_PAGE * MANA_PAGE);
    stl_le_p(e + 40, mana_key_of(DEV_HWC));
    stl_le_p(e + 44, rnd(40) ? len : rnd(8192));
    if (!rnd(200)) {
        guest_scribble(e, 2 * WQE_UNIT);
    }
    memset(guest_page(ANSWER_PAGE), 0xee, ANSWER_HDR);
    post_answer_buffer();
    sq_tail += 2 * WQE_UNIT;
    guest_ring(0, DOORBELL_SQ, s->hwc.sq, sq_tail);
    bus_main_loop();
    guest_see(DOORBELL_CQ, s->cq[s->hwc.cq]);
    guest_see(DOORBELL_EQ, s->eq[s->hwc.eq]);
    bus.commands++;
    status = ldl_le_p(guest_page(ANSWER_PAGE) + ANSWER_STATUS);
    bus.refused += status == STATUS_REFUSED;
    return status;
}

uint8_t *guest_clear(uint32_t len)
{
    return memset(guest_page(REQUEST_PAGE), 0, len);
}
