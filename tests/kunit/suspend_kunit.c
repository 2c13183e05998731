// SPDX-License-Identifier: GPL-2.0
/*
 * The machine hibernates and wakes up: whatever was under way then, afterwards
 * there is the connection that the intent describes, or it comes by and by.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "fake_host.h"

static int suspend_init(struct kunit *test)
{
	struct fake_host *h = fake_host_new(test);
	struct netvsc_conn *conn;

	test->priv = h;
	hv_set_drvdata(h->nv->hdev, h->nv);
	conn = netvsc_connect(h->nv);
	KUNIT_ASSERT_FALSE(test, IS_ERR(conn));
	rtnl_lock();
	rcu_assign_pointer(h->nv->conn, conn);
	rtnl_unlock();
	return 0;
}

/* As remove does. */
static void suspend_exit(struct kunit *test)
{
	struct fake_host *h = test->priv;

	rtnl_lock();
	netvsc_vf_leave(h->nv);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, netvsc_suspend(h->nv->hdev), 0);
	KUNIT_EXPECT_FALSE(test, h->open);
	h->conn = NULL;
	fake_host_free(h);
}

static void go_to_sleep(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = h->nv;

	KUNIT_EXPECT_EQ(test, netvsc_suspend(nv->hdev), 0);
	KUNIT_EXPECT_FALSE(test, netif_device_present(nv->ndev));
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(nv->conn));
	KUNIT_EXPECT_NULL(test, nv->job.conn);
	KUNIT_EXPECT_FALSE(test, h->open);
	KUNIT_EXPECT_FALSE(test, nv->bond.started);
	/* It may be on its way out: it has said that it is done. */
	KUNIT_EXPECT_FALSE(test, work_pending(&nv->job.work));
	KUNIT_EXPECT_FALSE(test, work_pending(&nv->job.late));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&nv->retry_work));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&nv->bond.tick));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&nv->bond.watch));
}

static void wake_up_again(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = h->nv;

	KUNIT_EXPECT_EQ(test, netvsc_resume(nv->hdev), 0);
	KUNIT_EXPECT_TRUE(test, netif_device_present(nv->ndev));
	KUNIT_EXPECT_TRUE(test, nv->bond.started);
}

/* Is there the connection that the intent describes, and nothing to do? */
static void expect_peace(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = h->nv;
	struct netvsc_conn *conn;
	int i;

	for (i = 0; i < 3; i++) {
		flush_workqueue(nv->conn_wq);
		flush_workqueue(nv->bond_wq);
	}
	rtnl_lock();
	conn = rtnl_dereference(nv->conn);
	KUNIT_ASSERT_NOT_NULL(test, conn);
	KUNIT_EXPECT_TRUE(test, h->open);
	KUNIT_EXPECT_EQ(test, conn->params.channels, 1U);
	KUNIT_EXPECT_EQ(test, nv->intent.channels, 1U);
	KUNIT_EXPECT_FALSE(test, nv->job.busy);
	KUNIT_EXPECT_NULL(test, nv->job.conn);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&nv->retry_work));
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(nv->ndev));
	rtnl_unlock();
}

/* The device is the one that it was, and the host was paid what it is owed. */
static void suspend_and_resume(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u8 offer[12] = {};

	netvsc_count(h->nv, tx_busy);
	fake_put(offer, 0, 128);
	fake_put(offer, 4, 1);
	fake_put(offer, 8, 2);
	fake_host_says(h, 7, true, offer, sizeof(offer));
	KUNIT_EXPECT_EQ(test, h->completed, 0U);

	go_to_sleep(test);
	KUNIT_EXPECT_EQ(test, h->completed, 1U);
	KUNIT_EXPECT_EQ(test, h->completed_tid, 7ULL);
	wake_up_again(test);
	expect_peace(test);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 2U);
	/*
	 * The host has kept its path, or is another one: it is asked. The offer
	 * of before, which it has not repeated, does not count.
	 */
	flush_work(&h->work);
	KUNIT_EXPECT_EQ(test, h->vf_switches, 1U);
	KUNIT_EXPECT_FALSE(test, h->nv->bond.state.allocated);

	go_to_sleep(test);
	wake_up_again(test);
	expect_peace(test);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 3U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, tx_busy), 1L);
}

static void refuse_once(struct fake_host *h)
{
	kfree(h->hit);
	h->hit = NULL;
	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 101,
	};
}

/* The machine wakes up even so, and the connection comes later. */
static void resume_without_a_host(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = h->nv;

	go_to_sleep(test);
	refuse_once(h);
	wake_up_again(test);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(nv->conn));
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(nv->ndev));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&nv->retry_work));

	/* Asleep again, before that. */
	go_to_sleep(test);
	refuse_once(h);
	wake_up_again(test);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(nv->conn));
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 3U);

	rtnl_lock();
	netvsc_reconnect_wish(nv);
	rtnl_unlock();
	expect_peace(test);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 4U);
}

/* Three times slow, no answer overdue. */
static void slow_in_between(struct fake_host *h)
{
	if (fake_host_opened(h) == 2 && h->configured < 1 && h->ops)
		msleep(3600);
}

/* Nobody takes what the job brings: it is closed, and the intent is built. */
static void suspend_while_a_job_is_late(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = h->nv;

	h->chatter = slow_in_between;
	h->max_version = 0x40000;
	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 2), -ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, nv->job.busy);
	go_to_sleep(test);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 2U);

	wake_up_again(test);
	expect_peace(test);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 3U);
}

/* Who wakes up does not wait for it, and has it as soon as it comes. */
static void resume_beside_a_slow_host(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = h->nv;
	unsigned long before;

	h->chatter = slow_in_between;
	h->max_version = 0x40000;
	go_to_sleep(test);
	before = jiffies;
	wake_up_again(test);
	KUNIT_EXPECT_LT(test, jiffies - before, 11UL * HZ);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(nv->conn));
	KUNIT_EXPECT_TRUE(test, nv->job.busy);
	expect_peace(test);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 2U);
}

static struct kunit_case suspend_cases[] = {
	KUNIT_CASE(suspend_and_resume),
	KUNIT_CASE(resume_without_a_host),
	KUNIT_CASE(suspend_while_a_job_is_late),
	KUNIT_CASE(resume_beside_a_slow_host),
	{}
};

static struct kunit_suite suspend_suite = {
	.name = "hv_netvsc_suspend",
	.init = suspend_init,
	.exit = suspend_exit,
	.test_cases = suspend_cases,
};

kunit_test_suite(suspend_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit: suspend and resume");
