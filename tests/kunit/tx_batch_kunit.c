// SPDX-License-Identifier: GPL-2.0
/*
 * Small frames that share a packet, and how much the stack may have under way:
 * both come of what it hands over in one go.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/sch_generic.h>

#include "fake_pair.h"
#include "fake_ring.h"
#include "synth/queue.h"
#include "synth/synth.h"
#include "synth/tx.h"

#define BATCH		8	/* as the host says */
#define ALIGNED		8

static int batch_init(struct kunit *test)
{
	struct fake_host *h = fake_nic_new(test);

	test->priv = h;
	fake_nic_up(h, true);
	KUNIT_EXPECT_EQ(test, netdev_get_tx_queue(h->nv->ndev, 0)->dql.min_limit,
			(unsigned int)SZ_256K);
	netdev_queue_set_dql_min_limit(netdev_get_tx_queue(h->nv->ndev, 0), 0);
	return 0;
}

static void batch_exit(struct kunit *test)
{
	fake_nic_free(test->priv);
}

static struct netvsc_queue_totals sent(const struct fake_host *h)
{
	return netvsc_read_stats(&h->nv->queues[0].tx);
}

static struct netdev_queue *txq(const struct fake_host *h)
{
	return netdev_get_tx_queue(h->nv->ndev, 0);
}

static bool is_stopped(const struct fake_host *h)
{
	return netif_tx_queue_stopped(txq(h));
}

static bool is_limited(const struct fake_host *h)
{
	return test_bit(__QUEUE_STATE_STACK_XOFF, &txq(h)->state);
}

/* The driver's timer has to fire. */
static void await_room(struct fake_host *h)
{
	int i;

	for (i = 0; i < 100 && is_stopped(h); i++) {
		fake_ring_poll(h, 64);
		usleep_range(1000, 2000);
	}
}

static void expect_quiet(struct kunit *test, struct fake_host *h)
{
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, fake_ring_get(h, &pkt), 0U);
}

static void take(struct fake_host *h, const struct fake_ring_pkt *pkt)
{
	fake_ring_complete(h, pkt->tid, 1);
	fake_ring_poll(h, 64);
}

/*
 * The host reads a packet with frames of @lens bytes: each message begins where
 * the one ahead says, and nothing follows the last.
 */
static void expect_batch(struct kunit *test, struct fake_host *h,
			 const u32 *lens, u32 num)
{
	struct fake_ring_pkt pkt;
	const u8 *section, *msg;
	u32 used, at = 0, i;

	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_ASSERT_EQ(test, pkt.type, VM_PKT_DATA_INBAND);
	used = fake_u32(pkt.data + pkt.head, 12);
	section = h->gpadl[1].base +
		  fake_u32(pkt.data + pkt.head, 8) * FAKE_SEND_SECTION;
	for (i = 0; i < num; i++) {
		msg = section + at;
		KUNIT_EXPECT_EQ(test, at % ALIGNED, 0U);
		KUNIT_EXPECT_EQ(test, fake_u32(msg, 0), 1U);
		KUNIT_EXPECT_EQ(test, fake_u32(msg, 12), lens[i]);
		KUNIT_EXPECT_EQ(test, msg[8 + fake_u32(msg, 8) + lens[i] - 1],
				(u8)((lens[i] - 1) * 7 + (lens[i] - 1) / 256));
		at += fake_u32(msg, 4);
	}
	KUNIT_EXPECT_EQ(test, at, used);
	/* Without a gap behind the last. */
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 4),
			8 + fake_u32(msg, 8) + fake_u32(msg, 12));
	take(h, &pkt);
}

