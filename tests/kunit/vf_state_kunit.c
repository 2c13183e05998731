// SPDX-License-Identifier: GPL-2.0
/* When the data path is on the VF: the state machine, transition by transition. */
#include <kunit/test.h>

#include "vf/state.h"

static u32 look(struct netvsc_vf_state *s)
{
	return netvsc_vf_step(s, NETVSC_VF_LOOK, 0);
}

static u32 event(struct netvsc_vf_state *s, enum netvsc_vf_event event)
{
	return netvsc_vf_step(s, event, 0);
}

static u32 ack(struct netvsc_vf_state *s)
{
	return netvsc_vf_step(s, NETVSC_VF_ACK, s->seq);
}

static u32 later(struct netvsc_vf_state *s, u32 ms)
{
	s->now_ms += ms;
	return look(s);
}

/* A host, no VF; the host knows that eth<n> is on the synthetic side. */
static struct netvsc_vf_state connected(struct kunit *test)
{
	struct netvsc_vf_state s;

	netvsc_vf_state_init(&s);
	s.conn = true;
	KUNIT_ASSERT_EQ(test, event(&s, NETVSC_VF_CONN_UP), NETVSC_VF_SEND);
	KUNIT_ASSERT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_ASSERT_EQ(test, ack(&s), 0U);
	KUNIT_ASSERT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);
	return s;
}

/* A VF is announced, has joined, and the host is asked for the path. */
static struct netvsc_vf_state asking(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);

	s.lacks = 0;
	KUNIT_ASSERT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);
	KUNIT_ASSERT_EQ(test, s.asked, NETVSC_PATH_VF);
	return s;
}

static struct netvsc_vf_state on_vf(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);

	KUNIT_ASSERT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	return s;
}

static void switches_once_acked(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);

	KUNIT_EXPECT_FALSE(test, s.published);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_VF);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
}

/* No input may be missing; each one alone takes the traffic off at once. */
static void every_input_counts(struct kunit *test)
{
	u32 bit;

	for (bit = NETVSC_VF_NOT_JOINED; bit <= NETVSC_VF_OWN_DOWN; bit <<= 1) {
		struct netvsc_vf_state s = connected(test);

		s.lacks = bit;
		event(&s, NETVSC_VF_OFFERED);
		KUNIT_EXPECT_EQ_MSG(test, s.asked, NETVSC_PATH_SYNTHETIC,
				    "lacks %x", bit);

		s = on_vf(test);
		s.lacks = bit;
		KUNIT_EXPECT_EQ_MSG(test, look(&s),
				    NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND,
				    "lacks %x", bit);
		KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
		KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
	}
}

static void a_revoke_takes_the_traffic_off(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_REVOKED),
			NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
}

/* A host answers a second one at once, and does nothing for it. */
static void one_switch_at_a_time(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);

	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	s.lacks = 0;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);

	/* Never said to be on the VF, so not said to have left it either. */
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_FALSE(test, s.published);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);
}

/* What is asked in the end is what is wanted then. */
static void a_change_of_mind_waits_for_the_deadline(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);

	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS - 1), 0U);
	KUNIT_EXPECT_EQ(test, later(&s, 1), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_EQ(test, s.tries, 1U);
}

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

/* It does not hear wishes before it has announced its VF. */
static void the_path_is_asked_again_after_the_association(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);

	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), 0U);

	/* That there is none is such an announcement, too. */
	s = connected(test);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_REVOKED), 0U);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), 0U);

	/* The same with the first wish still on its way. */
	netvsc_vf_state_init(&s);
	s.conn = true;
	event(&s, NETVSC_VF_CONN_UP);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), 0U);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);
}

static void an_association_has_to_be_repeated(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	event(&s, NETVSC_VF_CONN_LOST);
	s.conn = true;
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_CONN_UP), NETVSC_VF_SEND);
	ack(&s);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_CONFIRM_MS - 1), 0U);
	KUNIT_EXPECT_EQ(test, later(&s, 1), NETVSC_VF_FORGOTTEN |
			NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
}

