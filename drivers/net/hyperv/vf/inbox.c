// SPDX-License-Identifier: GPL-2.0
/*
 * What the host said to the bond, in its order.
 *
 * NAPI cannot take RTNL, so that what the host says waits here for bond work.
 * Its order counts: the last word of a host that takes a VF away and gives it
 * back is that we have one.
 */
#include <linux/string.h>

#include "inbox.h"

/* Under the lock. */
static void netvsc_vf_inbox_put(struct netvsc_vf_inbox *inbox,
				enum netvsc_vf_event event, u32 arg)
{
	/* It would take years to wrap; 0 is nobody's. */
	if (!++inbox->stamp)
		inbox->stamp = 1;
	WRITE_ONCE(inbox->news[event].stamp, inbox->stamp);
	inbox->news[event].arg = arg;
}

/**
 * netvsc_vf_inbox_init() - nothing was said
 * @inbox: the inbox
 */
void netvsc_vf_inbox_init(struct netvsc_vf_inbox *inbox)
{
	memset(inbox, 0, sizeof(*inbox));
	spin_lock_init(&inbox->lock);
}

/**
 * netvsc_vf_inbox_association() - the host has a VF for us, or no more
 * @inbox: the inbox
 * @allocated: which of the two
 * @serial: of the VF
 *
 * Context: any but hard irq.
 */
void netvsc_vf_inbox_association(struct netvsc_vf_inbox *inbox, bool allocated,
				 u32 serial)
{
	spin_lock_bh(&inbox->lock);
	inbox->allocated = allocated;
	inbox->serial = serial;
	netvsc_vf_inbox_put(inbox, allocated ? NETVSC_VF_OFFERED :
					       NETVSC_VF_REVOKED, serial);
	spin_unlock_bh(&inbox->lock);
}

/**
 * netvsc_vf_inbox_forgotten() - what the host said of a VF counts no more
 * @inbox: the inbox; what it says just now does
 *
 * Context: any but hard irq.
 */
void netvsc_vf_inbox_forgotten(struct netvsc_vf_inbox *inbox)
{
	spin_lock_bh(&inbox->lock);
	if (!inbox->news[NETVSC_VF_OFFERED].stamp)
		inbox->allocated = false;
	spin_unlock_bh(&inbox->lock);
}

/**
 * netvsc_vf_inbox_host_switched() - the host took the data path back
 * @inbox: the inbox
 *
 * Context: any but hard irq.
 */
void netvsc_vf_inbox_host_switched(struct netvsc_vf_inbox *inbox)
{
	spin_lock_bh(&inbox->lock);
	netvsc_vf_inbox_put(inbox, NETVSC_VF_HOST_SWITCHED, 0);
	spin_unlock_bh(&inbox->lock);
}

/**
 * netvsc_vf_inbox_ack() - the host answered a switch
 * @inbox: the inbox
 * @seq: as the host gave it, not trusted
 *
 * The answer to the last switch has a place of its own, which nothing that a
 * host makes up can take.
 *
 * Context: any but hard irq.
 */
void netvsc_vf_inbox_ack(struct netvsc_vf_inbox *inbox, u32 seq)
{
	spin_lock_bh(&inbox->lock);
	if (seq == inbox->seq) {
		inbox->asking = false;
		netvsc_vf_inbox_put(inbox, NETVSC_VF_ACK, seq);
	} else {
		netvsc_vf_inbox_put(inbox, NETVSC_VF_LATE_ACK, seq);
	}
	spin_unlock_bh(&inbox->lock);
}

/**
 * netvsc_vf_inbox_owe() - the host waits for a completion
 * @inbox: the inbox, in which what it said is already
 * @conn_serial: of the connection on which it said so
 * @tid: to complete
 *
 * Context: any but hard irq. Return: false if the host waits for so many that
 * this one has to be completed at once, effect or not.
 */
