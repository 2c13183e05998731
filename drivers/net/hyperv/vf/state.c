// SPDX-License-Identifier: GPL-2.0
/*
 * When the data path is on the VF.
 *
 * The machine compares what is wanted with what the host has confirmed, and
 * asks for a switch if they differ. A host takes seconds for one, and answers
 * a second one that it reads meanwhile at once and without effect: so one is
 * under way at a time, and a change of mind waits for its answer. Frames go
 * over the VF only once the host has said that the path is there; they stop at
 * once when it is not wanted any more, whatever the host says.
 *
 * The host keeps its path when a connection ends, so that nothing is known of
 * it at the beginning of one: then it is told the path that is wanted, and once
 * more after the first association, before which it ignores such wishes.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "state.h"

/**
 * netvsc_vf_why_not() - why the VF cannot carry the traffic
 * @s: the machine
 *
 * Return: NETVSC_VF_NOT_JOINED to NETVSC_VF_HELD; 0: it can.
 */
u32 netvsc_vf_why_not(const struct netvsc_vf_state *s)
{
	return s->lacks | (s->allocated ? 0 : NETVSC_VF_NOT_OFFERED) |
	       (s->refused ? NETVSC_VF_REFUSED : 0) |
	       (s->held ? NETVSC_VF_HELD : 0);
}

static bool netvsc_vf_usable(const struct netvsc_vf_state *s)
{
	return !netvsc_vf_why_not(s);
}

/* Neither host nor user want the traffic off it. */
static bool netvsc_vf_is_wanted(const struct netvsc_vf_state *s)
{
	return s->allocated && !s->refused && !(s->lacks & NETVSC_VF_OWN_DOWN);
}

static u32 netvsc_vf_ask(struct netvsc_vf_state *s, enum netvsc_vf_path path)
{
	s->asking = true;
	s->again = false;
	s->asked = path;
	if (s->number_free) {
		s->seq = netvsc_vf_seq_of(s->seq, path);
		s->unanswered |= 1;
	} else {
		s->seq = netvsc_vf_seq_next(s->seq, path);
		s->unanswered = s->unanswered << 1 | 1;
	}
	s->number_free = false;
	s->tries++;
	s->due_ms = s->now_ms + NETVSC_VF_ACK_MS;
	return NETVSC_VF_SEND;
}

/* Leave the VF alone for a while, twice as long as the last time. */
static u32 netvsc_vf_hold(struct netvsc_vf_state *s)
{
	s->hold_ms = clamp(s->hold_ms * 2, NETVSC_VF_HOLD_MIN_MS,
			   NETVSC_VF_HOLD_MAX_MS);
	s->hold_end_ms = s->now_ms + s->hold_ms;
	return NETVSC_VF_HOLD;
}

static u32 netvsc_vf_look(struct netvsc_vf_state *s)
{
	bool usable = netvsc_vf_usable(s);
	enum netvsc_vf_path want = usable ? NETVSC_PATH_VF :
					    NETVSC_PATH_SYNTHETIC;

	if (s->on_vf && !usable && netvsc_vf_is_wanted(s))
		s->flapped |= !!(s->lacks & NETVSC_VF_FLAPPED);
	s->published &= usable;
	if (!s->conn || s->silent || s->asking || s->path == want)
		return 0;

	s->tries = 0;
	return netvsc_vf_ask(s, want);
}

/* A flapping VF costs more than the synthetic path. */
static u32 netvsc_vf_damp(struct netvsc_vf_state *s)
{
	if (s->now_ms - s->window_ms >= NETVSC_VF_WINDOW_MS) {
		s->window_ms = s->now_ms;
		if (s->flaps <= NETVSC_VF_FLAPS)
			s->hold_ms = 0;
		s->flaps = 0;
	}
	if (++s->flaps <= NETVSC_VF_FLAPS)
		return 0;
	s->held = true;
	return netvsc_vf_hold(s);
}

