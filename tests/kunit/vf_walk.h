/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every sequence of events up to a length, past the bond's machine and inbox and
 * a model of its host; for KUnit, and for a user-space program that walks further.
 */
#ifndef _HV_NETVSC_VF_WALK_H
#define _HV_NETVSC_VF_WALK_H

#include "vf_walk_bond.h"
#include "vf_walk_host.h"

enum walk_event {
	WALK_OFFER,
	WALK_REVOKE,
	WALK_TAKE,		/* the host takes the path back */
	WALK_FINISH,		/* the host has done the switch */
	WALK_FAIL,		/* ... or not, and says so afterwards */
	WALK_LOSE,		/* ... has forgotten it */
	WALK_LOSE_ANSWER,	/* ... has done it, but forgets to say so */
	WALK_FULL,		/* the ring to the host is full, or has room again */
	WALK_HEAR,		/* NAPI hears what the host has said */
	WALK_WORK,		/* ... and bond work, too */
	WALK_WORK_LEAVES,	/* ... while a sender asks, who was about to */
	WALK_WORK_SEES,		/* ... while a sender is about to ask */
	WALK_VF,		/* the VF comes, or goes while the host is slow */
	WALK_VF_PROMPT,		/* ... or while it is not */
	WALK_VF_UP,		/* it is set up or down */
	WALK_VF_DETACH,		/* its driver detaches it, or attaches it */
	WALK_SENDER,		/* a sender sees that it cannot send, and asks */
	WALK_ABOUT,		/* ... is about to ask: it may be able again by then */
	WALK_ASKS,		/* ... does */
	WALK_WATCH,		/* who looks every second, does */
	WALK_OWN_UP,		/* eth<n> up or down */
	WALK_DEADLINE,
	WALK_CONN,		/* the connection ends, begins, or is there */
	WALK_SUSPEND,		/* and resume */
	WALK_EVENTS
};

static const char *const walk_names[] = {
	[WALK_OFFER] = "offer", [WALK_REVOKE] = "revoke", [WALK_TAKE] = "take",
	[WALK_FINISH] = "finish", [WALK_FAIL] = "fail", [WALK_LOSE] = "lose",
	[WALK_LOSE_ANSWER] = "lose-answer", [WALK_FULL] = "full",
	[WALK_HEAR] = "hear", [WALK_WORK] = "work",
	[WALK_WORK_LEAVES] = "work-leaves", [WALK_WORK_SEES] = "work-sees",
	[WALK_VF] = "vf",
	[WALK_VF_PROMPT] = "vf-prompt", [WALK_VF_UP] = "vf-up",
	[WALK_VF_DETACH] = "detach", [WALK_SENDER] = "sender",
	[WALK_ABOUT] = "about", [WALK_ASKS] = "asks", [WALK_WATCH] = "watch",
	[WALK_OWN_UP] = "own-up", [WALK_DEADLINE] = "deadline",
	[WALK_CONN] = "conn", [WALK_SUSPEND] = "suspend",
};

#define WALK_MAX	10

static bool walk_sender_asks(struct walk *w)
{
	if (!walk_sender(w))
		return false;
	w->vf_lacks |= NETVSC_VF_DETACHED;
	walk_leave(w);
	return true;
}

static bool walk_hear_and_work(struct walk *w, enum walk_race race)
{
	walk_hear(w);
	return walk_work(w, race);
}

/* Return: whether anything happened; else the sequence is a shorter one. */
static bool walk_event(struct walk *w, enum walk_event event)
{
	switch (event) {
	case WALK_OFFER:
		return walk_offer(&w->h, true);
	case WALK_REVOKE:
		return walk_offer(&w->h, false);
	case WALK_TAKE:
		return walk_take(&w->h);
	case WALK_FINISH:
		return walk_finish(&w->h, true, true);
	case WALK_FAIL:
		return walk_fail(&w->h);
	case WALK_LOSE:
		return walk_finish(&w->h, false, false);
	case WALK_LOSE_ANSWER:
		return walk_finish(&w->h, true, false);
	case WALK_FULL:
		return walk_full(&w->h);
	case WALK_HEAR:
		return walk_hear(w);
	case WALK_WORK:
		return walk_hear_and_work(w, WALK_ALONE);
	case WALK_WORK_LEAVES:
		return walk_hear_and_work(w, WALK_LEAVES);
	case WALK_WORK_SEES:
		return walk_hear_and_work(w, WALK_SEES);
	case WALK_VF:
		return walk_vf(w, false);
	case WALK_VF_PROMPT:
		return walk_vf(w, true);
	case WALK_VF_UP:
		return walk_vf_up(w);
	case WALK_VF_DETACH:
		return walk_detach(w);
	case WALK_SENDER:
		return walk_sender_asks(w);
	case WALK_ABOUT:
		return walk_sender(w);
	case WALK_ASKS:
		return walk_leave(w);
	case WALK_WATCH:
		return walk_watch(w);
	case WALK_OWN_UP:
		return walk_own_up(w);
	case WALK_DEADLINE:
		return walk_deadline(w);
	case WALK_CONN:
		return walk_conn(w);
	case WALK_SUSPEND:
		return walk_suspend(w);
	case WALK_EVENTS:
		break;
	}
	return false;
}

