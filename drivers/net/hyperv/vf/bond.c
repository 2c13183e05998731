// SPDX-License-Identifier: GPL-2.0
/*
 * The bond: carries out what the state machine decides.
 *
 * Bond work takes the host's words out of the inbox under RTNL, looks at the VF,
 * and steps the machine. It never waits for the host: an answer, and a deadline
 * that has passed, are events like any other. Only GOING_DOWN waits in place
 * (drain.c), because the VF is gone when it returns.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rtnetlink.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../synth/synth.h"
#include "trace.h"
#include "vf.h"

/* A host that floods us gets no more runs of bond work than these a second. */
#define NETVSC_VF_BURST		20
#define NETVSC_VF_BURST_DELAY	msecs_to_jiffies(100)

/* A VF can be detached without a word, and a queue of it can hang. */
#define NETVSC_VF_WATCH		HZ

/**
 * netvsc_vf_post() - have bond work look at the VF
 * @nv: the device
 *
 * Context: any but hard irq.
 */
void netvsc_vf_post(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	unsigned long delay = 0;

	if (READ_ONCE(bond->runs) > NETVSC_VF_BURST &&
	    time_before(jiffies, READ_ONCE(bond->burst_end)))
		delay = NETVSC_VF_BURST_DELAY;
	queue_delayed_work(nv->bond_wq, &bond->work, delay);
}

static int netvsc_vf_ask_host(struct netvsc *nv, bool to_vf, u32 seq)
{
	/* Ahead of it: the answer may be faster than we are. */
	trace_netvsc_vf_ask(nv->ndev, to_vf, seq);
	return netvsc_switch_path(nv, to_vf, seq);
}

/* What the host answers under another number will be nobody's answer. */
static void netvsc_vf_send(struct netvsc *nv)
{
	struct netvsc_vf_state *s = &nv->bond.state;
	int err;

	if (!s->asking || !netvsc_vf_inbox_asks(&nv->bond.inbox, s->seq))
		return;
	err = netvsc_vf_ask_host(nv, s->asked == NETVSC_PATH_VF, s->seq);
	if (err == -ENODEV) {
		/* The device was taken away: no answer will come. */
		netvsc_vf_event(nv, NETVSC_VF_CONN_LOST, 0);
		err = 0;
	} else if (err) {
		netvsc_vf_event(nv, NETVSC_VF_UNSENT, s->seq);
	}
	/* It is tried again: once will do. */
	if (err && !nv->bond.unsent)
		netdev_err(nv->ndev, "Unable to send sw datapath msg, err: %d\n",
			   err);
	nv->bond.unsent = err;
}

/* Nobody is about to give the VF a frame when this returns. */
static void netvsc_vf_unpublish(struct netvsc *nv)
{
	RCU_INIT_POINTER(nv->tx_vf, NULL);
	synchronize_net();
}

/**
 * netvsc_vf_seek() - look for a VF
 * @nv: without one
 *
 * In its own namespace at once. In others, where an earlier driver may have left
 * it, bond work does.
 *
 * Context: RTNL, no VF's lock.
 */
void netvsc_vf_seek(struct netvsc *nv)
{
	netvsc_vf_scan(nv);
	if (!nv->bond.vf)
		netvsc_vf_post_scan(nv);
}

/* Its driver is not there, or it has another serial than the host said. */
static void netvsc_vf_is_missing(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;

	bond->by_mac = true;
	netvsc_vf_seek(nv);
	if (bond->vf)
		netdev_warn(nv->ndev,
			    "the host offers the VF of slot %u, taking %s of slot %u by its MAC\n",
			    bond->assoc_serial, bond->vf->name,
			    bond->vf_serial);
	else
		netdev_warn(nv->ndev,
			    "the host offers a VF, but none has come: is its driver there?\n");
}

/* The host has not repeated it. */
static void netvsc_vf_on_forgotten(struct netvsc *nv)
{
	netvsc_vf_inbox_forgotten(&nv->bond.inbox);
	netvsc_vf_report_association(nv, false, nv->bond.assoc_serial);
}

