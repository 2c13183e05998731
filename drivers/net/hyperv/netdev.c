// SPDX-License-Identifier: GPL-2.0
/* eth<n>: what the network stack asks of it. */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netpoll.h>
#include <linux/rtnetlink.h>
#include <linux/sizes.h>
#include <linux/rndis.h>
#include <net/netdev_lock.h>
#include <net/sock.h>
#include <net/xdp.h>

#include "deadlines.h"
#include "netvsc.h"
#include "synth/conn.h"
#include "synth/synth.h"
#include "synth/tx.h"
#include "vf/vf.h"

/* The largest IPv4 packet in an Ethernet frame; the host may take less. */
#define NETVSC_MAX_MTU		(65535 - ETH_HLEN)

/* Four frames that the host cuts: with fewer the peer answers every piece. */
#define NETVSC_BQL_MIN		SZ_256K

/* What a host may have or not. */
#define NETVSC_HOST_FEATURES	(NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | \
				 NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_LRO)

/* The core's own question is not for modules. */
static bool netvsc_has_xps(const struct net_device *ndev)
{
#ifdef CONFIG_XPS
	return rcu_access_pointer(ndev->xps_maps[XPS_CPUS]) ||
	       rcu_access_pointer(ndev->xps_maps[XPS_RXQS]);
#else
	return false;
#endif
}

/* Has somebody an address of his own? The VF holds those that it was given. */
static bool netvsc_has_other_addrs(struct net_device *ndev)
{
	struct netdev_hw_addr *ha;
	bool has = false;

	netif_addr_lock_bh(ndev);
	netdev_for_each_uc_addr(ha, ndev)
		has |= ha->refcount > ha->sync_cnt;
	netif_addr_unlock_bh(ndev);
	return has;
}

static u32 netvsc_wanted_filter(struct net_device *ndev)
{
	u32 filter = RNDIS_PACKET_TYPE_DIRECTED;

	if (!netif_running(ndev))
		return 0;
	/* The host cannot filter by address: take all, the stack sorts. */
	if (ndev->flags & IFF_PROMISC || netvsc_has_other_addrs(ndev))
		return RNDIS_PACKET_TYPE_PROMISCUOUS;
	if (!netdev_mc_empty(ndev) || ndev->flags & IFF_ALLMULTI)
		filter |= RNDIS_PACKET_TYPE_ALL_MULTICAST;
	if (ndev->flags & IFF_BROADCAST)
		filter |= RNDIS_PACKET_TYPE_BROADCAST;
	return filter;
}

/*
 * Conn work: the filter follows what the interface is now, not what it was. A
 * host that did not take it is asked again, less and less often.
 */
static void netvsc_rx_mode_work(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 rx_mode_work);
	struct netvsc_conn *conn = netvsc_conn_get(nv);

	if (!conn) {
		nv->rx_mode_err = -ENODEV;
		return;
	}
	nv->rx_mode_err = netvsc_rndis_set_filter(conn,
						  netvsc_wanted_filter(nv->ndev));
	netvsc_conn_put(conn);

	if (!nv->rx_mode_err || nv->rx_mode_err == -ENODEV) {
		nv->rx_mode_pause = NETVSC_FILTER_RETRY_MIN;
		return;
	}
	queue_delayed_work(nv->conn_wq, &nv->rx_mode_work, nv->rx_mode_pause);
	nv->rx_mode_pause = min(2 * nv->rx_mode_pause,
				(unsigned long)NETVSC_FILTER_RETRY_MAX);
}

static void netvsc_set_rx_mode(struct net_device *ndev)
{
	struct netvsc *nv = netdev_priv(ndev);

	mod_delayed_work(nv->conn_wq, &nv->rx_mode_work, 0);
	netvsc_vf_rx_mode(nv);
}

static void netvsc_change_rx_flags(struct net_device *ndev, int flags)
{
	netvsc_vf_sync_flags(netdev_priv(ndev));
}

/*
 * RTNL, with a connection. Conn work may be at two RNDIS requests; right after
 * probe at sub-channels and RSS, for NETVSC_CHANNELS_DIR and four times five
 * seconds if the host is silent on all of that.
 */
