// SPDX-License-Identifier: GPL-2.0
/*
 * Sending.
 *
 * A frame and its RNDIS header go to the host together: copied into a section
 * of the send buffer if they fit there, else by their guest physical pages.
 * Small frames that the stack hands over in one go share a section, and are one
 * packet for the host. Each packet has a slot until the host completes it.
 */
#include <linux/align.h>
#include <linux/netdevice.h>
#include <linux/netpoll.h>
#include <linux/skbuff.h>

#include "../wire/nvsp.h"
#include "conn.h"
#include "queue.h"
#include "send_buf.h"
#include "trace.h"
#include "tx.h"
#include "tx_ring.h"

#define NETVSC_TX_HDRS_PER_PAGE	(SZ_4K / NETVSC_TX_HDR)

/* eth<n> may have a queue more than there are channels, for a moment. */
static struct netvsc_chan *netvsc_tx_chan(const struct netvsc_conn *conn,
					  u16 index)
{
	/* Pairs with netvsc_subchans_open(). */
	unsigned int num = smp_load_acquire(&conn->num_chans);

	return conn->chan[likely(index < num) ? index : 0];
}

static u32 netvsc_tx_pfns(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	u32 pfns = 1;
	int i;

	if (skb_headlen(skb))
		pfns += HVPFN_UP(offset_in_hvpage(skb->data) +
				 skb_headlen(skb));
	for (i = 0; i < shinfo->nr_frags; i++) {
		const skb_frag_t *frag = &shinfo->frags[i];

		pfns += HVPFN_UP(offset_in_hvpage(skb_frag_off(frag)) +
				 skb_frag_size(frag));
	}
	return pfns;
}

/*
 * A packet names so many pages at most, the header's among them. No part of a
 * frame touches more than two pages that it does not fill.
 */
static bool netvsc_tx_is_scattered(const struct sk_buff *skb)
{
	u32 parts = 1 + skb_shinfo(skb)->nr_frags;

	return 1 + 2 * parts + skb->len / HV_HYP_PAGE_SIZE > NETVSC_TX_PFNS &&
	       netvsc_tx_pfns(skb) > NETVSC_TX_PFNS;
}

/* Also a small frame may find no section, and go by its pages. */
static int netvsc_tx_gather(struct netvsc *nv, struct sk_buff *skb)
{
	if (likely(!netvsc_tx_is_scattered(skb)))
		return 0;

	netvsc_count(nv, tx_scattered);
	if (skb_linearize(skb))
		return -ENOMEM;
	return netvsc_tx_pfns(skb) <= NETVSC_TX_PFNS ? 0 : -EMSGSIZE;
}

/*
 * @at: where the host finds it. An empty range is not allowed. Return: where the
 * next range goes.
 */
static struct hv_mpb_array *netvsc_tx_range(struct vmbus_packet_mpb_array *mpb,
					    struct hv_mpb_array *range,
					    u64 at, u32 len)
{
	u32 offset = offset_in_hvpage(at);
	u32 i, pfns = HVPFN_UP(offset + len);
	u64 pfn = HVPFN_DOWN(at);

	if (unlikely(!len))
		return range;

	mpb->rangecount++;
	range->len = len;
	range->offset = offset;
	for (i = 0; i < pfns; i++)
		range->pfn_array[i] = pfn + i;
	return (void *)&range->pfn_array[pfns];
}

/* Where the frame is, or its copy. Return: where the next range goes. */
static struct hv_mpb_array *
netvsc_tx_frame_ranges(struct vmbus_packet_mpb_array *mpb,
		       struct hv_mpb_array *range, const struct sk_buff *skb,
		       const struct netvsc_frame_map *map)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	int i;

	range = netvsc_tx_range(mpb, range,
				unlikely(map) ? map->part[0].at :
						virt_to_phys(skb->data),
				skb_headlen(skb));
	for (i = 0; i < shinfo->nr_frags; i++) {
		const skb_frag_t *frag = &shinfo->frags[i];

		range = netvsc_tx_range(mpb, range,
					unlikely(map) ? map->part[i + 1].at :
					page_to_phys(skb_frag_page(frag)) +
					skb_frag_off(frag),
					skb_frag_size(frag));
	}
	return range;
}

/*
 * Describe header and frame by their pages. Return: bytes in tx->desc, or
 * -ENOMEM.
 */