static void host_takes_the_path_back(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_HOST_SWITCHED),
			NETVSC_VF_UNPUBLISH | NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_why_not(&s), NETVSC_VF_REFUSED);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);
	ack(&s);

	event(&s, NETVSC_VF_HOST_SWITCHED);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_RENEWED), NETVSC_VF_SEND);
	ack(&s);

	event(&s, NETVSC_VF_HOST_SWITCHED);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_HOLD_MAX_MS - 1), 0U);
	KUNIT_EXPECT_EQ(test, later(&s, 1), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
}

/* What the host has not taken is not refused. */
static void what_is_taken_back_was_ours(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);

	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_HOST_SWITCHED), 0U);
	KUNIT_EXPECT_FALSE(test, s.refused);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);

	/* The path is still there, though no frame is any more. */
	s = on_vf(test);
	s.lacks = NETVSC_VF_DOWN;
	look(&s);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_HOST_SWITCHED),
			NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_TRUE(test, s.refused);
	/* By the wish of the host. */
	KUNIT_EXPECT_EQ(test, s.flaps, 0U);
}

/* It says that it has failed after it has answered. */
static void a_switch_that_fails(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_TRUE(test, event(&s, NETVSC_VF_HOST_SWITCHED) &
			  NETVSC_VF_UNPUBLISH);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_FALSE(test, s.published);
}

/* A reconnect of the synthetic side does not stop the VF. */
static void vf_survives_a_reconnect(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_CONN_LOST), 0U);
	KUNIT_EXPECT_TRUE(test, s.published);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);

	s.conn = true;
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_CONN_UP), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), 0U);
	/* Asked before the association: once more. */
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_TRUE(test, s.published);
}

static void vf_lost_during_a_reconnect(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	event(&s, NETVSC_VF_CONN_LOST);
	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_UNPUBLISH);
	s.conn = true;
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_CONN_UP), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
}

static void answers_do_not_outlive_their_connection(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);
	u32 before = s.seq;

	event(&s, NETVSC_VF_CONN_LOST);
	s.conn = true;
	event(&s, NETVSC_VF_CONN_UP);
	event(&s, NETVSC_VF_OFFERED);
	ack(&s);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK, before),
			NETVSC_VF_STALE);
}

/* The transmit path has asked: the machine does not ask besides. */
static void a_sender_was_faster(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	u32 seq = netvsc_vf_seq_next(s.seq, NETVSC_PATH_SYNTHETIC);

	s.lacks = NETVSC_VF_DETACHED;
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_ASKED, seq),
			NETVSC_VF_UNPUBLISH);
	KUNIT_EXPECT_EQ(test, s.seq, seq);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_TRUE(test, netvsc_vf_is_watched(&s));
	s.lacks = 0;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
}

/* The VF is back before anybody has heard: the path is not. */
static void a_sender_was_faster_and_the_vf(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_ASKED,
					     netvsc_vf_seq_next(s.seq, NETVSC_PATH_SYNTHETIC)),
			NETVSC_VF_UNPUBLISH);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.flaps, 1U);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_TO | NETVSC_VF_PUBLISH);
}

/* Bond work's own one of that number has not left. */
static void a_sender_has_taken_the_number(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	u32 seq = netvsc_vf_seq_next(s.seq, NETVSC_PATH_SYNTHETIC);
	u32 first;

	s.lacks = NETVSC_VF_DETACHED;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.seq, seq);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_ASKED, seq), 0U);
	KUNIT_EXPECT_EQ(test, s.tries, 1U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_ACK, seq),
			NETVSC_VF_LOG_FROM);
	/* Both were one: no answer is missing. */
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);

	/* Another number: what was asked before stays asked. */
	s = asking(test);
	first = s.seq;
	later(&s, NETVSC_VF_ACK_MS);
	ack(&s);
	s.lacks = NETVSC_VF_DETACHED;
	netvsc_vf_step(&s, NETVSC_VF_ASKED,
		       netvsc_vf_seq_next(s.seq, NETVSC_PATH_SYNTHETIC));
	KUNIT_EXPECT_EQ(test, s.tries, 1U);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_LATE_ACK, first),
			NETVSC_VF_STALE | NETVSC_VF_SEND);
}

