// SPDX-License-Identifier: GPL-2.0
/* Sub-channels: asked for, offered, opened or not; and RSS over those there are. */
#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>

#include "fake_host.h"
#include "synth/queue.h"

/* What the drivers begin with. */
#define HASH_TYPES		0x1700U
#define HASH_UDP4		0x4000U

static int subchan_init(struct kunit *test)
{
	struct fake_host *h = fake_host_new(test);

	h->nv->num_queues = FAKE_CHANNELS;
	h->nv->intent.channels = FAKE_CHANNELS;
	test->priv = h;
	return 0;
}

static void subchan_exit(struct kunit *test)
{
	fake_host_free(test->priv);
}

static struct netvsc_conn *start(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);

	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	return conn;
}

static void stop(struct kunit *test, struct netvsc_conn *conn)
{
	netvsc_conn_stop(conn);
	fake_conn_end(test->priv, conn);
}

/* One connection to a host of this script. */
static void expect_one_with(struct kunit *test, unsigned int num)
{
	struct netvsc_conn *conn = start(test);

	fake_host_expect_channels(test->priv, conn, num);
	stop(test, conn);
}

static bool was_asked(const struct fake_host *h, char what, u32 value)
{
	unsigned int i;

	for (i = 0; i < h->num_events; i++)
		if (h->event[i].what == what && h->event[i].value == value)
			return true;
	return false;
}

static void as_many_as_there_are(struct kunit *test)
{
	struct fake_host *h = test->priv;

	expect_one_with(test, FAKE_CHANNELS);
	KUNIT_EXPECT_EQ(test, h->rss.sets, 2U);
	KUNIT_EXPECT_EQ(test, h->rss.types, HASH_TYPES);
	KUNIT_EXPECT_MEMEQ(test, h->rss.key, h->nv->intent.rss.key,
			   sizeof(h->rss.key));
	KUNIT_EXPECT_EQ(test, h->rss.key[0], 0x6d);
	KUNIT_EXPECT_EQ(test, h->rss.key[39], 0xfa);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 0L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);
}

static void as_many_as_are_wanted(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->nv->intent.channels = 2;
	expect_one_with(test, 2);
	fake_host_reset(h, 0x60001);
	h->nv->intent.channels = 64;
	expect_one_with(test, FAKE_CHANNELS);
}

static void one_needs_no_words(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->nv->intent.channels = 1;
	expect_one_with(test, 1);
	KUNIT_EXPECT_FALSE(test, was_asked(h, 'n', 133));
	KUNIT_EXPECT_FALSE(test, was_asked(h, 's', OID_RSS_PARAMS));

	/* Such a host knows neither. */
	fake_host_reset(h, 0x40000);
	h->nv->intent.channels = FAKE_CHANNELS;
	expect_one_with(test, 1);
	KUNIT_EXPECT_FALSE(test, was_asked(h, 'q', OID_RSS_CAPS));
}

/* The k-th of them does not open, for every k: those before it are used. */
static void one_does_not_open(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	unsigned int n, k = 0;
	int err;

	/* The last comes first. */
	for (n = 1; k != 1; n++) {
		KUNIT_ASSERT_LT(test, n, 100U);
		fake_host_reset(h, 0x60001);
		h->fail_op = n;
		h->fail_err = -EAGAIN;
		conn = fake_conn_new(h);
		err = netvsc_conn_start(conn);
		if (!err && h->failed.what == 'O') {
			k = h->failed.value;
			fake_host_expect_channels(h, conn, k);
			/* Nobody waits for what has failed. */
			KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);
		}
		if (!err)
			netvsc_conn_stop(conn);
		fake_conn_end(h, conn);
	}
}

/* Any operation of the handshake fails, the new ones among them. */
static void each_operation_fails(struct kunit *test)
{
	static const int errs[] = { -EAGAIN, -ENODEV };
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	unsigned int n, i;
	int err;

	for (i = 0; i < ARRAY_SIZE(errs); i++) {
		for (n = 1; ; n++) {
			fake_host_reset(h, 0x60001);
			h->fail_op = n;
			h->fail_err = errs[i];
			conn = fake_conn_new(h);
			err = netvsc_conn_start(conn);
			if (!err)
				netvsc_conn_stop(conn);
			fake_conn_end(h, conn);
			if (!h->failed.what)
				break;
		}
		KUNIT_EXPECT_EQ(test, err, 0);
		/* 133, three opens, RSS off and on are among them. */
		KUNIT_EXPECT_GE(test, n, 26U);
	}
}

