/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every sequence of events up to a length, past the bond's machine and a model
 * of its host; for KUnit, and for a user-space program that walks further.
 *
 * The host is as untidy as a real one: it takes its time for a switch and
 * completes at once, without effect, what it reads meanwhile; it fails, forgets
 * the switch or its answer, ignores wishes before it has announced a VF, takes
 * the path or the VF back whenever it likes, and keeps its path when the
 * connection ends. It stands still, too, and there is no room to ask it anything.
 */
#ifndef _HV_NETVSC_VF_WALK_H
#define _HV_NETVSC_VF_WALK_H

#include "vf/state.h"

enum walk_event {
	WALK_OFFER,
	WALK_REVOKE,
	WALK_TAKE,		/* the host takes the path back */
	WALK_FINISH,		/* the host has done the switch */
	WALK_FAIL,		/* ... or not, and says so afterwards */
	WALK_LOSE,		/* ... has forgotten it */
	WALK_LOSE_ANSWER,	/* ... has done it, but forgets to say so */
	WALK_DELIVER,		/* the guest hears what the host has said */
	WALK_VF,		/* the VF comes or goes */
	WALK_VF_UP,		/* it is set up or down */
	WALK_VF_DETACH,		/* its driver detaches it, or attaches it */
	WALK_SENDER,		/* a sender sees that it cannot send */
	WALK_BLINK,		/* ... for a moment: it can again when we hear of it */
	WALK_OWN_UP,		/* eth<n> up or down; suspend is down */
	WALK_DEADLINE,
	WALK_FULL,		/* the ring to the host is full, or has room again */
	WALK_CONN,		/* the connection ends, or begins anew */
	WALK_EVENTS
};

static const char *const walk_names[] = {
	[WALK_OFFER] = "offer", [WALK_REVOKE] = "revoke", [WALK_TAKE] = "take",
	[WALK_FINISH] = "finish", [WALK_FAIL] = "fail", [WALK_LOSE] = "lose",
	[WALK_LOSE_ANSWER] = "lose-answer", [WALK_DELIVER] = "deliver",
	[WALK_VF] = "vf", [WALK_VF_UP] = "vf-up", [WALK_VF_DETACH] = "detach",
	[WALK_SENDER] = "sender", [WALK_BLINK] = "blink", [WALK_OWN_UP] = "own-up",
	[WALK_DEADLINE] = "deadline", [WALK_FULL] = "full", [WALK_CONN] = "conn",
};

#define WALK_QUEUE	12
#define WALK_MAX	10

struct walk_word {
	u8 event;		/* enum netvsc_vf_event */
	u32 arg;
};

/**
 * struct walk - machine and host
 * @s: the machine
 * @vf_lacks: what the VF really is; the machine samples it
 * @path_vf: the host's data path
 * @allocated: the host has a VF for the guest
 * @announced: it has said so on this connection
 * @full: it reads nothing, and there is no room for more
 * @busy: it is at work on the switch @busy_seq
 * @busy_seq: see @busy
 * @queue: what it has said, and the guest has not heard
 * @queued: of them
 * @broken: an invariant that did not hold, or NULL
 */
struct walk {
	struct netvsc_vf_state s;
	u32 vf_lacks;
	bool path_vf;
	bool allocated;
	bool announced;
	bool full;
	bool busy;
	u32 busy_seq;
	struct walk_word queue[WALK_QUEUE];
	unsigned int queued;
	const char *broken;
};

static void walk_say(struct walk *w, enum netvsc_vf_event event, u32 arg)
{
	if (w->queued == WALK_QUEUE) {
		w->broken = "more to say than there is room for";
		return;
	}
	w->queue[w->queued].event = event;
	w->queue[w->queued++].arg = arg;
}

/* The guest asks for a switch. */
static void walk_send(struct walk *w, u32 seq)
{
	if (!w->s.conn)
		w->broken = "a message without a connection";
	if (w->busy || !w->announced) {
		walk_say(w, NETVSC_VF_ACK, seq);
		return;
	}
	w->busy = true;
	w->busy_seq = seq;
}