static int netvsc_tx_describe(struct netvsc_chan *chan,
			      const struct netvsc_tx_slot *slot,
			      const struct sk_buff *skb,
			      const struct rndis_info *info)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	struct vmbus_packet_mpb_array *mpb = (void *)tx->desc;
	u32 index = slot - tx->slot;
	const struct netvsc_shared *hdr =
		&tx->hdr[index / NETVSC_TX_HDRS_PER_PAGE];
	u32 off = index % NETVSC_TX_HDRS_PER_PAGE * NETVSC_TX_HDR;
	struct netvsc_frame_map *map = NULL;
	struct hv_mpb_array *range;
	int len;

	if (unlikely(tx->map)) {
		map = &tx->map[index];
		if (netvsc_frame_map(&chan->conn->nv->hdev->device, map, skb))
			return -ENOMEM;
	}
	mpb->rangecount = 0;
	len = rndis_build_packet(hdr->base + off, NETVSC_TX_HDR, skb->len,
				 info);
	range = netvsc_tx_range(mpb, &mpb->range, hdr->at + off, len);
	range = netvsc_tx_frame_ranges(mpb, range, skb, map);
	return (void *)range - (void *)mpb;
}

/*
 * Under tx_lock: the host gets a packet, of which @used bytes are in a section,
 * or the first @size of tx->desc say where it is. Return: 0; or VMBus' error,
 * and the slot may be taken back.
 */
static int netvsc_tx_post(struct netvsc_chan *chan, struct netvsc_tx_slot *slot,
			  u32 used, u32 size)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	struct nvsp_msg msg = {
		.type = NVSP_RNDIS_PKT,
		.rndis_pkt = {
			.channel_type = NVSP_CHANNEL_DATA,
			.section_index = used ? slot->section :
						NVSP_SECTION_NONE,
			.section_size = used,
		},
	};
	u64 tid = netvsc_tid(NETVSC_TID_DATA, ++slot->gen, slot - tx->slot);

	/* The slot is whole before its id says so. */
	smp_wmb();
	WRITE_ONCE(slot->tid, tid);
	trace_nvsp_send_pkt(chan->conn->nv->ndev, chan->index,
			    msg.rndis_pkt.section_index, used, slot->bytes);
	if (used)
		return vmbus_sendpacket(chan->vmchan, &msg, sizeof(msg), tid,
					VM_PKT_DATA_INBAND,
					VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED);
	return vmbus_sendpacket_mpb_desc(chan->vmchan, (void *)tx->desc, size,
					 &msg, sizeof(msg), tid);
}

/* What was not sent is ours again, unless the host completed it even so. */
static bool netvsc_tx_take_back(struct netvsc_tx_slot *slot)
{
	u64 tid = READ_ONCE(slot->tid);

	return tid && cmpxchg64(&slot->tid, tid, 0) == tid;
}

/*
 * Under tx_lock: the host gets the batch that there is. Return: 0; -EBUSY if
 * the ring is full: it stays, and NAPI tries again.
 */
static int netvsc_tx_flush(struct netvsc_chan *chan)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	struct netvsc_tx_slot *slot = tx->batch.slot;
	int err;

	err = netvsc_tx_post(chan, slot, tx->batch.used, 0);
	if (unlikely(err == -EAGAIN) && netvsc_tx_take_back(slot)) {
		tx->stuck = true;
		netvsc_chan_poll_again(chan);
		return -EBUSY;
	}
	/* If the host is gone, the close of the channel takes it back. */
	tx->stuck = false;
	tx->batch.slot = NULL;
	return 0;
}

/**
 * netvsc_tx_push() - send the batch that waits for more, or for room
 * @chan: that has one, or not
 *
 * Context: softirq; netpoll. If a sender is at it, NAPI comes back to it.
 */
void netvsc_tx_push(struct netvsc_chan *chan)
{
	struct netvsc_queue *queue = chan->queue;

	if (!spin_trylock(&queue->tx_lock)) {
		netvsc_chan_poll_again(chan);
		return;
	}
	if (chan->tx.batch.slot)
		netvsc_tx_flush(chan);
	spin_unlock(&queue->tx_lock);
}

/**
 * netvsc_tx_push_queue() - what was said to follow does not
 * @nv: the device
 * @index: of the queue
 *
 * Context: RCU, softirq.
 */
