// SPDX-License-Identifier: GPL-2.0
/* When the data path is on the VF: the state machine, transition by transition. */
#include <kunit/test.h>

#include "vf/state.h"

#define ALL_ACTIONS	(NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND |		\
			 NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO |		\
			 NETVSC_VF_LOG_FROM | NETVSC_VF_GAVE_UP_TO |	\
			 NETVSC_VF_GAVE_UP_FROM |			\
			 NETVSC_VF_HOLD | NETVSC_VF_STALE)

static u32 look(struct netvsc_vf_state *s)
{
	return netvsc_vf_step(s, NETVSC_VF_LOOK, 0);
}

static u32 ack(struct netvsc_vf_state *s)
{
	return netvsc_vf_step(s, NETVSC_VF_ACK, s->seq);
}

/* Everything that a switch to the VF needs, and nothing asked yet. */
static struct netvsc_vf_state ready(void)
{
	struct netvsc_vf_state s;

	netvsc_vf_state_init(&s);
	s.allocated = true;
	s.joined = true;
	s.vf_up = true;
	s.carrier = true;
	s.own_up = true;
	s.conn = true;
	return s;
}

static struct netvsc_vf_state on_vf(struct kunit *test)
{
	struct netvsc_vf_state s = ready();

	KUNIT_ASSERT_EQ(test, look(&s), NETVSC_VF_SEND);
	KUNIT_ASSERT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	return s;
}

static void switches_once_acked(struct kunit *test)
{
	struct netvsc_vf_state s = ready();

	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
	KUNIT_EXPECT_FALSE(test, s.published);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	KUNIT_EXPECT_EQ(test, s.path, NETVSC_PATH_VF);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
}

/* No input may be missing; each one alone takes the traffic off at once. */
static void every_input_counts(struct kunit *test)
{
	static const size_t inputs[] = {
		offsetof(struct netvsc_vf_state, allocated),
		offsetof(struct netvsc_vf_state, joined),
		offsetof(struct netvsc_vf_state, vf_up),
		offsetof(struct netvsc_vf_state, carrier),
		offsetof(struct netvsc_vf_state, own_up),
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(inputs); i++) {
		struct netvsc_vf_state s = ready();

		*((bool *)((char *)&s + inputs[i])) = false;
		KUNIT_EXPECT_EQ_MSG(test, look(&s), 0U, "input %d", i);

		s = on_vf(test);
		*((bool *)((char *)&s + inputs[i])) = false;
		KUNIT_EXPECT_EQ_MSG(test, look(&s),
				    NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND,
				    "input %d", i);
		KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
		KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
	}
}

static void nothing_without_a_host(struct kunit *test)
{
	struct netvsc_vf_state s = ready();

	s.conn = false;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	s.conn = true;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
}

static void ack_of_an_earlier_switch_is_stale(struct kunit *test)
{
	struct netvsc_vf_state s = ready();
	u32 first;

	look(&s);
	first = s.seq;
	s.vf_up = false;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);

	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_ACK, first),
			NETVSC_VF_STALE);
	KUNIT_EXPECT_FALSE(test, s.published);
	/* Never said to be on the VF, so not said to have left it either. */
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_STALE);
}

