// SPDX-License-Identifier: GPL-2.0
/* What the host said to the bond: its order, and what it is owed. */
#include <kunit/test.h>

#include "vf/inbox.h"

static void expect_next(struct kunit *test, struct netvsc_vf_inbox *inbox,
			enum netvsc_vf_event want, u32 arg)
{
	enum netvsc_vf_event event = NETVSC_VF_EVENTS;
	u32 got = 0;

	KUNIT_EXPECT_TRUE(test, netvsc_vf_inbox_next(inbox, true, &event, &got));
	KUNIT_EXPECT_EQ(test, event, want);
	KUNIT_EXPECT_EQ(test, got, arg);
}

static void expect_none(struct kunit *test, struct netvsc_vf_inbox *inbox)
{
	enum netvsc_vf_event event;
	u32 arg;

	KUNIT_EXPECT_FALSE(test, netvsc_vf_inbox_next(inbox, true, &event, &arg));
}

static void keeps_the_order(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;

	netvsc_vf_inbox_init(&inbox);
	expect_none(test, &inbox);
	netvsc_vf_inbox_host_switched(&inbox);
	netvsc_vf_inbox_association(&inbox, false, 2);
	netvsc_vf_inbox_association(&inbox, true, 2);
	/* A VF may be matched before bond work has heard of this. */
	KUNIT_EXPECT_TRUE(test, inbox.allocated);
	KUNIT_EXPECT_EQ(test, inbox.serial, 2U);
	expect_next(test, &inbox, NETVSC_VF_HOST_SWITCHED, 0);
	expect_next(test, &inbox, NETVSC_VF_REVOKED, 2);
	expect_next(test, &inbox, NETVSC_VF_OFFERED, 2);
	expect_none(test, &inbox);
}

/* Its last word is that there is none; and a flood is no more than that. */
static void the_last_word_counts(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;
	u32 i;

	netvsc_vf_inbox_init(&inbox);
	for (i = 0; i < 1000; i++) {
		netvsc_vf_inbox_association(&inbox, true, i);
		netvsc_vf_inbox_host_switched(&inbox);
		netvsc_vf_inbox_association(&inbox, false, i);
	}
	KUNIT_EXPECT_FALSE(test, inbox.allocated);
	expect_next(test, &inbox, NETVSC_VF_OFFERED, 999);
	expect_next(test, &inbox, NETVSC_VF_HOST_SWITCHED, 0);
	expect_next(test, &inbox, NETVSC_VF_REVOKED, 999);
	expect_none(test, &inbox);
}

static void the_order_survives_a_wrap(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;

	netvsc_vf_inbox_init(&inbox);
	inbox.stamp = U32_MAX - 1;
	netvsc_vf_inbox_association(&inbox, false, 1);
	netvsc_vf_inbox_host_switched(&inbox);
	netvsc_vf_inbox_association(&inbox, true, 1);
	expect_next(test, &inbox, NETVSC_VF_REVOKED, 1);
	expect_next(test, &inbox, NETVSC_VF_HOST_SWITCHED, 0);
	expect_next(test, &inbox, NETVSC_VF_OFFERED, 1);
}

/* Answers that the host makes up do not take the place of the real one. */
static void the_answer_has_a_place_of_its_own(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;
	u32 arg;

	netvsc_vf_inbox_init(&inbox);
	KUNIT_EXPECT_TRUE(test, netvsc_vf_inbox_asks(&inbox, 5));
	netvsc_vf_inbox_ack(&inbox, 3);
	KUNIT_EXPECT_TRUE(test, inbox.asking);
	netvsc_vf_inbox_ack(&inbox, 5);
	netvsc_vf_inbox_ack(&inbox, 1);
	KUNIT_EXPECT_FALSE(test, inbox.asking);
	KUNIT_EXPECT_TRUE(test, netvsc_vf_inbox_has(&inbox, NETVSC_VF_ACK));
	KUNIT_EXPECT_TRUE(test, netvsc_vf_inbox_take(&inbox, NETVSC_VF_ACK,
						     &arg));
	KUNIT_EXPECT_EQ(test, arg, 5U);
	expect_next(test, &inbox, NETVSC_VF_LATE_ACK, 1);
	expect_none(test, &inbox);
}

