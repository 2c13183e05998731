// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a VF that has joined: on the path, off it, let go. With real network
 * devices, the real notifier, and a host in memory.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include "deadlines.h"
#include "fake_pair.h"
#include "synth/synth.h"

static void published_once_the_host_says_so(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int asked;

	fake_pair_announce(p, true, FAKE_SERIAL);
	asked = p->h->vf_switches;
	p->h->slow = true;
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked + 1);
	KUNIT_EXPECT_EQ(test, p->h->asked_path, 1U);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	fake_host_switches(p->h);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked + 1);
}

static bool is_held(const struct fake_pair *p)
{
	return netif_tx_queue_stopped(netdev_get_tx_queue(p->ndev, 0));
}

/* A frame is on its way: the first one over the VF is not to overtake it. */
static void sends_settle_before_the_switch(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_ring_pkt pkt;
	unsigned long start;

	fake_pair_announce(p, true, FAKE_SERIAL);
	p->h->slow = true;
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	KUNIT_EXPECT_EQ(test, fake_nic_send(p->h, fake_frame(p->h, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_NE(test, fake_ring_get(p->h, &pkt), 0U);
	KUNIT_EXPECT_FALSE(test, netvsc_sends_settled(p->nv));

	start = jiffies;
	fake_host_switches(p->h);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies,
					      start + NETVSC_TX_SETTLE));
	KUNIT_EXPECT_FALSE(test, is_held(p));
	fake_ring_complete(p->h, pkt.tid, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(p->h, 64), 0);
}

/* Those that come meanwhile wait, too: they might be the last. */
static void sends_are_held_while_others_settle(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct netvsc_bond *bond = &p->nv->bond;

	fake_pair_announce(p, true, FAKE_SERIAL);
	p->h->slow = true;
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	netvsc_vf_settle(p->nv);
	KUNIT_EXPECT_FALSE(test, is_held(p));

	netvsc_vf_inbox_ack(&bond->inbox, bond->state.seq);
	netvsc_vf_settle(p->nv);
	KUNIT_EXPECT_TRUE(test, is_held(p));
	netvsc_vf_post(p->nv);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_FALSE(test, is_held(p));
}

/* Where they go over the VF already, or are to leave it, none is held. */
static void sends_are_held_for_no_other_answer(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct netvsc_bond *bond = &p->nv->bond;
	u32 seq;

	fake_pair_on_vf(test);
	netvsc_vf_inbox_ack(&bond->inbox, bond->state.seq);
	netvsc_vf_settle(p->nv);
	KUNIT_EXPECT_FALSE(test, is_held(p));
	netvsc_vf_inbox_take(&bond->inbox, NETVSC_VF_ACK, &seq);

	p->h->slow = true;
	fake_pair_set_vf(p, false);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, bond->state.asking);
	netvsc_vf_inbox_ack(&bond->inbox, bond->state.seq);
	netvsc_vf_settle(p->nv);
	KUNIT_EXPECT_FALSE(test, is_held(p));
	netvsc_vf_inbox_take(&bond->inbox, NETVSC_VF_ACK, &seq);
	p->h->slow = false;
	fake_host_switches(p->h);
}

/* Who has RTNL may keep it for seconds. */
static void sends_do_not_wait_for_rtnl(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long end = jiffies + 10 * HZ;

	fake_pair_announce(p, true, FAKE_SERIAL);
	p->h->slow = true;
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	rtnl_lock();
	fake_host_switches(p->h);
	msleep(4 * jiffies_to_msecs(NETVSC_TX_SETTLE));
	while (is_held(p) && time_before(jiffies, end))
		msleep(20);
	KUNIT_EXPECT_FALSE(test, is_held(p));
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* Before its driver hears of it, the host sends nothing there any more. */
static void off_the_vf_before_it_goes_down(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	fake_pair_set_vf(p, false);
	KUNIT_EXPECT_FALSE(test, fake_pair_vf(p)->was_published);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->stop_path, 0U);
	fake_nic_settle(p->h);
	fake_pair_expect(test, true);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);

	fake_pair_set_vf(p, true);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
}

