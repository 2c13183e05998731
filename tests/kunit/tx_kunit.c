// SPDX-License-Identifier: GPL-2.0
/*
 * Sending over the synthetic side: what the host finds in the ring, and what
 * comes of its answers. The ring is in memory, its code the real one.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/io.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <net/sch_generic.h>

#include "fake_ring.h"
#include "synth/queue.h"
#include "synth/synth.h"

#define MORE_THAN_A_SECTION	(FAKE_SEND_SECTION + 500)

static int tx_init(struct kunit *test)
{
	struct fake_host *h = fake_nic_new(test);

	test->priv = h;
	fake_nic_up(h, true);
	return 0;
}

static void tx_exit(struct kunit *test)
{
	fake_nic_free(test->priv);
}

static struct netvsc_queue_totals sent(const struct fake_host *h)
{
	return netvsc_read_stats(&h->nv->queues[0].tx);
}

/* Whether the host has not said yet that it is done with a frame. */
static bool is_kept(const struct sk_buff *skb)
{
	return refcount_read(&skb->users) > 1;
}

/* The value of a piece of per-packet info in an RNDIS message, or -1. */
static s64 info_of(const u8 *msg, u32 type)
{
	u32 at = 8 + fake_u32(msg, 28);
	u32 end = at + fake_u32(msg, 32);

	for (; at < end; at += fake_u32(msg, at))
		if (fake_u32(msg, at + 4) == type)
			return fake_u32(msg, at + fake_u32(msg, at + 8));
	return -1;
}

/* The RNDIS message of a packet in a section of the send buffer. */
static const u8 *section_of(struct kunit *test, const struct fake_ring_pkt *pkt)
{
	struct fake_host *h = test->priv;
	const u8 *msg = pkt->data + pkt->head;
	u32 section = fake_u32(msg, 8);

	KUNIT_ASSERT_EQ(test, pkt->type, VM_PKT_DATA_INBAND);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 0), 107U);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 4), 0U);
	KUNIT_ASSERT_LT(test, section, FAKE_SEND_BYTES / FAKE_SEND_SECTION);
	msg = h->gpadl[1].base + section * FAKE_SEND_SECTION;
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 0), 1U);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 4),
			fake_u32(pkt->data + pkt->head, 12));
	return msg;
}

/* What a packet names by the host's pages, put together. Return: bytes. */
static u32 gather(struct kunit *test, const struct fake_ring_pkt *pkt, u8 *to,
		  u32 room)
{
	u32 ranges = fake_u32(pkt->data, 4), at = 8, len = 0;

	KUNIT_EXPECT_EQ(test, pkt->type, VM_PKT_DATA_USING_GPA_DIRECT);
	while (ranges--) {
		u32 left = fake_u32(pkt->data, at);
		u32 off = fake_u32(pkt->data, at + 4);

		for (at += 8; left; at += 8) {
			u64 pfn = get_unaligned_le64(pkt->data + at);
			u32 part = min_t(u32, left, HV_HYP_PAGE_SIZE - off);
			phys_addr_t page = pfn << HV_HYP_PAGE_SHIFT;

			KUNIT_ASSERT_LT(test, off, HV_HYP_PAGE_SIZE);
			KUNIT_ASSERT_LE(test, len + part, room);
			memcpy(to + len, phys_to_virt(page) + off, part);
			len += part;
			left -= part;
			off = 0;
		}
	}
	return len;
}

static void expect_frame(struct kunit *test, const u8 *msg,
			 const struct sk_buff *skb)
{
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 12), skb->len);
	KUNIT_EXPECT_MEMEQ(test, msg + 8 + fake_u32(msg, 8), skb->data,
			   skb->len);
}

static void small_frame_is_copied(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, 100));
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	expect_frame(test, section_of(test, &pkt), skb);
	KUNIT_EXPECT_TRUE(test, is_kept(skb));
	KUNIT_EXPECT_EQ(test, sent(h).packets, 0ULL);
	KUNIT_EXPECT_EQ(test, fake_sections_free(h), FAKE_SECTIONS - 1U);

	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_FALSE(test, is_kept(skb));
	KUNIT_EXPECT_EQ(test, sent(h).packets, 1ULL);
	KUNIT_EXPECT_EQ(test, sent(h).bytes, 100ULL);
	KUNIT_EXPECT_EQ(test, fake_sections_free(h), (u32)FAKE_SECTIONS);
	kfree_skb(skb);
}