static void memory_is_short(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	h->nv->intent.ring_bytes = SZ_4M;
	/* The primary finds room at a quarter; the others have it all. */
	h->no_room = 2;
	conn = start(test);
	fake_host_expect_channels(h, conn, FAKE_CHANNELS);
	KUNIT_EXPECT_EQ(test, h->ring_bytes[0], (u32)SZ_1M);
	KUNIT_EXPECT_EQ(test, h->ring_bytes[1], (u32)SZ_4M);
	stop(test, conn);

	/* Of an odd size, no half is the least there is. */
	fake_host_reset(h, 0x60001);
	h->nv->intent.ring_bytes = SZ_4M + PAGE_SIZE;
	h->no_room = 100;
	conn = fake_conn_new(h);
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), -ENOMEM);
	KUNIT_EXPECT_EQ(test, h->ring_bytes[0], NETVSC_RING_BYTES_MIN);
	fake_conn_end(h, conn);
	h->nv->intent.ring_bytes = 0;
}

/* Of each ring, one page holds no data. */
static void rings_of_whole_pages(struct kunit *test)
{
	const u32 bytes[] = {
		NETVSC_RING_BYTES_MIN,
		NETVSC_RING_BYTES_MIN + PAGE_SIZE,
		SZ_512K,
		37 * PAGE_SIZE,
		SZ_4M,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		u32 send = netvsc_ring_send_bytes(bytes[i]);

		KUNIT_ASSERT_LT(test, send, bytes[i]);
		KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(send));
		KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(bytes[i] - send));
		KUNIT_EXPECT_GE(test, send, (u32)(2 * PAGE_SIZE));
		KUNIT_EXPECT_GE(test, bytes[i] - send, 2 * send);
	}
}

static void refused(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 133,
	};
	expect_one_with(test, 1);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);
}

static void not_answered(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->fault = (struct fake_fault) {
		.kind = FAKE_SILENT, .reply = FAKE_NVSP, .asked = 133,
	};
	h->stays = true;
	h->offers = -1;
	expect_one_with(test, 1);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 1L);

	/* What it offers without a word is as good. */
	fake_host_reset(h, 0x60001);
	h->fault = (struct fake_fault) {
		.kind = FAKE_SILENT, .reply = FAKE_NVSP, .asked = 133,
	};
	h->stays = true;
	expect_one_with(test, FAKE_CHANNELS);
}

static void fewer_than_asked(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->grants = 1;
	expect_one_with(test, 2);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);
}

static void more_than_asked(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->fault = (struct fake_fault) {
		.kind = FAKE_ALTER, .reply = FAKE_NVSP, .asked = 133,
		.off = 8, .value = 64,
	};
	h->offers = -1;
	expect_one_with(test, 1);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);
}

/* It says that they come, and they do not: nobody waits for long. */
static void never_offered(struct kunit *test)
{
	struct fake_host *h = test->priv;
	unsigned long begin = jiffies;
	struct netvsc_conn *conn;

	h->offers = -1;
	conn = start(test);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, begin + 4 * HZ));
	fake_host_expect_channels(h, conn, 1);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 1L);

	/* Now it is too late: nothing of ours is touched. */
	fake_host_offers(h, 1);
	KUNIT_EXPECT_NULL(test, conn->chan[1]);
	KUNIT_EXPECT_EQ(test, h->sub_open, 0ULL);
	stop(test, conn);
}

static void some_are_offered(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->offers = 2;
	expect_one_with(test, 3);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 1L);
}

/* What nobody asked for is no reason to have less. */
static void odd_offers(struct kunit *test)
{
	/* The last is offered twice, once more before all are there. */
	static const u16 odd[] = {
		0xffff, 64, FAKE_CHANNELS, FAKE_CHANNELS - 1,
	};
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		fake_host_reset(h, 0x60001);
		h->first_offer = odd[i];
		conn = start(test);
		KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 1L);
		fake_host_expect_channels(h, conn, FAKE_CHANNELS);
		stop(test, conn);
	}
}

/* One of an earlier request, which the host has taken back by now. */
static void a_late_one_first(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->first_offer = 1;
	h->late_offer = true;
	expect_one_with(test, FAKE_CHANNELS);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 0L);
}

