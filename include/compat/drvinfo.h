/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ethtool -i shows. The kernel has its own version there before the driver
 * is asked, which is right in a kernel tree. A module from outside, for which
 * Kbuild knows NETVSC_VERSION, shows that of dkms.conf. For compat.h only.
 */
#ifndef _HV_NETVSC_COMPAT_DRVINFO_H
#define _HV_NETVSC_COMPAT_DRVINFO_H

#ifdef NETVSC_VERSION
#include <linux/ethtool.h>
#include <linux/string.h>

#define netvsc_get_drvinfo(...)						\
	netvsc_get_names(__VA_ARGS__);					\
	static void netvsc_get_drvinfo(struct net_device *ndev,		\
				       struct ethtool_drvinfo *info)	\
	{								\
		netvsc_get_names(ndev, info);				\
		strscpy(info->version, NETVSC_VERSION, sizeof(info->version)); \
	}								\
	static void netvsc_get_names(__VA_ARGS__)
#endif

#endif /* _HV_NETVSC_COMPAT_DRVINFO_H */
