// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that are under way when the path changes: they are waited for, or sent
 * another way.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/wait.h>
#include <net/sch_generic.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../synth/synth.h"
#include "vf.h"

/**
 * netvsc_vf_settle() - let the synthetic side send what it was given
 * @nv: the device
 *
 * The host is about to be believed that the path is on the VF: the last frames
 * of a flow that it was given over the synthetic side should be on their way
 * before the first one goes over the VF. Those that come meanwhile are held,
 * until the caller calls netvsc_release_sends(); else there would be no last.
 *
 * Context: bond work, without RTNL; up to NETVSC_TX_SETTLE, and a grace period.
 */
void netvsc_vf_settle(struct netvsc *nv)
{
	struct netvsc_vf_inbox *inbox = &nv->bond.inbox;
	unsigned long end = jiffies + NETVSC_TX_SETTLE;

	/* While the VF transmits, none comes over the synthetic side. */
	if (rcu_access_pointer(nv->tx_vf) || !netvsc_vf_inbox_acks_vf(inbox))
		return;
	netvsc_hold_sends(nv);
	/*
	 * Where nothing is in flight, what a sender is giving to the host just
	 * now is the most that can be overtaken: it is not waited for.
	 */
	if (netvsc_sends_settled(nv))
		return;
	synchronize_rcu_expedited();
	/* Somebody with RTNL may take the answer. */
	while (!netvsc_sends_settled(nv) && netvsc_vf_inbox_acks_vf(inbox) &&
	       time_before(jiffies, end))
		usleep_range(200, 500);
}

static bool netvsc_vf_queue_empty(const struct netdev_queue *txq)
{
	struct Qdisc *qdisc = rcu_dereference(txq->qdisc);

	if (qdisc && qdisc_qlen_sum(qdisc))
		return false;
#ifdef CONFIG_BQL
	if (READ_ONCE(txq->dql.num_queued) !=
	    READ_ONCE(txq->dql.num_completed))
		return false;
#endif
	return true;
}

static bool netvsc_vf_empty(const struct net_device *vf)
{
	bool empty = true;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; empty && i < vf->real_num_tx_queues; i++)
		empty = netvsc_vf_queue_empty(netdev_get_tx_queue(vf, i));
	rcu_read_unlock();
	return empty;
}

/* Nobody gives the VF any more: wait until it has sent what it was given. */
static void netvsc_vf_drain(struct net_device *vf)
{
	unsigned long end = jiffies + NETVSC_VF_DRAIN;

	while (netvsc_vf_can_send(vf) && !netvsc_vf_empty(vf) &&
	       time_before(jiffies, end))
		usleep_range(500, 1000);
}

/* What waits in a discipline, in the order in which it would leave. */
static void netvsc_vf_empty_qdisc(struct Qdisc *qdisc,
				  struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	spin_lock_bh(qdisc_lock(qdisc));
	/* What the VF's driver had no room for comes first. */
	while ((skb = qdisc_dequeue_peeked(qdisc)))
		__skb_queue_tail(frames, skb);
	spin_unlock_bh(qdisc_lock(qdisc));
}

static void netvsc_vf_empty_queue(struct netdev_queue *txq,
				  struct sk_buff_head *frames)
{
	struct Qdisc *qdisc = rtnl_dereference(txq->qdisc);

	if (!(qdisc->flags & TCQ_F_NOLOCK)) {
		netvsc_vf_empty_qdisc(qdisc, frames);
	} else {
		spin_lock_bh(&qdisc->seqlock);
		netvsc_vf_empty_qdisc(qdisc, frames);
		spin_unlock_bh(&qdisc->seqlock);
	}
	/* It frees what it has dropped, and whoever found it locked has gone. */
	__netif_schedule(qdisc);
}

static void netvsc_vf_send_moved(struct netvsc *nv, struct sk_buff *skb, u16 queue,
				 unsigned long end)
{
	struct net_device *ndev = nv->ndev;
	int ret;

	while (netif_xmit_stopped(netdev_get_tx_queue(ndev, queue)) &&
	       time_before(jiffies, end))
		usleep_range(200, 500);
	ret = dev_direct_xmit(skb, queue);
	if (ret == NETDEV_TX_OK)
		netvsc_count(nv, vf_tx_moved);
	else if (ret == NETDEV_TX_BUSY)
		netvsc_count(nv, tx_no_space);
}

/* Past eth<n>'s own disciplines and taps, which have seen it. */
static void netvsc_vf_move(struct netvsc *nv, struct sk_buff *skb,
			   unsigned long end)
{
	struct net_device *ndev = nv->ndev;
	struct sk_buff *next;
	bool again = false;	/* of a discipline's: there is none */
	u16 queue;

	skb->dev = ndev;
	/* The VF's queue would be taken for one that has received it. */
	skb_set_queue_mapping(skb, 0);
	rcu_read_lock_bh();
	queue = ndev->netdev_ops->ndo_select_queue(ndev, skb, NULL);
	rcu_read_unlock_bh();
	if (netif_xmit_stopped(netdev_get_tx_queue(ndev, queue)) &&
	    !time_before(jiffies, end)) {
		netvsc_count(nv, tx_no_space);
		kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
		return;
	}
	/* What the VF would have cut the host may not. */
	skb = validate_xmit_skb_list(skb, ndev, &again);
	skb_list_walk_safe(skb, skb, next) {
		skb_mark_not_on_list(skb);
		netvsc_vf_send_moved(nv, skb, queue, end);
	}
}

