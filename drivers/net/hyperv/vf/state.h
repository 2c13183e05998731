/* SPDX-License-Identifier: GPL-2.0 */
/* When the data path is on the VF: a state machine without any kernel in it. */
#ifndef _HV_NETVSC_VF_STATE_H
#define _HV_NETVSC_VF_STATE_H

#include <linux/bits.h>
#include <linux/types.h>

enum netvsc_vf_path {
	NETVSC_PATH_SYNTHETIC,
	NETVSC_PATH_VF,
	NETVSC_PATH_UNKNOWN,	/* the host has not said, or a switch failed */
};

enum netvsc_vf_event {
	NETVSC_VF_LOOK,		/* an input below, or the time, may have changed */
	NETVSC_VF_OFFERED,	/* the host has a VF for us */
	NETVSC_VF_REVOKED,	/* it has no more */
	NETVSC_VF_HOST_SWITCHED,	/* it took the path back by itself */
	NETVSC_VF_ACK,		/* arg: it answered the switch of this seq */
	NETVSC_VF_LATE_ACK,	/* arg: likewise, but it is not the last one */
	NETVSC_VF_ASKED,	/* arg: a switch from the VF was sent meanwhile */
	NETVSC_VF_UNSENT,	/* arg: the switch of this seq could not be sent */
	NETVSC_VF_RENEWED,	/* the VF joined, or came up */
	NETVSC_VF_CONN_UP,	/* there is a host to talk to */
	NETVSC_VF_CONN_LOST,	/* there is none; answers won't come */
	NETVSC_VF_EVENTS
};

/* What the caller has to do, in this order. */
#define NETVSC_VF_UNPUBLISH	BIT(0)	/* stop sending over the VF */
#define NETVSC_VF_SEND		BIT(1)	/* ask for .asked under .seq */
#define NETVSC_VF_PUBLISH	BIT(2)	/* send over the VF */
#define NETVSC_VF_LOG_TO	BIT(3)	/* the path is on the VF now */
#define NETVSC_VF_LOG_FROM	BIT(4)	/* and not any more */
#define NETVSC_VF_GAVE_UP_TO	BIT(5)	/* no answer to a switch to the VF */
#define NETVSC_VF_GAVE_UP_FROM	BIT(6)	/* no answer to one from the VF */
#define NETVSC_VF_HOLD		BIT(7)	/* the VF is left alone for .hold_ms */
#define NETVSC_VF_STALE		BIT(8)	/* the answer was for nobody, or late */
#define NETVSC_VF_FORGOTTEN	BIT(9)	/* the association was not repeated */
#define NETVSC_VF_IS_MISSING	BIT(10)	/* one was announced, but none has come */

/* Why the VF cannot carry the traffic. The first ones are inputs. */
#define NETVSC_VF_NOT_JOINED	BIT(0)
#define NETVSC_VF_NOT_TAKEN	BIT(1)	/* not brought to what eth<n> is yet */
#define NETVSC_VF_DOWN		BIT(2)
#define NETVSC_VF_DETACHED	BIT(3)	/* by its driver, for a reset */
#define NETVSC_VF_NO_CARRIER	BIT(4)
#define NETVSC_VF_SMALL_MTU	BIT(5)	/* smaller than eth<n>'s */
#define NETVSC_VF_OTHER_MAC	BIT(6)	/* than eth<n>'s */
#define NETVSC_VF_STUCK		BIT(7)	/* its queues stay stopped */
#define NETVSC_VF_OWN_DOWN	BIT(8)	/* eth<n> is down or suspended */
#define NETVSC_VF_NOT_OFFERED	BIT(9)
#define NETVSC_VF_REFUSED	BIT(10)	/* the host took the path back */
#define NETVSC_VF_HELD		BIT(11)	/* it came and went too often */

/* Nor does it send what it has. */
#define NETVSC_VF_CANNOT_SEND	(NETVSC_VF_DETACHED | NETVSC_VF_NO_CARRIER |	\
				 NETVSC_VF_STUCK)

/* Not the wish of the user or of the host: such switches are damped. */
#define NETVSC_VF_FLAPPED	(NETVSC_VF_NOT_JOINED | NETVSC_VF_DOWN |	\
				 NETVSC_VF_DETACHED | NETVSC_VF_NO_CARRIER |	\
				 NETVSC_VF_STUCK)

