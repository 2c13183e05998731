/* SPDX-License-Identifier: GPL-2.0 */
/* The state machine of the bond, brought to where a case begins. */
#ifndef _HV_NETVSC_VF_STATE_KUNIT_H
#define _HV_NETVSC_VF_STATE_KUNIT_H

#include <kunit/test.h>

#include "vf/state.h"

static inline u32 look(struct netvsc_vf_state *s)
{
	return netvsc_vf_step(s, NETVSC_VF_LOOK, 0);
}

static inline u32 event(struct netvsc_vf_state *s, enum netvsc_vf_event event)
{
	return netvsc_vf_step(s, event, 0);
}

static inline u32 ack(struct netvsc_vf_state *s)
{
	return netvsc_vf_step(s, NETVSC_VF_ACK, s->seq);
}

static inline u32 later(struct netvsc_vf_state *s, u32 ms)
{
	s->now_ms += ms;
	return look(s);
}

/* A host, no VF; the host knows that eth<n> is on the synthetic side. */
static inline struct netvsc_vf_state connected(struct kunit *test)
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
static inline struct netvsc_vf_state asking(struct kunit *test)
{
	struct netvsc_vf_state s = connected(test);

	s.lacks = 0;
	KUNIT_ASSERT_EQ(test, event(&s, NETVSC_VF_OFFERED), NETVSC_VF_SEND);
	KUNIT_ASSERT_EQ(test, s.asked, NETVSC_PATH_VF);
	return s;
}

static inline struct netvsc_vf_state on_vf(struct kunit *test)
{
	struct netvsc_vf_state s = asking(test);

	KUNIT_ASSERT_EQ(test, ack(&s), NETVSC_VF_PUBLISH | NETVSC_VF_LOG_TO);
	return s;
}

#endif /* _HV_NETVSC_VF_STATE_KUNIT_H */
