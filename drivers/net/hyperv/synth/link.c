// SPDX-License-Identifier: GPL-2.0
/* The link of eth<n>, as the host tells it. */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "../netvsc.h"
#include "conn.h"

/*
 * The host moved the NIC to another network: user space must see the link go
 * and come back, so that it asks for a new address. Two changes that follow
 * each other faster than this are one to it.
 */
#define NETVSC_LINK_BLINK	(2 * HZ)

static void netvsc_link_up(struct netvsc *nv)
{
	netif_carrier_on(nv->ndev);
	if (netif_running(nv->ndev))
		__netdev_notify_peers(nv->ndev);
}

static void netvsc_link_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 link_work);

	rtnl_lock();
	/* Without a connection there is no link; the next one asks again. */
	if (nv->gone || !rtnl_dereference(nv->conn))
		goto unlock;

	if (test_and_clear_bit(NETVSC_LINK_DOWN, &nv->link_events))
		netif_carrier_off(nv->ndev);
	if (test_and_clear_bit(NETVSC_LINK_CHANGED, &nv->link_events)) {
		netif_carrier_off(nv->ndev);
		set_bit(NETVSC_LINK_UP, &nv->link_events);
		mod_delayed_work(nv->bond_wq, &nv->link_work,
				 NETVSC_LINK_BLINK);
	} else if (test_and_clear_bit(NETVSC_LINK_UP, &nv->link_events)) {
		netvsc_link_up(nv);
	}
unlock:
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
	/* Only the last of up and down counts. */
	if (event == NETVSC_LINK_UP)
		clear_bit(NETVSC_LINK_DOWN, &nv->link_events);
	else
		clear_bit(NETVSC_LINK_UP, &nv->link_events);
	set_bit(event, &nv->link_events);
	queue_delayed_work(nv->bond_wq, &nv->link_work, 0);
}

void netvsc_link_refresh(struct netvsc *nv)
{
}

/**
 * netvsc_link_forget() - the host is about to be asked
 * @nv: what it said of the link before is in its answer
 *
 * Context: any.
 */
void netvsc_link_forget(struct netvsc *nv)
{
	clear_bit(NETVSC_LINK_UP, &nv->link_events);
	clear_bit(NETVSC_LINK_DOWN, &nv->link_events);
}

/**
 * netvsc_link_set() - take the link over from a new connection
 * @nv: the device, nv->conn is @conn
 * @conn: what it said while it connected
 *
 * Context: RTNL.
 */
void netvsc_link_set(struct netvsc *nv, const struct netvsc_conn *conn)
{
	WRITE_ONCE(nv->link_speed, conn->caps.link_speed);
	if (conn->caps.link_up)
		netif_carrier_on(nv->ndev);
	else
		netif_carrier_off(nv->ndev);
	/* What the host has said since then. */
	if (READ_ONCE(nv->link_events))
		queue_delayed_work(nv->bond_wq, &nv->link_work, 0);
}

/**
 * netvsc_link_init() - before the first connection
 * @nv: the device
 */
void netvsc_link_init(struct netvsc *nv)
{
	INIT_DELAYED_WORK(&nv->link_work, netvsc_link_work);
}
