// SPDX-License-Identifier: GPL-2.0
/* A VF's driver that does as it is told, and remembers. */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <net/xdp.h>

#include "fake_vf.h"

static const u8 fake_vf_mac[] = { 0x00, 0x15, 0x5d, 0x01, 0x02, 0x03 };

static int fake_vf_open(struct net_device *vf)
{
	struct fake_vf *priv = netdev_priv(vf);

	priv->opens++;
	return priv->open_err;
}

static int fake_vf_stop(struct net_device *vf)
{
	struct fake_vf *priv = netdev_priv(vf);

	priv->stops++;
	priv->was_published = rcu_access_pointer(priv->h->nv->tx_vf) == vf;
	priv->stop_path = priv->h->path;
	return 0;
}

/* Not asked as long as there is one queue. */
static u16 fake_vf_select_queue(struct net_device *vf, struct sk_buff *skb,
				struct net_device *sb_dev)
{
	struct fake_vf *priv = netdev_priv(vf);

	priv->mapping = skb_get_queue_mapping(skb);
	return netdev_pick_tx(vf, skb, sb_dev);
}

static netdev_tx_t fake_vf_xmit(struct sk_buff *skb, struct net_device *vf)
{
	struct fake_vf *priv = netdev_priv(vf);

	priv->frames++;
	priv->len = skb->len;
	priv->tstamp = skb->tstamp;
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static void fake_vf_set_rx_mode(struct net_device *vf)
{
}

static int fake_vf_change_mtu(struct net_device *vf, int mtu)
{
	struct fake_vf *priv = netdev_priv(vf);

	if (priv->prog && mtu > priv->xdp_mtu)
		return -EOPNOTSUPP;
	if (priv->detaches) {
		flush_work(&priv->h->work);
		netif_device_detach(vf);
		rcu_read_lock_bh();
		netvsc_vf_lost(priv->h->nv);
		rcu_read_unlock_bh();
		netif_device_attach(vf);
	}
	if (!priv->mtu_err)
		WRITE_ONCE(vf->mtu, mtu);
	return priv->mtu_err;
}

static int fake_vf_set_mac(struct net_device *vf, void *addr)
{
	struct fake_vf *priv = netdev_priv(vf);

	return priv->mac_err ?: eth_mac_addr(vf, addr);
}

static int fake_vf_add_vid(struct net_device *vf, __be16 proto, u16 vid)
{
	struct fake_vf *priv = netdev_priv(vf);

	if (vid && vid == priv->bad_vid)
		return -ENOSPC;
	__set_bit(vid, priv->vids);
	return 0;
}

static int fake_vf_kill_vid(struct net_device *vf, __be16 proto, u16 vid)
{
	struct fake_vf *priv = netdev_priv(vf);

	__clear_bit(vid, priv->vids);
	return 0;
}

static int fake_vf_bpf(struct net_device *vf, struct netdev_bpf *bpf)
{
	struct fake_vf *priv = netdev_priv(vf);

	if (bpf->prog && (priv->xdp_err || vf->mtu > priv->xdp_mtu))
		return priv->xdp_err ?: -EOPNOTSUPP;
	if (!bpf->prog && priv->xdp_keeps)
		return -ENOMEM;
	if (priv->prog)
		bpf_prog_put(priv->prog);
	priv->prog = bpf->prog;
	return 0;
}

static int fake_vf_xdp_xmit(struct net_device *vf, int num,
			    struct xdp_frame **frames, u32 flags)
{
	struct fake_vf *priv = netdev_priv(vf);
	int i;

	if (priv->xmit_err)
		return priv->xmit_err;
	for (i = 0; i < num - 1; i++)
		xdp_return_frame(frames[i]);
	priv->frames += i;
	return i;
}

static const struct net_device_ops fake_vf_ops = {
	.ndo_open		= fake_vf_open,
	.ndo_stop		= fake_vf_stop,
	.ndo_start_xmit		= fake_vf_xmit,
	.ndo_select_queue	= fake_vf_select_queue,
	.ndo_set_rx_mode	= fake_vf_set_rx_mode,
	.ndo_change_mtu		= fake_vf_change_mtu,
	.ndo_set_mac_address	= fake_vf_set_mac,
	.ndo_vlan_rx_add_vid	= fake_vf_add_vid,
	.ndo_vlan_rx_kill_vid	= fake_vf_kill_vid,
	.ndo_bpf		= fake_vf_bpf,
	.ndo_xdp_xmit		= fake_vf_xdp_xmit,
};

/* The slot of what is there on bus 0; pci_destroy_slot() gives it back. */
struct pci_slot *fake_slot_new(struct kunit *test, int number,
			       const char *serial)
{
	struct pci_bus *bus = pci_find_bus(0, 0);
	struct pci_slot *slot;

	KUNIT_ASSERT_NOT_NULL(test, bus);
	slot = pci_create_slot(bus, number, serial, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(slot));
	return slot;
}

/* Not every machine has more than a host bridge. */
static struct pci_dev *fake_pci_in(struct kunit *test, int slot)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		int at = PCI_SLOT(pdev->devfn);

		if (!pdev->bus->number &&
		    (slot == FAKE_SLOT_OTHER ? at != FAKE_SLOT : at == slot))
			break;
	}
	if (!pdev && slot == FAKE_SLOT_OTHER)
		kunit_skip(test, "this machine has one PCI device only");
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	/* It is there for as long as the machine. */
	pci_dev_put(pdev);
	return pdev;
}

/* One with the MAC of the host's NIC, not registered yet. */
struct net_device *fake_vf_new(struct fake_host *h, int slot)
{
	struct pci_dev *pdev = fake_pci_in(h->test, slot);
	struct net_device *vf = alloc_etherdev_mqs(sizeof(struct fake_vf), 2, 1);
	struct fake_vf *priv;

	KUNIT_ASSERT_NOT_NULL(h->test, vf);
	SET_NETDEV_DEV(vf, &pdev->dev);
	netif_set_real_num_tx_queues(vf, 1);

	priv = netdev_priv(vf);
	priv->h = h;
	priv->xdp_mtu = 3000;
	eth_hw_addr_set(vf, fake_vf_mac);
	vf->netdev_ops = &fake_vf_ops;
	vf->priv_flags |= IFF_UNICAST_FLT | IFF_NO_QUEUE |
			  IFF_LIVE_ADDR_CHANGE;
	vf->max_mtu = 9000;
	vf->hw_features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO |
			  NETIF_F_RXCSUM | NETIF_F_LRO | NETIF_F_RXALL |
			  NETIF_F_HW_VLAN_CTAG_FILTER;
	vf->features = vf->hw_features & ~(NETIF_F_RXALL | NETIF_F_LRO);
	vf->needed_headroom = 64;
	return vf;
}

void fake_vf_plug(struct net_device *vf)
{
	struct fake_vf *priv = netdev_priv(vf);

	KUNIT_ASSERT_EQ(priv->h->test, register_netdev(vf), 0);
	netif_carrier_on(vf);
}

void fake_vf_free(struct net_device *vf)
{
	if (vf->reg_state == NETREG_REGISTERED)
		unregister_netdev(vf);
	free_netdev(vf);
}
