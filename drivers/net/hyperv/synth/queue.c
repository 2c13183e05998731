// SPDX-License-Identifier: GPL-2.0
/* One queue: its channel, NAPI, interrupts. */
#include <linux/bitfield.h>
#include <linux/filter.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "conn.h"
#include "queue.h"
#include "rx.h"
#include "tx.h"

/* Packets that no budget counts, in one poll: completions and messages. */
#define NETVSC_POLL_OTHER	512

/**
 * netvsc_queue_init() - a queue without a channel
 * @nv: the device, not registered yet
 * @index: of the queue, which is zeroed
 *
 * Context: process. Undone by netif_napi_del().
 */
void netvsc_queue_init(struct netvsc *nv, u16 index)
{
	struct netvsc_queue *queue = &nv->queues[index];

	queue->nv = nv;
	queue->index = index;
	spin_lock_init(&queue->tx_lock);
	u64_stats_init(&queue->tx.syncp);
	u64_stats_init(&queue->rx.syncp);
	u64_stats_init(&queue->gso.syncp);
	netif_napi_add(nv->ndev, &queue->napi, netvsc_poll);
}

/**
 * netvsc_chan_malformed() - the host sent what cannot be
 * @chan: on which
 * @what: what was wrong, for the log
 * @value: that was found there
 *
 * Context: NAPI.
 */
void netvsc_chan_malformed(struct netvsc_chan *chan, const char *what,
			   u64 value)
{
	struct netvsc *nv = chan->conn->nv;

	netvsc_count(nv, host_malformed);
	if (netif_msg_rx_err(nv) && net_ratelimit())
		netdev_err(nv->ndev, "channel %u: %s: 0x%llx\n", chan->index,
			   what, value);
}

static void netvsc_chan_retry(struct timer_list *timer)
{
	struct netvsc_chan *chan = timer_container_of(chan, timer, retry);

	WRITE_ONCE(chan->again, true);
	napi_schedule(&chan->queue->napi);
}

/**
 * netvsc_chan_alloc() - a channel that is not open
 * @conn: that it will belong to
 * @vmchan: of the VMBus
 * @index: of the channel, and of the queue that it serves
 *
 * Context: process. Return: it, or NULL.
 */
struct netvsc_chan *netvsc_chan_alloc(struct netvsc_conn *conn,
				      struct vmbus_channel *vmchan, u16 index)
{
	struct netvsc_chan *chan = kvzalloc(sizeof(*chan), GFP_KERNEL);

	if (!chan)
		return NULL;

	chan->conn = conn;
	chan->vmchan = vmchan;
	chan->queue = &conn->nv->queues[index];
	chan->index = index;
	timer_setup(&chan->retry, netvsc_chan_retry, 0);
	if (netvsc_tx_ring_init(chan)) {
		netvsc_chan_free(chan);
		return NULL;
	}
	return chan;
}

/**
 * netvsc_chan_poll_again() - something met a full ring
 * @chan: open, and not closed meanwhile
 *
 * Context: any.
 */
void netvsc_chan_poll_again(struct netvsc_chan *chan)
{
	timer_reduce(&chan->retry, jiffies + 1);
}

/**
 * netvsc_chan_prepare_rx() - be ready to receive frames
 * @chan: may be open; without this it takes no transfer
 *
 * Context: process, once the host has decided about conn->recv. Return: 0 or
 * -ENOMEM.
 */
int netvsc_chan_prepare_rx(struct netvsc_chan *chan)
{
	u32 size = min_t(u32, chan->conn->recv.sections, NETVSC_RX_OWED) + 1;

	chan->rx.done = kvcalloc(size, sizeof(*chan->rx.done), GFP_KERNEL);
	if (!chan->rx.done)
		return -ENOMEM;
	/* NAPI may be running: it looks at size first. */
	smp_store_release(&chan->rx.size, size);
	return 0;
}

/**
 * netvsc_chan_quiet() - nothing of the channel happens by itself any more
 * @chan: about to close, or not opened; without senders, its NAPI disabled
 *
 * Timers look at its rings, which a close takes away.
 *
 * Context: process.
 */
void netvsc_chan_quiet(struct netvsc_chan *chan)
{
	/* This one may arm the other. */
	timer_delete_sync(&chan->tx.watch);
	timer_delete_sync(&chan->retry);
}

