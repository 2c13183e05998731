// SPDX-License-Identifier: GPL-2.0
/*
 * The bond: carries out what the state machine decides.
 *
 * The host's words come in NAPI and are put into the inbox. B takes them out
 * under RTNL, looks at the VF, and steps the machine. B never waits for the
 * host: an answer, and a deadline that has passed, are events like any other.
 * Only GOING_DOWN waits in place, because the VF is gone when it returns.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rtnetlink.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../synth/conn.h"
#include "../synth/tx.h"

static void netvsc_vf_kick(struct netvsc *nv)
{
	queue_work(nv->bond_wq, &nv->bond.work);
}

/* What the host answers under another number will be nobody's answer. */
static void netvsc_vf_send(struct netvsc *nv)
{
	struct netvsc_vf_state *s = &nv->bond.state;
	struct netvsc_conn *conn = rtnl_dereference(nv->conn);
	int err = -ENODEV;

	if (conn)
		err = netvsc_nvsp_switch_path(conn,
					      s->asked == NETVSC_PATH_VF,
					      s->seq);
	if (err == -ENODEV) {
		/* The device was taken away: no answer will come. */
		netvsc_vf_step(s, NETVSC_VF_CONN_LOST, 0);
		return;
	}
	if (err)
		netdev_err(nv->ndev, "Unable to send sw datapath msg, err: %d\n",
			   err);
	/* Not sent is not answered: the deadline tries again. */
	nv->bond.ack_armed = s->seq;
	mod_delayed_work(nv->bond_wq, &nv->bond.ack_work, NETVSC_SWITCH_ACK);
}

static void netvsc_vf_unpublish(struct netvsc *nv)
{
	RCU_INIT_POINTER(nv->tx_vf, NULL);
	synchronize_net();
}

static void netvsc_vf_log(struct netvsc *nv, u32 actions)
{
	struct netvsc_bond *bond = &nv->bond;
	const char *name = bond->vf ? bond->vf->name : "(none)";

	if (actions & NETVSC_VF_LOG_TO)
		netdev_info(nv->ndev, "Data path switched to VF: %s\n", name);
	if (actions & NETVSC_VF_LOG_FROM)
		netdev_info(nv->ndev, "Data path switched from VF: %s\n", name);
	if (actions & (NETVSC_VF_GAVE_UP_TO | NETVSC_VF_GAVE_UP_FROM)) {
		netvsc_count(nv, host_overdue);
		netdev_err(nv->ndev,
			   "Data path failed to switch %s VF: %s, err: %d\n",
			   actions & NETVSC_VF_GAVE_UP_TO ? "to" : "from",
			   name, -ETIMEDOUT);
	} else if (actions & NETVSC_VF_HOLD) {
		netdev_warn(nv->ndev,
			    "VF %s comes and goes, not using it for %u ms\n",
			    name, bond->state.hold_ms);
	}
}

static void netvsc_vf_do(struct netvsc *nv, u32 actions)
{
	struct netvsc_bond *bond = &nv->bond;

	if (actions & NETVSC_VF_UNPUBLISH)
		netvsc_vf_unpublish(nv);
	if (actions & NETVSC_VF_SEND)
		netvsc_vf_send(nv);
	if (actions & NETVSC_VF_PUBLISH)
		rcu_assign_pointer(nv->tx_vf, bond->vf);
	if (actions & NETVSC_VF_STALE)
		netvsc_count(nv, host_late);
	if (actions & NETVSC_VF_HOLD && bond->started)
		mod_delayed_work(nv->bond_wq, &bond->hold_work,
				 msecs_to_jiffies(bond->state.hold_ms));
	netvsc_vf_log(nv, actions);
}

/* The machine's inputs, as they are now. */
static void netvsc_vf_sample(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	struct netvsc_vf_state *s = &bond->state;
	bool was_up = s->vf_up;

	s->now_ms = ktime_to_ms(ktime_get());
	s->conn = rtnl_dereference(nv->conn);
	s->own_up = netif_running(nv->ndev);
	s->joined = bond->vf;
	s->vf_up = bond->vf && netif_running(bond->vf);
	s->carrier = bond->vf && netif_carrier_ok(bond->vf);
	/* The VF begins anew: so may the host. */
	if (s->vf_up && !was_up)
		s->refused = false;
}

static void netvsc_vf_event(struct netvsc *nv, enum netvsc_vf_event event,
			    u32 arg)
{
	netvsc_vf_do(nv, netvsc_vf_step(&nv->bond.state, event, arg));
}

