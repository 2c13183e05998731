/* SPDX-License-Identifier: GPL-2.0 */
/* The bond: eth<n> and its VF. All that the rest of the driver may tell it. */
#ifndef _HV_NETVSC_VF_H
#define _HV_NETVSC_VF_H

#include <linux/netdevice.h>

struct netvsc;
struct netvsc_conn;
struct xdp_frame;

struct netvsc_vf_totals {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_dropped;
};

/* notifier.c: module load (before the driver) and unload (after it) */
int netvsc_vf_register_notifier(void);
void netvsc_vf_unregister_notifier(void);

/* bond.c */
int netvsc_vf_init(struct netvsc *nv);
void netvsc_vf_exit(struct netvsc *nv);

/* life.c: of one device */
void netvsc_vf_start(struct netvsc *nv);
void netvsc_vf_leave(struct netvsc *nv);
void netvsc_vf_stop(struct netvsc *nv, struct netvsc_conn *conn);
void netvsc_vf_suspend(struct netvsc *nv);
void netvsc_vf_resume(struct netvsc *nv);

/* bond.c: from the synthetic side, RTNL */
void netvsc_vf_conn_up(struct netvsc *nv);

/* life.c: likewise */
void netvsc_vf_conn_down(struct netvsc *nv);
void netvsc_vf_conn_gone(struct netvsc *nv);
void netvsc_vf_stay(struct netvsc *nv, bool stays);

/* host.c: from NAPI */
bool netvsc_vf_host_association(struct netvsc *nv, bool allocated, u32 serial,
				u32 conn_serial, u64 tid, bool owed);
bool netvsc_vf_host_path(struct netvsc *nv, u32 path, u32 conn_serial,
			 u64 tid, bool owed);
void netvsc_vf_switch_done(struct netvsc *nv, u32 seq);

/* host.c: conn work, before the channel opens */
void netvsc_vf_conn_begin(struct netvsc *nv);

/* follow.c: eth<n>'s own settings, handed on to the VF. RTNL */
void netvsc_vf_open(struct netvsc *nv);
void netvsc_vf_close(struct netvsc *nv);
int netvsc_vf_set_mtu(struct netvsc *nv, int mtu);
int netvsc_vf_set_mac(struct netvsc *nv);
void netvsc_vf_set_features(struct netvsc *nv, netdev_features_t features);
void netvsc_vf_sync_flags(struct netvsc *nv);

/* vlan.c: likewise */
void netvsc_vf_add_vid(struct netvsc *nv, __be16 proto, u16 vid);
void netvsc_vf_kill_vid(struct netvsc *nv, __be16 proto, u16 vid);

/* xdp.c: RTNL */
void netvsc_vf_set_xdp(struct netvsc *nv);

/* follow.c: addr_list_lock, BH off: posts; bond work syncs the VF's address lists. */
void netvsc_vf_rx_mode(struct netvsc *nv);

/* datapath.c: RCU, BH off */
netdev_tx_t netvsc_vf_xmit(struct netvsc *nv, struct net_device *vf,
			   struct sk_buff *skb);
void netvsc_vf_get_cpu(const struct netvsc *nv, unsigned int cpu,
		       struct netvsc_vf_totals *sum);
void netvsc_vf_get_totals(const struct netvsc *nv,
			  struct netvsc_vf_totals *sum);

/* xdp.c: RCU, BH off */
int netvsc_vf_xdp_xmit(struct netvsc *nv, int num, struct xdp_frame **frames,
		       u32 flags);

/* bond.c: RCU, BH off */
void netvsc_vf_lost(struct netvsc *nv);

/* A VF is set down, loses its carrier, or is detached without a word. */
static inline bool netvsc_vf_can_send(const struct net_device *vf)
{
	return netif_running(vf) && netif_device_present(vf) &&
	       netif_carrier_ok(vf);
}

#endif /* _HV_NETVSC_VF_H */
