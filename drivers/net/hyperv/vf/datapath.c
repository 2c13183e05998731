// SPDX-License-Identifier: GPL-2.0
/* Frames over the VF. */
#include <linux/bpf.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <net/sch_generic.h>
#include <net/sock.h>

#include "../netvsc.h"
#include "vf.h"

/*
 * The VF's fq takes every time for one of CLOCK_MONOTONIC, and drops what seems
 * to be years away. A frame of another clock is eth<n>'s own qdisc's affair, if
 * it has one, and has left it in its time.
 */
static bool netvsc_vf_time_is_past(const struct sk_buff *skb)
{
	const struct netdev_queue *txq = skb_get_tx_queue(skb->dev, skb);
	const struct sock *sk = skb->sk;

	return sk_fullsock(sk) && sock_flag(sk, SOCK_TXTIME) &&
	       sk->sk_clockid != CLOCK_MONOTONIC &&
	       rcu_dereference_bh(txq->qdisc)->enqueue;
}

static void netvsc_vf_forget_time(struct sk_buff *skb)
{
	/* When a frame was received that goes on: likewise. */
	if (!skb->sk)
		skb_clear_tstamp(skb);
	else if (netvsc_vf_time_is_past(skb))
		skb_set_delivery_time(skb, 0, 0);
}

/**
 * netvsc_vf_xmit() - send a frame over the VF
 * @nv: the device
 * @vf: nv->tx_vf
 * @skb: not ours any more
 *
 * Context: RCU, BH off. Return: what the VF's queue said.
 */
netdev_tx_t netvsc_vf_xmit(struct netvsc *nv, struct net_device *vf,
			   struct sk_buff *skb)
{
	struct netvsc_vf_stats *stats = this_cpu_ptr(nv->vf_stats);
	unsigned int len = skb->len;
	int ret;

	if (skb->tstamp)
		netvsc_vf_forget_time(skb);
	skb->dev = vf;
	/*
	 * The VF has queues of its own, and picks one by the flow. Any other
	 * number than 0 it might take for the queue that received the frame.
	 */
	skb_set_queue_mapping(skb, 0);
	ret = dev_queue_xmit(skb);

	u64_stats_update_begin(&stats->syncp);
	if (likely(ret == NET_XMIT_SUCCESS || ret == NET_XMIT_CN)) {
		u64_stats_inc(&stats->tx_packets);
		u64_stats_add(&stats->tx_bytes, len);
	} else {
		u64_stats_inc(&stats->tx_dropped);
	}
	u64_stats_update_end(&stats->syncp);
	/* The frame is gone either way, and its sender learns of a drop. */
	return ret;
}

/* Programs for frames: the stack WARNs of a queue of the VF that eth<n> has not. */
static void netvsc_vf_fit_queue(struct sk_buff *skb)
{
	if (skb_rx_queue_recorded(skb) &&
	    skb_get_rx_queue(skb) >= READ_ONCE(skb->dev->real_num_rx_queues))
		skb_record_rx_queue(skb, 0);
}

/*
 * eth<n> runs the program where the VF's driver does not. Return: whether the
 * frame goes on; else it is the program's.
 */
static bool netvsc_vf_passes(struct sk_buff **pskb, struct bpf_prog *prog)
{
	return do_xdp_generic(prog, pskb) == XDP_PASS;
}

/**
 * netvsc_vf_receive() - a frame that the VF received is eth<n>'s
 * @pskb: the frame
 *
 * Context: softirq of the VF, RCU.
 */
rx_handler_result_t netvsc_vf_receive(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);
	struct net_device *ndev;
	struct netvsc_vf_stats *stats;
	struct bpf_prog *prog;
	struct netvsc *nv;

	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;

	ndev = rcu_dereference(skb->dev->rx_handler_data);
	nv = netdev_priv(ndev);
	if (unlikely(!netif_running(ndev))) {
		netvsc_count(nv, rx_not_running);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return RX_HANDLER_CONSUMED;
	}

	skb->dev = ndev;
	stats = this_cpu_ptr(nv->vf_stats);
	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->rx_packets);
	u64_stats_add(&stats->rx_bytes, skb->len);
	u64_stats_update_end(&stats->syncp);

	prog = rcu_dereference(nv->vf_prog);
	if (unlikely(prog || rcu_access_pointer(ndev->xdp_prog)))
		netvsc_vf_fit_queue(skb);
	if (unlikely(prog) && !netvsc_vf_passes(pskb, prog))
		return RX_HANDLER_CONSUMED;
	return RX_HANDLER_ANOTHER;
}

/* So long a queue may be stopped for want of room on its ring. */
#define NETVSC_VF_STOPPED	(2 * HZ)

/**
 * netvsc_vf_stuck() - find out whether the VF does not send any more
 * @vf: the VF
 *
 * A driver whose hardware hangs leaves a queue stopped. That of one that is
 * busy moves on all the time.
 *
 * Context: RCU or RTNL. Return: whether it is stuck.
 */
bool netvsc_vf_stuck(const struct net_device *vf)
{
	unsigned int i;

	for (i = 0; i < vf->real_num_tx_queues; i++) {
		const struct netdev_queue *txq = netdev_get_tx_queue(vf, i);

		if (netif_xmit_stopped(txq) &&
		    time_after(jiffies, READ_ONCE(txq->trans_start) +
			       NETVSC_VF_STOPPED))
			return true;
	}
	return false;
}

/**
 * netvsc_vf_get_cpu() - the counters of one CPU
 * @nv: the device
 * @cpu: a possible one
 * @sum: overwritten
 */
void netvsc_vf_get_cpu(const struct netvsc *nv, unsigned int cpu,
		       struct netvsc_vf_totals *sum)
{
	const struct netvsc_vf_stats *stats = per_cpu_ptr(nv->vf_stats, cpu);
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		sum->rx_packets = u64_stats_read(&stats->rx_packets);
		sum->rx_bytes = u64_stats_read(&stats->rx_bytes);
		sum->tx_packets = u64_stats_read(&stats->tx_packets);
		sum->tx_bytes = u64_stats_read(&stats->tx_bytes);
		sum->tx_dropped = u64_stats_read(&stats->tx_dropped);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
}

/**
 * netvsc_vf_get_totals() - sum of the per-CPU counters
 * @nv: the device
 * @sum: overwritten
 */
void netvsc_vf_get_totals(const struct netvsc *nv,
			  struct netvsc_vf_totals *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		struct netvsc_vf_totals part;

		netvsc_vf_get_cpu(nv, cpu, &part);
		sum->rx_packets += part.rx_packets;
		sum->rx_bytes += part.rx_bytes;
		sum->tx_packets += part.tx_packets;
		sum->tx_bytes += part.tx_bytes;
		sum->tx_dropped += part.tx_dropped;
	}
}