/* What the VF was given it may still send, if it does so in time. */
static void drained_before_it_goes_down(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long start;

	fake_pair_on_vf(test);
	netdev_tx_sent_queue(netdev_get_tx_queue(p->vf, 0), 1500);
	start = jiffies;
	fake_pair_set_vf(p, false);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies,
					      start + NETVSC_VF_DRAIN));
	netdev_tx_reset_queue(netdev_get_tx_queue(p->vf, 0));
}

static void mac_stays(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct sockaddr_storage addr = { .ss_family = ARPHRD_ETHER };

	fake_pair_on_vf(test);
	addr.__data[0] = 2;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(p->vf, &addr, NULL), -EBUSY);
	ether_addr_copy(addr.__data, p->ndev->dev_addr);
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(p->vf, &addr, NULL), 0);
	rtnl_unlock();
}

/* What the host gave the VF before is handed up first. */
static void going_down_leaves_time_to_receive(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	rtnl_lock();
	netvsc_vf_going_down(p->nv);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, p->h->path_at +
					      NETVSC_RX_GRACE));
	rtnl_unlock();
	fake_nic_settle(p->h);
}

/* The host is slow: it may still send to the VF. */
static void going_down_waits_for_the_host(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long start;

	fake_pair_on_vf(test);
	p->h->slow = true;
	start = jiffies;
	fake_pair_set_vf(p, false);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start +
					      NETVSC_SWITCH_ACK_NOTIFY));
	p->h->slow = false;
	fake_host_switches(p->h);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
}

/* With the same intent: what came before is another connection's. */
static void connect_anew(struct fake_pair *p)
{
	struct netvsc_intent want = p->nv->intent;

	netvsc_reconnect(p->nv, &want);
}

/* It had no room for the question, for a moment. */
static void going_down_with_a_full_ring(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	p->h->fail_op = p->h->ops + 1;
	p->h->fail_err = -EAGAIN;
	fake_pair_set_vf(p, false);
	KUNIT_EXPECT_EQ(test, p->h->failed.what, 'n');
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->stop_path, 0U);
}

/* The answer to an earlier switch is not the one that is waited for. */
static void going_down_with_an_older_answer(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_ring_pkt pkt;
	unsigned long start;

	fake_pair_on_vf(test);
	p->h->slow = true;
	rtnl_lock();
	connect_anew(p);
	flush_work(&p->h->work);
	fake_host_switches(p->h);
	netif_device_detach(p->vf);
	fake_nic_send(p->h, fake_frame(p->h, 100));
	netif_device_attach(p->vf);
	flush_work(&p->h->work);
	start = jiffies;
	netvsc_vf_going_down(p->nv);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start +
					      NETVSC_SWITCH_ACK_NOTIFY));
	p->h->slow = false;
	fake_host_switches(p->h);
	rtnl_unlock();
	KUNIT_EXPECT_NE(test, fake_ring_get(p->h, &pkt), 0U);
	fake_ring_complete(p->h, pkt.tid, 1);
	fake_ring_poll(p->h, 64);
	fake_nic_settle(p->h);
}

/* A switch that is under way is waited for, then asked back. */
static void going_down_during_a_switch(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long start;

	fake_pair_announce(p, true, FAKE_SERIAL);
	p->h->slow = true;
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	start = jiffies;
	fake_pair_set_vf(p, false);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start +
					      NETVSC_SWITCH_ACK_NOTIFY));
	p->h->slow = false;
	fake_host_switches(p->h);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
}

/* The host wants it back, and hears when that has had its effect. */
static void revoked(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 msg[12] = {};

	fake_pair_on_vf(test);
	fake_put(msg, 0, 128);
	fake_put(msg, 8, FAKE_SERIAL);
	rtnl_lock();
	fake_host_says(p->h, 77, true, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, p->h->completed, 0U);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->h->completed, 1U);
	KUNIT_EXPECT_EQ(test, p->h->completed_tid, 77ULL);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	fake_pair_expect(test, true);
	KUNIT_EXPECT_TRUE(test, netif_running(p->vf));
}

/* The host takes the path back by itself: it is not pressed. */
static void host_switches_back(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int asked;
	u8 msg[8] = {};

	fake_pair_on_vf(test);
	asked = p->h->vf_switches;
	p->h->path = 0;
	fake_put(msg, 0, 129);
	fake_host_says(p->h, 0, false, msg, sizeof(msg));
	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked);
	/* It comes up anew: that is another matter. */
	fake_pair_set_vf(p, false);
	fake_pair_set_vf(p, true);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

