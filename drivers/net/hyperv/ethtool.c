// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows of eth<n>. Names and their order are ABI. */
#include <linux/ethtool.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <net/netdev_lock.h>

#include "ethtool_rss.h"
#include "netvsc.h"
#include "synth/conn.h"
#include "synth/queue.h"
#include "vf/vf.h"

/* Sections of the receive and the send buffer are what ethtool calls rings. */
#define NETVSC_RING_MIN		10
#define NETVSC_RECV_MAX		(31 * SZ_1M)
#define NETVSC_SEND_MAX		(15 * SZ_1M)

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
	NETVSC_STAT(vf_tx_moved),
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

/* Of each queue. */
static const char netvsc_queue_stats[][ETH_GSTRING_LEN] = {
	"tx_queue_%u_packets",
	"tx_queue_%u_bytes",
	"tx_queue_%u_xdp_xmit",
	"rx_queue_%u_packets",
	"rx_queue_%u_bytes",
	"rx_queue_%u_xdp_drop",
	"rx_queue_%u_xdp_redirect",
	"rx_queue_%u_xdp_tx",
};

/* Of each CPU that is there. */
static const char netvsc_cpu_stats[][ETH_GSTRING_LEN] = {
	"cpu%u_rx_packets",
	"cpu%u_rx_bytes",
	"cpu%u_tx_packets",
	"cpu%u_tx_bytes",
	"cpu%u_vf_rx_packets",
	"cpu%u_vf_rx_bytes",
	"cpu%u_vf_tx_packets",
	"cpu%u_vf_tx_bytes",
};

static int netvsc_get_sset_count(struct net_device *ndev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(netvsc_counter_stats) + ARRAY_SIZE(netvsc_vf_stats) +
	       ARRAY_SIZE(netvsc_queue_stats) * ndev->real_num_tx_queues +
	       ARRAY_SIZE(netvsc_cpu_stats) * num_present_cpus();
}

static void netvsc_get_strings(struct net_device *ndev, u32 sset, u8 *data)
{
	unsigned int i, j, cpu;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(netvsc_counter_stats); i++)
		ethtool_puts(&data, netvsc_counter_stats[i].name);
	for (i = 0; i < ARRAY_SIZE(netvsc_vf_stats); i++)
		ethtool_puts(&data, netvsc_vf_stats[i].name);
	for (i = 0; i < ndev->real_num_tx_queues; i++)
		for (j = 0; j < ARRAY_SIZE(netvsc_queue_stats); j++)
			ethtool_sprintf(&data, netvsc_queue_stats[j], i);
	for_each_present_cpu(cpu)
		for (j = 0; j < ARRAY_SIZE(netvsc_cpu_stats); j++)
			ethtool_sprintf(&data, netvsc_cpu_stats[j], cpu);
}

static u64 *netvsc_put_queue(const struct netvsc_queue *queue, u64 *data)
{
	struct netvsc_queue_totals tx = netvsc_read_stats(&queue->tx);
	struct netvsc_queue_totals rx = netvsc_read_stats(&queue->rx);

	*data++ = tx.packets;
	*data++ = tx.bytes;
	*data++ = atomic_long_read(&queue->xdp_xmit);
	*data++ = rx.packets;
	*data++ = rx.bytes;
	*data++ = rx.xdp_drop;
	*data++ = rx.xdp_redirect;
	*data++ = rx.xdp_tx;
	return data;
}

/* RTNL. The CPU that the host interrupts for a queue now. */
static u32 netvsc_queue_cpu(const struct netvsc *nv, unsigned int index)
{
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);

	if (!conn || index >= conn->num_chans)
		return nv->hdev->channel->target_cpu;
	return conn->chan[index]->vmchan->target_cpu;
}

/*
 * All frames of a queue are its CPU's, of now: which CPU they came to is not
 * counted. Those over the VF are.
 */
