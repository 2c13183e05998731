/* SPDX-License-Identifier: GPL-2.0 */
/* The control side of VMBus. The data path calls VMBus directly. */
#ifndef _HV_NETVSC_BUS_H
#define _HV_NETVSC_BUS_H

#include <linux/hyperv.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sizes.h>

/*
 * Below this the rings of a channel are not worth having. Each takes a page that
 * holds no data, and the one for sending is a quarter of it.
 */
#define NETVSC_RING_BYTES_MIN	max_t(u32, SZ_128K, 8 * PAGE_SIZE)

/*
 * The host chooses when it sends, and the stack waits for us: the larger part is
 * for what is received.
 */
static inline u32 netvsc_ring_send_bytes(u32 bytes)
{
	return PAGE_ALIGN(bytes / 4);
}

struct netvsc;
struct netvsc_chan;
struct netvsc_conn;

/**
 * struct netvsc_bus_ops - what a connection needs of the bus
 * @open: open @chan with rings of @ring_bytes in all; its interrupts may come
 *	before this returns
 * @close: close the primary and with it all others; no interrupt comes after this
 * @expect: from now on netvsc_subchan_offered() is called for each sub-channel
 * @establish: give memory a name that the host knows; the bus waits without
 *	a deadline, so this is for conn work only
 * @teardown: the opposite; on failure the memory may not be freed
 * @send: one in-band packet on the primary; the host answers under @tid if
 *	@wants_answer. Any context, does not sleep. -EAGAIN: the ring is full
 * @complete: a completion (of what the host sent) on the primary
 * @send_control: NVSP_RNDIS_PKT with @len bytes at @buf, which is in conn->asked
 *	and does not cross a page
 * @rescinded: the host took the device away
 */
struct netvsc_bus_ops {
	int (*open)(struct netvsc_chan *chan, u32 ring_bytes);
	void (*close)(struct netvsc_chan *chan);
	void (*expect)(struct netvsc_conn *conn);
	int (*establish)(struct netvsc_conn *conn, void *base, u32 bytes,
			 struct vmbus_gpadl *gpadl);
	int (*teardown)(struct netvsc_conn *conn, struct vmbus_gpadl *gpadl);
	int (*send)(struct netvsc_conn *conn, void *msg, u32 len, u64 tid,
		    bool wants_answer);
	int (*complete)(struct netvsc_conn *conn, u64 tid);
	int (*send_control)(struct netvsc_conn *conn, void *buf, u32 len,
			    u64 tid);
	bool (*rescinded)(struct netvsc_conn *conn);
};

extern const struct netvsc_bus_ops netvsc_vmbus_ops;

void netvsc_vmbus_free_ring(struct netvsc *nv);

#endif /* _HV_NETVSC_BUS_H */