/*
 * The VF is not given frames any more, and does not send those that it has: they
 * would be dropped with its disciplines, or leave seconds later. What is on its
 * rings is its driver's, and what a discipline holds back for its time stays.
 */
static void netvsc_vf_move_all(struct netvsc *nv)
{
	struct net_device *vf = nv->bond.vf;
	unsigned long end = jiffies + NETVSC_VF_DRAIN;
	struct sk_buff_head frames;
	struct sk_buff *skb;
	unsigned int i;

	if (!netif_running(nv->ndev) || !netif_device_present(nv->ndev) ||
	    !rtnl_dereference(nv->conn))
		return;
	__skb_queue_head_init(&frames);
	for (i = 0; i < vf->real_num_tx_queues; i++)
		netvsc_vf_empty_queue(netdev_get_tx_queue(vf, i), &frames);
	while ((skb = __skb_dequeue(&frames))) {
		netvsc_vf_move(nv, skb, end);
		cond_resched();
	}
}

/**
 * netvsc_vf_move_stranded() - send what a VF holds that cannot send
 * @nv: the device, after the machine was stepped
 *
 * Context: RTNL; waits for VF_DRAIN at most.
 */
void netvsc_vf_move_stranded(struct netvsc *nv)
{
	const struct netvsc_bond *bond = &nv->bond;

	if (bond->vf && !rcu_access_pointer(nv->tx_vf) &&
	    bond->state.lacks & NETVSC_VF_CANNOT_SEND)
		netvsc_vf_move_all(nv);
}

/* What a sender has asked for counts as asked, unless it could not be sent. */
static void netvsc_vf_take_asked(struct netvsc *nv)
{
	u32 seq;

	/* Out of the inbox, it keeps no frame from the VF any more. */
	if (netvsc_vf_is_left(&nv->bond)) {
		RCU_INIT_POINTER(nv->tx_vf, NULL);
		if (netvsc_vf_inbox_take(&nv->bond.inbox, NETVSC_VF_ASKED,
					 &seq))
			netvsc_vf_event(nv, NETVSC_VF_ASKED, seq);
	}
	if (netvsc_vf_inbox_take(&nv->bond.inbox, NETVSC_VF_UNSENT, &seq))
		netvsc_vf_event(nv, NETVSC_VF_UNSENT, seq);
}

/*
 * Wait for an answer, and take it; or until it is time to ask again, for the host
 * had no room for the question.
 */
static void netvsc_vf_await_ack(struct netvsc *nv, unsigned long end)
{
	struct netvsc_bond *bond = &nv->bond;
	u64 due = min_t(u64, netvsc_vf_due_ms(&bond->state), MSEC_PER_SEC);
	unsigned long again = jiffies + msecs_to_jiffies(due) + 1;
	long left = (time_before(again, end) ? again : end) - jiffies;
	u32 seq;

	if (left > 0)
		wait_event_timeout(bond->wait,
				   netvsc_vf_inbox_has(&bond->inbox,
						       NETVSC_VF_ACK), left);
	netvsc_vf_now(nv);
	/* It may be the answer to just that. */
	netvsc_vf_take_asked(nv);
	if (netvsc_vf_inbox_take(&bond->inbox, NETVSC_VF_ACK, &seq))
		netvsc_vf_event(nv, NETVSC_VF_ACK, seq);
	else
		netvsc_vf_event(nv, NETVSC_VF_LOOK, 0);
}

/**
 * netvsc_vf_going_down() - get the traffic off the VF while it still works
 * @nv: its VF is about to go down
 *
 * A switch that is under way is waited for first: what a host reads meanwhile
 * has no effect.
 *
 * Context: RTNL, maybe the VF's lock; waits for VF_DRAIN twice,
 * SWITCH_ACK_NOTIFY and RX_GRACE at most.
 */
void netvsc_vf_going_down(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	struct netvsc_vf_state *s = &bond->state;
	unsigned long end = jiffies + NETVSC_SWITCH_ACK_NOTIFY;

	netvsc_vf_sample(nv);
	netvsc_vf_take_asked(nv);
	s->lacks |= NETVSC_VF_DOWN;
	netvsc_vf_event(nv, NETVSC_VF_LOOK, 0);
	netvsc_vf_drain(bond->vf);
	netvsc_vf_move_all(nv);
	if (!s->asking)
		return;

	/* There may be an answer to an earlier one, too. */
	while (s->asking && time_before(jiffies, end))
		netvsc_vf_await_ack(nv, end);
	netvsc_vf_arm(nv);
	/* The VF's NAPI hands up what the host had given it. */
	if (s->path == NETVSC_PATH_SYNTHETIC)
		schedule_timeout_uninterruptible(NETVSC_RX_GRACE);
}