static void overdue_is_asked_again_then_given_up(struct kunit *test)
{
	struct netvsc_vf_state s = ready();
	u32 actions;
	int i;

	look(&s);
	for (i = 1; i < NETVSC_VF_TRIES; i++) {
		actions = netvsc_vf_step(&s, NETVSC_VF_OVERDUE, s.seq);
		KUNIT_EXPECT_EQ(test, actions, NETVSC_VF_SEND);
		KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
	}
	actions = netvsc_vf_step(&s, NETVSC_VF_OVERDUE, s.seq);
	KUNIT_EXPECT_EQ(test, actions, NETVSC_VF_GAVE_UP_TO | NETVSC_VF_HOLD |
			NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_FALSE(test, s.published);

	for (i = 1; i < NETVSC_VF_TRIES; i++)
		netvsc_vf_step(&s, NETVSC_VF_OVERDUE, s.seq);
	actions = netvsc_vf_step(&s, NETVSC_VF_OVERDUE, s.seq);
	KUNIT_EXPECT_EQ(test, actions, NETVSC_VF_GAVE_UP_FROM | NETVSC_VF_HOLD);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);

	/* It is tried anew when the hold-off has passed. */
	actions = netvsc_vf_step(&s, NETVSC_VF_HOLD_OVER, 0);
	KUNIT_EXPECT_EQ(test, actions, NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
}

/* What was said last is that the path could not be moved from the VF. */
static void coming_back_after_giving_up_is_said(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);
	u32 actions = 0;
	int i;

	s.vf_up = false;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_UNPUBLISH | NETVSC_VF_SEND);
	for (i = 0; i < NETVSC_VF_TRIES; i++)
		actions = netvsc_vf_step(&s, NETVSC_VF_OVERDUE, s.seq);
	KUNIT_EXPECT_EQ(test, actions, NETVSC_VF_GAVE_UP_FROM | NETVSC_VF_HOLD);

	s.vf_up = true;
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_HOLD_OVER, 0),
			NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
}

static void overdue_of_an_earlier_switch_is_stale(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_OVERDUE, s.seq),
			NETVSC_VF_STALE);
	KUNIT_EXPECT_TRUE(test, s.published);
}

static void host_takes_the_path_back(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_HOST_SWITCHED, 0),
			NETVSC_VF_UNPUBLISH | NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	/* The caller clears this on an association, or when the VF begins anew */
	s.refused = false;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
}

/* A reconnect of the synthetic side does not stop the VF. */
static void vf_survives_a_reconnect(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_CONN_LOST, 0), 0U);
	KUNIT_EXPECT_TRUE(test, s.published);
	KUNIT_EXPECT_EQ(test, look(&s), 0U);

	s.conn = true;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_VF);
	KUNIT_EXPECT_EQ(test, ack(&s), 0U);
	KUNIT_EXPECT_TRUE(test, s.published);
}

static void vf_lost_during_a_reconnect(struct kunit *test)
{
	struct netvsc_vf_state s = on_vf(test);

	netvsc_vf_step(&s, NETVSC_VF_CONN_LOST, 0);
	s.vf_up = false;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_UNPUBLISH);
	s.conn = true;
	KUNIT_EXPECT_EQ(test, look(&s), NETVSC_VF_SEND);
	KUNIT_EXPECT_EQ(test, s.asked, NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_EQ(test, ack(&s), NETVSC_VF_LOG_FROM);
}

/* One trip to the VF and back; returns what the way back brought. */
static u32 flap(struct netvsc_vf_state *s)
{
	s->carrier = true;
	look(s);
	ack(s);
	s->carrier = false;
	look(s);
	return ack(s);
}

static void flapping_is_damped(struct kunit *test)
{
	struct netvsc_vf_state s = ready();
	int i;

	for (i = 0; i < NETVSC_VF_FLAPS; i++)
		KUNIT_EXPECT_EQ(test, flap(&s), NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, flap(&s), NETVSC_VF_LOG_FROM | NETVSC_VF_HOLD);
	KUNIT_EXPECT_EQ(test, s.hold_ms, NETVSC_VF_HOLD_MIN_MS);

	s.carrier = true;
	KUNIT_EXPECT_EQ(test, look(&s), 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_step(&s, NETVSC_VF_HOLD_OVER, 0),
			NETVSC_VF_SEND);
	ack(&s);
	s.carrier = false;
	look(&s);
	KUNIT_EXPECT_TRUE(test, ack(&s) & NETVSC_VF_HOLD);
	KUNIT_EXPECT_EQ(test, s.hold_ms, 2 * NETVSC_VF_HOLD_MIN_MS);
}