/* What must hold after every event. */
static void walk_check(struct walk *w)
{
	bool left = netvsc_vf_inbox_has(&w->inbox, NETVSC_VF_ASKED);

	if (w->h.speechless)
		w->broken = "the host has more to say than there is room for";
	else if (w->sends && !w->s.published)
		w->broken = "sends over a VF that the machine has left";
	else if (w->sends && w->vf_lacks & (NETVSC_VF_NOT_JOINED |
					    NETVSC_VF_DOWN))
		w->broken = "sends over a VF that is down or gone";
	else if (w->sends && !left && w->left &&
		 netvsc_vf_seq_path(w->left) == NETVSC_PATH_SYNTHETIC)
		w->broken = "sends over a VF that it has asked to leave";
	else if (w->s.asking && !w->s.number_free && w->s.seq != w->sent &&
		 !left && !w->leaving &&
		 !netvsc_vf_inbox_has(&w->inbox, NETVSC_VF_UNSENT))
		w->broken = "waits for the answer to what was not sent";
}

/* From now on the host is polite, and nothing happens any more. */
static void walk_calm_down(struct walk *w)
{
	unsigned int i, looks = 3;

	w->h.full = false;
	if (w->suspended)
		walk_suspend(w);
	while (!w->conn)
		walk_conn(w);
	for (i = 0; i < 128 && !w->broken; i++) {
		if (walk_leave(w) || walk_announce(&w->h) ||
		    walk_finish(&w->h, true, true) ||
		    walk_hear(w) || walk_work(w, WALK_ALONE) ||
		    walk_deadline(w))
			continue;
		if (!looks || !walk_watch(w))
			return;
		looks--;
	}
	w->broken = w->broken ?: "never calms down";
}

/* Both have a walk of their own, which is no small thing on a kernel's stack. */
static noinline const char *walk_judge_calm(struct walk w)
{
	bool usable;

	walk_calm_down(&w);
	if (w.broken)
		return w.broken;
	/* By what the VF is, not by what the machine has seen of it. */
	walk_sample(&w);
	usable = !netvsc_vf_why_not(&w.s);
	/* A host that has said nothing at all is left in peace. */
	if (w.s.silent && !w.h.allocated && !w.s.answered)
		return NULL;
	if (w.s.allocated != w.h.allocated)
		return "has not understood what the host has";
	if (w.inbox.allocated != w.h.allocated)
		return "takes VFs for those of another connection";
	if (w.s.path != (w.h.path_vf ? NETVSC_PATH_VF : NETVSC_PATH_SYNTHETIC))
		return "host and driver do not agree on the path";
	if (w.h.path_vf != usable)
		return "the path is not where it should be";
	if (w.sends != usable || w.s.published != usable || w.s.on_vf != usable)
		return "frames are not where the path is";
	return NULL;
}

static noinline const char *walk_judge_removed(struct walk w)
{
	walk_remove(&w);
	if (w.broken)
		return w.broken;
	if (w.sends || w.s.published)
		return "the driver goes, and the VF still sends";
	return NULL;
}

/**
 * walk_from() - all sequences that go on from here
 * @w: judged, and left as it is
 * @depth: events so far
 * @length: of the longest sequence
 * @trail: the events so far
 * @count: how many sequences were judged
 *
 * Return: NULL, or what is broken after the events in @trail.
 */
static const char *walk_from(const struct walk *w, unsigned int depth,
			     unsigned int length, u8 *trail, u64 *count)
{
	const char *broken = w->broken;
	unsigned int event;

	++*count;
	broken = broken ?: walk_judge_calm(*w);
	broken = broken ?: walk_judge_removed(*w);
	for (event = 0; !broken && event < WALK_EVENTS && depth < length;
	     event++) {
		struct walk next = *w;

		trail[depth] = event;
		trail[depth + 1] = WALK_EVENTS;
		if (!walk_event(&next, event))
			continue;
		walk_check(&next);
		broken = walk_from(&next, depth + 1, length, trail, count);
	}
	return broken;
}

/**
 * struct walk_start - where a walk begins
 * @name: of it
 * @path_vf: the host has its path on the VF, from an earlier life
 * @joined: there is a VF
 * @settled: all that follows from that has happened
 */
struct walk_start {
	const char *name;
	bool path_vf;
	bool joined;
	bool settled;
};

static const struct walk_start walk_starts[] = {
	{ .name = "a new host, no VF" },
	{ .name = "the path of a predecessor, no VF", .path_vf = true },
	{ .name = "a new host, a VF", .joined = true },
	{ .name = "the path of a predecessor, a VF", .path_vf = true,
	  .joined = true },
	{ .name = "traffic over the VF", .path_vf = true, .joined = true,
	  .settled = true },
};

static struct walk walk_begin(const struct walk_start *start)
{
	struct walk w = {
		.h = {
			.path_vf = start->path_vf,
			.allocated = start->path_vf,
		},
		.vf_lacks = start->joined ? 0 : NETVSC_VF_NOT_JOINED,
		.started = true,
	};

	netvsc_vf_state_init(&w.s);
	netvsc_vf_inbox_init(&w.inbox);
	walk_conn_begins(&w);
	walk_conn_is_up(&w);
	if (start->settled)
		walk_calm_down(&w);
	return w;
}

#endif /* _HV_NETVSC_VF_WALK_H */
