// SPDX-License-Identifier: GPL-2.0
/* eth<n> as the stack and ethtool see it, without a VF. */
#include <kunit/test.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/sizes.h>
#include <net/netdev_queues.h>

#include "fake_prog.h"
#include "fake_ring.h"
#include "synth/xdp.h"

static int netdev_init(struct kunit *test)
{
	test->priv = fake_nic_new(test);
	return 0;
}

static void netdev_exit(struct kunit *test)
{
	fake_nic_free(test->priv);
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

struct netdev_busy {
	struct work_struct work;
	struct completion go;
	bool over;
};

static void netdev_be_busy(struct work_struct *work)
{
	struct netdev_busy *busy = container_of(work, struct netdev_busy, work);

	wait_for_completion_timeout(&busy->go, 20 * HZ);
	WRITE_ONCE(busy->over, true);
}

/* Conn work waits for an answer: whoever takes eth<n> down need not. */
static void down_with_a_silent_host(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netdev_busy busy = {};

	fake_nic_up(h, true);
	init_completion(&busy.go);
	INIT_WORK_ONSTACK(&busy.work, netdev_be_busy);
	queue_work(h->nv->conn_wq, &busy.work);
	rtnl_lock();
	dev_close(h->nv->ndev);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, READ_ONCE(busy.over));
	complete(&busy.go);
	fake_nic_settle(h);
	KUNIT_EXPECT_EQ(test, h->filter, 0U);
	destroy_work_on_stack(&busy.work);
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
	"vf_tx_moved", "vf_rx_packets", "vf_rx_bytes", "vf_tx_packets",
	"vf_tx_bytes", "vf_tx_dropped", "tx_queue_0_packets", "tx_queue_0_bytes",
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
	KUNIT_EXPECT_EQ(test, values[23], 1ULL);
	KUNIT_EXPECT_EQ(test, values[24], 100ULL);
	KUNIT_EXPECT_EQ(test, values[33], 1ULL);
}

static int change_rings_told(struct fake_host *h, u32 rx, u32 tx,
			     struct netlink_ext_ack *extack)
{
	const struct ethtool_ops *ops = h->nv->ndev->ethtool_ops;
	struct ethtool_ringparam ring = { .rx_pending = rx, .tx_pending = tx };
	int err;

	rtnl_lock();
	err = ops->set_ringparam(h->nv->ndev, &ring, NULL, extack);
	rtnl_unlock();
	/* Who is refused hears why. */
	KUNIT_EXPECT_EQ(h->test, !extack->_msg, !err);
	fake_nic_settle(h);
	return err;
}

static int change_rings(struct fake_host *h, u32 rx, u32 tx)
{
	struct netlink_ext_ack extack = {};

	return change_rings_told(h, rx, tx, &extack);
}

static void expect_rings(struct fake_host *h, u32 rx, u32 tx)
{
	const struct ethtool_ops *ops = h->nv->ndev->ethtool_ops;
	struct ethtool_ringparam ring = {};

	rtnl_lock();
	ops->get_ringparam(h->nv->ndev, &ring, NULL, NULL);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(h->test, ring.rx_pending, rx);
	KUNIT_EXPECT_EQ(h->test, ring.tx_pending, tx);
	KUNIT_EXPECT_EQ(h->test, ring.rx_max_pending,
			31U * SZ_1M / FAKE_RECV_SECTION);
	KUNIT_EXPECT_EQ(h->test, ring.tx_max_pending,
			15U * SZ_1M / FAKE_SEND_SECTION);
}

/* They are sections of the two buffers. */
static void rings(struct kunit *test)
{
	const u32 rx = FAKE_RECV_BYTES / FAKE_RECV_SECTION;
	const u32 tx = FAKE_SEND_BYTES / FAKE_SEND_SECTION;
	const u32 more = FAKE_MORE_BYTES / FAKE_RECV_SECTION;
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = h->conn;

	expect_rings(h, rx, tx);
	KUNIT_EXPECT_EQ(test, change_rings(h, rx, tx), 0);
	KUNIT_EXPECT_EQ(test, change_rings(h, 9, tx), -EINVAL);
	KUNIT_EXPECT_EQ(test, change_rings(h, rx, 9), -EINVAL);
	h->nv->job.busy = true;
	KUNIT_EXPECT_EQ(test, change_rings(h, more, tx), -EBUSY);
	h->nv->job.busy = false;
	KUNIT_EXPECT_PTR_EQ(test, h->conn, conn);

	KUNIT_EXPECT_EQ(test, change_rings(h, more, tx), 0);
	expect_rings(h, more, tx);
	KUNIT_EXPECT_EQ(test, h->nv->intent.recv_bytes, (u32)FAKE_MORE_BYTES);
	KUNIT_EXPECT_EQ(test, change_rings(h, rx, tx), 0);
	KUNIT_EXPECT_EQ(test, change_rings(h, rx, 10), 0);
	expect_rings(h, rx, 10);
}

