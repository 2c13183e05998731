// SPDX-License-Identifier: GPL-2.0
/* ethtool -l, -L, -x, -X, -n, -N: channels, and what comes to which. */
#include <linux/ethtool.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>

#include "ethtool_rss.h"
#include "netvsc.h"
#include "synth/conn.h"
#include "wire/rndis.h"

#define NETVSC_HASH_L3		(RXH_IP_SRC | RXH_IP_DST)
#define NETVSC_HASH_L4		(RXH_L4_B_0_1 | RXH_L4_B_2_3)

/**
 * netvsc_get_channels() - ethtool -l
 * @ndev: eth<n>
 * @channels: filled in
 *
 * Context: RTNL.
 */
void netvsc_get_channels(struct net_device *ndev,
			 struct ethtool_channels *channels)
{
	struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);

	netvsc_subchans_settle(nv);
	if (!conn)
		return;
	channels->max_combined = min(conn->caps.channels, nv->num_queues);
	channels->combined_count = conn->num_chans;
}

/**
 * netvsc_set_channels() - ethtool -L
 * @ndev: eth<n>
 * @channels: no more than there can be
 *
 * Context: RTNL; waits for the host. Return: 0 or an errno.
 */
int netvsc_set_channels(struct net_device *ndev,
			struct ethtool_channels *channels)
{
	struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);
	struct netvsc_intent want = nv->intent;

	netvsc_subchans_settle(nv);
	if (!conn || nv->job.busy)
		return -EBUSY;
	want.channels = channels->combined_count;
	if (want.channels != conn->num_chans)
		return netvsc_reconnect(nv, &want);
	/* More were wanted, and these are now. */
	nv->intent.channels = want.channels;
	return 0;
}

/**
 * netvsc_get_rx_ring_count() - so many queues receive
 * @ndev: eth<n>
 *
 * Context: RTNL. A table of RSS may name no others.
 */
u32 netvsc_get_rx_ring_count(struct net_device *ndev)
{
	netvsc_subchans_settle(netdev_priv(ndev));
	return ndev->real_num_rx_queues;
}

/**
 * netvsc_get_rxfh_key_size() - bytes of the key
 * @ndev: eth<n>
 */
u32 netvsc_get_rxfh_key_size(struct net_device *ndev)
{
	return NETVSC_RSS_KEY;
}

/**
 * netvsc_get_rxfh_indir_size() - entries of the table
 * @ndev: eth<n>
 *
 * Context: RTNL. Return: 0 if the host has no RSS.
 */
u32 netvsc_get_rxfh_indir_size(struct net_device *ndev)
{
	const struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);

	return conn ? conn->caps.rss_entries : 0;
}

/**
 * netvsc_get_rxfh() - ethtool -x
 * @ndev: eth<n>
 * @rxfh: filled in, as far as there is room
 *
 * Context: RTNL. Return: 0 or -EOPNOTSUPP.
 */
int netvsc_get_rxfh(struct net_device *ndev, struct ethtool_rxfh_param *rxfh)
{
	struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);
	const struct netvsc_rss *rss = &nv->intent.rss;
	u32 i;

	netvsc_subchans_settle(nv);
	if (!conn)
		return -EOPNOTSUPP;
	rxfh->hfunc = ETH_RSS_HASH_TOP;
	if (rxfh->indir)
		for (i = 0; i < conn->caps.rss_entries; i++)
			rxfh->indir[i] = netvsc_rss_channel(conn, rss, i);
	if (rxfh->key)
		memcpy(rxfh->key, rss->key, sizeof(rss->key));
	return 0;
}

static int netvsc_ask_for_rss(struct netvsc_conn *conn, const void *rss)
{
	return netvsc_rss_set(conn, rss);
}

/* RTNL. One channel gets everything in any case. */
static int netvsc_change_rss(struct netvsc *nv, const struct netvsc_conn *conn,
			     const struct netvsc_rss *want,
			     struct netlink_ext_ack *extack)
{
	int err = 0;

	if (conn->num_chans > 1)
		err = netvsc_call_host(nv, netvsc_ask_for_rss, want);
	if (!err) {
		nv->intent.rss = *want;
		return 0;
	}
	if (err == -ETIMEDOUT)
		NL_SET_ERR_MSG(extack, "The host is too slow to say yes or no");
	else
		NL_SET_ERR_MSG(extack, "The host did not take it");
	/* But that RSS is off meanwhile. One that is slow is not asked more. */
	if (err == -EIO)
		netvsc_call_host(nv, netvsc_ask_for_rss, &nv->intent.rss);
	return err;
}

/* RTNL. Return: the connection, if its host knows RSS. */
static const struct netvsc_conn *netvsc_rss_conn(struct netvsc *nv,
						 struct netlink_ext_ack *extack)
{
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);

	netvsc_subchans_settle(nv);
	if (!conn || nv->job.busy) {
		NL_SET_ERR_MSG(extack, "No connection to the host at the moment");
		return ERR_PTR(-EBUSY);
	}
	if (!conn->caps.rss_entries) {
		NL_SET_ERR_MSG(extack, "The host has no RSS");
		return ERR_PTR(-EOPNOTSUPP);
	}
	return conn;
}