static int netvsc_sync_rx_mode(struct netvsc *nv)
{
	mod_delayed_work(nv->conn_wq, &nv->rx_mode_work, 0);
	flush_delayed_work(&nv->rx_mode_work);
	return nv->rx_mode_err;
}

static int netvsc_open(struct net_device *ndev)
{
	struct netvsc *nv = netdev_priv(ndev);
	int err;

	if (!rtnl_dereference(nv->conn)) {
		/* A wish: the connection that comes brings filter and queues. */
		netvsc_reconnect_wish(nv);
		netvsc_link_refresh(nv);
		netvsc_vf_open(nv);
		return 0;
	}

	err = netvsc_sync_rx_mode(nv);
	if (err) {
		netdev_err(ndev, "unable to open device (ret %d).\n", err);
		return err;
	}
	netif_tx_start_all_queues(ndev);
	netvsc_vf_open(nv);
	return 0;
}

static int netvsc_stop(struct net_device *ndev)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_conn *conn;

	netif_tx_disable(ndev);
	netvsc_vf_close(nv);
	conn = rtnl_dereference(nv->conn);
	if (!conn)
		return 0;

	netvsc_tx_push_all(conn);
	/* What comes until the host has closed its filter is dropped. */
	mod_delayed_work(nv->conn_wq, &nv->rx_mode_work, 0);
	return 0;
}

/**
 * netvsc_xmit() - send a frame over the VF, or the synthetic side
 * @nv: the device
 * @skb: not ours any more, unless NETDEV_TX_BUSY
 * @flags: NETVSC_TX_*; of the stack's frames it says itself whether more follow
 *
 * Context: RCU, BH off; netpoll: interrupts off.
 */
netdev_tx_t netvsc_xmit(struct netvsc *nv, struct sk_buff *skb, u32 flags)
{
	struct net_device *vf = rcu_dereference_bh(nv->tx_vf);
	struct netvsc_conn *conn;

	/* Of a VF that is taken down, we may be told a second late. */
	if (vf && !netpoll_tx_running(nv->ndev)) {
		if (likely(netvsc_vf_can_send(vf) &&
			   !netvsc_vf_is_left(&nv->bond)))
			return netvsc_vf_xmit(nv, vf, skb);
		netvsc_vf_lost(nv);
	}

	conn = rcu_dereference_bh(nv->conn);
	if (unlikely(!conn)) {
		netvsc_count(nv, tx_no_conn);
		dev_kfree_skb_any_reason(skb, SKB_DROP_REASON_DEV_READY);
		return NETDEV_TX_OK;
	}
	if (flags & NETVSC_TX_STACK && netdev_xmit_more())
		flags |= NETVSC_TX_MORE;
	return netvsc_tx(conn, &nv->queues[skb_get_queue_mapping(skb)], skb,
			 flags);
}

static netdev_tx_t netvsc_start_xmit(struct sk_buff *skb,
				     struct net_device *ndev)
{
	return netvsc_xmit(netdev_priv(ndev), skb, NETVSC_TX_STACK);
}

/* The VF's choice. AF_PACKET asks without any lock. Return: less than 0: no VF. */
static int netvsc_queue_of_vf(const struct netvsc *nv, struct sk_buff *skb)
{
	const struct net_device_ops *ops;
	struct net_device *vf;
	int queue = -1;

	rcu_read_lock();
	vf = rcu_dereference(nv->tx_vf);
	ops = vf ? vf->netdev_ops : NULL;
	if (ops && ops->ndo_select_queue)
		queue = ops->ndo_select_queue(vf, skb, NULL);
	else if (ops)
		queue = netdev_pick_tx(vf, skb, NULL);
	rcu_read_unlock();
	return queue;
}

/*
 * A VF has queues of its own, and a socket has room for one number: the VF's, while
 * it carries the traffic. Ours only says in which of eth<n>'s disciplines a frame
 * waits, and is made of that: a flow stays in one.
 */
static u16 netvsc_queue_for_vf(struct net_device *ndev, struct sk_buff *skb,
			       int queue)
{
	if (skb->ooo_okay)
		queue = netvsc_queue_of_vf(netdev_priv(ndev), skb);
	if (queue < 0)
		queue = skb_get_hash(skb) & U16_MAX;
	if (likely(queue < ndev->real_num_tx_queues))
		return queue;
	return queue % ndev->real_num_tx_queues;
}

