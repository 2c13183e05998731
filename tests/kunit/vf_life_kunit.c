// SPDX-License-Identifier: GPL-2.0
/* The bond between two connections: nothing of the first one is left over. */
#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "fake_pair.h"

static int vf_life_init(struct kunit *test)
{
	struct fake_pair *p;

	fake_pair_init(test);
	p = test->priv;
	hv_set_drvdata(p->nv->hdev, p->nv);
	return 0;
}

/* It is to be taken over a moment later: when the machine is awake again. */
static void came_before_it_fell_asleep(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct delayed_work *takeover = &p->nv->bond.takeover_work;

	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	mod_delayed_work(p->nv->bond_wq, takeover, 60 * HZ);
	KUNIT_EXPECT_EQ(test, netvsc_suspend(p->nv->hdev), 0);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(takeover));
	fake_pair_expect(test, true);

	KUNIT_EXPECT_EQ(test, netvsc_resume(p->nv->hdev), 0);
	fake_nic_settle(p->h);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_pair_takeover(p);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
}

/* The stack sends while the first connection is being closed. */
static void sent_in_between(struct fake_host *h)
{
	struct fake_pair *p = h->test->priv;

	if (fake_host_opened(h) == 1 && !fake_pair_vf(p)->frames &&
	    !rcu_access_pointer(h->nv->conn))
		fake_nic_send(h, fake_frame(h, 100));
}

/*
 * A sender has asked for the way off the VF. The host that was asked is about to
 * go, and what was wrong with the VF is over: frames go there, and nowhere else.
 */
static void asked_on_a_connection_that_ended(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct netvsc_intent want = p->nv->intent;
	struct fake_ring_pkt pkt;

	fake_pair_on_vf(test);
	p->h->slow = true;
	rtnl_lock();
	netif_device_detach(p->vf);
	fake_nic_send(p->h, fake_frame(p->h, 100));
	KUNIT_EXPECT_TRUE(test, netvsc_vf_is_left(&p->nv->bond));
	KUNIT_ASSERT_NE(test, fake_ring_get(p->h, &pkt), 0U);
	fake_ring_complete(p->h, pkt.tid, 1);
	fake_ring_poll(p->h, 64);
	netif_device_attach(p->vf);
	flush_work(&p->h->work);
	p->h->slow = false;
	p->h->chatter = sent_in_between;
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(p->nv, &want), 0);
	p->h->chatter = NULL;
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 1U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(p->h, tx_no_conn), 0L);
	rtnl_unlock();
	fake_nic_settle(p->h);
	fake_pair_announce(p, true, FAKE_SERIAL);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
}

static struct kunit_case vf_life_cases[] = {
	KUNIT_CASE(came_before_it_fell_asleep),
	KUNIT_CASE(asked_on_a_connection_that_ended),
	{}
};

static struct kunit_suite vf_life_suite = {
	.name = "hv_netvsc_vf_life",
	.init = vf_life_init,
	.exit = fake_pair_exit,
	.test_cases = vf_life_cases,
};

kunit_test_suite(vf_life_suite);

MODULE_DESCRIPTION("KUnit: the bond between two connections");
MODULE_LICENSE("GPL");
