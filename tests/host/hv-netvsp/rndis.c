/*
 * hv-netvsp: RNDIS control messages and OIDs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hv-netvsp.h"

#define INIT_C_LEN              52
#define MAX_PKTS                8
#define MAX_XFER                0xefffffffu
#define ALIGN_LOG2              3
#define ANSWER_MAX              256

#define OFFLOAD_LEN             156
#define OFFLOAD_MIN             112
#define ENCAP_8023              2
#define CSUM4_CAPS              0x155   /* options, TCP, UDP, IP header */
#define CSUM6_CAPS              0x55
#define LSO_MIN_SEGMENTS        2
#define LSO6_OPTIONS            5

#define LINK_SPEED_100BPS       100000000u      /* 10 Gbit/s */
#define RSS_CAPS_LEN            18
#define RSC_OFF                 1
#define RSC_ON                  2

static bool rsc_possible(HvNetvsp *s)
{
    return s->rsc && s->c.version >= NVSP_V61 && s->c.caps & NVSP_CAP_RSC;
}

/* Return: bytes, or -1 if the OID is not known. */
static int query_offload(HvNetvsp *s, const uint8_t *in, uint32_t in_len,
                         uint8_t *out)
{
    uint32_t size = in_len >= 4 ? lduw_le_p(in + 2) : 0;

    if (size < OFFLOAD_MIN || in[0] != 0xa7) {
        return -1;
    }
    out[0] = 0xa7;
    out[1] = size >= OFFLOAD_LEN ? 3 : size >= 144 ? 2 : 1;
    size = out[1] == 3 ? OFFLOAD_LEN : out[1] == 2 ? 144 : OFFLOAD_MIN;
    stw_le_p(out + 2, size);
    stl_le_p(out + 4, ENCAP_8023);
    stl_le_p(out + 8, CSUM4_CAPS);
    stl_le_p(out + 12, ENCAP_8023);
    stl_le_p(out + 16, CSUM4_CAPS);
    stl_le_p(out + 20, ENCAP_8023);
    stl_le_p(out + 24, CSUM6_CAPS);
    stl_le_p(out + 28, ENCAP_8023);
    stl_le_p(out + 32, CSUM6_CAPS);
    stl_le_p(out + 80, ENCAP_8023);
    stl_le_p(out + 84, NETVSP_LSO_MAX);
    stl_le_p(out + 88, LSO_MIN_SEGMENTS);
    stl_le_p(out + 92, ENCAP_8023);
    stl_le_p(out + 96, NETVSP_LSO_MAX);
    stl_le_p(out + 100, LSO_MIN_SEGMENTS);
    stl_le_p(out + 104, LSO6_OPTIONS);
    if (size >= 144 + 2) {
        out[144] = rsc_possible(s);
        out[145] = rsc_possible(s);
    }
    return size;
}

static int query_rss_caps(HvNetvsp *s, uint8_t *out)
{
    out[0] = 0x88;
    out[1] = 2;
    stw_le_p(out + 2, RSS_CAPS_LEN);
    stl_le_p(out + 4, 0x301);
    stl_le_p(out + 12, s->channels);
    stw_le_p(out + 16, NETVSP_RSS_TABLE);
    return RSS_CAPS_LEN;
}

static int query_name(uint8_t *out)
{
    static const char name[] = "hv-netvsp";
    int i;

    for (i = 0; i < sizeof(name) - 1; i++) {
        stw_le_p(out + 2 * i, name[i]);
    }
    return 2 * i;
}

static int query(HvNetvsp *s, uint32_t oid, const uint8_t *in, uint32_t in_len,
                 uint8_t *out)
{
    switch (oid) {
    case OID_MAX_FRAME:
        stl_le_p(out, s->c.mtu - 14);
        return 4;
    case OID_PERMANENT_MAC:
        memcpy(out, s->conf.macaddr.a, 6);
        return 6;
    case OID_FRIENDLY_NAME:
        return query_name(out);
    case OID_HW_OFFLOAD:
        return query_offload(s, in, in_len, out);
    case OID_MEDIA_CONNECT:
        stl_le_p(out, !s->link.up && !s->temper.always_connected);
        return 4;
    case OID_LINK_SPEED:
        stl_le_p(out, LINK_SPEED_100BPS);
        return 4;
    case OID_RSS_CAPS:
        return query_rss_caps(s, out);
    case OID_PACKET_FILTER:
        stl_le_p(out, s->c.filter);
        return 4;
    }
    return -1;
}

