// SPDX-License-Identifier: GPL-2.0
/*
 * What is in flight towards the host: slots, completions, and queues that stop
 * and are woken.
 */
#include <linux/bitfield.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/sch_generic.h>

#include "../deadlines.h"
#include "../wire/nvsp.h"
#include "conn.h"
#include "queue.h"
#include "send_buf.h"
#include "tx_ring.h"

/* Stop a queue when so little of the ring is free; wake it at these. */
#define NETVSC_TX_RING_LOW	10	/* percent */
#define NETVSC_TX_RING_WAKE	20	/* percent */
#define NETVSC_TX_SLOTS_WAKE	(NETVSC_TX_SLOTS / 4)

/* The rings may be read: this ends before they do. */
static void netvsc_tx_is_stuck(struct netvsc_chan *chan)
{
	struct netvsc *nv = chan->conn->nv;

	if (READ_ONCE(chan->conn->stuck))
		return;
	netvsc_count(nv, host_overdue);
	netdev_err(nv->ndev,
		   "channel %u: the host completes nothing, %u packets in flight, %u%% of the ring free: connecting anew\n",
		   chan->index, netvsc_tx_in_flight(&chan->tx),
		   hv_get_avail_to_write_percent(&chan->vmchan->outbound));
	netvsc_reconnect_stuck(chan->conn);
}

static void netvsc_tx_watch(struct timer_list *timer)
{
	struct netvsc_tx_ring *tx = timer_container_of(tx, timer, watch);
	struct netvsc_chan *chan = container_of(tx, struct netvsc_chan, tx);
	u32 freed = READ_ONCE(tx->freed);

	/* Nobody waits for it while the VF sends. */
	if (freed != tx->watched || rcu_access_pointer(chan->conn->nv->tx_vf))
		tx->still = 0;
	tx->watched = freed;
	if (!netvsc_tx_in_flight(tx) && !READ_ONCE(tx->stopped)) {
		tx->still = 0;
		return;
	}
	if (++tx->still >= NETVSC_TX_WATCHES) {
		netvsc_tx_is_stuck(chan);
		return;
	}
	/* It may be ours to go on. */
	netvsc_chan_poll_again(chan);
	mod_timer(&tx->watch, jiffies + NETVSC_TX_WATCH);
}

/**
 * netvsc_tx_ring_init() - nothing is in flight
 * @chan: zeroed
 *
 * Context: process. Return: 0, or -ENOMEM with a ring that may be freed.
 */
int netvsc_tx_ring_init(struct netvsc_chan *chan)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	struct netvsc *nv = chan->conn->nv;
	u32 i;

	timer_setup(&tx->watch, netvsc_tx_watch, 0);
	for (i = 0; i < NETVSC_TX_SLOTS; i++)
		tx->free[i] = i;
	for (i = 0; i < NETVSC_TX_HDR_PAGES; i++)
		if (netvsc_shared_alloc(nv, &tx->hdr[i], SZ_4K))
			return -ENOMEM;
	if (!nv->isolated)
		return 0;
	tx->map = kvcalloc(NETVSC_TX_SLOTS, sizeof(*tx->map), GFP_KERNEL);
	return tx->map ? 0 : -ENOMEM;
}

/**
 * netvsc_tx_ring_free() - give its memory back
 * @chan: with nothing in flight
 */
void netvsc_tx_ring_free(struct netvsc_chan *chan)
{
	u32 i;

	for (i = 0; i < NETVSC_TX_HDR_PAGES; i++)
		netvsc_shared_free(chan->conn->nv, &chan->tx.hdr[i]);
	kvfree(chan->tx.map);
}

/**
 * netvsc_tx_queue() - the queue of the stack that a channel serves
 * @chan: the channel
 */
struct netdev_queue *netvsc_tx_queue(const struct netvsc_chan *chan)
{
	return netdev_get_tx_queue(chan->conn->nv->ndev, chan->index);
}

/**
 * netvsc_tx_idle() - has the host completed every frame?
 * @chan: a batch in the making counts as in flight
 */
bool netvsc_tx_idle(const struct netvsc_chan *chan)
{
	return !netvsc_tx_in_flight(&chan->tx);
}

