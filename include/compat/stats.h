/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Statistics of queues, where the stack does not ask for them. For compat.h only.
 */
#ifndef _HV_NETVSC_COMPAT_STATS_H
#define _HV_NETVSC_COMPAT_STATS_H

#include <linux/netdevice.h>

#ifndef HAVE_STAT_OPS
struct netdev_queue_stats_rx {
	u64 bytes;
	u64 packets;
};

struct netdev_queue_stats_tx {
	u64 bytes;
	u64 packets;
	u64 hw_gso_packets;
	u64 hw_gso_wire_packets;
};

struct netdev_stat_ops {
	void (*get_queue_stats_rx)(struct net_device *dev, int idx,
				   struct netdev_queue_stats_rx *stats);
	void (*get_queue_stats_tx)(struct net_device *dev, int idx,
				   struct netdev_queue_stats_tx *stats);
	void (*get_base_stats)(struct net_device *dev,
			       struct netdev_queue_stats_rx *rx,
			       struct netdev_queue_stats_tx *tx);
};

#define stat_ops							\
	features |= 0, (const struct netdev_stat_ops *){ NULL }

/* At first there was no more to ask for than this. */
#elif !defined(HAVE_STATS_OF_GSO)
#define hw_gso_packets							\
	bytes |= 0, (u64){ 0 }
#define hw_gso_wire_packets						\
	bytes |= 0, (u64){ 0 }
#endif

#endif /* _HV_NETVSC_COMPAT_STATS_H */