static void a_sender_asks_if_nobody_does(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;
	u32 seq;

	netvsc_vf_inbox_init(&inbox);
	KUNIT_EXPECT_TRUE(test, netvsc_vf_inbox_asks(&inbox, 3));
	KUNIT_EXPECT_EQ(test, netvsc_vf_inbox_ask_from(&inbox), 0U);
	netvsc_vf_inbox_ack(&inbox, 3);

	seq = netvsc_vf_inbox_ask_from(&inbox);
	KUNIT_EXPECT_EQ(test, netvsc_vf_seq_path(seq), NETVSC_PATH_SYNTHETIC);
	KUNIT_EXPECT_NE(test, seq, 0U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_inbox_ask_from(&inbox), 0U);
	/* Bond work leaves it at that, and what it knows is older. */
	KUNIT_EXPECT_FALSE(test, netvsc_vf_inbox_asks(&inbox, 7));
	KUNIT_EXPECT_EQ(test, inbox.seq, seq);
	netvsc_vf_inbox_asked(&inbox, false);
	KUNIT_EXPECT_TRUE(test, inbox.asking);
	expect_next(test, &inbox, NETVSC_VF_ACK, 3);
	expect_next(test, &inbox, NETVSC_VF_ASKED, seq);
	netvsc_vf_inbox_asked(&inbox, false);
	KUNIT_EXPECT_FALSE(test, inbox.asking);

	/* It did not leave: nobody has asked. */
	seq = netvsc_vf_inbox_ask_from(&inbox);
	KUNIT_EXPECT_NE(test, seq, 0U);
	netvsc_vf_inbox_unasked(&inbox, seq);
	expect_none(test, &inbox);
	KUNIT_EXPECT_FALSE(test, inbox.asking);

	/* Nor here, but bond work thinks so: it asks again. */
	seq = netvsc_vf_inbox_ask_from(&inbox);
	expect_next(test, &inbox, NETVSC_VF_ASKED, seq);
	netvsc_vf_inbox_unasked(&inbox, seq);
	KUNIT_EXPECT_EQ(test, netvsc_vf_inbox_ask_from(&inbox), 0U);
	expect_next(test, &inbox, NETVSC_VF_UNSENT, seq);
}

/* Of what a host has not it says nothing on the next connection. */
static void that_there_is_none_outlives_a_connection(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;

	netvsc_vf_inbox_init(&inbox);
	netvsc_vf_inbox_association(&inbox, true, 2);
	netvsc_vf_inbox_host_switched(&inbox);
	netvsc_vf_inbox_association(&inbox, false, 2);
	netvsc_vf_inbox_forget(&inbox);
	expect_next(test, &inbox, NETVSC_VF_REVOKED, 2);
	expect_none(test, &inbox);

	netvsc_vf_inbox_association(&inbox, false, 2);
	netvsc_vf_inbox_association(&inbox, true, 2);
	netvsc_vf_inbox_forget(&inbox);
	expect_none(test, &inbox);
	/* Nor is a VF matched by what nobody has heard of. */
	KUNIT_EXPECT_FALSE(test, inbox.allocated);
}

/* A sender was faster, but there was no room: somebody has to ask again. */
static void bond_work_has_yielded(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;
	u32 seq;

	netvsc_vf_inbox_init(&inbox);
	seq = netvsc_vf_inbox_ask_from(&inbox);
	KUNIT_EXPECT_FALSE(test, netvsc_vf_inbox_asks(&inbox, 4));
	netvsc_vf_inbox_unasked(&inbox, seq);
	expect_next(test, &inbox, NETVSC_VF_UNSENT, 4);
	expect_none(test, &inbox);

	/* Once, and not to another sender. */
	seq = netvsc_vf_inbox_ask_from(&inbox);
	netvsc_vf_inbox_unasked(&inbox, seq);
	expect_none(test, &inbox);
}

