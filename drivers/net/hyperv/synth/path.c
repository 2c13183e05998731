// SPDX-License-Identifier: GPL-2.0
/* What the bond asks of the connection that there is just now, if any. */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <net/sch_generic.h>

#include "../wire/nvsp.h"
#include "conn.h"
#include "synth.h"
#include "tx.h"
#include "tx_ring.h"

/**
 * netvsc_is_connected() - is there anybody to talk to?
 * @nv: the device
 */
bool netvsc_is_connected(struct netvsc *nv)
{
	return rcu_access_pointer(nv->conn);
}

/**
 * netvsc_can_switch_path() - is there a host, and does it know of data paths?
 * @nv: the device
 *
 * Return: false also for a host to which we did not say that we know VFs.
 */
bool netvsc_can_switch_path(struct netvsc *nv)
{
	const struct netvsc_conn *conn;
	bool can;

	rcu_read_lock();
	conn = rcu_dereference(nv->conn);
	can = conn && conn->version >= NVSP_VERSION_5;
	rcu_read_unlock();
	return can;
}

/**
 * netvsc_switch_path() - ask the host to switch the data path
 * @nv: the device
 * @to_vf: or to the synthetic side
 * @seq: the bond's; netvsc_vf_switch_done() brings it back with the answer
 *
 * Return: 0, -EAGAIN if the ring is full, -ENODEV if there is no host.
 */
int netvsc_switch_path(struct netvsc *nv, bool to_vf, u32 seq)
{
	struct netvsc_conn *conn;
	int err = -ENODEV;

	rcu_read_lock();
	conn = rcu_dereference(nv->conn);
	if (conn)
		err = netvsc_nvsp_switch_path(conn, to_vf, seq);
	rcu_read_unlock();
	return err;
}

/**
 * netvsc_complete_on() - what the host said has had its effect
 * @conn: the connection, open
 * @conn_serial: of the one on which it said so; nobody waits on another
 * @tid: the host's
 */
void netvsc_complete_on(struct netvsc_conn *conn, u32 conn_serial, u64 tid)
{
	if (conn->serial == conn_serial)
		netvsc_nvsp_ack(conn, tid);
}

/**
 * netvsc_complete() - the same, on the connection that there is
 * @nv: the device
 * @conn_serial: of the connection on which it said so
 * @tid: the host's
 */
void netvsc_complete(struct netvsc *nv, u32 conn_serial, u64 tid)
{
	struct netvsc_conn *conn;

	rcu_read_lock();
	conn = rcu_dereference(nv->conn);
	if (conn)
		netvsc_complete_on(conn, conn_serial, tid);
	rcu_read_unlock();
}

/**
 * netvsc_sends_settled() - has the host every frame that it was given?
 * @nv: the device
 */
bool netvsc_sends_settled(struct netvsc *nv)
{
	struct netvsc_conn *conn;
	bool settled;

	rcu_read_lock();
	conn = rcu_dereference(nv->conn);
	settled = !conn || netvsc_tx_settled(conn);
	rcu_read_unlock();
	return settled;
}

static bool netvsc_may_release(const struct netvsc *nv)
{
	/* Whoever opens, attaches or connects it starts the queues. */
	return netif_running(nv->ndev) && netif_device_present(nv->ndev) &&
	       (rcu_access_pointer(nv->conn) || rcu_access_pointer(nv->tx_vf));
}

/**
 * netvsc_hold_sends() - let frames wait above eth<n> until they are released
 * @nv: the device
 *
 * A queue without a qdisc would drop them: it goes on.
 *
 * Context: bond work, without RTNL. Who was giving a queue a frame already may
 * still be at it when this returns, for an RCU grace period.
 */
void netvsc_hold_sends(struct netvsc *nv)
{
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < nv->num_queues; i++) {
		struct netdev_queue *txq = netdev_get_tx_queue(nv->ndev, i);
		const struct Qdisc *qdisc = rcu_dereference(txq->qdisc);

		if (!qdisc->enqueue || qdisc == &noop_qdisc)
			continue;
		WRITE_ONCE(nv->queues[i].held, true);
		netif_tx_stop_queue(txq);
		/* Who released it in between, with RTNL, woke it too early. */
		smp_mb__after_atomic();
		if (!READ_ONCE(nv->queues[i].held) && netvsc_may_release(nv))
			netif_tx_wake_queue(txq);
	}
	rcu_read_unlock();
	/* The queues' state first, then the caller's look at what is in flight. */
	smp_mb();
}

/*
 * From now on the VF sends: no queue waits for what the host has not completed,
 * nor a batch for a frame that goes over the VF.
 */
static void netvsc_leave_sends(struct netvsc *nv)
{
	struct netvsc_conn *conn = rcu_dereference(nv->conn);
	unsigned int i;

	if (conn)
		netvsc_tx_push_all(conn);
	for (i = 0; i < nv->num_queues; i++)
		netvsc_tx_unlimit(netdev_get_tx_queue(nv->ndev, i));
}

/**
 * netvsc_release_sends() - undo netvsc_hold_sends()
 * @nv: the device, held or not
 *
 * Context: bond work, or RTNL.
 */
void netvsc_release_sends(struct netvsc *nv)
{
	unsigned int i;

	/* Who takes away both conn and tx_vf waits for us, and stops again. */
	rcu_read_lock();
	for (i = 0; i < nv->num_queues; i++) {
		if (!READ_ONCE(nv->queues[i].held))
			continue;
		WRITE_ONCE(nv->queues[i].held, false);
		/*
		 * Pairs with netvsc_tx_stop() and netvsc_tx_polled(): they see
		 * it, or we wake the queue that they left alone.
		 */
		smp_mb();
		if (netvsc_may_release(nv))
			netif_tx_wake_queue(netdev_get_tx_queue(nv->ndev, i));
	}
	if (rcu_access_pointer(nv->tx_vf))
		netvsc_leave_sends(nv);
	rcu_read_unlock();
}