static void unregistered(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	int refs = netdev_refcnt_read(p->ndev);

	fake_pair_on_vf(test);
	unregister_netdev(p->vf);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->stop_path, 0U);
	fake_pair_expect(test, false);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_refs_are(p->ndev, refs));
	KUNIT_EXPECT_FALSE(test,
			   delayed_work_pending(&p->nv->bond.takeover_work));
}

/* Before it was taken over. */
static void unregistered_at_once(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	/* Nor is it done by and by to one that comes next. */
	mod_delayed_work(p->nv->bond_wq, &p->nv->bond.takeover_work, 60 * HZ);
	unregister_netdev(p->vf);
	fake_pair_expect(test, false);
	KUNIT_EXPECT_FALSE(test,
			   delayed_work_pending(&p->nv->bond.takeover_work));
}

static void nic_goes_first(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	fake_nic_unregister(p->h);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	fake_pair_expect(test, false);
}

/* The VF is never up: then the stack has no references that come and go. */
static void references_are_given_back(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	int refs;

	fake_nic_up(p->h, false);
	fake_pair_announce(p, true, 7);
	fake_vf_plug(p->vf);
	refs = netdev_refcnt_read(p->vf);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_pair_takeover(p);
	fake_pair_expect(test, true);
	KUNIT_EXPECT_GT(test, netdev_refcnt_read(p->vf), refs);
	fake_nic_unregister(p->h);
	fake_pair_expect(test, false);
	KUNIT_EXPECT_EQ(test, netdev_refcnt_read(p->vf), refs);
}

/* The host may have forgotten the path: it is told, with the traffic there. */
static void new_connection_is_told_the_path(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int asked;

	fake_pair_on_vf(test);
	rtnl_lock();
	asked = p->h->vf_switches;
	p->h->path = 0;
	connect_anew(p);
	flush_work(&p->h->work);
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked + 1);
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	rtnl_unlock();
	fake_nic_settle(p->h);
	fake_pair_announce(p, true, FAKE_SERIAL);
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* Bond work looks at once at what the host says in the handshake. */
static void offers_in_between(struct fake_host *h)
{
	struct netvsc *nv = h->nv;
	u8 msg[12];
	int i;

	if (fake_host_opened(h) != 2 || h->configured != 2 || h->rndis_up)
		return;
	fake_put(msg, 0, 128);
	fake_put(msg, 4, 1);
	fake_put(msg, 8, FAKE_SERIAL);
	fake_host_says(h, 0, false, msg, sizeof(msg));
	/* It wants RTNL, with which others wait for the host. */
	for (i = 0; i < 100 && work_busy(&nv->bond.work.work); i++)
		msleep(20);
}

/* Nobody waits for this connection, and the host says only once what it has. */
static void offered_before_the_connection_is_ours(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct netvsc_vf_state *s = &p->nv->bond.state;

	fake_pair_on_vf(test);
	p->h->chatter = offers_in_between;
	netvsc_reconnect_stuck(p->h->conn);
	flush_delayed_work(&p->nv->retry_work);
	fake_nic_settle(p->h);
	p->h->chatter = NULL;

	KUNIT_EXPECT_EQ(test, fake_host_opened(p->h), 2U);
	KUNIT_EXPECT_TRUE(test, s->conn);
	KUNIT_EXPECT_TRUE(test, s->confirmed);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* What the one before is owed is nobody's on this one. */
static void owed_on_a_connection_that_ended(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 msg[12] = {};

	fake_pair_on_vf(test);
	fake_put(msg, 0, 128);
	fake_put(msg, 8, FAKE_SERIAL);
	rtnl_lock();
	fake_host_says(p->h, 77, true, msg, sizeof(msg));
	connect_anew(p);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->h->completed, 0U);
}

/* A VF that works is not cut off, and there is a way back. */
static void no_connection_but_a_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	p->h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 101,
	};
	rtnl_lock();
	connect_anew(p);
	KUNIT_EXPECT_NULL(test, rtnl_dereference(p->nv->conn));
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(p->ndev));
	KUNIT_EXPECT_EQ(test, fake_nic_send(p->h, fake_frame(p->h, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 1U);
	netvsc_reconnect_wish(p->nv);
	rtnl_unlock();
	flush_delayed_work(&p->nv->retry_work);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, rcu_access_pointer(p->nv->conn));
}

