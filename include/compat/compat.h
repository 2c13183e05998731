/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gives older kernels the API for which the driver is written. Included ahead
 * of every file of an out-of-tree build; a kernel tree has no need of it.
 */
#ifndef _HV_NETVSC_COMPAT_H
#define _HV_NETVSC_COMPAT_H

#include "compat-generated.h"

#include <linux/ethtool.h>
#include <linux/hyperv.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

/* Before it existed, IPv6 looked at IFF_SLAVE. */
#ifndef HAVE_IFF_NO_ADDRCONF
#define IFF_NO_ADDRCONF			0
#endif

/* And a device that is up could not be renamed by udev, but for failover's. */
#ifdef HAVE_IFF_LIVE_RENAME_OK
#define NETVSC_VF_MARKS			(IFF_NO_ADDRCONF | IFF_LIVE_RENAME_OK)
#endif

#ifndef HAVE_NETDEV_LLTX
#define netvsc_set_lltx(dev)		((dev)->features |= NETIF_F_LLTX)
#endif

#ifndef HAVE_HV_REMOVE_VOID
#define NETVSC_HV_REMOVE(fn)						\
	static int fn##_int(struct hv_device *hdev)			\
	{								\
		fn(hdev);						\
		return 0;						\
	}
#define netvsc_hv_remove(fn)		fn##_int
#endif

#ifndef HAVE_ETHTOOL_PUTS
static inline void ethtool_puts(u8 **data, const char *str)
{
	strscpy(*data, str, ETH_GSTRING_LEN);
	*data += ETH_GSTRING_LEN;
}
#endif

#ifndef HAVE_TIMER_CONTAINER_OF
#define timer_container_of		from_timer
#endif

/* Buses of Windows Server 2012 and 2012 R2, which newer kernels left behind. */
#ifdef HAVE_VMBUS_PROTO_VERSION
#define netvsc_bus_too_old()		(vmbus_proto_version < VERSION_WIN10)
#endif

#ifndef HAVE_ISOLATION
#define netvsc_vm_isolated()		false
#endif

#ifndef HAVE_GPADL_DECRYPTED
#define netvsc_gpadl_decrypted(gpadl)	((void)(gpadl), false)
#endif

/* There drivers had to find shared memory at another address. */
#if defined(HAVE_HV_MAP_MEMORY) || !defined(HAVE_GPADL_DECRYPTED)
#define netvsc_bus_shares_memory()	false
#endif

/* Later __ethtool_get_link_ksettings() takes the device's lock by itself. */
#ifndef HAVE_NETIF_LINK_KSETTINGS
#define netif_get_link_ksettings	__ethtool_get_link_ksettings
#endif

/* What is longer than an Ethernet address no struct sockaddr can hold. */
#ifndef HAVE_MAC_OF_ANY_SIZE
#define dev_set_mac_address(dev, addr, extack)				\
	dev_set_mac_address(dev, (struct sockaddr *)(addr), extack)
#endif

#ifndef HAVE_SKB_ANY_REASON
static inline void dev_kfree_skb_any_reason(struct sk_buff *skb,
					    enum skb_drop_reason reason)
{
	dev_kfree_skb_any(skb);
}
#endif

#ifndef HAVE_QUEUE_SET_NAPI
enum netdev_queue_type {
	NETDEV_QUEUE_TYPE_RX,
	NETDEV_QUEUE_TYPE_TX,
};

static inline void netif_queue_set_napi(struct net_device *dev,
					unsigned int queue_index,
					enum netdev_queue_type type,
					struct napi_struct *napi)
{
}
#endif

#include "rss.h"
#include "stats.h"
#include "xdp.h"

#endif /* _HV_NETVSC_COMPAT_H */
