/*
 * mana: the hardware channel
 *
 * Requests come one after the other; each is done, or as the temper wants it,
 * and answered in a buffer that the driver has posted. An answer for which
 * there is none yet waits, and so does what comes behind it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "mana.h"

static ManaRing one_page(uint64_t addr)
{
    ManaRing ring = { .page = g_new(uint64_t, 1), .size = MANA_PAGE };

    ring.page[0] = addr;
    return ring;
}

static void say(Mana *s, uint32_t type, uint32_t value)
{
    mana_event(s, s->hwc.eq, EQE_HWC_DATA, value | type << EQE_DATA_SHIFT);
}

/* The event queue's own id first: the driver cannot ring it without. */
static void introduce(Mana *s)
{
    ManaHwc *h = &s->hwc;

    mana_event(s, h->eq, EQE_HWC_EQ, h->eq | mana_page_of(DEV_HWC) << 16);
    say(s, HWC_CQ, h->cq);
    say(s, HWC_RQ, h->rq);
    say(s, HWC_SQ, h->sq);
    say(s, HWC_DEPTH, 1);
    say(s, HWC_REQUEST_MAX, MANA_MESSAGE);
    say(s, HWC_RESPONSE_MAX, MANA_MESSAGE);
    say(s, HWC_CQS, MANA_CQS);
    say(s, HWC_PD, mana_pd_of(DEV_HWC));
    say(s, HWC_KEY, mana_key_of(DEV_HWC));
    mana_event(s, h->eq, EQE_HWC_DONE, 0);
}

static ManaPosts *make_posts(Mana *s, ManaQueueType type, uint64_t addr)
{
    ManaPosts *q = mana_posts_new(s, type, MANA_PAGE);

    q->ring = one_page(addr);
    q->owner = DEV_HWC;
    q->page = mana_page_of(DEV_HWC);
    return q;
}

static ManaWork *make_work(Mana *s, ManaQueueType type, uint64_t addr)
{
    ManaWork *w = mana_work_new(s, type);

    w->ring = one_page(addr);
    w->page = mana_page_of(DEV_HWC);
    w->cq = s->hwc.cq;
    w->key = mana_key_of(DEV_HWC);
    w->port = -1;
    return w;
}

/* @pages: of EQ, CQ, RQ and SQ. Without a channel there is no other queue. */
bool mana_hwc_establish(Mana *s, const uint64_t *pages, uint32_t vector)
{
    ManaHwc *h = &s->hwc;
    ManaPosts *eq, *cq;

    if (h->up || vector >= MANA_VECTORS) {
        return false;
    }
    eq = make_posts(s, MANA_EQ, pages[0]);
    eq->vector = vector;
    cq = make_posts(s, MANA_CQ, pages[1]);
    cq->eq = eq->id;
    h->eq = eq->id;
    h->cq = cq->id;
    h->rq = make_work(s, MANA_RQ, pages[2])->id;
    h->sq = make_work(s, MANA_SQ, pages[3])->id;
    h->up = true;
    introduce(s);
    return true;
}

static void deliver(Mana *s)
{
    ManaHwc *h = &s->hwc;
    ManaWork *rq = s->rq[h->rq];
    uint8_t cqe[CQE_SIZE] = {};
    ManaWqe e;

    if (rq->head == rq->tail || !mana_wqe_next(s, rq, &e)) {
        return;
    }
    if (e.bytes < h->len || !mana_wqe_scatter(s, &e, h->answer, h->len)) {
        mana_error(s, "hwc-answer", h->len);
        h->len = 0;
        return;
    }
    stl_le_p(cqe + HWC_CQE_AT, e.at);
    stl_le_p(cqe + HWC_CQE_LEN, h->len);
    h->len = 0;
    mana_complete(s, h->cq, rq, cqe);
}

static bool met(Mana *s, uint32_t *count)
{
    if (!*count || (s->temper.code && s->temper.code != s->hwc.code)) {
        return false;
    }
    (*count)--;
    return true;
}

static uint32_t carry_out(Mana *s)
{
    const uint8_t *in = s->hwc.request;
    ManaCommand c = {
        .in = in,
        .in_len = ldl_le_p(in + REQ_SIZE),
        .out = s->hwc.answer,
        .code = s->hwc.code,
        .version = lduw_le_p(in + REQ_ANSWER_VERSION),
        .type = lduw_le_p(in + REQ_DEV_TYPE),
        .instance = lduw_le_p(in + REQ_DEV_INSTANCE),
    };
    uint32_t status = STATUS_REFUSED;

    if (met(s, &s->temper.fails)) {
        s->stats.refused++;
    } else {
        status = mana_command(s, &c);
    }
    stw_le_p(s->hwc.answer + ANSWER_VERSION, c.version);
    return status;
}

