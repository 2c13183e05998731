// SPDX-License-Identifier: GPL-2.0
/*
 * Sending.
 *
 * A frame and its RNDIS header go to the host together: copied into a section
 * of the send buffer if they fit there, else by their guest physical pages.
 * Either way the frame has a slot until the host completes it.
 */
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/netdevice.h>
#include <linux/netpoll.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "../wire/nvsp.h"
#include "conn.h"
#include "queue.h"
#include "trace.h"
#include "tx.h"

/* Stop a queue when so little of the ring is free; wake it at these. */
#define NETVSC_TX_RING_LOW	10	/* percent */
#define NETVSC_TX_RING_WAKE	20	/* percent */
#define NETVSC_TX_SLOTS_WAKE	(NETVSC_TX_SLOTS / 4)

#define NETVSC_TX_HDRS_PER_PAGE	(SZ_4K / NETVSC_TX_HDR)

/**
 * netvsc_tx_ring_init() - nothing is in flight
 * @chan: zeroed
 *
 * Context: process. Return: 0, or -ENOMEM with a ring that may be freed.
 */
int netvsc_tx_ring_init(struct netvsc_chan *chan)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	u32 i;

	for (i = 0; i < NETVSC_TX_SLOTS; i++)
		tx->free[i] = i;
	for (i = 0; i < NETVSC_TX_HDR_PAGES; i++) {
		/* kmalloc aligns a power of two to itself */
		tx->hdr[i] = kzalloc(SZ_4K, GFP_KERNEL);
		if (!tx->hdr[i])
			return -ENOMEM;
	}
	return 0;
}

/**
 * netvsc_tx_ring_free() - give its memory back
 * @chan: with nothing in flight
 */
void netvsc_tx_ring_free(struct netvsc_chan *chan)
{
	u32 i;

	for (i = 0; i < NETVSC_TX_HDR_PAGES; i++)
		kfree(chan->tx.hdr[i]);
}

static u32 netvsc_tx_in_flight(const struct netvsc_tx_ring *tx)
{
	/* What NAPI put into the ring of free slots is seen before freed. */
	u32 freed = smp_load_acquire(&tx->freed);

	return READ_ONCE(tx->used) - freed;
}

/**
 * netvsc_tx_idle() - has the host completed every frame?
 * @conn: without senders
 */
bool netvsc_tx_idle(struct netvsc_conn *conn)
{
	unsigned int i;

	for (i = 0; i < conn->num_chans; i++)
		if (netvsc_tx_in_flight(&conn->chan[i]->tx))
			return false;
	return true;
}

static bool netvsc_tx_low(const struct netvsc_chan *chan)
{
	return netvsc_tx_in_flight(&chan->tx) == NETVSC_TX_SLOTS ||
	       hv_get_avail_to_write_percent(&chan->vmchan->outbound) <
	       NETVSC_TX_RING_LOW;
}

/* With nothing in flight nothing would come back to wake the queue later. */
static bool netvsc_tx_may_wake(const struct netvsc_chan *chan)
{
	u32 in_flight = netvsc_tx_in_flight(&chan->tx);

	if (READ_ONCE(chan->queue->held))
		return false;
	if (!in_flight)
		return true;
	return NETVSC_TX_SLOTS - in_flight >= NETVSC_TX_SLOTS_WAKE &&
	       hv_get_avail_to_write_percent(&chan->vmchan->outbound) >=
	       NETVSC_TX_RING_WAKE;
}

/*
 * Under tx_lock. The flag follows the queue's state, so that NAPI, which takes
 * it back first and wakes the queue then, never leaves a stopped queue
 * without the flag.
 */
static void netvsc_tx_stop(struct netvsc_chan *chan)
{
	struct netvsc *nv = chan->conn->nv;
	struct netdev_queue *txq = netdev_get_tx_queue(nv->ndev, chan->index);

	netif_tx_stop_queue(txq);
	/* The queue's state first, then the flag. */
	smp_store_release(&chan->tx.stopped, true);
	/*
	 * Pairs with netvsc_tx_wake(): either NAPI sees the flag, or we see
	 * the slots that it freed.
	 */
	smp_mb();
	if (netvsc_tx_may_wake(chan)) {
		WRITE_ONCE(chan->tx.stopped, false);
		netif_tx_wake_queue(txq);
	} else {
		netvsc_count(nv, stop_queue);
	}
}

/**
 * netvsc_tx_wake() - let the queue send again if there is room
 * @chan: after slots were given back
 *
 * Context: NAPI, or process once NAPI is disabled.
 */
