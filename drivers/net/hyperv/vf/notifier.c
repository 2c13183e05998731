// SPDX-License-Identifier: GPL-2.0
/* VFs come and go: what network devices tell, join and leave. */
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netdev_lock.h>

#include "../netvsc.h"
#include "match.h"
#include "trace.h"
#include "vf.h"

/*
 * Marked at POST_INIT, not joined yet. Nothing happens between the two but the
 * registration of this very device. RTNL.
 */
static const struct net_device *netvsc_vf_marked;

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

/* What is a port of something else is left as it is, its marks included. */
static bool netvsc_vf_is_free(const struct netvsc *nv, struct net_device *vf)
{
	struct net_device *master = netdev_master_upper_dev_get(vf);

	if (!master && !netdev_is_rx_handler_busy(vf))
		return true;
	/* A host can ask for it again and again. */
	if (net_ratelimit())
		netdev_warn(nv->ndev, "VF %s is a port of %s, leaving it alone\n",
			    vf->name, master ? master->name : "another device");
	return false;
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

	if (!netvsc_vf_is_free(nv, vf))
		return;
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
	trace_netvsc_vf_joined(nv->ndev, vf, serial);
	call_netdevice_notifiers(NETDEV_JOIN, vf);
	netvsc_vf_joined(nv, true);
	netvsc_vf_user_had(nv, vf);
}

/**
 * netvsc_vf_unjoin() - let go of the VF
 * @nv: with a VF; frames may still go over it
 *
 * Needs no connection: the host may be gone.
 *
 * Context: RTNL, without the VF's lock.
 */
void netvsc_vf_unjoin(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	struct net_device *vf = bond->vf;

	trace_netvsc_vf_left(nv->ndev, vf, bond->vf_serial);
	/* Nobody may find it from here on. */
	bond->vf = NULL;
	netvsc_vf_joined(nv, false);

	netvsc_vf_release(nv, vf);
	netdev_rx_handler_unregister(vf);
	netdev_upper_dev_unlink(vf, nv->ndev);
	netvsc_vf_unmark(vf);
	netdev_put(vf, &bond->vf_tracker);
}

/* POST_INIT: before anybody else knows of it. */
static void netvsc_vf_on_post_init(struct net_device *dev)
{
	struct netvsc *nv;
	u32 serial;

	nv = netvsc_vf_match(dev, &serial);
	netvsc_vf_marked = NULL;
	/* One that has to be moved first is marked where it is joined. */
	if (!nv || !net_eq(dev_net(nv->ndev), dev_net(dev)))
		return;
	netvsc_vf_mark(dev);
	netvsc_vf_marked = dev;
}

static void netvsc_vf_on_register(struct net_device *dev)
{
	bool marked = dev == netvsc_vf_marked;
	struct netvsc *nv;
	u32 serial;

	nv = netvsc_vf_match(dev, &serial);
	if (nv && net_eq(dev_net(nv->ndev), dev_net(dev)))
		netvsc_vf_join(nv, dev, serial);
	else if (nv)
		netvsc_vf_post_scan(nv);
	netvsc_vf_marked = NULL;
	if (marked && !netvsc_vf_owner(dev))
		netvsc_vf_unmark(dev);
}

static void netvsc_vf_on_unregister(struct net_device *dev)
{
	struct netvsc *nv = netvsc_vf_owner(dev);

	if (!nv)
		return;
	netdev_info(nv->ndev, "VF unregistering: %s\n", dev->name);
	netvsc_vf_unjoin(nv);
}

/* Somebody lets go of a device that may be ours: bond work looks again. */
static void netvsc_vf_on_unlink(struct net_device *dev)
{
	struct netvsc *nv;
	u32 serial;

	if (netvsc_vf_owner(dev))
		return;
	nv = netvsc_vf_match(dev, &serial);
	if (nv)
		netvsc_vf_post_scan(nv);
}

/* A VF of @nv in @net, or NULL. RTNL. */
static struct net_device *netvsc_vf_find(struct netvsc *nv, struct net *net,
					 u32 *serial)
{
	struct net_device *dev;

	for_each_netdev(net, dev)
		if (dev->reg_state == NETREG_REGISTERED &&
		    !netvsc_vf_owner(dev) &&
		    netvsc_vf_match(dev, serial) == nv)
			return dev;
	return NULL;
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

	dev = netvsc_vf_find(nv, dev_net(nv->ndev), &serial);
	if (!dev)
		return;
	netdev_lock_ops(dev);
	netvsc_vf_join(nv, dev, serial);
	netdev_unlock_ops(dev);
}

