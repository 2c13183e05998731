/* SPDX-License-Identifier: GPL-2.0 */
/* What the host said to the bond, in its order; and what it is owed for that. */
#ifndef _HV_NETVSC_VF_INBOX_H
#define _HV_NETVSC_VF_INBOX_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "state.h"

/* Messages of the host that wait for their effect; it may ask for no more. */
#define NETVSC_VF_OWED		8

/**
 * struct netvsc_vf_owed - a completion that the host waits for
 * @conn_serial: of the connection on which it asked
 * @tid: as it gave it
 */
struct netvsc_vf_owed {
	u32 conn_serial;
	u64 tid;
};

/**
 * struct netvsc_vf_inbox - from NAPI, senders and notifiers to bond work
 * @lock: guards all below; innermost, BH off
 * @stamp: of the last event
 * @news: by event: its stamp, 0: none waits; and its argument. The same event
 *	twice is one, at the place of the second: a revoke and an offer are two
 *	things in their order, and a flood of them is no more than two. Stamps are
 *	read without the lock, too
 * @asking: a switch is under way
 * @seq: of the last switch, whoever asked for it
 * @yielded: the one that bond work did not ask for, for a sender was at it; or 0
 * @allocated: the host has a VF for us, by its last word
 * @serial: of that VF
 * @owed: completions, in the order in which the host asked for them
 * @num_owed: of them
 */
struct netvsc_vf_inbox {
	spinlock_t lock; /* all below */
	u32 stamp;
	struct {
		u32 stamp;
		u32 arg;
	} news[NETVSC_VF_EVENTS];
	bool asking;
	u32 seq;
	u32 yielded;
	bool allocated;
	u32 serial;
	struct netvsc_vf_owed owed[NETVSC_VF_OWED];
	unsigned int num_owed;
};

void netvsc_vf_inbox_init(struct netvsc_vf_inbox *inbox);

void netvsc_vf_inbox_association(struct netvsc_vf_inbox *inbox, bool allocated,
				 u32 serial);
void netvsc_vf_inbox_forgotten(struct netvsc_vf_inbox *inbox);
void netvsc_vf_inbox_host_switched(struct netvsc_vf_inbox *inbox);
void netvsc_vf_inbox_ack(struct netvsc_vf_inbox *inbox, u32 seq);
bool netvsc_vf_inbox_owe(struct netvsc_vf_inbox *inbox, u32 conn_serial,
			 u64 tid);

bool netvsc_vf_inbox_next(struct netvsc_vf_inbox *inbox, bool asked,
			  enum netvsc_vf_event *event, u32 *arg);
/* Does an event wait? */
static inline bool netvsc_vf_inbox_has(const struct netvsc_vf_inbox *inbox,
				       enum netvsc_vf_event event)
{
	return READ_ONCE(inbox->news[event].stamp);
}

bool netvsc_vf_inbox_acks_vf(struct netvsc_vf_inbox *inbox);
void netvsc_vf_inbox_forget(struct netvsc_vf_inbox *inbox);
bool netvsc_vf_inbox_take(struct netvsc_vf_inbox *inbox,
			  enum netvsc_vf_event event, u32 *arg);
unsigned int netvsc_vf_inbox_take_owed(struct netvsc_vf_inbox *inbox,
				       struct netvsc_vf_owed *owed);

bool netvsc_vf_inbox_asks(struct netvsc_vf_inbox *inbox, u32 seq);
u32 netvsc_vf_inbox_ask_from(struct netvsc_vf_inbox *inbox);
void netvsc_vf_inbox_unasked(struct netvsc_vf_inbox *inbox, u32 seq);
void netvsc_vf_inbox_asked(struct netvsc_vf_inbox *inbox, bool asking);

#endif /* _HV_NETVSC_VF_INBOX_H */
