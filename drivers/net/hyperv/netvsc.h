/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The objects of the driver and how long they live.
 *
 * struct netvsc	netdev_priv, from alloc_etherdev to free_netdev
 * struct netvsc_queue	owned by netvsc, survives a reconnect
 * struct netvsc_conn	one conversation with the host (synth/conn.h)
 * struct netvsc_bond	embedded in netvsc: the VF (vf/vf.h)
 */
#ifndef _HV_NETVSC_H
#define _HV_NETVSC_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/hyperv.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <net/xdp.h>

#include "vf/bond.h"
#include "wire/nvsp.h"

struct bpf_prog;
struct netdev_bpf;
struct netvsc_bus_ops;
struct netvsc_chan;
struct netvsc_conn;
struct page_pool;

#define NETVSC_MAX_CHANNELS	64

#define NETVSC_RSS_KEY		40	/* bytes */
#define NETVSC_RSS_ENTRIES	256	/* no host has a larger table */

/**
 * struct netvsc_rss - which channel a received frame comes to
 * @types: NDIS_HASH_*: what the hash is made of
 * @custom: @table is the user's; otherwise the channels take turns
 * @key: of the hash
 * @table: channel by the lowest bits of the hash
 */
struct netvsc_rss {
	u32 types;
	u32 custom;
	u8 key[NETVSC_RSS_KEY];
	u8 table[NETVSC_RSS_ENTRIES];
};

/*
 * What the user asked for. Written under RTNL, and only once the host has
 * taken it, but for @lro: off it is whatever the host says. A connection is
 * built from a copy.
 */
struct netvsc_intent {
	u32 mtu;		/* bytes, without the Ethernet header */
	u32 channels;		/* as many as the host has, at most these */
	u32 ring_bytes;		/* both directions of one channel */
	u32 recv_bytes;		/* receive buffer */
	u32 send_bytes;		/* send buffer */
	u32 lro;		/* 1: the host may coalesce TCP segments */
	u8 mac[8];		/* of eth<n>, then 0; all 0: the host's own */
	struct netvsc_rss rss;
};

/* Memory that a connection has left for the next one. Conn work, while there is. */
struct netvsc_spare {
	void *base;		/* or NULL */
	u32 bytes;
};

struct netvsc_queue_stats {
	struct u64_stats_sync syncp;
	u64_stats_t packets;
	u64_stats_t bytes;
	/* Of what was received only: */
	u64_stats_t multicast;
	u64_stats_t xdp_drop;
	u64_stats_t xdp_redirect;
	u64_stats_t xdp_tx;
};

/* What the host was given to cut. */
struct netvsc_gso_stats {
	struct u64_stats_sync syncp;
	u64_stats_t frames;
	u64_stats_t segments;	/* that become of them */
};

struct netvsc_queue_totals {
	u64 packets;
	u64 bytes;
	u64 multicast;
	u64 xdp_drop;
	u64 xdp_redirect;
	u64 xdp_tx;
};

static inline struct netvsc_queue_totals
netvsc_read_stats(const struct netvsc_queue_stats *stats)
{
	struct netvsc_queue_totals sum;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		sum.packets = u64_stats_read(&stats->packets);
		sum.bytes = u64_stats_read(&stats->bytes);
		sum.multicast = u64_stats_read(&stats->multicast);
		sum.xdp_drop = u64_stats_read(&stats->xdp_drop);
		sum.xdp_redirect = u64_stats_read(&stats->xdp_redirect);
		sum.xdp_tx = u64_stats_read(&stats->xdp_tx);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
	return sum;
}

/**
 * struct netvsc_queue - one queue of eth<n>
 * @napi: polls the channel; enabled before the channel opens, disabled before
 *	it closes
 * @tx: sent; written by NAPI on completion
 * @rx: received; written by NAPI
 * @pool: pages for frames that a program looks at; there while there is one
 * @xdp_rxq: likewise, what tells it where a frame came
 * @chan: the channel that serves this queue; stable while @napi is enabled
 * @nv: the device
 * @index: of the queue, and of its channel
 * @held: stopped by the bond; room on the ring does not wake it
 * @tx_lock: guards the sending side of @chan; the device is lltx
 * @gso: written under @tx_lock
 * @xdp_xmit: frames that other interfaces' programs have sent here
 *
 * First what NAPI writes, then what both sides read, then what senders write:
 * they are on different CPUs, and each has lines of its own.
 */
struct netvsc_queue {
	struct napi_struct napi;
	struct netvsc_queue_stats tx;
	struct netvsc_queue_stats rx;
	struct page_pool *pool;
	struct xdp_rxq_info xdp_rxq;

	struct netvsc_chan *chan ____cacheline_aligned_in_smp;
	struct netvsc *nv;
	u16 index;
	bool held;

