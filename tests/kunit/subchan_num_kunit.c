// SPDX-License-Identifier: GPL-2.0
/*
 * How many sub-channels there are: where memory is short, where one does not
 * come, and where there are as many as there can be.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/sizes.h>

#include "fake_host.h"

static struct fake_host *new_host(struct kunit *test, u32 channels)
{
	struct fake_host *h = fake_host_new_channels(test, channels);

	h->nv->num_queues = channels;
	h->nv->intent.channels = channels;
	test->priv = h;
	return h;
}

static int subchan_num_init(struct kunit *test)
{
	new_host(test, FAKE_CHANNELS);
	return 0;
}

static void subchan_num_exit(struct kunit *test)
{
	fake_host_free(test->priv);
}

static struct netvsc_conn *start(struct fake_host *h)
{
	struct netvsc_conn *conn = fake_conn_new(h);

	KUNIT_ASSERT_EQ(h->test, netvsc_conn_start(conn), 0);
	return conn;
}

static void stop(struct fake_host *h, struct netvsc_conn *conn)
{
	netvsc_conn_stop(conn);
	fake_conn_end(h, conn);
}

/*
 * From the k-th on there is memory for rings of @room bytes; 0: for none. What
 * is expected: so many @channels, of which the k-th was last tried with @least.
 */
static void expect_short_from(struct fake_host *h, u16 k, u32 room,
			      u32 channels, u32 least)
{
	struct netvsc_conn *conn;
	unsigned int i;

	fake_host_reset(h, 0x60001);
	h->nv->intent.ring_bytes = SZ_4M;
	h->no_room_from = k;
	h->room = room;
	conn = start(h);
	fake_host_expect_channels(h, conn, channels);
	for (i = 0; i < FAKE_CHANNELS; i++)
		KUNIT_EXPECT_EQ(h->test, h->ring_bytes[i],
				i < k ? (u32)SZ_4M : least);
	/* Nobody waits for what has failed. */
	KUNIT_EXPECT_EQ(h->test, FAKE_COUNT(h, host_overdue), 0L);
	stop(h, conn);
}

/* Rings that are smaller are better than none. */
static void memory_for_smaller_rings(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u16 k;

	for (k = 1; k < FAKE_CHANNELS; k++)
		expect_short_from(h, k, SZ_1M, FAKE_CHANNELS, SZ_1M);
}

/* Only then there are fewer channels. */
static void memory_for_fewer(struct kunit *test)
{
	struct fake_host *h = test->priv;
	u16 k;

	for (k = 1; k < FAKE_CHANNELS; k++)
		expect_short_from(h, k, 0, k, NETVSC_RING_BYTES_MIN);
}

/* The k-th does not come, for every k: those before it are used. */
static void one_is_not_offered(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	u16 k;

	for (k = 1; k < FAKE_CHANNELS; k++) {
		fake_host_reset(h, 0x60001);
		h->skip_offer = k;
		conn = start(h);
		fake_host_expect_channels(h, conn, k);
		KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 1L);
		/* Those behind it are open, and close with the others. */
		KUNIT_EXPECT_EQ(test, h->sub_open,
				GENMASK_ULL(FAKE_CHANNELS - 1, 1) &
				~BIT_ULL(k));
		stop(h, conn);
		KUNIT_EXPECT_EQ(test, h->sub_open, 0ULL);
	}
}

/* A large VM: each takes its turn, and all of them end with the connection. */
static void as_many_as_there_can_be(struct kunit *test)
{
	struct netvsc_conn *conn;
	struct fake_host *h;
	unsigned int i;

	fake_host_free(test->priv);
	h = new_host(test, NETVSC_MAX_CHANNELS);
	h->rss_entries = 128;
	conn = start(h);
	fake_host_expect_channels(h, conn, NETVSC_MAX_CHANNELS);
	KUNIT_EXPECT_EQ(test, h->rss.table[127], 63U);
	KUNIT_EXPECT_EQ(test, h->sub_open,
			GENMASK_ULL(NETVSC_MAX_CHANNELS - 1, 1));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 0L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);
	stop(h, conn);
	for (i = 0; i < NETVSC_MAX_CHANNELS; i++)
		KUNIT_EXPECT_TRUE(test, test_bit(NAPI_STATE_SCHED,
						 &h->nv->queues[i].napi.state));
	fake_host_expect_freed(h);
}

static struct kunit_case subchan_num_cases[] = {
	KUNIT_CASE(memory_for_smaller_rings),
	KUNIT_CASE(memory_for_fewer),
	KUNIT_CASE_SLOW(one_is_not_offered),
	KUNIT_CASE(as_many_as_there_can_be),
	{}
};

static struct kunit_suite subchan_num_suite = {
	.name = "hv_netvsc_subchan_num",
	.init = subchan_num_init,
	.exit = subchan_num_exit,
	.test_cases = subchan_num_cases,
};

kunit_test_suite(subchan_num_suite);

MODULE_DESCRIPTION("KUnit: how many sub-channels there are");
MODULE_LICENSE("GPL");
