/* SPDX-License-Identifier: GPL-2.0 */
/* Receiving: transfers of the host, and giving them back. NAPI only. */
#ifndef _HV_NETVSC_RX_H
#define _HV_NETVSC_RX_H

#include <linux/hyperv.h>
#include <linux/if_vlan.h>

struct netvsc_chan;
struct netvsc_polled;
struct sk_buff;

/* The largest IP packet, its Ethernet header, and a tag. */
#define NETVSC_RX_FRAME_MAX	(65535 + VLAN_ETH_HLEN)

u32 netvsc_rx_transfer(struct netvsc_chan *chan,
		       const struct vmpacket_descriptor *desc, u32 budget,
		       struct netvsc_polled *polled);
bool netvsc_rx_ring_full(const struct netvsc_chan *chan);
bool netvsc_rx_give_back(struct netvsc_chan *chan);

void netvsc_rx_vlan(struct sk_buff *skb, u32 tag);

#endif /* _HV_NETVSC_RX_H */
