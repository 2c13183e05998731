/*
 * mana: commands about the NIC and its ports
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "mana.h"

#define PORT_HANDLE             0x100

#define TX_PORT                 40
#define TX_PD                   48
#define TX_PAGE                 52

#define QUERY_INDEX             40

#define STEER_PORT              40
#define STEER_ENTRIES           48
#define STEER_TABLE             50
#define STEER_RX                52
#define STEER_RSS               56
#define STEER_SET_FIRST         60
#define STEER_SET_KEY           61
#define STEER_SET_TABLE         62
#define STEER_FIRST             64
#define STEER_KEY               72
#define STEER_FIXED             112
#define STEER_HASHES            116
#define STEER_HASHES_VERSION    5

ManaPort *mana_port_find(Mana *s, uint64_t handle)
{
    uint64_t index = handle - PORT_HANDLE;

    return index < s->ports ? &s->port[index] : NULL;
}

/* What a sender has to give for a frame to be this port's. */
uint32_t mana_port_tx_offset(const ManaPort *port)
{
    return port->index + 1;
}

uint32_t mana_port_config(Mana *s, ManaCommand *c)
{
    bool up = !qemu_get_queue(s->port[0].nic)->link_down;

    stq_le_p(c->out + 32, up);
    stw_le_p(c->out + 64, s->ports);
    stl_le_p(c->out + 68, MANA_EQS - 2);
    stw_le_p(c->out + 72, s->mtu);
    return STATUS_OK;
}

uint32_t mana_port_query(Mana *s, ManaCommand *c)
{
    uint32_t index = ldl_le_p(c->in + QUERY_INDEX);

    if (index >= s->ports) {
        return STATUS_REFUSED;
    }
    stl_le_p(c->out + 32, s->queues);
    stl_le_p(c->out + 36, s->queues);
    stl_le_p(c->out + 40, RSS_TABLE);
    memcpy(c->out + 48, s->port[index].conf.macaddr.a, 6);
    stq_le_p(c->out + 56, PORT_HANDLE + index);
    return STATUS_OK;
}

uint32_t mana_port_tx(Mana *s, ManaCommand *c)
{
    ManaPort *port = mana_port_find(s, ldq_le_p(c->in + TX_PORT));

    if (!port || ldl_le_p(c->in + TX_PD) != mana_pd_of(DEV_NIC) ||
        ldl_le_p(c->in + TX_PAGE) != mana_page_of(DEV_NIC)) {
        return STATUS_REFUSED;
    }
    port->tx_on = true;
    stw_le_p(c->out + 32, mana_port_tx_offset(port));
    c->out[34] = 1;
    return STATUS_OK;
}

static bool is_tri_state(uint32_t value)
{
    return value <= 1 || value == STEERING_LEAVE;
}

static uint32_t rq_of(Mana *s, const ManaPort *port, uint64_t handle)
{
    ManaWork *w = mana_object_find(s, handle, MANA_RQ);

    return w && w->port == port->index ? w->id : 0;
}

/* Of a table that is shorter than ours the entries repeat. */
static bool read_table(Mana *s, const ManaPort *port, const ManaCommand *c,
                       uint32_t *table)
{
    uint32_t entries = lduw_le_p(c->in + STEER_ENTRIES);
    uint32_t off = lduw_le_p(c->in + STEER_TABLE), i;

    if (!entries || entries > RSS_TABLE || !is_power_of_2(entries) ||
        off < STEER_FIXED || off + 8 * entries > c->in_len) {
        return false;
    }
    for (i = 0; i < RSS_TABLE; i++) {
        table[i] = rq_of(s, port, ldq_le_p(c->in + off +
                                           8 * (i % entries)));
        if (!table[i]) {
            return false;
        }
    }
    return true;
}

static uint32_t read_hashes(const ManaCommand *c)
{
    if (lduw_le_p(c->in + REQ_VERSION) < STEER_HASHES_VERSION ||
        c->in_len < STEER_HASHES + 2) {
        return HASH_TYPES;
    }
    return lduw_le_p(c->in + STEER_HASHES) & HASH_TYPES;
}

/* All of it is checked before any of it holds. */
uint32_t mana_port_steer(Mana *s, ManaCommand *c)
{
    ManaPort *port = mana_port_find(s, ldq_le_p(c->in + STEER_PORT));
    uint32_t rx = ldl_le_p(c->in + STEER_RX);
    uint32_t rss = ldl_le_p(c->in + STEER_RSS);
    uint32_t table[RSS_TABLE], first;

    if (!port || !is_tri_state(rx) || !is_tri_state(rss)) {
        return STATUS_REFUSED;
    }
    if (!rx) {
        port->rx_on = false;
        port->rss = false;
        return STATUS_OK;
    }
    first = c->in[STEER_SET_FIRST] ?
            rq_of(s, port, ldq_le_p(c->in + STEER_FIRST)) : port->first;
    if ((c->in[STEER_SET_FIRST] || rx == 1) && !first) {
        return STATUS_REFUSED;
    }
    if (c->in[STEER_SET_TABLE]) {
        if (!read_table(s, port, c, table)) {
            return STATUS_REFUSED;
        }
        memcpy(port->table, table, sizeof(table));
    }
    if (c->in[STEER_SET_KEY]) {
        memcpy(port->key, c->in + STEER_KEY, RSS_KEY);
    }
    port->first = first;
    port->hashes = read_hashes(c);
    port->rx_on = rx == 1 || port->rx_on;
    port->rss = rss == STEERING_LEAVE ? port->rss : rss;
    return STATUS_OK;
}

void mana_port_forget_rq(ManaPort *port, uint32_t rq)
{
    uint32_t i;

    if (port->first == rq) {
        port->first = 0;
    }
    for (i = 0; i < RSS_TABLE; i++) {
        if (port->table[i] == rq) {
            port->table[i] = 0;
        }
    }
}

void mana_port_stop(ManaPort *port)
{
    port->tx_on = false;
    port->rx_on = false;
    port->rss = false;
    port->first = 0;
    memset(port->table, 0, sizeof(port->table));
}
