// SPDX-License-Identifier: GPL-2.0
/* Which VF belongs to which eth<n>: by serial and MAC, else by MAC. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>

#include "../netvsc.h"
#include "match.h"

static bool netvsc_vf_same_mac(const struct netvsc_vf_id *vf, const u8 *addr)
{
	/* At POST_INIT the permanent address may not be there yet. */
	return ether_addr_equal(is_zero_ether_addr(vf->perm_addr) ?
				vf->addr : vf->perm_addr, addr);
}

/**
 * netvsc_vf_compare() - does this VF belong to this NIC?
 * @vf: the VF
 * @seat: the NIC
 *
 * Where the host announced a serial, nothing but that VF fits. The MAC alone
 * decides while there is no announcement, or when what was announced has not
 * come for a long time.
 *
 * Return: how well.
 */
enum netvsc_vf_fit netvsc_vf_compare(const struct netvsc_vf_id *vf,
				     const struct netvsc_vf_seat *seat)
{
	if (seat->taken || !netvsc_vf_same_mac(vf, seat->addr))
		return NETVSC_VF_FITS_NOT;
	if (!seat->allocated)
		return NETVSC_VF_FITS_MAC;
	if (vf->has_serial && vf->serial == seat->serial)
		return NETVSC_VF_FITS_SERIAL;
	return seat->by_mac ? NETVSC_VF_FITS_MAC : NETVSC_VF_FITS_NOT;
}

/**
 * netvsc_vf_parse_slot() - the serial that a PCI slot is named after
 * @name: of the slot: the serial in decimal. A second slot of that name is
 *	called "<serial>-1": the object of the first one is still held
 * @serial: overwritten
 *
 * Return: whether it is such a name.
 */
bool netvsc_vf_parse_slot(const char *name, u32 *serial)
{
	const char *dash = strchr(name, '-');
	size_t len = dash ? dash - name : strlen(name);
	char digits[11];
	u32 copy;

	if (len >= sizeof(digits) || (dash && kstrtou32(dash + 1, 10, &copy)))
		return false;
	memcpy(digits, name, len);
	digits[len] = '\0';
	return !kstrtou32(digits, 10, serial);
}

/* Return: whether it may be a VF: an Ethernet device on PCI. */
static bool netvsc_vf_identify(const struct net_device *dev,
			       struct netvsc_vf_id *id)
{
	struct pci_dev *pdev;

	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN ||
	    netvsc_is_ours(dev) || is_vlan_dev(dev) ||
	    netif_is_bond_master(dev) ||
	    !dev->dev.parent || !dev_is_pci(dev->dev.parent))
		return false;

	pdev = to_pci_dev(dev->dev.parent);
	id->has_serial = pdev->slot &&
			 netvsc_vf_parse_slot(pci_slot_name(pdev->slot),
					      &id->serial);
	ether_addr_copy(id->perm_addr, dev->perm_addr);
	ether_addr_copy(id->addr, dev->dev_addr);
	return true;
}

static void netvsc_vf_seat_of(struct netvsc *nv, struct netvsc_vf_seat *seat)
{
	struct netvsc_bond *bond = &nv->bond;

	/* The host's word may be newer than bond work's knowledge of it. */
	spin_lock_bh(&bond->inbox.lock);
	seat->allocated = bond->inbox.allocated;
	seat->serial = bond->inbox.serial;
	spin_unlock_bh(&bond->inbox.lock);
	seat->taken = bond->vf;
	seat->by_mac = bond->by_mac;
	ether_addr_copy(seat->addr, nv->ndev->perm_addr);
}

/**
 * netvsc_vf_match() - the NIC to which a VF belongs
 * @dev: any device
 * @serial: of the VF, if it belongs to one
 *
 * Context: RTNL. Return: the NIC, or NULL.
 */
struct netvsc *netvsc_vf_match(const struct net_device *dev, u32 *serial)
{
	struct netvsc_vf_seat seat;
	struct netvsc *by_mac = NULL;
	struct netvsc_vf_id id;
	struct netvsc *nv;

	if (!netvsc_vf_identify(dev, &id))
		return NULL;
	*serial = id.has_serial ? id.serial : 0;

	list_for_each_entry(nv, &netvsc_devices, node) {
		if (nv->isolated)
			continue;
		netvsc_vf_seat_of(nv, &seat);
		switch (netvsc_vf_compare(&id, &seat)) {
		case NETVSC_VF_FITS_SERIAL:
			return nv;
		case NETVSC_VF_FITS_MAC:
			by_mac = by_mac ?: nv;
			break;
		case NETVSC_VF_FITS_NOT:
			break;
		}
	}
	return by_mac;
}