static u32 netvsc_vf_left(struct netvsc_vf_state *s)
{
	u32 actions = 0;

	if (!s->on_vf)
		return 0;
	s->on_vf = false;
	if (s->flapped)
		actions = netvsc_vf_damp(s);
	s->flapped = false;
	return actions | NETVSC_VF_LOG_FROM;
}

/*
 * The answer to an earlier switch. A slow host has done it only now, after it
 * had answered a later one without effect: then its path is not what that
 * answer seemed to say.
 */
static u32 netvsc_vf_late_ack(struct netvsc_vf_state *s, u32 seq)
{
	if (!s->asking && s->path != netvsc_vf_seq_path(seq)) {
		s->path = NETVSC_PATH_UNKNOWN;
		s->silent = false;
	}
	return NETVSC_VF_STALE;
}

/*
 * An earlier switch was not answered. A host that is still at it has done
 * nothing for this answer, one that has forgotten it has. Who asks again finds
 * out, by and by.
 */
static void netvsc_vf_doubt(struct netvsc_vf_state *s)
{
	s->doubt_ms = 0;
	if (s->unanswered && s->doubts < NETVSC_VF_DOUBTS) {
		s->doubt_ms = s->now_ms + ((u64)NETVSC_VF_ACK_MS << s->doubts);
		s->doubts++;
	} else {
		s->unanswered = 0;
		s->doubts = 0;
	}
}

static u32 netvsc_vf_ack(struct netvsc_vf_state *s, u32 seq)
{
	u32 age = (s->seq >> 1) - (seq >> 1);

	if (age >= 32 || !(s->unanswered & BIT(age)) ||
	    (!age && seq != s->seq))
		return NETVSC_VF_STALE;
	s->unanswered &= ~BIT(age);
	s->unsents = 0;
	s->answered = true;
	if (age || !s->asking)
		return netvsc_vf_late_ack(s, seq);

	s->asking = false;
	s->path = s->again ? NETVSC_PATH_UNKNOWN : s->asked;
	s->again = false;
	netvsc_vf_doubt(s);
	if (s->path == NETVSC_PATH_SYNTHETIC)
		return netvsc_vf_left(s);
	s->published |= s->path == NETVSC_PATH_VF && netvsc_vf_usable(s);
	return 0;
}

/* Three questions were not answered: nobody knows where the host sends. */
static u32 netvsc_vf_give_up(struct netvsc_vf_state *s)
{
	bool known;

	s->asking = false;
	s->path = NETVSC_PATH_UNKNOWN;
	if (s->asked == NETVSC_PATH_VF) {
		s->held = true;
		return NETVSC_VF_GAVE_UP_TO | netvsc_vf_hold(s);
	}

	s->silent = true;
	/* A host that has never spoken of VFs need not know of paths. */
	known = s->allocated || s->on_vf;
	if (known || s->answered)
		netvsc_vf_hold(s);
	/* GAVE_UP_FROM says it: the next LOG_TO is news. */
	s->on_vf = false;
	s->flapped = false;
	return known ? NETVSC_VF_GAVE_UP_FROM : 0;
}

static u32 netvsc_vf_overdue(struct netvsc_vf_state *s)
{
	enum netvsc_vf_path want = netvsc_vf_usable(s) ? NETVSC_PATH_VF :
							 NETVSC_PATH_SYNTHETIC;

	/* Who changed his mind meanwhile asks for that now. */
	if (s->asked != want) {
		s->asking = false;
		s->path = NETVSC_PATH_UNKNOWN;
		return 0;
	}
	if (s->tries < NETVSC_VF_TRIES)
		return netvsc_vf_ask(s, s->asked);
	return netvsc_vf_give_up(s);
}

