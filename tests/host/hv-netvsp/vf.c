/*
 * hv-netvsp: association with a VF, and the data path
 *
 * Both outlive the channel: a guest that closes it and comes back finds the
 * path where it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hv-netvsp.h"

#define SWITCH_LEN              8

static void send_association(HvNetvsp *s)
{
    uint8_t msg[NVSP_LEN_V61] = {};

    stl_le_p(msg, NVSP_VF_ASSOC);
    stl_le_p(msg + 4, s->associated);
    stl_le_p(msg + 8, s->serial);
    netvsp_ask(s, "VF_ASSOCIATION", msg, netvsp_msg_len(s));
}

static bool can_associate(HvNetvsp *s)
{
    return s->c.rndis && netvsp_alive(s, 0) && s->c.version >= NVSP_V4 &&
           s->c.caps & NVSP_CAP_SRIOV;
}

/* RNDIS is up: tell of an association that is there already. */
void netvsp_vf_announce(HvNetvsp *s)
{
    if (s->associated && can_associate(s)) {
        send_association(s);
    }
}

void netvsp_vf_associate(HvNetvsp *s, bool associate)
{
    if (s->associated == associate) {
        return;
    }
    s->associated = associate;
    netvsp_log(s, "association", "\"allocated\":%s,\"serial\":%u",
               associate ? "true" : "false", s->serial);
    if (can_associate(s)) {
        send_association(s);
    }
}

static void set_path(HvNetvsp *s, bool vf, const char *by)
{
    if (s->path_vf == vf) {
        return;
    }
    s->path_vf = vf;
    netvsp_log(s, "data-path", "\"path\":\"%s\",\"by\":\"%s\"",
               vf ? "vf" : "synthetic", by);
}

/* A request that makes no sense is completed without effect. */
void netvsp_vf_guest_switch(HvNetvsp *s, uint32_t path)
{
    set_path(s, path == 1 && s->associated && s->vf_nic, "guest");
    netvsp_switch_flush(s);
}

/* The host takes the path back by itself; it never gives it. */
void netvsp_vf_host_switch(HvNetvsp *s)
{
    uint8_t msg[SWITCH_LEN] = {};

    if (!s->path_vf) {
        return;
    }
    set_path(s, false, "host");
    if (s->c.rndis && netvsp_alive(s, 0)) {
        stl_le_p(msg, NVSP_SWITCH);
        netvsp_ask(s, "SWITCH_DATA_PATH", msg, sizeof(msg));
    }
}