static uint32_t set_filter(HvNetvsp *s, const uint8_t *in, uint32_t len)
{
    if (len != 4) {
        return RNDIS_ST_INVALID_DATA;
    }
    s->c.filter = ldl_le_p(in);
    netvsp_log(s, "filter", "\"value\":%u", s->c.filter);
    netvsp_rx_kick(s);
    return RNDIS_ST_OK;
}

static uint32_t set_multicast(HvNetvsp *s, const uint8_t *in, uint32_t len)
{
    if (len % sizeof(MACAddr) || len > sizeof(s->c.multicast)) {
        return RNDIS_ST_INVALID_DATA;
    }
    memcpy(s->c.multicast, in, len);
    s->c.multicasts = len / sizeof(MACAddr);
    return RNDIS_ST_OK;
}

/* @how: 0 leaves it as it is. Return: false if it cannot be. */
static bool set_rsc(HvNetvsp *s, bool *rsc, uint8_t how)
{
    if (how > RSC_ON || (how == RSC_ON && !rsc_possible(s))) {
        return false;
    }
    if (how) {
        *rsc = how == RSC_ON;
        netvsp_log(s, "rsc", "\"on\":%s", *rsc ? "true" : "false");
    }
    return true;
}

static uint32_t set_offload(HvNetvsp *s, const uint8_t *in, uint32_t len)
{
    uint8_t config[OFFLOAD_LEN] = {};
    uint8_t asked[OFFLOAD_LEN] = { 0xa7, 3, OFFLOAD_LEN };

    if (len < 20 || in[0] != 0x80 || !in[1] || lduw_le_p(in + 2) < 20 ||
        lduw_le_p(in + 2) > len || in[9] == 2) {
        return RNDIS_ST_INVALID_DATA;
    }
    if (lduw_le_p(in + 2) >= 24 && (!set_rsc(s, &s->c.rsc.v4, in[22]) ||
                                    !set_rsc(s, &s->c.rsc.v6, in[23]))) {
        return RNDIS_ST_INVALID_DATA;
    }
    query_offload(s, asked, sizeof(asked), config);
    netvsp_rndis_indicate(s, RNDIS_IND_OFFLOAD, config, sizeof(config));
    return RNDIS_ST_OK;
}

static int hex_digit(const uint8_t *utf16)
{
    return g_ascii_xdigit_value(utf16[1] ? 0 : utf16[0]);
}

#define PARAM_HDR               20
#define PARAM_MAC               24      /* bytes: 12 digits in UTF-16 */

/* The one parameter that guests set: "NetworkAddress". */
static uint32_t set_parameter(HvNetvsp *s, const uint8_t *in, uint32_t len)
{
    static const char name[] = "NetworkAddress";
    const uint32_t name_len = 2 * (sizeof(name) - 1);
    uint32_t name_off, value_off;
    uint8_t mac[6];
    int i;

    if (len < PARAM_HDR + PARAM_MAC + name_len) {
        return RNDIS_ST_INVALID_DATA;
    }
    name_off = ldl_le_p(in);
    value_off = ldl_le_p(in + 12);
    if (ldl_le_p(in + 4) != name_len || ldl_le_p(in + 8) != 2 ||
        ldl_le_p(in + 16) != PARAM_MAC || name_off < PARAM_HDR ||
        name_off > len - name_len || value_off < PARAM_HDR ||
        value_off > len - PARAM_MAC) {
        return RNDIS_ST_INVALID_DATA;
    }
    for (i = 0; i < sizeof(name) - 1; i++) {
        if (lduw_le_p(in + name_off + 2 * i) != name[i]) {
            return RNDIS_ST_UNSUPPORTED;
        }
    }
    for (i = 0; i < 6; i++) {
        int hi = hex_digit(in + value_off + 4 * i);
        int lo = hex_digit(in + value_off + 4 * i + 2);

        if (hi < 0 || lo < 0) {
            return RNDIS_ST_INVALID_DATA;
        }
        mac[i] = hi << 4 | lo;
    }
    memcpy(s->mac.a, mac, sizeof(mac));
    return RNDIS_ST_OK;
}

