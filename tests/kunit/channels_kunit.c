// SPDX-License-Identifier: GPL-2.0
/* Several channels, as the stack and ethtool see them. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "fake_ring.h"
#include "synth/queue.h"
#include "synth/synth.h"

/* Of old kernels there is none of it but by the driver's own names. */
#include "ethtool_rss.h"

#define FIELDS_L3		(RXH_IP_SRC | RXH_IP_DST)
#define FIELDS_L4		(FIELDS_L3 | RXH_L4_B_0_1 | RXH_L4_B_2_3)

static int channels_init(struct kunit *test)
{
	struct fake_host *h = fake_nic_new_channels(test, FAKE_CHANNELS);

	test->priv = h;
	fake_nic_up(h, true);
	return 0;
}

static void channels_exit(struct kunit *test)
{
	fake_nic_free(test->priv);
}

/* Between and after all of it eth<n> is what its channels are. */
static void expect_queues(struct kunit *test, unsigned int num)
{
	struct fake_host *h = test->priv;
	struct net_device *ndev = h->nv->ndev;
	struct ethtool_channels got = {};
	unsigned int i;

	rtnl_lock();
	netvsc_get_channels(ndev, &got);
	KUNIT_EXPECT_EQ(test, got.max_combined, (u32)FAKE_CHANNELS);
	KUNIT_EXPECT_EQ(test, got.combined_count, num);
	KUNIT_EXPECT_EQ(test, ndev->real_num_tx_queues, num);
	KUNIT_EXPECT_EQ(test, ndev->real_num_rx_queues, num);
	KUNIT_EXPECT_EQ(test, netvsc_get_rx_ring_count(ndev), num);
	KUNIT_EXPECT_EQ(test, h->conn->num_chans, num);
	for (i = 0; i < num; i++)
		KUNIT_EXPECT_FALSE(test, netif_tx_queue_stopped(netdev_get_tx_queue(ndev, i)));
	rtnl_unlock();
}

static int change_channels(struct fake_host *h, u32 num)
{
	struct ethtool_channels want = { .combined_count = num };
	int err;

	rtnl_lock();
	err = netvsc_set_channels(h->nv->ndev, &want);
	rtnl_unlock();
	fake_nic_settle(h);
	return err;
}

static void fewer_and_more(struct kunit *test)
{
	static const u32 nums[] = { 1, FAKE_CHANNELS, 2, 3, FAKE_CHANNELS };
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	unsigned int i;

	expect_queues(test, FAKE_CHANNELS);
	for (i = 0; i < ARRAY_SIZE(nums); i++) {
		KUNIT_EXPECT_EQ(test, change_channels(h, nums[i]), 0);
		expect_queues(test, nums[i]);
		KUNIT_EXPECT_EQ(test, h->rss.on, nums[i] > 1);
		conn = h->conn;
		/* What is so already costs nothing. */
		KUNIT_EXPECT_EQ(test, change_channels(h, nums[i]), 0);
		KUNIT_EXPECT_PTR_EQ(test, h->conn, conn);
	}
}

/* One does not come: so many there are, and eth<n> works. */
static void fewer_than_wanted(struct kunit *test)
{
	struct fake_host *h = test->priv;

	KUNIT_EXPECT_EQ(test, change_channels(h, 1), 0);
	h->grants = 1;
	KUNIT_EXPECT_EQ(test, change_channels(h, FAKE_CHANNELS), 0);
	expect_queues(test, 2);
	/* So be it, also for the next connection. */
	KUNIT_EXPECT_EQ(test, change_channels(h, 2), 0);
	h->grants = 0;
	KUNIT_EXPECT_EQ(test, fake_host_change(h->nv, h->nv->intent.channels),
			0);
	fake_nic_settle(h);
	expect_queues(test, 2);
}