/* What is owed stays where it is if there is nobody to whom to pay it. */
static void netvsc_vf_take_inbox(struct netvsc_bond *bond,
				 struct netvsc_vf_inbox *got, bool pay)
{
	spin_lock_bh(&bond->lock);
	*got = bond->inbox;
	bond->inbox.changed = false;
	bond->inbox.assoc_news = false;
	bond->inbox.host_switched = false;
	bond->inbox.acked = false;
	if (pay)
		bond->inbox.num_owed = 0;
	else
		got->num_owed = 0;
	spin_unlock_bh(&bond->lock);
}

static void netvsc_vf_pay(struct netvsc_conn *conn,
			  const struct netvsc_vf_inbox *got)
{
	unsigned int i;

	for (i = 0; i < got->num_owed; i++)
		if (got->owed[i].conn_serial == conn->serial)
			netvsc_nvsp_ack(conn, got->owed[i].tid);
}

static void netvsc_vf_associated(struct netvsc *nv,
				 const struct netvsc_vf_inbox *got)
{
	struct netvsc_bond *bond = &nv->bond;
	struct netvsc_vf_state *s = &bond->state;

	if (s->allocated != got->allocated ||
	    bond->assoc_serial != got->serial)
		netdev_info(nv->ndev, "VF slot %u %s\n", got->serial,
			    got->allocated ? "added" : "removed");
	s->allocated = got->allocated;
	bond->assoc_serial = got->serial;
	s->refused = false;
	if (!got->allocated) {
		cancel_delayed_work(&bond->missing_work);
		return;
	}

	/* The MAC alone may have brought the wrong one. */
	if (bond->vf && bond->vf_serial != got->serial)
		netvsc_vf_unjoin(nv);
	if (!bond->vf)
		netvsc_vf_scan(nv);
	if (!bond->vf)
		mod_delayed_work(nv->bond_wq, &bond->missing_work,
				 NETVSC_VF_MISSING);
}

/* RTNL: take the inbox and do what it says. */
static void netvsc_vf_process(struct netvsc *nv)
{
	struct netvsc_conn *conn = rtnl_dereference(nv->conn);
	struct netvsc_vf_inbox got;

	netvsc_vf_take_inbox(&nv->bond, &got, conn);
	if (got.assoc_news)
		netvsc_vf_associated(nv, &got);
	netvsc_vf_sample(nv);
	if (got.acked)
		netvsc_vf_event(nv, NETVSC_VF_ACK, got.ack_seq);
	if (got.host_switched)
		netvsc_vf_event(nv, NETVSC_VF_HOST_SWITCHED, 0);
	netvsc_vf_event(nv, NETVSC_VF_LOOK, 0);
	netvsc_vf_pay(conn, &got);
}

/*
 * The last frames of a flow that went to the host over the synthetic side
 * should be on their way before the first one goes over the VF.
 */
static void netvsc_vf_settle(struct netvsc *nv)
{
	unsigned long end = jiffies + NETVSC_TX_SETTLE;
	struct netvsc_conn *conn = netvsc_conn_get(nv);

	if (!conn)
		return;
	while (!netvsc_tx_idle(conn) && time_before(jiffies, end))
		usleep_range(200, 500);
	netvsc_conn_put(conn);
}

static void netvsc_vf_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(work, struct netvsc, bond.work);
	bool to_vf;

	spin_lock_bh(&nv->bond.lock);
	to_vf = nv->bond.inbox.acked;
	spin_unlock_bh(&nv->bond.lock);
	if (to_vf)
		netvsc_vf_settle(nv);

	rtnl_lock();
	if (nv->bond.started) {
		netvsc_vf_sync_addrs(nv);
		netvsc_vf_process(nv);
	}
	rtnl_unlock();
}

static void netvsc_vf_ack_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.ack_work);

	rtnl_lock();
	if (nv->bond.started) {
		netvsc_vf_process(nv);
		if (nv->bond.state.asking)
			netvsc_vf_event(nv, NETVSC_VF_OVERDUE,
					nv->bond.ack_armed);
	}
	rtnl_unlock();
}

static void netvsc_vf_hold_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.hold_work);

	rtnl_lock();
	if (nv->bond.started) {
		netvsc_vf_sample(nv);
		netvsc_vf_event(nv, NETVSC_VF_HOLD_OVER, 0);
	}
	rtnl_unlock();
}

static void netvsc_vf_takeover_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.takeover_work);

	rtnl_lock();
	if (nv->bond.started && nv->bond.vf)
		netvsc_vf_takeover(nv);
	rtnl_unlock();
}

static void netvsc_vf_missing_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.missing_work);

	rtnl_lock();
	if (nv->bond.started && nv->bond.state.allocated && !nv->bond.vf)
		netdev_warn(nv->ndev,
			    "the host offers a VF, but none has come: is its driver there?\n");
	rtnl_unlock();
}