static struct net_device *netvsc_vf_find_elsewhere(struct netvsc *nv)
{
	struct net_device *dev = NULL;
	struct net *net;
	u32 serial;

	down_read(&net_rwsem);
	for_each_net(net) {
		dev = netvsc_vf_find(nv, net, &serial);
		if (dev)
			break;
	}
	up_read(&net_rwsem);
	return dev;
}

/**
 * netvsc_vf_follow_netns() - the VF goes where eth<n> is, wherever it is
 * @nv: with or without a VF
 *
 * The move tells the VF's UNREGISTER and REGISTER, in which it leaves and
 * joins: afterwards only bond.vf says what came of it.
 *
 * Context: RTNL, no VF's lock; never from a notifier.
 */
void netvsc_vf_follow_netns(struct netvsc *nv)
{
	struct net *net = dev_net(nv->ndev);
	struct net_device *vf = nv->bond.vf;
	int err;

	if (!vf)
		netvsc_vf_scan(nv);
	if (!vf && !nv->bond.vf)
		vf = netvsc_vf_find_elsewhere(nv);
	if (!vf || net_eq(dev_net(vf), net) ||
	    (vf != nv->bond.vf && !netvsc_vf_is_free(nv, vf)))
		return;

	err = dev_change_net_namespace(vf, net, "eth%d");
	if (err)
		netdev_err(vf, "Cannot move to same namespace as %s: %d\n",
			   nv->ndev->name, err);
	else
		netdev_info(vf, "Moved VF to namespace with: %s\n",
			    nv->ndev->name);
}

static void netvsc_vf_on_own(struct net_device *dev, unsigned long event)
{
	struct netvsc *nv = netdev_priv(dev);

	/* It came into another namespace, or back. */
	if (event == NETDEV_REGISTER && nv->bond.started)
		netvsc_vf_post_scan(nv);
}

/*
 * Inside a notifier of the VF nothing may be done that makes another one; what
 * need not be done before it returns is posted.
 */
static void netvsc_vf_on_change(struct net_device *dev, unsigned long event)
{
	struct netvsc *nv = netvsc_vf_owner(dev);

	if (!nv)
		return;
	switch (event) {
	case NETDEV_GOING_DOWN:
		netvsc_vf_going_down(nv);
		break;
	case NETDEV_UP:
		netvsc_vf_renewed(nv);
		break;
	default:
		netvsc_vf_post(nv);
	}
}

static int netvsc_vf_on_pre_changeaddr(struct net_device *dev, void *info)
{
	struct netvsc *nv = netvsc_vf_owner(dev);

	return nv ? netvsc_vf_user_sets_mac(nv, info) : 0;
}

static int netvsc_vf_netdev_event(struct notifier_block *nb,
				  unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	const struct netdev_notifier_changeupper_info *upper = ptr;

	if (netvsc_is_ours(dev)) {
		netvsc_vf_on_own(dev, event);
		return NOTIFY_DONE;
	}

	switch (event) {
	case NETDEV_POST_INIT:
		netvsc_vf_on_post_init(dev);
		break;
	case NETDEV_REGISTER:
		netvsc_vf_on_register(dev);
		break;
	case NETDEV_UNREGISTER:
		netvsc_vf_on_unregister(dev);
		break;
	case NETDEV_CHANGEUPPER:
		if (!upper->linking)
			netvsc_vf_on_unlink(dev);
		break;
	case NETDEV_PRE_CHANGEADDR:
		return notifier_from_errno(netvsc_vf_on_pre_changeaddr(dev,
								       ptr));
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGEMTU:
	case NETDEV_GOING_DOWN:
		netvsc_vf_on_change(dev, event);
		break;
	}
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
	int err;

	netvsc_vf_report_init();
	err = netvsc_vf_user_init();
	if (err)
		goto err_user;
	err = register_netdevice_notifier(&netvsc_vf_notifier);
	if (err)
		goto err_netdev;
	return 0;

err_netdev:
	netvsc_vf_user_exit();
err_user:
	netvsc_vf_report_exit();
	return err;
}

/**
 * netvsc_vf_unregister_notifier() - after the driver has unregistered
 */
void netvsc_vf_unregister_notifier(void)
{
	unregister_netdevice_notifier(&netvsc_vf_notifier);
	netvsc_vf_user_exit();
	netvsc_vf_report_exit();
}
