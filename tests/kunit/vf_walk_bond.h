/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The walk's bond: the real machine and the real inbox, and around them what
 * notifiers, senders, NAPI, bond work and its timers do, in their order: a model
 * of it, which has to follow what bond.c, drain.c and life.c do. What the kernel
 * would queue is a flag, and work that nobody has queued does not run.
 */
#ifndef _HV_NETVSC_VF_WALK_BOND_H
#define _HV_NETVSC_VF_WALK_BOND_H

#include "vf/inbox.h"
#include "vf/state.h"
#include "vf_walk_host.h"

#define WALK_WAIT_MS	1000	/* NETVSC_SWITCH_ACK_NOTIFY */

/**
 * struct walk - the bond, and its host
 * @h: the host
 * @s: the machine
 * @inbox: of the bond
 * @vf_lacks: what the VF really is; the machine samples it
 * @conn: nv->conn is set
 * @sends: nv->tx_vf is set
 * @lost: NETVSC_VF_LOST
 * @started: bond work may run
 * @suspended: eth<n> is
 * @posted: bond work is queued
 * @tick: it will be at @tick_ms
 * @tick_ms: see @tick
 * @watched: somebody looks at the VF every second
 * @leaving: a sender has taken this seq, and is about to ask the host; or 0
 * @leaving_ms: when he took it
 * @sent: the last switch that was sent
 * @left: the same, if on this connection; 0: its answer is in the inbox
 * @left_ms: when that one is overdue
 * @broken: an invariant that did not hold, or NULL
 */
struct walk {
	struct walk_host h;
	struct netvsc_vf_state s;
	struct netvsc_vf_inbox inbox;
	u32 vf_lacks;
	bool conn;
	bool sends;
	bool lost;
	bool started;
	bool suspended;
	bool posted;
	bool tick;
	u64 tick_ms;
	bool watched;
	u32 leaving;
	u64 leaving_ms;
	u32 sent;
	u32 left;
	u64 left_ms;
	const char *broken;
};

/* @then: since when the bond counts its time. Return: whether it was sent. */
static bool walk_send(struct walk *w, u32 seq, u64 then)
{
	if (!w->conn || w->h.full)
		return false;
	if (w->left && w->s.now_ms < w->left_ms)
		w->broken = "two switches at a time";
	w->sent = seq;
	w->left = seq;
	w->left_ms = then + NETVSC_VF_ACK_MS;
	walk_host_reads(&w->h, seq);
	return true;
}

static void walk_sample(struct walk *w)
{
	w->s.conn = w->conn;
	w->s.lacks = w->vf_lacks;
	if (w->suspended)
		w->s.lacks |= NETVSC_VF_OWN_DOWN;
}

static void walk_step(struct walk *w, enum netvsc_vf_event event, u32 arg)
{
	u32 actions = netvsc_vf_step(&w->s, event, arg);

	if (actions & NETVSC_VF_UNPUBLISH)
		w->sends = false;
	if (actions & NETVSC_VF_SEND && w->s.asking &&
	    netvsc_vf_inbox_asks(&w->inbox, w->s.seq) &&
	    !walk_send(w, w->s.seq, w->s.now_ms))
		walk_step(w, w->conn ? NETVSC_VF_UNSENT : NETVSC_VF_CONN_LOST,
			  w->s.seq);
	if (actions & NETVSC_VF_PUBLISH)
		w->sends = true;
	if (actions & NETVSC_VF_FORGOTTEN)
		netvsc_vf_inbox_forgotten(&w->inbox);
	netvsc_vf_inbox_asked(&w->inbox, w->s.asking);
	if (w->s.published && netvsc_vf_why_not(&w->s))
		w->broken = "sends over a VF that cannot";
}

static void walk_arm(struct walk *w)
{
	u64 wait = netvsc_vf_due_ms(&w->s);

	if (!w->started)
		return;
	if (wait != NETVSC_VF_NEVER) {
		w->tick = true;
		w->tick_ms = w->s.now_ms + wait;
	}
	w->watched |= netvsc_vf_is_watched(&w->s);
}

/* What a sender has taken a seq for leaves, or does not. */
static bool walk_leave(struct walk *w)
{
	u32 seq = w->leaving;

	w->leaving = 0;
	if (!seq)
		return false;
	if (!walk_send(w, seq, w->leaving_ms))
		netvsc_vf_inbox_unasked(&w->inbox, seq);
	w->posted = true;
	return true;
}

/* Somebody sees that the VF cannot send. Return: false if he does nothing. */
static bool walk_sender(struct walk *w)
{
	/* One at a time is enough, and is what the flag is for. */
	if (!w->sends || netvsc_vf_inbox_has(&w->inbox, NETVSC_VF_ASKED) ||
	    w->lost || w->leaving)
		return false;
	w->lost = true;
	if (w->conn)
		w->leaving = netvsc_vf_inbox_ask_from(&w->inbox);
	w->leaving_ms = w->s.now_ms;
	w->posted |= !w->leaving;
	return true;
}

