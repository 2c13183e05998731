// SPDX-License-Identifier: GPL-2.0
/* The MAC address of eth<n>, which the host and the VF have to know, too. */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "netvsc.h"
#include "synth/conn.h"
#include "vf/vf.h"

static int netvsc_ask_for_mac(struct netvsc_conn *conn, const void *mac)
{
	return netvsc_rndis_set_mac(conn, mac);
}

static int netvsc_tell_mac(struct netvsc *nv, const u8 *mac)
{
	int err = netvsc_call_host(nv, netvsc_ask_for_mac, mac);

	return err == -ENOTCONN ? 0 : err;
}

/**
 * netvsc_set_mac_address() - the host, eth<n> and the VF get another address
 * @ndev: eth<n>
 * @addr: a struct sockaddr
 *
 * Either all of them do, or none. The next connection tells the host again, and
 * a VF that comes later gets it, too.
 *
 * Context: RTNL; waits for the host. Return: 0 or an errno; -EBUSY during a
 * reconnect.
 */
int netvsc_set_mac_address(struct net_device *ndev, void *addr)
{
	const struct sockaddr *want = addr;
	struct netvsc *nv = netdev_priv(ndev);
	u8 old[ETH_ALEN];
	int err;

	err = eth_prepare_mac_addr_change(ndev, addr);
	if (err)
		return err;
	if (nv->job.busy)
		return -EBUSY;

	/* Other errors than a refusal leave open which one the host has. */
	err = netvsc_tell_mac(nv, want->sa_data);
	if (err == -EIO)
		return err;
	ether_addr_copy(old, ndev->dev_addr);
	if (!err) {
		eth_commit_mac_addr_change(ndev, addr);
		err = netvsc_vf_set_mac(nv);
	}
	if (err) {
		eth_hw_addr_set(ndev, old);
		if (!netvsc_tell_mac(nv, old))
			return err;
		netdev_warn(ndev, "host does not take back %pM\n", old);
	}
	ether_addr_copy(nv->intent.mac, ndev->dev_addr);
	return err;
}
