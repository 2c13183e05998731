// SPDX-License-Identifier: GPL-2.0
/*
 * Conn work's job: what the asker gets, what is left when it has left, and
 * that there is peace afterwards. And what a connection owes the host.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/rtnetlink.h>

#include "fake_host.h"

static int job_init(struct kunit *test)
{
	test->priv = fake_host_new(test);
	return 0;
}

static void job_exit(struct kunit *test)
{
	fake_host_free(test->priv);
}

/* As probe does. */
static struct netvsc *first_connection(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = netvsc_connect(h->nv);

	KUNIT_ASSERT_FALSE(test, IS_ERR(conn));
	rtnl_lock();
	rcu_assign_pointer(h->nv->conn, conn);
	rtnl_unlock();
	return h->nv;
}

/* As remove does. */
static void the_end(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = h->nv;
	struct netvsc_conn *conn;

	rtnl_lock();
	nv->gone = true;
	conn = rtnl_dereference(nv->conn);
	RCU_INIT_POINTER(nv->conn, NULL);
	rtnl_unlock();
	cancel_delayed_work_sync(&nv->retry_work);
	cancel_delayed_work_sync(&nv->rx_mode_work);
	netvsc_disconnect(nv, conn);
	KUNIT_EXPECT_FALSE(test, h->open);
	h->conn = NULL;
}

static void settle(struct netvsc *nv)
{
	int i;

	for (i = 0; i < 3; i++) {
		flush_workqueue(nv->conn_wq);
		flush_workqueue(nv->bond_wq);
	}
}

/* Is there the connection that the intent describes, and nothing to do? */
static void expect_peace(struct kunit *test, u32 channels)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	settle(h->nv);
	rtnl_lock();
	conn = rtnl_dereference(h->nv->conn);
	KUNIT_ASSERT_NOT_NULL(test, conn);
	KUNIT_EXPECT_EQ(test, h->nv->intent.channels, channels);
	KUNIT_EXPECT_EQ(test, conn->params.channels, channels);
	KUNIT_EXPECT_FALSE(test, h->nv->job.busy);
	KUNIT_EXPECT_NULL(test, h->nv->job.conn);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&h->nv->retry_work));
	rtnl_unlock();
}

static void change_that_the_host_takes(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = first_connection(test);

	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 2), 0);
	expect_peace(test, 2);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 2U);
	the_end(test);
}

static void change_that_fails_is_undone(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = first_connection(test);

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 101,
	};
	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 2), -EINVAL);
	expect_peace(test, 1);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 3U);
	the_end(test);
}

/* Three times slow, no answer overdue: the asker leaves, and wants it no more. */
static void slow_at_first(struct fake_host *h)
{
	if (fake_host_opened(h) == 2 && h->configured < 1 && h->ops)
		msleep(3600);
}

static void late_result_is_closed(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = first_connection(test);

	h->chatter = slow_at_first;
	h->max_version = 0x40000;
	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 2), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 3), -EBUSY);
	expect_peace(test, 1);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 3U);
	h->chatter = NULL;
	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 2), 0);
	expect_peace(test, 2);
	the_end(test);
}

/* The device goes while the job that nobody waits for is under way. */
static void late_result_of_a_device_that_is_gone(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = first_connection(test);

	h->chatter = slow_at_first;
	h->max_version = 0x40000;
	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 2), -ETIMEDOUT);
	the_end(test);
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 2U);
	KUNIT_EXPECT_EQ(test, nv->intent.channels, 1U);
}

/* Nothing left to go back to: a wish makes the next try one of now. */
static void wish_without_a_connection(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = first_connection(test);

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 101,
	};
	KUNIT_EXPECT_EQ(test, fake_host_change(nv, 1), -EINVAL);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(nv->conn));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&nv->retry_work));
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(nv->ndev));

	rtnl_lock();
	netvsc_reconnect_wish(nv);
	rtnl_unlock();
	expect_peace(test, 1);
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(nv->ndev));
	KUNIT_EXPECT_EQ(test, fake_host_opened(h), 3U);
	the_end(test);
}

