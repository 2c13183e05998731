// SPDX-License-Identifier: GPL-2.0
/* The queues of eth<n>: who picks one, their NAPI, their CPUs, their counters. */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netdev_rx_queue.h>

#include "fake_ring.h"
#include "synth/queue.h"
#include "synth/synth.h"

static int queues_init(struct kunit *test)
{
	struct fake_host *h = fake_nic_new_channels(test, FAKE_CHANNELS);

	test->priv = h;
	fake_nic_up(h, true);
	return 0;
}

static void queues_exit(struct kunit *test)
{
	fake_nic_free(test->priv);
}

static void change_channels(struct fake_host *h, u32 num)
{
	KUNIT_ASSERT_EQ(h->test, fake_host_change(h->nv, num), 0);
	fake_nic_settle(h);
}

static u16 picks(struct fake_host *h, u32 hash)
{
	struct net_device *ndev = h->nv->ndev;
	struct sk_buff *skb = fake_frame(h, 100);
	u16 queue;

	__skb_set_sw_hash(skb, hash, true);
	/* As the core says who sends. */
	skb->sender_cpu = raw_smp_processor_id() + 1;
	queue = ndev->netdev_ops->ndo_select_queue(ndev, skb, NULL);
	kfree_skb(skb);
	return queue;
}

/* Who says which CPU sends on which queue means it; no longer than he says so. */
static void xps_knows_better(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct net_device *ndev = h->nv->ndev;
	u32 hash;

	if (!IS_ENABLED(CONFIG_XPS))
		kunit_skip(test, "this kernel has no XPS");
	KUNIT_ASSERT_EQ(test, netif_set_xps_queue(ndev, cpu_possible_mask, 3),
			0);
	for (hash = 1; hash < 16; hash++)
		KUNIT_EXPECT_EQ(test, picks(h, hash), 3);
	KUNIT_ASSERT_EQ(test, netif_set_xps_queue(ndev, cpu_none_mask, 3), 0);
	for (hash = 1; hash < 16; hash++)
		KUNIT_EXPECT_EQ(test, picks(h, hash), hash % FAKE_CHANNELS);
}

/* Of a queue that is not in use it has none: that one is not polled. */
static void expect_napis(struct fake_host *h, unsigned int num)
{
	struct net_device *ndev = h->nv->ndev;
	unsigned int i;

	rtnl_lock();
	for (i = 0; i < FAKE_CHANNELS; i++) {
		struct napi_struct *want = i < num ? &h->nv->queues[i].napi :
						     NULL;

		KUNIT_EXPECT_PTR_EQ(h->test,
				    netdev_get_tx_queue(ndev, i)->napi, want);
		KUNIT_EXPECT_PTR_EQ(h->test,
				    __netif_get_rx_queue(ndev, i)->napi, want);
	}
	rtnl_unlock();
}

/* What the stack tells of which NAPI serves a queue, by netlink for one. */
static void napi_of_each_queue(struct kunit *test)
{
	struct fake_host *h = test->priv;

	expect_napis(h, FAKE_CHANNELS);
	change_channels(h, 2);
	expect_napis(h, 2);
	change_channels(h, FAKE_CHANNELS);
	expect_napis(h, FAKE_CHANNELS);
}

