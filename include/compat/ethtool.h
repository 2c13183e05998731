/* SPDX-License-Identifier: GPL-2.0 */
/* ethtool, but for RSS, as newer kernels have it. For compat.h only. */
#ifndef _HV_NETVSC_COMPAT_ETHTOOL_H
#define _HV_NETVSC_COMPAT_ETHTOOL_H

#include <linux/ethtool.h>
#include <linux/kernel.h>
#include <linux/string.h>

#ifndef HAVE_ETHTOOL_PUTS
static inline void ethtool_puts(u8 **data, const char *str)
{
	strscpy(*data, str, ETH_GSTRING_LEN);
	*data += ETH_GSTRING_LEN;
}
#endif

#ifndef HAVE_ETHTOOL_SPRINTF
#define ethtool_sprintf(data, ...)					\
do {									\
	u8 **netvsc_data = (data);					\
									\
	snprintf(*netvsc_data, ETH_GSTRING_LEN, __VA_ARGS__);		\
	*netvsc_data += ETH_GSTRING_LEN;				\
} while (0)
#endif

/* Later __ethtool_get_link_ksettings() takes the device's lock by itself. */
#ifndef HAVE_NETIF_LINK_KSETTINGS
#define netif_get_link_ksettings	__ethtool_get_link_ksettings
#endif

/*
 * Rings were asked for without an extack. The driver's functions get other names,
 * where they are defined, and what ethtool calls stands in front of them.
 */
#ifndef HAVE_KERNEL_RINGPARAM
struct kernel_ethtool_ringparam;
struct netlink_ext_ack;

#define netvsc_get_ringparam(...)					\
	netvsc_get_rings(__VA_ARGS__);					\
	static void netvsc_get_ringparam(struct net_device *ndev,	\
					 struct ethtool_ringparam *ring) \
	{								\
		netvsc_get_rings(ndev, ring, NULL, NULL);		\
	}								\
	static void netvsc_get_rings(__VA_ARGS__)

#define netvsc_set_ringparam(...)					\
	netvsc_set_rings(__VA_ARGS__);					\
	static int netvsc_set_ringparam(struct net_device *ndev,	\
					struct ethtool_ringparam *ring)	\
	{								\
		return netvsc_set_rings(ndev, ring, NULL, NULL);	\
	}								\
	static int netvsc_set_rings(__VA_ARGS__)
#endif

#endif /* _HV_NETVSC_COMPAT_ETHTOOL_H */