static void netvsc_vf_do(struct netvsc *nv, u32 actions)
{
	struct netvsc_bond *bond = &nv->bond;

	if (actions & NETVSC_VF_UNPUBLISH) {
		/* Ahead of the first frame that the host is to cut. */
		netvsc_set_tso_max(nv, NULL, NULL);
		netvsc_vf_unpublish(nv);
	}
	if (actions & NETVSC_VF_SEND)
		netvsc_vf_send(nv);
	if (actions & NETVSC_VF_PUBLISH) {
		rcu_assign_pointer(nv->tx_vf, bond->vf);
		netvsc_set_tso_max(nv, NULL, bond->vf);
		netvsc_release_sends(nv);
	}
	if (actions & (NETVSC_VF_PUBLISH | NETVSC_VF_UNPUBLISH))
		netvsc_link_refresh(nv);
	if (actions & NETVSC_VF_STALE)
		netvsc_count(nv, host_late);
	if (actions & NETVSC_VF_FORGOTTEN)
		netvsc_vf_on_forgotten(nv);
	netvsc_vf_inbox_asked(&bond->inbox, bond->state.asking);
	netvsc_vf_report_step(nv, actions);
	if (actions & NETVSC_VF_IS_MISSING)
		netvsc_vf_is_missing(nv);
}

static u32 netvsc_vf_lacks(const struct netvsc *nv)
{
	const struct netvsc_bond *bond = &nv->bond;
	const struct net_device *vf = bond->vf;
	u32 lacks = 0;

	if (!netif_running(nv->ndev) || bond->suspended)
		lacks |= NETVSC_VF_OWN_DOWN;
	if (!vf)
		return lacks | NETVSC_VF_NOT_JOINED;
	if (!bond->took_over)
		lacks |= NETVSC_VF_NOT_TAKEN;
	if (!netif_running(vf))
		lacks |= NETVSC_VF_DOWN;
	if (!netif_device_present(vf))
		lacks |= NETVSC_VF_DETACHED;
	if (!netif_carrier_ok(vf))
		lacks |= NETVSC_VF_NO_CARRIER;
	if (READ_ONCE(vf->mtu) < nv->ndev->mtu)
		lacks |= NETVSC_VF_SMALL_MTU;
	if (bond->took_over && bond->other_mac)
		lacks |= NETVSC_VF_OTHER_MAC;
	if (netif_running(vf) && netvsc_vf_stuck(vf))
		lacks |= NETVSC_VF_STUCK;
	return lacks;
}

/**
 * netvsc_vf_now() - tell the machine the time
 * @nv: the device
 *
 * Context: RTNL.
 */
void netvsc_vf_now(struct netvsc *nv)
{
	nv->bond.state.now_ms = ktime_to_ms(ktime_get_boottime());
}

/**
 * netvsc_vf_sample() - tell the machine how things are now
 * @nv: the device
 *
 * Context: RTNL.
 */
void netvsc_vf_sample(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	struct netvsc_vf_state *s = &bond->state;
	bool small;

	netvsc_vf_now(nv);
	s->conn = netvsc_can_switch_path(nv);
	s->lacks = netvsc_vf_lacks(nv);

	small = s->lacks & NETVSC_VF_SMALL_MTU && bond->took_over;
	if (small && !bond->small_mtu)
		netdev_warn(nv->ndev,
			    "VF %s has an MTU of %u, not using it for ours of %u\n",
			    bond->vf->name, bond->vf->mtu, nv->ndev->mtu);
	bond->small_mtu = small;
}

/**
 * netvsc_vf_event() - step the machine, and do what it decides
 * @nv: the device, sampled
 * @event: what has happened
 * @arg: of @event
 *
 * Context: RTNL.
 */
