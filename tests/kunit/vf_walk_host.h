/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The walk's host, as untidy as a real one: it takes its time for a switch and
 * completes at once, without effect, what it reads meanwhile; it fails, forgets
 * the switch or its answer, ignores wishes before it has announced a VF, takes
 * the path or the VF back whenever it likes, and keeps its path when the
 * connection ends. It stands still, too, and there is no room to ask it anything.
 */
#ifndef _HV_NETVSC_VF_WALK_HOST_H
#define _HV_NETVSC_VF_WALK_HOST_H

#include "vf/state.h"

#define WALK_RING	12

struct walk_word {
	u8 event;		/* enum netvsc_vf_event */
	u32 arg;
};

/**
 * struct walk_host - what the host knows and does
 * @path_vf: its data path
 * @open: there is a channel to say something on
 * @allocated: it has a VF for the guest
 * @announced: it has said so, or the opposite, on this connection
 * @full: it reads nothing, and there is no room for more
 * @busy: it is at work on the switch @busy_seq
 * @busy_seq: see @busy
 * @ring: what it has said, and the guest's NAPI has not read
 * @said: of them
 * @speechless: it had more to say than there was room for
 */
struct walk_host {
	bool path_vf;
	bool open;
	bool allocated;
	bool announced;
	bool full;
	bool busy;
	u32 busy_seq;
	struct walk_word ring[WALK_RING];
	unsigned int said;
	bool speechless;
};

static void walk_say(struct walk_host *h, enum netvsc_vf_event event, u32 arg)
{
	if (!h->open)
		return;
	if (h->said == WALK_RING) {
		h->speechless = true;
		return;
	}
	h->ring[h->said].event = event;
	h->ring[h->said++].arg = arg;
}

/* The guest asks for a switch, for which there is room. */
static void walk_host_reads(struct walk_host *h, u32 seq)
{
	if (h->busy || !h->announced) {
		walk_say(h, NETVSC_VF_ACK, seq);
		return;
	}
	h->busy = true;
	h->busy_seq = seq;
}

/* Return: whether there was a switch to finish. */
static bool walk_finish(struct walk_host *h, bool effect, bool answer)
{
	bool vf = netvsc_vf_seq_path(h->busy_seq) == NETVSC_PATH_VF;

	if (!h->busy)
		return false;
	h->busy = false;
	if (effect)
		h->path_vf = vf && h->allocated;
	if (answer)
		walk_say(h, NETVSC_VF_ACK, h->busy_seq);
	if (answer && vf && !h->path_vf)
		walk_say(h, NETVSC_VF_HOST_SWITCHED, 0);
	return true;
}

/* A host that cannot move the path back has moved it all the same. */
static bool walk_fail(struct walk_host *h)
{
	if (!h->busy || netvsc_vf_seq_path(h->busy_seq) != NETVSC_PATH_VF)
		return false;
	return walk_finish(h, false, true);
}

static bool walk_take(struct walk_host *h)
{
	if (!h->path_vf)
		return false;
	h->path_vf = false;
	walk_say(h, NETVSC_VF_HOST_SWITCHED, 0);
	return true;
}

static bool walk_offer(struct walk_host *h, bool allocated)
{
	if (h->allocated == allocated && (h->announced || !h->open))
		return false;
	h->allocated = allocated;
	if (!allocated) {
		walk_finish(h, true, true);
		walk_take(h);
	}
	h->announced |= h->open;
	walk_say(h, allocated ? NETVSC_VF_OFFERED : NETVSC_VF_REVOKED, 0);
	return true;
}

static bool walk_full(struct walk_host *h)
{
	h->full = !h->full;
	return true;
}

/* A VF that it has it will announce. */
static void walk_host_opens(struct walk_host *h)
{
	h->open = true;
	h->announced = !h->allocated;
}

static bool walk_announce(struct walk_host *h)
{
	return h->open && !h->announced && walk_offer(h, true);
}

/* What is under way takes effect, and nobody is told. */
static void walk_host_closes(struct walk_host *h)
{
	walk_finish(h, true, false);
	h->open = false;
	h->announced = false;
	h->said = 0;
}

#endif /* _HV_NETVSC_VF_WALK_HOST_H */
