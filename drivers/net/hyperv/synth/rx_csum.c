// SPDX-License-Identifier: GPL-2.0
/*
 * What the host says of the checksums of a received frame.
 *
 * A frame that it coalesced from TCP segments keeps the checksums of the first
 * of them: the host looked at those of all, and says that they were good, but
 * what stands in the headers is stale. A frame of this kind may go on to
 * another interface, so the headers are put right here. It need not be longer
 * than others, nor come in parts.
 */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

#include "../wire/rndis.h"
#include "rsc.h"
#include "rx_csum.h"

static bool netvsc_rx_has_ip4(struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) &&
	       pskb_may_pull(skb, sizeof(struct iphdr)) &&
	       ip_hdr(skb)->version == 4 && ip_hdr(skb)->ihl >= 5 &&
	       pskb_may_pull(skb, ip_hdrlen(skb));
}

static bool netvsc_rx_has_ip6(struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) &&
	       pskb_may_pull(skb, sizeof(struct ipv6hdr)) &&
	       ipv6_hdr(skb)->version == 6;
}

/*
 * Cut off what lies behind the packet. Return: bytes up to the TCP header; 0:
 * this is not all of a packet of TCP without further headers.
 */
static u32 netvsc_rx_find_tcp(struct sk_buff *skb)
{
	u32 l4, len;

	if (netvsc_rx_has_ip4(skb)) {
		if (ip_hdr(skb)->protocol != IPPROTO_TCP ||
		    ip_is_fragment(ip_hdr(skb)))
			return 0;
		l4 = ip_hdrlen(skb);
		len = ntohs(ip_hdr(skb)->tot_len);
	} else if (netvsc_rx_has_ip6(skb)) {
		if (ipv6_hdr(skb)->nexthdr != IPPROTO_TCP)
			return 0;
		l4 = sizeof(struct ipv6hdr);
		len = l4 + ntohs(ipv6_hdr(skb)->payload_len);
	} else {
		return 0;
	}

	if (len < l4 + sizeof(struct tcphdr) || len > skb->len ||
	    pskb_trim(skb, len) || !pskb_may_pull(skb, l4 + sizeof(struct tcphdr)))
		return 0;
	return l4;
}

/* The sum of the pseudo header: whoever sends the frame on does the rest. */
static __sum16 netvsc_rx_pseudo_csum(const struct sk_buff *skb, u32 len)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	const struct iphdr *ip4 = ip_hdr(skb);

	if (skb->protocol == htons(ETH_P_IP))
		return ~tcp_v4_check(len, ip4->saddr, ip4->daddr, 0);
	return ~tcp_v6_check(len, &ip6->saddr, &ip6->daddr, 0);
}

static bool netvsc_rx_repair_tcp(struct sk_buff *skb)
{
	u32 l4 = netvsc_rx_find_tcp(skb);

	if (!l4)
		return false;
	skb_set_transport_header(skb, l4);
	if (tcp_hdrlen(skb) < sizeof(struct tcphdr) ||
	    !pskb_may_pull(skb, l4 + tcp_hdrlen(skb)))
		return false;
	tcp_hdr(skb)->check = netvsc_rx_pseudo_csum(skb, skb->len - l4);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	return true;
}

/* Return: whether the checksum of TCP is the stack's to fill in. */
static bool netvsc_rx_repair(struct sk_buff *skb, u32 csum, u32 mtu)
{
	const u32 ip = RNDIS_RX_CSUM_IP_OK | RNDIS_RX_CSUM_IP_STALE;
	const u32 tcp = RNDIS_RX_CSUM_TCP_OK | RNDIS_RX_CSUM_L4_STALE;

	skb_reset_network_header(skb);
	if ((csum & ip) == ip && netvsc_rx_has_ip4(skb))
		ip_send_check(ip_hdr(skb));
	if ((csum & tcp) != tcp || !netvsc_rx_repair_tcp(skb))
		return false;
	netvsc_rsc_set_gso(skb, mtu);
	return true;
}

/**
 * netvsc_rx_csum() - believe the host in what it says of checksums
 * @skb: with its protocol, from the network header on
 * @info: of the frame
 * @mtu: of eth<n>
 *
 * A stale checksum that the host has found good is repaired whether eth<n> has
 * NETIF_F_RXCSUM or not: nobody could tell afterwards.
 *
 * Context: NAPI.
 */
void netvsc_rx_csum(struct sk_buff *skb, const struct rndis_info *info, u32 mtu)
{
	u32 csum = info->has & RNDIS_HAS_CSUM ? info->csum : 0;

	if (info->has & RNDIS_HAS_RSC)
		csum |= RNDIS_RX_CSUM_STALE;
	if (unlikely(csum & RNDIS_RX_CSUM_STALE) &&
	    netvsc_rx_repair(skb, csum, mtu))
		return;
	if (csum & (RNDIS_RX_CSUM_TCP_OK | RNDIS_RX_CSUM_UDP_OK) &&
	    skb->dev->features & NETIF_F_RXCSUM)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
}
