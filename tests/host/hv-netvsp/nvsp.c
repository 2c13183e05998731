/*
 * hv-netvsp: NVSP, strict about order and sizes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hv-netvsp.h"

static const struct {
    uint32_t type;
    uint32_t min;
    bool wants_completion;      /* the guest has to ask for one */
    const char *name;
} guest_messages[] = {
    { NVSP_INIT,        12, true,  "INIT" },
    { NVSP_NDIS_CONFIG, 20, false, "NDIS_CONFIG" },
    { NVSP_NDIS_VER,    12, false, "NDIS_VER" },
    { NVSP_RECV_BUF,    12, true,  "RECV_BUF" },
    { NVSP_SEND_BUF,    12, true,  "SEND_BUF" },
    { NVSP_REVOKE_RECV, 6,  false, "REVOKE_RECV_BUF" },
    { NVSP_REVOKE_SEND, 6,  false, "REVOKE_SEND_BUF" },
    { NVSP_RNDIS,       16, true,  "RNDIS_PKT" },
    { NVSP_SWITCH,      8,  true,  "SWITCH_DATA_PATH" },
    { NVSP_OID_QUERY_EX, 12, true, "OID_QUERY_EX" },
    { NVSP_SUBCHANNEL,  12, true,  "SUBCHANNEL" },
};

static void dead(HvNetvsp *s, uint16_t channel, const char *why,
                 const VMBusPacket *pkt)
{
    netvsp_dead(s, channel, why, pkt->payload, pkt->payload_len);
}

uint32_t netvsp_msg_len(HvNetvsp *s)
{
    return s->c.version >= NVSP_V61 ? NVSP_LEN_V61 : NVSP_LEN;
}

static bool version_known(HvNetvsp *s, uint32_t version)
{
    static const uint32_t known[] = {
        NVSP_V1, NVSP_V2, NVSP_V4, NVSP_V5, NVSP_V6, NVSP_V61,
    };
    int i;

    for (i = 0; i < ARRAY_SIZE(known); i++) {
        if (known[i] == version) {
            return version <= s->max_version;
        }
    }
    return false;
}

static void on_init(HvNetvsp *s, VMBusPacket *pkt)
{
    uint32_t version = ldl_le_p(pkt->payload + 4);
    bool ok = version_known(s, version);
    uint8_t msg[NVSP_LEN] = {};

    if (s->c.initialized) {
        dead(s, 0, "INIT twice", pkt);
        return;
    }
    if (ok) {
        s->c.initialized = true;
        s->c.version = version;
    }
    stl_le_p(msg, NVSP_INIT_C);
    stl_le_p(msg + 4, ok && version == NVSP_V1 ? NVSP_V1 : 0xffffffff);
    stl_le_p(msg + 8, 34);
    stl_le_p(msg + 12, ok ? NVSP_OK : 0);
    netvsp_complete(s, 0, "INIT_COMPLETE", pkt->tid, msg, sizeof(msg));
}

static void on_config(HvNetvsp *s, VMBusPacket *pkt)
{
    uint32_t mtu = ldl_le_p(pkt->payload + 4);

    if (s->c.configured || s->c.recv) {
        dead(s, 0, "NDIS_CONFIG twice or too late", pkt);
        return;
    }
    s->c.configured = true;
    s->c.caps = ldq_le_p(pkt->payload + 12);
    s->c.mtu = mtu >= NETVSP_MTU_MIN && mtu <= NETVSP_MTU_MAX ?
               mtu : NETVSP_MTU_MIN;
    if (pkt->flags) {
        netvsp_complete(s, 0, "NDIS_CONFIG_COMPLETE", pkt->tid, NULL, 0);
    }
}

static void on_ndis_ver(HvNetvsp *s, VMBusPacket *pkt)
{
    if (s->c.ndis_ver) {
        dead(s, 0, "NDIS_VER twice", pkt);
        return;
    }
    s->c.ndis_ver = true;
    if (pkt->flags) {
        netvsp_complete(s, 0, "NDIS_VER_COMPLETE", pkt->tid, NULL, 0);
    }
}

