// SPDX-License-Identifier: GPL-2.0
/* A NIC and its VF, with the driver's own notifier. */
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>

#include "fake_pair.h"

struct fake_vf *fake_pair_vf(const struct fake_pair *p)
{
	return netdev_priv(p->vf);
}

bool fake_pair_published(const struct fake_pair *p)
{
	return rcu_access_pointer(p->nv->tx_vf) == p->vf;
}

static rx_handler_result_t fake_pair_receive(struct sk_buff **pskb)
{
	return RX_HANDLER_PASS;
}

static int fake_pair_event(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	struct fake_pair *p = container_of(nb, struct fake_pair, early);
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (dev != p->vf)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_REGISTER:
		p->flags = dev->flags;
		p->priv_flags = dev->priv_flags;
		if (p->take_first)
			netdev_rx_handler_register(dev, fake_pair_receive, p);
		break;
	case NETDEV_JOIN:
		p->join_told = true;
		break;
	case NETDEV_PRECHANGEUPPER:
		if (p->refuse_upper)
			return NOTIFY_BAD;
		break;
	}
	return NOTIFY_DONE;
}

int fake_pair_init(struct kunit *test)
{
	struct fake_pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	test->priv = p;
	p->h = fake_host_new(test);
	p->nv = p->h->nv;
	p->ndev = p->nv->ndev;
	fake_rings_new(p->h);
	p->slot = fake_slot_new(test, FAKE_SLOT, __stringify(FAKE_SERIAL));
	p->vf = fake_vf_new(p->h, FAKE_SLOT);
	p->early.notifier_call = fake_pair_event;
	p->early.priority = 1;
	register_netdevice_notifier(&p->early);
	fake_nic_register(p->h);
	fake_nic_up(p->h, true);
	return 0;
}

void fake_pair_exit(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	if (p->take_first) {
		rtnl_lock();
		netdev_rx_handler_unregister(p->vf);
		rtnl_unlock();
	}
	fake_vf_free(p->vf);
	if (!p->nv->gone)
		fake_nic_unregister(p->h);
	unregister_netdevice_notifier(&p->early);
	pci_destroy_slot(p->slot);
	fake_rings_free(p->h);
	fake_host_free(p->h);
}

/* The host has a VF for the NIC, or has no more. */
void fake_pair_announce(struct fake_pair *p, bool allocated, u32 serial)
{
	u8 msg[12];

	fake_put(msg, 0, 128);
	fake_put(msg, 4, allocated);
	fake_put(msg, 8, serial);
	fake_host_says(p->h, 0, false, msg, sizeof(msg));
	fake_nic_settle(p->h);
}

/* What is to be done after NETVSC_TAKEOVER is done now. */
void fake_pair_takeover(struct fake_pair *p)
{
	flush_delayed_work(&p->nv->bond.takeover_work);
	fake_nic_settle(p->h);
}

/* The usual way there. */
void fake_pair_on_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	KUNIT_ASSERT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 1U);
}

/* Is the VF the NIC's, with all that belongs to it, or with nothing of it? */
void fake_pair_expect(struct kunit *test, bool joined)
{
	struct fake_pair *p = test->priv;
	struct net_device *master;

	rtnl_lock();
	master = netdev_master_upper_dev_get(p->vf);
	KUNIT_EXPECT_PTR_EQ(test, p->nv->bond.vf, joined ? p->vf : NULL);
	KUNIT_EXPECT_PTR_EQ(test, master, joined ? p->ndev : NULL);
	KUNIT_EXPECT_EQ(test, netdev_is_rx_handler_busy(p->vf),
			joined || p->take_first);
	KUNIT_EXPECT_EQ(test, !!(p->vf->flags & IFF_SLAVE), joined);
	KUNIT_EXPECT_EQ(test, !!(p->vf->priv_flags & IFF_NO_ADDRCONF), joined);
	rtnl_unlock();
}

/* The VF receives a frame. Return: what has come of it at eth<n>. */
struct fake_sink *fake_pair_vf_receives(struct kunit *test, u32 len)
{
	struct fake_pair *p = test->priv;
	struct fake_sink *sink = kunit_kzalloc(test, sizeof(*sink), GFP_KERNEL);
	struct sk_buff *skb = fake_frame(p->h, len);

	KUNIT_ASSERT_NOT_NULL(test, sink);
	fake_sink_begin(p->h, sink);
	skb->dev = p->vf;
	skb->protocol = eth_type_trans(skb, p->vf);
	local_bh_disable();
	netif_receive_skb(skb);
	local_bh_enable();
	fake_sink_end(sink);
	return sink;
}

/* The stack has some that come and go. */
bool fake_pair_refs_are(const struct net_device *dev, int refs)
{
	unsigned long end = jiffies + 10 * HZ;

	while (netdev_refcnt_read(dev) > refs && time_before(jiffies, end))
		msleep(20);
	return netdev_refcnt_read(dev) <= refs;
}

void fake_pair_set_vf(struct fake_pair *p, bool up)
{
	rtnl_lock();
	if (up)
		dev_open(p->vf, NULL);
	else
		dev_close(p->vf);
	rtnl_unlock();
}