/* What has come due. */
static u32 netvsc_vf_clock(struct netvsc_vf_state *s)
{
	u32 actions = 0;

	if (s->hold_end_ms && s->now_ms >= s->hold_end_ms) {
		s->hold_end_ms = 0;
		s->held = false;
		s->refused = false;
		s->silent = false;
	}
	if (s->conn && s->allocated && !s->confirmed &&
	    s->now_ms >= s->confirm_ms) {
		s->allocated = false;
		s->confirmed = true;
		actions |= NETVSC_VF_FORGOTTEN;
	}
	if (!s->allocated || !(s->lacks & NETVSC_VF_NOT_JOINED)) {
		s->missing_ms = 0;
		s->missed = false;
	} else if (!s->missing_ms) {
		s->missing_ms = s->now_ms + NETVSC_VF_MISSING_MS;
	} else if (!s->missed && s->now_ms >= s->missing_ms) {
		s->missed = true;
		actions |= NETVSC_VF_IS_MISSING;
	}
	if (s->doubt_ms && s->now_ms >= s->doubt_ms && !s->asking) {
		s->doubt_ms = 0;
		s->path = NETVSC_PATH_UNKNOWN;
	}
	if (s->asking && s->now_ms >= s->due_ms)
		actions |= netvsc_vf_overdue(s);
	return actions;
}

static void netvsc_vf_offered(struct netvsc_vf_state *s)
{
	/* Wishes that the host read before it said this had no effect. */
	if (!s->heard) {
		s->again = s->asking;
		if (!s->asking)
			s->path = NETVSC_PATH_UNKNOWN;
	}
	s->allocated = true;
	s->heard = true;
	s->confirmed = true;
	s->refused = false;
	s->silent = false;
}

/* What was asked on a connection that has ended will not be answered. */
static void netvsc_vf_forget_switches(struct netvsc_vf_state *s)
{
	s->asking = false;
	s->again = false;
	s->number_free = false;
	s->unanswered = 0;
	s->unsents = 0;
	s->doubts = 0;
	s->doubt_ms = 0;
	s->path = NETVSC_PATH_UNKNOWN;
}

static void netvsc_vf_conn_began(struct netvsc_vf_state *s)
{
	netvsc_vf_forget_switches(s);
	s->answered = false;
	s->heard = false;
	s->confirmed = false;
	s->confirm_ms = s->now_ms + NETVSC_VF_CONFIRM_MS;
}

static void netvsc_vf_conn_ended(struct netvsc_vf_state *s)
{
	s->conn = false;
	s->silent = false;
	netvsc_vf_forget_switches(s);
}

/*
 * A switch that is under way will still be answered: the host may have done it
 * before or after this.
 */
static u32 netvsc_vf_host_switched(struct netvsc_vf_state *s)
{
	s->silent = false;
	if (!s->asking)
		s->path = NETVSC_PATH_SYNTHETIC;
	/* It will have had a reason: it is not pressed. */
	if (s->on_vf || s->published) {
		s->refused = true;
		s->hold_end_ms = s->now_ms + NETVSC_VF_HOLD_MAX_MS;
	}
	s->flapped = false;
	return netvsc_vf_left(s);
}

/*
 * The transmit path was faster: it has seen that the VF cannot send. It may be back
 * already, but the host's path is not.
 */
static void netvsc_vf_was_asked(struct netvsc_vf_state *s, u32 seq)
{
	s->published = false;
	s->flapped |= s->on_vf && netvsc_vf_is_wanted(s);
	/* Of our own, one of this number may not have left. */
	if (s->seq >> 1 == seq >> 1)
		s->unanswered >>= 1;
	s->number_free = false;
	s->tries = 0;
	netvsc_vf_ask(s, NETVSC_PATH_SYNTHETIC);
	s->seq = seq;
}

/* The host had no room for the question: it is put again soon. */
static void netvsc_vf_unsent(struct netvsc_vf_state *s, u32 seq)
{
	if (!s->asking || s->seq != seq)
		return;
	s->unanswered &= ~1U;
	s->number_free = true;
	s->tries = 0;
	s->due_ms = s->now_ms + (NETVSC_VF_UNSENT_MS << s->unsents);
	s->unsents = min(s->unsents + 1, NETVSC_VF_UNSENTS);
}

