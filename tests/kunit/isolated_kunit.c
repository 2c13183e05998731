// SPDX-License-Identifier: GPL-2.0
/*
 * A confidential VM: the host is shown copies, speaks the newest NVSP, and has no
 * VF to offer. No memory is shared or kept from anybody here: what of that is the
 * kernel's own is not looked at. Boot with swiotlb=force.
 */
#include <kunit/test.h>
#include <linux/dma-mapping.h>
#include <linux/platform_device.h>
#include <linux/swiotlb.h>

#include "fake_ring.h"
#include "synth/queue.h"
#include "synth/tx.h"

#define MORE_THAN_A_SECTION	(FAKE_SEND_SECTION + 500)

static int isolated_init(struct kunit *test)
{
	struct fake_host *h;
	struct device *dev;

	if (!is_swiotlb_force_bounce(&platform_bus))
		kunit_skip(test, "it wants swiotlb=force");
	h = fake_host_new(test);
	dev = &h->nv->hdev->device;
	test->priv = h;
	/* As the bus and the driver core leave it. */
	h->nv->hdev->dma_mask = DMA_BIT_MASK(64);
	dev->dma_mask = &h->nv->hdev->dma_mask;
	dev->dma_parms = &h->nv->hdev->dma_parms;
	dev->dma_io_tlb_mem = platform_bus.dma_io_tlb_mem;
	netvsc_isolate(h->nv);
	fake_rings_new(h);
	fake_nic_register(h);
	fake_nic_up(h, true);
	return 0;
}

static void isolated_exit(struct kunit *test)
{
	if (test->priv)
		fake_nic_free(test->priv);
}

/* Large enough for three ranges: header, linear part, fragment. */
static struct sk_buff *frame_in_two_parts(struct fake_host *h)
{
	struct sk_buff *skb = fake_frame(h, 100);
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 1);

	KUNIT_ASSERT_NOT_NULL(h->test, page);
	skb_add_rx_frag(skb, 0, page, 20, MORE_THAN_A_SECTION, 2 * PAGE_SIZE);
	return skb;
}

static const struct netvsc_frame_map *map_of(struct fake_host *h, u64 tid)
{
	return &h->conn->chan[0]->tx.map[FIELD_GET(NETVSC_TID_SLOT, tid)];
}

/* The address of the range that begins at @at of the packet. */
static u64 address(const struct fake_ring_pkt *pkt, u32 at)
{
	return (get_unaligned_le64(pkt->data + at + 8) << HV_HYP_PAGE_SHIFT) +
	       fake_u32(pkt->data, at + 4);
}

/* What the host finds is the same, elsewhere, and as far into a page. */
static void expect_copy(struct kunit *test, u64 at, const void *of, u32 len)
{
	KUNIT_EXPECT_NE(test, at, (u64)virt_to_phys((void *)of));
	KUNIT_EXPECT_EQ(test, at & ~HV_HYP_PAGE_MASK,
			(u64)virt_to_phys((void *)of) & ~HV_HYP_PAGE_MASK);
	KUNIT_EXPECT_MEMEQ(test, phys_to_virt(at), of, len);
}

static void large_frame_is_a_copy(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(frame_in_two_parts(h));
	const struct netvsc_frame_map *map;
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_ASSERT_EQ(test, pkt.type, VM_PKT_DATA_USING_GPA_DIRECT);
	map = map_of(h, pkt.tid);
	KUNIT_ASSERT_EQ(test, map->num, 2U);
	KUNIT_EXPECT_EQ(test, fake_u32(pkt.data, 4), 3U);
	/* The header and the linear part are in a page each. */
	KUNIT_EXPECT_EQ(test, address(&pkt, 8) & ~HV_HYP_PAGE_MASK,
			NETVSC_TX_HDR * FIELD_GET(NETVSC_TID_SLOT, pkt.tid) &
			~HV_HYP_PAGE_MASK);
	KUNIT_EXPECT_EQ(test, fake_u32(pkt.data, 24), 100U);
	expect_copy(test, address(&pkt, 24), skb->data, 100);
	KUNIT_EXPECT_EQ(test, fake_u32(pkt.data, 40), MORE_THAN_A_SECTION);
	expect_copy(test, address(&pkt, 40),
		    skb_frag_address(&skb_shinfo(skb)->frags[0]),
		    MORE_THAN_A_SECTION);

	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, map->num, 0U);
	kfree_skb(skb);
}

/* The fragment is larger than any copy: that of the linear part is given back. */
static void no_room_for_the_end(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_frame(h, 100);
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 7);
	struct netvsc_frame_map map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	skb_add_rx_frag(skb, 0, page, 0, SZ_512K, SZ_512K);
	KUNIT_EXPECT_EQ(test, netvsc_frame_map(&h->nv->hdev->device, &map, skb),
			-ENOMEM);
	KUNIT_EXPECT_EQ(test, map.num, 0U);
	kfree_skb(skb);
}

/* Nor is anything copied of what is not there. */
static void parts_without_bytes(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_frame(h, 100);
	struct page *page = alloc_page(GFP_KERNEL);
	struct netvsc_frame_map map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	skb_add_rx_frag(skb, 0, page, 0, 0, PAGE_SIZE);
	__skb_pull(skb, 100);
	KUNIT_EXPECT_EQ(test, netvsc_frame_map(&h->nv->hdev->device, &map, skb),
			0);
	KUNIT_EXPECT_EQ(test, map.num, 2U);
	netvsc_frame_unmap(&h->nv->hdev->device, &map);
	KUNIT_EXPECT_EQ(test, map.num, 0U);
	kfree_skb(skb);
}