	spinlock_t tx_lock ____cacheline_aligned_in_smp;
	struct netvsc_gso_stats gso;
	atomic_long_t xdp_xmit;
};

/*
 * Device-wide counters of rare events: atomic, because senders on several
 * CPUs, NAPI and process context all write them.
 */
struct netvsc_counters {
	atomic_long_t tx_scattered;
	atomic_long_t tx_no_memory;
	atomic_long_t tx_no_space;
	atomic_long_t tx_too_big;
	atomic_long_t tx_busy;
	atomic_long_t tx_send_full;
	atomic_long_t rx_comp_busy;
	atomic_long_t rx_no_memory;
	atomic_long_t stop_queue;
	atomic_long_t wake_queue;
	atomic_long_t vlan_error;
	/* Ours, appended to the group. */
	atomic_long_t host_malformed;	/* a message that was not understood */
	atomic_long_t host_late;	/* an answer that nobody waits for */
	atomic_long_t host_overdue;	/* an answer that did not come in time */
	atomic_long_t tx_host_error;	/* completions with a failure status */
	atomic_long_t tx_no_conn;	/* dropped during a reconnect */
	atomic_long_t rx_not_running;	/* dropped while eth<n> is down */
	atomic_long_t vf_tx_moved;	/* the VF had it, and did not send it */
};

#define netvsc_count(nv, name)	atomic_long_inc(&(nv)->counters.name)

/* What the host says of the link by itself. */
enum netvsc_link_event {
	NETVSC_LINK_UP,
	NETVSC_LINK_DOWN,
	NETVSC_LINK_CHANGED,	/* went, and is back */
};

/**
 * struct netvsc_link - the link, as the host tells it
 * @duplex: DUPLEX_*, what the user said last. RTNL
 * @lock: guards the rest; innermost, BH off
 * @up: what the host said last
 * @said: by itself, on the connection of now: its answers count less
 * @mbps: what the host or the user said last of its speed; 0: nothing
 * @speed_said: as @said
 * @fell: it was down since somebody looked
 * @held: @fell_at is of importance
 * @fell_at: jiffies when it went or, soon after that, came; from there on it is
 *	shown as down for a while
 * @shown: what whoever looked last was told
 * @tell: the neighbours, as soon as frames can leave
 * @told: jiffies of the last time that the host made us do so; 0: it never has
 */
struct netvsc_link {
	u8 duplex;
	spinlock_t lock; /* all below */
	bool up;
	bool said;
	u32 mbps;
	bool speed_said;
	bool fell;
	bool held;
	unsigned long fell_at;
	bool shown;
	bool tell;
	unsigned long told;
};

enum netvsc_job_state {
	NETVSC_JOB_AWAITED,	/* the asker waits */
	NETVSC_JOB_DONE,	/* the asker takes the result */
	NETVSC_JOB_ABANDONED,	/* nobody waits: bond work takes it */
};

/**
 * struct netvsc_job - conn work: from one connection to the next
 * @work: conn work
 * @late: bond work: takes the result if nobody waits for it
 * @done: for the asker
 * @state: enum netvsc_job_state; who sets it first decides who takes the result
 * @busy: @work or @late has something to do with nv->conn. RTNL
 * @bus: how to reach the host; the KUnit suites bring their own
 * @bus_priv: for @bus
 * @old: to close first, or NULL
 * @build: another one is wanted
 * @want: to try
 * @good: to fall back to
 * @conn: the result, or NULL
 * @err: why @want failed
 *
 * From @old on they are conn work's while it runs, then those of whoever takes
 * the result.
 */
struct netvsc_job {
	struct work_struct work;
	struct work_struct late;
	struct completion done;
	atomic_t state;
	bool busy;
	const struct netvsc_bus_ops *bus;
	void *bus_priv;
	struct netvsc_conn *old;
	bool build;
	struct netvsc_intent want;
	struct netvsc_intent good;
	struct netvsc_conn *conn;
	int err;
};

