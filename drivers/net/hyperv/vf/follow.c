// SPDX-License-Identifier: GPL-2.0
/*
 * The VF follows eth<n>: up and down, MTU, flags, addresses, features, XDP.
 * RTNL, without the VF's lock: what is called here takes it.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netdev_lock.h>

#include "../netvsc.h"
#include "vf.h"

/*
 * What large receives cost or save is for the VF's own driver to know. (Where
 * eth<n> has none, the core switches those of its lower devices off.)
 */
#define NETVSC_VF_OWN_FEATURES	NETIF_F_LRO
#define NETVSC_VF_IP_CSUMS	(NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM)

/**
 * netvsc_vf_rx_mode() - eth<n>'s address lists have changed
 * @nv: the device
 *
 * Context: addr_list_lock, BH off.
 */
void netvsc_vf_rx_mode(struct netvsc *nv)
{
	netvsc_vf_post(nv);
}

/**
 * netvsc_vf_sync_addrs() - give the VF eth<n>'s address lists
 * @nv: the device
 */
void netvsc_vf_sync_addrs(struct netvsc *nv)
{
	struct net_device *vf = nv->bond.vf;

	if (!nv->bond.took_over)
		return;
	netif_addr_lock_bh(nv->ndev);
	dev_uc_sync(vf, nv->ndev);
	dev_mc_sync(vf, nv->ndev);
	netif_addr_unlock_bh(nv->ndev);
}

/* Those of the VF's features that the user switches on eth<n>. */
static netdev_features_t netvsc_vf_followed(const struct netvsc *nv,
					    const struct net_device *vf)
{
	netdev_features_t ours = nv->ndev->hw_features & ~NETVSC_VF_OWN_FEATURES;

	/* One that sums up whatever it is given says so in one bit. */
	if (vf->hw_features & NETIF_F_HW_CSUM && ours & NETVSC_VF_IP_CSUMS)
		ours |= NETIF_F_HW_CSUM;
	return ours & vf->hw_features;
}

/* What else the VF wants is for its own driver and user to say. */
static void netvsc_vf_want(const struct netvsc *nv, struct net_device *vf,
			   netdev_features_t features)
{
	netdev_features_t ours = netvsc_vf_followed(nv, vf) & ~nv->bond.vf_off;

	if (features & NETVSC_VF_IP_CSUMS)
		features |= NETIF_F_HW_CSUM;
	netdev_lock_ops(vf);
	vf->wanted_features = (vf->wanted_features & ~ours) | (features & ours);
	netdev_update_features(vf);
	netdev_unlock_ops(vf);
}

/**
 * netvsc_vf_close() - eth<n> goes down
 * @nv: the device
 */
void netvsc_vf_close(struct netvsc *nv)
{
	nv->bond.to_open = false;
	nv->bond.open_err = false;
	if (nv->bond.vf)
		dev_close(nv->bond.vf);
}

/**
 * netvsc_vf_set_mtu() - eth<n> gets another MTU
 * @nv: the device
 * @mtu: bytes
 *
 * Return: 0, or why the VF does not take it.
 */
int netvsc_vf_set_mtu(struct netvsc *nv, int mtu)
{
	int err;

	if (!nv->bond.vf)
		return 0;
	err = dev_set_mtu(nv->bond.vf, mtu);
	/* Many drivers have room for no more than a page then. */
	if (err && nv->bond.vf_prog) {
		netvsc_vf_unset_xdp(nv, nv->bond.vf);
		err = dev_set_mtu(nv->bond.vf, mtu);
	}
	/* One that could not take the last one does not carry our frames. */
	return nv->bond.small_mtu ? 0 : err;
}

static int netvsc_vf_give_mac(struct net_device *vf, const u8 *mac)
{
	struct sockaddr_storage addr = { .ss_family = vf->type };

	if (ether_addr_equal(vf->dev_addr, mac))
		return 0;
	ether_addr_copy(addr.__data, mac);
	return dev_set_mac_address(vf, &addr, NULL);
}

/**
 * netvsc_vf_set_mac() - eth<n> has another MAC address
 * @nv: the device
 *
 * Return: 0, or why the VF does not take it.
 */
int netvsc_vf_set_mac(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	int err;

	if (!bond->took_over)
		return 0;
	err = netvsc_vf_give_mac(bond->vf, nv->ndev->dev_addr);
	/* One that could not take the last one does not carry our frames. */
	if (!bond->other_mac)
		return err;
	bond->other_mac = err;
	netvsc_vf_post(nv);
	return 0;
}

/**
 * netvsc_vf_set_features() - eth<n> gets other features
 * @nv: the device
 * @features: the new ones
 */
void netvsc_vf_set_features(struct netvsc *nv, netdev_features_t features)
{
	if (nv->bond.took_over)
		netvsc_vf_want(nv, nv->bond.vf, features);
}

