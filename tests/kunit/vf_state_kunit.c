// SPDX-License-Identifier: GPL-2.0
/* When the data path is on the VF: the state machine, transition by transition. */
#include <kunit/test.h>

#include "vf_state_kunit.h"

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

/* It does not hear wishes before it has announced its VF. */
static void the_path_is_asked_again_after_the_association(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);

	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), 0U);

	/* That there is none may have been said on the connection before. */
	s = connected(test);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_REVOKED), 0U);
	KUNIT_EXPECT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);

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

/* On a new connection: the answer comes when the time to repeat it is over. */
static u32 answered_too_late(struct kunit *test, struct netvsc_vf_state *s)
{
	event(s, NETVSC_VF_CONN_LOST);
	s->lacks = 0;
	s->conn = true;
	event(s, NETVSC_VF_CONN_UP);
	KUNIT_ASSERT_EQ(test, s->asked, NETVSC_PATH_VF);
	s->now_ms += NETVSC_VF_CONFIRM_MS;
	return ack(s);
}

/* No frame goes there. */
static void an_association_ends_with_the_answer(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	s.lacks = NETVSC_VF_OWN_DOWN;
	look(&s);
	KUNIT_EXPECT_EQ(test, answered_too_late(test, &s),
			NETVSC_VF_SEND | NETVSC_VF_FORGOTTEN);
	KUNIT_EXPECT_FALSE(test, s.published);
}

/* Nor does anybody hear of a path that was never used. */
static void a_vf_that_is_over_with_its_answer(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);

	event(&s, NETVSC_VF_OFFERED);
	ack(&s);
	KUNIT_EXPECT_EQ(test, answered_too_late(test, &s),
			NETVSC_VF_SEND | NETVSC_VF_FORGOTTEN);
	KUNIT_EXPECT_FALSE(test, s.on_vf);
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
	KUNIT_CASE(the_path_is_asked_again_after_the_association),
	KUNIT_CASE(an_association_has_to_be_repeated),
	KUNIT_CASE(an_association_ends_with_the_answer),
	KUNIT_CASE(a_vf_that_is_over_with_its_answer),
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