static void not_during_a_job(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->nv->job.busy = true;
	KUNIT_EXPECT_EQ(test, change_channels(h, 2), -EBUSY);
	h->nv->job.busy = false;
	expect_queues(test, FAKE_CHANNELS);
}

static netdev_tx_t send_on(struct fake_host *h, u16 queue)
{
	struct sk_buff *skb = fake_frame(h, 100);

	skb_set_queue_mapping(skb, queue);
	return fake_nic_send(h, skb);
}

static bool is_stopped(const struct fake_host *h, unsigned int queue)
{
	return netif_tx_queue_stopped(netdev_get_tx_queue(h->nv->ndev, queue));
}

/* Full, empty, and awake again: each of them, by itself, for every number. */
static void each_queue_is_woken(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;
	unsigned int num, n, i;

	for (num = FAKE_CHANNELS; num; num--) {
		KUNIT_ASSERT_EQ(test, change_channels(h, num), 0);
		for (h->at = 0; h->at < num; h->at++) {
			for (n = 0; !is_stopped(h, h->at); n++)
				KUNIT_ASSERT_EQ(test, send_on(h, h->at),
						NETDEV_TX_OK);
			for (i = 0; i < num; i++)
				KUNIT_EXPECT_EQ(test, is_stopped(h, i),
						i == h->at);
			while (fake_ring_get(h, &pkt)) {
				fake_ring_complete(h, pkt.tid, 1);
				fake_ring_poll(h, 64);
				n--;
			}
			KUNIT_EXPECT_EQ(test, n, 0U);
			KUNIT_EXPECT_FALSE(test, is_stopped(h, h->at));
		}
		h->at = 0;
	}
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_busy), 0L);
}

/* It waited while the channels became fewer. */
static void frame_of_a_queue_that_is_gone(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, change_channels(h, 1), 0);
	KUNIT_EXPECT_EQ(test, send_on(h, FAKE_CHANNELS - 1), NETDEV_TX_OK);
	KUNIT_ASSERT_NE(test, fake_ring_get(h, &pkt), 0U);
	fake_ring_complete(h, pkt.tid, 1);
	fake_ring_poll(h, 64);
	KUNIT_EXPECT_TRUE(test, netvsc_sends_settled(h->nv));
}

static u16 picks(struct fake_host *h, u32 hash, bool recorded)
{
	struct net_device *ndev = h->nv->ndev;
	struct sk_buff *skb = fake_frame(h, 100);
	u16 queue;

	__skb_set_sw_hash(skb, hash, true);
	if (recorded)
		skb_record_rx_queue(skb, 2);
	queue = ndev->netdev_ops->ndo_select_queue(skb->dev, skb, NULL);
	kfree_skb(skb);
	return queue;
}

/* The host's table, whatever is in it; but a forwarder knows better. */
static void host_picks_the_queue(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct ethtool_regs regs = {};
	u8 msg[76] = {};
	u32 i, table[16];

	for (i = 1; i < 32; i++)
		KUNIT_EXPECT_EQ(test, picks(h, i, false),
				i % 16 % FAKE_CHANNELS);
	fake_put(msg, 0, 134);
	fake_put(msg, 4, 16);
	fake_put(msg, 8, 12);
	for (i = 0; i < 16; i++)
		fake_put(msg, 12 + 4 * i, 63);
	fake_host_says(h, 0, false, msg, sizeof(msg));
	for (i = 1; i < 32; i++) {
		KUNIT_EXPECT_EQ(test, picks(h, i, false), 63 % FAKE_CHANNELS);
		KUNIT_EXPECT_EQ(test, picks(h, i, true), 2);
	}

	rtnl_lock();
	h->nv->ndev->ethtool_ops->get_regs(h->nv->ndev, &regs, table);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, regs.version, 1U);
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, table[i], 63U);
}