/**
 * netvsc_tx_low() - is it time to stop the queue?
 * @chan: that sends
 */
bool netvsc_tx_low(const struct netvsc_chan *chan)
{
	return netvsc_tx_full(&chan->tx) ||
	       hv_get_avail_to_write_percent(&chan->vmchan->outbound) <
	       NETVSC_TX_RING_LOW;
}

/**
 * netvsc_tx_slot_get() - a slot for what is sent next
 * @chan: that sends; not full
 *
 * Context: under tx_lock. Return: it, with nothing in it.
 */
struct netvsc_tx_slot *netvsc_tx_slot_get(struct netvsc_chan *chan)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	struct netvsc_tx_slot *slot;

	slot = &tx->slot[tx->free[tx->used & (NETVSC_TX_SLOTS - 1)]];
	WRITE_ONCE(tx->used, tx->used + 1);
	if (unlikely(!timer_pending(&tx->watch)))
		mod_timer(&tx->watch, jiffies + NETVSC_TX_WATCH);
	slot->section = NETVSC_SECTION_NONE;
	slot->bytes = 0;
	slot->limited = 0;
	slot->packets = 0;
	return slot;
}

/**
 * netvsc_tx_slot_unget() - it is not needed after all
 * @chan: the slot is the one that was got last
 *
 * Context: under tx_lock.
 */
void netvsc_tx_slot_unget(struct netvsc_chan *chan)
{
	WRITE_ONCE(chan->tx.used, chan->tx.used - 1);
}

/*
 * With nothing in flight nothing comes back to wake the queue later: others
 * have filled the ring, so it is looked at again by and by.
 */
static bool netvsc_tx_may_wake(struct netvsc_chan *chan)
{
	u32 in_flight = netvsc_tx_in_flight(&chan->tx);

	if (READ_ONCE(chan->queue->held))
		return false;
	if (NETVSC_TX_SLOTS - in_flight >= NETVSC_TX_SLOTS_WAKE &&
	    hv_get_avail_to_write_percent(&chan->vmchan->outbound) >=
	    NETVSC_TX_RING_WAKE)
		return true;
	if (unlikely(!in_flight))
		netvsc_chan_poll_again(chan);
	return false;
}

/**
 * netvsc_tx_stop() - the stack is to wait
 * @chan: low
 * @copies: there is no room to copy a frame to, which nothing here can see: what
 *	comes back may bring it, or somebody else
 *
 * The flag follows the queue's state, so that NAPI, which takes it back first
 * and wakes the queue then, never leaves a stopped queue without the flag.
 *
 * Context: under tx_lock.
 */
void netvsc_tx_stop(struct netvsc_chan *chan, bool copies)
{
	struct netdev_queue *txq = netvsc_tx_queue(chan);

	netif_tx_stop_queue(txq);
	/* The queue's state first, then the flag. */
	smp_store_release(&chan->tx.stopped, true);
	/*
	 * Pairs with netvsc_tx_polled(): either NAPI sees the flag, or we see
	 * the slots that it freed.
	 */
	smp_mb();
	if (!copies && netvsc_tx_may_wake(chan)) {
		WRITE_ONCE(chan->tx.stopped, false);
		netif_tx_wake_queue(txq);
		return;
	}
	netvsc_count(chan->conn->nv, stop_queue);
	/* The last one in flight may have come back ahead of the flag. */
	if (unlikely(copies))
		netvsc_chan_poll_again(chan);
}

static void netvsc_tx_wake(struct netvsc_chan *chan)
{
	struct netvsc *nv = chan->conn->nv;

	/*
	 * A connection on its way out must not start a queue that others
	 * stopped because of that; for the VF nobody stops any.
	 */
	if (rcu_access_pointer(nv->conn) != chan->conn &&
	    !rcu_access_pointer(nv->tx_vf))
		return;

	WRITE_ONCE(chan->tx.stopped, false);
	netif_tx_wake_queue(netvsc_tx_queue(chan));
	netvsc_count(nv, wake_queue);
}

/**
 * netvsc_tx_unlimit() - a queue does not wait for the host any more
 * @txq: that BQL may have stopped; its count goes on
 *
 * Context: any.
 */
