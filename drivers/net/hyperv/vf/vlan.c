// SPDX-License-Identifier: GPL-2.0
/*
 * The VLANs of eth<n>, for a VF that filters by them.
 *
 * One that the VF does not take is dead while the traffic is on the VF, as it
 * would be if nobody had asked; eth<n> has it all the same.
 */
#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "../netvsc.h"
#include "vf.h"

static const __be16 netvsc_vf_protos[NETVSC_VF_PROTOS] = {
	htons(ETH_P_8021Q), htons(ETH_P_8021AD),
};

static unsigned int netvsc_vf_proto(__be16 proto)
{
	return proto == htons(ETH_P_8021AD);
}

static void netvsc_vf_take_vid(struct netvsc *nv, unsigned int proto, u16 vid)
{
	struct netvsc_vf_vids *vids = &nv->bond.vids;
	struct net_device *vf = nv->bond.vf;

	if (test_bit(vid, vids->taken[proto]))
		return;
	if (!vlan_vid_add(vf, netvsc_vf_protos[proto], vid)) {
		__set_bit(vid, vids->taken[proto]);
		return;
	}
	/* Of a VF that is detached the core says so without asking it. */
	if (!netif_device_present(vf)) {
		vids->missed = true;
		netvsc_vf_post(nv);
	} else if (vid && net_ratelimit()) {
		netdev_warn(vf, "unable to take VLAN %u of %s\n", vid,
			    nv->ndev->name);
	}
}

/**
 * netvsc_vf_add_vid() - a VLAN is made on eth<n>
 * @nv: the device
 * @proto: of its tag
 * @vid: its number
 *
 * Context: RTNL.
 */
void netvsc_vf_add_vid(struct netvsc *nv, __be16 proto, u16 vid)
{
	unsigned int i = netvsc_vf_proto(proto);

	__set_bit(vid, nv->bond.vids.ours[i]);
	if (nv->bond.took_over)
		netvsc_vf_take_vid(nv, i, vid);
}

/**
 * netvsc_vf_kill_vid() - a VLAN of eth<n> goes
 * @nv: the device
 * @proto: of its tag
 * @vid: its number
 *
 * Context: RTNL.
 */
void netvsc_vf_kill_vid(struct netvsc *nv, __be16 proto, u16 vid)
{
	struct netvsc_vf_vids *vids = &nv->bond.vids;
	unsigned int i = netvsc_vf_proto(proto);

	__clear_bit(vid, vids->ours[i]);
	if (__test_and_clear_bit(vid, vids->taken[i]))
		vlan_vid_del(nv->bond.vf, proto, vid);
}

/**
 * netvsc_vf_take_vids() - the VF gets those of eth<n> that it has not
 * @nv: with a VF that was taken over
 *
 * Context: RTNL.
 */
void netvsc_vf_take_vids(struct netvsc *nv)
{
	struct netvsc_vf_vids *vids = &nv->bond.vids;
	unsigned int i, vid;

	vids->missed = false;
	for (i = 0; i < NETVSC_VF_PROTOS; i++)
		for_each_set_bit(vid, vids->ours[i], VLAN_N_VID)
			netvsc_vf_take_vid(nv, i, vid);
}

/**
 * netvsc_vf_sync_vids() - the VF may have been attached again
 * @nv: the device
 *
 * Context: RTNL.
 */
void netvsc_vf_sync_vids(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;

	if (bond->took_over && bond->vids.missed &&
	    netif_device_present(bond->vf))
		netvsc_vf_take_vids(nv);
}

/**
 * netvsc_vf_give_vids() - undo netvsc_vf_take_vids()
 * @nv: the device
 * @vf: its VF; those of the same number that are its user's own stay
 *
 * Context: RTNL.
 */
void netvsc_vf_give_vids(struct netvsc *nv, struct net_device *vf)
{
	struct netvsc_vf_vids *vids = &nv->bond.vids;
	unsigned int i, vid;

	for (i = 0; i < NETVSC_VF_PROTOS; i++) {
		for_each_set_bit(vid, vids->taken[i], VLAN_N_VID)
			vlan_vid_del(vf, netvsc_vf_protos[i], vid);
		bitmap_zero(vids->taken[i], VLAN_N_VID);
	}
	vids->missed = false;
}
