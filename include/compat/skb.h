/* SPDX-License-Identifier: GPL-2.0 */
/* Socket buffers, as newer kernels have them. For compat.h only. */
#ifndef _HV_NETVSC_COMPAT_SKB_H
#define _HV_NETVSC_COMPAT_SKB_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

/* Nobody is told why a frame was dropped, or not in such detail. */
#ifndef HAVE_DROP_REASON
enum skb_drop_reason {
	SKB_DROP_REASON_NOT_SPECIFIED,
};
#endif
#ifndef HAVE_DROP_REASONS_OF_DEVICES
#define SKB_DROP_REASON_NOMEM		SKB_DROP_REASON_NOT_SPECIFIED
#define SKB_DROP_REASON_DEV_HDR		SKB_DROP_REASON_NOT_SPECIFIED
#define SKB_DROP_REASON_DEV_READY	SKB_DROP_REASON_NOT_SPECIFIED
#define SKB_DROP_REASON_FULL_RING	SKB_DROP_REASON_NOT_SPECIFIED
#endif
#ifndef HAVE_DROP_REASON_TOO_BIG
#define SKB_DROP_REASON_PKT_TOO_BIG	SKB_DROP_REASON_NOT_SPECIFIED
#endif

#ifndef HAVE_KFREE_SKB_REASON
static inline void kfree_skb_reason(struct sk_buff *skb,
				    enum skb_drop_reason reason)
{
	kfree_skb(skb);
}
#endif

#ifndef HAVE_SKB_ANY_REASON
static inline void dev_kfree_skb_any_reason(struct sk_buff *skb,
					    enum skb_drop_reason reason)
{
	dev_kfree_skb_any(skb);
}
#endif

#ifndef HAVE_DELIVERY_TIME
static inline void skb_clear_tstamp(struct sk_buff *skb)
{
	skb->tstamp = 0;
}

/* Of which clock a time is, nobody asks. */
static inline void skb_set_delivery_time(struct sk_buff *skb, ktime_t time,
					 int clock)
{
	skb->tstamp = time;
}
#endif

#ifndef HAVE_NAPI_BUILD_SKB
#define napi_build_skb			build_skb
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

#endif /* _HV_NETVSC_COMPAT_SKB_H */
