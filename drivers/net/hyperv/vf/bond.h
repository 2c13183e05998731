/* SPDX-License-Identifier: GPL-2.0 */
/* The bond, as its own files see it. */
#ifndef _HV_NETVSC_VF_BOND_H
#define _HV_NETVSC_VF_BOND_H

#include <linux/bitops.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/ratelimit_types.h>
#include <linux/u64_stats_sync.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "inbox.h"
#include "state.h"

struct bpf_prog;
struct dentry;
struct netvsc;

/* Per-CPU counters of what went over the VF. Writers have BH off. */
struct netvsc_vf_stats {
	struct u64_stats_sync syncp;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t tx_dropped;
};

/* netvsc_bond.flags */
enum netvsc_vf_flag {
	NETVSC_VF_SCAN,		/* bond work has to look for a VF */
	NETVSC_VF_LOST,		/* a sender has found the VF unable to send */
};

/* 802.1Q and 802.1ad */
#define NETVSC_VF_PROTOS	2

/**
 * struct netvsc_vf_vids - VLANs, by protocol and number
 * @ours: of eth<n>
 * @taken: those of them that the VF was given
 * @missed: it was detached when it was to be given some
 */
struct netvsc_vf_vids {
	unsigned long ours[NETVSC_VF_PROTOS][BITS_TO_LONGS(VLAN_N_VID)];
	unsigned long taken[NETVSC_VF_PROTOS][BITS_TO_LONGS(VLAN_N_VID)];
	bool missed;
};

/**
 * struct netvsc_bond - the VF of a netvsc
 * @vf: joined, with @vf_tracker as our reference. RTNL
 * @vf_serial: the name of its slot
 * @vf_wanted: its wanted_features before we joined
 * @vf_mac: its MAC address before it was taken over
 * @other_mac: it does not take that of eth<n>
 * @mtu_err: it could not be given the MTU of eth<n> when it came
 * @open_err: it could not be set up, though it was not detached
 * @took_over: it has been brought to what eth<n> is, and follows
 * @took_flags: IFF_PROMISC, IFF_ALLMULTI: those that we set on it
 * @vf_prog: the XDP program that its driver runs for us, with a reference that
 *	is its own
 * @vf_off: features that it does without because of a program
 * @assoc_serial: what was logged last of the association
 * @by_mac: serials are not looked at: the one announced has not come
 * @small_mtu: it was logged that the VF's MTU is too small. RTNL
 * @said: where the path went; a host can move it all the time. RTNL
 * @unsent: it was logged that a switch could not be sent. RTNL
 * @suspended: eth<n> is. RTNL
 * @stays: the path does, whatever a sender finds: the connection is about to go
 * @to_open: the VF was detached when eth<n> went up. RTNL
 * @state: the state machine. RTNL
 * @inbox: from NAPI, senders and notifiers to bond work
 * @flags: enum netvsc_vf_flag
 * @wait: GOING_DOWN waits here for the host's answer
 * @work: bond work: takes the inbox and steps the machine
 * @tick: the same, when something comes due
 * @watch: looks at the VF now and then. Takes no RTNL, nor waits for who has it
 * @burst_end: jiffies; until then @runs counts
 * @runs: of @work within a second
 * @takeover_work: bond work: bring the VF to what eth<n> is
 * @takeover_pause: to its next run, if the VF could not take all of that
 * @started: bond work may run; set at registration, cleared by remove. RTNL
 * @debugfs: hv_netvsc/<guid>
 * @vids: the VLANs of both. RTNL
 */
