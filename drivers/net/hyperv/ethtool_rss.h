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

#endif /* _HV_NETVSC_ETHTOOL_RSS_H */