/*
 * What the host cannot cut the stack does. As long as a VF sends, its own driver is
 * asked, not the host. Of frames that are not to be cut nobody is asked anything.
 *
 * Not only those call this that send the frame at once: RCU is not theirs.
 */
static netdev_features_t netvsc_features_check(struct sk_buff *skb,
					       struct net_device *ndev,
					       netdev_features_t features)
{
	const struct netvsc *nv = netdev_priv(ndev);
	const struct netvsc_conn *conn;

	/* As for every device that has no such function. */
	features = vlan_features_check(skb, features);
	if (!skb_is_gso(skb) || rcu_access_pointer(nv->tx_vf))
		return features;

	rcu_read_lock();
	conn = rcu_dereference(nv->conn);
	if (conn && unlikely(!netvsc_tx_can_cut(&conn->caps, skb)))
		features &= ~NETIF_F_GSO_MASK;
	rcu_read_unlock();
	return features;
}

/*
 * The host says on which channel it would like a flow, unless somebody on our side
 * knows better: the user by XPS or traffic classes, a forwarder by where it came
 * from. A socket's flow stays where it is while it has frames under way, and
 * neither a path nor a connection that changes moves any.
 */
static u16 netvsc_select_queue(struct net_device *ndev, struct sk_buff *skb,
			       struct net_device *sb_dev)
{
	const struct netvsc *nv = netdev_priv(ndev);
	struct sock *sk = skb->sk;
	int queue, is = sk_tx_queue_get(sk);

	if (ndev->num_tc || skb_rx_queue_recorded(skb))
		return netdev_pick_tx(ndev, skb, sb_dev);
	if (rcu_access_pointer(nv->tx_vf))
		return netvsc_queue_for_vf(ndev, skb, is);
	if (netvsc_has_xps(ndev))
		return netdev_pick_tx(ndev, skb, sb_dev);
	if (is >= 0 && is < ndev->real_num_tx_queues && !skb->ooo_okay)
		return is;

	queue = READ_ONCE(nv->send_table[skb_get_hash(skb) %
					 NVSP_INDIRECTION_ENTRIES]) %
		ndev->real_num_tx_queues;
	if (queue != is && sk && sk_fullsock(sk) &&
	    rcu_access_pointer(sk->sk_dst_cache))
		sk_tx_queue_set(sk, queue);
	return queue;
}

static int netvsc_change_mtu(struct net_device *ndev, int mtu)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_intent want = nv->intent;
	int err;

	if (nv->job.busy)
		return -EBUSY;
	if (!netvsc_xdp_fits(nv, rtnl_dereference(nv->xdp_prog), mtu))
		return -EINVAL;
	/* At no time less than ours: it carries the traffic meanwhile. */
	netvsc_vf_stay(nv, true);
	err = netvsc_vf_set_mtu(nv, max_t(int, mtu, ndev->mtu));
	if (!err) {
		want.mtu = mtu;
		err = netvsc_reconnect(nv, &want);
		netvsc_vf_stay(nv, false);
		if (!err)
			WRITE_ONCE(ndev->mtu, mtu);
		netvsc_vf_set_mtu(nv, ndev->mtu);
	}
	netvsc_vf_stay(nv, false);
	/* It may have cost the VF its XDP program, or allow for it again. */
	netvsc_vf_set_xdp(nv);
	return err;
}

static netdev_features_t netvsc_host_features(const struct netvsc_conn *conn)
{
	return conn->caps.tx_csum | conn->caps.tso |
	       (conn->caps.rsc ? NETIF_F_LRO : 0);
}

/* A host that was connected to anew may do less than the one before. */
static netdev_features_t netvsc_fix_features(struct net_device *ndev,
					     netdev_features_t features)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct netvsc_conn *conn = rtnl_dereference(nv->conn);

	/* The checksums of a coalesced frame are stale: the host's word counts. */
	if (!(features & NETIF_F_RXCSUM))
		features &= ~NETIF_F_LRO;
	/* A program looks at frames as they were sent. */
	if (features & NETIF_F_LRO && rtnl_dereference(nv->xdp_prog)) {
		if (ndev->features & NETIF_F_LRO)
			netdev_info(ndev, "Skip LRO - unsupported with XDP\n");
		features &= ~NETIF_F_LRO;
	}
	if (!conn)
		return features;
	return features & ~(NETVSC_HOST_FEATURES & ~netvsc_host_features(conn));
}