void netvsc_tx_wake(struct netvsc_chan *chan)
{
	struct netvsc *nv = chan->conn->nv;

	/* Pairs with netvsc_tx_stop(). */
	smp_mb();
	if (likely(!READ_ONCE(chan->tx.stopped)) || !netvsc_tx_may_wake(chan))
		return;
	/*
	 * A connection on its way out must not start a queue that others
	 * stopped because of that; for the VF nobody stops any.
	 */
	if (rcu_access_pointer(nv->conn) != chan->conn &&
	    !rcu_access_pointer(nv->tx_vf))
		return;

	WRITE_ONCE(chan->tx.stopped, false);
	netif_tx_wake_queue(netdev_get_tx_queue(nv->ndev, chan->index));
	netvsc_count(nv, wake_queue);
}

/* The frame is ours again: @slot->tid is 0. */
static void netvsc_tx_release(struct netvsc_chan *chan,
			      struct netvsc_tx_slot *slot)
{
	struct netvsc_tx_ring *tx = &chan->tx;

	if (slot->section != NVSP_SECTION_NONE)
		clear_bit_unlock(slot->section, chan->conn->send_map);
	tx->free[tx->freed & (NETVSC_TX_SLOTS - 1)] = slot - tx->slot;
	/* Pairs with netvsc_tx_in_flight(). */
	smp_store_release(&tx->freed, tx->freed + 1);
}

/**
 * netvsc_tx_drop_all() - nothing that is in flight comes back
 * @chan: closed, without senders, its NAPI disabled
 *
 * Context: process.
 */
void netvsc_tx_drop_all(struct netvsc_chan *chan)
{
	struct netvsc_tx_slot *slot = chan->tx.slot;
	u32 i;

	for (i = 0; i < NETVSC_TX_SLOTS; i++, slot++) {
		if (!slot->tid)
			continue;
		slot->tid = 0;
		netvsc_count(chan->conn->nv, tx_no_conn);
		kfree_skb_reason(slot->skb, SKB_DROP_REASON_DEV_READY);
		netvsc_tx_release(chan, slot);
	}
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

/**
 * netvsc_tx_complete() - the host is done with a frame
 * @chan: on which it says so
 * @tid: of the frame, as the host gave it
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
	struct sk_buff *skb;

	if (unlikely(index >= NETVSC_TX_SLOTS))
		goto unknown_id;
	slot = &chan->tx.slot[index];
	/* Atomic against a sender that takes back what it could not send. */
	if (unlikely(cmpxchg64(&slot->tid, tid, 0) != tid))
		goto unknown_id;

	skb = slot->skb;
	if (likely(netvsc_tx_succeeded(chan, msg, len))) {
		polled->tx_packets += slot->packets;
		polled->tx_bytes += slot->bytes;
		napi_consume_skb(skb, budget);
	} else {
		dev_kfree_skb_any(skb);
	}
	netvsc_tx_release(chan, slot);
	polled->tx_done = true;
	return;

unknown_id:
	netvsc_chan_malformed(chan, "completion of a frame not in flight, id",
			      tid);
}

static u32 netvsc_tx_get_section(struct netvsc_conn *conn, u32 base)
{
	const u32 count = conn->send.sections;
	u32 section = base;
	u32 end = count;

	for (;;) {
		section = find_next_zero_bit(conn->send_map, end, section);
		if (section < end) {
			if (!test_and_set_bit_lock(section, conn->send_map))
				return section;
		} else if (end == count && base) {
			end = base;
			base = 0;
			section = 0;
		} else {
			netvsc_count(conn->nv, tx_send_full);
			return NVSP_SECTION_NONE;
		}
	}
}

/*
 * Copy header and frame into a section. Return: the section, with @used bytes
 * of it in use; or NVSP_SECTION_NONE.
 */
