// SPDX-License-Identifier: GPL-2.0
/*
 * What the host sends by itself, well-formed or not, while connecting and
 * after: each is completed once if the host asked for it, nothing is believed.
 */
#include <kunit/test.h>
#include <linux/rtnetlink.h>

#include "fake_host.h"
#include "synth/tid.h"

static int inband_init(struct kunit *test)
{
	test->priv = fake_host_new(test);
	return 0;
}

static void inband_exit(struct kunit *test)
{
	fake_host_free(test->priv);
}

/* A connection whose handshake is over, and that nobody knows of. */
static struct netvsc_conn *start(struct kunit *test)
{
	struct netvsc_conn *conn = fake_conn_new(test->priv);

	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	return conn;
}

static void stop(struct kunit *test, struct netvsc_conn *conn)
{
	struct fake_host *h = test->priv;

	RCU_INIT_POINTER(h->nv->conn, NULL);
	netvsc_conn_stop(conn);
	fake_conn_end(h, conn);
}

/* Bond work completes these. All others are bad, and completed at once. */
static bool is_taken(u32 type, u32 len)
{
	return (type == 128 && len >= 12) || (type == 129 && len >= 8);
}

static void expect_taken(struct kunit *test, u32 type, u32 len, bool wants)
{
	struct fake_host *h = test->priv;
	long bad = FAKE_COUNT(h, host_malformed);
	unsigned int done = h->completed;
	unsigned int events = h->num_events;
	u64 tid = (u64)type << 32 | len;
	u8 msg[40] = {};

	fake_put(msg, 0, type);
	fake_host_says(h, tid, wants, msg, len);
	KUNIT_EXPECT_EQ_MSG(test, FAKE_COUNT(h, host_malformed),
			    bad + !is_taken(type, len),
			    "message %u, %u bytes", type, len);
	/* Its connection is published, so that bond work pays what is owed. */
	flush_delayed_work(&h->nv->bond.work);
	KUNIT_EXPECT_EQ_MSG(test, h->completed, done + wants,
			    "message %u, %u bytes", type, len);
	if (wants)
		KUNIT_EXPECT_EQ(test, h->completed_tid, tid);
	KUNIT_EXPECT_EQ(test, h->num_events, events);
}

static void publish(struct fake_host *h, struct netvsc_conn *conn)
{
	rtnl_lock();
	rcu_assign_pointer(h->nv->conn, conn);
	netvsc_vf_conn_up(h->nv);
	rtnl_unlock();
	/* The host is told where the traffic is to be, and answers. */
	flush_work(&h->work);
}

static void messages_of_every_type_and_length(struct kunit *test)
{
	static const u32 types[] = {
		0, 1, 2, 3, 100, 101, 102, 103, 104, 105, 106, 107, 108, 125,
		126, 128, 129, 130, 131, 132, 133, 134, 135, 0x80, 0x10080,
		U32_MAX,
	};
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);
	unsigned int i;
	u32 len;

	publish(h, conn);
	h->nv->bond.started = true;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (len = 0; len <= 40; len++) {
			expect_taken(test, types[i], len, false);
			expect_taken(test, types[i], len, true);
		}
	}
	KUNIT_EXPECT_EQ(test, h->vf_switches, 1U);
	h->nv->bond.started = false;
	stop(test, conn);
}

/* The host may take the path back, but no path of its own invention. */
static void switch_to_a_made_up_path(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);
	u8 msg[8] = {};

	fake_put(msg, 0, 129);
	fake_put(msg, 4, 2);
	fake_host_says(h, 7, true, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 1L);
	KUNIT_EXPECT_EQ(test, h->completed, 1U);
	KUNIT_EXPECT_EQ(test, h->completed_tid, 7ULL);
	stop(test, conn);
}