static void large_frame_goes_by_its_pages(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, MORE_THAN_A_SECTION));
	u8 *msg = kunit_kzalloc(test, 2 * FAKE_SEND_SECTION, GFP_KERNEL);
	struct fake_ring_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	/* The next one has a header of its own. */
	fake_nic_send(h, fake_frame(h, MORE_THAN_A_SECTION + 100));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, fake_u32(pkt.data + pkt.head, 8), 0xffffffffU);
	KUNIT_EXPECT_EQ(test, gather(test, &pkt, msg, 2 * FAKE_SEND_SECTION),
			fake_u32(msg, 4));
	expect_frame(test, msg, skb);
	fake_ring_complete(h, pkt.tid, 1);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_FALSE(test, is_kept(skb));
	kfree_skb(skb);
}

/* In parts that touch more pages than a packet names. */
static void scattered_frame(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_frame(h, 100);
	u8 *msg = kunit_kzalloc(test, 32 * PAGE_SIZE, GFP_KERNEL);
	struct fake_ring_pkt pkt;
	struct page *page;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	for (i = 0; i < MAX_SKB_FRAGS; i++) {
		page = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 1);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memset(page_address(page), i, 2 * PAGE_SIZE);
		skb_add_rx_frag(skb, i, page, PAGE_SIZE - 500, 1000, 2 * PAGE_SIZE);
	}
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_scattered), 1L);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, gather(test, &pkt, msg, 32 * PAGE_SIZE),
			fake_u32(msg, 4));
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 12), 100U + 1000 * MAX_SKB_FRAGS);
	i = 8 + fake_u32(msg, 8) + 100 + 1000 * (MAX_SKB_FRAGS - 1);
	KUNIT_EXPECT_EQ(test, msg[i], (u8)(MAX_SKB_FRAGS - 1));
	KUNIT_EXPECT_EQ(test, msg[i + 999], (u8)(MAX_SKB_FRAGS - 1));
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

/* All sections are in use: the frame is not lost, nor does it wait. */
static void without_a_section(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, 100));
	u8 *msg = kunit_kzalloc(test, 512, GFP_KERNEL);
	struct fake_ring_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	h->conn->sections.num = 0;
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_send_full), 1L);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	gather(test, &pkt, msg, 512);
	expect_frame(test, msg, skb);
	h->conn->sections.num = FAKE_SECTIONS;
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, fake_sections_free(h), (u32)FAKE_SECTIONS);
	kfree_skb(skb);
}

/* Priority, DEI and number, from where the stack has them. */
static void vlan_tag_as_the_host_wants_it(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_frame(h, 100);
	struct fake_ring_pkt pkt;

	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 0xb123);
	fake_nic_send(h, skb);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	/* Bits 0-2 priority, 3 DEI, 4-15 number. */
	KUNIT_EXPECT_EQ(test, info_of(section_of(test, &pkt), 6), 0x123dLL);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

/* From AF_PACKET: the tag is in the frame, where the host does not look. */
static void vlan_tag_in_the_frame(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_frame(h, 100);
	struct fake_ring_pkt pkt;
	const u8 *msg;

	put_unaligned_be16(ETH_P_8021Q, skb->data + 12);
	put_unaligned_be16(0x6007, skb->data + 14);
	put_unaligned_be16(FAKE_ETHERTYPE, skb->data + 16);
	skb->protocol = htons(ETH_P_8021Q);
	fake_nic_send(h, skb);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	msg = section_of(test, &pkt);
	KUNIT_EXPECT_EQ(test, info_of(msg, 6), 0x73LL);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 12), 96U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

static struct sk_buff *tcp_frame(struct fake_host *h, u32 len)
{
	struct sk_buff *skb = fake_frame(h, len);
	struct tcphdr *tcp;
	struct iphdr *ip;

	skb->protocol = htons(ETH_P_IP);
	put_unaligned_be16(ETH_P_IP, skb->data + 12);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(*ip));
	ip = ip_hdr(skb);
	ip->version = 4;
	ip->ihl = 5;
	ip->protocol = IPPROTO_TCP;
	ip->tot_len = htons(len - ETH_HLEN);
	ip->check = htons(0x1234);
	tcp = tcp_hdr(skb);
	tcp->doff = 5;
	tcp->check = htons(0x5678);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	return skb;
}