/**
 * netvsc_vf_post() - have B look at the VF
 * @nv: the device
 *
 * Context: any but hard irq.
 */
void netvsc_vf_post(struct netvsc *nv)
{
	spin_lock_bh(&nv->bond.lock);
	nv->bond.inbox.changed = true;
	spin_unlock_bh(&nv->bond.lock);
	netvsc_vf_kick(nv);
}

/**
 * netvsc_vf_rx_mode() - eth<n>'s address lists have changed
 * @nv: the device
 *
 * Context: addr_list_lock, BH off.
 */
void netvsc_vf_rx_mode(struct netvsc *nv)
{
	netvsc_vf_post(nv);
}

/*
 * Under lock. Return: whether B will complete the message; a host that floods
 * us gets its completion at once, effect or not.
 */
static bool netvsc_vf_owe(struct netvsc *nv, u32 conn_serial, u64 tid)
{
	struct netvsc_vf_inbox *inbox = &nv->bond.inbox;

	/* Connections follow each other: nobody waits on an earlier one. */
	if (inbox->num_owed && inbox->owed[0].conn_serial != conn_serial)
		inbox->num_owed = 0;
	if (inbox->num_owed == NETVSC_VF_OWED) {
		netvsc_count(nv, host_malformed);
		return false;
	}
	inbox->owed[inbox->num_owed].conn_serial = conn_serial;
	inbox->owed[inbox->num_owed].tid = tid;
	inbox->num_owed++;
	return true;
}

/**
 * netvsc_vf_host_association() - the host has a VF for us, or has no more
 * @nv: the device, maybe not registered yet
 * @allocated: which of the two
 * @serial: of the VF
 * @conn_serial: of the connection on which it said so
 * @tid: to complete
 * @owed: if the host asked for that
 *
 * Context: NAPI. Return: whether the message is completed from here; else the
 * caller has to do it, if it was asked for.
 */
bool netvsc_vf_host_association(struct netvsc *nv, bool allocated, u32 serial,
				u32 conn_serial, u64 tid, bool owed)
{
	struct netvsc_bond *bond = &nv->bond;
	bool ours;

	spin_lock_bh(&bond->lock);
	bond->inbox.assoc_news = true;
	bond->inbox.allocated = allocated;
	bond->inbox.serial = serial;
	ours = owed && netvsc_vf_owe(nv, conn_serial, tid);
	spin_unlock_bh(&bond->lock);
	netvsc_vf_kick(nv);
	return ours;
}

/**
 * netvsc_vf_host_path() - the host switched the data path by itself
 * @nv: the device
 * @path: NVSP_PATH_*; a host only ever takes it back
 * @conn_serial: of the connection on which it said so
 * @tid: to complete
 * @owed: if the host asked for that
 *
 * Context and return: as netvsc_vf_host_association().
 */
bool netvsc_vf_host_path(struct netvsc *nv, u32 path, u32 conn_serial, u64 tid,
			 bool owed)
{
	struct netvsc_bond *bond = &nv->bond;
	bool ours;

	spin_lock_bh(&bond->lock);
	if (path == NETVSC_PATH_SYNTHETIC)
		bond->inbox.host_switched = true;
	ours = owed && netvsc_vf_owe(nv, conn_serial, tid);
	spin_unlock_bh(&bond->lock);
	netvsc_vf_kick(nv);
	return ours;
}

/**
 * netvsc_vf_switch_done() - the host answered a switch of the data path
 * @nv: the device
 * @seq: as the host gave it, not trusted
 *
 * Context: NAPI.
 */
void netvsc_vf_switch_done(struct netvsc *nv, u32 seq)
{
	struct netvsc_bond *bond = &nv->bond;

	spin_lock_bh(&bond->lock);
	bond->inbox.acked = true;
	bond->inbox.ack_seq = seq;
	spin_unlock_bh(&bond->lock);
	wake_up(&bond->wait);
	netvsc_vf_kick(nv);
}

static bool netvsc_vf_is_acked(struct netvsc_bond *bond, u32 seq)
{
	bool acked;

	spin_lock_bh(&bond->lock);
	acked = bond->inbox.acked && bond->inbox.ack_seq == seq;
	spin_unlock_bh(&bond->lock);
	return acked;
}

/**
 * netvsc_vf_going_down() - get the traffic off the VF while it still works
 * @nv: its VF is about to go down
 *
 * Context: RTNL, maybe the VF's lock; waits for VF_DRAIN, SWITCH_ACK_NOTIFY
 * and RX_GRACE at most.
 */