/* What there is memory for has to do; the next time there may be more. */
static void no_memory_for_rings(struct kunit *test)
{
	const u32 tx = FAKE_SEND_BYTES / FAKE_SEND_SECTION;
	struct fake_host *h = test->priv;
	struct netvsc_intent want = h->nv->intent;

	want.recv_bytes = 4 * FAKE_HALF_BYTES;
	h->no_memory = true;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(h->nv, &want), 0);
	rtnl_unlock();
	expect_rings(h, FAKE_HALF_BYTES / FAKE_RECV_SECTION, tx);
	KUNIT_EXPECT_EQ(test, change_rings(h, FAKE_HALF_BYTES /
					   FAKE_RECV_SECTION, 10), 0);
	KUNIT_EXPECT_EQ(test, h->nv->intent.recv_bytes,
			(u32)(4 * FAKE_HALF_BYTES));
}

/* The host does not take them: they are as before. */
static void rings_refused(struct kunit *test)
{
	const u32 rx = FAKE_RECV_BYTES / FAKE_RECV_SECTION;
	const u32 tx = FAKE_SEND_BYTES / FAKE_SEND_SECTION;
	const u32 more = FAKE_MORE_BYTES / FAKE_RECV_SECTION;
	struct fake_host *h = test->priv;

	struct netlink_ext_ack extack = {};
	char text[80];

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 101,
	};
	KUNIT_EXPECT_NE(test, change_rings_told(h, more, tx, &extack), 0);
	KUNIT_EXPECT_NOT_NULL(test, h->hit);
	snprintf(text, sizeof(text),
		 "The host did not take rings of %u and %u, they stay what they were",
		 more, tx);
	KUNIT_EXPECT_STREQ(test, extack._msg, text);
	expect_rings(h, rx, tx);
}

/* It says nothing at all to them: that is no judgement of theirs. */
static void rings_and_a_silent_host(struct kunit *test)
{
	const u32 rx = FAKE_RECV_BYTES / FAKE_RECV_SECTION;
	const u32 tx = FAKE_SEND_BYTES / FAKE_SEND_SECTION;
	const u32 more = FAKE_MORE_BYTES / FAKE_RECV_SECTION;
	struct netlink_ext_ack extack = {};
	struct fake_host *h = test->priv;

	h->stays = true;
	h->fault = (struct fake_fault) {
		.kind = FAKE_SILENT, .reply = FAKE_NVSP, .asked = 101,
	};
	KUNIT_EXPECT_EQ(test, change_rings_told(h, more, tx, &extack),
			-ETIMEDOUT);
	KUNIT_EXPECT_NOT_NULL(test, h->hit);
	KUNIT_EXPECT_STREQ(test, extack._msg,
			   "The host is too slow, the rings stay what they were");
	expect_rings(h, rx, tx);
}

/* Its frames would not fit: who brings it hears why it is not taken. */
static void program_refused(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct net_device *ndev = h->nv->ndev;
	struct netlink_ext_ack extack = {};
	struct netdev_bpf bpf = {
		.command = XDP_SETUP_PROG,
		.prog = fake_prog_verdict(test, XDP_PASS),
		.extack = &extack,
	};

	rtnl_lock();
	ndev->mtu = netvsc_xdp_max_mtu(bpf.prog) + 1;
	KUNIT_EXPECT_EQ(test, ndev->netdev_ops->ndo_bpf(ndev, &bpf),
			-EOPNOTSUPP);
	ndev->mtu = FAKE_MTU;
	rtnl_unlock();
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	fake_prog_free(test, bpf.prog);
}

static void expect_link(struct fake_host *h, u32 speed, u8 duplex)
{
	const struct ethtool_ops *ops = h->nv->ndev->ethtool_ops;
	struct ethtool_link_ksettings cmd = {};

	rtnl_lock();
	KUNIT_EXPECT_EQ(h->test, ops->get_link_ksettings(h->nv->ndev, &cmd), 0);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(h->test, cmd.base.speed, speed);
	KUNIT_EXPECT_EQ(h->test, cmd.base.duplex, duplex);
}

