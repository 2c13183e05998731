// SPDX-License-Identifier: GPL-2.0
/* What eth<n> shows of the link: a blink for whatever is faster than one. */
#include <kunit/test.h>
#include <linux/jiffies.h>

#include "deadlines.h"
#include "synth/conn.h"

/* Jiffies begin close to a wrap: so do these. */
#define START	((unsigned long)-HZ)

static bool shows(struct netvsc_link *link, unsigned long now)
{
	unsigned long wait;

	return netvsc_link_shows(link, now, &wait);
}

static struct netvsc_link shown_up(struct kunit *test)
{
	struct netvsc_link link = { .up = true };

	KUNIT_EXPECT_TRUE(test, shows(&link, START));
	return link;
}

static void up_is_shown_at_once(struct kunit *test)
{
	struct netvsc_link link = {};

	KUNIT_EXPECT_FALSE(test, shows(&link, START));
	KUNIT_EXPECT_TRUE(test, netvsc_link_event(&link, NETVSC_LINK_UP,
						  START));
	KUNIT_EXPECT_TRUE(test, shows(&link, START));
}

static void long_down_then_up_at_once(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);
	unsigned long later = START + 10 * HZ;

	KUNIT_EXPECT_TRUE(test, netvsc_link_event(&link, NETVSC_LINK_DOWN,
						  START));
	KUNIT_EXPECT_FALSE(test, shows(&link, START));
	KUNIT_EXPECT_TRUE(test, netvsc_link_event(&link, NETVSC_LINK_UP,
						  later));
	KUNIT_EXPECT_TRUE(test, shows(&link, later));
}

/* Nobody looked in between, and whoever looks comes late. */
static void pair_is_a_blink(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);
	unsigned long late = START + 60 * HZ;
	unsigned long wait;

	netvsc_link_event(&link, NETVSC_LINK_DOWN, START);
	netvsc_link_event(&link, NETVSC_LINK_UP, START);
	KUNIT_EXPECT_FALSE(test, netvsc_link_shows(&link, late, &wait));
	KUNIT_EXPECT_EQ(test, wait, (unsigned long)NETVSC_LINK_BLINK);
	KUNIT_EXPECT_FALSE(test, shows(&link, late + NETVSC_LINK_BLINK - 1));
	KUNIT_EXPECT_TRUE(test, netvsc_link_shows(&link, late +
						  NETVSC_LINK_BLINK, &wait));
	KUNIT_EXPECT_EQ(test, wait, 0UL);
}

static void change_is_a_blink(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);

	KUNIT_EXPECT_TRUE(test, netvsc_link_event(&link, NETVSC_LINK_CHANGED,
						  START));
	KUNIT_EXPECT_FALSE(test, shows(&link, START));
	KUNIT_EXPECT_TRUE(test, shows(&link, START + NETVSC_LINK_BLINK));
}

/* One blink, over NETVSC_LINK_BLINK after the last of them; no work for all. */
static void storm_is_one_blink(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);
	unsigned long now = START;
	unsigned int i;

	for (i = 0; i < 100; i++, now += HZ / 10) {
		bool news = netvsc_link_event(&link, NETVSC_LINK_DOWN, now);

		KUNIT_EXPECT_EQ(test, news, !i);
		if (i % 2 == 0)
			KUNIT_EXPECT_FALSE(test, shows(&link, now));
		netvsc_link_event(&link, NETVSC_LINK_UP, now);
		if (i % 2 == 0)
			KUNIT_EXPECT_FALSE(test, shows(&link, now));
	}
	/* From the last event on, not from when somebody looked. */
	now -= HZ / 10;
	KUNIT_EXPECT_FALSE(test, shows(&link, now + HZ));
	KUNIT_EXPECT_FALSE(test, shows(&link, now + NETVSC_LINK_BLINK - 1));
	KUNIT_EXPECT_TRUE(test, shows(&link, now + NETVSC_LINK_BLINK));
}

/* Also if it is a slow one. */
static void slow_storm_is_one_blink(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);
	unsigned long now = START;
	unsigned int i;

	for (i = 0; i < 20; i++, now += 6 * HZ / 5) {
		netvsc_link_event(&link, i % 2 ? NETVSC_LINK_UP :
						 NETVSC_LINK_DOWN, now);
		KUNIT_EXPECT_FALSE(test, shows(&link, now));
		KUNIT_EXPECT_FALSE(test, shows(&link, now + HZ));
	}
	now -= 6 * HZ / 5;
	KUNIT_EXPECT_TRUE(test, shows(&link, now + NETVSC_LINK_BLINK));
}

/* Nor is it longer because the host says everything twice. */
static void up_again_and_again(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);
	unsigned int i;

	netvsc_link_event(&link, NETVSC_LINK_DOWN, START);
	KUNIT_EXPECT_FALSE(test, shows(&link, START));
	for (i = 0; i < 20; i++)
		netvsc_link_event(&link, NETVSC_LINK_UP, START + i * HZ / 10);
	KUNIT_EXPECT_TRUE(test, shows(&link, START + NETVSC_LINK_BLINK));
}

static void down_in_the_end(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);
	unsigned long wait;

	netvsc_link_event(&link, NETVSC_LINK_CHANGED, START);
	netvsc_link_event(&link, NETVSC_LINK_DOWN, START);
	KUNIT_EXPECT_FALSE(test, netvsc_link_shows(&link, START, &wait));
	KUNIT_EXPECT_EQ(test, wait, 0UL);
	KUNIT_EXPECT_FALSE(test, shows(&link, START + 60 * HZ));
}

/* The machine may be elsewhere: the neighbours are to hear of it, but not often. */
static void up_where_it_is_up(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);
	unsigned long later = START + NETVSC_LINK_BLINK;

	KUNIT_EXPECT_TRUE(test, netvsc_link_event(&link, NETVSC_LINK_UP,
						  START));
	KUNIT_EXPECT_TRUE(test, link.tell);
	KUNIT_EXPECT_TRUE(test, shows(&link, START));
	link.tell = false;
	KUNIT_EXPECT_FALSE(test, netvsc_link_event(&link, NETVSC_LINK_UP,
						   later - 1));
	KUNIT_EXPECT_FALSE(test, link.tell);
	KUNIT_EXPECT_TRUE(test, netvsc_link_event(&link, NETVSC_LINK_UP,
						  later));
	KUNIT_EXPECT_TRUE(test, link.tell);
}

static void changed_while_it_is_down(struct kunit *test)
{
	struct netvsc_link link = shown_up(test);

	netvsc_link_event(&link, NETVSC_LINK_DOWN, START);
	KUNIT_EXPECT_FALSE(test, shows(&link, START));
	KUNIT_EXPECT_FALSE(test, netvsc_link_event(&link, NETVSC_LINK_CHANGED,
						   START));
	KUNIT_EXPECT_FALSE(test, shows(&link, START + 60 * HZ));
}

static struct kunit_case link_cases[] = {
	KUNIT_CASE(up_is_shown_at_once),
	KUNIT_CASE(long_down_then_up_at_once),
	KUNIT_CASE(pair_is_a_blink),
	KUNIT_CASE(change_is_a_blink),
	KUNIT_CASE(storm_is_one_blink),
	KUNIT_CASE(slow_storm_is_one_blink),
	KUNIT_CASE(up_again_and_again),
	KUNIT_CASE(up_where_it_is_up),
	KUNIT_CASE(changed_while_it_is_down),
	KUNIT_CASE(down_in_the_end),
	{}
};

static struct kunit_suite link_suite = {
	.name = "hv_netvsc_link",
	.test_cases = link_cases,
};

kunit_test_suite(link_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit: the link");