static u64 *netvsc_put_cpu(const struct netvsc *nv, unsigned int cpu, u64 *data)
{
	struct netvsc_vf_totals vf;
	unsigned int i;

	netvsc_vf_get_cpu(nv, cpu, &vf);
	data[0] = vf.rx_packets;
	data[1] = vf.rx_bytes;
	data[2] = vf.tx_packets;
	data[3] = vf.tx_bytes;
	memcpy(&data[4], data, 4 * sizeof(*data));
	for (i = 0; i < nv->num_queues; i++) {
		struct netvsc_queue_totals sum;

		if (netvsc_queue_cpu(nv, i) != cpu)
			continue;
		sum = netvsc_read_stats(&nv->queues[i].rx);
		data[0] += sum.packets;
		data[1] += sum.bytes;
		sum = netvsc_read_stats(&nv->queues[i].tx);
		data[2] += sum.packets;
		data[3] += sum.bytes;
	}
	return data + ARRAY_SIZE(netvsc_cpu_stats);
}

static void netvsc_get_ethtool_stats(struct net_device *ndev,
				     struct ethtool_stats *stats, u64 *data)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_vf_totals vf;
	unsigned int i, cpu;

	for (i = 0; i < ARRAY_SIZE(netvsc_counter_stats); i++) {
		atomic_long_t *counter = (void *)&nv->counters +
					 netvsc_counter_stats[i].offset;

		*data++ = atomic_long_read(counter);
	}

	netvsc_vf_get_totals(nv, &vf);
	for (i = 0; i < ARRAY_SIZE(netvsc_vf_stats); i++)
		*data++ = *(u64 *)((void *)&vf + netvsc_vf_stats[i].offset);

	for (i = 0; i < ndev->real_num_tx_queues; i++)
		data = netvsc_put_queue(&nv->queues[i], data);
	for_each_present_cpu(cpu)
		data = netvsc_put_cpu(nv, cpu, data);
}

static void netvsc_get_drvinfo(struct net_device *ndev,
			       struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->fw_version, "N/A", sizeof(info->fw_version));
}

/* What the NIC has of registers: the host's table for sends. */
static int netvsc_get_regs_len(struct net_device *ndev)
{
	return NVSP_INDIRECTION_ENTRIES * sizeof(u32);
}

static void netvsc_get_regs(struct net_device *ndev, struct ethtool_regs *regs,
			    void *buf)
{
	const struct netvsc *nv = netdev_priv(ndev);
	u32 *table = buf;
	int i;

	regs->version = 1;
	for (i = 0; i < NVSP_INDIRECTION_ENTRIES; i++)
		table[i] = READ_ONCE(nv->send_table[i]);
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

static u32 netvsc_ring_max(const struct netvsc_buffer *buf, u32 bytes)
{
	return min_t(u32, bytes / buf->section_size, NETVSC_SECTIONS_MAX);
}

static void netvsc_get_ringparam(struct net_device *ndev,
				 struct ethtool_ringparam *ring,
				 struct kernel_ethtool_ringparam *kernel_ring,
				 struct netlink_ext_ack *extack)
{
	struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);

	if (!conn)
		return;
	ring->rx_max_pending = netvsc_ring_max(&conn->recv, NETVSC_RECV_MAX);
	ring->tx_max_pending = netvsc_ring_max(&conn->send, NETVSC_SEND_MAX);
	ring->rx_pending = conn->recv.sections;
	ring->tx_pending = conn->send.sections;
}

/*
 * What has not changed stays what was asked for: more than @buf has, where memory
 * was short. Return: bytes; 0: too few.
 */
static u32 netvsc_ring_bytes(const struct netvsc_buffer *buf, u32 asked,
			     u32 sections)
{
	if (sections == buf->sections)
		return asked;
	if (sections < NETVSC_RING_MIN)
		return 0;
	return PAGE_ALIGN(sections * buf->section_size);
}

