/* SPDX-License-Identifier: GPL-2.0 */
/* Kernels in which RTNL is the only lock of a network device. */
#ifndef _HV_NETVSC_COMPAT_NETDEV_LOCK_H
#define _HV_NETVSC_COMPAT_NETDEV_LOCK_H

#include <linux/netdevice.h>

static inline void netdev_lock_ops(struct net_device *dev)
{
}

static inline void netdev_unlock_ops(struct net_device *dev)
{
}

#endif /* _HV_NETVSC_COMPAT_NETDEV_LOCK_H */