/* What a sender does while bond work is at it */
enum walk_race {
	WALK_ALONE,
	WALK_LEAVES,		/* his question leaves, or does not */
	WALK_SEES,		/* he sees that the VF cannot send */
};

static void walk_process(struct walk *w, enum walk_race race)
{
	enum netvsc_vf_event event;
	unsigned int i;
	u32 arg;

	w->lost = false;
	walk_sample(w);
	for (i = 0; w->conn && i < NETVSC_VF_EVENTS; i++) {
		bool left = netvsc_vf_inbox_has(&w->inbox, NETVSC_VF_ASKED);

		if (left)
			w->sends = false;
		if (race == WALK_LEAVES)
			walk_leave(w);
		if (!netvsc_vf_inbox_next(&w->inbox, left, &event, &arg))
			break;
		walk_step(w, event, arg);
		walk_sample(w);
	}
	if (race == WALK_SEES)
		walk_sender(w);
	walk_step(w, NETVSC_VF_LOOK, 0);
	/* As netvsc_vf_return() does. */
	w->sends |= w->s.published;
	walk_arm(w);
}

static void walk_run(struct walk *w, enum walk_race race)
{
	if (w->started)
		walk_process(w, race);
}

/* Bond work, if anybody has queued it. */
static bool walk_work(struct walk *w, enum walk_race race)
{
	if (!w->posted || (race == WALK_LEAVES && !w->leaving) ||
	    (race == WALK_SEES && (!w->sends || w->leaving)))
		return false;
	w->posted = false;
	walk_run(w, race);
	return true;
}

/* NAPI: the host's words get into the inbox. */
static bool walk_hear(struct walk *w)
{
	struct walk_host *h = &w->h;
	unsigned int i;

	for (i = 0; i < h->said; i++) {
		const struct walk_word *word = &h->ring[i];

		switch (word->event) {
		case NETVSC_VF_OFFERED:
		case NETVSC_VF_REVOKED:
			netvsc_vf_inbox_association(&w->inbox, word->event ==
						    NETVSC_VF_OFFERED, 1);
			break;
		case NETVSC_VF_HOST_SWITCHED:
			netvsc_vf_inbox_host_switched(&w->inbox);
			break;
		case NETVSC_VF_ACK:
			netvsc_vf_inbox_ack(&w->inbox, word->arg);
			if (word->arg == w->left)
				w->left = 0;
			break;
		}
	}
	if (!h->said)
		return false;
	h->said = 0;
	w->posted = true;
	return true;
}

static bool walk_can_send(const struct walk *w)
{
	return !(w->vf_lacks & (NETVSC_VF_NOT_JOINED | NETVSC_VF_DOWN |
				NETVSC_VF_DETACHED));
}

/* The time of the tick has come. No sender takes that long. */
static bool walk_deadline(struct walk *w)
{
	if (!w->tick)
		return false;
	walk_leave(w);
	w->tick = false;
	if (w->s.now_ms < w->tick_ms)
		w->s.now_ms = w->tick_ms;
	walk_run(w, WALK_ALONE);
	return true;
}

static bool walk_watch(struct walk *w)
{
	if (!w->watched)
		return false;
	if (!w->sends) {
		w->watched = false;
		w->posted = true;
	} else if (!walk_can_send(w)) {
		w->lost = false;
		walk_sender(w);
		walk_leave(w);
	}
	return true;
}

static void walk_take_asked(struct walk *w)
{
	u32 seq;

	if (netvsc_vf_inbox_has(&w->inbox, NETVSC_VF_ASKED)) {
		w->sends = false;
		netvsc_vf_inbox_take(&w->inbox, NETVSC_VF_ASKED, &seq);
		walk_step(w, NETVSC_VF_ASKED, seq);
	}
	if (netvsc_vf_inbox_take(&w->inbox, NETVSC_VF_UNSENT, &seq))
		walk_step(w, NETVSC_VF_UNSENT, seq);
}

/* @prompt: the host finishes its switch, and is heard, while it is waited for. */
static void walk_await_ack(struct walk *w, u64 end, bool prompt)
{
	u64 wait = netvsc_vf_due_ms(&w->s);
	u32 seq;

	if (prompt) {
		walk_finish(&w->h, true, true);
		walk_hear(w);
	}
	if (!netvsc_vf_inbox_has(&w->inbox, NETVSC_VF_ACK))
		w->s.now_ms = w->s.now_ms + wait < end ?
			      w->s.now_ms + wait + 1 : end;
	walk_take_asked(w);
	if (netvsc_vf_inbox_take(&w->inbox, NETVSC_VF_ACK, &seq))
		walk_step(w, NETVSC_VF_ACK, seq);
	else
		walk_step(w, NETVSC_VF_LOOK, 0);
}

