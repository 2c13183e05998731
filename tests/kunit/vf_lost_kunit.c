// SPDX-License-Identifier: GPL-2.0
/* A VF cannot send any more, and its driver does not say so. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/rtnetlink.h>

#include "deadlines.h"
#include "fake_pair.h"
#include "synth/synth.h"

/* It has a discipline, as VFs have, and takes nothing out of it. */
static void send_to_a_stopped_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u32 i;

	p->vf->priv_flags &= ~IFF_NO_QUEUE;
	fake_pair_on_vf(test);
	netif_stop_queue(p->vf);
	for (i = 0; i < 2; i++)
		fake_nic_send(p->h, fake_frame(p->h, 100 + i));
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, vf_tx_moved), 0L);
}

/* Both frames went over the synthetic side, in their order. */
static void expect_moved(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_ring_pkt pkt;
	u32 i, len, first = 0;

	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_NE(test, fake_ring_get(p->h, &pkt), 0U);
		/* Of the section, and that is of all of the message. */
		len = fake_u32(pkt.data + pkt.head, 12);
		first = first ?: len;
		KUNIT_EXPECT_EQ(test, len, first + i);
		fake_ring_complete(p->h, pkt.tid, 1);
	}
	fake_ring_poll(p->h, 64);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, vf_tx_moved), 2L);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 0U);
}

static void stranded_when_it_is_detached(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	send_to_a_stopped_vf(test);
	netif_device_detach(p->vf);
	netvsc_vf_post(p->nv);
	fake_nic_settle(p->h);
	expect_moved(test);
	netif_device_attach(p->vf);
}

/* The VF would have cut it; the host does not cut any. */
static void stranded_and_to_be_cut(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_ring_pkt pkt;
	unsigned int i;

	p->vf->priv_flags &= ~IFF_NO_QUEUE;
	fake_pair_on_vf(test);
	netif_stop_queue(p->vf);
	fake_nic_send(p->h, fake_tcp_frame(p->h));
	p->h->conn->caps.tso = 0;
	netif_device_detach(p->vf);
	netvsc_vf_post(p->nv);
	fake_nic_settle(p->h);
	for (i = 0; i < FAKE_SEGMENTS; i++) {
		KUNIT_ASSERT_NE(test, fake_ring_get(p->h, &pkt), 0U);
		fake_ring_complete(p->h, pkt.tid, 1);
	}
	fake_ring_poll(p->h, 64);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, vf_tx_moved),
			(s64)FAKE_SEGMENTS);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, tx_too_big), 0L);
	netif_device_attach(p->vf);
}

static void stranded_when_it_goes_down(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	send_to_a_stopped_vf(test);
	fake_pair_set_vf(p, false);
	expect_moved(test);
}

/* eth<n> goes down, and the VF with it. */
static void stranded_when_nobody_sends(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	send_to_a_stopped_vf(test);
	fake_nic_up(p->h, false);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, vf_tx_moved), 0L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, tx_no_space), 0L);
}

/* What it is told while it is detached may be lost. */
static void detached_when_it_comes(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	netif_device_detach(p->vf);
	fake_pair_takeover(p);
	KUNIT_EXPECT_FALSE(test, p->nv->bond.took_over);
	netif_device_attach(p->vf);
	fake_pair_takeover(p);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* A sender sees it first, and the host is asked without RTNL. */
static void expect_sent_elsewhere(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_ring_pkt pkt;
	unsigned int asked = p->h->vf_switches;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, fake_nic_send(p->h, fake_frame(p->h, 100)),
			NETDEV_TX_OK);
	flush_work(&p->h->work);
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked + 1);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 0U);
	KUNIT_EXPECT_NE(test, fake_ring_get(p->h, &pkt), 0U);
	fake_ring_complete(p->h, pkt.tid, 1);
	fake_ring_poll(p->h, 64);

	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked + 1);
	fake_pair_expect(test, true);
}