static void on_recv_buf(HvNetvsp *s, VMBusPacket *pkt)
{
    VMBusChannel *chan = vmbus_device_channel(&s->parent, 0);
    uint32_t size = s->c.mtu + NETVSP_RX_DATA_OFF + NETVSP_RX_FOOTER;
    uint8_t msg[NVSP_LEN_V61] = {};

    if (s->c.recv || (s->c.version >= NVSP_V2 && !s->c.configured)) {
        dead(s, 0, "RECV_BUF twice or before NDIS_CONFIG", pkt);
        return;
    }
    s->c.recv = vmbus_get_gpadl(chan, ldl_le_p(pkt->payload + 4));
    if (!s->c.recv ||
        vmbus_gpadl_len(s->c.recv) / size < 2 * NETVSP_CONTROL_SECTIONS) {
        dead(s, 0, "RECV_BUF with an unknown or too small GPADL", pkt);
        return;
    }
    s->c.recv_id = lduw_le_p(pkt->payload + 8);
    s->c.section_size = size;
    s->c.sections = vmbus_gpadl_len(s->c.recv) / size;
    s->c.busy = bitmap_new(s->c.sections);
    s->c.section = g_new0(NetvspSection, s->c.sections);

    stl_le_p(msg, NVSP_RECV_BUF_C);
    stl_le_p(msg + 4, NVSP_OK);
    stl_le_p(msg + 8, 1);
    stl_le_p(msg + 16, size);
    stl_le_p(msg + 20, s->c.sections);
    stl_le_p(msg + 24, size * s->c.sections);
    netvsp_complete(s, 0, "RECV_BUF_COMPLETE", pkt->tid, msg,
                    netvsp_msg_len(s));
    netvsp_link_early(s);
}

static void on_send_buf(HvNetvsp *s, VMBusPacket *pkt)
{
    VMBusChannel *chan = vmbus_device_channel(&s->parent, 0);
    uint8_t msg[NVSP_LEN_V61] = {};

    if (s->c.send) {
        dead(s, 0, "SEND_BUF twice", pkt);
        return;
    }
    s->c.send = vmbus_get_gpadl(chan, ldl_le_p(pkt->payload + 4));
    if (!s->c.send || vmbus_gpadl_len(s->c.send) < NETVSP_SEND_SECTION) {
        dead(s, 0, "SEND_BUF with an unknown or too small GPADL", pkt);
        return;
    }
    s->c.send_id = lduw_le_p(pkt->payload + 8);
    s->c.send_sections = vmbus_gpadl_len(s->c.send) / NETVSP_SEND_SECTION;

    stl_le_p(msg, NVSP_SEND_BUF_C);
    stl_le_p(msg + 4, NVSP_OK);
    stl_le_p(msg + 8, NETVSP_SEND_SECTION);
    netvsp_complete(s, 0, "SEND_BUF_COMPLETE", pkt->tid, msg,
                    netvsp_msg_len(s));
}

static void on_revoke(HvNetvsp *s, VMBusPacket *pkt, VMBusGpadl **gpadl,
                      uint16_t id)
{
    if (!*gpadl || lduw_le_p(pkt->payload + 4) != id) {
        dead(s, 0, "revoke of a buffer that is not there", pkt);
        return;
    }
    vmbus_put_gpadl(*gpadl);
    *gpadl = NULL;
    s->c.revoked = true;
}

static void on_switch(HvNetvsp *s, VMBusPacket *pkt)
{
    netvsp_path_asked(s, ldl_le_p(pkt->payload + 4), pkt->tid);
}

static void on_oid_query(HvNetvsp *s, VMBusPacket *pkt)
{
    uint8_t msg[NVSP_LEN_V61] = {};

    stl_le_p(msg, NVSP_OID_QUERY_EX_C);
    stl_le_p(msg + 4, RNDIS_ST_UNSUPPORTED);
    netvsp_complete(s, 0, "OID_QUERY_EX_COMPLETE", pkt->tid, msg,
                    netvsp_msg_len(s));
}

static bool in_order(HvNetvsp *s, uint32_t type)
{
    if (type == NVSP_INIT) {
        return true;
    }
    if (!s->c.initialized || s->c.revoked) {
        /* after a revoke only the other one may follow */
        return s->c.revoked && (type == NVSP_REVOKE_RECV ||
                                type == NVSP_REVOKE_SEND);
    }
    if (type == NVSP_RNDIS) {
        return s->c.ndis_ver && s->c.recv &&
               (s->c.version < NVSP_V2 || s->c.configured);
    }
    if (type == NVSP_SWITCH) {
        return s->c.version >= NVSP_V4 && s->c.rndis;
    }
    if (type == NVSP_SUBCHANNEL) {
        return s->c.version >= NVSP_V5 && s->c.rndis;
    }
    return true;
}

static void dispatch(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt,
                     uint32_t type)
{
    switch (type) {
    case NVSP_INIT:
        on_init(s, pkt);
        break;
    case NVSP_NDIS_CONFIG:
        on_config(s, pkt);
        break;
    case NVSP_NDIS_VER:
        on_ndis_ver(s, pkt);
        break;
    case NVSP_RECV_BUF:
        on_recv_buf(s, pkt);
        break;
    case NVSP_SEND_BUF:
        on_send_buf(s, pkt);
        break;
    case NVSP_REVOKE_RECV:
        on_revoke(s, pkt, &s->c.recv, s->c.recv_id);
        break;
    case NVSP_REVOKE_SEND:
        on_revoke(s, pkt, &s->c.send, s->c.send_id);
        break;
    case NVSP_RNDIS:
        netvsp_tx(s, channel, pkt);
        break;
    case NVSP_SWITCH:
        on_switch(s, pkt);
        break;
    case NVSP_OID_QUERY_EX:
        on_oid_query(s, pkt);
        break;
    case NVSP_SUBCHANNEL:
        netvsp_subchannels(s, pkt);
        break;
    }
}