bool netvsc_vf_inbox_owe(struct netvsc_vf_inbox *inbox, u32 conn_serial,
			 u64 tid)
{
	bool room;

	spin_lock_bh(&inbox->lock);
	/* Connections follow each other: nobody waits on an earlier one. */
	if (inbox->num_owed && inbox->owed[0].conn_serial != conn_serial)
		inbox->num_owed = 0;
	room = inbox->num_owed < NETVSC_VF_OWED;
	if (room)
		inbox->owed[inbox->num_owed++] = (struct netvsc_vf_owed) {
			.conn_serial = conn_serial, .tid = tid,
		};
	spin_unlock_bh(&inbox->lock);
	return room;
}

/**
 * netvsc_vf_inbox_next() - take out the oldest event
 * @inbox: the inbox
 * @asked: nobody sends over the VF any more: NETVSC_VF_ASKED may be it, too
 * @event: which
 * @arg: its argument
 *
 * Context: any but hard irq. Return: whether there was one.
 */
bool netvsc_vf_inbox_next(struct netvsc_vf_inbox *inbox, bool asked,
			  enum netvsc_vf_event *event, u32 *arg)
{
	int i, oldest = -1;

	spin_lock_bh(&inbox->lock);
	for (i = 0; i < NETVSC_VF_EVENTS; i++) {
		u32 stamp = inbox->news[i].stamp;

		if (i == NETVSC_VF_ASKED && !asked)
			continue;
		if (stamp && (oldest < 0 ||
			      (s32)(stamp - inbox->news[oldest].stamp) < 0))
			oldest = i;
	}
	if (oldest >= 0) {
		*event = oldest;
		*arg = inbox->news[oldest].arg;
		WRITE_ONCE(inbox->news[oldest].stamp, 0);
	}
	spin_unlock_bh(&inbox->lock);
	return oldest >= 0;
}

/**
 * netvsc_vf_inbox_acks_vf() - look for the answer to a switch to the VF
 * @inbox: the inbox
 *
 * Context: any but hard irq. Return: whether it waits.
 */
bool netvsc_vf_inbox_acks_vf(struct netvsc_vf_inbox *inbox)
{
	bool acks;

	spin_lock_bh(&inbox->lock);
	acks = inbox->news[NETVSC_VF_ACK].stamp &&
	       netvsc_vf_seq_path(inbox->news[NETVSC_VF_ACK].arg) ==
	       NETVSC_PATH_VF;
	spin_unlock_bh(&inbox->lock);
	return acks;
}

/**
 * netvsc_vf_inbox_forget() - drop the events that wait
 * @inbox: the inbox; what is owed stays owed
 *
 * All but that the VF was taken away, if that is the last word: of none the host
 * says nothing on the next connection.
 *
 * Context: any but hard irq.
 */
void netvsc_vf_inbox_forget(struct netvsc_vf_inbox *inbox)
{
	int i;

	spin_lock_bh(&inbox->lock);
	/* One that nobody has heard of is not remembered either. */
	if (inbox->news[NETVSC_VF_OFFERED].stamp && inbox->allocated) {
		inbox->allocated = false;
		WRITE_ONCE(inbox->news[NETVSC_VF_REVOKED].stamp, 0);
	}
	for (i = 0; i < NETVSC_VF_EVENTS; i++)
		if (i != NETVSC_VF_REVOKED || inbox->allocated)
			WRITE_ONCE(inbox->news[i].stamp, 0);
	spin_unlock_bh(&inbox->lock);
}

/**
 * netvsc_vf_inbox_take() - take out one event, ahead of others
 * @inbox: the inbox
 * @event: which
 * @arg: its argument
 *
 * Context: any but hard irq. Return: whether it was there.
 */
bool netvsc_vf_inbox_take(struct netvsc_vf_inbox *inbox,
			  enum netvsc_vf_event event, u32 *arg)
{
	bool there;