static uint32_t set(HvNetvsp *s, uint32_t oid, const uint8_t *in, uint32_t len)
{
    switch (oid) {
    case OID_PACKET_FILTER:
        return set_filter(s, in, len);
    case OID_OFFLOAD_PARAMETERS:
        return set_offload(s, in, len);
    case OID_CONFIG_PARAMETER:
        return set_parameter(s, in, len);
    case OID_RSS_PARAMETERS:
        return netvsp_rss_set(s, in, len);
    case OID_MULTICAST_LIST:
        return set_multicast(s, in, len);
    }
    return RNDIS_ST_UNSUPPORTED;
}

static void on_init(HvNetvsp *s, const uint8_t *msg)
{
    uint8_t out[INIT_C_LEN] = {};
    bool good = ldl_le_p(msg + 12) == 1;

    stl_le_p(out, RNDIS_INIT | RNDIS_C);
    stl_le_p(out + 4, sizeof(out));
    stl_le_p(out + 8, ldl_le_p(msg + 8));
    stl_le_p(out + 12, good ? RNDIS_ST_OK : RNDIS_ST_BAD_VERSION);
    stl_le_p(out + 16, 1);
    stl_le_p(out + 24, 1);
    s->c.tx_batch = s->temper.tx_batch ? s->temper.tx_batch - 1 : MAX_PKTS;
    s->c.tx_align = s->temper.tx_align ? s->temper.tx_align - 1 : ALIGN_LOG2;
    stl_le_p(out + 32, s->c.tx_batch);
    stl_le_p(out + 36, MAX_XFER);
    stl_le_p(out + 40, s->c.tx_align);
    netvsp_rx_control(s, "RNDIS_INIT_C", out, sizeof(out));
    if (good) {
        s->c.rndis = true;
        netvsp_vf_announce(s);
    }
}

/* Interned: there are few of them, and they outlive what is queued. */
static const char *answer_name(const char *kind, uint32_t oid)
{
    static const uint32_t known[] = {
        OID_LINK_SPEED, OID_MAX_FRAME, OID_MEDIA_CONNECT, OID_PACKET_FILTER,
        OID_CONFIG_PARAMETER, OID_RSS_CAPS, OID_RSS_PARAMETERS,
        OID_FRIENDLY_NAME, OID_PERMANENT_MAC, OID_MULTICAST_LIST,
        OID_HW_OFFLOAD, OID_OFFLOAD_PARAMETERS,
    };
    g_autofree char *name = NULL;
    int i;

    for (i = 0; i < ARRAY_SIZE(known); i++) {
        if (known[i] == oid) {
            name = g_strdup_printf("%s:%08x", kind, oid);
            return g_intern_string(name);
        }
    }
    name = g_strdup_printf("%s:unknown", kind);
    return g_intern_string(name);
}

static void on_query(HvNetvsp *s, const uint8_t *msg)
{
    uint32_t oid = ldl_le_p(msg + 12);
    uint8_t out[24 + ANSWER_MAX] = {};
    int len = query(s, oid, msg + RNDIS_OID_HDR, ldl_le_p(msg + 16), out + 24);

    stl_le_p(out, RNDIS_QUERY | RNDIS_C);
    stl_le_p(out + 4, 24 + MAX(len, 0));
    stl_le_p(out + 8, ldl_le_p(msg + 8));
    stl_le_p(out + 12, len < 0 ? RNDIS_ST_UNSUPPORTED : RNDIS_ST_OK);
    stl_le_p(out + 16, MAX(len, 0));
    stl_le_p(out + 20, 16);
    netvsp_rx_control(s, answer_name("RNDIS_QUERY_C", oid), out,
                      24 + MAX(len, 0));
}

