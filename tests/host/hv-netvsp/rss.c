/*
 * hv-netvsp: which channel a received frame goes to
 *
 * Toeplitz over the addresses, and over the ports of TCP, with the key and
 * the table that the guest gave. Before it gave any, and for what has no
 * hash, it is the primary.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/checksum.h"
#include "net/eth.h"
#include "hv-netvsp.h"

#define RSS_TYPE                0x89
#define RSS_REVISION            2
#define RSS_HDR                 40
#define RSS_FLAG_OFF            0x10u

#define HASH_TOEPLITZ           0x01u
#define HASH_IPV4               0x100u
#define HASH_TCP_IPV4           0x200u
#define HASH_IPV6               0x400u
#define HASH_TCP_IPV6           0x1000u
#define HASH_TYPES              (HASH_IPV4 | HASH_TCP_IPV4 | HASH_IPV6 | \
                                 HASH_TCP_IPV6)

/* Return: the table, or NULL if it is not one that we can use. */
static const uint8_t *check_table(HvNetvsp *s, const uint8_t *in, uint32_t len,
                                  uint32_t *entries)
{
    uint32_t size = lduw_le_p(in + 12), off = ldl_le_p(in + 16), i;

    *entries = size / 4;
    if (size % 4 || !is_power_of_2(*entries) ||
        *entries > NETVSP_RSS_TABLE || off < RSS_HDR || off > len ||
        size > len - off) {
        return NULL;
    }
    for (i = 0; i < *entries; i++) {
        uint32_t channel = ldl_le_p(in + off + 4 * i);

        if (channel >= s->channels || !s->ch[channel].open) {
            return NULL;
        }
    }
    return in + off;
}

static void log_rss(HvNetvsp *s, uint32_t hash)
{
    g_autoptr(GString) table = g_string_new(NULL);
    g_autoptr(GString) key = g_string_new(NULL);
    uint32_t i;

    for (i = 0; i < s->c.rss.entries; i++) {
        g_string_append_printf(table, "%s%u", i ? "," : "",
                               s->c.rss.table[i]);
    }
    for (i = 0; i < NETVSP_RSS_KEY; i++) {
        g_string_append_printf(key, "%02x", s->c.rss.key[i]);
    }
    netvsp_log(s, "rss",
               "\"on\":true,\"hash\":%u,\"table\":[%s],\"key\":\"%s\"",
               hash, table->str, key->str);
}

/* OID 0x00010204: what is wrong with any of it leaves all as it was. */
uint32_t netvsp_rss_set(HvNetvsp *s, const uint8_t *in, uint32_t len)
{
    NetvspRss *rss = &s->c.rss;
    uint32_t hash, entries, key_off, i;
    const uint8_t *table;

    if (len < RSS_HDR || in[0] != RSS_TYPE || in[1] != RSS_REVISION ||
        lduw_le_p(in + 2) != RSS_HDR || lduw_le_p(in + 4) & ~RSS_FLAG_OFF) {
        return RNDIS_ST_INVALID_DATA;
    }
    hash = ldl_le_p(in + 8);
    if (lduw_le_p(in + 4) & RSS_FLAG_OFF || !(hash & 0xff)) {
        rss->on = false;
        netvsp_log(s, "rss", "\"on\":false");
        return RNDIS_ST_OK;
    }
    table = check_table(s, in, len, &entries);
    key_off = ldl_le_p(in + 24);
    if ((hash & 0xff) != HASH_TOEPLITZ || !(hash & HASH_TYPES) ||
        hash & ~(HASH_TYPES | HASH_TOEPLITZ) || !table ||
        lduw_le_p(in + 20) != NETVSP_RSS_KEY || key_off < RSS_HDR ||
        key_off > len || len - key_off < NETVSP_RSS_KEY) {
        return RNDIS_ST_INVALID_DATA;
    }
    rss->on = true;
    rss->types = hash & HASH_TYPES;
    rss->entries = entries;
    for (i = 0; i < entries; i++) {
        rss->table[i] = ldl_le_p(table + 4 * i);
    }
    memcpy(rss->key, in + key_off, NETVSP_RSS_KEY);
    log_rss(s, hash);
    return RNDIS_ST_OK;
}

/* Return: false if a frame of its kind is not hashed. */
static bool hash_frame(const NetvspRss *rss, const uint8_t *f, uint32_t len,
                       uint32_t *hash)
{
    NetvspLayers l = netvsp_layers(f, len);
    bool tcp = l.l4 && l.proto == IP_PROTO_TCP;
    uint32_t addrs = l.ip == 6 ? l.l3 + 8 : l.l3 + 12;
    uint32_t addrs_len = l.ip == 6 ? 32 : 8;
    net_toeplitz_key key;

    tcp = tcp && rss->types & (l.ip == 6 ? HASH_TCP_IPV6 : HASH_TCP_IPV4);
    if (!l.ip ||
        !(tcp || rss->types & (l.ip == 6 ? HASH_IPV6 : HASH_IPV4))) {
        return false;
    }
    *hash = 0;
    net_toeplitz_key_init(&key, (uint8_t *)rss->key);
    net_toeplitz_add(hash, (uint8_t *)f + addrs, addrs_len, &key);
    if (tcp) {
        net_toeplitz_add(hash, (uint8_t *)f + l.l4, 4, &key);
    }
    return true;
}

/*
 * Return: the channel of a received frame. A channel of the table that has
 * been closed since is as good as none.
 */
uint16_t netvsp_rss_channel(HvNetvsp *s, const uint8_t *frame, uint32_t len,
                            bool *hashed, uint32_t *hash)
{
    const NetvspRss *rss = &s->c.rss;
    uint16_t channel;

    *hashed = rss->on && hash_frame(rss, frame, len, hash);
    if (!*hashed) {
        return 0;
    }
    channel = rss->table[*hash & (rss->entries - 1)];
    return s->ch[channel].open ? channel : 0;
}