static void more_frames_share_a_section(struct kunit *test)
{
	static const u32 lens[] = { 61, 100, 1514, 77 };
	struct fake_host *h = test->priv;
	struct sk_buff *first = skb_get(fake_frame(h, lens[0]));
	struct sk_buff *last = skb_get(fake_frame(h, lens[3]));
	int i;

	/* What was there before is not part of any gap. */
	memset(h->gpadl[1].base, 0xff, FAKE_SEND_BYTES);
	KUNIT_EXPECT_EQ(test, fake_nic_send_more(h, first), NETDEV_TX_OK);
	for (i = 1; i < 3; i++)
		KUNIT_EXPECT_EQ(test,
				fake_nic_send_more(h, fake_frame(h, lens[i])),
				NETDEV_TX_OK);
	expect_quiet(test, h);
	KUNIT_EXPECT_FALSE(test, netvsc_tx_idle(h->conn->chan[0]));
	KUNIT_EXPECT_EQ(test, fake_sections_free(h), FAKE_SECTIONS - 1U);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, last), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, refcount_read(&first->users), 2);
	KUNIT_EXPECT_EQ(test, refcount_read(&last->users), 2);

	expect_batch(test, h, lens, ARRAY_SIZE(lens));
	expect_quiet(test, h);
	KUNIT_EXPECT_EQ(test, refcount_read(&first->users), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&last->users), 1);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 4ULL);
	KUNIT_EXPECT_EQ(test, sent(h).bytes, 61ULL + 100 + 1514 + 77);
	KUNIT_EXPECT_EQ(test, fake_sections_free(h), (u32)FAKE_SECTIONS);
	KUNIT_EXPECT_TRUE(test, netvsc_tx_idle(h->conn->chan[0]));
	kfree_skb(first);
	kfree_skb(last);
}

/* The gap between two messages is all zeroes, and the first one's. */
static void gaps(struct kunit *test)
{
	static const u8 zero[ALIGNED];
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;
	const u8 *msg;
	u32 end;

	memset(h->gpadl[1].base, 0xff, FAKE_SEND_BYTES);
	fake_nic_send_more(h, fake_frame(h, 61));
	fake_nic_send(h, fake_frame(h, 61));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	msg = h->gpadl[1].base +
	      fake_u32(pkt.data + pkt.head, 8) * FAKE_SEND_SECTION;
	end = 8 + fake_u32(msg, 8) + 61;
	KUNIT_EXPECT_EQ(test, end % ALIGNED, 1U);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 4), end + 7);
	KUNIT_EXPECT_MEMEQ(test, msg + end, zero, 7);
	take(h, &pkt);
}

static void as_many_as_the_host_takes(struct kunit *test)
{
	static const u32 lens[BATCH] = {
		100, 100, 100, 100, 100, 100, 100, 100
	};
	struct fake_host *h = test->priv;
	int i;

	for (i = 0; i < BATCH + 1; i++)
		fake_nic_send_more(h, fake_frame(h, 100));
	expect_batch(test, h, lens, BATCH);
	expect_quiet(test, h);
	fake_nic_send(h, fake_frame(h, 100));
	expect_batch(test, h, lens, 2);
}

static void as_much_as_a_section_has_room_for(struct kunit *test)
{
	static const u32 lens[] = { 1514, 1514, 1514, 1200 };
	struct fake_host *h = test->priv;
	int i;

	for (i = 0; i < 3; i++)
		fake_nic_send_more(h, fake_frame(h, 1514));
	/* 3 x 1560 and 1200 with room for the largest header, and no more. */
	fake_nic_send_more(h, fake_frame(h, 1200));
	expect_quiet(test, h);
	fake_nic_send_more(h, fake_frame(h, 300));
	expect_batch(test, h, lens, 4);
	expect_quiet(test, h);
	fake_nic_send(h, fake_frame(h, 100));
	expect_batch(test, h, (const u32[]){ 300, 100 }, 2);
}

/* What goes by its pages does not overtake. */
static void large_frame_behind_small_ones(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	fake_nic_send_more(h, fake_frame(h, 100));
	fake_nic_send_more(h, fake_frame(h, FAKE_SEND_SECTION));
	expect_batch(test, h, (const u32[]){ 100 }, 1);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, pkt.type, VM_PKT_DATA_USING_GPA_DIRECT);
	take(h, &pkt);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 2ULL);
}

/* Another frame comes to a packet that is full, and has no room on the ring. */
static void full_batch_and_full_ring(struct kunit *test)
{
	static const u32 lens[BATCH] = {
		100, 100, 100, 100, 100, 100, 100, 100
	};
	struct fake_host *h = test->priv;
	struct sk_buff *one_more = fake_frame(h, 100);
	int i;

	fake_ring_fill(h);
	for (i = 0; i < BATCH; i++)
		fake_nic_send_more(h, fake_frame(h, 100));
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, one_more), NETDEV_TX_BUSY);
	fake_ring_drain(h);
	await_room(h);
	expect_batch(test, h, lens, BATCH);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, one_more), NETDEV_TX_OK);
	expect_batch(test, h, lens, 1);
}

