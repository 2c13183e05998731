/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a VMBus transaction id of ours names: compared whole, so an answer
 * that comes late, twice, or for another kind of request matches nothing.
 * Never 0: a host does not complete that.
 */
#ifndef _HV_NETVSC_TID_H
#define _HV_NETVSC_TID_H

#include <linux/bitfield.h>
#include <linux/types.h>

enum netvsc_tid_type {
	NETVSC_TID_DATA = 1,	/* slot of the channel that sent it */
	NETVSC_TID_NVSP,	/* slot of the request table */
	NETVSC_TID_CONTROL,	/* same; completed when the host has read it */
	NETVSC_TID_SWITCH,	/* sequence number of the bond */
};

#define NETVSC_TID_TYPE		GENMASK_ULL(63, 56)
#define NETVSC_TID_GEN		GENMASK_ULL(55, 32)
#define NETVSC_TID_SLOT		GENMASK_ULL(31, 0)

static inline u64 netvsc_tid(enum netvsc_tid_type type, u32 gen, u32 slot)
{
	return FIELD_PREP(NETVSC_TID_TYPE, (u64)type) |
	       FIELD_PREP(NETVSC_TID_GEN, (u64)gen & 0xffffff) |
	       FIELD_PREP(NETVSC_TID_SLOT, (u64)slot);
}

#endif /* _HV_NETVSC_TID_H */