/* Something that has to be answered is answered with failure. */
static void fail(HvNetvsp *s, uint16_t channel, const char *name,
                 VMBusPacket *pkt, uint32_t type)
{
    uint8_t msg[NVSP_LEN_V61] = {};

    stl_le_p(msg, type == NVSP_INIT || type == NVSP_RECV_BUF ||
                  type == NVSP_SEND_BUF || type == NVSP_RNDIS ?
                  type + 1 : type);
    stl_le_p(msg + 4, type == NVSP_INIT ? 0xffffffff : NVSP_FAILED);
    if (pkt->flags) {
        netvsp_complete(s, channel, name, pkt->tid, msg, sizeof(msg));
    }
}

static int find_message(uint32_t type)
{
    int i;

    for (i = 0; i < ARRAY_SIZE(guest_messages); i++) {
        if (guest_messages[i].type == type) {
            return i;
        }
    }
    return -1;
}

static const char *check_message(HvNetvsp *s, uint16_t channel,
                                 const VMBusPacket *pkt, uint32_t type, int i)
{
    if (i < 0) {
        return "unknown message";
    }
    if (pkt->payload_len < guest_messages[i].min) {
        return "message shorter than its fields";
    }
    if (guest_messages[i].wants_completion && !pkt->flags) {
        return "message without a request for completion";
    }
    if (pkt->type == PKT_GPA_DIRECT && type != NVSP_RNDIS) {
        return "GPA-direct packet that is not RNDIS";
    }
    if (channel && type != NVSP_RNDIS) {
        return "message that is not for a sub-channel";
    }
    if (!in_order(s, type)) {
        return "message out of order";
    }
    return NULL;
}

static void guest_message(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt)
{
    const char *why;
    uint32_t type;
    int i;

    if (pkt->payload_len < 8) {
        dead(s, channel, "message too short", pkt);
        return;
    }
    type = ldl_le_p(pkt->payload);
    i = find_message(type);
    why = check_message(s, channel, pkt, type, i);
    if (why) {
        dead(s, channel, why, pkt);
        return;
    }
    if (type != NVSP_RNDIS) {
        netvsp_log_msg(s, "g2h", guest_messages[i].name, pkt->tid);
    }
    switch (netvsp_script_g2h(s, guest_messages[i].name)) {
    case FATE_DROP:
        break;
    case FATE_FAIL:
        fail(s, channel, guest_messages[i].name, pkt, type);
        break;
    default:
        dispatch(s, channel, pkt, type);
    }
}

static void guest_completion(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt)
{
    /* What the host asks goes over the primary. */
    if (!channel && netvsp_answered(s, pkt->tid)) {
        netvsp_log_msg(s, "g2h", "COMPLETION", pkt->tid);
    } else {
        netvsp_rx_done(s, channel, pkt);
    }
}

void netvsp_packet(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt)
{
    if (pkt->flags & ~PKT_WANTS_COMPLETION) {
        dead(s, channel, "packet with unknown flags", pkt);
    } else if (pkt->flags && !pkt->tid) {
        dead(s, channel, "request for completion with id 0", pkt);
    } else if (pkt->type == PKT_COMPLETION) {
        guest_completion(s, channel, pkt);
    } else if (pkt->type == PKT_INBAND || pkt->type == PKT_GPA_DIRECT) {
        guest_message(s, channel, pkt);
    } else {
        dead(s, channel, "packet of an unknown type", pkt);
    }
}

void netvsp_conn_free(HvNetvsp *s)
{
    netvsp_path_forget(s);
    netvsp_vf_forget(s);
    vmbus_put_gpadl(s->c.recv);
    vmbus_put_gpadl(s->c.send);
    g_free(s->c.busy);
    g_free(s->c.section);
    g_free(s->c.batch);
    g_free(s->c.rsc.frame);
    g_queue_clear_full(&s->c.control, g_free);
    g_clear_pointer(&s->c.asked, g_hash_table_destroy);
    memset(&s->c, 0, sizeof(s->c));
}

void netvsp_conn_reset(HvNetvsp *s)
{
    netvsp_conn_free(s);
    s->c.mtu = NETVSP_MTU_MIN;
    g_queue_init(&s->c.control);
    netvsp_ask_init(s);
}
