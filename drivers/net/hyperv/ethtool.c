// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows of eth<n>. Names and their order are ABI. */
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "netvsc.h"

/* LINK_SPEED counts in units of 100 bit/s, ethtool in Mbit/s. */
#define NETVSC_SPEED_UNIT	10000

static const struct {
	char name[ETH_GSTRING_LEN];
	size_t offset;
} netvsc_counter_stats[] = {
#define NETVSC_STAT(field) { #field, offsetof(struct netvsc_counters, field) }
	NETVSC_STAT(tx_scattered),
	NETVSC_STAT(tx_no_memory),
	NETVSC_STAT(tx_no_space),
	NETVSC_STAT(tx_too_big),
	NETVSC_STAT(tx_busy),
	NETVSC_STAT(tx_send_full),
	NETVSC_STAT(rx_comp_busy),
	NETVSC_STAT(rx_no_memory),
	NETVSC_STAT(stop_queue),
	NETVSC_STAT(wake_queue),
	NETVSC_STAT(vlan_error),
	NETVSC_STAT(host_malformed),
	NETVSC_STAT(host_late),
	NETVSC_STAT(host_overdue),
	NETVSC_STAT(tx_host_error),
	NETVSC_STAT(tx_no_conn),
	NETVSC_STAT(rx_not_running),
#undef NETVSC_STAT
};

static const struct {
	char name[ETH_GSTRING_LEN];
	size_t offset;
} netvsc_vf_stats[] = {
#define NETVSC_VF_STAT(field) \
	{ "vf_" #field, offsetof(struct netvsc_vf_totals, field) }
	NETVSC_VF_STAT(rx_packets),
	NETVSC_VF_STAT(rx_bytes),
	NETVSC_VF_STAT(tx_packets),
	NETVSC_VF_STAT(tx_bytes),
	NETVSC_VF_STAT(tx_dropped),
#undef NETVSC_VF_STAT
};

/* tx packets and bytes, rx packets and bytes */
#define NETVSC_QUEUE_STATS	4

static int netvsc_get_sset_count(struct net_device *ndev, int sset)
{
	const struct netvsc *nv = netdev_priv(ndev);

	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(netvsc_counter_stats) + ARRAY_SIZE(netvsc_vf_stats) +
	       NETVSC_QUEUE_STATS * nv->num_queues;
}

static void netvsc_get_strings(struct net_device *ndev, u32 sset, u8 *data)
{
	const struct netvsc *nv = netdev_priv(ndev);
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(netvsc_counter_stats); i++)
		ethtool_puts(&data, netvsc_counter_stats[i].name);
	for (i = 0; i < ARRAY_SIZE(netvsc_vf_stats); i++)
		ethtool_puts(&data, netvsc_vf_stats[i].name);
	for (i = 0; i < nv->num_queues; i++) {
		ethtool_sprintf(&data, "tx_queue_%u_packets", i);
		ethtool_sprintf(&data, "tx_queue_%u_bytes", i);
		ethtool_sprintf(&data, "rx_queue_%u_packets", i);
		ethtool_sprintf(&data, "rx_queue_%u_bytes", i);
	}
}

static u64 *netvsc_put_queue(u64 *data, const struct netvsc_queue_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		data[0] = u64_stats_read(&stats->packets);
		data[1] = u64_stats_read(&stats->bytes);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
	return data + 2;
}

static void netvsc_get_ethtool_stats(struct net_device *ndev,
				     struct ethtool_stats *stats, u64 *data)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_vf_totals vf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(netvsc_counter_stats); i++) {
		atomic_long_t *counter = (void *)&nv->counters +
					 netvsc_counter_stats[i].offset;

		*data++ = atomic_long_read(counter);
	}

	netvsc_vf_get_totals(nv, &vf);
	for (i = 0; i < ARRAY_SIZE(netvsc_vf_stats); i++)
		*data++ = *(u64 *)((void *)&vf + netvsc_vf_stats[i].offset);

	for (i = 0; i < nv->num_queues; i++) {
		data = netvsc_put_queue(data, &nv->queues[i].tx);
		data = netvsc_put_queue(data, &nv->queues[i].rx);
	}
}

static void netvsc_get_drvinfo(struct net_device *ndev,
			       struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->fw_version, "N/A", sizeof(info->fw_version));
}

static u32 netvsc_get_msglevel(struct net_device *ndev)
{
	const struct netvsc *nv = netdev_priv(ndev);

	return nv->msg_enable;
}

static void netvsc_set_msglevel(struct net_device *ndev, u32 level)
{
	struct netvsc *nv = netdev_priv(ndev);

	nv->msg_enable = level;
}

static int netvsc_get_link_ksettings(struct net_device *ndev,
				     struct ethtool_link_ksettings *cmd)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct net_device *vf = nv->bond.vf;
	u32 speed = READ_ONCE(nv->link.speed) / NETVSC_SPEED_UNIT;

	if (vf)
		return __ethtool_get_link_ksettings(vf, cmd);

	cmd->base.speed = speed ?: SPEED_UNKNOWN;
	cmd->base.duplex = DUPLEX_FULL;
	cmd->base.port = PORT_OTHER;
	return 0;
}

const struct ethtool_ops netvsc_ethtool_ops = {
	.get_drvinfo		= netvsc_get_drvinfo,
	.get_msglevel		= netvsc_get_msglevel,
	.set_msglevel		= netvsc_set_msglevel,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= netvsc_get_sset_count,
	.get_strings		= netvsc_get_strings,
	.get_ethtool_stats	= netvsc_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_link_ksettings	= netvsc_get_link_ksettings,
};
