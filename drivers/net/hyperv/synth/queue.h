/* SPDX-License-Identifier: GPL-2.0 */
/* One queue: its channel, NAPI, and what is in flight in both directions. */
#ifndef _HV_NETVSC_QUEUE_H
#define _HV_NETVSC_QUEUE_H

#include <linux/cache.h>
#include <linux/hyperv.h>
#include <linux/sizes.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

#include "../netvsc.h"
#include "../wire/nvsp.h"
#include "request.h"
#include "rndis_msg.h"
#include "rsc.h"
#include "tid.h"

struct bpf_prog;
struct netvsc_conn;

/*
 * Largest packet from the host; VMBus keeps a buffer of this size and loses
 * its way in the ring after a larger one. Transfers have 375 ranges at most,
 * with coalescing 562 (4.6 KiB).
 */
#define NETVSC_MAX_PKT		SZ_8K

/* Frames in flight towards the host. A power of two. */
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
 * struct netvsc_tx_slot - one frame in flight
 * @tid: VMBus transaction id while the frame is the host's; 0: it is not.
 *	Whoever changes it back to 0 owns @skb and @section
 * @skb: kept until the host is done, even if it was copied: its socket waits
 * @section: of the send buffer, or NVSP_SECTION_NONE
 * @gen: uses of this slot so far; part of @tid
 * @bytes: of the frame
 * @packets: into which the host cuts it
 */
struct netvsc_tx_slot {
	u64 tid;
	struct sk_buff *skb;
	u32 section;
	u32 gen;
	u32 bytes;
	u32 packets;
};

/**
 * struct netvsc_tx_ring - sending side of a channel
 * @used: slots taken so far. Writer: sender, under the queue's tx_lock
 * @base: where to look for a free section first, so that channels do not get
 *	in each other's way
 * @stopped: the sender stopped its queue and wants to be woken
 * @freed: slots given back so far; @freed - @used + NETVSC_TX_SLOTS are free.
 *	Writer: NAPI
 * @free: ring of free slots: the sender takes at @used, NAPI puts at @freed
 * @slot: the slots
 * @hdr: pages of RNDIS headers, NETVSC_TX_HDR bytes for each slot
 * @desc: VMBus packet in the making. Under tx_lock
 */
struct netvsc_tx_ring {
	u32 used;
	u32 base;
	bool stopped;
	u32 freed ____cacheline_aligned_in_smp;
	u16 free[NETVSC_TX_SLOTS];
	struct netvsc_tx_slot slot[NETVSC_TX_SLOTS];
	void *hdr[NETVSC_TX_HDR_PAGES];
	u8 desc[NETVSC_TX_DESC] __aligned(8);
};

/* A transfer of the host that it wants back. */
struct netvsc_rx_done {
	u64 tid;
	u32 status;		/* NVSP_STATUS_* */
};

/**
 * struct netvsc_rx_ring - transfers to give back. NAPI only
 * @done: ring of @size of them
 * @size: one more than the host has sections, so that only a host that makes
 *	up transfers can fill it; 0 before the receive buffer is announced
 * @head: the next goes here
 * @tail: the oldest
 */
struct netvsc_rx_ring {
	struct netvsc_rx_done *done;
	u32 size;
	u32 head;
	u32 tail;
};

/**
 * struct netvsc_chan - a channel
 * @vmchan: of the VMBus
 * @conn: that it belongs to
 * @queue: that it serves
 * @index: of both
 * @live: the rings exist, and may be polled
 * @rx: NAPI only
 * @rsc: NAPI only
 * @retry: polls again, because something could not be given back
 * @tx: sending side
 * @scratch: copies of what the host wrote into the receive buffer. NAPI only
 */
struct netvsc_chan {
	struct vmbus_channel *vmchan;
	struct netvsc_conn *conn;
	struct netvsc_queue *queue;
	u16 index;
	bool live;
	struct netvsc_rx_ring rx;
	struct netvsc_rsc rsc;
	struct timer_list retry;
	struct netvsc_tx_ring tx;
	u8 scratch[NETVSC_ANSWER_MAX] __aligned(8);
};

static_assert(sizeof_field(struct netvsc_chan, scratch) >= RNDIS_RX_PPI_BYTES);

/* What one poll has done; counted at its end. */
struct netvsc_polled {
	u32 rx_packets;
	u32 rx_bytes;
	u32 rx_multicast;
	u32 tx_packets;
	u32 tx_bytes;
	u32 xdp_drop;
	u32 xdp_redirect;
	u32 xdp_tx;
	struct bpf_prog *prog;	/* of XDP, or NULL */
	bool running;		/* eth<n> is, or its frames are dropped */
	bool tx_done;		/* a slot was given back */
	bool stuck;		/* something was left in the ring */
};

void netvsc_queue_init(struct netvsc *nv, u16 index);

struct netvsc_chan *netvsc_chan_alloc(struct netvsc_conn *conn,
				      struct vmbus_channel *vmchan, u16 index);
int netvsc_chan_prepare_rx(struct netvsc_chan *chan);
void netvsc_chan_prepare_tx(struct netvsc_chan *chan);
void netvsc_chan_poll_again(struct netvsc_chan *chan);
void netvsc_chan_quiet(struct netvsc_chan *chan);
void netvsc_chan_free(struct netvsc_chan *chan);

void netvsc_chan_begin(struct netvsc_chan *chan);
void netvsc_chan_interrupt(void *context);
int netvsc_poll(struct napi_struct *napi, int budget);

void netvsc_chan_malformed(struct netvsc_chan *chan, const char *what,
			   u64 value);

#endif /* _HV_NETVSC_QUEUE_H */