/* One trip to the VF and back; returns what the way back brought. */
static u32 flap(struct netvsc_vf_state *s, u32 lack)
{
	s->lacks = 0;
	event(s, NETVSC_VF_RENEWED);
	ack(s);
	s->lacks = lack;
	look(s);
	return ack(s);
}

/* Whatever it is that comes and goes, the device itself included. */
static void flapping_is_damped(struct kunit *test)
{
	static const u32 lacks[] = {
		NETVSC_VF_NO_CARRIER, NETVSC_VF_DOWN, NETVSC_VF_DETACHED,
		NETVSC_VF_NOT_JOINED | NETVSC_VF_DOWN,
	};
	int i, k;

	for (k = 0; k < ARRAY_SIZE(lacks); k++) {
		struct netvsc_vf_state s = on_vf(test);

		/* The first window does not begin with the clock. */
		s.now_ms += 10 * NETVSC_VF_WINDOW_MS;
		s.lacks = lacks[k];
		look(&s);
		KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
		for (i = 1; i < NETVSC_VF_FLAPS; i++)
			KUNIT_EXPECT_EQ(test, flap(&s, lacks[k]),
					NETVSC_VF_LOG_FROM);
		KUNIT_EXPECT_EQ(test, flap(&s, lacks[k]),
				NETVSC_VF_LOG_FROM | NETVSC_VF_HOLD);
		KUNIT_EXPECT_EQ(test, s.hold_ms, NETVSC_VF_HOLD_MIN_MS);

		s.lacks = 0;
		KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_RENEWED), 0U);
		KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_HOLD_MIN_MS),
				NETVSC_VF_SEND);
		ack(&s);
		s.lacks = lacks[k];
		look(&s);
		KUNIT_EXPECT_TRUE(test, ack(&s) & NETVSC_VF_HOLD);
		KUNIT_EXPECT_EQ(test, s.hold_ms, 2 * NETVSC_VF_HOLD_MIN_MS);
	}
}

/* What the user does to eth<n> is no flapping. */
static void the_user_is_not_damped(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	int i;

	/* Not even after what was one. */
	flap(&s, NETVSC_VF_DOWN);
	for (i = 0; i < 3 * NETVSC_VF_FLAPS; i++)
		KUNIT_EXPECT_FALSE(test, flap(&s, NETVSC_VF_OWN_DOWN |
					      NETVSC_VF_DOWN) & NETVSC_VF_HOLD);
}

static void hold_off_has_a_limit_and_an_end(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	int i;

	s.now_ms = 1;
	for (i = 0; i < 20; i++) {
		flap(&s, NETVSC_VF_DOWN);
		/* Over at once. */
		s.hold_end_ms = min(s.hold_end_ms, s.now_ms);
		look(&s);
	}
	KUNIT_EXPECT_EQ(test, s.hold_ms, NETVSC_VF_HOLD_MAX_MS);

	/* A calm minute, and another one, and all is forgotten. */
	s.now_ms += NETVSC_VF_WINDOW_MS;
	flap(&s, NETVSC_VF_DOWN);
	s.now_ms += NETVSC_VF_WINDOW_MS;
	KUNIT_EXPECT_EQ(test, flap(&s, NETVSC_VF_DOWN), NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, s.hold_ms, 0U);
}

/* The hold-off is forgotten after a window without one, not before. */
static void hold_off_grows_from_window_to_window(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	int i;

	s.now_ms = NETVSC_VF_WINDOW_MS;
	for (i = 0; i <= NETVSC_VF_FLAPS; i++)
		flap(&s, NETVSC_VF_DOWN);
	KUNIT_EXPECT_EQ(test, s.hold_ms, NETVSC_VF_HOLD_MIN_MS);

	later(&s, NETVSC_VF_WINDOW_MS);
	for (i = 0; i <= NETVSC_VF_FLAPS; i++)
		flap(&s, NETVSC_VF_DOWN);
	KUNIT_EXPECT_EQ(test, s.hold_ms, 2 * NETVSC_VF_HOLD_MIN_MS);

	/* As many as are not damped, and the next one is in a new window. */
	later(&s, NETVSC_VF_WINDOW_MS);
	for (i = 0; i < NETVSC_VF_FLAPS; i++)
		flap(&s, NETVSC_VF_DOWN);
	later(&s, NETVSC_VF_WINDOW_MS);
	flap(&s, NETVSC_VF_DOWN);
	KUNIT_EXPECT_EQ(test, s.hold_ms, 0U);
}