static int netvsc_set_ringparam(struct net_device *ndev,
				struct ethtool_ringparam *ring,
				struct kernel_ethtool_ringparam *kernel_ring,
				struct netlink_ext_ack *extack)
{
	struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);
	struct netvsc_intent want = nv->intent;
	int err;

	if (!conn || nv->job.busy) {
		NL_SET_ERR_MSG(extack, "No connection to the host at the moment");
		return -EBUSY;
	}
	want.recv_bytes = netvsc_ring_bytes(&conn->recv, want.recv_bytes,
					    ring->rx_pending);
	want.send_bytes = netvsc_ring_bytes(&conn->send, want.send_bytes,
					    ring->tx_pending);
	if (!want.recv_bytes || !want.send_bytes) {
		NL_SET_ERR_MSG(extack, "A ring has at least 10 entries");
		return -EINVAL;
	}
	if (want.recv_bytes == nv->intent.recv_bytes &&
	    want.send_bytes == nv->intent.send_bytes)
		return 0;

	err = netvsc_reconnect(nv, &want);
	if (err == -ETIMEDOUT)
		NL_SET_ERR_MSG(extack,
			       "The host is too slow, the rings stay what they were");
	else if (err)
		NL_SET_ERR_MSG_FMT(extack,
				   "The host did not take rings of %u and %u, they stay what they were",
				   ring->rx_pending, ring->tx_pending);
	return err;
}

static int netvsc_get_link_ksettings(struct net_device *ndev,
				     struct ethtool_link_ksettings *cmd)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct net_device *vf = nv->bond.vf;
	u32 speed = READ_ONCE(nv->link.mbps);
	int err;

	if (vf) {
		netdev_lock_ops(vf);
		err = netif_get_link_ksettings(vf, cmd);
		netdev_unlock_ops(vf);
		return err;
	}

	cmd->base.speed = speed ?: SPEED_UNKNOWN;
	cmd->base.duplex = nv->link.duplex;
	cmd->base.port = PORT_OTHER;
	return 0;
}

/* Without a VF it is shown, no more, until the host says something else. */
static int netvsc_set_link_ksettings(struct net_device *ndev,
				     const struct ethtool_link_ksettings *cmd)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct net_device *vf = nv->bond.vf;
	u32 speed;
	int err;

	if (vf) {
		if (!vf->ethtool_ops->set_link_ksettings)
			return -EOPNOTSUPP;
		netdev_lock_ops(vf);
		err = vf->ethtool_ops->set_link_ksettings(vf, cmd);
		netdev_unlock_ops(vf);
		return err;
	}

	err = ethtool_virtdev_set_link_ksettings(ndev, cmd, &speed,
						 &nv->link.duplex);
	if (!err)
		netvsc_link_show_speed(nv, speed == SPEED_UNKNOWN ? 0 : speed);
	return err;
}

const struct ethtool_ops netvsc_ethtool_ops = {
	.get_drvinfo		= netvsc_get_drvinfo,
	.get_regs_len		= netvsc_get_regs_len,
	.get_regs		= netvsc_get_regs,
	.get_msglevel		= netvsc_get_msglevel,
	.set_msglevel		= netvsc_set_msglevel,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= netvsc_get_sset_count,
	.get_strings		= netvsc_get_strings,
	.get_ethtool_stats	= netvsc_get_ethtool_stats,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_ringparam		= netvsc_get_ringparam,
	.set_ringparam		= netvsc_set_ringparam,
	.get_channels		= netvsc_get_channels,
	.set_channels		= netvsc_set_channels,
	.get_rx_ring_count	= netvsc_get_rx_ring_count,
	.get_rxfh_key_size	= netvsc_get_rxfh_key_size,
	.get_rxfh_indir_size	= netvsc_get_rxfh_indir_size,
	.get_rxfh		= netvsc_get_rxfh,
	.set_rxfh		= netvsc_set_rxfh,
	.get_rxfh_fields	= netvsc_get_rxfh_fields,
	.set_rxfh_fields	= netvsc_set_rxfh_fields,
	.get_link_ksettings	= netvsc_get_link_ksettings,
	.set_link_ksettings	= netvsc_set_link_ksettings,
};