/* Who stops a queue takes the next frame from it: nobody waits for that. */
static void stopped_by_somebody_else(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct Qdisc *bare = kunit_kzalloc(test, sizeof(*bare), GFP_KERNEL);
	struct Qdisc *qdisc;

	KUNIT_ASSERT_NOT_NULL(test, bare);
	rtnl_lock();
	qdisc = rtnl_dereference(txq(h)->qdisc);
	netif_tx_stop_queue(txq(h));
	fake_nic_send_more(h, fake_frame(h, 100));
	expect_batch(test, h, (const u32[]){ 100 }, 1);
	rcu_assign_pointer(txq(h)->qdisc, bare);
	fake_nic_send_more(h, fake_frame(h, 100));
	expect_batch(test, h, (const u32[]){ 100 }, 1);
	rcu_assign_pointer(txq(h)->qdisc, qdisc);
	netif_tx_wake_queue(txq(h));
	rtnl_unlock();
}

/* Of a redirected bulk the rest finds no slot. */
static void no_slot_for_the_rest(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_queue *queue = &h->nv->queues[0];
	struct netvsc_tx_ring *tx = &h->conn->chan[0]->tx;
	struct sk_buff *rest = fake_frame(h, 100);

	local_bh_disable();
	netvsc_tx(h->conn, queue, fake_frame(h, 100), NETVSC_TX_MORE);
	tx->used += NETVSC_TX_SLOTS - 1;
	KUNIT_EXPECT_EQ(test, netvsc_tx(h->conn, queue, rest, 0),
			NETDEV_TX_BUSY);
	tx->used -= NETVSC_TX_SLOTS - 1;
	local_bh_enable();
	expect_batch(test, h, (const u32[]){ 100 }, 1);
	kfree_skb(rest);
}

/* The last one is bad: nobody waits for it any more. */
static void last_one_is_dropped(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_frame(h, ETH_HLEN);

	fake_nic_send_more(h, fake_frame(h, 100));
	/* It says that there is a tag, and ends there. */
	put_unaligned_be16(ETH_P_8021Q, skb->data + 12);
	skb->protocol = htons(ETH_P_8021Q);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, vlan_error), 1L);
	expect_batch(test, h, (const u32[]){ 100 }, 1);
}

/* The ring has no room for it: it waits, and those behind it. */
static void full_ring(struct kunit *test)
{
	static const u32 lens[] = { 100, 101 };
	struct fake_host *h = test->priv;

	fake_ring_fill(h);
	fake_nic_send_more(h, fake_frame(h, lens[0]));
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, fake_frame(h, lens[1])),
			NETDEV_TX_OK);
	KUNIT_EXPECT_TRUE(test, is_stopped(h));
	fake_ring_drain(h);
	/* The driver's timer sends it, and then wakes the queue. */
	await_room(h);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	expect_batch(test, h, lens, 2);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 2ULL);
}

/* All of it, or none. */
static void batch_that_the_host_could_not_send(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *a = skb_get(fake_frame(h, 100));
	struct sk_buff *b = skb_get(fake_frame(h, 100));
	struct fake_ring_pkt pkt;

	fake_nic_send_more(h, a);
	fake_nic_send(h, b);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 2);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_EQ(test, refcount_read(&a->users), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&b->users), 1);
	KUNIT_EXPECT_PTR_EQ(test, a->next, NULL);
	KUNIT_EXPECT_EQ(test, sent(h).packets, 0ULL);
	KUNIT_EXPECT_FALSE(test, is_limited(h));
	kfree_skb(a);
	kfree_skb(b);
}

/* Whoever waits until all is sent sends it. */
static void batch_is_settled(struct kunit *test)
{
	struct fake_host *h = test->priv;

	fake_nic_send_more(h, fake_frame(h, 100));
	KUNIT_EXPECT_FALSE(test, netvsc_sends_settled(h->nv));
	expect_batch(test, h, (const u32[]){ 100 }, 1);
	KUNIT_EXPECT_TRUE(test, netvsc_sends_settled(h->nv));
}

