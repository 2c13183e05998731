/*
 * hv-netvsp: the virtual switch behind the NIC, with Azure's steering
 *
 * Three ports: the uplink, the synthetic NIC and the VF. What the guest sends
 * on either of its two goes to the uplink. What comes from there goes to the
 * port that the data path is on, but for what the VF never sees: TCP SYNs
 * (without ACK), broadcast and multicast. A host that steers all to the VF
 * sends it these, too.
 *
 * A frame that the guest sends over the VF while the data path is synthetic is
 * forwarded and counted: hardware forwards it, too, for as long as the VF is
 * there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "net/eth.h"
#include "hv-netvsp.h"

#define TCP_SYN                 0x02
#define TCP_ACK                 0x10

static bool is_syn(const uint8_t *f, uint32_t len)
{
    NetvspLayers l = netvsp_layers(f, len);

    return l.l4 && l.proto == IP_PROTO_TCP &&
           (f[l.l4 + 13] & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static void count(NetvspFrames *c, const uint8_t *f, uint32_t len)
{
    c->frames++;
    c->bytes += len;
    if (is_broadcast_ether_addr(f)) {
        c->broadcast++;
    } else if (is_multicast_ether_addr(f)) {
        c->multicast++;
    } else {
        c->unicast++;
    }
    if (is_syn(f, len)) {
        c->syn++;
    }
}

static bool in_multicast_list(HvNetvsp *s, const uint8_t *f)
{
    uint32_t i;

    for (i = 0; i < s->c.multicasts; i++) {
        if (!memcmp(f, s->c.multicast[i].a, ETH_ALEN)) {
            return true;
        }
    }
    return false;
}

static bool filter_passes(HvNetvsp *s, const uint8_t *f)
{
    uint32_t filter = s->c.filter;

    if (filter & FILTER_PROMISCUOUS) {
        return true;
    }
    if (is_broadcast_ether_addr(f)) {
        return filter & FILTER_BROADCAST;
    }
    if (is_multicast_ether_addr(f)) {
        return filter & FILTER_ALL_MULTICAST ||
               (filter & FILTER_MULTICAST && in_multicast_list(s, f));
    }
    return filter & FILTER_DIRECTED && !memcmp(f, s->mac.a, ETH_ALEN);
}

static bool to_synthetic(HvNetvsp *s, const uint8_t *f, uint32_t len)
{
    bool tagged = len >= 18 && lduw_be_p(f + 12) == ETH_P_VLAN;

    if (!s->link.up || !netvsp_rx_ready(s) || !filter_passes(s, f) ||
        len - (tagged ? 4 : 0) > s->c.mtu) {
        s->filtered++;
        return true;
    }
    if (netvsp_freeze_loses(s)) {
        return true;
    }
    if (!netvsp_rsc_frame(s, f, len)) {
        return false;
    }
    count(&s->out[PORT_SYNTHETIC], f, len);
    return true;
}

static bool goes_to_vf(HvNetvsp *s, const uint8_t *f, uint32_t len)
{
    if (!s->path.vf || !s->vf_nic) {
        return false;
    }
    if (s->temper.all_to_vf) {
        return is_multicast_ether_addr(f) || !memcmp(f, s->mac.a, ETH_ALEN);
    }
    return !memcmp(f, s->mac.a, ETH_ALEN) && !is_syn(f, len);
}

/* 0: the frame has to wait; netvsp_switch_flush lets it try again. */
static ssize_t from_uplink(NetClientState *nc, const uint8_t *f, size_t len)
{
    HvNetvsp *s = qemu_get_nic_opaque(nc);

    if (len < ETH_HLEN || !memcmp(f + ETH_ALEN, s->mac.a, ETH_ALEN)) {
        /* too short, or our own, reflected by a hub */
        return len;
    }
    if (goes_to_vf(s, f, len)) {
        count(&s->in[PORT_UPLINK], f, len);
        count(&s->out[PORT_VF], f, len);
        qemu_send_packet(qemu_get_queue(s->vf_nic), f, len);
        return len;
    }
    if (!to_synthetic(s, f, len)) {
        if (!s->path.vf) {
            return 0;
        }
        /* One that waits would hold up what goes to the VF. */
        s->lost++;
        return len;
    }
    count(&s->in[PORT_UPLINK], f, len);
    return len;
}

static ssize_t from_vf(NetClientState *nc, const uint8_t *f, size_t len)
{
    HvNetvsp *s = qemu_get_nic_opaque(nc);

    if (len < ETH_HLEN) {
        return len;
    }
    if (!s->path.vf) {
        s->vf_tx_on_synthetic++;
    }
    count(&s->in[PORT_VF], f, len);
    count(&s->out[PORT_UPLINK], f, len);
    qemu_send_packet(qemu_get_queue(s->nic), f, len);
    return len;
}

void netvsp_from_guest(HvNetvsp *s, const uint8_t *f, uint32_t len)
{
    count(&s->in[PORT_SYNTHETIC], f, len);
    if (!s->link.up) {
        return;
    }
    count(&s->out[PORT_UPLINK], f, len);
    qemu_send_packet(qemu_get_queue(s->nic), f, len);
}

void netvsp_switch_flush(HvNetvsp *s)
{
    qemu_flush_queued_packets(qemu_get_queue(s->nic));
}

static NetClientInfo uplink_info = {
    .type = NET_CLIENT_DRIVER_NIC,
    .size = sizeof(NICState),
    .receive = from_uplink,
};

static NetClientInfo vf_info = {
    .type = NET_CLIENT_DRIVER_NIC,
    .size = sizeof(NICState),
    .receive = from_vf,
};

void netvsp_switch_init(HvNetvsp *s)
{
    DeviceState *dev = DEVICE(s);

    s->nic = qemu_new_nic(&uplink_info, &s->conf, TYPE_HV_NETVSP, dev->id,
                          &dev->mem_reentrancy_guard, s);
    qemu_format_nic_info_str(qemu_get_queue(s->nic), s->conf.macaddr.a);
    if (s->vf_conf.peers.ncs[0]) {
        s->vf_conf.macaddr = s->conf.macaddr;
        s->vf_nic = qemu_new_nic(&vf_info, &s->vf_conf, TYPE_HV_NETVSP,
                                 dev->id, &dev->mem_reentrancy_guard, s);
    }
}

void netvsp_switch_exit(HvNetvsp *s)
{
    qemu_del_nic(s->nic);
    if (s->vf_nic) {
        qemu_del_nic(s->vf_nic);
    }
}
