// SPDX-License-Identifier: GPL-2.0
/*
 * Completions of what the host sends by itself, which it waits for: those that
 * meet a full ring are remembered, and sent in their order.
 */
#include <linux/spinlock.h>

#include "../netvsc.h"
#include "conn.h"
#include "queue.h"

/* Under lock. NAPI pays it when there is room. */
static int netvsc_nvsp_owe(struct netvsc_conn *conn, u64 tid)
{
	struct netvsc_acks *acks = &conn->acks;

	if (acks->num == NETVSC_ACKS)
		return -EAGAIN;
	acks->tid[(acks->head + acks->num) % NETVSC_ACKS] = tid;
	WRITE_ONCE(acks->num, acks->num + 1);
	netvsc_chan_poll_again(conn->chan[0]);
	return 0;
}

/**
 * netvsc_nvsp_ack() - complete an in-band message of the host
 * @conn: on which it came
 * @tid: the host's; 0 is as good as any
 *
 * If the ring has no room for it now, it is sent as soon as there is.
 *
 * Context: any but hard irq. Return: 0; -EAGAIN if it is not even remembered,
 * because too many wait already; -ENODEV if the connection is closing or the
 * host is gone.
 */
int netvsc_nvsp_ack(struct netvsc_conn *conn, u64 tid)
{
	struct netvsc_acks *acks = &conn->acks;
	int err = -ENODEV;

	spin_lock_bh(&acks->lock);
	if (!acks->closed) {
		/* Not ahead of those that wait. */
		err = acks->num ? -EAGAIN : conn->bus->complete(conn, tid);
		if (err == -EAGAIN)
			err = netvsc_nvsp_owe(conn, tid);
	}
	spin_unlock_bh(&acks->lock);
	return err;
}

/**
 * netvsc_nvsp_pay() - send the completions that met a full ring
 * @conn: open
 *
 * Context: NAPI. Return: whether none is left.
 */
bool netvsc_nvsp_pay(struct netvsc_conn *conn)
{
	struct netvsc_acks *acks = &conn->acks;
	bool paid;

	if (likely(!READ_ONCE(acks->num)))
		return true;

	spin_lock_bh(&acks->lock);
	while (acks->num) {
		if (conn->bus->complete(conn, acks->tid[acks->head]) ==
		    -EAGAIN) {
			netvsc_count(conn->nv, rx_comp_busy);
			break;
		}
		/* Other errors: the host is gone. */
		acks->head = (acks->head + 1) % NETVSC_ACKS;
		WRITE_ONCE(acks->num, acks->num - 1);
	}
	paid = !acks->num;
	spin_unlock_bh(&acks->lock);
	return paid;
}

/**
 * netvsc_nvsp_close() - nothing more is sent for the bond
 * @conn: about to close its primary channel: whoever has a reference to @conn
 *	may come too late
 *
 * Context: process.
 */
void netvsc_nvsp_close(struct netvsc_conn *conn)
{
	spin_lock_bh(&conn->acks.lock);
	conn->acks.closed = true;
	WRITE_ONCE(conn->acks.num, 0);
	spin_unlock_bh(&conn->acks.lock);
}
