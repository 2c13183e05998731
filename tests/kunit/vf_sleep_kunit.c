// SPDX-License-Identifier: GPL-2.0
/* The machine hibernates and wakes up, and has a VF, or gets one meanwhile. */
#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "fake_pair.h"

static int sleep_init(struct kunit *test)
{
	struct fake_pair *p;
	int err = fake_pair_init(test);

	if (err)
		return err;
	p = test->priv;
	hv_set_drvdata(p->nv->hdev, p->nv);
	return 0;
}

static void wake_up_again(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	KUNIT_EXPECT_EQ(test, netvsc_resume(p->nv->hdev), 0);
	KUNIT_EXPECT_TRUE(test, p->nv->bond.started);
	fake_nic_settle(p->h);
}

/* The host knows before it is left, and the VF carries the traffic afterwards. */
static void with_a_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, netvsc_suspend(p->nv->hdev), 0);
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_FALSE(test, p->nv->bond.started);
	fake_pair_expect(test, true);

	wake_up_again(test);
	fake_pair_expect(test, true);
	fake_pair_announce(p, true, FAKE_SERIAL);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
}

/* Its driver may wake up first, and nobody may send over it then. */
static void vf_is_busy_meanwhile(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, netvsc_suspend(p->nv->hdev), 0);
	rtnl_lock();
	dev_close(p->vf);
	KUNIT_EXPECT_EQ(test, dev_open(p->vf, NULL), 0);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	wake_up_again(test);
	fake_pair_announce(p, true, FAKE_SERIAL);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* It is taken over when there is somebody to do that. */
static void vf_that_comes_meanwhile(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	KUNIT_EXPECT_EQ(test, netvsc_suspend(p->nv->hdev), 0);
	fake_vf_plug(p->vf);
	fake_pair_expect(test, true);
	KUNIT_EXPECT_FALSE(test,
			   delayed_work_pending(&p->nv->bond.takeover_work));
	wake_up_again(test);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_pair_takeover(p);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* It is on another host, that has none. */
static void vf_that_goes_meanwhile(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, netvsc_suspend(p->nv->hdev), 0);
	unregister_netdev(p->vf);
	KUNIT_EXPECT_NULL(test, p->nv->bond.vf);
	wake_up_again(test);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
}

static struct kunit_case vf_sleep_cases[] = {
	KUNIT_CASE(with_a_vf),
	KUNIT_CASE(vf_is_busy_meanwhile),
	KUNIT_CASE(vf_that_comes_meanwhile),
	KUNIT_CASE(vf_that_goes_meanwhile),
	{}
};

static struct kunit_suite vf_sleep_suite = {
	.name = "hv_netvsc_vf_sleep",
	.init = sleep_init,
	.exit = fake_pair_exit,
	.test_cases = vf_sleep_cases,
};

kunit_test_suite(vf_sleep_suite);

MODULE_DESCRIPTION("KUnit: a machine with a VF hibernates");
MODULE_LICENSE("GPL");