/* Completions that answer nothing: of any kind of id, of any length. */
static void completions_of_nothing(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);
	u8 msg[40] = {};
	u32 type, len;
	long seen = 0;

	fake_put(msg, 0, 108);
	fake_put(msg, 4, 1);
	for (type = 0; type < 256; type++) {
		if (type == NETVSC_TID_SWITCH)
			continue;
		for (len = 0; len <= sizeof(msg); len += 4) {
			u64 tid = (u64)type << 56 | 1ULL << 32;

			fake_host_completes(h, tid, msg, len);
			fake_host_completes(h, tid | U32_MAX, msg, len);
			seen += 2;
		}
	}
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed) +
			FAKE_COUNT(h, host_late), seen);
	KUNIT_EXPECT_EQ(test, h->completed, 0U);
	stop(test, conn);
}

/* What RNDIS says by itself: cut, of unknown types, of made-up ids. */
static void control_messages_of_every_length(struct kunit *test)
{
	static const u32 types[] = {
		0, 2, 3, 4, 5, 6, 7, 8, 0x80000002, 0x80000003, 0x80000004,
		0x80000005, 0x80000006, 0x80000008, U32_MAX,
	};
	struct fake_answer a = { .reply = FAKE_RNDIS };
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);
	unsigned int i;
	long seen = 0;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (a.len = 0; a.len <= 40; a.len++) {
			/* An indication of nothing known does no harm. */
			if (types[i] == 7 && a.len >= 20)
				continue;
			fake_put(a.msg, 0, types[i]);
			fake_put(a.msg, 4, a.len);
			fake_put(a.msg, 8, 0x12345600);
			fake_host_deliver(h, &a);
			seen++;
		}
	}
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed) +
			FAKE_COUNT(h, host_late), seen);
	stop(test, conn);
}

static void associate(struct fake_host *h, u64 tid)
{
	u8 msg[12] = {};

	fake_put(msg, 0, 128);
	fake_put(msg, 4, 1);
	fake_put(msg, 8, 5);
	fake_host_says(h, tid, true, msg, sizeof(msg));
}

/* Before each of its answers the host speaks by itself. */
static void chatter(struct fake_host *h)
{
	u8 msg[8] = {};

	fake_put(msg, 0, 129);
	fake_host_says(h, 0, false, msg, sizeof(msg));
	fake_put(msg, 0, 99);
	fake_host_says(h, 0, true, msg, sizeof(msg));
	if (h->answers == 4)
		associate(h, 0x77);
}

/* The handshake does not mind; the association is there when it ends. */
static void early_association(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);
	unsigned int answered;

	h->chatter = chatter;
	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	h->chatter = NULL;
	answered = h->answers;
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), (long)answered);
	KUNIT_EXPECT_EQ(test, h->completed, answered);

	publish(h, conn);
	KUNIT_EXPECT_EQ(test, h->completed, answered + 1);
	KUNIT_EXPECT_EQ(test, h->completed_tid, 0x77ULL);
	KUNIT_EXPECT_TRUE(test, h->nv->bond.state.allocated);
	KUNIT_EXPECT_EQ(test, h->nv->bond.assoc_serial, 5U);
	publish(h, conn);
	KUNIT_EXPECT_EQ(test, h->completed, answered + 1);
	stop(test, conn);
}

/* Bond work looks while the new connection is not published: it still owes. */
static void association_during_a_reconnect(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);

	h->nv->bond.started = true;
	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	associate(h, 0x78);
	flush_workqueue(h->nv->bond_wq);
	KUNIT_EXPECT_EQ(test, h->completed, 0U);

	publish(h, conn);
	KUNIT_EXPECT_EQ(test, h->completed, 1U);
	KUNIT_EXPECT_EQ(test, h->completed_tid, 0x78ULL);
	h->nv->bond.started = false;
	stop(test, conn);
}

/* More than anybody remembers: each is completed, before or after. */
static void flood_of_associations(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);
	unsigned int i;

	for (i = 0; i < 100; i++)
		associate(h, i);
	publish(h, conn);
	KUNIT_EXPECT_EQ(test, h->completed, 100U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed),
			100L - NETVSC_VF_OWED);
	stop(test, conn);
}

