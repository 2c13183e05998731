// SPDX-License-Identifier: GPL-2.0
/*
 * Connect and disconnect: the order of the handshake, and its unwinding.
 *
 * Conn work only, but for the last put: the VMBus core waits for the host without
 * a deadline, so nobody who holds RTNL may be here.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../vf/vf.h"
#include "buffer.h"
#include "conn.h"
#include "queue.h"
#include "send_buf.h"
#include "tx.h"

/* As netvsc_shared_alloc() wants it, and no message of a request crosses a page. */
static_assert(!(NETVSC_REQUESTS_BYTES & (NETVSC_REQUESTS_BYTES - 1)));
static_assert(!(SZ_4K % NETVSC_MSG_MAX));

/**
 * netvsc_conn_open_chan() - open a channel, and poll it
 * @chan: of a connection, not open
 *
 * NAPI comes first: the host's first message may be there before open returns.
 * The rings are one piece of memory; where there is none of that size, a smaller
 * one does.
 *
 * Context: process; waits for the host. Return: 0 or an errno.
 */
int netvsc_conn_open_chan(struct netvsc_chan *chan)
{
	const struct netvsc_conn *conn = chan->conn;
	struct netvsc_queue *queue = chan->queue;
	u32 ring = conn->params.ring_bytes;
	int err;

	queue->chan = chan;
	napi_enable(&queue->napi);
	err = conn->bus->open(chan, ring);
	while (err == -ENOMEM && ring > NETVSC_RING_BYTES_MIN) {
		ring = max(PAGE_ALIGN(ring / 2), NETVSC_RING_BYTES_MIN);
		err = conn->bus->open(chan, ring);
	}
	if (err) {
		napi_disable(&queue->napi);
		netvsc_chan_quiet(chan);
		queue->chan = NULL;
	}
	return err;
}

static int netvsc_conn_open(struct netvsc_conn *conn)
{
	int err;

	netvsc_link_begin(conn->nv);
	netvsc_vf_conn_begin(conn->nv);
	err = netvsc_conn_open_chan(conn->chan[0]);
	if (err)
		netdev_err(conn->nv->ndev, "unable to open channel: %d\n", err);
	return err;
}

/* All of them, used or not: the bus closes them together. */
static void netvsc_conn_close(struct netvsc_conn *conn)
{
	unsigned int i;

	netvsc_nvsp_close(conn);
	netvsc_subchans_end(conn);
	for (i = 0; i < NETVSC_MAX_CHANNELS; i++)
		if (conn->chan[i])
			napi_disable(&conn->chan[i]->queue->napi);
	/* A poll that is done may not have left its ring yet. */
	synchronize_net();
	for (i = 0; i < NETVSC_MAX_CHANNELS; i++)
		if (conn->chan[i])
			netvsc_chan_quiet(conn->chan[i]);
	conn->bus->close(conn->chan[0]);
	netvsc_requests_kill(&conn->requests);
	for (i = 0; i < NETVSC_MAX_CHANNELS; i++) {
		if (!conn->chan[i])
			continue;
		netvsc_tx_drop_all(conn->chan[i]);
		conn->chan[i]->queue->chan = NULL;
	}
}

static int netvsc_conn_prepare_rx(struct netvsc_conn *conn)
{
	return netvsc_chan_prepare_rx(conn->chan[0]);
}

/* Only now it is known how many channels share the send buffer. */
static int netvsc_conn_prepare_tx(struct netvsc_conn *conn)
{
	netvsc_sections_share(conn->chan[0]);
	return 0;
}

/*
 * What a connection is made of, in order. A step that fails leaves nothing
 * behind; the ones before it are undone in reverse. The buffers get their
 * GPADLs before the channel opens, because they must lose them after it has
 * closed: only then is the host known to have let go of them. The host may
 * send frames as soon as it has the receive buffer, ahead of its next answer.
 */
static const struct {
	int (*up)(struct netvsc_conn *conn);
	void (*down)(struct netvsc_conn *conn);
} netvsc_conn_steps[] = {
	{ netvsc_buffers_get,		netvsc_buffers_put },
	{ netvsc_conn_open,		netvsc_conn_close },
	{ netvsc_nvsp_negotiate,	NULL },
	{ netvsc_nvsp_announce_recv,	netvsc_nvsp_revoke_recv },
	{ netvsc_conn_prepare_rx,	NULL },
	{ netvsc_nvsp_announce_send,	netvsc_nvsp_revoke_send },
	{ netvsc_rndis_init,		netvsc_rndis_halt },
	{ netvsc_rndis_query_caps,	NULL },
	{ netvsc_rss_query,		NULL },
	{ netvsc_conn_prepare_tx,	NULL },
	{ netvsc_rndis_set_offload,	NULL },
	{ netvsc_rndis_repeat_mac,	NULL },
	{ netvsc_rndis_query_link,	NULL },
	{ netvsc_subchans_open,		NULL },
	{ netvsc_rss_start,		NULL },
};

static void netvsc_conn_undo(struct netvsc_conn *conn, int done)
{
	while (done--)
		if (netvsc_conn_steps[done].down)
			netvsc_conn_steps[done].down(conn);
}