	spin_lock_bh(&inbox->lock);
	there = inbox->news[event].stamp;
	*arg = inbox->news[event].arg;
	WRITE_ONCE(inbox->news[event].stamp, 0);
	spin_unlock_bh(&inbox->lock);
	return there;
}

/**
 * netvsc_vf_inbox_take_owed() - take out the completions that are due
 * @inbox: the inbox; the events for which they are must have had their effect
 *	before they are sent
 * @owed: NETVSC_VF_OWED of them
 *
 * Return: how many.
 */
unsigned int netvsc_vf_inbox_take_owed(struct netvsc_vf_inbox *inbox,
				       struct netvsc_vf_owed *owed)
{
	unsigned int num;

	spin_lock_bh(&inbox->lock);
	num = inbox->num_owed;
	memcpy(owed, inbox->owed, num * sizeof(*owed));
	inbox->num_owed = 0;
	spin_unlock_bh(&inbox->lock);
	return num;
}

/**
 * netvsc_vf_inbox_asks() - bond work is about to ask for a switch
 * @inbox: the inbox
 * @seq: of the switch
 *
 * Return: false if a sender was faster: what it asked for waits in the inbox.
 */
bool netvsc_vf_inbox_asks(struct netvsc_vf_inbox *inbox, u32 seq)
{
	bool mine;

	spin_lock_bh(&inbox->lock);
	mine = !inbox->news[NETVSC_VF_ASKED].stamp;
	inbox->yielded = mine ? 0 : seq;
	if (mine) {
		inbox->asking = true;
		inbox->seq = seq;
	}
	spin_unlock_bh(&inbox->lock);
	return mine;
}

/**
 * netvsc_vf_inbox_ask_from() - a sender wants to ask for the synthetic side
 * @inbox: the inbox
 *
 * Bond work learns of it by the event NETVSC_VF_ASKED.
 *
 * Context: BH off. Return: the seq to ask under, or 0: one is under way.
 */
u32 netvsc_vf_inbox_ask_from(struct netvsc_vf_inbox *inbox)
{
	u32 seq = 0;

	spin_lock_bh(&inbox->lock);
	if (!inbox->asking) {
		seq = netvsc_vf_seq_next(inbox->seq, NETVSC_PATH_SYNTHETIC);
		inbox->asking = true;
		inbox->seq = seq;
		inbox->yielded = 0;
		netvsc_vf_inbox_put(inbox, NETVSC_VF_ASKED, seq);
	}
	spin_unlock_bh(&inbox->lock);
	return seq;
}

/**
 * netvsc_vf_inbox_unasked() - what a sender wanted to ask did not leave
 * @inbox: the inbox
 * @seq: of netvsc_vf_inbox_ask_from()
 *
 * If bond work has taken that for asked by now, or has left its own question to it,
 * it has to be told.
 *
 * Context: any but hard irq.
 */
void netvsc_vf_inbox_unasked(struct netvsc_vf_inbox *inbox, u32 seq)
{
	spin_lock_bh(&inbox->lock);
	if (inbox->news[NETVSC_VF_ASKED].stamp) {
		WRITE_ONCE(inbox->news[NETVSC_VF_ASKED].stamp, 0);
		inbox->asking = false;
		if (inbox->yielded)
			netvsc_vf_inbox_put(inbox, NETVSC_VF_UNSENT,
					    inbox->yielded);
		inbox->yielded = 0;
	} else {
		netvsc_vf_inbox_put(inbox, NETVSC_VF_UNSENT, seq);
	}
	spin_unlock_bh(&inbox->lock);
}

/**
 * netvsc_vf_inbox_asked() - what the machine thinks of the switch
 * @inbox: the inbox
 * @asking: one is under way, as far as the machine knows
 */
void netvsc_vf_inbox_asked(struct netvsc_vf_inbox *inbox, bool asking)
{
	spin_lock_bh(&inbox->lock);
	if (!inbox->news[NETVSC_VF_ASKED].stamp)
		inbox->asking = asking;
	spin_unlock_bh(&inbox->lock);
}
