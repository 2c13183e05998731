// SPDX-License-Identifier: GPL-2.0
/*
 * The link of eth<n>, as the host tells it.
 *
 * The host moves the NIC to another network: user space must see the link go
 * and come back, so that it asks for a new address, however fast it was. So a
 * link that was down, for however short a time, is shown as down until it has
 * been up for NETVSC_LINK_BLINK, or was down for longer than that. A storm is
 * one blink, too.
 */
#include <linux/ethtool.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "conn.h"
#include "synth.h"

/* The host counts in units of 100 bit/s. */
#define NETVSC_SPEED_UNIT	10000

/*
 * "Up" where it is: the machine may have come to another host. Some say everything
 * twice.
 */
static bool netvsc_link_moved(struct netvsc_link *link, unsigned long now)
{
	if (link->told && time_before(now, link->told + NETVSC_LINK_BLINK))
		return false;
	link->told = now ?: 1;
	link->tell = true;
	return true;
}

/**
 * netvsc_link_event() - the host said something of the link
 * @link: under its lock
 * @event: what
 * @now: jiffies
 *
 * Return: whether eth<n> may have to show something else.
 */
bool netvsc_link_event(struct netvsc_link *link, enum netvsc_link_event event,
		       unsigned long now)
{
	bool was_up = link->up;

	/* Of a network in which it is not. */
	if (event == NETVSC_LINK_CHANGED && !was_up)
		return false;
	link->said = true;
	link->up = event != NETVSC_LINK_DOWN;
	if (event != NETVSC_LINK_UP) {
		link->fell = true;
		link->held = true;
		link->fell_at = now;
	} else if (!was_up && link->held &&
		   time_before(now, link->fell_at + NETVSC_LINK_BLINK)) {
		/* Maybe a storm: it is over when there was peace for a while */
		link->fell_at = now;
	}
	if (link->shown && event == NETVSC_LINK_UP)
		return netvsc_link_moved(link, now);
	return link->shown || event != NETVSC_LINK_DOWN;
}

/**
 * netvsc_link_shows() - is it a link for eth<n>?
 * @link: under its lock
 * @now: jiffies
 * @wait: jiffies from now, after which to look again; 0: no need to
 */
bool netvsc_link_shows(struct netvsc_link *link, unsigned long now,
		       unsigned long *wait)
{
	*wait = 0;
	/* Nobody has seen it before this. */
	if (link->fell && link->shown)
		link->fell_at = now;
	link->fell = false;
	link->shown = false;
	if (!link->up)
		return false;
	if (link->held &&
	    time_before(now, link->fell_at + NETVSC_LINK_BLINK)) {
		*wait = link->fell_at + NETVSC_LINK_BLINK - now;
		return false;
	}
	link->held = false;
	link->shown = true;
	return true;
}

/* RTNL. Twice in NETVSC_LINK_BLINK at most: no flood gets further. */
static void netvsc_link_show(struct netvsc *nv, bool up)
{
	struct net_device *ndev = nv->ndev;

	if (up == netif_carrier_ok(ndev))
		return;
	if (!up) {
		netif_carrier_off(ndev);
		netif_info(nv, link, ndev, "link down\n");
		return;
	}
	netif_carrier_on(ndev);
	netif_info(nv, link, ndev, "link up\n");
	spin_lock_bh(&nv->link.lock);
	nv->link.tell = true;
	spin_unlock_bh(&nv->link.lock);
	mod_delayed_work(nv->bond_wq, &nv->link_work, NETVSC_LINK_TELL);
}

/*
 * RTNL. The queues drop what they are given until linkwatch, which needs RTNL, too,
 * has seen the carrier.
 */
static void netvsc_link_tell(struct netvsc *nv)
{
	struct net_device *ndev = nv->ndev;
	bool tell;

	if (!netif_carrier_ok(ndev))
		return;
	if (test_bit(__LINK_STATE_LINKWATCH_PENDING, &ndev->state)) {
		queue_delayed_work(nv->bond_wq, &nv->link_work,
				   NETVSC_LINK_TELL);
		return;
	}
	spin_lock_bh(&nv->link.lock);
	tell = nv->link.tell;
	nv->link.tell = false;
	spin_unlock_bh(&nv->link.lock);
	if (tell && netif_running(ndev))
		__netdev_notify_peers(ndev);
}

static bool netvsc_link_look(struct netvsc *nv)
{
	unsigned long wait;
	bool up;

	spin_lock_bh(&nv->link.lock);
	up = netvsc_link_shows(&nv->link, jiffies, &wait);
	spin_unlock_bh(&nv->link.lock);
	if (wait)
		mod_delayed_work(nv->bond_wq, &nv->link_work, wait);
	return up;
}