static void walk_going_down(struct walk *w, bool prompt)
{
	u64 end = w->s.now_ms + WALK_WAIT_MS;

	walk_sample(w);
	walk_take_asked(w);
	w->s.lacks |= NETVSC_VF_DOWN;
	walk_step(w, NETVSC_VF_LOOK, 0);
	if (!w->s.asking)
		return;
	while (w->s.asking && w->s.now_ms < end)
		walk_await_ack(w, end, prompt);
	walk_arm(w);
}

/* The VF is joined, let go, or comes up. */
static void walk_look(struct walk *w, enum netvsc_vf_event event)
{
	walk_sample(w);
	walk_step(w, event, 0);
	walk_arm(w);
}

static void walk_unjoin(struct walk *w)
{
	w->vf_lacks &= NETVSC_VF_OWN_DOWN;
	w->vf_lacks |= NETVSC_VF_NOT_JOINED;
	walk_look(w, NETVSC_VF_LOOK);
	w->posted |= w->started;
}

/* A new one is up once it was taken over; an old one goes down before it goes. */
static bool walk_vf(struct walk *w, bool prompt)
{
	if (w->vf_lacks & NETVSC_VF_NOT_JOINED) {
		if (prompt)
			return false;
		w->vf_lacks &= NETVSC_VF_OWN_DOWN;
		walk_look(w, NETVSC_VF_RENEWED);
		return true;
	}
	if (!(w->vf_lacks & NETVSC_VF_DOWN))
		walk_going_down(w, prompt);
	w->vf_lacks |= NETVSC_VF_DOWN;
	walk_unjoin(w);
	return true;
}

static bool walk_vf_up(struct walk *w)
{
	if (w->vf_lacks & NETVSC_VF_NOT_JOINED)
		return false;
	if (w->vf_lacks & NETVSC_VF_DOWN) {
		w->vf_lacks &= ~NETVSC_VF_DOWN;
		walk_look(w, NETVSC_VF_RENEWED);
		return true;
	}
	walk_going_down(w, false);
	w->vf_lacks |= NETVSC_VF_DOWN;
	w->posted = true;
	return true;
}

/* Nobody tells. */
static bool walk_detach(struct walk *w)
{
	if (w->vf_lacks & NETVSC_VF_NOT_JOINED)
		return false;
	w->vf_lacks ^= NETVSC_VF_DETACHED;
	return true;
}

/* The VF goes up and down with eth<n>. */
static bool walk_own_up(struct walk *w)
{
	if (w->vf_lacks & NETVSC_VF_OWN_DOWN) {
		w->vf_lacks &= ~NETVSC_VF_OWN_DOWN;
		if (w->vf_lacks & NETVSC_VF_DOWN)
			walk_vf_up(w);
	} else {
		w->vf_lacks |= NETVSC_VF_OWN_DOWN;
		if (!(w->vf_lacks & NETVSC_VF_DOWN))
			walk_vf_up(w);
	}
	w->posted = true;
	return true;
}

static void walk_conn_gone(struct walk *w)
{
	u32 seq;

	netvsc_vf_inbox_take(&w->inbox, NETVSC_VF_ASKED, &seq);
}

static void walk_conn_ends(struct walk *w)
{
	walk_conn_gone(w);
	walk_sample(w);
	walk_step(w, NETVSC_VF_CONN_LOST, 0);
	w->conn = false;
	w->left = 0;
	/* Who has seen it still says what he has to say first. */
	walk_leave(w);
	walk_conn_gone(w);
	walk_host_closes(&w->h);
}

/* The host may speak before the connection is the bond's. */
static void walk_conn_begins(struct walk *w)
{
	netvsc_vf_inbox_forget(&w->inbox);
	walk_host_opens(&w->h);
}

static void walk_conn_is_up(struct walk *w)
{
	w->conn = true;
	walk_sample(w);
	walk_step(w, NETVSC_VF_CONN_UP, 0);
	walk_process(w, WALK_ALONE);
}

static bool walk_conn(struct walk *w)
{
	if (w->suspended)
		return false;
	if (w->conn)
		walk_conn_ends(w);
	else if (!w->h.open)
		walk_conn_begins(w);
	else
		walk_conn_is_up(w);
	return true;
}

static bool walk_suspend(struct walk *w)
{
	if (!w->suspended) {
		if (w->h.open && !w->conn)
			return false;
		w->suspended = true;
		if (!(w->vf_lacks & NETVSC_VF_NOT_JOINED))
			walk_going_down(w, false);
		w->started = false;
		if (w->conn)
			walk_conn_ends(w);
		w->posted = false;
		w->tick = false;
		w->watched = false;
		return true;
	}
	w->suspended = false;
	w->started = true;
	w->posted = true;
	walk_conn_begins(w);
	return true;
}

static void walk_remove(struct walk *w)
{
	w->started = false;
	if (!(w->vf_lacks & NETVSC_VF_NOT_JOINED)) {
		walk_going_down(w, false);
		walk_unjoin(w);
	}
}

#endif /* _HV_NETVSC_VF_WALK_BOND_H */