void netvsc_vf_event(struct netvsc *nv, enum netvsc_vf_event event, u32 arg)
{
	struct netvsc_vf_state *s = &nv->bond.state;
	u32 actions = netvsc_vf_step(s, event, arg);

	trace_netvsc_vf_step(nv->ndev, s, event, arg, actions);
	netvsc_vf_do(nv, actions);
}

static void netvsc_vf_on_offered(struct netvsc *nv, u32 serial)
{
	struct netvsc_bond *bond = &nv->bond;
	bool was = bond->state.allocated && bond->assoc_serial == serial;

	if (!was)
		netvsc_vf_report_association(nv, true, serial);
	/* The MAC alone may have brought the wrong one. */
	if (!was && bond->vf && bond->vf_serial != serial && !bond->by_mac)
		netvsc_vf_unjoin(nv);
	if (!was)
		bond->by_mac = false;
	bond->assoc_serial = serial;
	netvsc_vf_event(nv, NETVSC_VF_OFFERED, 0);
	if (!bond->vf)
		netvsc_vf_seek(nv);
}

static void netvsc_vf_on_revoked(struct netvsc *nv, u32 serial)
{
	struct netvsc_bond *bond = &nv->bond;

	if (bond->state.allocated || bond->assoc_serial != serial)
		netvsc_vf_report_association(nv, false, serial);
	bond->assoc_serial = serial;
	netvsc_vf_event(nv, NETVSC_VF_REVOKED, 0);
}

static void netvsc_vf_handle(struct netvsc *nv, enum netvsc_vf_event event,
			     u32 arg)
{
	/* A VF's driver may be called: no frame waits for that. */
	if (event != NETVSC_VF_ACK)
		netvsc_release_sends(nv);

	switch (event) {
	case NETVSC_VF_OFFERED:
		netvsc_vf_on_offered(nv, arg);
		break;
	case NETVSC_VF_REVOKED:
		netvsc_vf_on_revoked(nv, arg);
		break;
	default:
		netvsc_vf_event(nv, event, arg);
	}
}

/**
 * netvsc_vf_arm() - have the machine looked at again when something comes due
 * @nv: the device
 *
 * Context: RTNL.
 */
void netvsc_vf_arm(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	u64 wait = netvsc_vf_due_ms(&bond->state);

	if (!bond->started)
		return;
	if (wait != NETVSC_VF_NEVER)
		mod_delayed_work(nv->bond_wq, &bond->tick,
				 msecs_to_jiffies(wait) + 1);
	if (netvsc_vf_is_watched(&bond->state))
		queue_delayed_work(system_highpri_wq, &bond->watch,
				   NETVSC_VF_WATCH);
}

/* Out of the inbox, what a sender has asked keeps no frame from the VF any more. */
static bool netvsc_vf_next(struct netvsc *nv, enum netvsc_vf_event *event,
			   u32 *arg)
{
	struct netvsc_bond *bond = &nv->bond;
	bool left = netvsc_vf_is_left(bond);

	if (left)
		RCU_INIT_POINTER(nv->tx_vf, NULL);
	return netvsc_vf_inbox_next(&bond->inbox, left, event, arg);
}

/* What a sender wanted to ask for did not leave after all. */
static void netvsc_vf_return(struct netvsc *nv)
{
	const struct netvsc_bond *bond = &nv->bond;

	if (bond->state.published && !rcu_access_pointer(nv->tx_vf))
		rcu_assign_pointer(nv->tx_vf, bond->vf);
}

/* RTNL: take the inbox and do what it says. */
static void netvsc_vf_process(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	bool connected = netvsc_is_connected(nv);
	struct netvsc_vf_owed owed[NETVSC_VF_OWED];
	enum netvsc_vf_event event;
	unsigned int i, num = 0;
	u32 arg;

	clear_bit(NETVSC_VF_LOST, &bond->flags);
	/* Who still sees that bit posts nothing: what he saw of the VF we see. */
	smp_mb__after_atomic();
	/*
	 * A host may speak before its connection is ours: that stays for
	 * netvsc_vf_conn_up(), and so does what is owed to it.
	 */
	if (connected)
		num = netvsc_vf_inbox_take_owed(&bond->inbox, owed);
	netvsc_vf_sample(nv);
	for (i = 0; connected && i < NETVSC_VF_EVENTS &&
	     netvsc_vf_next(nv, &event, &arg); i++) {
		netvsc_vf_handle(nv, event, arg);
		netvsc_vf_sample(nv);
	}
	netvsc_vf_event(nv, NETVSC_VF_LOOK, 0);
	netvsc_vf_return(nv);
	for (i = 0; i < num; i++)
		netvsc_complete(nv, owed[i].conn_serial, owed[i].tid);
	netvsc_vf_arm(nv);
}

