// SPDX-License-Identifier: GPL-2.0
/*
 * What the stack leaves to the host, and what it must not: segmentation and
 * checksums. The ring is in memory, its code the real one.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/netdev_queues.h>

#include "fake_frame.h"
#include "fake_ring.h"
#include "synth/queue.h"

/* Longer, and the host spoils the checksum of what may be fragmented. */
#define UDP_MAX		1420

static int offload_init(struct kunit *test)
{
	struct fake_host *h = fake_nic_new(test);

	test->priv = h;
	fake_nic_up(h, true);
	return 0;
}

static void offload_exit(struct kunit *test)
{
	fake_nic_free(test->priv);
}

/* The value of a piece of per-packet info that the host gets, or -1. */
static s64 info_of(const u8 *msg, u32 type)
{
	u32 at = 8 + fake_u32(msg, 28);
	u32 end = at + fake_u32(msg, 32);

	for (; at < end; at += fake_u32(msg, at))
		if (fake_u32(msg, at + 4) == type)
			return fake_u32(msg, at + fake_u32(msg, at + 8));
	return -1;
}

/* The host has a packet in a section, completes it, and it is still there. */
static const u8 *sent(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;
	u32 section;

	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_ASSERT_EQ(test, pkt.type, VM_PKT_DATA_INBAND);
	section = fake_u32(pkt.data + pkt.head, 8);
	KUNIT_ASSERT_LT(test, section, (u32)FAKE_SECTIONS);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	return h->gpadl[1].base + section * FAKE_SEND_SECTION;
}

/* Who cuts it? The stack asks eth<n> this ahead of ndo_start_xmit. */
static bool host_is_to_cut(const struct sk_buff *skb)
{
	netdev_features_t features = netif_skb_features((struct sk_buff *)skb);

	return net_gso_ok(features, skb_shinfo(skb)->gso_type);
}

static void frame_that_the_host_cuts(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);

	KUNIT_EXPECT_TRUE(test, host_is_to_cut(skb));
	/* With no connection it is dropped, and need not be cut for that. */
	rtnl_lock();
	RCU_INIT_POINTER(h->nv->conn, NULL);
	KUNIT_EXPECT_TRUE(test, host_is_to_cut(skb));
	rcu_assign_pointer(h->nv->conn, h->conn);
	rtnl_unlock();
	kfree_skb(skb);
}

static void expect_gso_stats(struct fake_host *h, u64 frames, u64 segments)
{
	const struct netdev_stat_ops *ops = h->nv->ndev->stat_ops;
	struct netdev_queue_stats_tx tx;
	struct netdev_queue_stats_rx rx;

	/* As the stack does: what is not set is not there. */
	memset(&tx, 0xff, sizeof(tx));
	ops->get_queue_stats_tx(h->nv->ndev, 0, &tx);
	KUNIT_EXPECT_EQ(h->test, tx.hw_gso_packets, frames);
	KUNIT_EXPECT_EQ(h->test, tx.hw_gso_wire_packets, segments);
	memset(&tx, 0xff, sizeof(tx));
	ops->get_base_stats(h->nv->ndev, &rx, &tx);
	KUNIT_EXPECT_EQ(h->test, tx.hw_gso_packets, 0ULL);
	KUNIT_EXPECT_EQ(h->test, tx.hw_gso_wire_packets, 0ULL);
	/* Such a queue there was. */
	h->nv->ndev->real_num_tx_queues = 0;
	ops->get_base_stats(h->nv->ndev, &rx, &tx);
	h->nv->ndev->real_num_tx_queues = 1;
	KUNIT_EXPECT_EQ(h->test, tx.hw_gso_packets, frames);
	KUNIT_EXPECT_EQ(h->test, tx.hw_gso_wire_packets, segments);
}

/* The frames that the host is to cut, and what becomes of them. */
static void counted_by_frames_and_segments(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);
	struct netvsc_tx_ring *tx = &h->conn->chan[0]->tx;

	expect_gso_stats(h, 0, 0);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, fake_frame(h, 100)),
			NETDEV_TX_OK);
	sent(test);
	expect_gso_stats(h, 0, 0);
	/* It comes back later. */
	tx->used += NETVSC_TX_SLOTS;
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_BUSY);
	tx->used -= NETVSC_TX_SLOTS;
	expect_gso_stats(h, 0, 0);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	sent(test);
	expect_gso_stats(h, 1, FAKE_SEGMENTS);
}

/* This host, and not the one for which eth<n> has its features. */
static void host_without_segmentation(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);

	h->conn->caps.tso = NETIF_F_TSO6;
	KUNIT_EXPECT_FALSE(test, host_is_to_cut(skb));
	skb->protocol = htons(ETH_P_IPV6);
	/* With a header in between the stack does not ask. */
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct ipv6hdr));
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
	KUNIT_EXPECT_TRUE(test, host_is_to_cut(skb));
	h->conn->caps.tso = NETIF_F_TSO;
	KUNIT_EXPECT_FALSE(test, host_is_to_cut(skb));
	kfree_skb(skb);
}

/* A frame that another NIC has put together may be longer than our own. */
static void frame_longer_than_the_host_takes(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);

	h->conn->caps.tso_max = skb->len;
	KUNIT_EXPECT_TRUE(test, host_is_to_cut(skb));
	h->conn->caps.tso_max = skb->len - 1;
	KUNIT_EXPECT_FALSE(test, host_is_to_cut(skb));
	kfree_skb(skb);
}

