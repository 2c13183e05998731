/* SPDX-License-Identifier: GPL-2.0 */
/* VFs: Ethernet devices in a PCI slot that has a serial for a name. */
#ifndef _HV_NETVSC_FAKE_VF_H
#define _HV_NETVSC_FAKE_VF_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "fake_host.h"

/* Of bus 0: the host bridge's slot, and whichever else there is. */
#define FAKE_SLOT		0
#define FAKE_SLOT_OTHER		(-1)

/**
 * struct fake_vf - netdev_priv of a VF
 * @h: the host of the NIC that it belongs to
 *
 * The script:
 * @open_err: of ndo_open
 * @mtu_err: of ndo_change_mtu
 * @detaches: it is detached while it gets another MTU, and a sender sees that
 * @mac_err: of ndo_set_mac_address
 * @bad_vid: a VLAN that it does not take
 * @xdp_err: of ndo_bpf, where that is to bring a program
 * @xdp_mtu: what it takes with one
 * @xdp_keeps: it does not let go of its program
 * @xmit_err: of ndo_xdp_xmit; else it takes all but the last one
 *
 * What happened:
 * @opens: how often
 * @stops: how often
 * @was_published: at the last stop, frames were still sent over it
 * @stop_path: likewise, the path of the host
 * @mapping: of the last frame whose queue was asked for
 * @frames: sent
 * @len: of the last one
 * @tstamp: of the last one
 * @vids: VLANs that it has
 * @prog: its XDP program
 */
struct fake_vf {
	struct fake_host *h;

	int open_err;
	int mtu_err;
	bool detaches;
	int mac_err;
	u16 bad_vid;
	int xdp_err;
	int xdp_mtu;
	bool xdp_keeps;
	int xmit_err;

	unsigned int opens;
	unsigned int stops;
	bool was_published;
	u32 stop_path;
	u16 mapping;
	unsigned int frames;
	u32 len;
	ktime_t tstamp;
	DECLARE_BITMAP(vids, VLAN_N_VID);
	struct bpf_prog *prog;
};

struct pci_slot *fake_slot_new(struct kunit *test, int number,
			       const char *serial);
struct net_device *fake_vf_new(struct fake_host *h, int slot);
void fake_vf_plug(struct net_device *vf);
void fake_vf_free(struct net_device *vf);

#endif /* _HV_NETVSC_FAKE_VF_H */