/* Whoever has it may keep it for long: frames that are held do not wait. */
static void netvsc_vf_lock_rtnl(struct netvsc *nv)
{
	if (rtnl_trylock())
		return;
	netvsc_release_sends(nv);
	rtnl_lock();
}

/*
 * A VF that could not be brought to what eth<n> is carries no traffic. It may have
 * had no memory, or its firmware no time: it is asked again.
 */
static void netvsc_vf_take_rest(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;

	if (!bond->mtu_err && !bond->other_mac && !bond->open_err)
		bond->takeover_pause = NETVSC_TAKEOVER_RETRY_MIN;
	else if (queue_delayed_work(nv->bond_wq, &bond->takeover_work,
				    bond->takeover_pause))
		bond->takeover_pause = min(2 * bond->takeover_pause,
					   (unsigned long)NETVSC_TAKEOVER_RETRY_MAX);
}

static void netvsc_vf_run(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;

	netvsc_vf_settle(nv);
	netvsc_vf_lock_rtnl(nv);
	if (bond->started) {
		if (test_and_clear_bit(NETVSC_VF_SCAN, &bond->flags)) {
			netvsc_release_sends(nv);
			netvsc_vf_follow_netns(nv);
		}
		netvsc_vf_process(nv);
	}
	netvsc_release_sends(nv);
	/* The VF's driver may take its time. */
	if (bond->started) {
		netvsc_vf_move_stranded(nv);
		netvsc_vf_sync_addrs(nv);
		netvsc_vf_sync_vids(nv);
		netvsc_vf_reopen(nv);
		netvsc_vf_take_rest(nv);
	}
	rtnl_unlock();
}

static void netvsc_vf_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.work);
	struct netvsc_bond *bond = &nv->bond;

	if (time_after(jiffies, bond->burst_end)) {
		WRITE_ONCE(bond->burst_end, jiffies + HZ);
		WRITE_ONCE(bond->runs, 0);
	}
	WRITE_ONCE(bond->runs, bond->runs + 1);
	netvsc_vf_run(nv);
}

static void netvsc_vf_tick(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.tick);

	netvsc_vf_run(nv);
}

/*
 * Where nothing is sent, nobody else notices a VF that cannot send. Whoever took
 * it down may hold RTNL, and everything of bond_wq waits for that: this one takes
 * no RTNL and has its place elsewhere.
 */
static void netvsc_vf_watch(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.watch);
	const struct net_device *vf;

	rcu_read_lock_bh();
	vf = rcu_dereference_bh(nv->tx_vf);
	if (vf && (!netvsc_vf_can_send(vf) || netvsc_vf_stuck(vf))) {
		/* What somebody wanted to ask may not have left. */
		clear_bit(NETVSC_VF_LOST, &nv->bond.flags);
		netvsc_vf_lost(nv);
	} else if (!vf) {
		netvsc_vf_post(nv);
	}
	rcu_read_unlock_bh();
	/* Without one it is up to bond work to go on with this. */
	if (vf)
		queue_delayed_work(system_highpri_wq, &nv->bond.watch,
				   NETVSC_VF_WATCH);
}