/* XPS and traffic classes are the stack's own: it finds class 1 behind class 0. */
static void others_know_better(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct net_device *ndev = h->nv->ndev;
	struct sk_buff *skb = fake_frame(h, 100);
	u32 hash;

	rtnl_lock();
	netdev_set_num_tc(ndev, 2);
	netdev_set_tc_queue(ndev, 0, 1, 0);
	netdev_set_tc_queue(ndev, 1, 1, 3);
	netdev_set_prio_tc_map(ndev, 5, 1);
	rtnl_unlock();
	skb->priority = 5;
	for (hash = 1; hash < 16; hash++) {
		__skb_set_sw_hash(skb, hash, true);
		KUNIT_EXPECT_EQ(test, ndev->netdev_ops->ndo_select_queue(ndev,
									 skb,
									 NULL),
				3);
	}
	kfree_skb(skb);
	rtnl_lock();
	netdev_reset_tc(ndev);
	rtnl_unlock();
}

/* As long as it has frames under way, whatever the host says meanwhile. */
static void a_flow_stays(struct kunit *test)
{
	struct fake_host *h = test->priv;
	const struct net_device_ops *ops = h->nv->ndev->netdev_ops;
	struct sk_buff *skb = fake_frame(h, 100);
	struct sock *sk = kunit_kzalloc(test, sizeof(*sk), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sk);
	sk->sk_state = TCP_ESTABLISHED;
	sock_net_set(sk, &init_net);
	sk_tx_queue_set(sk, 3);
	skb->sk = sk;
	__skb_set_sw_hash(skb, 1, true);
	KUNIT_EXPECT_EQ(test, ops->ndo_select_queue(skb->dev, skb, NULL), 3);
	skb->ooo_okay = 1;
	KUNIT_EXPECT_EQ(test, ops->ndo_select_queue(skb->dev, skb, NULL), 1);
	/* Of a queue that is gone. */
	skb->ooo_okay = 0;
	sk_tx_queue_set(sk, FAKE_CHANNELS);
	KUNIT_EXPECT_EQ(test, ops->ndo_select_queue(skb->dev, skb, NULL), 1);
	skb->sk = NULL;
	kfree_skb(skb);
}

/* Probe is over before the first sub-channel is asked for. */
static void after_registration(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	fake_nic_unregister(h);
	h = fake_host_new(test);
	h->nv->num_queues = FAKE_CHANNELS;
	h->nv->intent.channels = FAKE_CHANNELS;
	fake_rings_new(h);
	conn = netvsc_connect(h->nv);
	KUNIT_ASSERT_FALSE(test, IS_ERR(conn));
	KUNIT_EXPECT_EQ(test, conn->num_chans, 1U);
	KUNIT_EXPECT_FALSE(test, h->expecting);
	netvsc_disconnect(h->nv, conn);
	h->conn = NULL;
	fake_rings_free(h);
	fake_host_free(h);
}

static struct netlink_ext_ack told;

/* Who is refused hears why. */
static int change_rss(struct fake_host *h, struct ethtool_rxfh_param *want)
{
	int err;

	told._msg = NULL;
	rtnl_lock();
	err = netvsc_set_rxfh(h->nv->ndev, want, &told);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(h->test, !told._msg, !err);
	told._msg = told._msg ?: "";
	return err;
}

static void expect_rss(struct kunit *test, const u32 *table, const u8 *key)
{
	struct fake_host *h = test->priv;
	struct ethtool_rxfh_param got = {};
	u32 indir[FAKE_RSS_ENTRIES];
	u8 got_key[NETVSC_RSS_KEY];

	got.indir = indir;
	got.key = got_key;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_get_rxfh_indir_size(h->nv->ndev),
			(u32)FAKE_RSS_ENTRIES);
	KUNIT_EXPECT_EQ(test, netvsc_get_rxfh_key_size(h->nv->ndev),
			(u32)NETVSC_RSS_KEY);
	KUNIT_EXPECT_EQ(test, netvsc_get_rxfh(h->nv->ndev, &got), 0);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, got.hfunc, ETH_RSS_HASH_TOP);
	KUNIT_EXPECT_MEMEQ(test, indir, table, sizeof(indir));
	KUNIT_EXPECT_MEMEQ(test, got_key, key, sizeof(got_key));
	/* And so has the host. */
	KUNIT_EXPECT_MEMEQ(test, h->rss.table, table, sizeof(indir));
	KUNIT_EXPECT_MEMEQ(test, h->rss.key, key, sizeof(got_key));
}

