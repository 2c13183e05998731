/* SPDX-License-Identifier: GPL-2.0 */
/* How older kernels ask for channels, tables and keys. For compat.h only. */
#ifndef _HV_NETVSC_COMPAT_RSS_H
#define _HV_NETVSC_COMPAT_RSS_H

#ifndef HAVE_RXFH_PARAM
struct ethtool_rxfh_param {
	u8 hfunc;
	u32 indir_size;
	u32 *indir;
	u32 key_size;
	u8 *key;
};
#endif

#ifndef HAVE_RXFH_FIELDS
struct ethtool_rxfh_fields {
	u32 data;
	u32 flow_type;
	u32 rss_context;
};
#endif

#ifndef HAVE_RX_RING_COUNT

/* What it would define is for newer kernels. */
#define NETVSC_RSS_OPS							\
	.get_rxnfc		= netvsc_compat_get_rxnfc,		\
	.get_rxfh_key_size	= netvsc_get_rxfh_key_size,		\
	.get_rxfh_indir_size	= netvsc_get_rxfh_indir_size,		\
	NETVSC_COMPAT_RXFH,						\
	NETVSC_COMPAT_FIELDS

#include "ethtool_rss.h"

static inline int netvsc_compat_get_rxnfc(struct net_device *ndev,
					  struct ethtool_rxnfc *info,
					  u32 *rules)
{
	struct ethtool_rxfh_fields fields = { .flow_type = info->flow_type };

	switch (info->cmd) {
	case ETHTOOL_GRXRINGS:
		info->data = netvsc_get_rx_ring_count(ndev);
		return 0;
	case ETHTOOL_GRXFH:
		netvsc_get_rxfh_fields(ndev, &fields);
		info->data = fields.data;
		return 0;
	}
	return -EOPNOTSUPP;
}

#ifdef HAVE_RXFH_FIELDS
#define NETVSC_COMPAT_FIELDS						\
	.get_rxfh_fields	= netvsc_get_rxfh_fields,		\
	.set_rxfh_fields	= netvsc_set_rxfh_fields
#else
static inline int netvsc_compat_set_rxnfc(struct net_device *ndev,
					  struct ethtool_rxnfc *info)
{
	struct ethtool_rxfh_fields fields = {
		.flow_type = info->flow_type,
		.data = info->data,
	};

	if (info->cmd != ETHTOOL_SRXFH)
		return -EOPNOTSUPP;
	return netvsc_set_rxfh_fields(ndev, &fields, NULL);
}

#define NETVSC_COMPAT_FIELDS						\
	.set_rxnfc		= netvsc_compat_set_rxnfc
#endif

#ifdef HAVE_RXFH_PARAM
#define NETVSC_COMPAT_RXFH						\
	.get_rxfh		= netvsc_get_rxfh,			\
	.set_rxfh		= netvsc_set_rxfh
#else
static inline int netvsc_compat_get_rxfh(struct net_device *ndev, u32 *indir,
					 u8 *key, u8 *hfunc)
{
	struct ethtool_rxfh_param rxfh = { .indir = indir, .key = key };
	int err = netvsc_get_rxfh(ndev, &rxfh);

	if (hfunc)
		*hfunc = rxfh.hfunc;
	return err;
}

static inline int netvsc_compat_set_rxfh(struct net_device *ndev,
					 const u32 *indir, const u8 *key,
					 const u8 hfunc)
{
	struct ethtool_rxfh_param rxfh = {
		.hfunc = hfunc,
		.indir = (u32 *)indir,
		.key = (u8 *)key,
	};

	return netvsc_set_rxfh(ndev, &rxfh, NULL);
}

#define NETVSC_COMPAT_RXFH						\
	.get_rxfh		= netvsc_compat_get_rxfh,		\
	.set_rxfh		= netvsc_compat_set_rxfh
#endif

#endif /* HAVE_RX_RING_COUNT */

#endif /* _HV_NETVSC_COMPAT_RSS_H */