static void goes_away_meanwhile(struct kunit *test)
{
	struct fake_host *h = test->priv;
	unsigned long begin = jiffies;
	struct netvsc_conn *conn;

	h->fault = (struct fake_fault) {
		.kind = FAKE_SILENT, .reply = FAKE_NVSP, .asked = 133,
	};
	conn = fake_conn_new(h);
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), -ENODEV);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, begin + 4 * HZ));
	fake_conn_end(h, conn);
}

/* It costs the spreading, not the channels. */
static void expect_not_spread(struct kunit *test, enum fake_fault_kind kind)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	h->fault = (struct fake_fault) {
		.kind = kind, .reply = FAKE_RNDIS, .asked = OID_RSS_PARAMS,
	};
	h->stays = true;
	conn = start(test);
	KUNIT_EXPECT_EQ(test, conn->num_chans, (unsigned int)FAKE_CHANNELS);
	stop(test, conn);
}

static void rss_refused(struct kunit *test)
{
	expect_not_spread(test, FAKE_REFUSE);
}

static void rss_not_answered(struct kunit *test)
{
	expect_not_spread(test, FAKE_SILENT);
}

static void rss_unknown(struct kunit *test)
{
	struct fake_host *h = test->priv;

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_RNDIS,
		.asked = OID_RSS_CAPS,
	};
	expect_one_with(test, 1);
	KUNIT_EXPECT_FALSE(test, was_asked(h, 'n', 133));
}

/* Too many, not a power of two, or none: @want is what is used. */
static void tables_of_any_size(struct kunit *test)
{
	static const struct {
		u16 says;
		u32 want;
	} sizes[] = {
		{ 0, 128 }, { 1, 1 }, { 100, 64 }, { 256, 256 },
		{ 257, 128 }, { 0xffff, 128 },
	};
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		fake_host_reset(h, 0x60001);
		h->rss_entries = sizes[i].says;
		h->nv->intent.channels = 1;
		conn = start(test);
		KUNIT_EXPECT_EQ(test, conn->caps.rss_entries, sizes[i].want);
		stop(test, conn);
	}
	fake_host_reset(h, 0x60001);
	h->nv->intent.channels = FAKE_CHANNELS;
	h->rss_entries = 256;
	expect_one_with(test, FAKE_CHANNELS);
}

/* UDP only of a host that offers it; and only if it is wanted. */
static void hash_types(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	h->rss_flags = BIT(11);
	conn = start(test);
	KUNIT_EXPECT_EQ(test, h->rss.types, HASH_TYPES | HASH_UDP4);
	stop(test, conn);

	fake_host_reset(h, 0x60001);
	h->rss_flags = BIT(11) | BIT(12);
	h->nv->intent.rss.types = 0x500;
	conn = start(test);
	KUNIT_EXPECT_EQ(test, h->rss.types, 0x500U);
	stop(test, conn);
}

/* The user's table is kept, as far as the channels go. */
static void table_of_the_user(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_rss *rss = &h->nv->intent.rss;
	struct netvsc_conn *conn;
	unsigned int i;

	rss->custom = 1;
	for (i = 0; i < FAKE_RSS_ENTRIES; i++)
		rss->table[i] = 3;
	conn = start(test);
	for (i = 0; i < FAKE_RSS_ENTRIES; i++)
		KUNIT_EXPECT_EQ(test, h->rss.table[i], 3U);
	stop(test, conn);

	fake_host_reset(h, 0x60001);
	h->nv->intent.channels = 2;
	conn = start(test);
	for (i = 0; i < FAKE_RSS_ENTRIES; i++)
		KUNIT_EXPECT_EQ(test, h->rss.table[i], 1U);
	stop(test, conn);
}

static void says_table(struct kunit *test, u32 count, u32 offset, u32 at,
		       u32 len)
{
	u8 msg[128] = {};
	u32 i;

	fake_put(msg, 0, 134);
	fake_put(msg, 4, count);
	fake_put(msg, 8, offset);
	for (i = 0; i < 16; i++)
		fake_put(msg, at + 4 * i, 15 - i);
	fake_host_says(test->priv, 0, false, msg, len);
}

static void expect_table(struct kunit *test, bool said)
{
	struct fake_host *h = test->priv;
	unsigned int i;

	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, h->nv->send_table[i], said ? 15 - i : i);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), said ? 0L : 1L);
}

