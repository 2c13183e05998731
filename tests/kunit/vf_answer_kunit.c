// SPDX-License-Identifier: GPL-2.0
/* Switches that cannot be asked for, and answers that are late, or never come. */
#include <kunit/test.h>

#include "vf_state_kunit.h"

static u32 unsent(struct netvsc_vf_state *s)
{
	return netvsc_vf_step(s, NETVSC_VF_UNSENT, s->seq);
}

/* There is no room to ask: soon there is, and nothing is missing then. */
static void what_could_not_be_sent_is_sent_soon(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	u32 i, seq = s.seq;

	KUNIT_EXPECT_EQ(test, unsent(&s), 0U);
	/* A host that answers it has made that up. */
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_STALE);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_UNSENT_MS);
	/* Nor is it given up for that, but asked less and less often. */
	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_EQ(test, later(&s, netvsc_vf_due_ms(&s)),
				NETVSC_VF_SEND);
		KUNIT_EXPECT_EQ(test, unsent(&s), 0U);
	}
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s),
			(u64)NETVSC_VF_UNSENT_MS << NETVSC_VF_UNSENTS);

	KUNIT_EXPECT_EQ(test, later(&s, netvsc_vf_due_ms(&s)), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.seq, seq);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_UNSENT, seq + 2), 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_ACK_MS);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_NEVER);
}

/* However often another one could not be sent meanwhile. */
static void a_late_answer_is_not_forgotten(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	u32 i, first = s.seq;

	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS), NETVSC_VF_SEND);
	for (i = 0; i < 40; i++) {
		unsent(&s);
		KUNIT_EXPECT_EQ(test, later(&s, netvsc_vf_due_ms(&s)),
				NETVSC_VF_SEND);
	}
	/* The host was at the first, and does nothing for this one. */
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK, first),
			NETVSC_VF_STALE | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
}

static void an_answer_counts_once(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_STALE);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_ACK, s.seq + 2),
			NETVSC_VF_STALE);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK,
					     s.seq - 64), NETVSC_VF_STALE);
	/* The number, but not the path. */
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK,
					     s.seq ^ 1), NETVSC_VF_STALE);
	KUNIT_EXPECT_TRUE(test, s.published);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_VF);
}

/* Of a switch that is under way, too, the whole seq has to be right. */
static void the_number_alone_is_no_answer(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);

	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_ACK, s.seq ^ 1),
			NETVSC_VF_STALE);
	KUNIT_EXPECT_TRUE(test, s.asking);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
}

/* The host may have done the first one: that it was there is no proof. */
static void an_overdue_switch_may_be_done(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	s.lacks = NETVSC_VF_DOWN;
	look(&s);
	ack(&s);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);
	s.lacks = 0;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
}

/* The host was at the first one, and did nothing for the second. */
static void a_late_answer_of_another_path_is_a_doubt(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	u32 first = s.seq;

	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);

	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK, first),
			NETVSC_VF_STALE | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);

	/* A host that repeats itself has nobody ask again. */
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK, first),
			NETVSC_VF_STALE);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);
}

/* Nobody knows whether the host has forgotten the first one. */
static void an_answer_is_doubted_for_a_while(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	u32 i, asked = 0;

	later(&s, NETVSC_VF_ACK_MS);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	for (i = 0; i < 20 && netvsc_vf_due_ms(&s) != NETVSC_VF_NEVER; i++) {
		KUNIT_EXPECT_EQ(test, later(&s, netvsc_vf_due_ms(&s)),
				NETVSC_VF_SEND);
		KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
		KUNIT_EXPECT_EQ(test, ack(&s), 0U);
		asked++;
	}
	KUNIT_EXPECT_EQ(test, asked, NETVSC_VF_DOUBTS);
	KUNIT_EXPECT_TRUE(test, s.published);

	/* That is over; another one that is missing is another doubt. */
	s.lacks = NETVSC_VF_DOWN;
	look(&s);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);
	s.lacks = 0;
	look(&s);
	later(&s, NETVSC_VF_ACK_MS);
	ack(&s);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_ACK_MS);
}

/* By its late answer, or with its connection. */
static void a_doubt_ends(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	u32 first = s.seq;

	later(&s, NETVSC_VF_ACK_MS);
	ack(&s);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK, first),
			NETVSC_VF_STALE);
	s.lacks = NETVSC_VF_DOWN;
	look(&s);
	ack(&s);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);

	s = asking(test);
	later(&s, NETVSC_VF_ACK_MS);
	ack(&s);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_ACK_MS);
	event(&s, NETVSC_VF_CONN_LOST);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);

	/* The next one begins without: its first doubt is a short one. */
	s.conn = true;
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_CONN_UP), NETVSC_VF_SEND);
	event(&s, NETVSC_VF_OFFERED);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS), NETVSC_VF_SEND);
	ack(&s);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_ACK_MS);
}

/* It comes due while nothing can be asked: once, not again and again. */
static void a_doubt_about_a_silent_host(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	int i;

	later(&s, NETVSC_VF_ACK_MS);
	ack(&s);
	s.lacks = NETVSC_VF_DOWN;
	look(&s);
	for (i = 0; i < NETVSC_VF_TRIES; i++)
		later(&s, NETVSC_VF_ACK_MS);
	KUNIT_EXPECT_TRUE(test, s.silent);
	look(&s);
	KUNIT_EXPECT_NE(test, netvsc_vf_due_ms(&s), 0ULL);
}

