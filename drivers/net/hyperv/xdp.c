// SPDX-License-Identifier: GPL-2.0
/*
 * The XDP program of eth<n>, which sees what either side receives: synth/xdp.c
 * runs it on frames of the host, vf/xdp.c hands it to the VF.
 */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/smp.h>
#include <net/xdp.h>

#include "netvsc.h"
#include "synth/tx.h"
#include "synth/xdp.h"
#include "vf/vf.h"

/**
 * netvsc_xdp_fits() - may eth<n> have this MTU with that program?
 * @nv: the device
 * @prog: or NULL
 * @mtu: bytes
 *
 * Return: whether; if not, the log says why.
 */
bool netvsc_xdp_fits(struct netvsc *nv, const struct bpf_prog *prog, u32 mtu)
{
	if (!prog || mtu <= netvsc_xdp_max_mtu(prog))
		return true;
	netdev_err(nv->ndev, "XDP: mtu:%u too large, buf_max:%u\n", mtu,
		   netvsc_xdp_max_mtu(prog));
	return false;
}

/*
 * A program that comes has all that it needs before anybody sees it; what one
 * that goes has needed stays until nobody does.
 */
static void netvsc_xdp_set(struct netvsc *nv, struct bpf_prog *prog)
{
	struct bpf_prog *old = rtnl_dereference(nv->xdp_prog);

	rcu_assign_pointer(nv->xdp_prog, prog);
	/* It sees to large receives of the VF, which go with those of eth<n>. */
	if (prog)
		netvsc_vf_set_xdp(nv);
	if (nv->ndev->reg_state == NETREG_REGISTERED)
		netdev_update_features(nv->ndev);
	if (!prog)
		netvsc_vf_set_xdp(nv);

	if (!old)
		return;
	if (!prog) {
		synchronize_net();
		netvsc_xdp_free(nv);
	}
	bpf_prog_put(old);
}

/**
 * netvsc_bpf() - ndo_bpf: eth<n> gets a program, or loses it
 * @ndev: eth<n>
 * @bpf: if there is a program in it, its reference is ours unless we fail
 *
 * Context: RTNL; may wait for the host. Return: 0 or an errno, with a message
 * for the user.
 */
int netvsc_bpf(struct net_device *ndev, struct netdev_bpf *bpf)
{
	struct netvsc *nv = netdev_priv(ndev);
	int err;

	if (bpf->command != XDP_SETUP_PROG)
		return -EOPNOTSUPP;
	if (!netvsc_xdp_fits(nv, bpf->prog, ndev->mtu)) {
		NL_SET_ERR_MSG_FMT(bpf->extack,
				   "The MTU is too large for a program without frags: %u at most",
				   netvsc_xdp_max_mtu(bpf->prog));
		return -EOPNOTSUPP;
	}
	if (bpf->prog && !rtnl_dereference(nv->xdp_prog)) {
		err = netvsc_xdp_alloc(nv);
		if (err) {
			NL_SET_ERR_MSG(bpf->extack,
				       "No memory for what a program needs");
			return err;
		}
		/*
		 * Nothing orders what a poll reads of the program and of its
		 * queue. So a poll that sees the program shall have begun when
		 * the pool was there.
		 */
		synchronize_net();
	}
	netvsc_xdp_set(nv, bpf->prog);
	return 0;
}

/* By way of an skb. Return: whether there was room for the frame. */
static bool netvsc_xdp_xmit_one(struct net_device *ndev,
				struct xdp_frame *frame, u16 queue, bool more)
{
	struct netvsc *nv = netdev_priv(ndev);
	struct sk_buff *skb = NULL;

	/* Nobody keeps frames for us while the bond holds the queue. */
	if (!netif_xmit_frozen_or_drv_stopped(netdev_get_tx_queue(ndev, queue)) ||
	    READ_ONCE(nv->queues[queue].held))
		skb = xdp_build_skb_from_frame(frame, ndev);
	if (!skb) {
		netvsc_count(nv, tx_no_space);
		xdp_return_frame_rx_napi(frame);
		return false;
	}

	/* It was made to be received. */
	skb_reset_network_header(skb);
	__skb_push(skb, ETH_HLEN);
	skb->pkt_type = PACKET_HOST;
	skb_set_queue_mapping(skb, queue);
	if (!dev_xmit_complete(netvsc_xmit(nv, skb, more ? NETVSC_TX_MORE : 0))) {
		netvsc_count(nv, tx_no_space);
		kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
		return false;
	}
	return true;
}

/**
 * netvsc_xdp_xmit() - ndo_xdp_xmit: programs of other interfaces send here
 * @ndev: eth<n>
 * @num: of frames
 * @frames: ours, unless we fail
 * @flags: XDP_XMIT_*
 *
 * What there is no room for is dropped here.
 *
 * Context: softirq. Return: of how many we have disposed, which is all, or as many
 * as the VF has; or an errno.
 */
int netvsc_xdp_xmit(struct net_device *ndev, int num,
		    struct xdp_frame **frames, u32 flags)
{
	struct netvsc *nv = netdev_priv(ndev);
	int sent, i;
	u16 queue;

	if (flags & ~XDP_XMIT_FLAGS_MASK)
		return -EINVAL;
	if (!netif_running(ndev) || !netif_carrier_ok(ndev))
		return -ENETDOWN;
	sent = netvsc_vf_xdp_xmit(nv, num, frames, flags);
	if (sent >= 0)
		return sent;

	queue = smp_processor_id() % ndev->real_num_tx_queues;
	sent = 0;
	for (i = 0; i < num; i++)
		sent += netvsc_xdp_xmit_one(ndev, frames[i], queue,
					    i + 1 < num);
	if (sent < num)
		netvsc_tx_push_queue(nv, queue);
	atomic_long_add(sent, &nv->queues[queue].xdp_xmit);
	return num;
}