/* eth<n> goes down in between. */
static void batch_when_taken_down(struct kunit *test)
{
	struct fake_host *h = test->priv;

	fake_nic_send_more(h, fake_frame(h, 100));
	fake_nic_up(h, false);
	expect_batch(test, h, (const u32[]){ 100 }, 1);
	fake_nic_up(h, true);
}

/* The VF begins to send in between: the next frame may go there. */
static void batch_when_the_vf_takes_over(struct kunit *test)
{
	struct fake_host *h = test->priv;

	fake_nic_send_more(h, fake_frame(h, 100));
	expect_quiet(test, h);
	rtnl_lock();
	rcu_assign_pointer(h->nv->tx_vf, h->nv->ndev);
	netvsc_release_sends(h->nv);
	expect_batch(test, h, (const u32[]){ 100 }, 1);

	/* A sender that had not seen it yet. */
	local_bh_disable();
	netvsc_tx(h->conn, &h->nv->queues[0], fake_frame(h, 100),
		  NETVSC_TX_STACK | NETVSC_TX_MORE);
	local_bh_enable();
	RCU_INIT_POINTER(h->nv->tx_vf, NULL);
	rtnl_unlock();
	expect_batch(test, h, (const u32[]){ 100 }, 1);
}

/* The host closes before it was sent: the ring has no room for it. */
static void batch_at_the_end(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = skb_get(fake_frame(h, 100));

	fake_ring_fill(h);
	fake_nic_send_more(h, skb);
	fake_nic_send_more(h, fake_frame(h, 100));
	h->gone = true;
	fake_nic_unregister(h);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_no_conn), 2L);
	kfree_skb(skb);
}

/* A host that says that frames do not share packets, or nonsense. */
static void hosts_without_batches(struct kunit *test)
{
	static const struct {
		u32 off;
		u32 value;
	} says[] = { { 32, 0 }, { 32, 1 }, { 40, 9 }, { 40, U32_MAX } };
	struct fake_host *h = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(says); i++) {
		h->fault = (struct fake_fault) {
			.kind = FAKE_ALTER, .reply = FAKE_RNDIS,
			.off = says[i].off, .value = says[i].value,
		};
		kfree(h->hit);
		h->hit = NULL;
		KUNIT_EXPECT_EQ(test, fake_host_change(h->nv, 1), 0);
		fake_nic_settle(h);
		fake_nic_send_more(h, fake_frame(h, 100));
		expect_batch(test, h, (const u32[]){ 100 }, 1);
	}
	h->fault.kind = FAKE_ALL_WELL;
}