static void overdue_is_asked_again_then_given_up(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	int i;

	for (i = 1; i < NETVSC_VF_TRIES; i++) {
		KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS),
				NETVSC_VF_SEND);
		KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
	}
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS),
			NETVSC_VF_GAVE_UP_TO | NETVSC_VF_HOLD | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_EQ(test, s.tries, 1U);
	KUNIT_EXPECT_FALSE(test, s.published);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);

	/* It is tried anew when the hold-off has passed. */
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_HOLD_MIN_MS),
			NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
}

/* What was said last is that the path could not be moved from the VF. */
static void coming_back_after_giving_up_is_said(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	u32 actions = 0;
	int i;

	s.lacks = NETVSC_VF_DOWN;
	look(&s);
	for (i = 0; i < NETVSC_VF_TRIES; i++)
		actions = later(&s, NETVSC_VF_ACK_MS);
	KUNIT_EXPECT_EQ(test, actions, NETVSC_VF_GAVE_UP_FROM);
	KUNIT_EXPECT_TRUE(test, s.silent);

	s.lacks = 0;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	KUNIT_EXPECT_EQ(test, later(&s, s.hold_ms), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	/* What the VF did before that is not why it goes now. */
	event(&s, NETVSC_VF_REVOKED);
	ack(&s);
	KUNIT_EXPECT_EQ(test, s.flaps, 0U);
}

/* Who hears of it, when it is tried again, and what else ends the silence. */
static void a_host_that_falls_silent(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	u32 actions = 0;
	int i;

	/* It has no VF for us any more, but had the path. */
	event(&s, NETVSC_VF_REVOKED);
	for (i = 0; i < NETVSC_VF_TRIES; i++)
		actions = later(&s, NETVSC_VF_ACK_MS);
	KUNIT_EXPECT_EQ(test, actions, NETVSC_VF_GAVE_UP_FROM);

	/* It did know of paths. */
	s = connected(test);
	event(&s, NETVSC_VF_OFFERED);
	event(&s, NETVSC_VF_REVOKED);
	for (i = 0; i < NETVSC_VF_TRIES; i++)
		actions = later(&s, NETVSC_VF_ACK_MS);
	KUNIT_EXPECT_EQ(test, actions, 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_HOLD_MIN_MS);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_HOLD_MIN_MS), NETVSC_VF_SEND);

	/* What it knew on another connection does not count. */
	event(&s, NETVSC_VF_CONN_LOST);
	s.conn = true;
	event(&s, NETVSC_VF_CONN_UP);
	for (i = 0; i < NETVSC_VF_TRIES; i++)
		actions = later(&s, NETVSC_VF_ACK_MS);
	KUNIT_EXPECT_EQ(test, actions, 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);
	event(&s, NETVSC_VF_CONN_LOST);
	s.conn = true;
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_CONN_UP), NETVSC_VF_SEND);

	/* It speaks of paths again. */
	s = on_vf(test);
	s.lacks = NETVSC_VF_DOWN;
	look(&s);
	for (i = 0; i < NETVSC_VF_TRIES; i++)
		later(&s, NETVSC_VF_ACK_MS);
	s.lacks = 0;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_HOST_SWITCHED),
			NETVSC_VF_SEND);
}

/* A host without VFs need not know of paths, and nobody hears of that. */
static void a_host_that_knows_no_paths_is_left_in_peace(struct kunit *test)
{
	struct netvsc_vf_state s;
	int i;

	netvsc_vf_state_init(&s);
	s.conn = true;
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_CONN_UP), NETVSC_VF_SEND);
	for (i = 1; i < NETVSC_VF_TRIES; i++)
		KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS),
				NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS), 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);
}

static struct kunit_case vf_answer_cases[] = {
	KUNIT_CASE(what_could_not_be_sent_is_sent_soon),
	KUNIT_CASE(a_late_answer_is_not_forgotten),
	KUNIT_CASE(an_answer_counts_once),
	KUNIT_CASE(the_number_alone_is_no_answer),
	KUNIT_CASE(an_overdue_switch_may_be_done),
	KUNIT_CASE(a_late_answer_of_another_path_is_a_doubt),
	KUNIT_CASE(an_answer_is_doubted_for_a_while),
	KUNIT_CASE(a_doubt_ends),
	KUNIT_CASE(a_doubt_about_a_silent_host),
	KUNIT_CASE(overdue_is_asked_again_then_given_up),
	KUNIT_CASE(coming_back_after_giving_up_is_said),
	KUNIT_CASE(a_host_that_falls_silent),
	KUNIT_CASE(a_host_that_knows_no_paths_is_left_in_peace),
	{}
};

static struct kunit_suite vf_answer_suite = {
	.name = "hv_netvsc_vf_answer",
	.test_cases = vf_answer_cases,
};

kunit_test_suite(vf_answer_suite);

MODULE_DESCRIPTION("KUnit: answers to switches of the data path");
MODULE_LICENSE("GPL");