/* Shown as the user wants it, until the host says something else. */
static void speed_and_duplex(struct kunit *test)
{
	struct fake_host *h = test->priv;
	const struct ethtool_ops *ops = h->nv->ndev->ethtool_ops;
	struct ethtool_link_ksettings cmd = {};

	expect_link(h, FAKE_LINK_SPEED / 10000, DUPLEX_FULL);
	rtnl_lock();
	ops->get_link_ksettings(h->nv->ndev, &cmd);
	cmd.base.speed = 100;
	cmd.base.duplex = DUPLEX_HALF;
	KUNIT_EXPECT_EQ(test, ops->set_link_ksettings(h->nv->ndev, &cmd), 0);
	cmd.base.speed = 101;
	cmd.base.autoneg = AUTONEG_ENABLE;
	KUNIT_EXPECT_EQ(test, ops->set_link_ksettings(h->nv->ndev, &cmd),
			-EINVAL);
	rtnl_unlock();
	expect_link(h, 100, DUPLEX_HALF);
	netvsc_link_speed(h->nv, 10 * 1000 * 10000);
	expect_link(h, 10 * 1000, DUPLEX_HALF);
}

static void speeds_in_between(struct fake_host *h)
{
	if (fake_host_opened(h) == 2)
		netvsc_link_speed(h->nv, 25 * 1000 * 10000);
}

/* What the host says by itself is newer than what it answers. */
static void speed_said_while_connecting(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->chatter = speeds_in_between;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(h->nv, &h->nv->intent), 0);
	h->chatter = NULL;
	rtnl_unlock();
	expect_link(h, 25 * 1000, DUPLEX_FULL);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(h->nv, &h->nv->intent), 0);
	rtnl_unlock();
	expect_link(h, FAKE_LINK_SPEED / 10000, DUPLEX_FULL);
}

static void expect_alias(struct fake_host *h, const char *alias)
{
	const struct dev_ifalias *got;

	rcu_read_lock();
	got = rcu_dereference(h->nv->ndev->ifalias);
	KUNIT_EXPECT_STREQ(h->test, got ? got->ifalias : "", alias);
	rcu_read_unlock();
}

/* The name that the NIC has on the host, if somebody gave it one. */
static void alias(struct kunit *test)
{
	struct fake_host *h = test->priv;

	expect_alias(h, "B\xc3\xbcro 2");
	fake_nic_unregister(h);

	h = fake_host_new(test);
	h->name = "Network Adapter";
	fake_rings_new(h);
	fake_nic_register(h);
	expect_alias(h, "");
	fake_nic_free(h);
}

/* Another NIC: its host answers OID_OFFLOAD_CAPS like this at first. */
static struct fake_host *nic_of(struct kunit *test, struct fake_fault fault)
{
	struct fake_host *h;

	fake_nic_unregister(test->priv);
	h = fake_host_new(test);
	h->fault = fault;
	h->fault.reply = FAKE_RNDIS;
	h->fault.asked = OID_OFFLOAD_CAPS;
	fake_rings_new(h);
	fake_nic_register(h);
	fake_nic_settle(h);
	KUNIT_EXPECT_NOT_NULL(test, h->hit);
	return h;
}

/* Hibernated, and awake beside another host. */
static void meets_a_host_that(struct fake_host *h, struct fake_fault fault)
{
	struct netvsc_intent want = h->nv->intent;

	kfree(h->hit);
	h->hit = NULL;
	h->fault = fault;
	h->fault.reply = FAKE_RNDIS;
	h->fault.asked = OID_OFFLOAD_CAPS;
	rtnl_lock();
	KUNIT_EXPECT_EQ(h->test, netvsc_reconnect(h->nv, &want), 0);
	rtnl_unlock();
	fake_nic_settle(h);
}

#define OFFLOADS	(NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | NETIF_F_TSO | \
			 NETIF_F_TSO6)

/* The first answer was none: what the host can is there with the next. */
static void offloads_are_learnt_late(struct kunit *test)
{
	struct fake_fault refuse = { .kind = FAKE_REFUSE }, none = {};
	struct fake_host *h = nic_of(test, refuse);
	struct net_device *ndev = h->nv->ndev;

	KUNIT_EXPECT_EQ(test, ndev->hw_features & (OFFLOADS | NETIF_F_LRO), 0);
	meets_a_host_that(h, none);
	KUNIT_EXPECT_EQ(test, ndev->features & OFFLOADS, OFFLOADS);
	KUNIT_EXPECT_EQ(test, ndev->hw_features & OFFLOADS, OFFLOADS);
	KUNIT_EXPECT_EQ(test, ndev->vlan_features & OFFLOADS, OFFLOADS);
	KUNIT_EXPECT_EQ(test, ndev->tso_max_size, FAKE_LSO_MAX);
	/* This one is for the user to turn on. */
	KUNIT_EXPECT_TRUE(test, ndev->hw_features & NETIF_F_LRO);
	KUNIT_EXPECT_FALSE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, h->rsc, 1);

	/* What the user has turned off since is off with the next one, too. */
	rtnl_lock();
	ndev->wanted_features &= ~NETIF_F_TSO;
	netdev_update_features(ndev);
	rtnl_unlock();
	meets_a_host_that(h, refuse);
	KUNIT_EXPECT_EQ(test, ndev->features & (OFFLOADS | NETIF_F_LRO), 0);
	meets_a_host_that(h, none);
	KUNIT_EXPECT_EQ(test, ndev->features & OFFLOADS,
			OFFLOADS & ~NETIF_F_TSO);
	fake_nic_free(h);
}

