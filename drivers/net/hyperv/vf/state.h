/* SPDX-License-Identifier: GPL-2.0 */
/* When the data path is on the VF: a state machine without any kernel in it. */
#ifndef _HV_NETVSC_VF_STATE_H
#define _HV_NETVSC_VF_STATE_H

#include <linux/bits.h>
#include <linux/types.h>

enum netvsc_vf_path {
	NETVSC_PATH_SYNTHETIC,
	NETVSC_PATH_VF,
	NETVSC_PATH_UNKNOWN,	/* the host never said, or a switch failed */
};

enum netvsc_vf_event {
	NETVSC_VF_LOOK,		/* an input below may have changed */
	NETVSC_VF_ACK,		/* arg: the host answered this seq */
	NETVSC_VF_OVERDUE,	/* arg: the host did not answer this seq */
	NETVSC_VF_HOST_SWITCHED,	/* the host took the path back */
	NETVSC_VF_HOLD_OVER,	/* the hold-off has passed */
	NETVSC_VF_CONN_LOST,	/* nobody to talk to; answers won't come */
};

/* What the caller has to do, in this order. */
#define NETVSC_VF_UNPUBLISH	BIT(0)	/* stop sending over the VF */
#define NETVSC_VF_SEND		BIT(1)	/* ask for .asked under .seq */
#define NETVSC_VF_PUBLISH	BIT(2)	/* send over the VF */
#define NETVSC_VF_LOG_TO	BIT(3)	/* the path is on the VF now */
#define NETVSC_VF_LOG_FROM	BIT(4)	/* and not any more */
#define NETVSC_VF_GAVE_UP_TO	BIT(5)	/* no answer to a switch to the VF */
#define NETVSC_VF_HOLD		BIT(6)	/* come back in .hold_ms */
#define NETVSC_VF_STALE		BIT(7)	/* the answer was for nobody */
#define NETVSC_VF_GAVE_UP_FROM	BIT(8)	/* no answer to one from the VF */

/**
 * struct netvsc_vf_state - the machine
 *
 * Inputs, set by the caller before it steps:
 * @allocated: the host has a VF for us
 * @joined: the VF is enslaved
 * @vf_up: it is running
 * @carrier: it has a carrier
 * @own_up: eth<n> is running
 * @conn: there is a host to talk to
 * @now_ms: a clock that only goes forward
 *
 * State:
 * @path: what the host confirmed last
 * @asking: a switch is under way, to @asked
 * @asked: see @asking
 * @published: frames are sent over the VF
 * @on_vf: LOG_TO was said, LOG_FROM was not yet
 * @refused: the host took the path back: not before a new association
 * @held: too many switches: not before HOLD_OVER
 * @silent: the host does not answer at all: nothing is asked before HOLD_OVER
 * @seq: of the last switch asked for
 * @tries: how often it was asked
 * @hold_ms: length of the last hold-off
 * @window_ms: when counting of @switches began
 * @switches: to the VF since then
 */
struct netvsc_vf_state {
	bool allocated;
	bool joined;
	bool vf_up;
	bool carrier;
	bool own_up;
	bool conn;
	u64 now_ms;

	enum netvsc_vf_path path;
	bool asking;
	enum netvsc_vf_path asked;
	bool published;
	bool on_vf;
	bool refused;
	bool held;
	bool silent;
	u32 seq;
	u32 tries;
	u32 hold_ms;
	u64 window_ms;
	u32 switches;
};

/* Times of the machine; the deadline of an answer is the caller's. */
#define NETVSC_VF_TRIES		3
#define NETVSC_VF_FLAPS		4
#define NETVSC_VF_WINDOW_MS	60000U
#define NETVSC_VF_HOLD_MIN_MS	1000U
#define NETVSC_VF_HOLD_MAX_MS	60000U

void netvsc_vf_state_init(struct netvsc_vf_state *s);
u32 netvsc_vf_step(struct netvsc_vf_state *s, enum netvsc_vf_event event,
		   u32 arg);

#endif /* _HV_NETVSC_VF_STATE_H */