static void walk_step(struct walk *w, enum netvsc_vf_event event, u32 arg)
{
	bool asking = w->s.asking && w->s.now_ms < w->s.due_ms;
	bool published = w->s.published;
	u32 seq = w->s.seq, actions;

	w->s.lacks = w->vf_lacks;
	actions = netvsc_vf_step(&w->s, event, arg);
	if (actions & NETVSC_VF_SEND && asking &&
	    !(event == NETVSC_VF_ACK && arg == seq) &&
	    event != NETVSC_VF_CONN_UP)
		w->broken = "two switches at a time";
	if (actions & NETVSC_VF_UNPUBLISH)
		published = false;
	if (actions & NETVSC_VF_PUBLISH)
		published = true;
	if (published != w->s.published)
		w->broken = "published without an action, or the reverse";
	if (w->s.published && netvsc_vf_why_not(&w->s))
		w->broken = "sends over a VF that cannot";
	if (w->s.published && w->s.asking &&
	    w->s.asked == NETVSC_PATH_SYNTHETIC)
		w->broken = "sends over a VF that it has asked to leave";
	if (!(actions & NETVSC_VF_SEND))
		return;
	if (w->full)
		walk_step(w, NETVSC_VF_UNSENT, w->s.seq);
	else
		walk_send(w, w->s.seq);
}

static bool walk_deliver(struct walk *w)
{
	struct walk_word word = w->queue[0];
	unsigned int i;

	if (!w->queued || !w->s.conn)
		return false;
	for (i = 1; i < w->queued; i++)
		w->queue[i - 1] = w->queue[i];
	w->queued--;
	walk_step(w, word.event, word.arg);
	return true;
}

/* Return: whether there was a switch to finish. */
static bool walk_finish(struct walk *w, bool effect, bool answer)
{
	bool vf = netvsc_vf_seq_path(w->busy_seq) == NETVSC_PATH_VF;

	if (!w->busy)
		return false;
	w->busy = false;
	if (effect)
		w->path_vf = vf && w->allocated;
	if (answer)
		walk_say(w, NETVSC_VF_ACK, w->busy_seq);
	if (answer && vf && !w->path_vf)
		walk_say(w, NETVSC_VF_HOST_SWITCHED, 0);
	return true;
}

/* A host that cannot move the path back has moved it all the same. */
static bool walk_fail(struct walk *w)
{
	if (!w->busy || netvsc_vf_seq_path(w->busy_seq) != NETVSC_PATH_VF)
		return false;
	return walk_finish(w, false, true);
}

static bool walk_take(struct walk *w)
{
	if (!w->path_vf)
		return false;
	w->path_vf = false;
	if (w->s.conn)
		walk_say(w, NETVSC_VF_HOST_SWITCHED, 0);
	return true;
}

static bool walk_offer(struct walk *w, bool allocated)
{
	if (w->allocated == allocated)
		return false;
	w->allocated = allocated;
	if (!allocated) {
		walk_finish(w, true, true);
		walk_take(w);
	}
	if (w->s.conn) {
		w->announced = true;
		walk_say(w, allocated ? NETVSC_VF_OFFERED : NETVSC_VF_REVOKED, 0);
	}
	return true;
}

static bool walk_conn(struct walk *w)
{
	if (w->s.conn) {
		walk_step(w, NETVSC_VF_CONN_LOST, 0);
		/* What is under way takes effect, and nobody is told. */
		walk_finish(w, true, false);
		w->queued = 0;
		w->announced = false;
		return true;
	}
	w->s.conn = true;
	walk_step(w, NETVSC_VF_CONN_UP, 0);
	if (w->allocated)
		walk_say(w, NETVSC_VF_OFFERED, 0);
	w->announced = true;
	return true;
}

/* It goes down before it goes; a new one is up once it was taken over. */
static bool walk_vf(struct walk *w)
{
	if (w->vf_lacks & NETVSC_VF_NOT_JOINED) {
		w->vf_lacks &= NETVSC_VF_OWN_DOWN;
		walk_step(w, NETVSC_VF_RENEWED, 0);
		return true;
	}
	w->vf_lacks &= NETVSC_VF_OWN_DOWN;
	w->vf_lacks |= NETVSC_VF_NOT_JOINED | NETVSC_VF_DOWN;
	walk_step(w, NETVSC_VF_LOOK, 0);
	return true;
}

static bool walk_toggle(struct walk *w, u32 bit)
{
	if (w->vf_lacks & NETVSC_VF_NOT_JOINED && bit != NETVSC_VF_OWN_DOWN)
		return false;
	w->vf_lacks ^= bit;
	walk_step(w, bit == NETVSC_VF_DOWN && !(w->vf_lacks & bit) ?
		  NETVSC_VF_RENEWED : NETVSC_VF_LOOK, 0);
	return true;
}

/* The VF is detached without a word, maybe not for long; a sender sees it first. */
static bool walk_sender(struct walk *w, u32 lacks)
{
	u32 seq = netvsc_vf_seq_next(w->s.seq, NETVSC_PATH_SYNTHETIC);

	if (!w->s.published || w->s.asking || !w->s.conn || w->full)
		return false;
	w->vf_lacks |= lacks;
	walk_send(w, seq);
	walk_step(w, NETVSC_VF_ASKED, seq);
	return true;
}

