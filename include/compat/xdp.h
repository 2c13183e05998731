/* SPDX-License-Identifier: GPL-2.0 */
/* XDP, as newer kernels have it. */
#ifndef _HV_NETVSC_COMPAT_XDP_H
#define _HV_NETVSC_COMPAT_XDP_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

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

#ifndef HAVE_PAGE_POOL_NETDEV
#define netvsc_set_pool_netdev(params, dev)	((void)(params), (void)(dev))
#endif

#ifndef HAVE_SKB_FRAG_FILL
static inline void skb_frag_fill_page_desc(skb_frag_t *frag, struct page *page,
					   int off, int size)
{
	__skb_frag_set_page(frag, page);
	skb_frag_off_set(frag, off);
	skb_frag_size_set(frag, size);
}
#endif

#endif /* _HV_NETVSC_COMPAT_XDP_H */