void netvsc_tx_push_queue(struct netvsc *nv, u16 index)
{
	struct netvsc_conn *conn = rcu_dereference_bh(nv->conn);

	if (conn)
		netvsc_tx_push(netvsc_tx_chan(conn, index));
}

/**
 * netvsc_tx_push_all() - send all batches that wait
 * @conn: the connection
 *
 * Context: process.
 */
void netvsc_tx_push_all(struct netvsc_conn *conn)
{
	/* Pairs with netvsc_subchans_open(). */
	unsigned int i, num = smp_load_acquire(&conn->num_chans);

	for (i = 0; i < num; i++) {
		struct netvsc_chan *chan = conn->chan[i];

		spin_lock_bh(&chan->queue->tx_lock);
		if (chan->tx.batch.slot)
			netvsc_tx_flush(chan);
		spin_unlock_bh(&chan->queue->tx_lock);
	}
}

/**
 * netvsc_tx_settled() - has the host completed every frame?
 * @conn: its batches are sent by the way
 *
 * Context: process.
 */
bool netvsc_tx_settled(struct netvsc_conn *conn)
{
	/* Pairs with netvsc_subchans_open(). */
	unsigned int i, num = smp_load_acquire(&conn->num_chans);

	netvsc_tx_push_all(conn);
	for (i = 0; i < num; i++)
		if (!netvsc_tx_idle(conn->chan[i]))
			return false;
	return true;
}

/* Is there room for it in the batch, or, without one, in a section? */
static bool netvsc_tx_fits(const struct netvsc_chan *chan,
			   const struct sk_buff *skb)
{
	const struct netvsc_tx_batch *batch = &chan->tx.batch;
	const struct netvsc_conn *conn = chan->conn;
	u32 size = RNDIS_TX_HDR_MAX + skb->len;

	if (batch->slot) {
		if (batch->frames >= conn->caps.tx_batch)
			return false;
		size += ALIGN(batch->used, conn->caps.tx_align);
	}
	return size <= conn->send.section_size;
}

/* Return: false: there is no section. */
static bool netvsc_tx_begin(struct netvsc_chan *chan)
{
	struct netvsc_tx_batch *batch = &chan->tx.batch;
	u16 section = netvsc_section_get(chan);

	if (unlikely(section == NETVSC_SECTION_NONE))
		return false;
	batch->slot = netvsc_tx_slot_get(chan);
	batch->slot->section = section;
	batch->used = 0;
	batch->frames = 0;
	return true;
}

/* Each message begins where the host wants it: the one ahead takes the gap. */
static void netvsc_tx_pad(struct netvsc_tx_batch *batch, void *section,
			  u32 align)
{
	struct rndis_packet *last = section + batch->last;
	u32 pad = ALIGN(batch->used, align) - batch->used;

	memset(section + batch->used, 0, pad);
	last->hdr.len += pad;
	batch->used += pad;
}

/* Behind what is in the section already, if anything is; it fits. */
static void netvsc_tx_copy(struct netvsc_chan *chan, struct sk_buff *skb,
			   const struct rndis_info *info)
{
	struct netvsc_tx_batch *batch = &chan->tx.batch;
	struct netvsc_conn *conn = chan->conn;
	struct netvsc_tx_slot *slot = batch->slot;
	void *section = conn->send.base +
			(size_t)slot->section * conn->send.section_size;
	int len;

	if (batch->frames++) {
		netvsc_tx_pad(batch, section, conn->caps.tx_align);
		batch->tail->next = skb;
	} else {
		slot->skb = skb;
	}
	batch->tail = skb;
	batch->last = batch->used;
	len = rndis_build_packet(section + batch->used, RNDIS_TX_HDR_MAX,
				 skb->len, info);
	if (likely(!skb_is_nonlinear(skb)))
		memcpy(section + batch->used + len, skb->data, skb->len);
	else
		skb_copy_bits(skb, 0, section + batch->used + len, skb->len);
	batch->used += len + skb->len;
}

static void netvsc_tx_account(struct netvsc_tx_slot *slot,
			      const struct sk_buff *skb)
{
	slot->bytes += skb->len;
	slot->packets += skb_shinfo(skb)->gso_segs ?: 1;
}

/*
 * Whether the batch may wait for the frame that follows. Once the VF sends, that
 * one may go over it: who published the VF has pushed what was there before. Nor
 * does it come here if somebody has stopped the queue.
 */