/* It takes shorter frames than the one before: it gets no longer ones. */
static void longest_frame_of_the_host(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct net_device *ndev = h->nv->ndev;

	KUNIT_EXPECT_EQ(test, ndev->tso_max_size, FAKE_LSO_MAX);
	meets_a_host_that(h, (struct fake_fault) {
		.kind = FAKE_ALTER, .off = 24 + 84, .value = 30000,
	});
	KUNIT_EXPECT_EQ(test, ndev->tso_max_size, 30000U);
	KUNIT_EXPECT_EQ(test, ndev->gso_max_size, 30000U);
	KUNIT_EXPECT_EQ(test, ndev->features & OFFLOADS, OFFLOADS);
	/* What the user, or another host, has lowered stays. */
	meets_a_host_that(h, (struct fake_fault) {});
	KUNIT_EXPECT_EQ(test, ndev->tso_max_size, FAKE_LSO_MAX);
	KUNIT_EXPECT_EQ(test, ndev->gso_max_size, 30000U);
}

/* What the queues say and what the whole says agree, whatever queues there are. */
static void statistics_of_queues(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct net_device *ndev = h->nv->ndev;
	const struct netdev_stat_ops *ops = ndev->stat_ops;
	struct netdev_queue_stats_rx rx, rx_sum;
	struct netdev_queue_stats_tx tx, tx_sum;
	struct rtnl_link_stats64 all;
	u32 i;

	u64_stats_add(&h->nv->queues[0].rx.packets, 3);
	u64_stats_add(&h->nv->queues[0].rx.bytes, 300);
	u64_stats_add(&h->nv->queues[0].tx.packets, 5);
	u64_stats_add(&h->nv->queues[0].tx.bytes, 500);
	u64_stats_inc(&per_cpu_ptr(h->nv->vf_stats, 0)->rx_packets);
	/* Bond work may be about to say how many queues there are. */
	rtnl_lock();
	for (i = 0; i < 2; i++) {
		/* With the queue, and with none. */
		ndev->real_num_rx_queues = 1 - i;
		ndev->real_num_tx_queues = 1 - i;
		ops->get_base_stats(ndev, &rx_sum, &tx_sum);
		ops->get_queue_stats_rx(ndev, 0, &rx);
		ops->get_queue_stats_tx(ndev, 0, &tx);
		KUNIT_EXPECT_EQ(test, rx.packets, 3ULL);
		KUNIT_EXPECT_EQ(test, rx.bytes, 300ULL);
		KUNIT_EXPECT_EQ(test, tx.packets, 5ULL);
		KUNIT_EXPECT_EQ(test, tx.bytes, 500ULL);
		dev_get_stats(ndev, &all);
		KUNIT_EXPECT_EQ(test, rx_sum.packets + (i ? 0 : 3),
				all.rx_packets);
		KUNIT_EXPECT_EQ(test, rx_sum.bytes + (i ? 0 : 300),
				all.rx_bytes);
		KUNIT_EXPECT_EQ(test, tx_sum.packets + (i ? 0 : 5),
				all.tx_packets);
		KUNIT_EXPECT_EQ(test, tx_sum.bytes + (i ? 0 : 500),
				all.tx_bytes);
	}
	KUNIT_EXPECT_EQ(test, all.rx_packets, 4ULL);
	ndev->real_num_rx_queues = 1;
	ndev->real_num_tx_queues = 1;
	rtnl_unlock();
}

static struct kunit_case netdev_cases[] = {
	KUNIT_CASE(filter_follows_the_interface),
	KUNIT_CASE(down_with_a_silent_host),
	KUNIT_CASE(filter_is_tried_again),
	KUNIT_CASE(after_a_reconnect),
	KUNIT_CASE(counters_by_name),
	KUNIT_CASE(statistics_of_queues),
	KUNIT_CASE(rings),
	KUNIT_CASE(rings_refused),
	KUNIT_CASE(rings_and_a_silent_host),
	KUNIT_CASE(no_memory_for_rings),
	KUNIT_CASE(program_refused),
	KUNIT_CASE(speed_and_duplex),
	KUNIT_CASE(speed_said_while_connecting),
	KUNIT_CASE(alias),
	KUNIT_CASE(offloads_are_learnt_late),
	KUNIT_CASE(longest_frame_of_the_host),
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