static void checksum_is_left_to_the_host(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	fake_nic_send(h, tcp_frame(h, 100));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	/* IPv4, TCP, and where it begins. */
	KUNIT_EXPECT_EQ(test, info_of(section_of(test, &pkt), 0),
			(s64)(34 << 16 | 5));
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

static void segmentation_is_left_to_the_host(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = tcp_frame(h, 3000);
	struct fake_ring_pkt pkt;

	skb_shinfo(skb)->gso_size = 1400;
	skb_shinfo(skb)->gso_segs = 3;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	fake_nic_send(h, skb);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, info_of(section_of(test, &pkt), 2),
			(s64)(1400 | 34 << 20 | 1 << 30));
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 3ULL);
}

/* It goes elsewhere next time: its headers are the stack's again. */
static void headers_after_busy(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = tcp_frame(h, 3000);
	struct netvsc_tx_ring *tx = &h->conn->chan[0]->tx;

	skb_shinfo(skb)->gso_size = 1400;
	skb_shinfo(skb)->gso_segs = 3;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	tx->used += NETVSC_TX_SLOTS;
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_BUSY);
	tx->used -= NETVSC_TX_SLOTS;
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->tot_len, htons(3000 - ETH_HLEN));
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->check, htons(0x1234));
	KUNIT_EXPECT_EQ(test, tcp_hdr(skb)->check, htons(0x5678));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_busy), 1L);
	KUNIT_EXPECT_EQ(test, fake_sections_free(h), (u32)FAKE_SECTIONS);
	kfree_skb(skb);
}

static bool is_stopped(const struct fake_host *h)
{
	return netif_tx_queue_stopped(netdev_get_tx_queue(h->nv->ndev, 0));
}

/* Until the ring is full, and then until the host has read and answered. */
static void stopped_queue_is_woken(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;
	unsigned int n = 0;

	while (!is_stopped(h) && n < 2 * NETVSC_TX_SLOTS) {
		KUNIT_ASSERT_EQ(test, fake_nic_send(h, fake_frame(h, 100)),
				NETDEV_TX_OK);
		n++;
	}
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, stop_queue), 1L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_busy), 0L);

	while (n && fake_ring_get(h, &pkt)) {
		fake_ring_complete(h, pkt.tid, 1);
		fake_ring_poll(h, 64);
		n--;
	}
	KUNIT_EXPECT_EQ(test, n, 0U);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, wake_queue), 1L);
}

/* There is room again, but somebody has the queues. */
static void held_queue_is_not_woken(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	while (!is_stopped(h))
		KUNIT_ASSERT_EQ(test, fake_nic_send(h, fake_frame(h, 100)),
				NETDEV_TX_OK);
	netvsc_hold_sends(h->nv);
	while (fake_ring_get(h, &pkt)) {
		fake_ring_complete(h, pkt.tid, 1);
		fake_ring_poll(h, 64);
	}
	KUNIT_EXPECT_TRUE(test, netvsc_sends_settled(h->nv));
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	netvsc_release_sends(h->nv);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
}

/* A frame for which nobody has room is lost. */
static void held_but_for_queues_without_qdisc(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netdev_queue *txq = netdev_get_tx_queue(h->nv->ndev, 0);
	struct Qdisc *bare = kunit_kzalloc(test, sizeof(*bare), GFP_KERNEL);
	struct Qdisc *qdisc;

	KUNIT_ASSERT_NOT_NULL(test, bare);
	rtnl_lock();
	qdisc = rtnl_dereference(txq->qdisc);
	rcu_assign_pointer(txq->qdisc, bare);
	netvsc_hold_sends(h->nv);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	netvsc_release_sends(h->nv);
	rcu_assign_pointer(txq->qdisc, qdisc);
	rtnl_unlock();

	netvsc_hold_sends(h->nv);
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	netvsc_release_sends(h->nv);
}

/* Meanwhile the connection went: whoever brings the next wakes the queues. */
static void released_without_a_connection(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	netvsc_hold_sends(h->nv);
	rtnl_lock();
	conn = rtnl_dereference(h->nv->conn);
	RCU_INIT_POINTER(h->nv->conn, NULL);
	netvsc_release_sends(h->nv);
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	rcu_assign_pointer(h->nv->conn, conn);
	netif_tx_wake_all_queues(h->nv->ndev);
	rtnl_unlock();
}

