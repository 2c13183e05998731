// SPDX-License-Identifier: GPL-2.0
/* VFs come and go: what network devices tell, join and leave. */
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/netdev_lock.h>

#include "../netvsc.h"
#include "match.h"

/* The netvsc whose VF @dev is, or NULL. RTNL. */
static struct netvsc *netvsc_vf_owner(const struct net_device *dev)
{
	struct netvsc *nv;

	list_for_each_entry(nv, &netvsc_devices, node)
		if (nv->bond.vf == dev)
			return nv;
	return NULL;
}

/*
 * User space must see the mark from the first uevent on, and IPv6 must never
 * give the VF an address: eth<n> has it.
 */
static void netvsc_vf_mark(struct net_device *vf)
{
	vf->flags |= IFF_SLAVE;
	vf->priv_flags |= IFF_NO_ADDRCONF;
}

static void netvsc_vf_unmark(struct net_device *vf)
{
	vf->flags &= ~IFF_SLAVE;
	vf->priv_flags &= ~IFF_NO_ADDRCONF;
}

static int netvsc_vf_link(struct netvsc *nv, struct net_device *vf)
{
	int err;

	err = netdev_rx_handler_register(vf, netvsc_vf_receive, nv->ndev);
	if (err) {
		netdev_err(vf,
			   "can not register netvsc VF receive handler (err = %d)\n",
			   err);
		return err;
	}

	err = netdev_master_upper_dev_link(vf, nv->ndev, NULL, NULL, NULL);
	if (err) {
		netdev_err(vf, "can not set master device %s (err = %d)\n",
			   nv->ndev->name, err);
		netdev_rx_handler_unregister(vf);
	}
	return err;
}

/* RTNL, and the VF's lock if it has one. */
static void netvsc_vf_join(struct netvsc *nv, struct net_device *vf, u32 serial)
{
	struct netvsc_bond *bond = &nv->bond;

	netdev_info(nv->ndev, "VF registering: %s\n", vf->name);
	netvsc_vf_mark(vf);
	if (netvsc_vf_link(nv, vf)) {
		netvsc_vf_unmark(vf);
		return;
	}

	netdev_info(vf, "joined to %s\n", nv->ndev->name);
	netdev_hold(vf, &bond->vf_tracker, GFP_KERNEL);
	bond->vf = vf;
	bond->vf_serial = serial;
	bond->vf_wanted = vf->wanted_features;
	call_netdevice_notifiers(NETDEV_JOIN, vf);
	netvsc_vf_joined(nv, true);
}

/**
 * netvsc_vf_unjoin() - let go of the VF
 * @nv: with a VF, over which nothing is sent any more
 *
 * Needs no connection: the host may be gone.
 *
 * Context: RTNL.
 */
void netvsc_vf_unjoin(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	struct net_device *vf = bond->vf;

	/* Nobody may find it from here on. */
	bond->vf = NULL;
	netvsc_vf_joined(nv, false);
	RCU_INIT_POINTER(nv->tx_vf, NULL);

	netvsc_vf_release(nv, vf);
	netdev_rx_handler_unregister(vf);
	netdev_upper_dev_unlink(vf, nv->ndev);
	netvsc_vf_unmark(vf);
	netdev_put(vf, &bond->vf_tracker);
}

/* POST_INIT: before anybody else knows of it. Nothing is remembered. */
static void netvsc_vf_on_post_init(struct net_device *dev)
{
	u32 serial;

	if (netvsc_vf_match(dev, &serial))
		netvsc_vf_mark(dev);
}

/* It looked like ours at POST_INIT: nobody else marks what is so new. */
static void netvsc_vf_forget(struct net_device *dev)
{
	struct netvsc_vf_id id;

	if (dev->flags & IFF_SLAVE && netvsc_vf_identify(dev, &id) &&
	    !netdev_master_upper_dev_get(dev))
		netvsc_vf_unmark(dev);
}

static void netvsc_vf_on_register(struct net_device *dev)
{
	struct netvsc *nv;
	u32 serial;

	nv = netvsc_vf_match(dev, &serial);
	if (!nv) {
		netvsc_vf_forget(dev);
		return;
	}
	if (!net_eq(dev_net(nv->ndev), dev_net(dev))) {
		netdev_warn(nv->ndev,
			    "VF %s is in another network namespace\n",
			    dev->name);
		return;
	}
	netvsc_vf_join(nv, dev, serial);
}

static void netvsc_vf_on_unregister(struct net_device *dev)
{
	struct netvsc *nv = netvsc_vf_owner(dev);

	if (!nv)
		return;
	netdev_info(nv->ndev, "VF unregistering: %s\n", dev->name);
	netvsc_vf_unjoin(nv);
}

/**
 * netvsc_vf_scan() - look for a VF among the devices that are there
 * @nv: without a VF
 *
 * Context: RTNL, no VF's lock.
 */
void netvsc_vf_scan(struct netvsc *nv)
{
	struct net_device *dev;
	u32 serial;

	for_each_netdev(dev_net(nv->ndev), dev) {
		if (netvsc_vf_owner(dev) ||
		    netvsc_vf_match(dev, &serial) != nv)
			continue;
		netdev_lock_ops(dev);
		netvsc_vf_join(nv, dev, serial);
		netdev_unlock_ops(dev);
		break;
	}
}

/*
 * Inside a notifier of the VF nothing may be done that makes another one; what
 * need not be done before it returns is posted.
 */
static int netvsc_vf_netdev_event(struct notifier_block *nb,
				  unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct netvsc *nv;

	switch (event) {
	case NETDEV_POST_INIT:
		netvsc_vf_on_post_init(dev);
		return NOTIFY_DONE;
	case NETDEV_REGISTER:
		netvsc_vf_on_register(dev);
		return NOTIFY_DONE;
	case NETDEV_UNREGISTER:
		netvsc_vf_on_unregister(dev);
		return NOTIFY_DONE;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_GOING_DOWN:
		break;
	default:
		return NOTIFY_DONE;
	}

	nv = netvsc_vf_owner(dev);
	if (nv && event == NETDEV_GOING_DOWN)
		netvsc_vf_going_down(nv);
	else if (nv)
		netvsc_vf_post(nv);
	return NOTIFY_DONE;
}

static struct notifier_block netvsc_vf_notifier = {
	.notifier_call = netvsc_vf_netdev_event,
};

/**
 * netvsc_vf_register_notifier() - before the driver registers
 *
 * Return: 0 or an errno.
 */
int netvsc_vf_register_notifier(void)
{
	return register_netdevice_notifier(&netvsc_vf_notifier);
}

/**
 * netvsc_vf_unregister_notifier() - after the driver has unregistered
 */
void netvsc_vf_unregister_notifier(void)
{
	unregister_netdevice_notifier(&netvsc_vf_notifier);
}