/*
 * Turns that the channels take are no choice of the user's: they take them also
 * when there are more or fewer.
 */
static int netvsc_take_table(const struct netvsc_conn *conn,
			     struct netvsc_rss *want, const u32 *table)
{
	const u32 entries = conn->caps.rss_entries;
	u32 i;

	want->custom = 0;
	for (i = 0; i < entries; i++) {
		if (table[i] >= conn->num_chans)
			return -EINVAL;
		want->custom |= table[i] != i % conn->num_chans;
	}
	/* The table of another host may be longer. */
	for (i = 0; i < NETVSC_RSS_ENTRIES; i++)
		want->table[i] = table[i % entries];
	return 0;
}

/**
 * netvsc_set_rxfh() - ethtool -X
 * @ndev: eth<n>
 * @rxfh: what is wanted
 * @extack: what is wrong with it
 *
 * Context: RTNL; waits for the host, for three answers at most. Return: 0 or an
 * errno, after which the intent is what it was.
 */
int netvsc_set_rxfh(struct net_device *ndev, struct ethtool_rxfh_param *rxfh,
		    struct netlink_ext_ack *extack)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_rss want = nv->intent.rss;
	const struct netvsc_conn *conn;

	if (rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE &&
	    rxfh->hfunc != ETH_RSS_HASH_TOP) {
		NL_SET_ERR_MSG(extack, "Toeplitz is the only hash function");
		return -EOPNOTSUPP;
	}
	conn = netvsc_rss_conn(nv, extack);
	if (IS_ERR(conn))
		return PTR_ERR(conn);
	if (rxfh->indir && netvsc_take_table(conn, &want, rxfh->indir)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "There is no such channel: they are 0 to %u",
				   conn->num_chans - 1);
		return -EINVAL;
	}
	if (rxfh->key)
		memcpy(want.key, rxfh->key, sizeof(want.key));
	return netvsc_change_rss(nv, conn, &want, extack);
}

/* Return: the type whose ports may be part of the hash, or 0. */
static u32 netvsc_hash_type(u32 flow_type)
{
	switch (flow_type) {
	case TCP_V4_FLOW:
		return NDIS_HASH_TCP_IPV4;
	case TCP_V6_FLOW:
		return NDIS_HASH_TCP_IPV6;
	case UDP_V4_FLOW:
		return NDIS_HASH_UDP_IPV4;
	case UDP_V6_FLOW:
		return NDIS_HASH_UDP_IPV6;
	}
	return 0;
}

/**
 * netvsc_get_rxfh_fields() - ethtool -n eth<n> rx-flow-hash
 * @ndev: eth<n>
 * @fields: filled in
 *
 * Context: RTNL. Return: 0.
 */
int netvsc_get_rxfh_fields(struct net_device *ndev,
			   struct ethtool_rxfh_fields *fields)
{
	const struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);
	u32 type = netvsc_hash_type(fields->flow_type);

	fields->data = 0;
	if (type || fields->flow_type == IPV4_FLOW ||
	    fields->flow_type == IPV6_FLOW)
		fields->data = NETVSC_HASH_L3;
	if (conn && nv->intent.rss.types & conn->caps.rss_types & type)
		fields->data |= NETVSC_HASH_L4;
	return 0;
}

/**
 * netvsc_set_rxfh_fields() - ethtool -N eth<n> rx-flow-hash
 * @ndev: eth<n>
 * @fields: what is wanted
 * @extack: what is wrong with it
 *
 * Context: RTNL; waits for the host, for three answers at most. Return: 0 or an
 * errno, after which the intent is what it was.
 */
int netvsc_set_rxfh_fields(struct net_device *ndev,
			   const struct ethtool_rxfh_fields *fields,
			   struct netlink_ext_ack *extack)
{
	u32 type = netvsc_hash_type(fields->flow_type);
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_rss want = nv->intent.rss;
	const struct netvsc_conn *conn;

	if (!type || (fields->data != NETVSC_HASH_L3 &&
		      fields->data != (NETVSC_HASH_L3 | NETVSC_HASH_L4))) {
		NL_SET_ERR_MSG(extack, "Addresses (sd), or with the ports (sdfn), of TCP or UDP");
		return -EOPNOTSUPP;
	}
	conn = netvsc_rss_conn(nv, extack);
	if (IS_ERR(conn))
		return PTR_ERR(conn);

	want.types &= ~type;
	if (fields->data & NETVSC_HASH_L4) {
		if (!(conn->caps.rss_types & type)) {
			NL_SET_ERR_MSG(extack, "The host makes no hash of UDP ports");
			return -EOPNOTSUPP;
		}
		want.types |= type;
	}
	return netvsc_change_rss(nv, conn, &want, extack);
}