static void table_and_key(struct kunit *test)
{
	u32 turns[FAKE_RSS_ENTRIES] = { 0, 1, 2, 3, 0, 1, 2, 3 };
	u32 table[FAKE_RSS_ENTRIES] = { 3, 3, 3, 0, 0, 1, 1, 2 };
	struct ethtool_rxfh_param want = {};
	struct fake_host *h = test->priv;
	u8 key[NETVSC_RSS_KEY];

	memcpy(key, h->nv->intent.rss.key, sizeof(key));
	expect_rss(test, turns, key);

	want.indir = table;
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), 0);
	expect_rss(test, table, key);
	/* Another host may have a longer one. */
	KUNIT_EXPECT_EQ(test, h->nv->intent.rss.table[255], 2);

	key[0] ^= 0xff;
	want.indir = NULL;
	want.key = key;
	want.hfunc = ETH_RSS_HASH_TOP;
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), 0);
	expect_rss(test, table, key);

	/* Both outlive a connection. */
	KUNIT_EXPECT_EQ(test, fake_host_change(h->nv, FAKE_CHANNELS + 1), 0);
	fake_nic_settle(h);
	expect_rss(test, table, key);

	/* "default" is what would be without a word. */
	want.indir = turns;
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), 0);
	KUNIT_EXPECT_EQ(test, h->nv->intent.rss.custom, 0U);
	expect_rss(test, turns, key);
}

static void wrong_wishes(struct kunit *test)
{
	u32 table[FAKE_RSS_ENTRIES] = { [7] = FAKE_CHANNELS };
	struct ethtool_rxfh_param want = { .indir = table };
	struct fake_host *h = test->priv;
	struct netvsc_rss before = h->nv->intent.rss;
	unsigned int sets = h->rss.sets;

	KUNIT_EXPECT_EQ(test, change_rss(h, &want), -EINVAL);
	KUNIT_EXPECT_STREQ(test, told._msg,
			   "There is no such channel: they are 0 to 3");
	want.indir = NULL;
	want.hfunc = ETH_RSS_HASH_XOR;
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), -EOPNOTSUPP);
	want.hfunc = ETH_RSS_HASH_NO_CHANGE;
	h->nv->job.busy = true;
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), -EBUSY);
	h->nv->job.busy = false;
	KUNIT_EXPECT_EQ(test, h->rss.sets, sets);
	KUNIT_EXPECT_MEMEQ(test, &h->nv->intent.rss, &before, sizeof(before));
}

static void host_refuses(struct kunit *test)
{
	u32 table[FAKE_RSS_ENTRIES] = {};
	struct ethtool_rxfh_param want = { .indir = table };
	struct fake_host *h = test->priv;
	struct netvsc_rss before = h->nv->intent.rss;

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_RNDIS,
		.asked = OID_RSS_PARAMS,
	};
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), -EIO);
	KUNIT_EXPECT_STREQ(test, told._msg, "The host did not take it");
	KUNIT_EXPECT_MEMEQ(test, &h->nv->intent.rss, &before, sizeof(before));
	KUNIT_EXPECT_TRUE(test, h->rss.on);
	KUNIT_EXPECT_EQ(test, h->rss.table[3], 3U);
}

static void every_answer_takes_time(struct fake_host *h)
{
	msleep(20);
}

/* Another NIC, of which the channels are about to come. */
static struct fake_host *just_registered(struct kunit *test)
{
	struct fake_host *h;

