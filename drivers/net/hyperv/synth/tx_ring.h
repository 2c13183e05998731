/* SPDX-License-Identifier: GPL-2.0 */
/* What is in flight towards the host, and who may send more. */
#ifndef _HV_NETVSC_TX_RING_H
#define _HV_NETVSC_TX_RING_H

#include <linux/cache.h>
#include <linux/hyperv.h>
#include <linux/sizes.h>
#include <linux/timer.h>
#include <linux/types.h>

#include "rndis_msg.h"
#include "shared.h"

struct netdev_queue;
struct netvsc_chan;
struct netvsc_polled;
struct netvsc_queue;
struct sk_buff;

/* Packets in flight towards the host. A power of two. */
#define NETVSC_TX_SLOTS		1024

/* The host does not like to see an RNDIS header in two pages. */
#define NETVSC_TX_HDR		128
#define NETVSC_TX_HDR_PAGES	(NETVSC_TX_SLOTS * NETVSC_TX_HDR / SZ_4K)

/* Pages that one packet can name, and the packet without its message. */
#define NETVSC_TX_PFNS		MAX_PAGE_BUFFER_COUNT
#define NETVSC_TX_DESC		(offsetof(struct vmbus_packet_mpb_array, \
					  range) + \
				 NETVSC_TX_PFNS * (sizeof(struct hv_mpb_array) + \
						   sizeof(u64)))

static_assert(RNDIS_TX_HDR_MAX <= NETVSC_TX_HDR);
static_assert(!(NETVSC_TX_SLOTS & (NETVSC_TX_SLOTS - 1)));

/**
 * struct netvsc_tx_slot - a packet in flight: a frame, or a batch of small ones
 * @tid: VMBus transaction id while the packet is the host's; 0: it is not.
 *	Whoever changes it back to 0 owns @skb and @section
 * @skb: list by their next; kept until the host is done, even if they were
 *	copied: their sockets wait
 * @gen: uses of this slot so far; part of @tid
 * @bytes: of the frames
 * @limited: of these, what BQL counts
 * @section: of the send buffer, or NETVSC_SECTION_NONE
 * @packets: on the wire: the host cuts some frames into several
 */
struct netvsc_tx_slot {
	u64 tid;
	struct sk_buff *skb;
	u32 gen;
	u32 bytes;
	u32 limited;
	u16 section;
	u16 packets;
};

/**
 * struct netvsc_tx_batch - small frames that go to the host as one packet
 * @slot: of that packet; NULL: there is none in the making
 * @tail: the last frame
 * @used: bytes of the section
 * @last: where in the section the last frame's message begins
 * @frames: so many
 */
struct netvsc_tx_batch {
	struct netvsc_tx_slot *slot;
	struct sk_buff *tail;
	u32 used;
	u32 last;
	u32 frames;
};

/**
 * struct netvsc_tx_ring - sending side of a channel
 * @used: slots taken so far. Writer: sender, under the queue's tx_lock
 * @stuck: the ring had no room for @batch: NAPI tries again. Under tx_lock
 * @batch: in the making. Under tx_lock
 * @watch: looks whether the host completes what is in flight; runs out when
 *	nothing is
 * @watched: @freed, when it looked last
 * @still: so often it was the same
 * @stopped: the sender stopped its queue and wants to be woken
 * @unsent: bytes that BQL counts, of frames that were not sent after all
 * @map: by slot, in a confidential VM: the copy of a frame that is in no section
 * @freed: slots given back so far; @freed - @used + NETVSC_TX_SLOTS are free.
 *	Writer: NAPI
 * @free: ring of free slots: the sender takes at @used, NAPI puts at @freed
 * @slot: the slots
 * @hdr: pages of RNDIS headers, NETVSC_TX_HDR bytes for each slot
 * @desc: VMBus packet in the making. Under tx_lock
 */
struct netvsc_tx_ring {
	u32 used;
	bool stuck;
	struct netvsc_tx_batch batch;
	struct timer_list watch;
	u32 watched;
	u32 still;
	/* NAPI looks at these in each poll; hardly ever does anybody write. */
	bool stopped ____cacheline_aligned_in_smp;
	atomic_t unsent;
	struct netvsc_frame_map *map;
	u32 freed ____cacheline_aligned_in_smp;
	u16 free[NETVSC_TX_SLOTS];
	struct netvsc_tx_slot slot[NETVSC_TX_SLOTS];
	struct netvsc_shared hdr[NETVSC_TX_HDR_PAGES];
	u8 desc[NETVSC_TX_DESC] __aligned(8);
};

static inline u32 netvsc_tx_in_flight(const struct netvsc_tx_ring *tx)
{
	/* What NAPI put into the ring of free slots is seen before freed. */
	u32 freed = smp_load_acquire(&tx->freed);

	return READ_ONCE(tx->used) - freed;
}

/* Are all slots taken? */
static inline bool netvsc_tx_full(const struct netvsc_tx_ring *tx)
{
	return netvsc_tx_in_flight(tx) == NETVSC_TX_SLOTS;
}

int netvsc_tx_ring_init(struct netvsc_chan *chan);
void netvsc_tx_ring_free(struct netvsc_chan *chan);
void netvsc_tx_drop_all(struct netvsc_chan *chan);
bool netvsc_tx_idle(const struct netvsc_chan *chan);

/* Under the queue's tx_lock */
struct netdev_queue *netvsc_tx_queue(const struct netvsc_chan *chan);
struct netvsc_tx_slot *netvsc_tx_slot_get(struct netvsc_chan *chan);
void netvsc_tx_slot_unget(struct netvsc_chan *chan);
void netvsc_tx_unmap(struct netvsc_chan *chan, struct netvsc_tx_slot *slot);
bool netvsc_tx_low(const struct netvsc_chan *chan);
void netvsc_tx_stop(struct netvsc_chan *chan, bool copies);
bool netvsc_tx_limit(struct netvsc_chan *chan, struct netvsc_tx_slot *slot,
		     u32 bytes, bool more);
void netvsc_tx_unlimit(struct netdev_queue *txq);
void netvsc_tx_uncount(struct netvsc_chan *chan, struct netvsc_tx_slot *slot);
void netvsc_tx_count_gso(struct netvsc_queue *queue, u32 segs);

/* NAPI */
void netvsc_tx_complete(struct netvsc_chan *chan, u64 tid, const void *msg,
			u32 len, int budget, struct netvsc_polled *polled);
void netvsc_tx_polled(struct netvsc_chan *chan, u32 limited);

#endif /* _HV_NETVSC_TX_RING_H */