void netvsc_vf_going_down(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	struct netvsc_vf_state *s = &bond->state;

	netvsc_vf_sample(nv);
	s->vf_up = false;
	netvsc_vf_event(nv, NETVSC_VF_LOOK, 0);
	netvsc_vf_drain(bond->vf);
	if (!s->asking)
		return;

	wait_event_timeout(bond->wait, netvsc_vf_is_acked(bond, s->seq),
			   NETVSC_SWITCH_ACK_NOTIFY);
	if (netvsc_vf_is_acked(bond, s->seq)) {
		netvsc_vf_event(nv, NETVSC_VF_ACK, s->seq);
		spin_lock_bh(&bond->lock);
		bond->inbox.acked = false;
		spin_unlock_bh(&bond->lock);
		/* The VF's NAPI hands up what the host had given it. */
		schedule_timeout_uninterruptible(NETVSC_RX_GRACE);
	}
}

/**
 * netvsc_vf_joined() - a VF was enslaved, or let go
 * @nv: the device
 * @joined: which of the two
 *
 * Context: RTNL.
 */
void netvsc_vf_joined(struct netvsc *nv, bool joined)
{
	struct netvsc_bond *bond = &nv->bond;

	if (joined) {
		bond->state.refused = false;
		bond->state.held = false;
		cancel_delayed_work(&bond->missing_work);
		if (bond->started)
			mod_delayed_work(nv->bond_wq, &bond->takeover_work,
					 NETVSC_TAKEOVER);
	} else {
		cancel_delayed_work(&bond->takeover_work);
	}
	netvsc_vf_sample(nv);
	netvsc_vf_event(nv, NETVSC_VF_LOOK, 0);
}

/**
 * netvsc_vf_conn_up() - there is a host to talk to again
 * @nv: nv->conn is set
 *
 * Context: RTNL.
 */
void netvsc_vf_conn_up(struct netvsc *nv)
{
	netvsc_vf_process(nv);
}

/**
 * netvsc_vf_conn_down() - the connection is about to go
 * @nv: frames over the VF go on
 *
 * Context: RTNL.
 */
void netvsc_vf_conn_down(struct netvsc *nv)
{
	netvsc_vf_sample(nv);
	netvsc_vf_event(nv, NETVSC_VF_CONN_LOST, 0);
}

/**
 * netvsc_vf_start() - begin to look for a VF
 * @nv: registered, in netvsc_devices
 *
 * Context: RTNL.
 */
void netvsc_vf_start(struct netvsc *nv)
{
	nv->bond.started = true;
	netvsc_vf_process(nv);
	if (!nv->bond.vf)
		netvsc_vf_scan(nv);
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
	if (!nv->bond.vf)
		return;
	netvsc_vf_going_down(nv);
	netvsc_vf_unjoin(nv);
}

/**
 * netvsc_vf_stop() - end B's work
 * @nv: not registered any more
 * @conn: its last connection, still open, or NULL: what is owed there is paid
 *
 * Context: process, without RTNL.
 */
void netvsc_vf_stop(struct netvsc *nv, struct netvsc_conn *conn)
{
	struct netvsc_bond *bond = &nv->bond;
	struct netvsc_vf_inbox got;

	cancel_work_sync(&bond->work);
	cancel_delayed_work_sync(&bond->ack_work);
	cancel_delayed_work_sync(&bond->hold_work);
	cancel_delayed_work_sync(&bond->takeover_work);
	cancel_delayed_work_sync(&bond->missing_work);

	netvsc_vf_take_inbox(bond, &got, conn);
	netvsc_vf_pay(conn, &got);
}

/**
 * netvsc_vf_init() - a bond without a VF
 * @nv: fresh from alloc_etherdev
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int netvsc_vf_init(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;

	nv->vf_stats = netdev_alloc_pcpu_stats(struct netvsc_vf_stats);
	if (!nv->vf_stats)
		return -ENOMEM;

	netvsc_vf_state_init(&bond->state);
	spin_lock_init(&bond->lock);
	init_waitqueue_head(&bond->wait);
	INIT_WORK(&bond->work, netvsc_vf_work);
	INIT_DELAYED_WORK(&bond->ack_work, netvsc_vf_ack_work);
	INIT_DELAYED_WORK(&bond->hold_work, netvsc_vf_hold_work);
	INIT_DELAYED_WORK(&bond->takeover_work, netvsc_vf_takeover_work);
	INIT_DELAYED_WORK(&bond->missing_work, netvsc_vf_missing_work);
	return 0;
}

/**
 * netvsc_vf_exit() - undo netvsc_vf_init()
 * @nv: stopped
 */
void netvsc_vf_exit(struct netvsc *nv)
{
	free_percpu(nv->vf_stats);
}
