/* SPDX-License-Identifier: GPL-2.0 */
/* XDP: a program looks at what the host transfers before the stack does. */
#ifndef _HV_NETVSC_XDP_H
#define _HV_NETVSC_XDP_H

#include <linux/types.h>

struct bpf_prog;
struct netvsc;
struct netvsc_chan;
struct netvsc_polled;
struct rndis_info;
struct sk_buff;

/* RTNL, while there is no program */
int netvsc_xdp_alloc(struct netvsc *nv);
void netvsc_xdp_free(struct netvsc *nv);

u32 netvsc_xdp_max_mtu(const struct bpf_prog *prog);

/* NAPI */
struct sk_buff *netvsc_xdp_receive(struct netvsc_chan *chan, const void *data,
				   u32 len, const struct rndis_info *info,
				   struct netvsc_polled *polled);

bool netvsc_xdp_passes(struct bpf_prog *prog, struct sk_buff **pskb);

#endif /* _HV_NETVSC_XDP_H */