void netvsc_tx_unlimit(struct netdev_queue *txq)
{
	if (test_and_clear_bit(__QUEUE_STATE_STACK_XOFF, &txq->state))
		netif_schedule_queue(txq);
}

/* Without a qdisc nobody keeps what comes while BQL has stopped the queue. */
static bool netvsc_tx_is_limited(const struct netdev_queue *txq)
{
	return rcu_dereference_bh(txq->qdisc)->enqueue;
}

/**
 * netvsc_tx_limit() - BQL counts a frame of the stack
 * @chan: that sends it
 * @slot: that it has
 * @bytes: of the frame
 * @more: another frame follows, and the packet may wait for it
 *
 * Context: under tx_lock, before the host can complete the frame. Return:
 * whether it has to be sent now.
 */
bool netvsc_tx_limit(struct netvsc_chan *chan, struct netvsc_tx_slot *slot,
		     u32 bytes, bool more)
{
	struct netdev_queue *txq = netvsc_tx_queue(chan);
	bool now;

	if (unlikely(!netvsc_tx_is_limited(txq)))
		return !more;
	slot->limited += bytes;
	now = __netdev_tx_sent_queue(txq, bytes, more);
	/* A limit of the host's: what goes over the VF is not held up by it. */
	if (unlikely(netif_xmit_stopped(txq)) &&
	    rcu_access_pointer(chan->conn->nv->tx_vf))
		netvsc_tx_unlimit(txq);
	return now;
}

/**
 * netvsc_tx_uncount() - a frame that BQL has counted is not sent after all
 * @chan: that does not send it
 * @slot: that it had
 *
 * Context: under tx_lock. BQL hears of it from NAPI, as of all others.
 */
void netvsc_tx_uncount(struct netvsc_chan *chan, struct netvsc_tx_slot *slot)
{
	if (!slot->limited)
		return;
	atomic_add(slot->limited, &chan->tx.unsent);
	netvsc_chan_poll_again(chan);
}

/**
 * netvsc_tx_count_gso() - the host was given a frame to cut
 * @queue: of the frame
 * @segs: into so many
 *
 * Context: under tx_lock.
 */
void netvsc_tx_count_gso(struct netvsc_queue *queue, u32 segs)
{
	u64_stats_update_begin(&queue->gso.syncp);
	u64_stats_inc(&queue->gso.frames);
	u64_stats_add(&queue->gso.segments, segs);
	u64_stats_update_end(&queue->gso.syncp);
}

/**
 * netvsc_tx_polled() - let the queue send again if there is room
 * @chan: the host has completed frames, or somebody asked for another look
 * @limited: bytes of what it has completed that BQL counts
 *
 * Context: NAPI.
 */
void netvsc_tx_polled(struct netvsc_chan *chan, u32 limited)
{
	struct netvsc_tx_ring *tx = &chan->tx;

	if (unlikely(atomic_read(&tx->unsent)))
		limited += atomic_xchg(&tx->unsent, 0);
	netdev_tx_completed_queue(netvsc_tx_queue(chan), 1, limited);

	/* Pairs with netvsc_tx_stop(). */
	smp_mb();
	if (unlikely(READ_ONCE(tx->stopped)) && netvsc_tx_may_wake(chan))
		netvsc_tx_wake(chan);
}

/**
 * netvsc_tx_unmap() - the host does not read a packet any more
 * @chan: that sent it, or did not after all
 * @slot: that it has
 */
void netvsc_tx_unmap(struct netvsc_chan *chan, struct netvsc_tx_slot *slot)
{
	struct netvsc_tx_ring *tx = &chan->tx;

	if (unlikely(tx->map))
		netvsc_frame_unmap(&chan->conn->nv->hdev->device,
				   &tx->map[slot - tx->slot]);
}

/* The frames are ours again: @slot->tid is 0. */
static void netvsc_tx_release(struct netvsc_chan *chan,
			      struct netvsc_tx_slot *slot)
{
	struct netvsc_tx_ring *tx = &chan->tx;

