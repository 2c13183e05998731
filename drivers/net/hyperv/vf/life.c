// SPDX-License-Identifier: GPL-2.0
/* From when to when there may be a VF, a connection, and bond work. */
#include <linux/netdevice.h>
#include <linux/workqueue.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../synth/synth.h"
#include "vf.h"

/**
 * netvsc_vf_start() - begin to look for a VF
 * @nv: registered, in netvsc_devices, with a connection
 *
 * Context: RTNL.
 */
void netvsc_vf_start(struct netvsc *nv)
{
	nv->bond.started = true;
	netvsc_vf_report_start(nv);
	netvsc_vf_conn_up(nv);
	if (!nv->bond.vf)
		netvsc_vf_seek(nv);
}

/**
 * netvsc_vf_leave() - let the VF go, for good
 * @nv: about to be unregistered, not in netvsc_devices any more
 *
 * Context: RTNL.
 */
void netvsc_vf_leave(struct netvsc *nv)
{
	nv->bond.started = false;
	netvsc_vf_report_stop(nv);
	if (!nv->bond.vf)
		return;
	netvsc_vf_going_down(nv);
	netvsc_vf_unjoin(nv);
}

/**
 * netvsc_vf_stay() - the path stays where it is, whatever senders find
 * @nv: its connection is about to go, and the VF to be busy with what we want of
 *	it: who finds it so sends over the synthetic side, but does not ask the host
 *	to send there, too
 * @stays: from now on; false: not any more
 *
 * Context: RTNL.
 */
void netvsc_vf_stay(struct netvsc *nv, bool stays)
{
	WRITE_ONCE(nv->bond.stays, stays);
	/* Who has found it busy meanwhile has asked nobody. */
	if (!stays)
		clear_bit(NETVSC_VF_LOST, &nv->bond.flags);
}

/**
 * netvsc_vf_conn_gone() - forget what a sender has asked the host for
 * @nv: its connection is about to go, or nobody has it any more
 *
 * It will not be answered, and is to keep no frame from the VF.
 *
 * Context: RTNL.
 */
void netvsc_vf_conn_gone(struct netvsc *nv)
{
	u32 seq;

	netvsc_vf_inbox_take(&nv->bond.inbox, NETVSC_VF_ASKED, &seq);
}

/**
 * netvsc_vf_conn_down() - the connection is about to go
 * @nv: frames over the VF go on
 *
 * Context: RTNL.
 */
void netvsc_vf_conn_down(struct netvsc *nv)
{
	netvsc_vf_conn_gone(nv);
	netvsc_vf_sample(nv);
	netvsc_vf_event(nv, NETVSC_VF_CONN_LOST, 0);
}

/**
 * netvsc_vf_suspend() - get the traffic off the VF, which stays joined
 * @nv: about to be detached; call netvsc_vf_stop() next, without RTNL
 *
 * Context: RTNL.
 */
void netvsc_vf_suspend(struct netvsc *nv)
{
	nv->bond.suspended = true;
	if (nv->bond.vf)
		netvsc_vf_going_down(nv);
	nv->bond.started = false;
}

/**
 * netvsc_vf_resume() - bond work may run again
 * @nv: suspended; netvsc_vf_conn_up() comes next
 *
 * Context: RTNL.
 */
void netvsc_vf_resume(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;

	bond->suspended = false;
	bond->started = true;
	/* It came just before, or meanwhile. */
	if (bond->vf && !bond->took_over)
		mod_delayed_work(nv->bond_wq, &bond->takeover_work,
				 NETVSC_TAKEOVER);
	netvsc_vf_post_scan(nv);
}

/**
 * netvsc_vf_stop() - end bond work
 * @nv: not registered any more, or suspended
 * @conn: its last connection, still open, or NULL: what is owed there is paid
 *
 * Context: process, without RTNL.
 */
void netvsc_vf_stop(struct netvsc *nv, struct netvsc_conn *conn)
{
	struct netvsc_vf_owed owed[NETVSC_VF_OWED];
	struct netvsc_bond *bond = &nv->bond;
	unsigned int i, num;

	/* It may post the next one. */
	cancel_delayed_work_sync(&bond->watch);
	cancel_delayed_work_sync(&bond->work);
	cancel_delayed_work_sync(&bond->tick);
	cancel_delayed_work_sync(&bond->takeover_work);
	num = conn ? netvsc_vf_inbox_take_owed(&bond->inbox, owed) : 0;
	for (i = 0; i < num; i++)
		netvsc_complete_on(conn, owed[i].conn_serial, owed[i].tid);
}