static bool netvsc_tx_may_wait(const struct netvsc_chan *chan, u32 flags)
{
	const struct netvsc_conn *conn = chan->conn;

	return flags & NETVSC_TX_MORE &&
	       chan->tx.batch.frames < conn->caps.tx_batch &&
	       !rcu_access_pointer(conn->nv->tx_vf) &&
	       !netif_tx_queue_stopped(netvsc_tx_queue(chan));
}

/*
 * Ahead of the host: once it has the frame, the answer to that may be back before
 * we are. Under tx_lock, of a frame that the stack does not get back.
 */
static void netvsc_tx_stamp(struct sk_buff *skb)
{
	if (unlikely(skb_shinfo(skb)->tx_flags))
		skb_tx_timestamp(skb);
}

/* The frame gets into the batch, which is sent unless it may wait. */
static void netvsc_tx_small(struct netvsc_chan *chan, struct sk_buff *skb,
			    const struct rndis_info *info, u32 flags)
{
	struct netvsc_tx_batch *batch = &chan->tx.batch;
	bool now;

	netvsc_tx_stamp(skb);
	netvsc_tx_copy(chan, skb, info);
	netvsc_tx_account(batch->slot, skb);
	now = !netvsc_tx_may_wait(chan, flags);
	if (flags & NETVSC_TX_STACK)
		now |= netvsc_tx_limit(chan, batch->slot, skb->len, !now);
	if (now)
		netvsc_tx_flush(chan);
}

/*
 * What is in flight gives its copies back: the stack can wait for that. With
 * nothing in flight they are others', and nobody says when there is room.
 */
static bool netvsc_tx_may_wait_for_copies(const struct netvsc_chan *chan,
					  u32 flags)
{
	return flags & NETVSC_TX_STACK && !netvsc_tx_idle(chan);
}

/*
 * Return: 0; -ENOBUFS if there is no room for a copy, but may be soon; or another
 * errno. Unless it is 0, the frame is the caller's.
 */
static int netvsc_tx_large(struct netvsc_chan *chan, struct sk_buff *skb,
			   const struct rndis_info *info, u32 flags)
{
	struct netvsc_tx_slot *slot;
	int err, size;

	/* A full ring would have the stack keep it, with its socket told. */
	if (unlikely(skb_shinfo(skb)->tx_flags) && netvsc_tx_low(chan))
		return -EBUSY;
	slot = netvsc_tx_slot_get(chan);
	slot->skb = skb;
	netvsc_tx_account(slot, skb);
	size = netvsc_tx_describe(chan, slot, skb, info);
	if (unlikely(size < 0)) {
		netvsc_tx_slot_unget(chan);
		return netvsc_tx_may_wait_for_copies(chan, flags) ? -ENOBUFS :
								    size;
	}
	if (flags & NETVSC_TX_STACK)
		netvsc_tx_limit(chan, slot, skb->len, false);
	netvsc_tx_stamp(skb);
	err = netvsc_tx_post(chan, slot, 0, size);
	if (likely(!err) || !netvsc_tx_take_back(slot))
		return 0;

	netvsc_tx_unmap(chan, slot);
	netvsc_tx_uncount(chan, slot);
	netvsc_tx_slot_unget(chan);
	return err == -EAGAIN ? -EBUSY : err;
}

/* Under tx_lock. Return: as netvsc_tx_large(). */
static int netvsc_tx_give(struct netvsc_chan *chan, struct sk_buff *skb,
			  const struct rndis_info *info, u32 flags)
{
	const struct netvsc_tx_batch *batch = &chan->tx.batch;

	/* Behind those that came before. */
	if (batch->slot && !netvsc_tx_fits(chan, skb) && netvsc_tx_flush(chan))
		return -EBUSY;
	if (!batch->slot) {
		if (unlikely(netvsc_tx_full(&chan->tx)))
			return -EBUSY;
		if (!netvsc_tx_fits(chan, skb) || !netvsc_tx_begin(chan))
			return netvsc_tx_large(chan, skb, info, flags);
	}
	netvsc_tx_small(chan, skb, info, flags);
	return 0;
}