	if (slot->section != NETVSC_SECTION_NONE)
		netvsc_section_put(chan, slot->section);
	else
		netvsc_tx_unmap(chan, slot);
	tx->free[tx->freed & (NETVSC_TX_SLOTS - 1)] = slot - tx->slot;
	/* Pairs with netvsc_tx_in_flight(). */
	smp_store_release(&tx->freed, tx->freed + 1);
}

static void netvsc_tx_abandon(struct netvsc_chan *chan,
			      struct netvsc_tx_slot *slot)
{
	struct sk_buff *skb, *next;

	skb_list_walk_safe(slot->skb, skb, next) {
		skb_mark_not_on_list(skb);
		netvsc_count(chan->conn->nv, tx_no_conn);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
	}
	netvsc_tx_release(chan, slot);
}

/**
 * netvsc_tx_drop_all() - nothing that is in flight comes back
 * @chan: closed, without senders, its NAPI disabled
 *
 * Context: process.
 */
void netvsc_tx_drop_all(struct netvsc_chan *chan)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	struct netvsc_tx_slot *slot = tx->slot;
	u32 i;

	if (tx->batch.slot)
		netvsc_tx_abandon(chan, tx->batch.slot);
	tx->batch.slot = NULL;
	for (i = 0; i < NETVSC_TX_SLOTS; i++, slot++) {
		if (!slot->tid)
			continue;
		slot->tid = 0;
		netvsc_tx_abandon(chan, slot);
	}
	netdev_tx_reset_queue(netvsc_tx_queue(chan));
	if (tx->stopped && !READ_ONCE(chan->queue->held))
		netvsc_tx_wake(chan);
}

static bool netvsc_tx_succeeded(struct netvsc_chan *chan, const void *msg,
				u32 len)
{
	const struct nvsp_pkt_complete *done = msg;
	struct netvsc *nv = chan->conn->nv;

	if (unlikely(len < sizeof(*done) ||
		     done->type != NVSP_RNDIS_PKT_COMPLETE)) {
		netvsc_chan_malformed(chan, "frame completed without a status, bytes",
				      len);
		return false;
	}
	if (likely(done->status == NVSP_STATUS_SUCCESS))
		return true;

	netvsc_count(nv, tx_host_error);
	if (netif_msg_tx_err(nv) && net_ratelimit())
		netdev_err(nv->ndev,
			   "nvsp_rndis_pkt_complete error status: %x\n",
			   done->status);
	return false;
}

static void netvsc_tx_consume(struct sk_buff *first, bool sent, int budget)
{
	struct sk_buff *skb, *next;

	skb_list_walk_safe(first, skb, next) {
		skb_mark_not_on_list(skb);
		if (likely(sent))
			napi_consume_skb(skb, budget);
		else
			dev_kfree_skb_any(skb);
	}
}

/**
 * netvsc_tx_complete() - the host is done with a packet
 * @chan: on which it says so
 * @tid: of the packet, as the host gave it
 * @msg: a copy that the host cannot reach
 * @len: bytes
 * @budget: of NAPI
 * @polled: counts what was sent
 */
void netvsc_tx_complete(struct netvsc_chan *chan, u64 tid, const void *msg,
			u32 len, int budget, struct netvsc_polled *polled)
{
	u32 index = FIELD_GET(NETVSC_TID_SLOT, tid);
	struct netvsc_tx_slot *slot;
	bool sent;

	if (unlikely(index >= NETVSC_TX_SLOTS))
		goto unknown_id;
	slot = &chan->tx.slot[index];
	/* Atomic against a sender that takes back what it could not send. */
	if (unlikely(cmpxchg64(&slot->tid, tid, 0) != tid))
		goto unknown_id;

	sent = netvsc_tx_succeeded(chan, msg, len);
	if (likely(sent)) {
		polled->tx_packets += slot->packets;
		polled->tx_bytes += slot->bytes;
	}
	polled->tx_limited += slot->limited;
	netvsc_tx_consume(slot->skb, sent, budget);
	netvsc_tx_release(chan, slot);
	polled->tx_done = true;
	return;

unknown_id:
	netvsc_chan_malformed(chan, "completion of a frame not in flight, id",
			      tid);
}