static void netvsc_vf_set_flags(struct netvsc *nv, struct net_device *vf,
				unsigned int want)
{
	unsigned int changed = want ^ nv->bond.took_flags;

	if (changed & IFF_PROMISC)
		dev_set_promiscuity(vf, want & IFF_PROMISC ? 1 : -1);
	if (changed & IFF_ALLMULTI)
		dev_set_allmulti(vf, want & IFF_ALLMULTI ? 1 : -1);
	nv->bond.took_flags = want;
}

/**
 * netvsc_vf_sync_flags() - eth<n> becomes promiscuous, or stops it
 * @nv: the device, with its new flags
 */
void netvsc_vf_sync_flags(struct netvsc *nv)
{
	if (nv->bond.took_over)
		netvsc_vf_set_flags(nv, nv->bond.vf, nv->ndev->flags &
				    (IFF_PROMISC | IFF_ALLMULTI));
}

/**
 * netvsc_vf_open() - eth<n> goes up
 * @nv: the device; if the VF does not follow, the synthetic side still works
 */
void netvsc_vf_open(struct netvsc *nv)
{
	struct net_device *vf = nv->bond.vf;
	int err;

	if (!nv->bond.took_over)
		return;
	err = dev_open(vf, NULL);
	nv->bond.to_open = err && !netif_device_present(vf);
	nv->bond.open_err = err && !nv->bond.to_open;
	if (err)
		netdev_warn(nv->ndev, "unable to open slave: %s: %d\n",
			    vf->name, err);
	netvsc_vf_sync_flags(nv);
	netvsc_vf_post(nv);
}

/**
 * netvsc_vf_reopen() - a VF that was detached when eth<n> went up is opened
 * @nv: the device
 */
void netvsc_vf_reopen(struct netvsc *nv)
{
	if (nv->bond.to_open && netif_device_present(nv->bond.vf))
		netvsc_vf_open(nv);
}

/**
 * netvsc_vf_takeover() - bring a new VF to what eth<n> is
 * @nv: with a VF; udev has had its time to rename it
 */
void netvsc_vf_takeover(struct netvsc *nv)
{
	struct net_device *ndev = nv->ndev;
	struct net_device *vf = nv->bond.vf;

	if (nv->bond.took_over)
		return;
	nv->bond.mtu_err = vf->mtu != ndev->mtu && dev_set_mtu(vf, ndev->mtu);
	if (nv->bond.mtu_err)
		netdev_warn(vf, "unable to change mtu to %u\n", ndev->mtu);
	ether_addr_copy(nv->bond.vf_mac, vf->dev_addr);
	nv->bond.other_mac = netvsc_vf_give_mac(vf, ndev->dev_addr);
	if (nv->bond.other_mac)
		netdev_warn(vf, "unable to change MAC address to %pM, not using it\n",
			    ndev->dev_addr);
	nv->bond.took_over = true;
	netvsc_vf_take_vids(nv);
	/* Frames for the VF need room for its headers, too. */
	ndev->needed_headroom = vf->needed_headroom;
	netvsc_vf_sync_flags(nv);
	netvsc_vf_sync_addrs(nv);
	netvsc_vf_set_features(nv, ndev->features);
	netvsc_vf_set_xdp(nv);
	if (netif_running(ndev))
		netvsc_vf_open(nv);
	else
		dev_close(vf);
}

/**
 * netvsc_vf_catch_up() - give the VF what it could not take when it came
 * @nv: with a VF that was taken over
 */
void netvsc_vf_catch_up(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;
	struct net_device *ndev = nv->ndev;

	if (bond->mtu_err && bond->vf->mtu < ndev->mtu) {
		netvsc_vf_set_mtu(nv, ndev->mtu);
		/* It may have had room for the program, or has none now. */
		netvsc_vf_set_xdp(nv);
	}
	bond->mtu_err &= bond->vf->mtu < ndev->mtu;
	if (bond->other_mac)
		bond->other_mac = netvsc_vf_give_mac(bond->vf, ndev->dev_addr);
	if (bond->open_err)
		netvsc_vf_open(nv);
}

/**
 * netvsc_vf_release() - undo what takeover did
 * @nv: which has let go of
 * @vf: maybe about to be unregistered
 */
void netvsc_vf_release(struct netvsc *nv, struct net_device *vf)
{
	if (!nv->bond.took_over)
		return;
	nv->bond.took_over = false;
	nv->bond.mtu_err = false;
	nv->bond.other_mac = false;
	nv->bond.to_open = false;
	nv->bond.open_err = false;
	nv->ndev->needed_headroom = 0;
	dev_uc_unsync(vf, nv->ndev);
	dev_mc_unsync(vf, nv->ndev);
	netvsc_vf_give_vids(nv, vf);
	netvsc_vf_set_flags(nv, vf, 0);
	netvsc_vf_leave_xdp(nv, vf);
	if (vf->reg_state != NETREG_REGISTERED)
		return;
	netvsc_vf_want(nv, vf, nv->bond.vf_wanted);
	netvsc_vf_give_mac(vf, nv->bond.vf_mac);
}