static bool netvsc_tx_has_to_stop(const struct netvsc_chan *chan, int err)
{
	if (unlikely(err == -EBUSY || err == -ENOBUFS || chan->tx.stuck))
		return true;
	/* With a batch that waits the ring is as it was. */
	return !chan->tx.batch.slot && netvsc_tx_low(chan);
}

static netdev_tx_t netvsc_tx_drop(struct netvsc *nv, struct sk_buff *skb,
				  int err)
{
	enum skb_drop_reason reason;

	switch (err) {
	case -ENOMEM:
		netvsc_count(nv, tx_no_memory);
		reason = SKB_DROP_REASON_NOMEM;
		break;
	case -EMSGSIZE:
		netvsc_count(nv, tx_too_big);
		reason = SKB_DROP_REASON_PKT_TOO_BIG;
		break;
	case -EPROTO:
		netvsc_count(nv, vlan_error);
		reason = SKB_DROP_REASON_DEV_HDR;
		break;
	case -ENODEV:
		netvsc_count(nv, tx_no_conn);
		reason = SKB_DROP_REASON_DEV_READY;
		break;
	default:
		netvsc_count(nv, tx_no_space);
		reason = SKB_DROP_REASON_FULL_RING;
	}
	dev_kfree_skb_any_reason(skb, reason);
	return NETDEV_TX_OK;
}

/* Return: 0; -EBUSY if the stack may try again, once woken; else why not. */
static int netvsc_tx_try(struct netvsc_chan *chan, struct sk_buff *skb,
			 const struct rndis_info *info, u32 flags)
{
	struct netvsc_queue *queue = chan->queue;
	bool stack = flags & NETVSC_TX_STACK;
	u32 segs = skb_shinfo(skb)->gso_segs;
	int err;

	/* netpoll may have interrupted a sender on this very CPU. */
	if (unlikely(netpoll_tx_running(queue->nv->ndev))) {
		if (!spin_trylock(&queue->tx_lock))
			return -EBUSY;
	} else {
		spin_lock(&queue->tx_lock);
	}

	/* Others, too, need room on the ring: who cannot be stopped leaves it. */
	if (unlikely(!stack && netvsc_tx_low(chan))) {
		/* Nor is there another frame that would push those ahead. */
		if (chan->tx.batch.slot)
			netvsc_tx_flush(chan);
		err = -EBUSY;
	} else {
		/* After this the frame may be gone. */
		err = netvsc_tx_give(chan, skb, info, flags);
		if (info->has & RNDIS_HAS_LSO && likely(!err))
			netvsc_tx_count_gso(queue, segs);
	}
	if (stack && unlikely(netvsc_tx_has_to_stop(chan, err)))
		netvsc_tx_stop(chan, err == -ENOBUFS);
	spin_unlock(&queue->tx_lock);
	return err == -ENOBUFS ? -EBUSY : err;
}

/**
 * netvsc_tx() - send a frame over the synthetic side
 * @conn: nv->conn
 * @queue: of the device
 * @skb: given to the host or dropped, unless NETDEV_TX_BUSY
 * @flags: NETVSC_TX_*
 *
 * A queue stops before it is full. NETDEV_TX_BUSY is for senders that are more
 * than one at a time for the same queue, and for those whom others leave without
 * a slot, or room on the ring: nothing is lost that the stack can keep.
 *
 * Context: RCU, BH off; netpoll: interrupts off.
 */
netdev_tx_t netvsc_tx(struct netvsc_conn *conn, struct netvsc_queue *queue,
		      struct sk_buff *skb, u32 flags)
{
	struct netvsc *nv = queue->nv;
	struct netvsc_tx_undo undo;
	struct netvsc_chan *chan;
	struct rndis_info info;
	int err;

	chan = netvsc_tx_chan(conn, queue->index);
	err = netvsc_tx_inform(conn, skb, &info, &undo);
	if (likely(!err))
		err = netvsc_tx_gather(nv, skb);
	if (likely(!err))
		err = netvsc_tx_try(chan, skb, &info, flags);
	if (likely(!err))
		return NETDEV_TX_OK;

	if (err != -EBUSY) {
		/* It may be the one for which others have waited. */
		netvsc_tx_push(chan);
		return netvsc_tx_drop(nv, skb, err);
	}
	netvsc_count(nv, tx_busy);
	/* Next time it may go over the VF. */
	netvsc_tx_restore(skb, &info, &undo);
	return NETDEV_TX_BUSY;
}