/* NVSP 4: it was never told that we know VFs. */
static void host_that_knows_no_vfs(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned int asked = p->h->vf_switches;

	p->h->max_version = 0x40000;
	rtnl_lock();
	connect_anew(p);
	rtnl_unlock();
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
}

static void own_interface_goes_down(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	fake_nic_up(p->h, false);
	KUNIT_EXPECT_FALSE(test, netif_running(p->vf));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	fake_nic_up(p->h, true);
	KUNIT_EXPECT_TRUE(test, netif_running(p->vf));
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* Frames over the VF are eth<n>'s, both ways, and counted. */
static void frames_over_the_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct netvsc_vf_totals sum;
	struct fake_ring_pkt pkt;
	struct fake_sink *sink;

	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, fake_nic_send(p->h, fake_frame(p->h, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 1U);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->len, 100U);
	KUNIT_EXPECT_EQ(test, fake_ring_get(p->h, &pkt), 0U);

	sink = fake_pair_vf_receives(test, 90);
	KUNIT_EXPECT_EQ(test, sink->frames, 1U);
	KUNIT_EXPECT_EQ(test, sink->len, 90U - ETH_HLEN);

	netvsc_vf_get_totals(p->nv, &sum);
	KUNIT_EXPECT_EQ(test, sum.tx_packets, 1ULL);
	KUNIT_EXPECT_EQ(test, sum.tx_bytes, 100ULL);
	KUNIT_EXPECT_EQ(test, sum.tx_dropped, 0ULL);
	KUNIT_EXPECT_EQ(test, sum.rx_packets, 1ULL);
	KUNIT_EXPECT_EQ(test, sum.rx_bytes, 90ULL - ETH_HLEN);
}

/* What the VF receives while eth<n> is down is not its business. */
static void frames_while_down(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct netvsc_vf_totals sum;
	struct fake_sink *sink;

	fake_pair_on_vf(test);
	fake_nic_up(p->h, false);
	sink = fake_pair_vf_receives(test, 90);
	KUNIT_EXPECT_EQ(test, sink->frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, rx_not_running), 1L);
	netvsc_vf_get_totals(p->nv, &sum);
	KUNIT_EXPECT_EQ(test, sum.rx_packets, 0ULL);
}

static struct kunit_case vf_bond_cases[] = {
	KUNIT_CASE(published_once_the_host_says_so),
	KUNIT_CASE(sends_settle_before_the_switch),
	KUNIT_CASE(sends_are_held_while_others_settle),
	KUNIT_CASE(sends_are_held_for_no_other_answer),
	KUNIT_CASE(sends_do_not_wait_for_rtnl),
	KUNIT_CASE(off_the_vf_before_it_goes_down),
	KUNIT_CASE(drained_before_it_goes_down),
	KUNIT_CASE(mac_stays),
	KUNIT_CASE(going_down_leaves_time_to_receive),
	KUNIT_CASE(going_down_waits_for_the_host),
	KUNIT_CASE(going_down_with_a_full_ring),
	KUNIT_CASE(going_down_with_an_older_answer),
	KUNIT_CASE(going_down_during_a_switch),
	KUNIT_CASE(revoked),
	KUNIT_CASE(host_switches_back),
	KUNIT_CASE(unregistered),
	KUNIT_CASE(unregistered_at_once),
	KUNIT_CASE(nic_goes_first),
	KUNIT_CASE(references_are_given_back),
	KUNIT_CASE(new_connection_is_told_the_path),
	KUNIT_CASE(offered_before_the_connection_is_ours),
	KUNIT_CASE(owed_on_a_connection_that_ended),
	KUNIT_CASE(no_connection_but_a_vf),
	KUNIT_CASE(host_that_knows_no_vfs),
	KUNIT_CASE(own_interface_goes_down),
	KUNIT_CASE(frames_over_the_vf),
	KUNIT_CASE(frames_while_down),
	{}
};

static struct kunit_suite vf_bond_suite = {
	.name = "hv_netvsc_vf_bond",
	.init = fake_pair_init,
	.exit = fake_pair_exit,
	.test_cases = vf_bond_cases,
};

kunit_test_suite(vf_bond_suite);

MODULE_DESCRIPTION("KUnit: the life of a VF");
MODULE_LICENSE("GPL");