/* It has come after somebody has looked, and the VF is still sent over. */
static void a_sender_asks_just_now(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;
	enum netvsc_vf_event event;
	u32 seq, arg;

	netvsc_vf_inbox_init(&inbox);
	seq = netvsc_vf_inbox_ask_from(&inbox);
	KUNIT_EXPECT_FALSE(test, netvsc_vf_inbox_next(&inbox, false, &event,
						      &arg));
	expect_next(test, &inbox, NETVSC_VF_ASKED, seq);
}

static void owes_in_order_and_no_more_than_it_can(struct kunit *test)
{
	struct netvsc_vf_owed owed[NETVSC_VF_OWED];
	struct netvsc_vf_inbox inbox;
	u64 i;

	netvsc_vf_inbox_init(&inbox);
	for (i = 0; i < NETVSC_VF_OWED; i++)
		KUNIT_EXPECT_TRUE(test, netvsc_vf_inbox_owe(&inbox, 1, i));
	KUNIT_EXPECT_FALSE(test, netvsc_vf_inbox_owe(&inbox, 1, i));
	KUNIT_EXPECT_EQ(test, netvsc_vf_inbox_take_owed(&inbox, owed),
			(unsigned int)NETVSC_VF_OWED);
	for (i = 0; i < NETVSC_VF_OWED; i++)
		KUNIT_EXPECT_EQ(test, owed[i].tid, i);
	KUNIT_EXPECT_EQ(test, netvsc_vf_inbox_take_owed(&inbox, owed), 0U);

	/* Nobody waits on a connection that has ended. */
	netvsc_vf_inbox_owe(&inbox, 1, 7);
	netvsc_vf_inbox_owe(&inbox, 2, 8);
	KUNIT_EXPECT_EQ(test, netvsc_vf_inbox_take_owed(&inbox, owed), 1U);
	KUNIT_EXPECT_EQ(test, owed[0].tid, 8ULL);
	KUNIT_EXPECT_EQ(test, owed[0].conn_serial, 2U);
}

/* What the host says just now is not what it has not repeated. */
static void forgotten_but_for_the_last_word(struct kunit *test)
{
	struct netvsc_vf_inbox inbox;

	netvsc_vf_inbox_init(&inbox);
	netvsc_vf_inbox_association(&inbox, true, 2);
	netvsc_vf_inbox_forgotten(&inbox);
	KUNIT_EXPECT_TRUE(test, inbox.allocated);
	expect_next(test, &inbox, NETVSC_VF_OFFERED, 2);
	netvsc_vf_inbox_forgotten(&inbox);
	KUNIT_EXPECT_FALSE(test, inbox.allocated);
}

static struct kunit_case vf_inbox_cases[] = {
	KUNIT_CASE(keeps_the_order),
	KUNIT_CASE(the_last_word_counts),
	KUNIT_CASE(the_order_survives_a_wrap),
	KUNIT_CASE(the_answer_has_a_place_of_its_own),
	KUNIT_CASE(a_sender_asks_if_nobody_does),
	KUNIT_CASE(bond_work_has_yielded),
	KUNIT_CASE(a_sender_asks_just_now),
	KUNIT_CASE(that_there_is_none_outlives_a_connection),
	KUNIT_CASE(owes_in_order_and_no_more_than_it_can),
	KUNIT_CASE(forgotten_but_for_the_last_word),
	{}
};

static struct kunit_suite vf_inbox_suite = {
	.name = "hv_netvsc_vf_inbox",
	.test_cases = vf_inbox_cases,
};

kunit_test_suite(vf_inbox_suite);

MODULE_DESCRIPTION("KUnit: what the host said to the bond");
MODULE_LICENSE("GPL");