/**
 * netvsc_chan_free() - give its memory back
 * @chan: never opened, or closed, with nothing in flight
 *
 * Context: process.
 */
void netvsc_chan_free(struct netvsc_chan *chan)
{
	kvfree(chan->rx.done);
	netvsc_rsc_free(&chan->rsc);
	netvsc_tx_ring_free(chan);
	kvfree(chan);
}

/**
 * netvsc_chan_begin() - from now on the rings are polled
 * @chan: open
 *
 * Context: process.
 */
void netvsc_chan_begin(struct netvsc_chan *chan)
{
	/* Pairs with netvsc_chan_is_live(). */
	smp_store_release(&chan->live, true);
	/* For what came before. */
	local_bh_disable();
	napi_schedule(&chan->queue->napi);
	local_bh_enable();
}

static bool netvsc_chan_is_live(const struct netvsc_chan *chan)
{
	/* Whoever polls for a socket has nothing else ahead of the rings. */
	return smp_load_acquire(&chan->live);
}

/**
 * netvsc_chan_interrupt() - the host wrote into an empty ring
 * @context: struct netvsc_chan
 *
 * May come before the open of the channel returns, and also if that fails, which
 * takes the rings away. Context: hard irq.
 */
void netvsc_chan_interrupt(void *context)
{
	struct netvsc_chan *chan = context;
	struct napi_struct *napi = &chan->queue->napi;

	if (unlikely(!netvsc_chan_is_live(chan)))
		return;

	if (napi_schedule_prep(napi)) {
		hv_begin_read(&chan->vmchan->inbound);
		__napi_schedule_irqoff(napi);
	}
}

static bool netvsc_poll_is_frame(const struct vmpacket_descriptor *desc)
{
	return FIELD_GET(NETVSC_TID_TYPE, desc->trans_id) == NETVSC_TID_DATA;
}

static void netvsc_poll_completion(struct netvsc_chan *chan,
				   const struct vmpacket_descriptor *desc,
				   int budget, struct netvsc_polled *polled)
{
	const void *msg = hv_pkt_data(desc);
	u32 len = hv_pkt_datalen(desc);

	if (likely(netvsc_poll_is_frame(desc)))
		netvsc_tx_complete(chan, desc->trans_id, msg, len, budget,
				   polled);
	else
		netvsc_nvsp_completion(chan->conn, desc->trans_id, msg, len);
}

/* One packet that is no completion. Return: what it costs of the budget. */
static u32 netvsc_poll_packet(struct netvsc_chan *chan,
			      const struct vmpacket_descriptor *desc,
			      u32 budget, struct netvsc_polled *polled)
{
	switch (desc->type) {
	case VM_PKT_DATA_USING_XFER_PAGES:
		return netvsc_rx_transfer(chan, desc, budget, polled);
	case VM_PKT_DATA_INBAND:
		if (chan->index)
			break;
		netvsc_nvsp_inband(chan->conn, desc->trans_id, desc->flags &
				   VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED,
				   hv_pkt_data(desc), hv_pkt_datalen(desc));
		return 1;
	}
	netvsc_chan_malformed(chan, "packet of a type not expected here",
			      desc->type);
	return 1;
}

/* What could not be given back must not be read. */
static bool netvsc_poll_stuck(const struct netvsc_chan *chan,
			      const struct vmpacket_descriptor *desc)
{
	switch (desc->type) {
	case VM_PKT_DATA_USING_XFER_PAGES:
		return netvsc_rx_ring_full(chan);
	case VM_PKT_DATA_INBAND:
		return netvsc_nvsp_owes(chan->conn);
	}
	return false;
}

/*
 * Read until the ring is empty or the budget used up: the host may hand over
 * hundreds of frames in a packet, of which so many are taken. netpoll has no budget,
 * and interrupts off: for it nothing but completions of frames may be read.
 *
 * Return: the used up part; @budget if there is more to do.
 */
static int netvsc_poll_ring(struct netvsc_chan *chan, int budget,
			    struct netvsc_polled *polled)
{
	struct vmbus_channel *vmchan = chan->vmchan;
	const struct vmpacket_descriptor *desc;
	int other = NETVSC_POLL_OTHER;
	int work = 0;