/* BQL begins with a limit of nothing, here: one frame is too many. */
static void limit(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, fake_nic_send(h, fake_frame(h, 1514)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_TRUE(test, is_limited(h));
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	take(h, &pkt);
	KUNIT_EXPECT_FALSE(test, is_limited(h));
	KUNIT_EXPECT_EQ(test, txq(h)->dql.num_queued, 1514U);
	KUNIT_EXPECT_EQ(test, txq(h)->dql.num_completed, 1514U);
}

/* A frame that was counted and then had no room comes once more. */
static void limit_and_a_full_ring(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct sk_buff *skb = fake_frame(h, FAKE_SEND_SECTION);
	struct fake_ring_pkt pkt;

	fake_ring_fill(h);
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_BUSY);
	fake_ring_drain(h);
	await_room(h);
	KUNIT_EXPECT_FALSE(test, is_stopped(h));
	KUNIT_EXPECT_FALSE(test, is_limited(h));
	KUNIT_EXPECT_EQ(test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	take(h, &pkt);
	KUNIT_EXPECT_EQ(test, txq(h)->dql.num_queued,
			2U * FAKE_SEND_SECTION);
	KUNIT_EXPECT_EQ(test, txq(h)->dql.num_completed,
			2U * FAKE_SEND_SECTION);
}

/* Frames that wait for BQL without a qdisc would be lost. */
static void no_limit_without_a_qdisc(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct Qdisc *bare = kunit_kzalloc(test, sizeof(*bare), GFP_KERNEL);
	struct Qdisc *qdisc;
	struct fake_ring_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(test, bare);
	rtnl_lock();
	qdisc = rtnl_dereference(txq(h)->qdisc);
	rcu_assign_pointer(txq(h)->qdisc, bare);
	fake_nic_send(h, fake_frame(h, 1514));
	KUNIT_EXPECT_FALSE(test, is_limited(h));
	rcu_assign_pointer(txq(h)->qdisc, qdisc);
	rtnl_unlock();
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	take(h, &pkt);
	KUNIT_EXPECT_EQ(test, txq(h)->dql.num_completed, 0U);
}

/* Over the VF nobody waits for what the host has not completed. */
static void no_limit_with_the_vf(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	fake_nic_send(h, fake_frame(h, 1514));
	KUNIT_EXPECT_TRUE(test, is_limited(h));
	rtnl_lock();
	rcu_assign_pointer(h->nv->tx_vf, h->nv->ndev);
	netvsc_release_sends(h->nv);
	KUNIT_EXPECT_FALSE(test, is_limited(h));

	/* A sender that had not seen it yet; netpoll. */
	local_bh_disable();
	netvsc_tx(h->conn, &h->nv->queues[0], fake_frame(h, 1514),
		  NETVSC_TX_STACK);
	local_bh_enable();
	KUNIT_EXPECT_FALSE(test, is_limited(h));
	RCU_INIT_POINTER(h->nv->tx_vf, NULL);
	rtnl_unlock();

	while (fake_ring_get(h, &pkt))
		take(h, &pkt);
	KUNIT_EXPECT_EQ(test, txq(h)->dql.num_completed, 2U * 1514);
}

/* netpoll, which polls while it cannot send, does not wait. */
static void no_limit_for_netpoll(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	fake_nic_send(h, fake_frame(h, 1514));
	KUNIT_EXPECT_TRUE(test, is_limited(h));
	fake_ring_poll(h, 0);
	KUNIT_EXPECT_FALSE(test, is_limited(h));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	take(h, &pkt);
}

/* What the old host has not completed is not the new one's. */
static void limit_of_another_connection(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	fake_nic_send(h, fake_frame(h, 1514));
	KUNIT_EXPECT_TRUE(test, is_limited(h));
	KUNIT_EXPECT_EQ(test, fake_host_change(h->nv, 1), 0);
	fake_nic_settle(h);
	KUNIT_EXPECT_FALSE(test, is_limited(h));
	KUNIT_EXPECT_EQ(test, txq(h)->dql.num_queued, 0U);
	fake_ring_drain(h);
	fake_nic_send(h, fake_frame(h, 1514));
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	take(h, &pkt);
	KUNIT_EXPECT_FALSE(test, is_limited(h));
}

static struct kunit_case batch_cases[] = {
	KUNIT_CASE(more_frames_share_a_section),
	KUNIT_CASE(gaps),
	KUNIT_CASE(as_many_as_the_host_takes),
	KUNIT_CASE(as_much_as_a_section_has_room_for),
	KUNIT_CASE(large_frame_behind_small_ones),
	KUNIT_CASE(full_batch_and_full_ring),
	KUNIT_CASE(stopped_by_somebody_else),
	KUNIT_CASE(no_slot_for_the_rest),
	KUNIT_CASE(last_one_is_dropped),
	KUNIT_CASE(full_ring),
	KUNIT_CASE(batch_that_the_host_could_not_send),
	KUNIT_CASE(batch_is_settled),
	KUNIT_CASE(batch_when_taken_down),
	KUNIT_CASE(batch_when_the_vf_takes_over),
	KUNIT_CASE(batch_at_the_end),
	KUNIT_CASE(hosts_without_batches),
	KUNIT_CASE(limit),
	KUNIT_CASE(limit_and_a_full_ring),
	KUNIT_CASE(no_limit_without_a_qdisc),
	KUNIT_CASE(no_limit_with_the_vf),
	KUNIT_CASE(no_limit_for_netpoll),
	KUNIT_CASE(limit_of_another_connection),
	{}
};

static struct kunit_suite batch_suite = {
	.name = "hv_netvsc_tx_batch",
	.init = batch_init,
	.exit = batch_exit,
	.test_cases = batch_cases,
};

kunit_test_suite(batch_suite);

MODULE_DESCRIPTION("KUnit: batches, and limits");
MODULE_LICENSE("GPL");
