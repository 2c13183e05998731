// SPDX-License-Identifier: GPL-2.0
/* What the stack leaves to the host: checksums, segmentation, VLAN tags. */
#include <linux/bitfield.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "../wire/rndis.h"
#include "conn.h"
#include "tx.h"

/* AF_PACKET frames have the tag where the host does not look for it. */
static int netvsc_tx_pop_tag(struct sk_buff *skb)
{
	u16 tci;

	skb_reset_mac_header(skb);
	if (!eth_type_vlan(eth_hdr(skb)->h_proto))
		return 0;
	if (__skb_vlan_pop(skb, &tci))
		return -EPROTO;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci);
	return 0;
}

static u32 netvsc_tx_tag(u16 tci)
{
	return FIELD_PREP(RNDIS_8021Q_PRIO, FIELD_GET(VLAN_PRIO_MASK, tci)) |
	       (tci & VLAN_CFI_MASK ? RNDIS_8021Q_DEI : 0) |
	       FIELD_PREP(RNDIS_8021Q_VID, tci & VLAN_VID_MASK);
}

/**
 * netvsc_tx_can_cut() - see whether the host can make segments of a frame
 * @caps: of the host
 * @skb: of TCP, from the Ethernet header on; its segments have a length
 *
 * What it cannot cut the stack has to, ahead of netvsc_tx().
 *
 * Context: RCU, or whoever has the connection. Return: whether it can.
 */
bool netvsc_tx_can_cut(const struct netvsc_caps *caps,
		       const struct sk_buff *skb)
{
	bool ipv4 = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4;

	return caps->tso & (ipv4 ? NETIF_F_TSO : NETIF_F_TSO6) &&
	       skb->len <= caps->tso_max &&
	       skb_transport_offset(skb) <= FIELD_MAX(RNDIS_LSO_TCP_OFF);
}

/*
 * The host cuts the frame and fills in lengths and checksums: it wants them
 * as if the payload were empty.
 */
static int netvsc_tx_lso(const struct netvsc_caps *caps, struct sk_buff *skb,
			 struct rndis_info *info, struct netvsc_tx_undo *undo)
{
	bool ipv4 = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4;
	u32 off = skb_transport_offset(skb);

	/* The stack took it for one of the VF's, or of an earlier connection's. */
	if (unlikely(!netvsc_tx_can_cut(caps, skb)))
		return -EMSGSIZE;
	if (skb_cow_head(skb, 0))
		return -ENOMEM;

	undo->tcp_check = tcp_hdr(skb)->check;
	if (ipv4) {
		struct iphdr *ip = ip_hdr(skb);

		undo->len = ip->tot_len;
		undo->ip_check = ip->check;
		ip->tot_len = 0;
		ip->check = 0;
		tcp_hdr(skb)->check = ~csum_tcpudp_magic(ip->saddr, ip->daddr,
							 0, IPPROTO_TCP, 0);
	} else {
		undo->len = ipv6_hdr(skb)->payload_len;
		tcp_v6_gso_csum_prep(skb);
	}

	info->has |= RNDIS_HAS_LSO;
	info->lso = FIELD_PREP(RNDIS_LSO_MSS, skb_shinfo(skb)->gso_size) |
		    FIELD_PREP(RNDIS_LSO_TCP_OFF, off) | RNDIS_LSO_V2 |
		    (ipv4 ? 0 : RNDIS_LSO_IPV6);
	return 0;
}

/*
 * On Azure the checksum of a datagram that may be fragmented is wrong if the host
 * fills it in, and the datagram is longer than this; so FreeBSD's driver found. What
 * exactly has this length nobody says: the whole frame is the safe guess.
 */
#define NETVSC_UDP4_CSUM_MAX	1420

