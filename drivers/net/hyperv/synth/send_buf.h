/* SPDX-License-Identifier: GPL-2.0 */
/* Sections of the send buffer: small frames are copied there. */
#ifndef _HV_NETVSC_SEND_BUF_H
#define _HV_NETVSC_SEND_BUF_H

#include <linux/cache.h>
#include <linux/limits.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct netvsc_chan;
struct netvsc_conn;

/* None is free. Buffers have NETVSC_SECTIONS_MAX of them at most. */
#define NETVSC_SECTION_NONE	U16_MAX

/* Free sections that a channel keeps to itself. A power of two. */
#define NETVSC_SECTIONS_KEPT	32

/**
 * struct netvsc_section_pool - free sections that no channel keeps
 * @lock: irqs off: netpoll may come in between; guards the rest
 * @num: of them
 * @free: stack of them
 */
struct netvsc_section_pool {
	spinlock_t lock; /* all below */
	u32 num;
	u16 *free;
};

/**
 * struct netvsc_section_ring - free sections that a channel keeps: the sender
 *	takes what its own NAPI has put there, and no CPU but these two sees it
 * @taken: so far. Writer: sender, under the queue's tx_lock
 * @given: so far. Writer: NAPI
 * @keep: at most so many; what is more goes to the pool
 * @free: ring of them
 */
struct netvsc_section_ring {
	u32 taken;
	u32 given ____cacheline_aligned_in_smp;
	u32 keep;
	u16 free[NETVSC_SECTIONS_KEPT];
};

int netvsc_sections_init(struct netvsc_conn *conn);
void netvsc_sections_free(struct netvsc_conn *conn);
void netvsc_sections_share(struct netvsc_chan *chan);

u16 netvsc_section_get(struct netvsc_chan *chan);
void netvsc_section_put(struct netvsc_chan *chan, u16 section);

#endif /* _HV_NETVSC_SEND_BUF_H */
