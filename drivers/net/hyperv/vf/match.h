/* SPDX-License-Identifier: GPL-2.0 */
/* Which VF belongs to which eth<n>. */
#ifndef _HV_NETVSC_VF_MATCH_H
#define _HV_NETVSC_VF_MATCH_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct net_device;
struct netvsc;

/**
 * struct netvsc_vf_id - what is known of a VF
 * @has_serial: its slot has a number
 * @serial: that number
 * @perm_addr: all zero if the driver has not set it yet
 * @addr: as it is now
 */
struct netvsc_vf_id {
	bool has_serial;
	u32 serial;
	u8 perm_addr[ETH_ALEN];
	u8 addr[ETH_ALEN];
};

/**
 * struct netvsc_vf_seat - what is known of a NIC that may have a VF
 * @allocated: the host announced one
 * @serial: its serial
 * @taken: a VF is there already
 * @by_mac: the announced one has not come: the MAC alone decides again
 * @addr: permanent address
 */
struct netvsc_vf_seat {
	bool allocated;
	u32 serial;
	bool taken;
	bool by_mac;
	u8 addr[ETH_ALEN];
};

enum netvsc_vf_fit {
	NETVSC_VF_FITS_NOT,
	NETVSC_VF_FITS_MAC,	/* as long as no serial tells better */
	NETVSC_VF_FITS_SERIAL,
};

enum netvsc_vf_fit netvsc_vf_compare(const struct netvsc_vf_id *vf,
				     const struct netvsc_vf_seat *seat);

bool netvsc_vf_parse_slot(const char *name, u32 *serial);
struct netvsc *netvsc_vf_match(const struct net_device *dev, u32 *serial);

#endif /* _HV_NETVSC_VF_MATCH_H */
