// SPDX-License-Identifier: GPL-2.0
/*
 * Sub-channels.
 *
 * The host is asked for so many, and offers them one by one, in any order. Each
 * is opened where the bus tells of it, on a work queue of its own: later it could
 * be gone. Conn work waits for all of them, but not for ever, and goes on with
 * those that there are. A host that does not open one leaves us with fewer
 * channels, not without a network.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "conn.h"
#include "queue.h"

/*
 * The connections to which sub-channels may come. An offer that comes when
 * nobody waits for it finds none here.
 */
static LIST_HEAD(netvsc_expecting);
/* Guards that list, and the counters of each struct netvsc_subchans. */
static DEFINE_SPINLOCK(netvsc_expecting_lock);

static void netvsc_subchans_expect(struct netvsc_conn *conn, u32 num)
{
	conn->subs.num = num;
	spin_lock(&netvsc_expecting_lock);
	list_add(&conn->subs.node, &netvsc_expecting);
	spin_unlock(&netvsc_expecting_lock);
	conn->bus->expect(conn);
}

/* Return: how many channels there are, up to the first that is missing. */
static unsigned int netvsc_subchans_close_list(struct netvsc_conn *conn)
{
	unsigned int num = 1;

	spin_lock(&netvsc_expecting_lock);
	list_del_init(&conn->subs.node);
	while (num <= conn->subs.num && conn->chan[num])
		num++;
	spin_unlock(&netvsc_expecting_lock);
	return num;
}

static bool netvsc_subchans_came(struct netvsc_conn *conn, u32 num)
{
	bool came;

	spin_lock(&netvsc_expecting_lock);
	came = conn->subs.answered >= num;
	spin_unlock(&netvsc_expecting_lock);
	return came;
}

static bool netvsc_subchans_quiet(struct netvsc_conn *conn)
{
	bool quiet;

	spin_lock(&netvsc_expecting_lock);
	quiet = !conn->subs.opening;
	spin_unlock(&netvsc_expecting_lock);
	return quiet;
}

static void netvsc_subchans_await(struct netvsc_conn *conn, u32 num)
{
	unsigned long end = jiffies + NETVSC_SUBCHAN;

	while (!wait_event_timeout(conn->subs.wait,
				   netvsc_subchans_came(conn, num),
				   NETVSC_RESCIND_POLL)) {
		if (conn->bus->rescinded(conn))
			return;
		if (time_after(jiffies, end)) {
			netvsc_count(conn->nv, host_overdue);
			return;
		}
	}
}

/**
 * netvsc_subchans_wanted() - how many channels there may be, with the primary
 * @conn: whose host has said how many it has
 */
u32 netvsc_subchans_wanted(const struct netvsc_conn *conn)
{
	return min3(conn->params.channels, conn->caps.channels,
		    conn->nv->num_queues);
}

/**
 * netvsc_subchans_open() - have as many channels as are wanted
 * @conn: with RNDIS and buffers; conn->num_chans says afterwards how many
 *
 * Context: conn work. Return: 0, or -ENODEV.
 */
int netvsc_subchans_open(struct netvsc_conn *conn)
{
	u32 want = netvsc_subchans_wanted(conn);
	int granted;

	if (want < 2 || conn->nv->probing)
		return 0;
	netvsc_subchans_expect(conn, want - 1);
	granted = netvsc_nvsp_ask_subchannels(conn, want - 1);
	if (granted > 0)
		netvsc_subchans_await(conn, granted);
	/* Pairs with netvsc_tx_chan(): the first connection has senders already. */
	smp_store_release(&conn->num_chans, netvsc_subchans_close_list(conn));
	if (granted == -ENODEV)
		return -ENODEV;
	if (conn->num_chans < want)
		netdev_warn(conn->nv->ndev, "%u of %u channels can be used\n",
			    conn->num_chans, want);
	return 0;
}

/*
 * Conn work. The first connection of a device is made in probe, which has others
 * wait, and at a time when the bus has no place yet for what it shows of channels.
 */
static void netvsc_grow(struct work_struct *work)
{
	struct netvsc *nv = container_of(work, struct netvsc, grow_work);
	struct netvsc_conn *conn = netvsc_conn_get(nv);

	nv->probing = false;
	if (!conn)
		return;
	if (!netvsc_subchans_open(conn) && !netvsc_rss_start(conn))
		queue_work(nv->bond_wq, &nv->grown_work);
	netvsc_conn_put(conn);
}