static void send_table(struct kunit *test, u32 version, u32 count, u32 offset,
		       u32 at, u32 len, bool good)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	int i;

	fake_host_reset(h, version);
	for (i = 0; i < 16; i++)
		h->nv->send_table[i] = i;
	conn = start(test);
	says_table(test, count, offset, at, len);
	expect_table(test, good);
	stop(test, conn);
}

static void send_tables(struct kunit *test)
{
	send_table(test, 0x60001, 16, 12, 12, 76, true);
	send_table(test, 0x60001, 16, 40, 40, 104, true);
	send_table(test, 0x60000, 16, 12, 12, 76, true);
	/* Old hosts say one thing and mean another. */
	send_table(test, 0x60000, 16, 12, 40, 104, true);
	send_table(test, 0x50000, 16, 4, 40, 104, true);
}

/* New ones mean what they say: here, zeroes first. */
static void send_table_of_new_hosts(struct kunit *test)
{
	struct netvsc_conn *conn = start(test);
	struct fake_host *h = test->priv;

	says_table(test, 16, 12, 40, 104);
	KUNIT_EXPECT_EQ(test, h->nv->send_table[6], 0);
	KUNIT_EXPECT_EQ(test, h->nv->send_table[7], 15);
	KUNIT_EXPECT_EQ(test, h->nv->send_table[15], 7);
	stop(test, conn);
}

static void bad_send_tables(struct kunit *test)
{
	send_table(test, 0x60001, 16, 12, 12, 75, false);
	send_table(test, 0x60001, 16, 13, 12, 76, false);
	send_table(test, 0x60001, 16, 8, 12, 76, false);
	send_table(test, 0x60001, 15, 12, 12, 76, false);
	send_table(test, 0x60001, 17, 12, 12, 76, false);
	send_table(test, 0x60001, 16, 0xfffffffc, 12, 76, false);
	send_table(test, 0x60001, 16, 12, 12, 12, false);
	send_table(test, 0x60001, 16, 12, 12, 8, false);
}

/* One bad entry, and none of the others is taken. */
static void send_table_of_no_channel(struct kunit *test)
{
	struct netvsc_conn *conn = start(test);
	u8 msg[76] = {};

	fake_put(msg, 0, 134);
	fake_put(msg, 4, 16);
	fake_put(msg, 8, 12);
	fake_put(msg, 12 + 4 * 15, NETVSC_MAX_CHANNELS);
	fake_host_says(test->priv, 0, false, msg, sizeof(msg));
	expect_table(test, false);
	stop(test, conn);
}

static struct kunit_case subchan_cases[] = {
	KUNIT_CASE(as_many_as_there_are),
	KUNIT_CASE(as_many_as_are_wanted),
	KUNIT_CASE(one_needs_no_words),
	KUNIT_CASE(one_does_not_open),
	KUNIT_CASE(each_operation_fails),
	KUNIT_CASE(memory_is_short),
	KUNIT_CASE(rings_of_whole_pages),
	KUNIT_CASE(refused),
	KUNIT_CASE_SLOW(not_answered),
	KUNIT_CASE(fewer_than_asked),
	KUNIT_CASE(more_than_asked),
	KUNIT_CASE_SLOW(never_offered),
	KUNIT_CASE_SLOW(some_are_offered),
	KUNIT_CASE(odd_offers),
	KUNIT_CASE(a_late_one_first),
	KUNIT_CASE(goes_away_meanwhile),
	KUNIT_CASE(rss_refused),
	KUNIT_CASE_SLOW(rss_not_answered),
	KUNIT_CASE(rss_unknown),
	KUNIT_CASE(tables_of_any_size),
	KUNIT_CASE(hash_types),
	KUNIT_CASE(table_of_the_user),
	KUNIT_CASE(send_tables),
	KUNIT_CASE(send_table_of_new_hosts),
	KUNIT_CASE(bad_send_tables),
	KUNIT_CASE(send_table_of_no_channel),
	{}
};

static struct kunit_suite subchan_suite = {
	.name = "hv_netvsc_subchan",
	.init = subchan_init,
	.exit = subchan_exit,
	.test_cases = subchan_cases,
};

kunit_test_suite(subchan_suite);

MODULE_DESCRIPTION("KUnit: sub-channels and RSS");
MODULE_LICENSE("GPL");
