/* SPDX-License-Identifier: GPL-2.0 */
/* What the host reads at its physical address. */
#ifndef _HV_NETVSC_SHARED_H
#define _HV_NETVSC_SHARED_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct device;
struct netvsc;

/**
 * struct netvsc_shared - memory of ours that the host may read
 * @base: NULL: there is none
 * @at: where the host finds it, in one piece
 * @bytes: of it
 */
struct netvsc_shared {
	void *base;
	u64 at;
	u32 bytes;
};

void netvsc_isolate(struct netvsc *nv);
int netvsc_shared_alloc(struct netvsc *nv, struct netvsc_shared *mem,
			u32 bytes);
void netvsc_shared_free(struct netvsc *nv, struct netvsc_shared *mem);

/**
 * struct netvsc_frame_map - a frame, copied to where the host may read it
 * @num: parts in use
 * @part: the linear one, which may be empty, and the fragments
 */
struct netvsc_frame_map {
	u32 num;
	struct {
		u32 len;
		u64 at;
	} part[MAX_SKB_FRAGS + 1];
};

int netvsc_frame_map(struct device *dev, struct netvsc_frame_map *map,
		     const struct sk_buff *skb);
void netvsc_frame_unmap(struct device *dev, struct netvsc_frame_map *map);

#endif /* _HV_NETVSC_SHARED_H */
