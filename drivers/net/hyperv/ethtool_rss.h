/* SPDX-License-Identifier: GPL-2.0 */
/* Channels and RSS, as ethtool wants them. All RTNL. */
#ifndef _HV_NETVSC_ETHTOOL_RSS_H
#define _HV_NETVSC_ETHTOOL_RSS_H

#include <linux/ethtool.h>

void netvsc_get_channels(struct net_device *ndev,
			 struct ethtool_channels *channels);
int netvsc_set_channels(struct net_device *ndev,
			struct ethtool_channels *channels);

u32 netvsc_get_rx_ring_count(struct net_device *ndev);
u32 netvsc_get_rxfh_key_size(struct net_device *ndev);
u32 netvsc_get_rxfh_indir_size(struct net_device *ndev);
int netvsc_get_rxfh(struct net_device *ndev, struct ethtool_rxfh_param *rxfh);
int netvsc_set_rxfh(struct net_device *ndev, struct ethtool_rxfh_param *rxfh,
		    struct netlink_ext_ack *extack);
int netvsc_get_rxfh_fields(struct net_device *ndev,
			   struct ethtool_rxfh_fields *fields);
int netvsc_set_rxfh_fields(struct net_device *ndev,
			   const struct ethtool_rxfh_fields *fields,
			   struct netlink_ext_ack *extack);

/* Kernels that ask in other ways have their own. */
#ifndef NETVSC_RSS_OPS
#define NETVSC_RSS_OPS						\
	.get_rx_ring_count	= netvsc_get_rx_ring_count,	\
	.get_rxfh_key_size	= netvsc_get_rxfh_key_size,	\
	.get_rxfh_indir_size	= netvsc_get_rxfh_indir_size,	\
	.get_rxfh		= netvsc_get_rxfh,		\
	.set_rxfh		= netvsc_set_rxfh,		\
	.get_rxfh_fields	= netvsc_get_rxfh_fields,	\
	.set_rxfh_fields	= netvsc_set_rxfh_fields
#endif

#endif /* _HV_NETVSC_ETHTOOL_RSS_H */