/* Refused, or late, is not what it was before. */
static void filter_after_a_failure(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc *nv = first_connection(test);
	struct netvsc_conn *conn = h->conn;
	unsigned int events;

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_RNDIS, .asked = OID_FILTER,
	};
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, 9), -EIO);
	events = h->num_events;
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, 0), 0);
	KUNIT_EXPECT_EQ(test, h->num_events, events + 1);
	KUNIT_EXPECT_EQ(test, h->filter, 0U);
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, 0), 0);
	KUNIT_EXPECT_EQ(test, h->num_events, events + 1);
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(nv->conn), conn);
	the_end(test);
}

static void unknown(struct fake_host *h, u64 tid)
{
	u8 msg[4];

	fake_put(msg, 0, 99);
	fake_host_says(h, tid, true, msg, sizeof(msg));
}

/* Every completion comes, in order, as soon as the ring has room. */
static void completions_that_meet_a_full_ring(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	u64 tid;

	first_connection(test);
	conn = h->conn;
	h->full = true;
	for (tid = 1; tid <= NETVSC_ACKS_NAPI; tid++) {
		KUNIT_EXPECT_FALSE(test, netvsc_nvsp_owes(conn));
		unknown(h, tid);
	}
	KUNIT_EXPECT_TRUE(test, netvsc_nvsp_owes(conn));
	for (; tid <= NETVSC_ACKS; tid++)
		KUNIT_EXPECT_EQ(test, netvsc_nvsp_ack(conn, tid), 0);
	KUNIT_EXPECT_EQ(test, netvsc_nvsp_ack(conn, tid), -EAGAIN);
	KUNIT_EXPECT_FALSE(test, netvsc_nvsp_pay(conn));
	KUNIT_EXPECT_EQ(test, h->completed, 0U);

	h->full = false;
	KUNIT_EXPECT_TRUE(test, netvsc_nvsp_pay(conn));
	KUNIT_EXPECT_EQ(test, h->completed, (unsigned int)NETVSC_ACKS);
	KUNIT_EXPECT_EQ(test, h->completed_tid, (u64)NETVSC_ACKS);
	KUNIT_EXPECT_FALSE(test, netvsc_nvsp_owes(conn));

	h->full = true;
	unknown(h, 100);
	h->full = false;
	unknown(h, 101);
	KUNIT_EXPECT_EQ(test, h->completed, (unsigned int)NETVSC_ACKS);
	KUNIT_EXPECT_TRUE(test, netvsc_nvsp_pay(conn));
	KUNIT_EXPECT_EQ(test, h->completed, NETVSC_ACKS + 2U);
	KUNIT_EXPECT_EQ(test, h->completed_tid, 101ULL);
	the_end(test);
}

/* Whoever has a reference may come too late. */
static void nothing_is_sent_after_the_end(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	unsigned int ops;

	first_connection(test);
	conn = netvsc_conn_get(h->nv);
	KUNIT_ASSERT_NOT_NULL(test, conn);
	the_end(test);
	ops = h->ops;
	KUNIT_EXPECT_EQ(test, netvsc_nvsp_ack(conn, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, netvsc_nvsp_switch_path(conn, true, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, h->completed, 0U);
	KUNIT_EXPECT_EQ(test, h->ops, ops);
	netvsc_conn_put(conn);
}

static struct kunit_case job_cases[] = {
	KUNIT_CASE(change_that_the_host_takes),
	KUNIT_CASE(change_that_fails_is_undone),
	KUNIT_CASE(late_result_is_closed),
	KUNIT_CASE(late_result_of_a_device_that_is_gone),
	KUNIT_CASE(wish_without_a_connection),
	KUNIT_CASE(filter_after_a_failure),
	KUNIT_CASE(completions_that_meet_a_full_ring),
	KUNIT_CASE(nothing_is_sent_after_the_end),
	{}
};

static struct kunit_suite job_suite = {
	.name = "hv_netvsc_job",
	.init = job_init,
	.exit = job_exit,
	.test_cases = job_cases,
};

kunit_test_suite(job_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit: jobs of a connection");