/* What an earlier connection owed is nobody's, and takes no room. */
static void debts_of_an_earlier_connection(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);
	unsigned int i;

	for (i = 0; i < NETVSC_VF_OWED; i++)
		associate(h, i);
	stop(test, conn);
	KUNIT_EXPECT_EQ(test, h->completed, 0U);

	fake_host_reset(h, 0x60001);
	conn = start(test);
	associate(h, 0x79);
	KUNIT_EXPECT_EQ(test, h->completed, 0U);
	publish(h, conn);
	KUNIT_EXPECT_EQ(test, h->completed, 1U);
	KUNIT_EXPECT_EQ(test, h->completed_tid, 0x79ULL);
	stop(test, conn);
}

/* The device goes before bond work came to it. */
static void association_before_the_end(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);

	associate(h, 0x7a);
	KUNIT_EXPECT_EQ(test, h->completed, 0U);
	netvsc_vf_stop(h->nv, conn);
	KUNIT_EXPECT_EQ(test, h->completed, 1U);
	KUNIT_EXPECT_EQ(test, h->completed_tid, 0x7aULL);
	stop(test, conn);
}

static void indicate(struct fake_host *h, u32 status)
{
	struct fake_answer a = { .reply = FAKE_RNDIS, .len = 20 };

	fake_put(a.msg, 0, 7);
	fake_put(a.msg, 4, a.len);
	fake_put(a.msg, 8, status);
	fake_put(a.msg, 16, 12);
	fake_host_deliver(h, &a);
}

/* As if the link had been down long ago. */
static void blink_is_over(struct fake_host *h)
{
	spin_lock_bh(&h->nv->link.lock);
	h->nv->link.fell_at -= 3 * HZ;
	spin_unlock_bh(&h->nv->link.lock);
	flush_delayed_work(&h->nv->link_work);
}

/* Right behind the answer that says that the link is up. */
static void link_breaks(struct fake_host *h)
{
	if (h->event[h->num_events - 1].value != OID_LINK_SPEED)
		return;
	h->chatter = NULL;
	indicate(h, 0x4001000c);
}

/* The last word of the host counts, not the last that was asked for. */
static void link_breaks_while_connecting(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);

	h->chatter = link_breaks;
	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	KUNIT_EXPECT_TRUE(test, conn->caps.link_up);
	flush_delayed_work(&h->nv->link_work);

	rtnl_lock();
	rcu_assign_pointer(h->nv->conn, conn);
	netvsc_link_set(h->nv, conn);
	rtnl_unlock();
	flush_delayed_work(&h->nv->link_work);
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(h->nv->ndev));

	indicate(h, 0x4001000b);
	blink_is_over(h);
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(h->nv->ndev));
	stop(test, conn);
}

/* What an earlier connection said of the link is over. */
static void link_broke_before_the_reconnect(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = start(test);

	indicate(h, 0x4001000c);
	stop(test, conn);

	fake_host_reset(h, 0x60001);
	conn = start(test);
	rtnl_lock();
	rcu_assign_pointer(h->nv->conn, conn);
	netvsc_link_set(h->nv, conn);
	rtnl_unlock();
	blink_is_over(h);
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(h->nv->ndev));
	stop(test, conn);
}

static struct kunit_case inband_cases[] = {
	KUNIT_CASE(messages_of_every_type_and_length),
	KUNIT_CASE(switch_to_a_made_up_path),
	KUNIT_CASE(completions_of_nothing),
	KUNIT_CASE(control_messages_of_every_length),
	KUNIT_CASE(early_association),
	KUNIT_CASE(association_during_a_reconnect),
	KUNIT_CASE(flood_of_associations),
	KUNIT_CASE(debts_of_an_earlier_connection),
	KUNIT_CASE(association_before_the_end),
	KUNIT_CASE(link_breaks_while_connecting),
	KUNIT_CASE(link_broke_before_the_reconnect),
	{}
};

static struct kunit_suite inband_suite = {
	.name = "hv_netvsc_conn_inband",
	.init = inband_init,
	.exit = inband_exit,
	.test_cases = inband_cases,
};

kunit_test_suite(inband_suite);

MODULE_DESCRIPTION("KUnit: what the host sends by itself");
MODULE_LICENSE("GPL");
