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
#include "send_buf.h"
#include "tid.h"
#include "tx_ring.h"

struct bpf_prog;
struct netvsc_conn;

/*
 * Largest packet from the host; VMBus keeps a buffer of this size and loses
 * its way in the ring after a larger one. Transfers have 375 ranges at most,
 * with coalescing 562 (4.6 KiB).
 */
#define NETVSC_MAX_PKT		SZ_8K

/* Transfers that may wait for room in the host's ring; then no more are read. */
#define NETVSC_RX_OWED		1023

/* A transfer of the host that it wants back. */
struct netvsc_rx_done {
	u64 tid;
	u32 status;		/* NVSP_STATUS_* */
};

/**
 * struct netvsc_rx_ring - transfers to give back. NAPI only
 * @done: ring of @size of them
 * @size: one more than it remembers; 0 before the receive buffer is announced.
 *	It is full where the host leaves no room for what it wants back, or makes
 *	up transfers
 * @head: the next goes here
 * @tail: the oldest
 * @next: range of the transfer at the head of the host's ring with which the next
 *	poll goes on: a budget may end in the middle of one
 * @failed: a range of it ahead of that one was no good
 */
struct netvsc_rx_ring {
	struct netvsc_rx_done *done;
	u32 size;
	u32 head;
	u32 tail;
	u32 next;
	bool failed;
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
 * @retry: polls again, because something could not be given back, or sent
 * @again: it has come
 * @tx: sending side
 * @sections: of the send buffer, for the next frames
 * @scratch: copies of what the host wrote into the receive buffer. NAPI only
 */
struct netvsc_chan {
	struct vmbus_channel *vmchan;
	struct netvsc_conn *conn;
	struct netvsc_queue *queue;
	u16 index;
	bool live;
	bool again;
	/* Senders read the above for each frame, and none of this. */
	struct netvsc_rx_ring rx ____cacheline_aligned_in_smp;
	struct netvsc_rsc rsc;
	struct timer_list retry;
	struct netvsc_tx_ring tx;
	struct netvsc_section_ring sections;
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
	u32 tx_limited;		/* bytes of these that BQL counts */
	u32 xdp_drop;
	u32 xdp_redirect;
	u32 xdp_tx;
	struct bpf_prog *prog;	/* of XDP, or NULL */
	bool running;		/* eth<n> is, or its frames are dropped */
	bool tx_done;		/* there may be room to send */
	bool stuck;		/* something was left in the ring */
	bool rest;		/* of a transfer, for the next poll */
};

void netvsc_queue_init(struct netvsc *nv, u16 index);

struct netvsc_chan *netvsc_chan_alloc(struct netvsc_conn *conn,
				      struct vmbus_channel *vmchan, u16 index);
int netvsc_chan_prepare_rx(struct netvsc_chan *chan);
void netvsc_chan_poll_again(struct netvsc_chan *chan);
void netvsc_chan_quiet(struct netvsc_chan *chan);
void netvsc_chan_free(struct netvsc_chan *chan);

void netvsc_chan_begin(struct netvsc_chan *chan);
void netvsc_chan_interrupt(void *context);
int netvsc_poll(struct napi_struct *napi, int budget);

void netvsc_chan_malformed(struct netvsc_chan *chan, const char *what,
			   u64 value);

#endif /* _HV_NETVSC_QUEUE_H */