static bool walk_full(struct walk *w)
{
	w->full = !w->full;
	return true;
}

static bool walk_deadline(struct walk *w)
{
	u64 wait = netvsc_vf_due_ms(&w->s);

	if (wait == NETVSC_VF_NEVER)
		return false;
	w->s.now_ms += wait;
	walk_step(w, NETVSC_VF_LOOK, 0);
	return true;
}

/* Return: whether anything happened; else the sequence is a shorter one. */
static bool walk_event(struct walk *w, enum walk_event event)
{
	switch (event) {
	case WALK_OFFER:
		return walk_offer(w, true);
	case WALK_REVOKE:
		return walk_offer(w, false);
	case WALK_TAKE:
		return walk_take(w);
	case WALK_FINISH:
		return walk_finish(w, true, true);
	case WALK_FAIL:
		return walk_fail(w);
	case WALK_LOSE:
		return walk_finish(w, false, false);
	case WALK_LOSE_ANSWER:
		return walk_finish(w, true, false);
	case WALK_DELIVER:
		return walk_deliver(w);
	case WALK_VF:
		return walk_vf(w);
	case WALK_VF_UP:
		return walk_toggle(w, NETVSC_VF_DOWN);
	case WALK_VF_DETACH:
		return walk_toggle(w, NETVSC_VF_DETACHED);
	case WALK_SENDER:
		return walk_sender(w, NETVSC_VF_DETACHED);
	case WALK_BLINK:
		return walk_sender(w, 0);
	case WALK_OWN_UP:
		return walk_toggle(w, NETVSC_VF_OWN_DOWN);
	case WALK_DEADLINE:
		return walk_deadline(w);
	case WALK_FULL:
		return walk_full(w);
	case WALK_CONN:
		return walk_conn(w);
	case WALK_EVENTS:
		break;
	}
	return false;
}

/* From now on the host is polite, and nothing happens any more. */
static void walk_calm_down(struct walk *w)
{
	unsigned int i;

	w->full = false;
	if (!w->s.conn)
		walk_conn(w);
	for (i = 0; i < 64 && !w->broken; i++) {
		if (walk_finish(w, true, true) || walk_deliver(w))
			continue;
		if (!walk_deadline(w))
			return;
	}
	w->broken = w->broken ?: "never calms down";
}

static void walk_judge(struct walk w, const char **broken)
{
	bool usable;

	walk_calm_down(&w);
	usable = !netvsc_vf_why_not(&w.s);
	/* A host that has said nothing at all is left in peace. */
	if (!w.broken && w.s.silent && !w.allocated && !w.s.answered)
		return;
	if (w.broken)
		*broken = w.broken;
	else if (w.s.allocated != w.allocated)
		*broken = "has not understood what the host has";
	else if (w.s.path != (w.path_vf ? NETVSC_PATH_VF : NETVSC_PATH_SYNTHETIC))
		*broken = "host and driver do not agree on the path";
	else if (w.path_vf != usable)
		*broken = "the path is not where it should be";
	else if (w.s.published != usable || w.s.on_vf != usable)
		*broken = "frames are not where the path is";
}

/**
 * walk_from() - all sequences that go on from here
 * @w: by value: each sequence has its own
 * @depth: events so far
 * @length: of the longest sequence
 * @trail: the events so far
 * @count: how many sequences were judged
 *
 * Return: NULL, or what is broken after the events in @trail.
 */
static const char *walk_from(struct walk w, unsigned int depth,
			     unsigned int length, u8 *trail, u64 *count)
{
	const char *broken = w.broken;
	unsigned int event;

	++*count;
	if (!broken)
		walk_judge(w, &broken);
	for (event = 0; !broken && event < WALK_EVENTS && depth < length;
	     event++) {
		struct walk next = w;

		trail[depth] = event;
		trail[depth + 1] = WALK_EVENTS;
		if (walk_event(&next, event))
			broken = walk_from(next, depth + 1, length, trail,
					   count);
	}
	return broken;
}

/* A host that has its path on the VF from an earlier life, or not. */
static struct walk walk_begin(bool path_vf, bool joined)
{
	struct walk w = { .path_vf = path_vf, .allocated = path_vf };

	netvsc_vf_state_init(&w.s);
	w.vf_lacks = joined ? 0 : NETVSC_VF_NOT_JOINED;
	walk_conn(&w);
	return w;
}

#endif /* _HV_NETVSC_VF_WALK_H */