/* So much fits into the ten bits that say where the TCP header is. */
static void header_too_far_away(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);

	skb_set_transport_header(skb, 1023);
	KUNIT_EXPECT_TRUE(test, host_is_to_cut(skb));
	skb_set_transport_header(skb, 1024);
	KUNIT_EXPECT_FALSE(test, host_is_to_cut(skb));
	kfree_skb(skb);
}

/* What the host cannot is of no concern to a VF. */
static void frame_for_the_vf(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);

	h->conn->caps.tso = 0;
	rtnl_lock();
	rcu_assign_pointer(h->nv->tx_vf, h->nv->ndev);
	KUNIT_EXPECT_TRUE(test, host_is_to_cut(skb));
	RCU_INIT_POINTER(h->nv->tx_vf, NULL);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, host_is_to_cut(skb));
	kfree_skb(skb);
}

/* Two tags: of checksums and segments of those the host knows nothing. */
static void frame_with_two_tags(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);
	netdev_features_t features;

	put_unaligned_be16(ETH_P_8021Q, skb->data + 12);
	put_unaligned_be16(ETH_P_8021Q, skb->data + 16);
	skb->protocol = htons(ETH_P_8021Q);
	features = netif_skb_features(skb);
	KUNIT_EXPECT_EQ(test, features & (NETIF_F_GSO_MASK | NETIF_F_IP_CSUM),
			0);
	kfree_skb(skb);
}

/* All of it arrives, none of it in one piece. */
static void cut_by_the_stack(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h), *next;
	u32 payload = 0, segments = 0;
	bool again = false;

	h->conn->caps.tso = 0;
	skb = validate_xmit_skb_list(skb, h->nv->ndev, &again);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_list_walk_safe(skb, skb, next) {
		const u8 *msg;

		skb_mark_not_on_list(skb);
		KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
		KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
		msg = sent(test);
		KUNIT_EXPECT_EQ(test, info_of(msg, 2), -1LL);
		KUNIT_EXPECT_NE(test, info_of(msg, 0), -1LL);
		payload += fake_u32(msg, 12) - FAKE_L4_OFF - sizeof(struct tcphdr);
		segments++;
	}
	KUNIT_EXPECT_EQ(test, segments, (u32)FAKE_SEGMENTS);
	KUNIT_EXPECT_EQ(test, payload, 2 * FAKE_SEGMENT + 200U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_too_big), 0L);
}

/* The host became another one behind the stack's back: lost, and counted. */
static void too_late_to_be_cut(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_tcp_frame(h);
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_TRUE(test, host_is_to_cut(skb));
	h->conn->caps.tso_max = skb->len - 1;
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_too_big), 1L);
}

/* A datagram whose checksum is missing. Return: what the host is to fill in. */
static s64 udp_csum(struct kunit *test, u32 len, bool df)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_ip4_frame(h, len, IPPROTO_UDP,
					offsetof(struct udphdr, check));
	const struct iphdr *ip;
	const u8 *msg, *data;
	s64 info;

	if (df)
		ip_hdr(skb)->frag_off = htons(IP_DF);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	msg = sent(test);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 12), len);
	info = info_of(msg, 0);
	data = msg + 8 + fake_u32(msg, 8);
	ip = (const struct iphdr *)(data + ETH_HLEN);
	/* Without the host's help it is right already. */
	if (info < 0)
		KUNIT_EXPECT_EQ(test,
				csum_tcpudp_magic(ip->saddr, ip->daddr,
						  len - FAKE_L4_OFF, IPPROTO_UDP,
						  csum_partial(data + FAKE_L4_OFF,
							       len - FAKE_L4_OFF,
							       0)),
				0);
	return info;
}

static void checksum_that_the_host_spoils(struct kunit *test)
{
	/* IPv4, UDP, and where it begins. */
	const s64 by_the_host = FAKE_L4_OFF << 16 | BIT(3) | BIT(0);
	struct fake_host *h = test->priv;

	KUNIT_EXPECT_EQ(test, udp_csum(test, UDP_MAX, false), by_the_host);
	KUNIT_EXPECT_EQ(test, udp_csum(test, UDP_MAX + 1, false), -1LL);
	KUNIT_EXPECT_EQ(test, udp_csum(test, UDP_MAX + 1, true), by_the_host);
	h->conn->caps.tx_csum_udp4 = false;
	KUNIT_EXPECT_EQ(test, udp_csum(test, 100, true), -1LL);
}

static struct kunit_case offload_cases[] = {
	KUNIT_CASE(frame_that_the_host_cuts),
	KUNIT_CASE(counted_by_frames_and_segments),
	KUNIT_CASE(host_without_segmentation),
	KUNIT_CASE(frame_longer_than_the_host_takes),
	KUNIT_CASE(header_too_far_away),
	KUNIT_CASE(frame_for_the_vf),
	KUNIT_CASE(frame_with_two_tags),
	KUNIT_CASE(cut_by_the_stack),
	KUNIT_CASE(too_late_to_be_cut),
	KUNIT_CASE(checksum_that_the_host_spoils),
	{}
};

static struct kunit_suite offload_suite = {
	.name = "hv_netvsc_tx_offload",
	.init = offload_init,
	.exit = offload_exit,
	.test_cases = offload_cases,
};

kunit_test_suite(offload_suite);

MODULE_DESCRIPTION("KUnit: what is left to the host");
MODULE_LICENSE("GPL");