static int netvsc_ask_for_rsc(struct netvsc_conn *conn, const void *on)
{
	return netvsc_rndis_set_rsc(conn, *(const bool *)on);
}

static int netvsc_set_lro(struct netvsc *nv, bool on)
{
	const struct netvsc_conn *conn = rtnl_dereference(nv->conn);
	int err;

	if (nv->intent.lro == on)
		return 0;
	nv->intent.lro = on;
	/* The next connection begins with what is wanted then. */
	if (!conn || !conn->caps.rsc)
		return 0;
	err = netvsc_call_host(nv, netvsc_ask_for_rsc, &on);
	if (!err)
		return 0;

	netdev_warn(nv->ndev, "host does not turn RSC %s (%d)\n",
		    on ? "on" : "off", err);
	/* The core WARNs of who keeps LRO on, and can do nothing about it. */
	nv->intent.lro = false;
	return on ? err : 0;
}

static int netvsc_set_features(struct net_device *ndev,
			       netdev_features_t features)
{
	struct netvsc *nv = netdev_priv(ndev);
	int err = netvsc_set_lro(nv, features & NETIF_F_LRO);

	/* The rest is done all the same; after an error the core notes nothing. */
	if (err) {
		features &= ~NETIF_F_LRO;
		ndev->features = features;
	}
	netvsc_vf_set_features(nv, features);
	return err;
}

static int netvsc_add_vid(struct net_device *ndev, __be16 proto, u16 vid)
{
	netvsc_vf_add_vid(netdev_priv(ndev), proto, vid);
	return 0;
}

static int netvsc_kill_vid(struct net_device *ndev, __be16 proto, u16 vid)
{
	netvsc_vf_kill_vid(netdev_priv(ndev), proto, vid);
	return 0;
}

const struct net_device_ops netvsc_netdev_ops = {
	.ndo_open		= netvsc_open,
	.ndo_stop		= netvsc_stop,
	.ndo_start_xmit		= netvsc_start_xmit,
	.ndo_features_check	= netvsc_features_check,
	.ndo_select_queue	= netvsc_select_queue,
	.ndo_change_rx_flags	= netvsc_change_rx_flags,
	.ndo_set_rx_mode	= netvsc_set_rx_mode,
	.ndo_change_mtu		= netvsc_change_mtu,
	.ndo_fix_features	= netvsc_fix_features,
	.ndo_set_features	= netvsc_set_features,
	.ndo_vlan_rx_add_vid	= netvsc_add_vid,
	.ndo_vlan_rx_kill_vid	= netvsc_kill_vid,
	.ndo_set_mac_address	= netvsc_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_stats64	= netvsc_get_stats64,
	.ndo_bpf		= netvsc_bpf,
	.ndo_xdp_xmit		= netvsc_xdp_xmit,
};

/**
 * netvsc_set_tso_max() - how long a frame may be that is cut later
 * @nv: the device
 * @conn: of now, or about to be published; NULL: as the last one said
 * @vf: cuts them, or is about to; NULL: the host
 *
 * The stack makes shorter ones at once, longer ones if the user asks.
 *
 * Context: RTNL, or not registered yet.
 */
void netvsc_set_tso_max(struct netvsc *nv, const struct netvsc_conn *conn,
			const struct net_device *vf)
{
	if (conn)
		nv->tso_max = conn->caps.tso_max;
	netif_set_tso_max_size(nv->ndev, vf ? vf->tso_max_size : nv->tso_max);
}

/**
 * netvsc_set_host_features() - offer what the host can do
 * @nv: not registered yet
 * @conn: up
 */
void netvsc_set_host_features(struct netvsc *nv, const struct netvsc_conn *conn)
{
	const struct netvsc_caps *caps = &conn->caps;
	struct net_device *ndev = nv->ndev;

	ndev->hw_features = NETIF_F_RXCSUM | NETIF_F_SG | NETIF_F_RXHASH |
			    netvsc_host_features(conn);
	ndev->features |= ndev->hw_features | NETIF_F_HIGHDMA |
			  NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX |
			  NETIF_F_HW_VLAN_CTAG_FILTER |
			  NETIF_F_HW_VLAN_STAG_FILTER;
	ndev->vlan_features = (ndev->hw_features | NETIF_F_HIGHDMA) &
			      ~NETIF_F_LRO;
	netvsc_set_tso_max(nv, conn, NULL);

	ndev->max_mtu = NETVSC_MAX_MTU;
	if (caps->max_mtu && caps->max_mtu < ndev->mtu)
		ndev->mtu = caps->max_mtu;
	nv->intent.mtu = ndev->mtu;
}

