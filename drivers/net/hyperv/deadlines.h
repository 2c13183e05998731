/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long the driver waits for what. Every wait of ours has a name here, but
 * for those of the bond's machine (vf/state.h), which knows no jiffies.
 */
#ifndef _HV_NETVSC_DEADLINES_H
#define _HV_NETVSC_DEADLINES_H

#include <linux/jiffies.h>

/* An answer to one NVSP step or one RNDIS request. Nothing is held. */
#define NETVSC_NVSP_STEP	(5 * HZ)
#define NETVSC_RNDIS_REQ	(5 * HZ)

/* From the end of probe to the bus' directory of channels. */
#define NETVSC_CHANNELS_DIR	HZ

/*
 * From the host's answer that sub-channels come to the last of them. If the host is
 * silent on the opening of one, netvsc_subchans_end() waits for that without a
 * deadline: the bus owns ring and channel until the host answers, or takes the
 * channel back, and would write to what we free. RTNL is not held for longer than
 * NETVSC_CONN_RTNL; but remove, suspend and the next connection wait.
 */
#define NETVSC_SUBCHAN		(5 * HZ)

/* A reconnect, as long as the RTNL holder who asked for it waits. */
#define NETVSC_CONN_RTNL	(10 * HZ)

/* No connection could be had, not even the last good one: from then to a try. */
#define NETVSC_CONN_RETRY	(5 * HZ)

/* A packet filter that the host did not take; doubled each time. */
#define NETVSC_FILTER_RETRY_MIN	HZ
#define NETVSC_FILTER_RETRY_MAX	(60 * HZ)

/* A link that was down is shown as down for as long as this, then as up. */
#define NETVSC_LINK_BLINK	(2 * HZ)

/* From a carrier to the neighbours: linkwatch lets frames pass by then. */
#define NETVSC_LINK_TELL	(HZ / 10)

/* The host's answer to a switch, in GOING_DOWN: RTNL, maybe the VF's lock. */
#define NETVSC_SWITCH_ACK_NOTIFY	HZ

/* The VF's queues and rings run empty; then its NAPI hands up the rest. */
#define NETVSC_VF_DRAIN		msecs_to_jiffies(100)
#define NETVSC_RX_GRACE		msecs_to_jiffies(10)

/* Synthetic sends in flight come back before the first VF send of a flow. */
#define NETVSC_TX_SETTLE	msecs_to_jiffies(50)

/*
 * Frames are in flight, and so often in a row nobody has seen one completed: the
 * channel is stuck. A guest that was paused for long sees that once.
 */
#define NETVSC_TX_WATCH		(15 * HZ)
#define NETVSC_TX_WATCHES	4

/* The synthetic rings run empty before a close. */
#define NETVSC_QUIESCE		(2 * HZ)

/* From join to the first touch of the VF: udev renames it first. */
#define NETVSC_TAKEOVER		msecs_to_jiffies(100)

/* What the VF could not take then; doubled each time. */
#define NETVSC_TAKEOVER_RETRY_MIN	HZ
#define NETVSC_TAKEOVER_RETRY_MAX	(60 * HZ)

/* How often a wait of ours looks whether the channel was rescinded. */
#define NETVSC_RESCIND_POLL	msecs_to_jiffies(100)

#endif /* _HV_NETVSC_DEADLINES_H */