/* Bond work. Another connection may have brought its own queues meanwhile. */
static void netvsc_grown(struct work_struct *work)
{
	struct netvsc *nv = container_of(work, struct netvsc, grown_work);
	const struct netvsc_conn *conn;

	rtnl_lock();
	conn = rtnl_dereference(nv->conn);
	if (conn && !nv->gone)
		netvsc_set_queues(nv, conn);
	rtnl_unlock();
}

/**
 * netvsc_subchans_init() - before the first connection
 * @nv: the device
 */
void netvsc_subchans_init(struct netvsc *nv)
{
	INIT_WORK(&nv->grow_work, netvsc_grow);
	INIT_WORK(&nv->grown_work, netvsc_grown);
}

/**
 * netvsc_subchans_settle() - have the channels that the first connection gets
 * @nv: the device
 *
 * Whoever is told of channels right after probe, or says what is to come to which,
 * means those.
 *
 * Context: RTNL. Waits for conn work that takes none, for as long as
 * netvsc_open() may have to.
 */
void netvsc_subchans_settle(struct netvsc *nv)
{
	const struct netvsc_conn *conn;

	flush_work(&nv->grow_work);
	conn = rtnl_dereference(nv->conn);
	/* Bond work will come to it, too, but not while we are here. */
	if (conn && conn->num_chans != nv->ndev->real_num_rx_queues)
		netvsc_set_queues(nv, conn);
}

/**
 * netvsc_subchans_end() - no sub-channel is being opened any more
 * @conn: about to close
 *
 * Context: conn work. Waits for as long as the bus does: a channel may be on its
 * way open, and that ends with the host's answer, or when it takes back that very
 * channel.
 */
void netvsc_subchans_end(struct netvsc_conn *conn)
{
	netvsc_subchans_close_list(conn);
	wait_event(conn->subs.wait, netvsc_subchans_quiet(conn));
}

static struct netvsc_conn *
netvsc_subchan_claim(const struct vmbus_channel *vmchan)
{
	struct netvsc_conn *conn, *claimed = NULL;

	spin_lock(&netvsc_expecting_lock);
	list_for_each_entry(conn, &netvsc_expecting, subs.node) {
		if (conn->nv->hdev->channel != vmchan->primary_channel)
			continue;
		conn->subs.opening++;
		claimed = conn;
		break;
	}
	spin_unlock(&netvsc_expecting_lock);
	return claimed;
}

/* From here on @conn may go away. */
static void netvsc_subchan_unclaim(struct netvsc_conn *conn, bool answered)
{
	spin_lock(&netvsc_expecting_lock);
	conn->subs.opening--;
	conn->subs.answered += answered;
	wake_up(&conn->subs.wait);
	spin_unlock(&netvsc_expecting_lock);
}

static int netvsc_subchan_open(struct netvsc_conn *conn,
			       struct vmbus_channel *vmchan, u16 index)
{
	struct netvsc_chan *chan = netvsc_chan_alloc(conn, vmchan, index);
	int err;

	if (!chan)
		return -ENOMEM;
	err = netvsc_chan_prepare_rx(chan);
	if (!err) {
		netvsc_sections_share(chan);
		err = netvsc_conn_open_chan(chan);
	}
	if (err)
		netvsc_chan_free(chan);
	else
		conn->chan[index] = chan;
	return err;
}

/**
 * netvsc_subchan_offered() - the host offers a sub-channel
 * @vmchan: not open; gone once this has returned and the host takes it back
 *
 * Context: process, a work queue of the bus; waits for the host.
 */
void netvsc_subchan_offered(struct vmbus_channel *vmchan)
{
	u16 index = vmchan->offermsg.offer.sub_channel_index;
	struct netvsc_conn *conn = netvsc_subchan_claim(vmchan);
	int err;

	/* The close of the primary takes it away. */
	if (!conn)
		return;

	if (!index || index > conn->subs.num ||
	    test_and_set_bit(index, conn->subs.seen)) {
		netvsc_count(conn->nv, host_malformed);
		if (net_ratelimit())
			netdev_err(conn->nv->ndev,
				   "host offers sub-channel %u, asked for %u\n",
				   index, conn->subs.num);
		netvsc_subchan_unclaim(conn, false);
		return;
	}

	err = netvsc_subchan_open(conn, vmchan, index);
	if (err) {
		netdev_notice(conn->nv->ndev, "sub channel open failed: %d\n",
			      err);
		/* It may have been one that came late, and is gone. */
		clear_bit(index, conn->subs.seen);
	}
	netvsc_subchan_unclaim(conn, err != -ENODEV);
}