/**
 * struct netvsc_vf_state - the machine
 *
 * Inputs, set by the caller before it steps:
 * @lacks: NETVSC_VF_NOT_JOINED to NETVSC_VF_OWN_DOWN
 * @conn: there is a host to ask
 * @now_ms: a clock that only goes forward
 *
 * What the host said:
 * @allocated: it has a VF for us
 * @heard: it said so on this connection
 * @confirmed: likewise, or its time for that is over, or there is none
 * @confirm_ms: when an association that it does not repeat is void
 * @missing_ms: when a VF that was announced is missed; 0: it is there, or none
 * @missed: NETVSC_VF_IS_MISSING was said
 * @path: what it confirmed last
 *
 * The switch under way; there is never more than one:
 * @asking: a switch to @asked, under @seq
 * @asked: see @asking
 * @again: the answer says nothing: ask once more
 * @seq: of the last switch; the path that it asks for is its lowest bit
 * @unanswered: of the last 32 switches, the last one in bit 0
 * @tries: how often it was asked
 * @unsents: how often it could not be sent
 * @number_free: that of @seq, for it was not sent: else those that never left
 *	would push those out of @unanswered that did
 * @due_ms: when its answer is overdue
 * @doubts: how often an answer was doubted, for an earlier one is missing
 * @doubt_ms: when to ask again for that; 0: never
 *
 * What follows from it:
 * @published: frames are sent over the VF
 * @on_vf: LOG_TO was said, LOG_FROM was not yet
 * @refused: the host took the path back
 * @held: too many switches
 * @silent: the host does not answer: nothing is asked
 * @answered: it has answered a switch on this connection
 * @flapped: the VF itself was why the path leaves it
 * @hold_ms: length of the last hold-off
 * @hold_end_ms: its end; 0: none
 * @window_ms: when counting of @flaps began
 * @flaps: since then
 */
struct netvsc_vf_state {
	u32 lacks;
	bool conn;
	u64 now_ms;

	bool allocated;
	bool heard;
	bool confirmed;
	u64 confirm_ms;
	u64 missing_ms;
	bool missed;
	enum netvsc_vf_path path;

	bool asking;
	enum netvsc_vf_path asked;
	bool again;
	u32 seq;
	u32 unanswered;
	u32 tries;
	u32 unsents;
	bool number_free;
	u64 due_ms;
	u32 doubts;
	u64 doubt_ms;

	bool published;
	bool on_vf;
	bool refused;
	bool held;
	bool silent;
	bool answered;
	bool flapped;
	u32 hold_ms;
	u64 hold_end_ms;
	u64 window_ms;
	u32 flaps;
};

/* Times of the machine, in ms. */
#define NETVSC_VF_ACK_MS	5000U	/* the answer to a switch */
#define NETVSC_VF_UNSENT_MS	20U	/* to the next try to send it; doubling */
#define NETVSC_VF_UNSENTS	5U	/* so often */
#define NETVSC_VF_TRIES		3
#define NETVSC_VF_DOUBTS	6	/* the first after ACK_MS, doubling */
#define NETVSC_VF_FLAPS		4	/* in a window; more are damped */
#define NETVSC_VF_WINDOW_MS	60000U
#define NETVSC_VF_HOLD_MIN_MS	1000U	/* doubling */
#define NETVSC_VF_HOLD_MAX_MS	60000U
#define NETVSC_VF_CONFIRM_MS	5000U	/* the association, on a new connection */
#define NETVSC_VF_MISSING_MS	30000U	/* from an association to its VF */
#define NETVSC_VF_NEVER		U64_MAX

static inline enum netvsc_vf_path netvsc_vf_seq_path(u32 seq)
{
	return seq & 1 ? NETVSC_PATH_VF : NETVSC_PATH_SYNTHETIC;
}

/* The same number, to @path. */
static inline u32 netvsc_vf_seq_of(u32 seq, enum netvsc_vf_path path)
{
	return (seq & ~1U) | (path == NETVSC_PATH_VF);
}

/* The next one after @seq, to @path. */
static inline u32 netvsc_vf_seq_next(u32 seq, enum netvsc_vf_path path)
{
	return netvsc_vf_seq_of((seq | 1) + 1, path);
}

void netvsc_vf_state_init(struct netvsc_vf_state *s);
u32 netvsc_vf_step(struct netvsc_vf_state *s, enum netvsc_vf_event event,
		   u32 arg);
u32 netvsc_vf_why_not(const struct netvsc_vf_state *s);
bool netvsc_vf_is_watched(const struct netvsc_vf_state *s);
u64 netvsc_vf_due_ms(const struct netvsc_vf_state *s);

#endif /* _HV_NETVSC_VF_STATE_H */