struct netvsc_bond {
	struct net_device *vf;
	netdevice_tracker vf_tracker;
	u32 vf_serial;
	netdev_features_t vf_wanted;
	u8 vf_mac[ETH_ALEN];
	bool other_mac;
	bool mtu_err;
	bool open_err;
	bool took_over;
	unsigned int took_flags;
	struct bpf_prog *vf_prog;
	netdev_features_t vf_off;
	u32 assoc_serial;
	bool by_mac;
	bool small_mtu;
	struct ratelimit_state said;
	bool unsent;
	bool suspended;
	bool stays;
	bool to_open;
	struct netvsc_vf_state state;
	struct netvsc_vf_inbox inbox;
	unsigned long flags;
	wait_queue_head_t wait;
	struct delayed_work work;
	struct delayed_work tick;
	struct delayed_work watch;
	unsigned long burst_end;
	unsigned int runs;
	struct delayed_work takeover_work;
	unsigned long takeover_pause;
	bool started;
	struct dentry *debugfs;
	struct netvsc_vf_vids vids;
};

/* bond.c: any context but hard irq */
void netvsc_vf_post(struct netvsc *nv);
void netvsc_vf_post_scan(struct netvsc *nv);

/* bond.c: RTNL */
void netvsc_vf_seek(struct netvsc *nv);
void netvsc_vf_now(struct netvsc *nv);
void netvsc_vf_sample(struct netvsc *nv);
void netvsc_vf_event(struct netvsc *nv, enum netvsc_vf_event event, u32 arg);
void netvsc_vf_arm(struct netvsc *nv);
void netvsc_vf_joined(struct netvsc *nv, bool joined);
void netvsc_vf_renewed(struct netvsc *nv);

/*
 * A sender has asked for the path back, and bond work has not heard of that: the
 * host may have left the VF, whatever has become of it.
 */
static inline bool netvsc_vf_is_left(const struct netvsc_bond *bond)
{
	return netvsc_vf_inbox_has(&bond->inbox, NETVSC_VF_ASKED);
}

/* vlan.c: RTNL */
void netvsc_vf_take_vids(struct netvsc *nv);
void netvsc_vf_sync_vids(struct netvsc *nv);
void netvsc_vf_give_vids(struct netvsc *nv, struct net_device *vf);

/* drain.c */
void netvsc_vf_settle(struct netvsc *nv);
void netvsc_vf_move_stranded(struct netvsc *nv);
void netvsc_vf_going_down(struct netvsc *nv);

/* notifier.c: RTNL */
void netvsc_vf_scan(struct netvsc *nv);
void netvsc_vf_follow_netns(struct netvsc *nv);
void netvsc_vf_unjoin(struct netvsc *nv);

/* user.c: RTNL */
int netvsc_vf_user_init(void);
void netvsc_vf_user_exit(void);
void netvsc_vf_user_had(const struct netvsc *nv, const struct net_device *vf);
int netvsc_vf_user_sets_mac(const struct netvsc *nv,
			    struct netdev_notifier_pre_changeaddr_info *info);

/* follow.c: RTNL, without the VF's lock */
void netvsc_vf_takeover(struct netvsc *nv);
void netvsc_vf_catch_up(struct netvsc *nv);
void netvsc_vf_reopen(struct netvsc *nv);
void netvsc_vf_release(struct netvsc *nv, struct net_device *vf);
void netvsc_vf_sync_addrs(struct netvsc *nv);

/* xdp.c: RTNL */
void netvsc_vf_unset_xdp(struct netvsc *nv, struct net_device *vf);
void netvsc_vf_leave_xdp(struct netvsc *nv, struct net_device *vf);

/* datapath.c */
rx_handler_result_t netvsc_vf_receive(struct sk_buff **pskb);
bool netvsc_vf_stuck(const struct net_device *vf);

/* report.c */
void netvsc_vf_report_init(void);
void netvsc_vf_report_exit(void);
void netvsc_vf_report_start(struct netvsc *nv);
void netvsc_vf_report_stop(struct netvsc *nv);
void netvsc_vf_report_association(struct netvsc *nv, bool allocated,
				  u32 serial);
void netvsc_vf_report_step(struct netvsc *nv, u32 actions);

#endif /* _HV_NETVSC_VF_BOND_H */
