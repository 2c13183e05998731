// SPDX-License-Identifier: GPL-2.0
/* Frames that the stack has for eth<n>. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "fake_frame.h"

/* A frame of @len bytes, each as its place says, for the stack to send. */
struct sk_buff *fake_frame(struct fake_host *h, u32 len)
{
	struct sk_buff *skb = netdev_alloc_skb(h->nv->ndev, len);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(h->test, skb);
	skb_put(skb, len);
	for (i = 0; i < len; i++)
		skb->data[i] = i * 7 + i / 256;
	eth_broadcast_addr(skb->data);
	ether_addr_copy(skb->data + ETH_ALEN, h->nv->ndev->dev_addr);
	skb->data[12] = FAKE_ETHERTYPE >> 8;
	skb->data[13] = FAKE_ETHERTYPE & 0xff;
	skb_reset_mac_header(skb);
	skb->protocol = htons(FAKE_ETHERTYPE);
	return skb;
}

/* One whose checksum is left to others. */
struct sk_buff *fake_ip4_frame(struct fake_host *h, u32 len, u8 protocol,
			       u16 csum_offset)
{
	struct sk_buff *skb = fake_frame(h, len);
	struct iphdr *ip;
	__sum16 *check;

	skb->protocol = htons(ETH_P_IP);
	eth_hdr(skb)->h_proto = htons(ETH_P_IP);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, FAKE_L4_OFF);
	ip = ip_hdr(skb);
	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = protocol;
	ip->tot_len = htons(len - ETH_HLEN);
	ip->saddr = htonl(0x0a4d0001);
	ip->daddr = htonl(0x0a4d0002);
	ip_send_check(ip);
	check = (__sum16 *)(skb_transport_header(skb) + csum_offset);
	*check = ~csum_tcpudp_magic(ip->saddr, ip->daddr, len - FAKE_L4_OFF,
				    protocol, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = csum_offset;
	return skb;
}

/* A frame of TCP that is to be cut. */
struct sk_buff *fake_tcp_frame(struct fake_host *h)
{
	struct sk_buff *skb = fake_ip4_frame(h, FAKE_TCP_LEN, IPPROTO_TCP,
					     offsetof(struct tcphdr, check));
	struct tcphdr *th = tcp_hdr(skb);
	__sum16 check = th->check;

	memset(th, 0, sizeof(*th));
	th->doff = 5;
	th->ack = 1;
	th->check = check;
	skb_shinfo(skb)->gso_size = FAKE_SEGMENT;
	skb_shinfo(skb)->gso_segs = FAKE_SEGMENTS;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	return skb;
}