/**
 * struct netvsc - a synthetic NIC and its bond
 * @tx_vf: the VF that transmits, or NULL: the host acknowledged the VF path
 *	and the VF is up. Writer: RTNL
 * @conn: the connection that transmits, or NULL: RNDIS is up. Writer: RTNL
 * @xdp_prog: that eth<n> was given, or NULL. Writer: RTNL
 * @vf_prog: the same, where frames of the VF have not been through it: its driver
 *	does not run it. Writer: RTNL
 * @vf_stats: per-CPU counters of what went over the VF
 * @send_table: channel to send on, by the lowest bits of a hash: the host's wish.
 *	Written by NAPI; a host that does not say it again means it still
 * @queues: @num_queues of them, of which those are used that have a channel
 * @ndev: eth<n>
 * @hdev: the VMBus device
 * @intent: RTNL
 * @conn_wq: ordered; conn work: connect, disconnect, control requests. Never
 *	takes RTNL, so that an RTNL holder may wait for it
 * @bond_wq: ordered; bond work: the bond's steps and the link. Takes RTNL;
 *	never waited for by an RTNL holder
 * @job: of conn work; one at a time
 * @isolated: the host reads no memory of ours but what it is shown, and there is
 *	no VF: a confidential VM
 * @spare_recv: receive buffer
 * @spare_send: send buffer
 * @spare_ring: of the primary channel, both ways
 * @gone: the device is being removed, or suspended: no job begins. RTNL
 * @probing: the first connection comes without sub-channels. conn work, but for its
 *	beginning
 * @grow_work: conn work: sub-channels for the first connection
 * @grown_work: bond work: and queues for them
 * @retry_work: bond work: the host was silent, and there is no connection, or
 *	none that is of use: once more
 * @rx_mode_work: conn work: brings the packet filter to the host
 * @rx_mode_err: how that went; stable after flush_delayed_work(@rx_mode_work)
 * @rx_mode_pause: jiffies until a filter that the host did not take is tried
 *	again. conn work
 * @link: as the host tells it
 * @link_work: bond work: carrier and peers after what the host said
 * @tso_max: bytes of the longest frame that the host of now cuts, or the last one
 *	did. RTNL
 * @bond: the VF
 * @counters: of rare events
 * @node: in the list of all devices. RTNL
 * @msg_enable: NETIF_MSG_*
 */
struct netvsc {
	struct net_device __rcu *tx_vf;
	struct netvsc_conn __rcu *conn;
	struct bpf_prog __rcu *xdp_prog;
	struct bpf_prog __rcu *vf_prog;
	struct netvsc_vf_stats __percpu *vf_stats;
	u8 send_table[NVSP_INDIRECTION_ENTRIES];
	struct netvsc_queue *queues;
	unsigned int num_queues;

	struct net_device *ndev ____cacheline_aligned_in_smp;
	struct hv_device *hdev;
	struct netvsc_intent intent;
	struct workqueue_struct *conn_wq;
	struct workqueue_struct *bond_wq;
	struct netvsc_job job;
	bool isolated;
	struct netvsc_spare spare_recv;
	struct netvsc_spare spare_send;
	struct netvsc_spare spare_ring;
	bool gone;
	bool probing;
	struct work_struct grow_work;
	struct work_struct grown_work;
	struct delayed_work retry_work;

	struct delayed_work rx_mode_work;
	int rx_mode_err;
	unsigned long rx_mode_pause;
	struct netvsc_link link;
	struct delayed_work link_work;
	u32 tso_max;

	struct netvsc_bond bond;
	struct netvsc_counters counters;
	struct list_head node;
	u32 msg_enable;
};

/* All devices of the driver, for the bond's search for a partner. RTNL. */
extern struct list_head netvsc_devices;

/* main.c */
int netvsc_register(struct netvsc *nv, struct netvsc_conn *conn);
void netvsc_unregister(struct netvsc *nv);
int netvsc_suspend(struct hv_device *hdev);
int netvsc_resume(struct hv_device *hdev);

/* netdev.c */
extern const struct net_device_ops netvsc_netdev_ops;
void netvsc_netdev_init(struct netvsc *nv);
netdev_tx_t netvsc_xmit(struct netvsc *nv, struct sk_buff *skb, u32 flags);
void netvsc_set_tso_max(struct netvsc *nv, const struct netvsc_conn *conn,
			const struct net_device *vf);
void netvsc_set_host_features(struct netvsc *nv,
			      const struct netvsc_conn *conn);
void netvsc_change_host_features(struct netvsc *nv,
				 const struct netvsc_conn *conn);
void netvsc_set_queues(struct netvsc *nv, const struct netvsc_conn *conn);

/* stats.c */
void netvsc_stats_init(struct net_device *ndev);
void netvsc_get_stats64(struct net_device *ndev, struct rtnl_link_stats64 *out);

/* xdp.c */
int netvsc_bpf(struct net_device *ndev, struct netdev_bpf *bpf);
int netvsc_xdp_xmit(struct net_device *ndev, int num,
		    struct xdp_frame **frames, u32 flags);
bool netvsc_xdp_fits(struct netvsc *nv, const struct bpf_prog *prog, u32 mtu);

/* mac.c */
int netvsc_set_mac_address(struct net_device *ndev, void *addr);

/* ethtool.c */
extern const struct ethtool_ops netvsc_ethtool_ops;

static inline bool netvsc_is_ours(const struct net_device *dev)
{
	return dev->netdev_ops == &netvsc_netdev_ops;
}

#endif /* _HV_NETVSC_H */