	fake_nic_free(test->priv);
	h = fake_host_new(test);
	test->priv = h;
	h->nv->num_queues = FAKE_CHANNELS;
	h->nv->intent.channels = FAKE_CHANNELS;
	h->chatter = every_answer_takes_time;
	fake_rings_new(h);
	fake_nic_register(h);
	return h;
}

/* The one that there is for a moment is not what a user means, or is told of. */
static void channels_right_after_probe(struct kunit *test)
{
	just_registered(test);
	expect_queues(test, FAKE_CHANNELS);
}

static void one_right_after_probe(struct kunit *test)
{
	struct fake_host *h = just_registered(test);

	KUNIT_EXPECT_EQ(test, change_channels(h, 1), 0);
	KUNIT_EXPECT_EQ(test, h->conn->num_chans, 1U);
	KUNIT_EXPECT_EQ(test, h->nv->ndev->real_num_tx_queues, 1U);
	KUNIT_EXPECT_EQ(test, h->nv->intent.channels, 1U);
}

/* What is said of RSS then is what the host gets. */
static void rss_right_after_probe(struct kunit *test)
{
	u32 table[FAKE_RSS_ENTRIES] = { 3, 3, 3, 0, 0, 1, 1, 2 };
	struct ethtool_rxfh_param want = { .indir = table };
	struct fake_host *h = just_registered(test);
	u8 key[NETVSC_RSS_KEY];

	memset(key, 0x5a, sizeof(key));
	want.key = key;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_get_rx_ring_count(h->nv->ndev),
			(u32)FAKE_CHANNELS);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), 0);
	fake_nic_settle(h);
	expect_rss(test, table, key);
}

static void key_right_after_probe(struct kunit *test)
{
	u32 turns[FAKE_RSS_ENTRIES] = { 0, 1, 2, 3, 0, 1, 2, 3 };
	struct fake_host *h = just_registered(test);
	struct ethtool_rxfh_param want = {};
	u8 key[NETVSC_RSS_KEY];

	memset(key, 0x5a, sizeof(key));
	want.key = key;
	KUNIT_EXPECT_EQ(test, change_rss(h, &want), 0);
	fake_nic_settle(h);
	expect_rss(test, turns, key);
}

static u64 fields_of(struct fake_host *h, u32 flow_type)
{
	struct ethtool_rxfh_fields fields = { .flow_type = flow_type };

	rtnl_lock();
	KUNIT_EXPECT_EQ(h->test,
			netvsc_get_rxfh_fields(h->nv->ndev, &fields), 0);
	rtnl_unlock();
	return fields.data;
}

static int change_fields(struct fake_host *h, u32 flow_type, u32 data)
{
	struct ethtool_rxfh_fields fields = {
		.flow_type = flow_type, .data = data,
	};
	struct netlink_ext_ack extack = {};
	int err;

	rtnl_lock();
	err = netvsc_set_rxfh_fields(h->nv->ndev, &fields, &extack);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(h->test, !extack._msg, !err);
	return err;
}

static void fields_of_flows(struct kunit *test)
{
	struct fake_host *h = test->priv;

	KUNIT_EXPECT_EQ(test, fields_of(h, TCP_V4_FLOW), (u64)FIELDS_L4);
	KUNIT_EXPECT_EQ(test, fields_of(h, TCP_V6_FLOW), (u64)FIELDS_L4);
	KUNIT_EXPECT_EQ(test, fields_of(h, UDP_V4_FLOW), (u64)FIELDS_L3);
	KUNIT_EXPECT_EQ(test, fields_of(h, IPV6_FLOW), (u64)FIELDS_L3);
	KUNIT_EXPECT_EQ(test, fields_of(h, ETHER_FLOW), 0ULL);

	KUNIT_EXPECT_EQ(test, change_fields(h, TCP_V6_FLOW, FIELDS_L3), 0);
	KUNIT_EXPECT_EQ(test, h->rss.types, 0x700U);
	KUNIT_EXPECT_EQ(test, fields_of(h, TCP_V6_FLOW), (u64)FIELDS_L3);
	KUNIT_EXPECT_EQ(test, fields_of(h, TCP_V4_FLOW), (u64)FIELDS_L4);
	KUNIT_EXPECT_EQ(test, change_fields(h, TCP_V6_FLOW, FIELDS_L4), 0);
	KUNIT_EXPECT_EQ(test, h->rss.types, 0x1700U);

	KUNIT_EXPECT_EQ(test, change_fields(h, UDP_V4_FLOW, FIELDS_L4),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, change_fields(h, UDP_V4_FLOW, FIELDS_L3), 0);
	KUNIT_EXPECT_EQ(test, change_fields(h, IPV4_FLOW, FIELDS_L3),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, change_fields(h, TCP_V4_FLOW, RXH_IP_SRC),
			-EOPNOTSUPP);
}

