/* SPDX-License-Identifier: GPL-2.0 */
/* The synthetic NIC: all that the bond may ask of it. */
#ifndef _HV_NETVSC_SYNTH_H
#define _HV_NETVSC_SYNTH_H

#include <linux/types.h>

struct netvsc;
struct netvsc_conn;

/* path.c: process or softirq; none of these waits */
bool netvsc_can_switch_path(struct netvsc *nv);
int netvsc_switch_path(struct netvsc *nv, bool to_vf, u32 seq);
bool netvsc_is_connected(struct netvsc *nv);
void netvsc_complete(struct netvsc *nv, u32 conn_serial, u64 tid);
void netvsc_complete_on(struct netvsc_conn *conn, u32 conn_serial, u64 tid);
bool netvsc_sends_settled(struct netvsc *nv);
void netvsc_hold_sends(struct netvsc *nv);
void netvsc_release_sends(struct netvsc *nv);

/* link.c: RTNL */
void netvsc_link_refresh(struct netvsc *nv);

#endif /* _HV_NETVSC_SYNTH_H */