static u32 netvsc_tx_copy(struct netvsc_chan *chan, const struct sk_buff *skb,
			  const struct rndis_info *info, u32 *used)
{
	struct netvsc_conn *conn = chan->conn;
	u32 size = conn->send.section_size;
	u32 section;
	void *to;
	int len;

	*used = 0;
	if (RNDIS_TX_HDR_MAX + skb->len > size)
		return NVSP_SECTION_NONE;
	section = netvsc_tx_get_section(conn, chan->tx.base);
	if (unlikely(section == NVSP_SECTION_NONE))
		return section;

	to = conn->send.base + (size_t)section * size;
	len = rndis_build_packet(to, size, skb->len, info);
	skb_copy_bits(skb, 0, to + len, skb->len);
	*used = len + skb->len;
	return section;
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

/* A packet names so many pages at most, the header's among them. */
static int netvsc_tx_gather(struct netvsc *nv, struct sk_buff *skb)
{
	if (likely(netvsc_tx_pfns(skb) <= NETVSC_TX_PFNS))
		return 0;

	netvsc_count(nv, tx_scattered);
	if (skb_linearize(skb))
		return -ENOMEM;
	return netvsc_tx_pfns(skb) <= NETVSC_TX_PFNS ? 0 : -EMSGSIZE;
}

/* Return: where the next range goes. An empty range is not allowed. */
static struct hv_mpb_array *netvsc_tx_range(struct vmbus_packet_mpb_array *mpb,
					    struct hv_mpb_array *range,
					    u64 pfn, u32 offset, u32 len)
{
	u32 i, pfns = HVPFN_UP(offset + len);

	if (unlikely(!len))
		return range;

	mpb->rangecount++;
	range->len = len;
	range->offset = offset;
	for (i = 0; i < pfns; i++)
		range->pfn_array[i] = pfn + i;
	return (void *)&range->pfn_array[pfns];
}

/* Describe header and frame by their pages. Return: bytes in tx->desc. */
static u32 netvsc_tx_describe(struct netvsc_tx_ring *tx, u32 index,
			      const struct sk_buff *skb,
			      const struct rndis_info *info)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct vmbus_packet_mpb_array *mpb = (void *)tx->desc;
	void *hdr = tx->hdr[index / NETVSC_TX_HDRS_PER_PAGE] +
		    index % NETVSC_TX_HDRS_PER_PAGE * NETVSC_TX_HDR;
	struct hv_mpb_array *range = &mpb->range;
	int i, len;

	mpb->rangecount = 0;
	len = rndis_build_packet(hdr, NETVSC_TX_HDR, skb->len, info);
	range = netvsc_tx_range(mpb, range, virt_to_hvpfn(hdr),
				offset_in_hvpage(hdr), len);
	range = netvsc_tx_range(mpb, range, virt_to_hvpfn(skb->data),
				offset_in_hvpage(skb->data), skb_headlen(skb));
	for (i = 0; i < shinfo->nr_frags; i++) {
		const skb_frag_t *frag = &shinfo->frags[i];
		u32 off = skb_frag_off(frag);

		range = netvsc_tx_range(mpb, range,
					page_to_hvpfn(skb_frag_page(frag)) +
					HVPFN_DOWN(off),
					offset_in_hvpage(off),
					skb_frag_size(frag));
	}
	return (void *)range - (void *)mpb;
}