/**
 * netvsc_conn_start() - connect to the host
 * @conn: fresh from netvsc_conn_alloc()
 *
 * Context: conn work. Return: 0, or an errno with everything undone.
 */
int netvsc_conn_start(struct netvsc_conn *conn)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(netvsc_conn_steps); i++) {
		err = netvsc_conn_steps[i].up(conn);
		if (err) {
			netvsc_conn_undo(conn, i);
			return err;
		}
	}
	return 0;
}

static bool netvsc_conn_idle(struct netvsc_conn *conn)
{
	return netvsc_tx_settled(conn) && netvsc_requests_idle(&conn->requests) &&
	       !READ_ONCE(conn->acks.num);
}

/* Return: whether everything sent has come back. */
static bool netvsc_conn_settle(struct netvsc_conn *conn)
{
	unsigned long end = jiffies + NETVSC_QUIESCE;

	while (!netvsc_conn_idle(conn)) {
		if (conn->bus->rescinded(conn))
			return true;
		if (time_after(jiffies, end))
			return false;
		usleep_range(1000, 2000);
	}
	return true;
}

/**
 * netvsc_conn_stop() - say good-bye to the host and close
 * @conn: started; not published any more, and no sender is left
 *
 * Context: conn work.
 */
void netvsc_conn_stop(struct netvsc_conn *conn)
{
	int done = ARRAY_SIZE(netvsc_conn_steps);

	if (!conn->bus->rescinded(conn)) {
		netvsc_rndis_set_filter(conn, 0);
		if (!netvsc_conn_settle(conn))
			netdev_warn(conn->nv->ndev,
				    "Ring buffer not empty after closing rndis\n");
	}
	netvsc_conn_undo(conn, done);
}

static bool netvsc_conn_gone(void *arg)
{
	struct netvsc_conn *conn = arg;

	return conn->bus->rescinded(conn);
}

/**
 * netvsc_conn_alloc() - a connection that is not connected
 * @nv: the device
 * @bus: how to reach the host
 * @bus_priv: for @bus
 * @params: copied
 *
 * Context: process. Return: it, with one reference, or NULL.
 */
struct netvsc_conn *netvsc_conn_alloc(struct netvsc *nv,
				      const struct netvsc_bus_ops *bus,
				      void *bus_priv,
				      const struct netvsc_intent *params)
{
	static atomic_t serial;
	struct netvsc_conn *conn;

	conn = kvzalloc(sizeof(*conn), GFP_KERNEL);
	if (!conn)
		return NULL;

	kref_init(&conn->ref);
	spin_lock_init(&conn->acks.lock);
	spin_lock_init(&conn->sections.lock);
	INIT_LIST_HEAD(&conn->subs.node);
	init_waitqueue_head(&conn->subs.wait);
	conn->nv = nv;
	conn->bus = bus;
	conn->bus_priv = bus_priv;
	conn->params = *params;
	conn->serial = atomic_inc_return(&serial);
	if (netvsc_shared_alloc(nv, &conn->asked, NETVSC_REQUESTS_BYTES))
		goto free_conn;
	netvsc_requests_init(&conn->requests, conn->asked.base,
			     netvsc_conn_gone, conn);

	conn->chan[0] = netvsc_chan_alloc(conn, nv->hdev->channel, 0);
	if (!conn->chan[0])
		goto free_asked;
	conn->num_chans = 1;
	return conn;

free_asked:
	netvsc_shared_free(nv, &conn->asked);
free_conn:
	kvfree(conn);
	return NULL;
}

static void netvsc_conn_free(struct work_struct *work)
{
	struct netvsc_conn *conn = container_of(to_rcu_work(work),
						struct netvsc_conn, free_work);
	unsigned int i;

	for (i = 0; i < NETVSC_MAX_CHANNELS; i++)
		if (conn->chan[i])
			netvsc_chan_free(conn->chan[i]);
	netvsc_sections_free(conn);
	netvsc_shared_free(conn->nv, &conn->asked);
	kvfree(conn);
}

static void netvsc_conn_release(struct kref *ref)
{
	struct netvsc_conn *conn = container_of(ref, struct netvsc_conn, ref);

	INIT_RCU_WORK(&conn->free_work, netvsc_conn_free);
	queue_rcu_work(conn->nv->conn_wq, &conn->free_work);
}

/**
 * netvsc_conn_put() - drop a reference
 * @conn: stopped, or never started, if this is the last one
 *
 * Context: any. The memory goes in conn work, after an RCU grace period.
 */
void netvsc_conn_put(struct netvsc_conn *conn)
{
	kref_put(&conn->ref, netvsc_conn_release);
}

/**
 * netvsc_conn_get() - the connection that transmits
 * @nv: the device
 *
 * Context: any. Return: it, with a reference, or NULL.
 */
struct netvsc_conn *netvsc_conn_get(struct netvsc *nv)
{
	struct netvsc_conn *conn;

	rcu_read_lock();
	conn = rcu_dereference(nv->conn);
	if (conn && !kref_get_unless_zero(&conn->ref))
		conn = NULL;
	rcu_read_unlock();
	return conn;
}
