// SPDX-License-Identifier: GPL-2.0
/* Who has which section of the send buffer: none twice, none lost. */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/slab.h>

#include "synth/conn.h"
#include "synth/queue.h"
#include "synth/send_buf.h"

#define SECTIONS	170	/* as of a real host */
#define CHANNELS	4

/**
 * struct sections - test->priv
 * @nv: for its counters
 * @conn: with the pool
 * @chan: two channels
 * @used: bit set: somebody has it
 */
struct sections {
	struct netvsc *nv;
	struct netvsc_conn *conn;
	struct netvsc_chan *chan[2];
	DECLARE_BITMAP(used, SECTIONS);
};

static int sections_init(struct kunit *test)
{
	struct sections *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	test->priv = s;
	s->nv = kunit_kzalloc(test, sizeof(*s->nv), GFP_KERNEL);
	s->conn = kunit_kzalloc(test, sizeof(*s->conn), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->nv);
	KUNIT_ASSERT_NOT_NULL(test, s->conn);
	s->conn->nv = s->nv;
	s->conn->send.sections = SECTIONS;
	s->conn->params.channels = CHANNELS;
	s->conn->caps.channels = NETVSC_MAX_CHANNELS;
	s->nv->num_queues = NETVSC_MAX_CHANNELS;
	spin_lock_init(&s->conn->sections.lock);
	KUNIT_ASSERT_EQ(test, netvsc_sections_init(s->conn), 0);
	for (i = 0; i < 2; i++) {
		s->chan[i] = kvzalloc(sizeof(*s->chan[i]), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, s->chan[i]);
		s->chan[i]->conn = s->conn;
		netvsc_sections_share(s->chan[i]);
	}
	return 0;
}

static void sections_exit(struct kunit *test)
{
	struct sections *s = test->priv;

	netvsc_sections_free(s->conn);
	kvfree(s->chan[0]);
	kvfree(s->chan[1]);
}

static u16 get(struct kunit *test, int chan)
{
	struct sections *s = test->priv;
	u16 section = netvsc_section_get(s->chan[chan]);

	if (section == NETVSC_SECTION_NONE)
		return section;
	KUNIT_ASSERT_LT(test, section, SECTIONS);
	KUNIT_EXPECT_FALSE(test, test_and_set_bit(section, s->used));
	return section;
}

static void put(struct kunit *test, int chan, u16 section)
{
	struct sections *s = test->priv;

	KUNIT_EXPECT_TRUE(test, test_and_clear_bit(section, s->used));
	netvsc_section_put(s->chan[chan], section);
}

static void first_are_the_lowest(struct kunit *test)
{
	int i;

	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ(test, get(test, 0), i);
}

/* Again and again the same: the pool is not asked. */
static void own_section_comes_back(struct kunit *test)
{
	struct sections *s = test->priv;
	u16 section = get(test, 0);
	int i;

	for (i = 0; i < 3 * NETVSC_SECTIONS_KEPT; i++) {
		put(test, 0, section);
		KUNIT_EXPECT_EQ(test, s->conn->sections.num, SECTIONS - 1U);
		KUNIT_EXPECT_EQ(test, get(test, 0), section);
	}
}

static void last_one(struct kunit *test)
{
	struct sections *s = test->priv;
	int i;

	for (i = 0; i < SECTIONS; i++)
		KUNIT_EXPECT_NE(test, get(test, i % 2), NETVSC_SECTION_NONE);
	KUNIT_EXPECT_EQ(test, get(test, 0), NETVSC_SECTION_NONE);
	KUNIT_EXPECT_EQ(test, get(test, 1), NETVSC_SECTION_NONE);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&s->nv->counters.tx_send_full),
			2L);
	for (i = 0; i < SECTIONS; i++)
		put(test, 1, i);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(s->used, SECTIONS));
}

/* After a burst the others can have what one channel does not need any more. */
static void one_keeps_its_share(struct kunit *test)
{
	struct sections *s = test->priv;
	const u32 share = SECTIONS / 2 / CHANNELS;
	int i;

	for (i = 0; i < SECTIONS; i++)
		get(test, 0);
	for (i = 0; i < SECTIONS; i++)
		put(test, 0, i);
	KUNIT_EXPECT_EQ(test, s->conn->sections.num, SECTIONS - share);
	for (i = 0; i < SECTIONS - share; i++)
		KUNIT_EXPECT_NE(test, get(test, 1), NETVSC_SECTION_NONE);
	KUNIT_EXPECT_EQ(test, get(test, 1), NETVSC_SECTION_NONE);
	for (i = 0; i < share; i++)
		KUNIT_EXPECT_NE(test, get(test, 0), NETVSC_SECTION_NONE);
}

/* Few sections and many channels, and the other way round; whoever has the least. */
static void shares(struct kunit *test)
{
	static const struct {
		u32 sections;
		u32 wanted;
		u32 hosts;
		u32 queues;
		u32 share;
	} rows[] = {
		{ 1, 1, 64, 64, 0 }, { 2, 64, 64, 64, 0 },
		{ 170, 64, 64, 64, 1 }, { 170, 8, 64, 64, 10 },
		{ 170, 1, 64, 64, 32 }, { 2560, 8, 64, 64, 32 },
		{ 32768, 64, 64, 64, 32 },
		{ 170, 16, 8, 64, 10 }, { 170, 16, 64, 4, 21 },
		{ 170, 16, 1, 64, 32 },
	};
	struct sections *s = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		s->conn->send.sections = rows[i].sections;
		s->conn->params.channels = rows[i].wanted;
		s->conn->caps.channels = rows[i].hosts;
		s->nv->num_queues = rows[i].queues;
		netvsc_sections_share(s->chan[0]);
		KUNIT_EXPECT_EQ(test, s->chan[0]->sections.keep,
				rows[i].share);
	}
}

/* Over the end of what the counters can count, and of the ring. */
static void counters_wrap(struct kunit *test)
{
	struct sections *s = test->priv;
	u16 held[NETVSC_SECTIONS_KEPT];
	int i, round;

	s->chan[0]->sections.taken = U32_MAX - 40;
	s->chan[0]->sections.given = U32_MAX - 40;
	for (round = 0; round < 10; round++) {
		for (i = 0; i < 20; i++)
			held[i] = get(test, 0);
		for (i = 0; i < 20; i++)
			put(test, 0, held[i]);
	}
	KUNIT_EXPECT_EQ(test, s->conn->sections.num, SECTIONS - 20U);
}

static struct kunit_case sections_cases[] = {
	KUNIT_CASE(first_are_the_lowest),
	KUNIT_CASE(own_section_comes_back),
	KUNIT_CASE(last_one),
	KUNIT_CASE(one_keeps_its_share),
	KUNIT_CASE(shares),
	KUNIT_CASE(counters_wrap),
	{}
};

static struct kunit_suite sections_suite = {
	.name = "hv_netvsc_send_buf",
	.init = sections_init,
	.exit = sections_exit,
	.test_cases = sections_cases,
};

kunit_test_suite(sections_suite);

MODULE_DESCRIPTION("KUnit: sections of the send buffer");
MODULE_LICENSE("GPL");