/* Another host may hash UDP, too. */
static void fields_of_udp(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->rss_flags = BIT(11);
	KUNIT_EXPECT_EQ(test, change_channels(h, 2), 0);
	KUNIT_EXPECT_EQ(test, fields_of(h, UDP_V4_FLOW), (u64)FIELDS_L4);
	KUNIT_EXPECT_EQ(test, fields_of(h, UDP_V6_FLOW), (u64)FIELDS_L3);
	KUNIT_EXPECT_EQ(test, h->rss.types, 0x5700U);
	KUNIT_EXPECT_EQ(test, change_fields(h, UDP_V4_FLOW, FIELDS_L3), 0);
	KUNIT_EXPECT_EQ(test, h->rss.types, 0x1700U);
	KUNIT_EXPECT_EQ(test, change_fields(h, UDP_V4_FLOW, FIELDS_L4), 0);
	KUNIT_EXPECT_EQ(test, h->rss.types, 0x5700U);
}

/* Each has its share of the send buffer, the first one no less. */
static void sections_of_channels(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u32 i;

	h->nv->intent.send_bytes = FAKE_HALF_BYTES;
	KUNIT_EXPECT_EQ(test, fake_host_change(h->nv, 16), 0);
	fake_nic_settle(h);
	KUNIT_ASSERT_EQ(test, h->conn->num_chans, (u32)FAKE_CHANNELS);
	for (i = 0; i < FAKE_CHANNELS; i++)
		KUNIT_EXPECT_EQ(test, h->conn->chan[i]->sections.keep,
				h->conn->send.sections / 2 / FAKE_CHANNELS);
}

static struct kunit_case channels_cases[] = {
	KUNIT_CASE(fewer_and_more),
	KUNIT_CASE(fewer_than_wanted),
	KUNIT_CASE(not_during_a_job),
	KUNIT_CASE(each_queue_is_woken),
	KUNIT_CASE(frame_of_a_queue_that_is_gone),
	KUNIT_CASE(host_picks_the_queue),
	KUNIT_CASE(others_know_better),
	KUNIT_CASE(a_flow_stays),
	KUNIT_CASE(after_registration),
	KUNIT_CASE(table_and_key),
	KUNIT_CASE(wrong_wishes),
	KUNIT_CASE(host_refuses),
	KUNIT_CASE(channels_right_after_probe),
	KUNIT_CASE(one_right_after_probe),
	KUNIT_CASE(rss_right_after_probe),
	KUNIT_CASE(key_right_after_probe),
	KUNIT_CASE(fields_of_flows),
	KUNIT_CASE(fields_of_udp),
	KUNIT_CASE(sections_of_channels),
	{}
};

static struct kunit_suite channels_suite = {
	.name = "hv_netvsc_channels",
	.init = channels_init,
	.exit = channels_exit,
	.test_cases = channels_cases,
};

kunit_test_suite(channels_suite);

MODULE_DESCRIPTION("KUnit: several channels");
MODULE_LICENSE("GPL");