static void hold_off_has_a_limit_and_an_end(struct kunit *test)
{
	struct netvsc_vf_state s = ready();
	int i;

	for (i = 0; i < 20; i++) {
		flap(&s);
		netvsc_vf_step(&s, NETVSC_VF_HOLD_OVER, 0);
	}
	KUNIT_EXPECT_EQ(test, s.hold_ms, NETVSC_VF_HOLD_MAX_MS);

	/* A calm minute, and another one, and all is forgotten. */
	s.now_ms += NETVSC_VF_WINDOW_MS;
	flap(&s);
	s.now_ms += NETVSC_VF_WINDOW_MS;
	KUNIT_EXPECT_EQ(test, flap(&s), NETVSC_VF_LOG_FROM);
	KUNIT_EXPECT_EQ(test, s.hold_ms, 0U);
}

/*
 * Whatever happens in whatever order: frames go over the VF only while it is
 * usable, only after the host has said so, and one switch is asked at a time.
 */
static void any_order_is_safe(struct kunit *test)
{
	struct netvsc_vf_state s;
	u32 rnd = 0x12345678;
	bool published = false;
	int i;

	netvsc_vf_state_init(&s);
	for (i = 0; i < 200000; i++) {
		enum netvsc_vf_event event;
		u32 actions;

		rnd = rnd * 1664525 + 1013904223;
		s.allocated = rnd >> 31;
		s.joined = rnd >> 30 & 1;
		s.vf_up = rnd >> 29 & 1;
		s.carrier = rnd >> 28 & 1;
		s.own_up = rnd >> 27 & 1;
		s.conn = rnd >> 26 & 1;
		s.now_ms += rnd >> 20 & 63;
		if (!(rnd >> 10 & 7))
			s.refused = false;
		event = (rnd >> 16 & 15) % 6;
		actions = netvsc_vf_step(&s, event, s.seq - (rnd >> 13 & 1));

		KUNIT_ASSERT_EQ(test, actions & ~ALL_ACTIONS, 0U);
		if (actions & NETVSC_VF_UNPUBLISH)
			published = false;
		if (actions & NETVSC_VF_PUBLISH) {
			KUNIT_ASSERT_EQ(test, s.path, NETVSC_PATH_VF);
			published = true;
		}
		KUNIT_ASSERT_EQ(test, published, s.published);
		if (event != NETVSC_VF_ACK && event != NETVSC_VF_OVERDUE)
			KUNIT_ASSERT_FALSE(test, published &&
					   !(s.allocated && s.joined &&
					     s.vf_up && s.carrier && s.own_up));
		if (actions & NETVSC_VF_SEND)
			KUNIT_ASSERT_TRUE(test, s.asking && s.conn);
	}
}

static struct kunit_case vf_state_cases[] = {
	KUNIT_CASE(switches_once_acked),
	KUNIT_CASE(every_input_counts),
	KUNIT_CASE(nothing_without_a_host),
	KUNIT_CASE(ack_of_an_earlier_switch_is_stale),
	KUNIT_CASE(overdue_is_asked_again_then_given_up),
	KUNIT_CASE(coming_back_after_giving_up_is_said),
	KUNIT_CASE(overdue_of_an_earlier_switch_is_stale),
	KUNIT_CASE(host_takes_the_path_back),
	KUNIT_CASE(vf_survives_a_reconnect),
	KUNIT_CASE(vf_lost_during_a_reconnect),
	KUNIT_CASE(flapping_is_damped),
	KUNIT_CASE(hold_off_has_a_limit_and_an_end),
	KUNIT_CASE(any_order_is_safe),
	{}
};

static struct kunit_suite vf_state_suite = {
	.name = "hv_netvsc_vf_state",
	.test_cases = vf_state_cases,
};

kunit_test_suite(vf_state_suite);

MODULE_DESCRIPTION("KUnit: when the data path is on the VF");
MODULE_LICENSE("GPL");