/* The ring is full: the stack keeps the frame, and nothing stays copied. */
static void frame_that_is_not_sent(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = frame_in_two_parts(h);
	u32 i;

	fake_ring_fill(h);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_BUSY);
	for (i = 0; i < NETVSC_TX_SLOTS; i++)
		KUNIT_EXPECT_EQ(test, h->conn->chan[0]->tx.map[i].num, 0U);
	kfree_skb(skb);
	fake_ring_drain(h);
}

/* With a pool of copies that has no room. */
static netdev_tx_t send_without_room(struct fake_host *h, struct sk_buff *skb,
				     u32 flags)
{
	struct io_tlb_mem *full = kunit_kzalloc(h->test, sizeof(*full),
						GFP_KERNEL);
	struct device *dev = &h->nv->hdev->device;
	netdev_tx_t ret;

	KUNIT_ASSERT_NOT_NULL(h->test, full);
	full->force_bounce = true;
	dev->dma_io_tlb_mem = full;
	local_bh_disable();
	ret = netvsc_xmit(h->nv, skb, flags);
	local_bh_enable();
	dev->dma_io_tlb_mem = platform_bus.dma_io_tlb_mem;
	return ret;
}

/* Nobody says when there is: nothing is under way. */
static void no_room_for_a_copy(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_chan *chan = h->conn->chan[0];
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, send_without_room(h, frame_in_two_parts(h),
						NETVSC_TX_STACK), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_no_memory), 1L);
	KUNIT_EXPECT_EQ(test, netvsc_tx_in_flight(&chan->tx), 0U);

	/* A small one needs none. */
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, fake_frame(h, 100)),
			NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

static bool is_stopped(const struct fake_host *h)
{
	return netif_tx_queue_stopped(netdev_get_tx_queue(h->nv->ndev, 0));
}

/* What is under way makes room: the frame waits for that, with the stack. */
static void no_room_beside_what_is_in_flight(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = frame_in_two_parts(h);
	struct netvsc_chan *chan = h->conn->chan[0];
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, fake_nic_send(h, frame_in_two_parts(h)),
			NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, send_without_room(h, skb, NETVSC_TX_STACK),
			NETDEV_TX_BUSY);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, stop_queue), 1L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_busy), 1L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_no_memory), 0L);
	KUNIT_EXPECT_EQ(test, netvsc_tx_in_flight(&chan->tx), 1U);

	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

/* Somebody else has made some: no completion says so. */
static void room_that_others_make(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = frame_in_two_parts(h);
	struct fake_ring_pkt pkt;
	int i;

	KUNIT_EXPECT_EQ(test, fake_nic_send(h, fake_frame(h, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, send_without_room(h, skb, NETVSC_TX_STACK),
			NETDEV_TX_BUSY);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, stop_queue), 1L);
	for (i = 0; i < 100 && is_stopped(h); i++) {
		fake_ring_poll(h, 64);
		usleep_range(1000, 2000);
	}
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
		fake_ring_complete(h, pkt.tid, 1);
		fake_ring_poll(h, 64);
	}
}

/* Nobody keeps it for a program: it is dropped there and then. */
static void no_room_for_those_who_cannot_wait(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;
	struct sk_buff *skb;

	KUNIT_EXPECT_EQ(test, fake_nic_send(h, frame_in_two_parts(h)),
			NETDEV_TX_OK);
	skb = frame_in_two_parts(h);
	KUNIT_EXPECT_EQ(test, send_without_room(h, skb, 0), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_no_memory), 1L);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

static void association_is_ignored(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u8 msg[12] = {};

	fake_put(msg, 0, 128);
	fake_put(msg, 4, 1);
	fake_put(msg, 8, 2);
	fake_host_says(h, 77, true, msg, sizeof(msg));
	fake_nic_settle(h);
	KUNIT_EXPECT_FALSE(test, h->nv->bond.inbox.allocated);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 1L);
	/* It gets its answer all the same. */
	KUNIT_EXPECT_EQ(test, h->completed_tid, 77ULL);
}

/* fake_read_config() looks whether a VF is asked for. */
static void host_is_too_old(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_intent want = h->nv->intent;

	h->max_version = 0x60000;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(h->nv, &want), -EPROTONOSUPPORT);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, h->asked_version, 0x60001U);
	h->max_version = 0x60001;
}

static struct kunit_case isolated_cases[] = {
	KUNIT_CASE(large_frame_is_a_copy),
	KUNIT_CASE(no_room_for_the_end),
	KUNIT_CASE(parts_without_bytes),
	KUNIT_CASE(frame_that_is_not_sent),
	KUNIT_CASE(no_room_for_a_copy),
	KUNIT_CASE(no_room_beside_what_is_in_flight),
	KUNIT_CASE(room_that_others_make),
	KUNIT_CASE(no_room_for_those_who_cannot_wait),
	KUNIT_CASE(association_is_ignored),
	KUNIT_CASE(host_is_too_old),
	{}
};

static struct kunit_suite isolated_suite = {
	.name = "hv_netvsc_isolated",
	.init = isolated_init,
	.exit = isolated_exit,
	.test_cases = isolated_cases,
};

kunit_test_suite(isolated_suite);

MODULE_DESCRIPTION("KUnit: a confidential VM");
MODULE_LICENSE("GPL");
