// SPDX-License-Identifier: GPL-2.0
/* What users do to the VF itself, though eth<n> is the interface to use. */
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "../netvsc.h"

static void netvsc_vf_warn_address(const struct net_device *ndev,
				   const struct net_device *vf)
{
	if (net_ratelimit())
		netdev_warn(ndev,
			    "VF %s has an address of its own, which goes when the VF goes\n",
			    vf->name);
}

/* The addresses of IPv6 come under RCU alone. */
static int netvsc_vf_address_event(struct net_device *dev, unsigned long event)
{
	const struct net_device *master;

	if (event != NETDEV_UP)
		return NOTIFY_DONE;
	rcu_read_lock();
	master = netdev_master_upper_dev_get_rcu(dev);
	if (master && netvsc_is_ours(master))
		netvsc_vf_warn_address(master, dev);
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static int netvsc_vf_inet_event(struct notifier_block *nb, unsigned long event,
				void *ptr)
{
	const struct in_ifaddr *ifa = ptr;

	return netvsc_vf_address_event(ifa->ifa_dev->dev, event);
}

static int netvsc_vf_inet6_event(struct notifier_block *nb, unsigned long event,
				 void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	return netvsc_vf_address_event(ifa->idev->dev, event);
}

static struct notifier_block netvsc_vf_inet_notifier = {
	.notifier_call = netvsc_vf_inet_event,
};

static struct notifier_block netvsc_vf_inet6_notifier = {
	.notifier_call = netvsc_vf_inet6_event,
};

/* Link-local ones come by themselves, if the VF was up. */
static bool netvsc_vf_has_inet6(const struct net_device *vf)
{
	const struct inet6_ifaddr *ifa;
	struct inet6_dev *idev;
	bool has = false;

	rcu_read_lock();
	idev = __in6_dev_get(vf);
	if (idev) {
		read_lock_bh(&idev->lock);
		list_for_each_entry(ifa, &idev->addr_list, if_list)
			if (!(ipv6_addr_type(&ifa->addr) & IPV6_ADDR_LINKLOCAL))
				has = true;
		read_unlock_bh(&idev->lock);
	}
	rcu_read_unlock();
	return has;
}

/**
 * netvsc_vf_user_had() - warn of what a VF had before it joined
 * @nv: the device
 * @vf: has just joined
 *
 * Context: RTNL.
 */
void netvsc_vf_user_had(const struct netvsc *nv, const struct net_device *vf)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(vf);

	if ((in_dev && rtnl_dereference(in_dev->ifa_list)) ||
	    netvsc_vf_has_inet6(vf))
		netvsc_vf_warn_address(nv->ndev, vf);
}

/**
 * netvsc_vf_user_sets_mac() - may the VF have this MAC address?
 * @nv: the device
 * @info: what the user wants for the VF of @nv
 *
 * With another one it would not receive what is sent to eth<n>.
 *
 * Context: RTNL, maybe the VF's lock. Return: 0 or -EBUSY.
 */
int netvsc_vf_user_sets_mac(const struct netvsc *nv,
			    struct netdev_notifier_pre_changeaddr_info *info)
{
	if (ether_addr_equal(info->dev_addr, nv->ndev->dev_addr))
		return 0;
	NL_SET_ERR_MSG(info->info.extack,
		       "The VF keeps the MAC address of its synthetic NIC");
	return -EBUSY;
}

/**
 * netvsc_vf_user_init() - when the module is loaded
 *
 * Return: 0 or an errno.
 */
int netvsc_vf_user_init(void)
{
	int err;

	err = register_inetaddr_notifier(&netvsc_vf_inet_notifier);
	if (err)
		return err;
	err = register_inet6addr_notifier(&netvsc_vf_inet6_notifier);
	if (err)
		unregister_inetaddr_notifier(&netvsc_vf_inet_notifier);
	return err;
}

/**
 * netvsc_vf_user_exit() - when it is unloaded
 */
void netvsc_vf_user_exit(void)
{
	unregister_inet6addr_notifier(&netvsc_vf_inet6_notifier);
	unregister_inetaddr_notifier(&netvsc_vf_inet_notifier);
}