/* Frames go over the VF now, and did not before this step; or the reverse. */
static u32 netvsc_vf_publish(struct netvsc_vf_state *s, bool before)
{
	u32 actions = 0;

	if (s->published && !s->on_vf) {
		s->on_vf = true;
		actions |= NETVSC_VF_LOG_TO;
	}
	if (s->published == before)
		return actions;
	return actions | (s->published ? NETVSC_VF_PUBLISH :
					 NETVSC_VF_UNPUBLISH);
}

/**
 * netvsc_vf_state_init() - no VF, no host
 * @s: the machine
 */
void netvsc_vf_state_init(struct netvsc_vf_state *s)
{
	memset(s, 0, sizeof(*s));
	s->lacks = NETVSC_VF_NOT_JOINED;
	s->path = NETVSC_PATH_UNKNOWN;
}

/**
 * netvsc_vf_step() - something happened
 * @s: the machine, its inputs up to date
 * @event: what
 * @arg: a seq, for ACK, LATE_ACK, ASKED and UNSENT
 *
 * Return: NETVSC_VF_* actions.
 */
u32 netvsc_vf_step(struct netvsc_vf_state *s, enum netvsc_vf_event event,
		   u32 arg)
{
	bool published = s->published;
	u32 actions = 0;

	switch (event) {
	case NETVSC_VF_LOOK:
	case NETVSC_VF_EVENTS:
		break;
	case NETVSC_VF_OFFERED:
		netvsc_vf_offered(s);
		break;
	case NETVSC_VF_REVOKED:
		/* It may be the last word of an earlier connection: not heard. */
		s->allocated = false;
		s->confirmed = true;
		break;
	case NETVSC_VF_HOST_SWITCHED:
		actions = netvsc_vf_host_switched(s);
		break;
	case NETVSC_VF_ACK:
	case NETVSC_VF_LATE_ACK:
		actions = netvsc_vf_ack(s, arg);
		break;
	case NETVSC_VF_ASKED:
		netvsc_vf_was_asked(s, arg);
		break;
	case NETVSC_VF_UNSENT:
		netvsc_vf_unsent(s, arg);
		break;
	case NETVSC_VF_RENEWED:
		s->refused = false;
		break;
	case NETVSC_VF_CONN_UP:
		netvsc_vf_conn_began(s);
		break;
	case NETVSC_VF_CONN_LOST:
		netvsc_vf_conn_ended(s);
		break;
	}
	/* What happened may be what the clock would have missed. */
	actions |= netvsc_vf_clock(s);
	actions |= netvsc_vf_look(s);
	/* What it made possible may be over in the same step: nobody hears of it. */
	return actions | netvsc_vf_publish(s, published);
}

static u64 netvsc_vf_until(const struct netvsc_vf_state *s, u64 then)
{
	return then > s->now_ms ? then - s->now_ms : 0;
}

/**
 * netvsc_vf_due_ms() - when something of the machine's comes due
 * @s: the machine
 *
 * Return: milliseconds from its now_ms on; NETVSC_VF_NEVER: nothing does.
 */
u64 netvsc_vf_due_ms(const struct netvsc_vf_state *s)
{
	u64 wait = NETVSC_VF_NEVER;

	if (s->asking)
		wait = netvsc_vf_until(s, s->due_ms);
	if (s->doubt_ms && !s->asking)
		wait = min(wait, netvsc_vf_until(s, s->doubt_ms));
	if (s->hold_end_ms)
		wait = min(wait, netvsc_vf_until(s, s->hold_end_ms));
	if (s->conn && s->allocated && !s->confirmed)
		wait = min(wait, netvsc_vf_until(s, s->confirm_ms));
	if (s->missing_ms && !s->missed)
		wait = min(wait, netvsc_vf_until(s, s->missing_ms));
	return wait;
}

/**
 * netvsc_vf_is_watched() - is the VF to be looked at now and then?
 * @s: the machine
 *
 * Nobody tells that it was detached, or attached again.
 *
 * Return: true if it is.
 */
bool netvsc_vf_is_watched(const struct netvsc_vf_state *s)
{
	return s->on_vf || s->lacks & (NETVSC_VF_DETACHED | NETVSC_VF_STUCK);
}