static void a_vf_is_missed_once(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);
	int i;

	for (i = 0; i < 2; i++) {
		s.lacks = NETVSC_VF_NOT_JOINED;
		event(&s, NETVSC_VF_OFFERED);
		ack(&s);
		KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_MISSING_MS - 1), 0U);
		KUNIT_EXPECT_EQ(test, later(&s, 1), NETVSC_VF_IS_MISSING);
		KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_MISSING_MS), 0U);
		/* It comes, stays for long, and goes again. */
		s.lacks = NETVSC_VF_DOWN;
		look(&s);
		s.now_ms += 2 * NETVSC_VF_MISSING_MS;
		s.lacks = NETVSC_VF_NOT_JOINED;
		KUNIT_EXPECT_EQ(test, look(&s), 0U);
	}
}

/* Too late is a VF that nobody looks after, too early is work that spins. */
static void says_when_to_look_again(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);

	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);
	KUNIT_EXPECT_FALSE(test, netvsc_vf_is_watched(&s));
	event(&s, NETVSC_VF_OFFERED);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_ACK_MS);
	ack(&s);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), (u64)NETVSC_VF_MISSING_MS);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_MISSING_MS),
			NETVSC_VF_IS_MISSING);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);

	/* A doubt waits for the switch that is under way. */
	s = asking(test);
	later(&s, NETVSC_VF_ACK_MS);
	ack(&s);
	later(&s, 1);
	s.lacks = NETVSC_VF_DOWN;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, later(&s, NETVSC_VF_ACK_MS - 1), 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), 1ULL);

	/* Nobody can repeat an association without a connection. */
	s = on_vf(test);
	KUNIT_EXPECT_TRUE(test, netvsc_vf_is_watched(&s));
	event(&s, NETVSC_VF_CONN_LOST);
	s.conn = true;
	event(&s, NETVSC_VF_CONN_UP);
	event(&s, NETVSC_VF_CONN_LOST);
	KUNIT_EXPECT_EQ(test, later(&s, 2 * NETVSC_VF_CONFIRM_MS), 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_due_ms(&s), NETVSC_VF_NEVER);
}

static struct kunit_case vf_state_cases[] = {
	KUNIT_CASE(switches_once_acked),
	KUNIT_CASE(every_input_counts),
	KUNIT_CASE(a_revoke_takes_the_traffic_off),
	KUNIT_CASE(one_switch_at_a_time),
	KUNIT_CASE(a_change_of_mind_waits_for_the_deadline),
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
	KUNIT_CASE(the_path_is_asked_again_after_the_association),
	KUNIT_CASE(an_association_has_to_be_repeated),
	KUNIT_CASE(host_takes_the_path_back),
	KUNIT_CASE(what_is_taken_back_was_ours),
	KUNIT_CASE(a_switch_that_fails),
	KUNIT_CASE(vf_survives_a_reconnect),
	KUNIT_CASE(vf_lost_during_a_reconnect),
	KUNIT_CASE(answers_do_not_outlive_their_connection),
	KUNIT_CASE(a_sender_was_faster),
	KUNIT_CASE(a_sender_was_faster_and_the_vf),
	KUNIT_CASE(a_sender_has_taken_the_number),
	KUNIT_CASE(flapping_is_damped),
	KUNIT_CASE(the_user_is_not_damped),
	KUNIT_CASE(hold_off_has_a_limit_and_an_end),
	KUNIT_CASE(hold_off_grows_from_window_to_window),
	KUNIT_CASE(a_vf_is_missed_once),
	KUNIT_CASE(says_when_to_look_again),
	{}
};

static struct kunit_suite vf_state_suite = {
	.name = "hv_netvsc_vf_state",
	.test_cases = vf_state_cases,
};

kunit_test_suite(vf_state_suite);

MODULE_DESCRIPTION("KUnit: when the data path is on the VF");
MODULE_LICENSE("GPL");