static bool netvsc_tx_has_udp4_csum(const struct netvsc_caps *caps,
				    const struct sk_buff *skb)
{
	return caps->tx_csum_udp4 && (skb->len <= NETVSC_UDP4_CSUM_MAX ||
				      ip_hdr(skb)->frag_off & htons(IP_DF));
}

static int netvsc_tx_csum(const struct netvsc_caps *caps, struct sk_buff *skb,
			  struct rndis_info *info)
{
	bool tcp = skb->csum_offset == offsetof(struct tcphdr, check);
	bool udp = skb->csum_offset == offsetof(struct udphdr, check);
	u32 off = skb_checksum_start_offset(skb);
	u32 csum = 0;

	if (skb->protocol == htons(ETH_P_IP)) {
		if (caps->tx_csum & NETIF_F_IP_CSUM &&
		    (tcp || (udp && netvsc_tx_has_udp4_csum(caps, skb))))
			csum = RNDIS_TX_CSUM_IPV4;
	} else if (skb->protocol == htons(ETH_P_IPV6)) {
		if (caps->tx_csum & NETIF_F_IPV6_CSUM &&
		    (tcp || (udp && caps->tx_csum_udp6)))
			csum = RNDIS_TX_CSUM_IPV6;
	}
	if (!csum || off > FIELD_MAX(RNDIS_TX_CSUM_L4_OFF))
		return skb_checksum_help(skb) ? -ENOMEM : 0;

	info->has |= RNDIS_HAS_CSUM;
	info->csum = csum | (tcp ? RNDIS_TX_CSUM_TCP : RNDIS_TX_CSUM_UDP) |
		     FIELD_PREP(RNDIS_TX_CSUM_L4_OFF, off);
	return 0;
}

/**
 * netvsc_tx_inform() - what the host is told of a frame
 * @conn: with what the host can do
 * @skb: may be changed; the same again is no harm
 * @info: filled in
 * @undo: filled in, for netvsc_tx_restore()
 *
 * Context: as netvsc_tx(). Return: 0; -ENOMEM; -EMSGSIZE if the host cannot
 * cut the frame; -EPROTO if its VLAN tag is broken.
 */
int netvsc_tx_inform(const struct netvsc_conn *conn, struct sk_buff *skb,
		     struct rndis_info *info, struct netvsc_tx_undo *undo)
{
	int err;

	info->has = 0;
	if (unlikely(skb->protocol == htons(ETH_P_8021Q) &&
		     !skb_vlan_tag_present(skb))) {
		err = netvsc_tx_pop_tag(skb);
		if (err)
			return err;
	}
	if (skb_vlan_tag_present(skb)) {
		info->has |= RNDIS_HAS_VLAN;
		info->vlan = netvsc_tx_tag(skb_vlan_tag_get(skb));
	}
	/* They may become more just now. */
	if (READ_ONCE(conn->num_chans) > 1 && skb_get_hash_raw(skb)) {
		info->has |= RNDIS_HAS_HASH;
		info->hash = skb_get_hash_raw(skb);
	}
	if (skb_is_gso(skb))
		return netvsc_tx_lso(&conn->caps, skb, info, undo);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return netvsc_tx_csum(&conn->caps, skb, info);
	return 0;
}

/**
 * netvsc_tx_restore() - a frame that the host did not get goes elsewhere
 * @skb: as netvsc_tx_inform() left it; after this its headers are the stack's
 * @info: from there
 * @undo: from there
 *
 * Context: as netvsc_tx().
 */
void netvsc_tx_restore(struct sk_buff *skb, const struct rndis_info *info,
		       const struct netvsc_tx_undo *undo)
{
	if (!(info->has & RNDIS_HAS_LSO))
		return;

	tcp_hdr(skb)->check = undo->tcp_check;
	if (info->lso & RNDIS_LSO_IPV6) {
		ipv6_hdr(skb)->payload_len = undo->len;
	} else {
		ip_hdr(skb)->tot_len = undo->len;
		ip_hdr(skb)->check = undo->ip_check;
	}
}
