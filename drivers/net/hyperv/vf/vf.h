/* SPDX-License-Identifier: GPL-2.0 */
/* The bond: eth<n> and its VF. What the rest of the driver may ask of it. */
#ifndef _HV_NETVSC_VF_H
#define _HV_NETVSC_VF_H

#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/u64_stats_sync.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "state.h"

struct netvsc;
struct netvsc_conn;

/* Per-CPU counters of what went over the VF. Writers have BH off. */
struct netvsc_vf_stats {
	struct u64_stats_sync syncp;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t tx_dropped;
};

struct netvsc_vf_totals {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_dropped;
};

/* Messages of the host that wait for a completion of ours. */
#define NETVSC_VF_OWED		8

/**
 * struct netvsc_vf_inbox - what happened since B looked last
 * @changed: something below is news, or the VF is to be looked at again
 * @assoc_news: the host said something of the association
 * @allocated: the host has a VF for us; survives B's look
 * @serial: of that VF; survives B's look
 * @host_switched: the host took the data path back
 * @acked: the host answered a switch
 * @ack_seq: which
 * @owed: completions that the host waits for, by connection and id
 * @num_owed: of them
 */
struct netvsc_vf_inbox {
	bool changed;
	bool assoc_news;
	bool allocated;
	u32 serial;
	bool host_switched;
	bool acked;
	u32 ack_seq;
	struct {
		u32 conn_serial;
		u64 tid;
	} owed[NETVSC_VF_OWED];
	unsigned int num_owed;
};

/**
 * struct netvsc_bond - the VF of a netvsc
 * @vf: joined, with @vf_tracker as our reference. RTNL
 * @vf_serial: the name of its slot
 * @vf_wanted: its wanted_features before we joined
 * @took_over: it has been brought to what eth<n> is, and follows
 * @took_flags: IFF_PROMISC, IFF_ALLMULTI: those that we set on it
 * @assoc_serial: what was logged last of the association
 * @state: the state machine. RTNL
 * @lock: guards @inbox; innermost, BH off
 * @inbox: from NAPI and notifiers to B
 * @wait: GOING_DOWN waits here for the host's answer
 * @work: B: takes the inbox and steps the machine
 * @ack_work: B: the host's answer is overdue
 * @ack_armed: the seq that @ack_work is for. RTNL
 * @hold_work: B: the hold-off is over
 * @takeover_work: B: bring the VF to what eth<n> is
 * @missing_work: B: an association without a VF
 * @started: B may run; set at registration, cleared by remove. RTNL
 */
struct netvsc_bond {
	struct net_device *vf;
	netdevice_tracker vf_tracker;
	u32 vf_serial;
	netdev_features_t vf_wanted;
	bool took_over;
	unsigned int took_flags;
	u32 assoc_serial;
	struct netvsc_vf_state state;
	spinlock_t lock; /* inbox */
	struct netvsc_vf_inbox inbox;
	wait_queue_head_t wait;
	struct work_struct work;
	struct delayed_work ack_work;
	u32 ack_armed;
	struct delayed_work hold_work;
	struct delayed_work takeover_work;
	struct delayed_work missing_work;
	bool started;
};

/* notifier.c: module load (before the driver) and unload (after it) */
int netvsc_vf_register_notifier(void);
void netvsc_vf_unregister_notifier(void);

/* bond.c: the life of one device */
int netvsc_vf_init(struct netvsc *nv);
void netvsc_vf_exit(struct netvsc *nv);
void netvsc_vf_start(struct netvsc *nv);
void netvsc_vf_leave(struct netvsc *nv);
void netvsc_vf_stop(struct netvsc *nv, struct netvsc_conn *conn);

/* bond.c: from the synthetic side, RTNL */
void netvsc_vf_conn_up(struct netvsc *nv);
void netvsc_vf_conn_down(struct netvsc *nv);

/* bond.c: what the host said, from NAPI */
bool netvsc_vf_host_association(struct netvsc *nv, bool allocated, u32 serial,
				u32 conn_serial, u64 tid, bool owed);
bool netvsc_vf_host_path(struct netvsc *nv, u32 path, u32 conn_serial,
			 u64 tid, bool owed);
void netvsc_vf_switch_done(struct netvsc *nv, u32 seq);

/* bond.c, for notifier.c: RTNL */
void netvsc_vf_post(struct netvsc *nv);
void netvsc_vf_going_down(struct netvsc *nv);
void netvsc_vf_joined(struct netvsc *nv, bool joined);

/* notifier.c, for bond.c: RTNL */
void netvsc_vf_scan(struct netvsc *nv);
void netvsc_vf_unjoin(struct netvsc *nv);

/* follow.c: eth<n>'s own settings, handed on to the VF. RTNL */
void netvsc_vf_takeover(struct netvsc *nv);
void netvsc_vf_release(struct netvsc *nv, struct net_device *vf);
void netvsc_vf_open(struct netvsc *nv);
void netvsc_vf_close(struct netvsc *nv);
int netvsc_vf_set_mtu(struct netvsc *nv, int mtu);
void netvsc_vf_set_features(struct netvsc *nv, netdev_features_t features);
void netvsc_vf_sync_addrs(struct netvsc *nv);
void netvsc_vf_sync_flags(struct netvsc *nv);

/* addr_list_lock, BH off: posts; B syncs the VF's address lists. */
void netvsc_vf_rx_mode(struct netvsc *nv);

/* datapath.c */
netdev_tx_t netvsc_vf_xmit(struct netvsc *nv, struct net_device *vf,
			   struct sk_buff *skb);
rx_handler_result_t netvsc_vf_receive(struct sk_buff **pskb);
void netvsc_vf_drain(struct net_device *vf);
void netvsc_vf_get_cpu(const struct netvsc *nv, unsigned int cpu,
		       struct netvsc_vf_totals *sum);
void netvsc_vf_get_totals(const struct netvsc *nv,
			  struct netvsc_vf_totals *sum);

#endif /* _HV_NETVSC_VF_H */