/* Without a connection frames can go over a VF only. */
static void netvsc_link_queues(struct netvsc *nv, bool vf)
{
	if (!netif_running(nv->ndev))
		return;
	if (vf)
		netif_tx_wake_all_queues(nv->ndev);
	else
		netif_tx_disable(nv->ndev);
}

/**
 * netvsc_link_refresh() - bring eth<n>'s carrier up to date
 * @nv: registered; its connection or nv->tx_vf has come or gone, or the host
 *	said something
 *
 * With a connection it is that one's link. Without one, there is a carrier as
 * long as there is a VF to send over; while a job is about to bring the next
 * connection it stays as it is.
 *
 * Context: RTNL.
 */
void netvsc_link_refresh(struct netvsc *nv)
{
	bool vf = rtnl_dereference(nv->tx_vf);

	if (rtnl_dereference(nv->conn)) {
		netvsc_link_show(nv, netvsc_link_look(nv));
		return;
	}
	if (vf || !nv->job.busy)
		netvsc_link_show(nv, vf);
	netvsc_link_queues(nv, vf);
}

static void netvsc_link_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 link_work);

	rtnl_lock();
	/* Without a connection there is no link; the next one asks again. */
	if (!nv->gone && rtnl_dereference(nv->conn))
		netvsc_link_refresh(nv);
	if (!nv->gone)
		netvsc_link_tell(nv);
	rtnl_unlock();
}

/**
 * netvsc_link_indicate() - the host said something of the link
 * @nv: the device, maybe not registered yet
 * @event: what
 *
 * Context: NAPI.
 */
void netvsc_link_indicate(struct netvsc *nv, enum netvsc_link_event event)
{
	bool news;

	spin_lock_bh(&nv->link.lock);
	news = netvsc_link_event(&nv->link, event, jiffies);
	spin_unlock_bh(&nv->link.lock);
	/* During a blink this leaves the work for when it is over. */
	if (news)
		queue_delayed_work(nv->bond_wq, &nv->link_work, 0);
}

/**
 * netvsc_link_speed() - the host said how fast the link is
 * @nv: the device, maybe not registered yet
 * @speed: in units of 100 bit/s
 *
 * Context: NAPI.
 */
void netvsc_link_speed(struct netvsc *nv, u32 speed)
{
	spin_lock_bh(&nv->link.lock);
	nv->link.speed_said = true;
	WRITE_ONCE(nv->link.mbps, speed / NETVSC_SPEED_UNIT);
	spin_unlock_bh(&nv->link.lock);
}

/**
 * netvsc_link_show_speed() - the user said how fast the link is
 * @nv: the device
 * @mbps: in Mbit/s; 0: nobody knows
 *
 * Context: RTNL.
 */
void netvsc_link_show_speed(struct netvsc *nv, u32 mbps)
{
	spin_lock_bh(&nv->link.lock);
	WRITE_ONCE(nv->link.mbps, mbps);
	spin_unlock_bh(&nv->link.lock);
}

/**
 * netvsc_link_begin() - a connection begins
 * @nv: what earlier ones said of the state of the link is over
 *
 * Context: conn work, before the channel opens.
 */
void netvsc_link_begin(struct netvsc *nv)
{
	spin_lock_bh(&nv->link.lock);
	nv->link.said = false;
	nv->link.speed_said = false;
	spin_unlock_bh(&nv->link.lock);
}

/**
 * netvsc_link_set() - take the link over from a new connection
 * @nv: the device, nv->conn is @conn
 * @conn: what it answered while it connected. A host says "connected" there
 *	whatever is the case: what it said by itself is worth more
 *
 * Context: RTNL.
 */
void netvsc_link_set(struct netvsc *nv, const struct netvsc_conn *conn)
{
	spin_lock_bh(&nv->link.lock);
	if (!nv->link.said)
		nv->link.up = conn->caps.link_up;
	if (!nv->link.speed_said)
		WRITE_ONCE(nv->link.mbps,
			   conn->caps.link_speed / NETVSC_SPEED_UNIT);
	spin_unlock_bh(&nv->link.lock);
	netvsc_link_refresh(nv);
}

/**
 * netvsc_link_init() - before the first connection
 * @nv: the device
 */
void netvsc_link_init(struct netvsc *nv)
{
	spin_lock_init(&nv->link.lock);
	nv->link.duplex = DUPLEX_FULL;
	INIT_DELAYED_WORK(&nv->link_work, netvsc_link_work);
}