/* Whoever brings it up starts them. */
static void released_while_down(struct kunit *test)
{
	struct fake_host *h = test->priv;

	netvsc_hold_sends(h->nv);
	fake_nic_up(h, false);
	netvsc_release_sends(h->nv);
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	fake_nic_up(h, true);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
}

/* Others have filled the ring: the frame waits, and the stack with the next. */
static void ring_full_of_other_things(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *large = fake_frame(h, MORE_THAN_A_SECTION);
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, fake_nic_send(h, fake_frame(h, 100)),
			NETDEV_TX_OK);
	fake_ring_fill(h);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, fake_frame(h, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, stop_queue), 1L);
	/* By its pages one frame cannot wait, but with the stack. */
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, large), NETDEV_TX_BUSY);

	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_drain(h);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_ASSERT_TRUE(test, fake_ring_await(h, &pkt));
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 2ULL);
	kfree_skb(large);
}

/*
 * Nothing is in flight, so no completion says when there is room; nor does BQL,
 * without a qdisc.
 */
static void ring_full_and_nothing_in_flight(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netdev_queue *txq = netdev_get_tx_queue(h->nv->ndev, 0);
	struct Qdisc *bare = kunit_kzalloc(test, sizeof(*bare), GFP_KERNEL);
	struct Qdisc *qdisc;
	struct sk_buff *large = fake_frame(h, MORE_THAN_A_SECTION);
	struct fake_ring_pkt pkt;
	int i;

	fake_ring_fill(h);
	KUNIT_ASSERT_NOT_NULL(test, bare);
	rtnl_lock();
	qdisc = rtnl_dereference(txq->qdisc);
	rcu_assign_pointer(txq->qdisc, bare);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, large), NETDEV_TX_BUSY);
	rcu_assign_pointer(txq->qdisc, qdisc);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	msleep(20);
	KUNIT_EXPECT_TRUE(test, is_stopped(h));

	fake_ring_drain(h);
	for (i = 0; i < 100 && is_stopped(h); i++) {
		fake_ring_poll(h, 64);
		usleep_range(1000, 2000);
	}
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, large), NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 1ULL);
}

static void host_could_not_send(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, 100));
	struct fake_ring_pkt pkt;

	fake_nic_send(h, skb);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 2);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_FALSE(test, is_kept(skb));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_host_error), 1L);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 0ULL);
	kfree_skb(skb);
}

/* Twice, of another use of the slot, of no slot at all. */
static void made_up_completions(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, 100));
	struct fake_ring_pkt first, pkt;

	fake_nic_send(h, fake_frame(h, 100));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &first), 0U);
	fake_ring_complete(h, first.tid, 1);
	fake_ring_complete(h, first.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 1L);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 1ULL);

	fake_nic_send(h, skb);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid ^ BIT_ULL(32), 1);
	fake_ring_complete(h, pkt.tid | NETVSC_TX_SLOTS, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 3L);
	KUNIT_EXPECT_TRUE(test, is_kept(skb));
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_FALSE(test, is_kept(skb));
	kfree_skb(skb);
}

/* The host closes without having answered. */
static void what_is_in_flight_at_the_end(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, 100));

	fake_nic_send(h, skb);
	h->gone = true;
	fake_nic_unregister(h);
	KUNIT_EXPECT_FALSE(test, is_kept(skb));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_no_conn), 1L);
	kfree_skb(skb);
}

/* As its timer does, for so many times 15 seconds. */
static void watch(struct fake_host *h, int times)
{
	struct netvsc_tx_ring *tx = &h->conn->chan[0]->tx;

	while (times--) {
		local_bh_disable();
		tx->watch.function(&tx->watch);
		local_bh_enable();
	}
}

static void host_that_completes_nothing(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, 100));
	u32 first = h->conn->serial;
	struct fake_ring_pkt pkt;

	fake_nic_send(h, skb);
	KUNIT_EXPECT_TRUE(test, timer_pending(&h->conn->chan[0]->tx.watch));
	watch(h, 3);
	fake_nic_settle(h);
	KUNIT_EXPECT_EQ(test, h->conn->serial, first);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);

	/* A minute: what is in flight is lost, and the next frame is not. */
	watch(h, 1);
	fake_nic_settle(h);
	KUNIT_EXPECT_NE(test, h->conn->serial, first);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 1L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_no_conn), 1L);
	KUNIT_EXPECT_FALSE(test, is_kept(skb));
	fake_ring_drain(h);
	fake_nic_send(h, fake_frame(h, 100));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 1ULL);
	kfree_skb(skb);
}

