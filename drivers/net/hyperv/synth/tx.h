/* SPDX-License-Identifier: GPL-2.0 */
/* Sending: frames to the host, and what it says when it is done with them. */
#ifndef _HV_NETVSC_TX_H
#define _HV_NETVSC_TX_H

#include <linux/bits.h>
#include <linux/netdevice.h>
#include <linux/types.h>

struct netvsc;
struct netvsc_caps;
struct netvsc_chan;
struct netvsc_conn;
struct netvsc_queue;
struct rndis_info;

#define NETVSC_TX_STACK		BIT(0)	/* its queue stops, and BQL counts */
#define NETVSC_TX_MORE		BIT(1)	/* another one follows at once */

netdev_tx_t netvsc_tx(struct netvsc_conn *conn, struct netvsc_queue *queue,
		      struct sk_buff *skb, u32 flags);
void netvsc_tx_push(struct netvsc_chan *chan);
void netvsc_tx_push_queue(struct netvsc *nv, u16 index);
void netvsc_tx_push_all(struct netvsc_conn *conn);
bool netvsc_tx_settled(struct netvsc_conn *conn);

/* What the host wants otherwise in the headers of a frame that it cuts. */
struct netvsc_tx_undo {
	__be16 len;		/* of the IP packet */
	__sum16 ip_check;	/* IPv4 only */
	__sum16 tcp_check;
};

/* offload.c */
bool netvsc_tx_can_cut(const struct netvsc_caps *caps,
		       const struct sk_buff *skb);
int netvsc_tx_inform(const struct netvsc_conn *conn, struct sk_buff *skb,
		     struct rndis_info *info, struct netvsc_tx_undo *undo);
void netvsc_tx_restore(struct sk_buff *skb, const struct rndis_info *info,
		       const struct netvsc_tx_undo *undo);

#endif /* _HV_NETVSC_TX_H */