static void netvsc_vf_takeover_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 bond.takeover_work);
	struct netvsc_bond *bond = &nv->bond;

	rtnl_lock();
	if (bond->started && bond->vf && netif_device_present(bond->vf)) {
		if (!bond->took_over)
			netvsc_vf_takeover(nv);
		else
			netvsc_vf_catch_up(nv);
		netvsc_vf_process(nv);
		netvsc_vf_take_rest(nv);
	} else if (bond->started && bond->vf) {
		/* What it is told while it is detached may be lost. */
		queue_delayed_work(nv->bond_wq, &bond->takeover_work,
				   NETVSC_VF_WATCH);
	}
	rtnl_unlock();
}

/**
 * netvsc_vf_post_scan() - have bond work look for a VF, in all namespaces
 * @nv: the device
 *
 * Context: any but hard irq.
 */
void netvsc_vf_post_scan(struct netvsc *nv)
{
	set_bit(NETVSC_VF_SCAN, &nv->bond.flags);
	netvsc_vf_post(nv);
}

/**
 * netvsc_vf_lost() - somebody has found that the VF cannot send
 * @nv: the device; frames go over the synthetic side already
 *
 * Whoever is taking the VF down may hold RTNL for a long time: the host is
 * asked for the path from here.
 *
 * Context: RCU, BH off.
 */
void netvsc_vf_lost(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	u32 seq;

	/* Pairs with that of netvsc_vf_process(). */
	smp_mb__before_atomic();
	if (test_and_set_bit(NETVSC_VF_LOST, &bond->flags))
		return;
	if (netvsc_can_switch_path(nv) && !READ_ONCE(bond->stays)) {
		seq = netvsc_vf_inbox_ask_from(&bond->inbox);
		if (seq && netvsc_vf_ask_host(nv, false, seq))
			netvsc_vf_inbox_unasked(&bond->inbox, seq);
	}
	netvsc_vf_post(nv);
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

	bond->takeover_pause = NETVSC_TAKEOVER_RETRY_MIN;
	if (joined && bond->started)
		mod_delayed_work(nv->bond_wq, &bond->takeover_work,
				 NETVSC_TAKEOVER);
	else if (!joined)
		cancel_delayed_work(&bond->takeover_work);
	netvsc_vf_sample(nv);
	netvsc_vf_event(nv, joined ? NETVSC_VF_RENEWED : NETVSC_VF_LOOK, 0);
	netvsc_vf_arm(nv);
	/* The user may have another one, or have put it aside. */
	if (!joined && bond->started)
		netvsc_vf_post_scan(nv);
}

/**
 * netvsc_vf_renewed() - the VF has come up: so may the host have changed
 * @nv: with a VF
 *
 * Context: RTNL.
 */
void netvsc_vf_renewed(struct netvsc *nv)
{
	netvsc_vf_sample(nv);
	netvsc_vf_event(nv, NETVSC_VF_RENEWED, 0);
	netvsc_vf_arm(nv);
}

/**
 * netvsc_vf_conn_up() - there is a host to talk to again
 * @nv: nv->conn is set
 *
 * Context: RTNL.
 */
void netvsc_vf_conn_up(struct netvsc *nv)
{
	netvsc_vf_sample(nv);
	netvsc_vf_event(nv, NETVSC_VF_CONN_UP, 0);
	netvsc_vf_process(nv);
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
	netvsc_vf_inbox_init(&bond->inbox);
	init_waitqueue_head(&bond->wait);
	bond->burst_end = jiffies;
	INIT_DELAYED_WORK(&bond->work, netvsc_vf_work);
	INIT_DELAYED_WORK(&bond->tick, netvsc_vf_tick);
	INIT_DELAYED_WORK(&bond->watch, netvsc_vf_watch);
	INIT_DELAYED_WORK(&bond->takeover_work, netvsc_vf_takeover_work);
	return 0;
}

/**
 * netvsc_vf_exit() - undo netvsc_vf_init()
 * @nv: stopped, without a connection
 */
void netvsc_vf_exit(struct netvsc *nv)
{
	/* NAPI kicks it up to the end of the connection. */
	cancel_delayed_work_sync(&nv->bond.work);
	free_percpu(nv->vf_stats);
}