/* Both ways, on the channel @h->at. */
static void expect_traffic(struct fake_host *h)
{
	struct netvsc_queue *queue = &h->nv->queues[h->at];
	struct fake_range range = fake_frame_in(h, 1, 300, -1, 0);
	u64 before = netvsc_read_stats(&queue->rx).packets;
	struct sk_buff *skb = fake_frame(h, 100);
	struct fake_ring_pkt pkt;

	skb_set_queue_mapping(skb, h->at);
	KUNIT_EXPECT_EQ(h->test, fake_nic_send(h, skb), NETDEV_TX_OK);
	KUNIT_ASSERT_NE(h->test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_transfer(h, 11, &range, 1);
	KUNIT_EXPECT_EQ(h->test, fake_ring_poll(h, 64), 1);
	KUNIT_EXPECT_EQ(h->test, netvsc_read_stats(&queue->rx).packets,
			before + 1);
	KUNIT_EXPECT_NE(h->test, fake_ring_get(h, &pkt), 0U);
	KUNIT_EXPECT_EQ(h->test, pkt.tid, 11ULL);
}

/* There is no memory for the rings of the k-th, for every k: the others work. */
static void memory_for_some(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u16 k;

	for (k = 1; k < FAKE_CHANNELS; k++) {
		h->no_room_from = k;
		change_channels(h, FAKE_CHANNELS);
		KUNIT_EXPECT_EQ(test, h->conn->num_chans, k);
		KUNIT_EXPECT_EQ(test, h->nv->ndev->real_num_tx_queues, k);
		KUNIT_EXPECT_EQ(test, h->nv->ndev->real_num_rx_queues, k);
		for (h->at = 0; h->at < k; h->at++)
			expect_traffic(h);
		h->at = 0;
		KUNIT_EXPECT_TRUE(test, netvsc_sends_settled(h->nv));
	}
	/* And where there is again, the next connection has them all. */
	h->no_room_from = 0;
	change_channels(h, FAKE_CHANNELS);
	KUNIT_EXPECT_EQ(test, h->conn->num_chans, (u32)FAKE_CHANNELS);
}

/* The value that ethtool -S shows by that name, of one CPU. */
static u64 counter(struct fake_host *h, unsigned int cpu, const char *what)
{
	struct net_device *ndev = h->nv->ndev;
	const struct ethtool_ops *ops = ndev->ethtool_ops;
	char name[ETH_GSTRING_LEN];
	char (*got)[ETH_GSTRING_LEN];
	int i, num;
	u64 *values;

	snprintf(name, sizeof(name), "cpu%u_%s", cpu, what);
	rtnl_lock();
	num = ops->get_sset_count(ndev, ETH_SS_STATS);
	got = kunit_kcalloc(h->test, num, sizeof(*got), GFP_KERNEL);
	values = kunit_kcalloc(h->test, num, sizeof(*values), GFP_KERNEL);
	if (got && values) {
		ops->get_strings(ndev, ETH_SS_STATS, (u8 *)got);
		ops->get_ethtool_stats(ndev, NULL, values);
	}
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(h->test, got);
	KUNIT_ASSERT_NOT_NULL(h->test, values);
	for (i = 0; i < num; i++)
		if (!strcmp(got[i], name))
			return values[i];
	KUNIT_FAIL(h->test, "there is no %s", name);
	return 0;
}

/* On the first CPU that is there, on the second, and again. Return: how many. */
static unsigned int spread_channels(struct fake_host *h, unsigned int *cpus)
{
	unsigned int i, cpu, num = 0;

	for_each_present_cpu(cpu)
		if (num < FAKE_CHANNELS)
			cpus[num++] = cpu;
	for (i = 0; i < FAKE_CHANNELS; i++)
		h->vmchan[i]->target_cpu = cpus[i % num];
	return num;
}

/* Each queue has another number of frames: a sum says of which it is. */
static void count_frames(struct fake_host *h)
{
	unsigned int i;

	for (i = 0; i < FAKE_CHANNELS; i++) {
		struct netvsc_queue *queue = &h->nv->queues[i];

		u64_stats_add(&queue->rx.packets, 1 << i);
		u64_stats_add(&queue->rx.bytes, 100 << i);
		u64_stats_add(&queue->tx.packets, 0x10 << i);
		u64_stats_add(&queue->tx.bytes, 0x1000 << i);
	}
}

/* Those of @queues, a bit for each, and of the VF. */
static void expect_cpu(struct fake_host *h, unsigned int cpu, u32 queues)
{
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "rx_packets"),
			queues + 7ULL);
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "rx_bytes"),
			100ULL * queues + 700);
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "tx_packets"),
			0x10ULL * queues + 5);
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "tx_bytes"),
			0x1000ULL * queues + 500);
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "vf_rx_packets"), 7ULL);
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "vf_rx_bytes"), 700ULL);
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "vf_tx_packets"), 5ULL);
	KUNIT_EXPECT_EQ(h->test, counter(h, cpu, "vf_tx_bytes"), 500ULL);
}

/* Frames are those of the CPU that their channel interrupts. */
static void counters_of_cpus(struct kunit *test)
{
	struct fake_host *h = test->priv;
	unsigned int cpus[FAKE_CHANNELS], num = spread_channels(h, cpus), i, j;
	u32 queues[FAKE_CHANNELS] = {};

	count_frames(h);
	for (i = 0; i < num; i++) {
		struct netvsc_vf_stats *vf = per_cpu_ptr(h->nv->vf_stats,
							 cpus[i]);

		u64_stats_add(&vf->rx_packets, 7);
		u64_stats_add(&vf->rx_bytes, 700);
		u64_stats_add(&vf->tx_packets, 5);
		u64_stats_add(&vf->tx_bytes, 500);
	}
	for (j = 0; j < FAKE_CHANNELS; j++)
		queues[j % num] |= BIT(j);
	for (i = 0; i < num; i++)
		expect_cpu(h, cpus[i], queues[i]);

	/* What queues that are gone have counted is the primary's. */
	change_channels(h, 2);
	memset(queues, 0, sizeof(queues));
	for (j = 0; j < FAKE_CHANNELS; j++)
		queues[j < 2 ? j % num : 0] |= BIT(j);
	for (i = 0; i < num; i++)
		expect_cpu(h, cpus[i], queues[i]);
}

/* So many names as there are values, for the queues that there are. */
static void counters_of_queues(struct kunit *test)
{
	struct fake_host *h = test->priv;
	const struct ethtool_ops *ops = h->nv->ndev->ethtool_ops;
	int four, one;

	rtnl_lock();
	four = ops->get_sset_count(h->nv->ndev, ETH_SS_STATS);
	rtnl_unlock();
	change_channels(h, 1);
	rtnl_lock();
	one = ops->get_sset_count(h->nv->ndev, ETH_SS_STATS);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, four - one, 3 * 8);
}

static struct kunit_case queues_cases[] = {
	KUNIT_CASE(xps_knows_better),
	KUNIT_CASE(napi_of_each_queue),
	KUNIT_CASE(memory_for_some),
	KUNIT_CASE(counters_of_cpus),
	KUNIT_CASE(counters_of_queues),
	{}
};

static struct kunit_suite queues_suite = {
	.name = "hv_netvsc_queues",
	.init = queues_init,
	.exit = queues_exit,
	.test_cases = queues_cases,
};

kunit_test_suite(queues_suite);

MODULE_DESCRIPTION("KUnit: the queues of eth<n>");
MODULE_LICENSE("GPL");
