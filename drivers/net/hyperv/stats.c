// SPDX-License-Identifier: GPL-2.0
/* Sums of what eth<n> has sent and received, and its queues one by one. */
#include <linux/netdevice.h>
#include <net/netdev_queues.h>

#include "netvsc.h"
#include "vf/vf.h"

static void netvsc_get_queue_stats_rx(struct net_device *ndev, int index,
				      struct netdev_queue_stats_rx *out)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_queue_totals sum =
		netvsc_read_stats(&nv->queues[index].rx);

	out->packets = sum.packets;
	out->bytes = sum.bytes;
}

static void netvsc_add_gso_stats(const struct netvsc_gso_stats *stats,
				 struct netdev_queue_stats_tx *out)
{
	unsigned int start;
	u64 frames, segments;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		frames = u64_stats_read(&stats->frames);
		segments = u64_stats_read(&stats->segments);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
	out->hw_gso_packets += frames;
	out->hw_gso_wire_packets += segments;
}

static void netvsc_get_queue_stats_tx(struct net_device *ndev, int index,
				      struct netdev_queue_stats_tx *out)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_queue_totals sum =
		netvsc_read_stats(&nv->queues[index].tx);

	out->packets = sum.packets;
	out->bytes = sum.bytes;
	/* Until it is set it says that it is not. */
	out->hw_gso_packets = 0;
	out->hw_gso_wire_packets = 0;
	netvsc_add_gso_stats(&nv->queues[index].gso, out);
}

/*
 * What belongs to no queue: the VF's, and that of queues that there were. What a VF
 * cuts, its own driver counts.
 */
static void netvsc_get_base_stats(struct net_device *ndev,
				  struct netdev_queue_stats_rx *rx,
				  struct netdev_queue_stats_tx *tx)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_queue_totals sum;
	struct netvsc_vf_totals vf;
	unsigned int i;

	netvsc_vf_get_totals(nv, &vf);
	rx->packets = vf.rx_packets;
	rx->bytes = vf.rx_bytes;
	tx->packets = vf.tx_packets;
	tx->bytes = vf.tx_bytes;
	tx->hw_gso_packets = 0;
	tx->hw_gso_wire_packets = 0;
	for (i = ndev->real_num_rx_queues; i < nv->num_queues; i++) {
		sum = netvsc_read_stats(&nv->queues[i].rx);
		rx->packets += sum.packets;
		rx->bytes += sum.bytes;
	}
	for (i = ndev->real_num_tx_queues; i < nv->num_queues; i++) {
		sum = netvsc_read_stats(&nv->queues[i].tx);
		tx->packets += sum.packets;
		tx->bytes += sum.bytes;
		netvsc_add_gso_stats(&nv->queues[i].gso, tx);
	}
}

static const struct netdev_stat_ops netvsc_stat_ops = {
	.get_queue_stats_rx	= netvsc_get_queue_stats_rx,
	.get_queue_stats_tx	= netvsc_get_queue_stats_tx,
	.get_base_stats		= netvsc_get_base_stats,
};

/**
 * netvsc_stats_init() - have the stack know the statistics of queues
 * @ndev: eth<n>, not registered yet
 */
void netvsc_stats_init(struct net_device *ndev)
{
	ndev->stat_ops = &netvsc_stat_ops;
}

/**
 * netvsc_get_stats64() - ndo_get_stats64
 * @ndev: eth<n>
 * @out: zeroed
 *
 * Context: RCU.
 */
void netvsc_get_stats64(struct net_device *ndev, struct rtnl_link_stats64 *out)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_counters *c = &nv->counters;
	struct netvsc_queue_totals sum;
	struct netvsc_vf_totals vf;
	unsigned int i;

	netvsc_vf_get_totals(nv, &vf);
	out->rx_packets = vf.rx_packets;
	out->rx_bytes = vf.rx_bytes;
	out->tx_packets = vf.tx_packets;
	out->tx_bytes = vf.tx_bytes;

	for (i = 0; i < nv->num_queues; i++) {
		sum = netvsc_read_stats(&nv->queues[i].tx);
		out->tx_packets += sum.packets;
		out->tx_bytes += sum.bytes;
		sum = netvsc_read_stats(&nv->queues[i].rx);
		out->rx_packets += sum.packets;
		out->rx_bytes += sum.bytes;
		out->multicast += sum.multicast;
	}

	out->tx_dropped = vf.tx_dropped +
			  atomic_long_read(&c->tx_no_memory) +
			  atomic_long_read(&c->tx_no_space) +
			  atomic_long_read(&c->tx_too_big) +
			  atomic_long_read(&c->tx_no_conn) +
			  atomic_long_read(&c->vlan_error);
	out->rx_dropped = atomic_long_read(&c->rx_no_memory) +
			  atomic_long_read(&c->rx_not_running);
	out->rx_errors = atomic_long_read(&c->host_malformed);
	out->tx_errors = atomic_long_read(&c->tx_host_error);
}