/* What the driver expects is as long as it says, with 0 where we know less. */
static void execute(Mana *s)
{
    ManaHwc *h = &s->hwc;
    const uint8_t *in = h->request;
    uint32_t status;

    h->busy = false;
    /*
     * A driver that has been told to start anew waits for no answer, and writes
     * the next request over this one: who knows which it is.
     */
    if (h->mute) {
        mana_log(s, "muted", "\"code\":%u", h->code);
        return;
    }
    if (met(s, &s->temper.silent)) {
        s->stats.silent++;
        mana_log(s, "silent", "\"code\":%u", h->code);
        return;
    }
    memset(h->answer, 0, sizeof(h->answer));
    status = carry_out(s);
    mana_log_command(s, h->code, status);
    h->len = ldl_le_p(in + REQ_ANSWER_SIZE);
    stl_le_p(h->answer + ANSWER_CODE, h->code);
    stw_le_p(h->answer + ANSWER_ID, lduw_le_p(in + REQ_ID));
    stl_le_p(h->answer + ANSWER_SIZE, h->len);
    stl_le_p(h->answer + ANSWER_DEV, ldl_le_p(in + REQ_DEV_TYPE));
    stl_le_p(h->answer + ANSWER_ACTIVITY, ldl_le_p(in + REQ_ACTIVITY));
    stl_le_p(h->answer + ANSWER_STATUS, status);
    deliver(s);
}

static bool oob_is_ours(Mana *s, const ManaWqe *e)
{
    return e->oob_len == 24 &&
           (ldl_le_p(e->oob + HWC_OOB_CQ) & HWC_OOB_ID) == s->hwc.cq &&
           (ldl_le_p(e->oob + HWC_OOB_SQ) & HWC_OOB_ID) == s->hwc.sq;
}

static bool request_is_sane(const uint8_t *in, uint32_t len)
{
    uint32_t size = ldl_le_p(in + REQ_SIZE);
    uint32_t expected = ldl_le_p(in + REQ_ANSWER_SIZE);

    return size >= REQ_HDR && size <= len && expected >= ANSWER_HDR &&
           expected <= MANA_MESSAGE;
}

/* A request that cannot be read has no answer. */
static void take(Mana *s)
{
    ManaHwc *h = &s->hwc;
    ManaWork *sq = s->sq[h->sq];
    uint8_t cqe[CQE_SIZE] = {};
    ManaWqe e;

    if (!mana_wqe_next(s, sq, &e)) {
        return;
    }
    mana_complete(s, h->cq, sq, cqe);
    if (!oob_is_ours(s, &e) || e.bytes < REQ_HDR || e.bytes > MANA_MESSAGE ||
        !mana_wqe_gather(s, &e, h->request) ||
        !request_is_sane(h->request, e.bytes)) {
        mana_error(s, "hwc-request", e.bytes);
        return;
    }
    h->code = ldl_le_p(h->request + REQ_CODE);
    h->busy = true;
    if (s->temper.delay &&
        (!s->temper.code || s->temper.code == h->code)) {
        timer_mod(s->delay_timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) +
                                  s->temper.delay);
    }
}

/*
 * Nothing is received any more: the request to end that may be among those that
 * the driver writes over. It is told even if it will not listen.
 */
static void begin_reset(Mana *s)
{
    uint32_t i;

    mana_event(s, s->hwc.eq, EQE_RESET, 0);
    if (!(s->driver_flags & DRIVER_RESETS)) {
        return;
    }
    s->hwc.mute = true;
    for (i = 0; i < s->ports; i++) {
        s->port[i].rx_on = false;
    }
}

static void tell(Mana *s)
{
    bool up = !qemu_get_queue(s->port[0].nic)->link_down;

    if (s->tell & MANA_TELL_LINK && s->driver_flags & DRIVER_LINK_EVENTS) {
        mana_event(s, s->hwc.eq, EQE_CONFIG,
                   (up ? CONFIG_LINK_UP : CONFIG_LINK_DOWN) << EQE_DATA_SHIFT);
    }
    if (s->tell & MANA_TELL_RESET) {
        begin_reset(s);
    }
    s->tell = 0;
}

void mana_hwc_work(Mana *s)
{
    ManaHwc *h = &s->hwc;

    if (!h->up) {
        s->tell = 0;
        return;
    }
    tell(s);
    if (h->len) {
        deliver(s);
    }
    for (;;) {
        if (h->busy && !timer_pending(s->delay_timer)) {
            execute(s);
        }
        if (h->busy || h->len || s->sq[h->sq]->dead ||
            s->sq[h->sq]->head == s->sq[h->sq]->tail) {
            return;
        }
        take(s);
    }
}

static void on_timer(void *opaque)
{
    Mana *s = opaque;

    qemu_bh_schedule(s->work_bh);
}

void mana_hwc_init(Mana *s)
{
    s->delay_timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, on_timer, s);
}

void mana_hwc_exit(Mana *s)
{
    timer_free(s->delay_timer);
}

/* Its queues go with all others. */
void mana_hwc_stop(Mana *s)
{
    timer_del(s->delay_timer);
    s->hwc.up = false;
    s->hwc.mute = false;
    s->hwc.busy = false;
    s->hwc.len = 0;
    s->tell = 0;
}
