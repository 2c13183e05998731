// SPDX-License-Identifier: GPL-2.0
/*
 * Sections of the send buffer: who has which.
 *
 * A section that the host is done with stays with the channel that had it, for
 * its next frame. A channel that needs more than it keeps gets them from a pool
 * for all, and gives back there what it does not need any more: CPUs meet only
 * in bursts.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "conn.h"
#include "queue.h"
#include "send_buf.h"

static_assert(NETVSC_SECTIONS_MAX <= NETVSC_SECTION_NONE);
static_assert(!(NETVSC_SECTIONS_KEPT & (NETVSC_SECTIONS_KEPT - 1)));

/**
 * netvsc_sections_init() - all sections are free
 * @conn: the host has said how many there are
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int netvsc_sections_init(struct netvsc_conn *conn)
{
	struct netvsc_section_pool *pool = &conn->sections;
	u32 i, num = conn->send.sections;

	pool->free = kvmalloc_array(num, sizeof(*pool->free), GFP_KERNEL);
	if (!pool->free)
		return -ENOMEM;
	/* The lowest on top. */
	for (i = 0; i < num; i++)
		pool->free[i] = num - 1 - i;
	pool->num = num;
	return 0;
}

/**
 * netvsc_sections_free() - undo netvsc_sections_init(), if it was called
 * @conn: with nothing in flight
 */
void netvsc_sections_free(struct netvsc_conn *conn)
{
	kvfree(conn->sections.free);
}

/**
 * netvsc_sections_share() - how many a channel may keep
 * @chan: about to send
 *
 * All channels that there may be keep half of them together at most, so that one
 * alone that has much to send is not without.
 */
void netvsc_sections_share(struct netvsc_chan *chan)
{
	const struct netvsc_conn *conn = chan->conn;

	chan->sections.keep = min(conn->send.sections / 2 /
				  netvsc_subchans_wanted(conn),
				  (u32)NETVSC_SECTIONS_KEPT);
}

static u16 netvsc_section_pop(struct netvsc_section_pool *pool)
{
	u16 section = NETVSC_SECTION_NONE;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (likely(pool->num))
		section = pool->free[--pool->num];
	spin_unlock_irqrestore(&pool->lock, flags);
	return section;
}

static void netvsc_section_push(struct netvsc_section_pool *pool, u16 section)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	pool->free[pool->num++] = section;
	spin_unlock_irqrestore(&pool->lock, flags);
}

/**
 * netvsc_section_get() - a section to copy frames to
 * @chan: that sends them
 *
 * Context: under the queue's tx_lock. Return: its number, or
 * NETVSC_SECTION_NONE.
 */
u16 netvsc_section_get(struct netvsc_chan *chan)
{
	struct netvsc_section_ring *ring = &chan->sections;
	u32 taken = ring->taken;
	u16 section;

	/* What NAPI has put into the ring is seen before it is counted. */
	if (unlikely(taken == smp_load_acquire(&ring->given))) {
		section = netvsc_section_pop(&chan->conn->sections);
		if (unlikely(section == NETVSC_SECTION_NONE))
			netvsc_count(chan->conn->nv, tx_send_full);
		return section;
	}
	section = ring->free[taken & (NETVSC_SECTIONS_KEPT - 1)];
	/* Pairs with netvsc_section_put(). */
	smp_store_release(&ring->taken, taken + 1);
	return section;
}

/**
 * netvsc_section_put() - the host is done with it
 * @chan: that had it
 * @section: its number
 *
 * Context: NAPI, or process once NAPI is disabled.
 */
void netvsc_section_put(struct netvsc_chan *chan, u16 section)
{
	struct netvsc_section_ring *ring = &chan->sections;
	u32 given = ring->given;

	/* The place was read before it is used again. */
	if (given - smp_load_acquire(&ring->taken) >= ring->keep) {
		netvsc_section_push(&chan->conn->sections, section);
		return;
	}
	ring->free[given & (NETVSC_SECTIONS_KEPT - 1)] = section;
	/* Pairs with netvsc_section_get(). */
	smp_store_release(&ring->given, given + 1);
}