static void carrier_lost(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	netif_carrier_off(p->vf);
	expect_sent_elsewhere(test);
	netif_carrier_on(p->vf);
	rtnl_lock();
	netdev_state_change(p->vf);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

static void detached_without_a_word(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	netif_device_detach(p->vf);
	expect_sent_elsewhere(test);
	netif_device_attach(p->vf);
}

/* It is back at once, but the path is where a sender has asked for it. */
static void detached_for_a_moment(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct fake_ring_pkt pkt;

	fake_pair_on_vf(test);
	p->h->slow = true;
	rtnl_lock();
	netif_device_detach(p->vf);
	fake_nic_send(p->h, fake_frame(p->h, 100));
	flush_work(&p->h->work);
	KUNIT_EXPECT_NE(test, fake_ring_get(p->h, &pkt), 0U);
	fake_ring_complete(p->h, pkt.tid, 1);
	netif_device_attach(p->vf);
	fake_nic_send(p->h, fake_frame(p->h, 100));
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 0U);
	KUNIT_EXPECT_NE(test, fake_ring_get(p->h, &pkt), 0U);
	fake_ring_complete(p->h, pkt.tid, 1);
	fake_ring_poll(p->h, 64);
	rtnl_unlock();

	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	fake_host_switches(p->h);
	fake_nic_settle(p->h);
	fake_host_switches(p->h);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
}

/* Nobody sends: somebody looks now and then. */
static void detached_and_nobody_sends(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	int i;

	fake_pair_on_vf(test);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&p->nv->bond.watch));
	netif_device_detach(p->vf);
	flush_delayed_work(&p->nv->bond.watch);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	/* For as long as it takes. */
	for (i = 0; i < 3; i++) {
		flush_delayed_work(&p->nv->bond.watch);
		fake_nic_settle(p->h);
	}
	netif_device_attach(p->vf);
	flush_delayed_work(&p->nv->bond.watch);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* The host hears of it while RTNL is held, which is let go then. */
static void expect_told_under_rtnl(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	unsigned long end = jiffies + 5 * HZ;

	while (READ_ONCE(p->h->path) && time_before(jiffies, end))
		msleep(20);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	rtnl_unlock();
	fake_nic_settle(p->h);
}

/* Bond work waits for whoever does that, and all of its queue behind it. */
static void detached_while_bond_work_waits(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	rtnl_lock();
	netvsc_vf_post(p->nv);
	netif_device_detach(p->vf);
	expect_told_under_rtnl(test);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	netif_device_attach(p->vf);
}

/* The ring was full when it was to be told. RTNL is of no help. */
static void the_first_ask_does_not_leave(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	rtnl_lock();
	netvsc_vf_post(p->nv);
	p->h->fail_op = p->h->ops + 1;
	p->h->fail_err = -EAGAIN;
	netif_device_detach(p->vf);
	expect_told_under_rtnl(test);
	KUNIT_EXPECT_EQ(test, p->h->failed.what, 'n');
	netif_device_attach(p->vf);
}

/* Bond work has seen it in the inbox; then the ring was full, and the VF is back. */
static void the_only_ask_does_not_leave(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	rtnl_lock();
	RCU_INIT_POINTER(p->nv->tx_vf, NULL);
	rtnl_unlock();
	netvsc_vf_post(p->nv);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

static struct kunit_case vf_lost_cases[] = {
	KUNIT_CASE(stranded_when_it_is_detached),
	KUNIT_CASE(stranded_and_to_be_cut),
	KUNIT_CASE(stranded_when_it_goes_down),
	KUNIT_CASE(stranded_when_nobody_sends),
	KUNIT_CASE(detached_when_it_comes),
	KUNIT_CASE(carrier_lost),
	KUNIT_CASE(detached_without_a_word),
	KUNIT_CASE(detached_for_a_moment),
	KUNIT_CASE(detached_and_nobody_sends),
	KUNIT_CASE(detached_while_bond_work_waits),
	KUNIT_CASE(the_first_ask_does_not_leave),
	KUNIT_CASE(the_only_ask_does_not_leave),
	{}
};

static struct kunit_suite vf_lost_suite = {
	.name = "hv_netvsc_vf_lost",
	.init = fake_pair_init,
	.exit = fake_pair_exit,
	.test_cases = vf_lost_cases,
};

kunit_test_suite(vf_lost_suite);

MODULE_DESCRIPTION("KUnit: a VF that cannot send");
MODULE_LICENSE("GPL");