	desc = hv_pkt_iter_first(vmchan);
	while (desc) {
		if (desc->type != VM_PKT_COMP) {
			polled->stuck = netvsc_poll_stuck(chan, desc);
			if (work >= budget || unlikely(polled->stuck))
				break;
			work += netvsc_poll_packet(chan, desc, budget - work,
						   polled);
			/* The same packet once more: it stays in the ring. */
			if (unlikely(polled->rest))
				break;
		} else {
			if (unlikely(!budget && !netvsc_poll_is_frame(desc)))
				break;
			netvsc_poll_completion(chan, desc, budget, polled);
			if (!--other)
				work = budget;
		}
		desc = __hv_pkt_iter_next(vmchan, desc);
		if (!other)
			break;
	}
	/* The host gets back the room of what was read, be it all or not. */
	hv_pkt_iter_close(vmchan);
	return work;
}

static void netvsc_poll_count(struct netvsc_queue *queue,
			      const struct netvsc_polled *polled)
{
	if (polled->rx_packets) {
		u64_stats_update_begin(&queue->rx.syncp);
		u64_stats_add(&queue->rx.packets, polled->rx_packets);
		u64_stats_add(&queue->rx.bytes, polled->rx_bytes);
		u64_stats_add(&queue->rx.multicast, polled->rx_multicast);
		if (unlikely(polled->prog)) {
			u64_stats_add(&queue->rx.xdp_drop, polled->xdp_drop);
			u64_stats_add(&queue->rx.xdp_redirect,
				      polled->xdp_redirect);
			u64_stats_add(&queue->rx.xdp_tx, polled->xdp_tx);
		}
		u64_stats_update_end(&queue->rx.syncp);
	}
	if (polled->tx_packets) {
		u64_stats_update_begin(&queue->tx.syncp);
		u64_stats_add(&queue->tx.packets, polled->tx_packets);
		u64_stats_add(&queue->tx.bytes, polled->tx_bytes);
		u64_stats_update_end(&queue->tx.syncp);
	}
}

/* Interrupts on; a packet that came before that is nobody's but ours. */
static void netvsc_poll_end(struct netvsc_chan *chan, struct napi_struct *napi)
{
	struct hv_ring_buffer_info *ring = &chan->vmchan->inbound;

	if (hv_end_read(ring) >= sizeof(struct vmpacket_descriptor) &&
	    napi_schedule_prep(napi)) {
		hv_begin_read(ring);
		__napi_schedule(napi);
	}
}

/**
 * netvsc_poll() - NAPI
 * @napi: of a struct netvsc_queue with a channel
 * @budget: frames; 0 from netpoll: completions of frames only
 *
 * Return: frames, or @budget to be called again.
 */
int netvsc_poll(struct napi_struct *napi, int budget)
{
	struct netvsc_queue *queue = container_of(napi, struct netvsc_queue,
						  napi);
	struct netvsc_chan *chan = queue->chan;
	struct netvsc_polled polled = {};
	bool paid;
	int work;

	/* A socket may poll before the channel has rings. */
	if (unlikely(!netvsc_chan_is_live(chan))) {
		if (budget)
			napi_complete_done(napi, 0);
		return 0;
	}

	polled.prog = rcu_dereference_bh(queue->nv->xdp_prog);
	work = netvsc_poll_ring(chan, budget, &polled);
	if (unlikely(polled.xdp_redirect))
		xdp_do_flush();
	/*
	 * A host that leaves no room for what it wants back is asked again by
	 * and by. If nothing more can be read before that, it may be silent.
	 */
	paid = netvsc_rx_give_back(chan);
	if (budget && !chan->index)
		paid &= netvsc_nvsp_pay(chan->conn);
	if (unlikely(!paid || polled.stuck))
		netvsc_chan_poll_again(chan);
	if (unlikely(READ_ONCE(chan->again))) {
		WRITE_ONCE(chan->again, false);
		netvsc_tx_push(chan);
		polled.tx_done = true;
	}
	if (polled.tx_done)
		netvsc_tx_polled(chan, polled.tx_limited);
	/* netpoll does not send on a queue that waits, nor wait itself. */
	if (unlikely(!budget))
		netvsc_tx_unlimit(netvsc_tx_queue(chan));
	netvsc_poll_count(queue, &polled);

	if (work == budget)
		return work;
	if (napi_complete_done(napi, work) && likely(!polled.stuck))
		netvsc_poll_end(chan, napi);
	return work;
}