/* Under tx_lock. Return: 0, -EBUSY without a slot, or VMBus' error. */
static int netvsc_tx_post(struct netvsc_chan *chan, struct sk_buff *skb,
			  const struct rndis_info *info, u32 section, u32 used)
{
	struct netvsc_tx_ring *tx = &chan->tx;
	struct nvsp_msg msg = {
		.type = NVSP_RNDIS_PKT,
		.rndis_pkt = {
			.channel_type = NVSP_CHANNEL_DATA,
			.section_index = section,
			.section_size = used,
		},
	};
	struct netvsc_tx_slot *slot;
	u32 index, size = 0;
	u64 tid;
	int err;

	if (unlikely(netvsc_tx_in_flight(tx) == NETVSC_TX_SLOTS))
		return -EBUSY;

	index = tx->free[tx->used & (NETVSC_TX_SLOTS - 1)];
	slot = &tx->slot[index];
	slot->skb = skb;
	slot->section = section;
	slot->bytes = skb->len;
	slot->packets = skb_shinfo(skb)->gso_segs ?: 1;
	tid = netvsc_tid(NETVSC_TID_DATA, ++slot->gen, index);
	if (section == NVSP_SECTION_NONE)
		size = netvsc_tx_describe(tx, index, skb, info);

	/* From here on the frame is the host's, in the order that NAPI needs */
	WRITE_ONCE(tx->used, tx->used + 1);
	/* The slot is whole before its id says so. */
	smp_wmb();
	WRITE_ONCE(slot->tid, tid);
	trace_nvsp_send_pkt(chan->conn->nv->ndev, chan->index, section, used,
			    slot->bytes);
	if (section == NVSP_SECTION_NONE)
		err = vmbus_sendpacket_mpb_desc(chan->vmchan, (void *)tx->desc,
						size, &msg, sizeof(msg), tid);
	else
		err = vmbus_sendpacket(chan->vmchan, &msg, sizeof(msg), tid,
				       VM_PKT_DATA_INBAND,
				       VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED);
	if (likely(!err))
		return 0;

	/* Unless it was completed even so, which has freed it. */
	if (cmpxchg64(&slot->tid, tid, 0) != tid)
		return 0;
	WRITE_ONCE(tx->used, tx->used - 1);
	return err;
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
static int netvsc_tx_give(struct netvsc_chan *chan, struct sk_buff *skb,
			  const struct rndis_info *info, u32 section, u32 used,
			  bool stops)
{
	struct netvsc_queue *queue = chan->queue;
	int err;

	/* netpoll may have interrupted a sender on this very CPU. */
	if (unlikely(netpoll_tx_running(queue->nv->ndev))) {
		if (!spin_trylock(&queue->tx_lock))
			return -EBUSY;
	} else {
		spin_lock(&queue->tx_lock);
	}

	/* Others, too, need room on the ring: who cannot be stopped leaves it. */
	if (unlikely(!stops && netvsc_tx_low(chan)))
		err = -EBUSY;
	else
		err = netvsc_tx_post(chan, skb, info, section, used);
	if (unlikely(err == -EBUSY || err == -EAGAIN || netvsc_tx_low(chan)) &&
	    stops)
		netvsc_tx_stop(chan);
	/* With nothing in flight nobody would say when there is room. */
	if (unlikely(err == -EAGAIN && netvsc_tx_in_flight(&chan->tx)))
		err = -EBUSY;
	spin_unlock(&queue->tx_lock);
	return err;
}

/* Its socket is told once, and only of a frame that was sent. */
static int netvsc_tx_give_stamped(struct netvsc_chan *chan, struct sk_buff *skb,
				  const struct rndis_info *info, u32 section,
				  u32 used, bool stops)
{
	int err;

	if (likely(!skb_shinfo(skb)->tx_flags))
		return netvsc_tx_give(chan, skb, info, section, used, stops);

	/* The host may be done with it before we are. */
	skb_get(skb);
	err = netvsc_tx_give(chan, skb, info, section, used, stops);
	if (!err)
		skb_tx_timestamp(skb);
	dev_consume_skb_any(skb);
	return err;
}

/**
 * netvsc_tx() - send a frame over the synthetic side
 * @conn: nv->conn
 * @queue: of the device
 * @skb: given to the host or dropped, unless NETDEV_TX_BUSY
 * @stops: the stack's queue may be stopped: it is what sends
 *
 * A queue stops before it is full. Only senders that are more than one at a
 * time for the same queue get NETDEV_TX_BUSY, and those whom other messages on
 * the ring leave without room: nothing is lost that the stack can keep.
 *
 * Context: RCU, BH off; netpoll: interrupts off.
 */
netdev_tx_t netvsc_tx(struct netvsc_conn *conn, struct netvsc_queue *queue,
		      struct sk_buff *skb, bool stops)
{
	struct netvsc *nv = queue->nv;
	struct netvsc_tx_undo undo;
	struct netvsc_chan *chan;
	struct rndis_info info;
	u32 section, used;
	unsigned int num;
	int err;

	/* Pairs with netvsc_subchans_open(). */
	num = smp_load_acquire(&conn->num_chans);
	/* eth<n> may have a queue more than there are channels, for a moment. */
	chan = conn->chan[likely(queue->index < num) ? queue->index : 0];
	err = netvsc_tx_inform(conn, skb, &info, &undo);
	if (unlikely(err))
		return netvsc_tx_drop(nv, skb, err);
	section = netvsc_tx_copy(chan, skb, &info, &used);
	if (section == NVSP_SECTION_NONE) {
		err = netvsc_tx_gather(nv, skb);
		if (unlikely(err))
			return netvsc_tx_drop(nv, skb, err);
	}

	err = netvsc_tx_give_stamped(chan, skb, &info, section, used, stops);
	if (likely(!err))
		return NETDEV_TX_OK;

	if (section != NVSP_SECTION_NONE)
		clear_bit_unlock(section, conn->send_map);
	if (err != -EBUSY)
		return netvsc_tx_drop(nv, skb, err);
	netvsc_count(nv, tx_busy);
	/* Next time it may go over the VF. */
	netvsc_tx_restore(skb, &info, &undo);
	return NETDEV_TX_BUSY;
}
