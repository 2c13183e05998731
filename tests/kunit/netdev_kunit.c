// SPDX-License-Identifier: GPL-2.0
/* eth<n> as the stack and ethtool see it, without a VF. */
#include <kunit/test.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "fake_ring.h"

static int netdev_init(struct kunit *test)
{
	struct fake_host *h = fake_host_new(test);

	test->priv = h;
	fake_rings_new(h);
	fake_nic_register(h);
	return 0;
}

static void netdev_exit(struct kunit *test)
{
	struct fake_host *h = test->priv;

	fake_nic_unregister(h);
	fake_rings_free(h);
	fake_host_free(h);
}

/* The host filters nothing as long as the interface is down. */
static void filter_follows_the_interface(struct kunit *test)
{
	struct fake_host *h = test->priv;

	KUNIT_EXPECT_EQ(test, h->filter, 0U);
	fake_nic_up(h, true);
	KUNIT_EXPECT_EQ(test, h->filter, 0xdU);
	rtnl_lock();
	dev_set_promiscuity(h->nv->ndev, 1);
	rtnl_unlock();
	fake_nic_settle(h);
	KUNIT_EXPECT_EQ(test, h->filter, 0x20U);
	rtnl_lock();
	dev_set_promiscuity(h->nv->ndev, -1);
	rtnl_unlock();
	fake_nic_up(h, false);
	KUNIT_EXPECT_EQ(test, h->filter, 0U);
}

static void filter_is_tried_again(struct kunit *test)
{
	struct fake_host *h = test->priv;

	fake_nic_up(h, true);
	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_TAKEN, .asked = OID_FILTER,
	};
	rtnl_lock();
	dev_set_promiscuity(h->nv->ndev, 1);
	rtnl_unlock();
	fake_nic_settle(h);
	KUNIT_EXPECT_EQ(test, h->filter, 0xdU);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&h->nv->rx_mode_work));
	flush_delayed_work(&h->nv->rx_mode_work);
	KUNIT_EXPECT_EQ(test, h->filter, 0x20U);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&h->nv->rx_mode_work));
	rtnl_lock();
	dev_set_promiscuity(h->nv->ndev, -1);
	rtnl_unlock();
}

/* Frames flow again, both ways. */
static void after_a_reconnect(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netdev_queue *txq = netdev_get_tx_queue(h->nv->ndev, 0);
	struct netvsc_intent want = h->nv->intent;
	struct fake_ring_pkt pkt;

	fake_nic_up(h, true);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(h->nv, &want), 0);
	KUNIT_EXPECT_FALSE(test, netif_tx_queue_stopped(txq));
	rtnl_unlock();
	fake_nic_settle(h);
	KUNIT_EXPECT_EQ(test, h->filter, 0xdU);
	fake_nic_send(h, fake_frame(h, 100));
	KUNIT_EXPECT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
}

/* Names and their order are ABI; ours come behind those. */
static const char *const names[] = {
	"tx_scattered", "tx_no_memory", "tx_no_space", "tx_too_big", "tx_busy",
	"tx_send_full", "rx_comp_busy", "rx_no_memory", "stop_queue",
	"wake_queue", "vlan_error", "host_malformed", "host_late",
	"host_overdue", "tx_host_error", "tx_no_conn", "rx_not_running",
	"vf_rx_packets", "vf_rx_bytes", "vf_tx_packets", "vf_tx_bytes",
	"vf_tx_dropped", "tx_queue_0_packets", "tx_queue_0_bytes",
	"tx_queue_0_xdp_xmit", "rx_queue_0_packets", "rx_queue_0_bytes",
	"rx_queue_0_xdp_drop", "rx_queue_0_xdp_redirect", "rx_queue_0_xdp_tx",
	"cpu0_rx_packets", "cpu0_rx_bytes", "cpu0_tx_packets", "cpu0_tx_bytes",
};

static void counters_by_name(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct net_device *ndev = h->nv->ndev;
	const struct ethtool_ops *ops = ndev->ethtool_ops;
	struct fake_ring_pkt pkt;
	char (*got)[ETH_GSTRING_LEN];
	unsigned int i, num;
	u64 *values;

	fake_nic_up(h, true);
	fake_nic_send(h, fake_frame(h, 100));
	KUNIT_EXPECT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);

	num = ops->get_sset_count(ndev, ETH_SS_STATS);
	KUNIT_ASSERT_GE(test, num, (unsigned int)ARRAY_SIZE(names));
	got = kunit_kcalloc(test, num, sizeof(*got), GFP_KERNEL);
	values = kunit_kcalloc(test, num, sizeof(*values), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_ASSERT_NOT_NULL(test, values);
	ops->get_strings(ndev, ETH_SS_STATS, (u8 *)got);
	rtnl_lock();
	ops->get_ethtool_stats(ndev, NULL, values);
	rtnl_unlock();
	for (i = 0; i < ARRAY_SIZE(names); i++)
		KUNIT_EXPECT_STREQ(test, got[i], names[i]);
	KUNIT_EXPECT_EQ(test, values[11], 1ULL);	/* host_malformed */
	KUNIT_EXPECT_EQ(test, values[22], 1ULL);
	KUNIT_EXPECT_EQ(test, values[23], 100ULL);
	KUNIT_EXPECT_EQ(test, values[32], 1ULL);
}

static struct kunit_case netdev_cases[] = {
	KUNIT_CASE(filter_follows_the_interface),
	KUNIT_CASE(filter_is_tried_again),
	KUNIT_CASE(after_a_reconnect),
	KUNIT_CASE(counters_by_name),
	{}
};

static struct kunit_suite netdev_suite = {
	.name = "hv_netvsc_netdev",
	.init = netdev_init,
	.exit = netdev_exit,
	.test_cases = netdev_cases,
};

kunit_test_suite(netdev_suite);

MODULE_DESCRIPTION("KUnit: the interface");
MODULE_LICENSE("GPL");