/**
 * netvsc_change_host_features() - another connection's host may do more, or less
 * @nv: the device; netdev_update_features() follows
 * @conn: about to be published
 *
 * What an earlier host could stays on offer, so that a wish for it is kept:
 * netvsc_fix_features() knows what this one can. What none could before is on, as
 * it would be from the beginning; but for large receives: a forwarder may have
 * turned them off when there were none.
 *
 * Context: RTNL.
 */
void netvsc_change_host_features(struct netvsc *nv,
				 const struct netvsc_conn *conn)
{
	struct net_device *ndev = nv->ndev;
	netdev_features_t more = netvsc_host_features(conn) &
				 ~ndev->hw_features;

	ndev->hw_features |= more;
	ndev->wanted_features |= more & ~NETIF_F_LRO;
	ndev->vlan_features |= more & ~NETIF_F_LRO;
	netvsc_set_tso_max(nv, conn, rtnl_dereference(nv->tx_vf));
}

/**
 * netvsc_set_queues() - eth<n> has as many queues as there are channels
 * @nv: if there were more, nobody sends on the synthetic side
 * @conn: published, or about to be
 *
 * Context: RTNL, or not registered yet.
 */
void netvsc_set_queues(struct netvsc *nv, const struct netvsc_conn *conn)
{
	struct net_device *ndev = nv->ndev;
	unsigned int i;
	int tx, rx;

	/* A queue more than channels is no harm, a queue less is a slower NIC. */
	tx = netif_set_real_num_tx_queues(ndev, conn->num_chans);
	rx = netif_set_real_num_rx_queues(ndev, conn->num_chans);
	if (tx || rx)
		netdev_warn(ndev, "no memory for %u queues\n", conn->num_chans);
	for (i = 0; i < nv->num_queues; i++) {
		struct napi_struct *napi = i < conn->num_chans ?
					   &nv->queues[i].napi : NULL;

		netif_queue_set_napi(ndev, i, NETDEV_QUEUE_TYPE_RX, napi);
		netif_queue_set_napi(ndev, i, NETDEV_QUEUE_TYPE_TX, napi);
	}
}

/**
 * netvsc_netdev_init() - what does not depend on the host
 * @nv: fresh from alloc_etherdev
 */
void netvsc_netdev_init(struct netvsc *nv)
{
	struct net_device *ndev = nv->ndev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nv->send_table); i++)
		nv->send_table[i] = i;
	for (i = 0; i < ndev->num_tx_queues; i++)
		netdev_queue_set_dql_min_limit(netdev_get_tx_queue(ndev, i),
					       NETVSC_BQL_MIN);
	ndev->netdev_ops = &netvsc_netdev_ops;
	ndev->ethtool_ops = &netvsc_ethtool_ops;
	netvsc_stats_init(ndev);
	ndev->min_mtu = ETH_MIN_MTU;
	/* Frames are handed on, to the VF, and their headers rewritten. */
	ndev->priv_flags &= ~IFF_TX_SKB_SHARING;
	/*
	 * Else the stack makes us promiscuous, with addr_list_lock held, as long
	 * as there is a second address; and longer, if the VF was given it.
	 */
	ndev->priv_flags |= IFF_UNICAST_FLT | IFF_LIVE_ADDR_CHANGE;
	ndev->lltx = true;
	xdp_set_features_flag(ndev, NETDEV_XDP_ACT_BASIC |
			      NETDEV_XDP_ACT_REDIRECT |
			      NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_RX_SG |
			      NETDEV_XDP_ACT_NDO_XMIT_SG);
	netdev_lockdep_set_classes(ndev);
	INIT_DELAYED_WORK(&nv->rx_mode_work, netvsc_rx_mode_work);
	nv->rx_mode_pause = NETVSC_FILTER_RETRY_MIN;
}