static void on_set(HvNetvsp *s, const uint8_t *msg)
{
    uint32_t oid = ldl_le_p(msg + 12);
    uint8_t out[16];

    stl_le_p(out, RNDIS_SET | RNDIS_C);
    stl_le_p(out + 4, sizeof(out));
    stl_le_p(out + 8, ldl_le_p(msg + 8));
    stl_le_p(out + 12, set(s, oid, msg + RNDIS_OID_HDR, ldl_le_p(msg + 16)));
    netvsp_rx_control(s, answer_name("RNDIS_SET_C", oid), out, sizeof(out));
}

static void on_keepalive(HvNetvsp *s, const uint8_t *msg)
{
    uint8_t out[16];

    stl_le_p(out, RNDIS_KEEPALIVE | RNDIS_C);
    stl_le_p(out + 4, sizeof(out));
    stl_le_p(out + 8, ldl_le_p(msg + 8));
    stl_le_p(out + 12, RNDIS_ST_OK);
    netvsp_rx_control(s, "RNDIS_KEEPALIVE_C", out, sizeof(out));
}

static const char *check(HvNetvsp *s, const uint8_t *msg, uint32_t len)
{
    uint32_t type = len >= RNDIS_HDR ? ldl_le_p(msg) : 0;

    if (len < 12 || ldl_le_p(msg + 4) != len) {
        return "RNDIS control message of a wrong length";
    }
    switch (type) {
    case RNDIS_INIT:
        return len < 24 ? "RNDIS INIT too short" :
               s->c.rndis ? "RNDIS INIT twice" : NULL;
    case RNDIS_QUERY:
    case RNDIS_SET:
        if (!s->c.rndis) {
            return "RNDIS request before INIT";
        }
        if (len < RNDIS_OID_HDR || ldl_le_p(msg + 16) > len - RNDIS_OID_HDR ||
            ldl_le_p(msg + 20) != RNDIS_OID_HDR - RNDIS_HDR) {
            return "RNDIS request with its data elsewhere";
        }
        return NULL;
    case RNDIS_HALT:
    case RNDIS_KEEPALIVE:
        return NULL;
    }
    return "RNDIS message that a guest does not send";
}

/* Return: false for a 108 with a failure status. */
bool netvsp_rndis_control(HvNetvsp *s, const uint8_t *msg, uint32_t len)
{
    static const char *const names[] = {
        [RNDIS_INIT] = "RNDIS_INIT", [RNDIS_HALT] = "RNDIS_HALT",
        [RNDIS_QUERY] = "RNDIS_QUERY", [RNDIS_SET] = "RNDIS_SET",
        [RNDIS_KEEPALIVE] = "RNDIS_KEEPALIVE",
    };
    const char *why = check(s, msg, len);
    uint32_t type;

    if (why) {
        netvsp_dead(s, 0, why, msg, MIN(len, 64));
        return false;
    }
    type = ldl_le_p(msg);
    netvsp_log_msg(s, "g2h", type == RNDIS_QUERY || type == RNDIS_SET ?
                   answer_name(names[type], ldl_le_p(msg + 12)) : names[type],
                   ldl_le_p(msg + 8));
    switch (type) {
    case RNDIS_INIT:
        on_init(s, msg);
        break;
    case RNDIS_QUERY:
        on_query(s, msg);
        break;
    case RNDIS_SET:
        on_set(s, msg);
        break;
    case RNDIS_KEEPALIVE:
        on_keepalive(s, msg);
        break;
    }
    return true;
}

void netvsp_rndis_indicate(HvNetvsp *s, uint32_t status, const void *data,
                           uint32_t len)
{
    g_autofree uint8_t *out = g_malloc0(20 + len);

    stl_le_p(out, RNDIS_INDICATE);
    stl_le_p(out + 4, 20 + len);
    stl_le_p(out + 8, status);
    stl_le_p(out + 12, len);
    stl_le_p(out + 16, len ? 12 : 0);
    if (len) {
        memcpy(out + 20, data, len);
    }
    netvsp_rx_control(s, "RNDIS_INDICATE", out, 20 + len);
}
