// SPDX-License-Identifier: GPL-2.0
/*
 * When the data path is on the VF.
 *
 * The machine compares what is wanted with what the host has confirmed, and
 * asks for one switch at a time. Frames go over the VF only once the host has
 * said that it is there; they stop at once when it is not wanted any more,
 * whatever the host says.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "state.h"

static bool netvsc_vf_usable(const struct netvsc_vf_state *s)
{
	return s->allocated && s->joined && s->vf_up && s->carrier &&
	       s->own_up && !s->refused && !s->held;
}

static u32 netvsc_vf_ask(struct netvsc_vf_state *s, enum netvsc_vf_path path)
{
	s->tries = s->asking && s->asked == path ? s->tries + 1 : 1;
	s->asking = true;
	s->asked = path;
	s->seq++;
	return NETVSC_VF_SEND;
}

static u32 netvsc_vf_look(struct netvsc_vf_state *s)
{
	bool usable = netvsc_vf_usable(s);
	enum netvsc_vf_path want = usable ? NETVSC_PATH_VF :
					    NETVSC_PATH_SYNTHETIC;
	u32 actions = 0;

	if (s->published && !usable) {
		s->published = false;
		actions |= NETVSC_VF_UNPUBLISH;
	}
	if (!s->conn || s->silent)
		return actions;

	if (s->asking ? s->asked != want : s->path != want)
		actions |= netvsc_vf_ask(s, want);
	return actions;
}

/* A flapping VF costs more than the synthetic path. */
static u32 netvsc_vf_damp(struct netvsc_vf_state *s)
{
	if (s->now_ms - s->window_ms >= NETVSC_VF_WINDOW_MS) {
		s->window_ms = s->now_ms;
		if (s->switches <= NETVSC_VF_FLAPS)
			s->hold_ms = 0;
		s->switches = 0;
	}
	if (++s->switches <= NETVSC_VF_FLAPS)
		return 0;

	s->held = true;
	s->hold_ms = clamp(s->hold_ms * 2, NETVSC_VF_HOLD_MIN_MS,
			   NETVSC_VF_HOLD_MAX_MS);
	return NETVSC_VF_HOLD;
}

static u32 netvsc_vf_left(struct netvsc_vf_state *s)
{
	u32 actions;

	if (!s->on_vf)
		return 0;
	s->on_vf = false;
	actions = NETVSC_VF_LOG_FROM;
	/* A leave that was wanted by nobody but the VF counts. */
	if (s->allocated && s->joined && !s->refused)
		actions |= netvsc_vf_damp(s);
	return actions;
}

static u32 netvsc_vf_ack(struct netvsc_vf_state *s, u32 seq)
{
	u32 actions = 0;

	if (!s->asking || seq != s->seq)
		return NETVSC_VF_STALE;

	s->asking = false;
	s->path = s->asked;
	if (s->path == NETVSC_PATH_SYNTHETIC) {
		actions |= netvsc_vf_left(s);
	} else if (netvsc_vf_usable(s)) {
		if (!s->on_vf)
			actions |= NETVSC_VF_LOG_TO;
		if (!s->published)
			actions |= NETVSC_VF_PUBLISH;
		s->on_vf = true;
		s->published = true;
	}
	return actions | netvsc_vf_look(s);
}

static u32 netvsc_vf_overdue(struct netvsc_vf_state *s, u32 seq)
{
	u32 actions;

	if (!s->asking || seq != s->seq)
		return NETVSC_VF_STALE;
	if (!s->conn) {
		s->asking = false;
		s->path = NETVSC_PATH_UNKNOWN;
		return netvsc_vf_look(s);
	}
	if (s->tries < NETVSC_VF_TRIES)
		return netvsc_vf_ask(s, s->asked);
	actions = s->asked == NETVSC_PATH_VF ? NETVSC_VF_GAVE_UP_TO :
					       NETVSC_VF_GAVE_UP_FROM;

	/* Nobody knows where the host sends now. Leave it alone for a while. */
	s->asking = false;
	s->path = NETVSC_PATH_UNKNOWN;
	s->held = true;
	s->hold_ms = clamp(s->hold_ms * 2, NETVSC_VF_HOLD_MIN_MS,
			   NETVSC_VF_HOLD_MAX_MS);
	if (s->asked == NETVSC_PATH_SYNTHETIC) {
		s->silent = true;
		/* GAVE_UP_FROM has said it: the next LOG_TO is news. */
		s->on_vf = false;
	}
	return actions | NETVSC_VF_HOLD | netvsc_vf_look(s);
}

/**
 * netvsc_vf_state_init() - no VF, no host
 * @s: the machine
 */
void netvsc_vf_state_init(struct netvsc_vf_state *s)
{
	memset(s, 0, sizeof(*s));
	s->path = NETVSC_PATH_SYNTHETIC;
}

/**
 * netvsc_vf_step() - something happened
 * @s: the machine, its inputs up to date
 * @event: what
 * @arg: a seq, for ACK and OVERDUE
 *
 * Return: NETVSC_VF_* actions.
 */
u32 netvsc_vf_step(struct netvsc_vf_state *s, enum netvsc_vf_event event,
		   u32 arg)
{
	u32 actions = 0;

	switch (event) {
	case NETVSC_VF_LOOK:
		break;
	case NETVSC_VF_ACK:
		return netvsc_vf_ack(s, arg);
	case NETVSC_VF_OVERDUE:
		return netvsc_vf_overdue(s, arg);
	case NETVSC_VF_HOST_SWITCHED:
		s->refused = true;
		s->silent = false;
		s->asking = false;
		s->path = NETVSC_PATH_SYNTHETIC;
		actions = netvsc_vf_look(s);
		return actions | netvsc_vf_left(s);
	case NETVSC_VF_HOLD_OVER:
		s->held = false;
		s->silent = false;
		break;
	case NETVSC_VF_CONN_LOST:
		s->conn = false;
		s->silent = false;
		s->asking = false;
		s->path = NETVSC_PATH_UNKNOWN;
		break;
	}
	return actions | netvsc_vf_look(s);
}
