/*
 * hv-netvsp: the data path, and how it is moved
 *
 * It outlives the channel: a guest that closes it and comes back finds the
 * path where it was. A switch that is still on its way ends with the channel
 * and moves nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "hv-netvsp.h"

#define SWITCH_LEN              8
#define TID_SWITCH              0x8000000000000001ull
/* How soon a host that stands still is looked at again. */
#define AGAIN_MS                20

static const char *name_of(bool vf)
{
    return vf ? "vf" : "synthetic";
}

static void set_path(HvNetvsp *s, bool vf, const char *by)
{
    if (s->path.vf == vf) {
        return;
    }
    s->path.vf = vf;
    netvsp_log(s, "data-path", "\"path\":\"%s\",\"by\":\"%s\"", name_of(vf),
               by);
}

static void tell_synthetic(HvNetvsp *s)
{
    uint8_t msg[SWITCH_LEN] = {};

    if (s->c.rndis && netvsp_alive(s, 0)) {
        stl_le_p(msg, NVSP_SWITCH);
        netvsp_ask(s, "SWITCH_DATA_PATH", TID_SWITCH, msg, sizeof(msg));
    }
}

static void answer(HvNetvsp *s, uint64_t tid)
{
    netvsp_complete(s, 0, "SWITCH_DATA_PATH_COMPLETE", tid, NULL, 0);
}

/* Whether a switch that has something to move is to fail. */
static bool fails(HvNetvsp *s, bool vf)
{
    uint32_t *left = vf ? &s->temper.switch_fails :
                          &s->temper.switch_back_fails;

    if (s->path.vf == vf || !*left) {
        return false;
    }
    (*left)--;
    s->path.failed++;
    netvsp_log(s, "switch-failed", "\"path\":\"%s\"", name_of(vf));
    return true;
}

/* The guest cannot tell: the answer is the same, whatever has happened. */
static void finish(HvNetvsp *s)
{
    NetvspPath *p = &s->path;
    /* A request that makes no sense is completed without effect. */
    bool vf = p->wanted && s->associated && s->vf_nic;
    bool failed = fails(s, vf);

    p->pending = false;
    if (!failed) {
        set_path(s, vf, "guest");
        netvsp_switch_flush(s);
    }
    answer(s, p->tid);
    if (failed && vf) {
        tell_synthetic(s);
    }
}

static void on_timer(void *opaque)
{
    HvNetvsp *s = opaque;

    if (s->frozen) {
        timer_mod(s->path.timer,
                  qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + AGAIN_MS);
    } else {
        finish(s);
    }
}

/*
 * 129 from the guest. One at a time: what comes meanwhile is completed before
 * the one that is on its way, and has no effect.
 */
void netvsp_path_asked(HvNetvsp *s, uint32_t path, uint64_t tid)
{
    NetvspPath *p = &s->path;

    if (p->pending || s->c.untold) {
        p->ignored++;
        netvsp_log(s, "switch-ignored", "\"path\":\"%s\"", name_of(path == 1));
        answer(s, tid);
        return;
    }
    p->pending = true;
    p->wanted = path == 1;
    p->tid = tid;
    if (s->temper.switch_delay) {
        netvsp_log(s, "switch-pending", "\"path\":\"%s\"", name_of(p->wanted));
        timer_mod(p->timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) +
                            s->temper.switch_delay);
    } else {
        finish(s);
    }
}

/* The host takes the path back by itself; it never gives it. */
void netvsp_path_take(HvNetvsp *s)
{
    if (s->path.vf) {
        set_path(s, false, "host");
        tell_synthetic(s);
    }
}

/* The channel is gone, and with it whoever waits for the answer. */
void netvsp_path_forget(HvNetvsp *s)
{
    s->path.pending = false;
    timer_del(s->path.timer);
}

void netvsp_path_init(HvNetvsp *s)
{
    s->path.timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, on_timer, s);
}

void netvsp_path_exit(HvNetvsp *s)
{
    timer_free(s->path.timer);
}
