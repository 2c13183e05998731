/* SPDX-License-Identifier: GPL-2.0 */
/* Receive segment coalescing: frames that come in fragments. NAPI only. */
#ifndef _HV_NETVSC_RSC_H
#define _HV_NETVSC_RSC_H

#include <linux/mm_types_task.h>
#include <linux/types.h>

#include "rndis_msg.h"

struct napi_struct;
struct sk_buff;

/**
 * struct netvsc_rsc - a frame that is being put together
 * @skb: what there is of it; NULL: no fragment is awaited, or the frame is lost
 * @info: of the first fragment, which is the frame's
 * @len: bytes of @skb, with those that are not attached yet
 * @lost: its other fragments are not looked at
 * @frag: from here fragments get their memory
 * @attached: what lies in @frag from here on is not in @skb yet
 */
struct netvsc_rsc {
	struct sk_buff *skb;
	struct rndis_info info;
	u32 len;
	bool lost;
	struct page_frag frag;
	u32 attached;
};

/* Is there a frame of which the last fragment has not come? */
static inline bool netvsc_rsc_begun(const struct netvsc_rsc *rsc)
{
	return rsc->skb || rsc->lost;
}

int netvsc_rsc_add(struct netvsc_rsc *rsc, struct napi_struct *napi,
		   const void *data, u32 len, const struct rndis_info *info);
struct sk_buff *netvsc_rsc_take(struct netvsc_rsc *rsc);
void netvsc_rsc_lose(struct netvsc_rsc *rsc);
u32 netvsc_rsc_abandon(struct netvsc_rsc *rsc);
void netvsc_rsc_free(struct netvsc_rsc *rsc);

void netvsc_rsc_set_gso(struct sk_buff *skb, u32 mtu);

#endif /* _HV_NETVSC_RSC_H */
