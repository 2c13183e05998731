/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How older kernels ask for channels, tables and keys. For compat.h only.
 *
 * Where the driver's function follows its name, it gets another one; where the
 * name stands alone, in the table of operations, it is that of a function here,
 * which ethtool of that kernel can call. Operations that there were not go into
 * the places of those that did the same.
 */
#ifndef _HV_NETVSC_COMPAT_RSS_H
#define _HV_NETVSC_COMPAT_RSS_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>

#ifndef HAVE_RXFH_PARAM
struct ethtool_rxfh_param {
	u8 hfunc;
	u32 indir_size;
	u32 *indir;
	u32 key_size;
	u8 *key;
};

int netvsc_rxfh_get(struct net_device *ndev, struct ethtool_rxfh_param *rxfh);
int netvsc_rxfh_set(struct net_device *ndev, struct ethtool_rxfh_param *rxfh,
		    struct netlink_ext_ack *extack);

static inline int netvsc_get_rxfh(struct net_device *ndev, u32 *indir, u8 *key,
				  u8 *hfunc)
{
	struct ethtool_rxfh_param rxfh = { .indir = indir, .key = key };
	int err = netvsc_rxfh_get(ndev, &rxfh);

	if (hfunc)
		*hfunc = rxfh.hfunc;
	return err;
}

static inline int netvsc_set_rxfh(struct net_device *ndev, const u32 *indir,
				  const u8 *key, const u8 hfunc)
{
	struct ethtool_rxfh_param rxfh = {
		.hfunc = hfunc,
		.indir = (u32 *)indir,
		.key = (u8 *)key,
	};

	return netvsc_rxfh_set(ndev, &rxfh, NULL);
}

#define netvsc_get_rxfh(...)		netvsc_rxfh_get(__VA_ARGS__)
#define netvsc_set_rxfh(...)		netvsc_rxfh_set(__VA_ARGS__)
#endif

#ifndef HAVE_RXFH_FIELDS
struct ethtool_rxfh_fields {
	u32 data;
	u32 flow_type;
	u32 rss_context;
};

int netvsc_fields_get(struct net_device *ndev,
		      struct ethtool_rxfh_fields *fields);
int netvsc_fields_set(struct net_device *ndev,
		      const struct ethtool_rxfh_fields *fields,
		      struct netlink_ext_ack *extack);

/* What there was one function for is asked together with the number of rings. */
static inline int netvsc_get_rxfh_fields(struct net_device *ndev)
{
	return 0;
}

static inline int netvsc_set_rxfh_fields(struct net_device *ndev,
					 struct ethtool_rxnfc *info)
{
	struct ethtool_rxfh_fields fields = {
		.flow_type = info->flow_type,
		.data = info->data,
	};

	if (info->cmd != ETHTOOL_SRXFH)
		return -EOPNOTSUPP;
	return netvsc_fields_set(ndev, &fields, NULL);
}

#define get_rxfh_fields			begin
#define set_rxfh_fields			set_rxnfc
#define netvsc_get_rxfh_fields(...)	netvsc_fields_get(__VA_ARGS__)
#define netvsc_set_rxfh_fields(...)	netvsc_fields_set(__VA_ARGS__)
#endif

#ifndef HAVE_RX_RING_COUNT
u32 netvsc_rx_ring_count(struct net_device *ndev);

static inline int netvsc_get_rx_ring_count(struct net_device *ndev,
					   struct ethtool_rxnfc *info,
					   u32 *rules)
{
	if (info->cmd == ETHTOOL_GRXRINGS) {
		info->data = netvsc_rx_ring_count(ndev);
		return 0;
	}
#ifndef HAVE_RXFH_FIELDS
	if (info->cmd == ETHTOOL_GRXFH) {
		struct ethtool_rxfh_fields fields = {
			.flow_type = info->flow_type,
		};

		netvsc_fields_get(ndev, &fields);
		info->data = fields.data;
		return 0;
	}
#endif
	return -EOPNOTSUPP;
}

#define get_rx_ring_count		get_rxnfc
#define netvsc_get_rx_ring_count(...)	netvsc_rx_ring_count(__VA_ARGS__)
#endif

#endif /* _HV_NETVSC_COMPAT_RSS_H */
