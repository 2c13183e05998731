/* SPDX-License-Identifier: GPL-2.0 */
/* Sending: frames to the host, and what it says when it is done with them. */
#ifndef _HV_NETVSC_TX_H
#define _HV_NETVSC_TX_H

#include <linux/netdevice.h>
#include <linux/types.h>

struct netvsc_chan;
struct netvsc_conn;
struct netvsc_polled;
struct netvsc_queue;
struct rndis_info;

netdev_tx_t netvsc_tx(struct netvsc_conn *conn, struct netvsc_queue *queue,
		      struct sk_buff *skb, bool stops);
bool netvsc_tx_idle(struct netvsc_conn *conn);

/* What the host wants otherwise in the headers of a frame that it cuts. */
struct netvsc_tx_undo {
	__be16 len;		/* of the IP packet */
	__sum16 ip_check;	/* IPv4 only */
	__sum16 tcp_check;
};

/* offload.c */
int netvsc_tx_inform(const struct netvsc_conn *conn, struct sk_buff *skb,
		     struct rndis_info *info, struct netvsc_tx_undo *undo);
void netvsc_tx_restore(struct sk_buff *skb, const struct rndis_info *info,
		       const struct netvsc_tx_undo *undo);

int netvsc_tx_ring_init(struct netvsc_chan *chan);
void netvsc_tx_ring_free(struct netvsc_chan *chan);
void netvsc_tx_drop_all(struct netvsc_chan *chan);

/* NAPI */
void netvsc_tx_complete(struct netvsc_chan *chan, u64 tid, const void *msg,
			u32 len, int budget, struct netvsc_polled *polled);
void netvsc_tx_wake(struct netvsc_chan *chan);

#endif /* _HV_NETVSC_TX_H */
