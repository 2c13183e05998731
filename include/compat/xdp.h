/* SPDX-License-Identifier: GPL-2.0 */
/* XDP, as newer kernels have it. For compat.h only. */
#ifndef _HV_NETVSC_COMPAT_XDP_H
#define _HV_NETVSC_COMPAT_XDP_H

#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/xdp.h>

/* The skb may be another one afterwards. */
#ifndef HAVE_GENERIC_XDP_PSKB
#define do_xdp_generic(prog, pskb)	do_xdp_generic(prog, *(pskb))
#endif

#ifndef HAVE_XDP_PROPAGATE
static inline int dev_xdp_propagate(struct net_device *dev,
				    struct netdev_bpf *bpf)
{
	const struct net_device_ops *ops = dev->netdev_ops;

	return ops->ndo_bpf ? ops->ndo_bpf(dev, bpf) : -EOPNOTSUPP;
}
#endif

#ifndef HAVE_XDP_WARN_OF_PROG
static inline void netvsc_compat_warn_of_action(const struct net_device *dev,
						const struct bpf_prog *prog,
						u32 act)
{
	bpf_warn_invalid_xdp_action(act);
}

#define bpf_warn_invalid_xdp_action	netvsc_compat_warn_of_action
#endif

#ifndef HAVE_XDP_REG_NAPI
#define xdp_rxq_info_reg(rxq, dev, queue, napi)				\
	((void)(napi), xdp_rxq_info_reg(rxq, dev, queue))
#endif

/* Nobody could ask what a device can do. */
#ifndef HAVE_XDP_FEATURES
enum {
	NETDEV_XDP_ACT_BASIC,
	NETDEV_XDP_ACT_REDIRECT,
	NETDEV_XDP_ACT_NDO_XMIT,
	NETDEV_XDP_ACT_RX_SG,
	NETDEV_XDP_ACT_NDO_XMIT_SG,
};

static inline void xdp_set_features_flag(struct net_device *dev, u32 features)
{
}
#endif

#ifndef HAVE_XDP_INIT_BUFF
static inline void xdp_init_buff(struct xdp_buff *xdp, u32 frame_sz,
				 struct xdp_rxq_info *rxq)
{
	xdp->frame_sz = frame_sz;
	xdp->rxq = rxq;
}

static inline void xdp_prepare_buff(struct xdp_buff *xdp, void *start,
				    int headroom, int len, bool meta)
{
	xdp->data_hard_start = start;
	xdp->data = start + headroom;
	xdp->data_end = xdp->data + len;
	/* One beyond the data: programs may not have any. */
	xdp->data_meta = meta ? xdp->data : xdp->data + 1;
}
#endif

/*
 * A frame is in one page: a program that can do with more cannot say so, and the
 * driver puts none of these together. Of an offloaded program it never hears.
 */
#ifndef HAVE_XDP_FRAGS
#define xdp_has_frags			offload_requested
#define xdp_frags_size			tskey

static inline bool xdp_buff_has_frags(struct xdp_buff *xdp)
{
	return false;
}

static inline void xdp_buff_set_frags_flag(struct xdp_buff *xdp)
{
}

/*
 * Who sends frames for others freed those that he could not send, and nobody knew
 * which. Such frames are sent as skbs.
 */
static inline bool xdp_frame_has_frags(struct xdp_frame *frame)
{
#ifdef HAVE_REDIRECT_MAP_TYPE
	return false;
#else
	return true;
#endif
}

static inline unsigned int xdp_get_buff_len(struct xdp_buff *xdp)
{
	return xdp->data_end - xdp->data;
}

static inline unsigned int xdp_get_frame_len(struct xdp_frame *frame)
{
	return frame->len;
}
#endif

#ifndef HAVE_XDP_BUILD_SKB
static inline struct sk_buff *
xdp_build_skb_from_frame(struct xdp_frame *frame, struct net_device *dev)
{
	u32 headroom = sizeof(*frame) + frame->headroom;
	struct sk_buff *skb;

	skb = build_skb(frame->data - headroom, frame->frame_sz);
	if (!skb)
		return NULL;

	skb_reserve(skb, headroom);
	__skb_put(skb, frame->len);
	if (frame->metasize)
		skb_metadata_set(skb, frame->metasize);
	skb->protocol = eth_type_trans(skb, dev);
	/* Its page is the skb's from here on, not that of whoever received it. */
	xdp_release_frame(frame);
	xdp_scrub_frame(frame);
	return skb;
}
#endif

#endif /* _HV_NETVSC_COMPAT_XDP_H */