/* While the VF sends nobody waits for it. */
static void host_that_completes_nothing_beside_the_vf(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u32 first = h->conn->serial;
	struct fake_ring_pkt pkt;

	fake_nic_send(h, fake_frame(h, 100));
	rtnl_lock();
	rcu_assign_pointer(h->nv->tx_vf, h->nv->ndev);
	rtnl_unlock();
	watch(h, 8);
	rtnl_lock();
	RCU_INIT_POINTER(h->nv->tx_vf, NULL);
	rtnl_unlock();
	fake_nic_settle(h);
	KUNIT_EXPECT_EQ(test, h->conn->serial, first);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

/* One completion in a minute is progress, and a quiet queue is not watched. */
static void host_that_completes_something(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u32 first = h->conn->serial;
	struct fake_ring_pkt pkt;
	int i;

	for (i = 0; i < 3; i++) {
		fake_nic_send(h, fake_frame(h, 100));
		fake_nic_send(h, fake_frame(h, 100));
		watch(h, 3);
		KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
		fake_ring_complete(h, pkt.tid, 1);
		fake_ring_poll(h, 64);
	}
	while (fake_ring_get(h, &pkt)) {
		fake_ring_complete(h, pkt.tid, 1);
		fake_ring_poll(h, 64);
	}
	timer_delete_sync(&h->conn->chan[0]->tx.watch);
	watch(h, 5);
	fake_nic_settle(h);
	KUNIT_EXPECT_EQ(test, h->conn->serial, first);
	KUNIT_EXPECT_FALSE(test, timer_pending(&h->conn->chan[0]->tx.watch));
}

/* Of @type: all up to @last is on other lines than what begins with @first. */
#define EXPECT_APART(test, type, last, first)				\
	KUNIT_EXPECT_GT(test, offsetof(type, first) / SMP_CACHE_BYTES,	\
			(offsetofend(type, last) - 1) / SMP_CACHE_BYTES)

/* What a sender writes for each frame NAPI does not look at, nor the reverse. */
static void lines_of_their_own(struct kunit *test)
{
	EXPECT_APART(test, struct netvsc_queue, xdp_rxq, chan);
	EXPECT_APART(test, struct netvsc_queue, held, tx_lock);
	EXPECT_APART(test, struct netvsc_chan, again, rx);
	EXPECT_APART(test, struct netvsc_chan, retry, tx);
	EXPECT_APART(test, struct netvsc_tx_ring, still, stopped);
	EXPECT_APART(test, struct netvsc_tx_ring, map, freed);
	EXPECT_APART(test, struct netvsc_conn, send, sections);
}

static struct kunit_case tx_cases[] = {
	KUNIT_CASE(small_frame_is_copied),
	KUNIT_CASE(large_frame_goes_by_its_pages),
	KUNIT_CASE(scattered_frame),
	KUNIT_CASE(without_a_section),
	KUNIT_CASE(vlan_tag_as_the_host_wants_it),
	KUNIT_CASE(vlan_tag_in_the_frame),
	KUNIT_CASE(checksum_is_left_to_the_host),
	KUNIT_CASE(segmentation_is_left_to_the_host),
	KUNIT_CASE(headers_after_busy),
	KUNIT_CASE(stopped_queue_is_woken),
	KUNIT_CASE(held_queue_is_not_woken),
	KUNIT_CASE(held_but_for_queues_without_qdisc),
	KUNIT_CASE(released_without_a_connection),
	KUNIT_CASE(released_while_down),
	KUNIT_CASE(ring_full_of_other_things),
	KUNIT_CASE(ring_full_and_nothing_in_flight),
	KUNIT_CASE(host_could_not_send),
	KUNIT_CASE(made_up_completions),
	KUNIT_CASE(what_is_in_flight_at_the_end),
	KUNIT_CASE(host_that_completes_nothing),
	KUNIT_CASE(host_that_completes_nothing_beside_the_vf),
	KUNIT_CASE(host_that_completes_something),
	KUNIT_CASE(lines_of_their_own),
	{}
};

static struct kunit_suite tx_suite = {
	.name = "hv_netvsc_tx",
	.init = tx_init,
	.exit = tx_exit,
	.test_cases = tx_cases,
};

kunit_test_suite(tx_suite);

MODULE_DESCRIPTION("KUnit: sending");
MODULE_LICENSE("GPL");
