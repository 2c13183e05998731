// SPDX-License-Identifier: GPL-2.0
/* What senders meet while the VF carries the traffic, and what is said of it. */
#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "fake_pair.h"

#define VF_QUEUE	40	/* the VF may have more queues than eth<n> */

/* A socket that has sent before, and remembers on which queue. */
static struct sk_buff *frame_of_a_socket(struct kunit *test, bool idle)
{
	struct fake_pair *p = test->priv;
	struct sk_buff *skb = fake_frame(p->h, 100);
	struct sock *sk = kunit_kzalloc(test, sizeof(*sk), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sk);
	sk->sk_state = TCP_ESTABLISHED;
	sock_net_set(sk, &init_net);
	/* Nobody looks at what it is. */
	RCU_INIT_POINTER(sk->sk_dst_cache, (struct dst_entry *)sk);
	sk_tx_queue_set(sk, VF_QUEUE);
	skb->sk = sk;
	skb->ooo_okay = idle;
	__skb_set_sw_hash(skb, 1, true);
	return skb;
}

static u16 queue_for(struct sk_buff *skb)
{
	u16 queue;

	rcu_read_lock_bh();
	queue = skb->dev->netdev_ops->ndo_select_queue(skb->dev, skb, NULL);
	rcu_read_unlock_bh();
	return queue;
}

static void done_with(struct kunit *test, struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	skb->sk = NULL;
	kfree_skb(skb);
	kunit_kfree(test, sk);
}

/* It stays on the VF's queue, whatever eth<n> would have it on. */
static void flow_stays_on_a_queue_of_the_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct sk_buff *skb;

	fake_pair_on_vf(test);
	skb = frame_of_a_socket(test, false);
	KUNIT_EXPECT_EQ(test, queue_for(skb),
			VF_QUEUE % p->ndev->real_num_tx_queues);
	KUNIT_EXPECT_EQ(test, sk_tx_queue_get(skb->sk), VF_QUEUE);
	done_with(test, skb);
}

/* None of its frames is under way: the VF may think anew, nobody else. */
static void idle_flow_goes_where_the_vf_says(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(p->nv->send_table); i++)
		p->nv->send_table[i] = 1;
	fake_pair_on_vf(test);
	skb = frame_of_a_socket(test, true);
	/* It has one. */
	KUNIT_EXPECT_EQ(test, queue_for(skb), 0);
	KUNIT_EXPECT_EQ(test, sk_tx_queue_get(skb->sk), 0);
	done_with(test, skb);
}

/* The VF would take it for the queue that has received the frame. */
static void queue_of_eth_is_not_handed_on(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct sk_buff *skb = fake_frame(p->h, 100);

	fake_pair_on_vf(test);
	rtnl_lock();
	netif_set_real_num_tx_queues(p->vf, 2);
	rtnl_unlock();
	fake_pair_vf(p)->mapping = U16_MAX;
	skb_set_queue_mapping(skb, 3);
	rcu_read_lock_bh();
	netvsc_xmit(p->nv, skb, 0);
	rcu_read_unlock_bh();
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->mapping, 0);
}

/* Nobody else tells whoever sends through an eth<n> without a discipline. */
static void sender_hears_of_a_drop(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	netdev_tx_t got[3];
	unsigned int i;

	p->vf->priv_flags &= ~IFF_NO_QUEUE;
	p->vf->tx_queue_len = 1;
	fake_pair_on_vf(test);
	netif_stop_queue(p->vf);
	for (i = 0; i < ARRAY_SIZE(got); i++) {
		rcu_read_lock_bh();
		got[i] = netvsc_xmit(p->nv, fake_frame(p->h, 100), 0);
		rcu_read_unlock_bh();
	}
	/* One waits to be tried again, and there is room for another one. */
	KUNIT_EXPECT_EQ(test, (int)got[0], NET_XMIT_SUCCESS);
	KUNIT_EXPECT_EQ(test, (int)got[1], NET_XMIT_SUCCESS);
	KUNIT_EXPECT_EQ(test, (int)got[2], NET_XMIT_DROP);
	netif_start_queue(p->vf);
}

/* Who cuts the frames says how long they may be. */
static void frames_as_long_as_the_vf_takes(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u32 host = p->ndev->tso_max_size;

	rtnl_lock();
	netif_set_tso_max_size(p->vf, 2 * host);
	rtnl_unlock();
	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, p->ndev->tso_max_size, 2 * host);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(p->nv, &p->nv->intent), 0);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->ndev->tso_max_size, 2 * host);
	fake_pair_announce(p, false, FAKE_SERIAL);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->ndev->tso_max_size, host);
}

/* The host moves the path again and again. */
static void lines_about_the_path(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int i;

	p->nv->bond.said.interval = 600 * HZ;
	fake_pair_on_vf(test);
	for (i = 0; i < 12; i++) {
		fake_pair_announce(p, false, FAKE_SERIAL);
		fake_nic_settle(p->h);
		fake_pair_announce(p, true, FAKE_SERIAL);
		fake_nic_settle(p->h);
	}
	/* They have used up what there was for both. */
	KUNIT_EXPECT_FALSE(test, __ratelimit(&p->nv->bond.said));
}

/* As mana's does before it goes: its queues stand still, and it has RTNL for long. */
static void stuck_while_rtnl_is_held(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_ring_pkt pkt;

	fake_pair_on_vf(test);
	netif_stop_queue(p->vf);
	netdev_get_tx_queue(p->vf, 0)->trans_start = jiffies - 3 * HZ;
	rtnl_lock();
	flush_delayed_work(&p->nv->bond.watch);
	flush_work(&p->h->work);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	fake_nic_send(p->h, fake_frame(p->h, 100));
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 0U);
	KUNIT_EXPECT_NE(test, fake_ring_get(p->h, &pkt), 0U);
	rtnl_unlock();
	fake_ring_complete(p->h, pkt.tid, 1);
	fake_ring_poll(p->h, 64);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	netif_start_queue(p->vf);
}

static struct kunit_case vf_send_cases[] = {
	KUNIT_CASE(flow_stays_on_a_queue_of_the_vf),
	KUNIT_CASE(idle_flow_goes_where_the_vf_says),
	KUNIT_CASE(queue_of_eth_is_not_handed_on),
	KUNIT_CASE(sender_hears_of_a_drop),
	KUNIT_CASE(frames_as_long_as_the_vf_takes),
	KUNIT_CASE(lines_about_the_path),
	KUNIT_CASE(stuck_while_rtnl_is_held),
	{}
};

static struct kunit_suite vf_send_suite = {
	.name = "hv_netvsc_vf_send",
	.init = fake_pair_init,
	.exit = fake_pair_exit,
	.test_cases = vf_send_cases,
};

kunit_test_suite(vf_send_suite);

MODULE_DESCRIPTION("KUnit: what is sent over a VF");
MODULE_LICENSE("GPL");
