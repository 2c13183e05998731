// SPDX-License-Identifier: GPL-2.0
/*
 * What eth<n> hands on to its VF, at takeover and afterwards; what it takes
 * back; and what the VF does not take.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>

#include "deadlines.h"
#include "fake_pair.h"

#define FILTER		0xdU	/* directed, all multicast, broadcast */
#define FILTER_ALL	0x20U	/* promiscuous */
#define TSO_AND_SUMS	(NETIF_F_TSO | NETIF_F_HW_CSUM)

static const u8 second[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x11 };
static const u8 group[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0x77, 0x77 };

static bool has_addr(struct netdev_hw_addr_list *list, const u8 *addr)
{
	struct netdev_hw_addr *ha;

	netdev_hw_addr_list_for_each(ha, list)
		if (ether_addr_equal(ha->addr, addr))
			return true;
	return false;
}

static void wish(struct fake_pair *p, netdev_features_t off,
		 netdev_features_t on)
{
	p->ndev->wanted_features = (p->ndev->wanted_features & ~off) | on;
	netdev_update_features(p->ndev);
}

/* All that a user may set on eth<n>; or none of it. */
static void set_all(struct kunit *test, bool set)
{
	struct fake_pair *p = test->priv;
	struct net_device *ndev = p->ndev;

	rtnl_lock();
	if (set) {
		dev_uc_add(ndev, second);
		dev_mc_add(ndev, group);
		KUNIT_EXPECT_EQ(test, vlan_vid_add(ndev, htons(ETH_P_8021Q),
						   7), 0);
		wish(p, NETIF_F_TSO, 0);
	} else {
		dev_uc_del(ndev, second);
		dev_mc_del(ndev, group);
		vlan_vid_del(ndev, htons(ETH_P_8021Q), 7);
		wish(p, 0, NETIF_F_TSO);
	}
	dev_set_promiscuity(ndev, set ? 1 : -1);
	dev_set_allmulti(ndev, set ? 1 : -1);
	rtnl_unlock();
	fake_nic_settle(p->h);
}

static void expect_all(struct kunit *test, bool set)
{
	struct fake_pair *p = test->priv;
	struct net_device *vf = p->vf;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, has_addr(&vf->uc, second), set);
	KUNIT_EXPECT_EQ(test, has_addr(&vf->mc, group), set);
	KUNIT_EXPECT_EQ(test, test_bit(7, fake_pair_vf(p)->vids), set);
	KUNIT_EXPECT_EQ(test, vf->promiscuity, set);
	KUNIT_EXPECT_EQ(test, vf->allmulti, set);
	KUNIT_EXPECT_EQ(test, vf->features & TSO_AND_SUMS,
			set ? NETIF_F_HW_CSUM : TSO_AND_SUMS);
	rtnl_unlock();
}

/* A new VF is brought to what eth<n> is. */
static void handed_on_at_takeover(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	p->vf->mtu = 2000;
	set_all(test, true);
	fake_pair_on_vf(test);
	expect_all(test, true);
	KUNIT_EXPECT_EQ(test, p->vf->mtu, (unsigned int)FAKE_MTU);
	KUNIT_EXPECT_TRUE(test, netif_running(p->vf));
	KUNIT_EXPECT_EQ(test, p->ndev->needed_headroom, 64);
	set_all(test, false);
	expect_all(test, false);
}

/* All of it at once: nothing is left to bond work, or to when it is opened. */
static void taken_over_in_one_go(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_nic_up(p->h, false);
	set_all(test, true);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	rtnl_lock();
	netvsc_vf_takeover(p->nv);
	KUNIT_EXPECT_TRUE(test, has_addr(&p->vf->uc, second));
	KUNIT_EXPECT_TRUE(test, has_addr(&p->vf->mc, group));
	KUNIT_EXPECT_EQ(test, p->vf->promiscuity, 1U);
	KUNIT_EXPECT_EQ(test, p->vf->allmulti, 1U);
	rtnl_unlock();
	fake_nic_settle(p->h);
	set_all(test, false);
}

/* And follows. */
static void handed_on_afterwards(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	expect_all(test, false);
	set_all(test, true);
	expect_all(test, true);
	set_all(test, false);
	expect_all(test, false);

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_vf_set_mtu(p->nv, 1400), 0);
	KUNIT_EXPECT_EQ(test, p->vf->mtu, 1400U);
	KUNIT_EXPECT_EQ(test, netvsc_vf_set_mtu(p->nv, FAKE_MTU), 0);
	rtnl_unlock();
}

/* The filter of the host, too, when the VF has let go of an address. */
static void address_taken_off_again(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, p->h->filter, FILTER);
	rtnl_lock();
	dev_uc_add(p->ndev, second);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->h->filter, FILTER_ALL);
	KUNIT_EXPECT_TRUE(test, has_addr(&p->vf->uc, second));
	KUNIT_EXPECT_EQ(test, p->vf->promiscuity, 0U);
	rtnl_lock();
	dev_uc_del(p->ndev, second);
	/* Ahead of bond work, which takes it from the VF. */
	flush_delayed_work(&p->nv->rx_mode_work);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->h->filter, FILTER);
	KUNIT_EXPECT_FALSE(test, has_addr(&p->vf->uc, second));
}

/* The NIC goes: the VF is what it was, and what is the user's stays. */
static void given_back(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	netdev_features_t features, wanted;

	set_all(test, true);
	fake_pair_announce(p, true, 7);
	fake_vf_plug(p->vf);
	features = p->vf->features;
	wanted = p->vf->wanted_features;
	rtnl_lock();
	dev_set_promiscuity(p->vf, 1);
	dev_uc_add(p->vf, second);
	KUNIT_EXPECT_EQ(test, vlan_vid_add(p->vf, htons(ETH_P_8021Q), 9), 0);
	rtnl_unlock();
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_pair_takeover(p);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->vf->promiscuity, 2U);

	fake_nic_unregister(p->h);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, p->vf->promiscuity, 1U);
	KUNIT_EXPECT_EQ(test, p->vf->allmulti, 0U);
	KUNIT_EXPECT_TRUE(test, has_addr(&p->vf->uc, second));
	KUNIT_EXPECT_FALSE(test, has_addr(&p->vf->mc, group));
	KUNIT_EXPECT_FALSE(test, test_bit(7, fake_pair_vf(p)->vids));
	KUNIT_EXPECT_TRUE(test, test_bit(9, fake_pair_vf(p)->vids));
	KUNIT_EXPECT_EQ(test, p->vf->features, features);
	KUNIT_EXPECT_EQ(test, p->vf->wanted_features, wanted);
	KUNIT_EXPECT_EQ(test, p->ndev->needed_headroom, 0);
	dev_set_promiscuity(p->vf, -1);
	dev_uc_del(p->vf, second);
	vlan_vid_del(p->vf, htons(ETH_P_8021Q), 9);
	rtnl_unlock();
}

/* Its own: what eth<n> does not have, and what is for its driver to know. */
static void features_of_its_own(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	netdev_features_t rest = ~(netdev_features_t)(NETIF_F_TSO |
						      NETIF_F_HW_CSUM);
	netdev_features_t before;

	fake_vf_plug(p->vf);
	before = p->vf->features;
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_pair_takeover(p);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->vf->features, before);

	rtnl_lock();
	wish(p, NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | NETIF_F_TSO |
	     NETIF_F_TSO6, 0);
	KUNIT_EXPECT_EQ(test, p->vf->features & TSO_AND_SUMS, 0ULL);
	KUNIT_EXPECT_EQ(test, p->vf->features & rest, before & rest);
	wish(p, 0, NETIF_F_IP_CSUM);
	KUNIT_EXPECT_EQ(test, p->vf->features & TSO_AND_SUMS,
			NETIF_F_HW_CSUM);
	rtnl_unlock();
}

/* It takes fewer bytes than eth<n> may send: it is joined, and not used. */
static void mtu_refused(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	p->vf->mtu = FAKE_MTU - 100;
	fake_pair_vf(p)->mtu_err = -EINVAL;
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	fake_pair_expect(test, true);
	KUNIT_EXPECT_TRUE(test, netif_running(p->vf));
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	/* Of one that does not carry our frames nobody waits for a yes. */
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_vf_set_mtu(p->nv, FAKE_MTU), 0);
	rtnl_unlock();

	fake_pair_vf(p)->mtu_err = 0;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(p->vf, FAKE_MTU), 0);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	/* One that does is asked. */
	fake_pair_vf(p)->mtu_err = -EINVAL;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_vf_set_mtu(p->nv, FAKE_MTU + 100),
			-EINVAL);
	rtnl_unlock();
}

/* For want of memory, and of time: it is asked again by and by. */
static void busy_when_it_came(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct delayed_work *again = &p->nv->bond.takeover_work;

	p->vf->mtu = FAKE_MTU - 100;
	fake_pair_vf(p)->mtu_err = -ENOMEM;
	fake_pair_vf(p)->open_err = -ETIMEDOUT;
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_TRUE(test, time_before_eq(again->timer.expires, jiffies +
					       NETVSC_TAKEOVER_RETRY_MIN));
	fake_pair_takeover(p);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_TRUE(test, time_after(again->timer.expires, jiffies +
					   NETVSC_TAKEOVER_RETRY_MIN));

	fake_pair_vf(p)->mtu_err = 0;
	fake_pair_vf(p)->open_err = 0;
	fake_pair_takeover(p);
	KUNIT_EXPECT_EQ(test, p->vf->mtu, (unsigned int)FAKE_MTU);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(again));
}

/* The VF is made smaller by the user. */
static void mtu_made_smaller(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(p->vf, FAKE_MTU - 100), 0);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
}

static void vf_takes_what_is_sent(struct fake_host *h)
{
	struct fake_pair *p = h->test->priv;

	if (!rcu_access_pointer(p->nv->conn))
		KUNIT_EXPECT_GE(h->test, p->vf->mtu, (unsigned int)FAKE_MTU);
}

/* How often is the host asked for a path meanwhile, and where is it then? */
static void busy_with_mtu(struct kunit *test, int mtu, unsigned int asks,
			  u32 path)
{
	struct fake_pair *p = test->priv;
	unsigned int asked;

	fake_pair_on_vf(test);
	p->h->any_mtu = true;
	p->h->max_mtu = FAKE_MTU + 100;
	asked = p->h->vf_switches;
	fake_pair_vf(p)->detaches = true;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(p->ndev, mtu), 0);
	fake_pair_vf(p)->detaches = false;
	flush_work(&p->h->work);
	KUNIT_EXPECT_EQ(test, p->h->vf_switches, asked + asks);
	KUNIT_EXPECT_EQ(test, p->h->path, path);
	rtnl_unlock();
	fake_nic_settle(p->h);
	fake_pair_announce(p, true, FAKE_SERIAL);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/*
 * The host is not asked to send where the connection is about to close: only by the
 * new one, which is told where the path is.
 */
static void mtu_that_keeps_the_vf_busy(struct kunit *test)
{
	busy_with_mtu(test, FAKE_MTU + 100, 1, 1);
}

/* A smaller one is the VF's when there is a connection again, which can be used. */
static void mtu_that_keeps_the_vf_busy_later(struct kunit *test)
{
	busy_with_mtu(test, FAKE_MTU - 100, 2, 0);
}

/* The host refuses the MTU: the VF has its old one again. */
static void mtu_refused_by_the_host(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	p->h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 101,
	};
	p->h->any_mtu = true;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(p->ndev, 1400), -EINVAL);
	KUNIT_EXPECT_EQ(test, p->ndev->mtu, (unsigned int)FAKE_MTU);
	KUNIT_EXPECT_EQ(test, p->vf->mtu, (unsigned int)FAKE_MTU);
	KUNIT_EXPECT_NOT_NULL(test, rtnl_dereference(p->nv->conn));
	rtnl_unlock();
	fake_nic_settle(p->h);
	fake_pair_announce(p, true, FAKE_SERIAL);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));

	rtnl_lock();
	/* The VF carries frames of the old one as long as the host is asked. */
	p->h->chatter = vf_takes_what_is_sent;
	KUNIT_EXPECT_EQ(test, dev_set_mtu(p->ndev, 1400), 0);
	p->h->chatter = NULL;
	KUNIT_EXPECT_EQ(test, p->vf->mtu, 1400U);
	rtnl_unlock();
	fake_nic_settle(p->h);
}

static const u8 new_mac[] = { 0x02, 0x15, 0x5d, 0xab, 0xcd, 0xef };

static const u8 third_mac[] = { 0x02, 0x15, 0x5d, 0x01, 0x23, 0x45 };

static int change_mac(struct net_device *dev, const u8 *mac)
{
	struct sockaddr_storage addr = { .ss_family = dev->type };
	int err;

	ether_addr_copy(addr.__data, mac);
	rtnl_lock();
	err = dev_set_mac_address(dev, &addr, NULL);
	rtnl_unlock();
	return err;
}

static bool has_mac(const struct net_device *dev, const u8 *mac)
{
	return ether_addr_equal(dev->dev_addr, mac);
}

/* The host and the VF hear of it; so does the host of the next connection. */
static void mac_changed(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct netvsc_intent want;

	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, p->h->mac_sets, 0U);
	KUNIT_EXPECT_EQ(test, change_mac(p->ndev, new_mac), 0);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, has_mac(p->ndev, new_mac));
	KUNIT_EXPECT_TRUE(test, has_mac(p->vf, new_mac));
	KUNIT_EXPECT_MEMEQ(test, p->h->mac, new_mac, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, p->h->mac_sets, 1U);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));

	want = p->nv->intent;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(p->nv, &want), 0);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->h->mac_sets, 2U);
	KUNIT_EXPECT_MEMEQ(test, p->h->mac, new_mac, ETH_ALEN);
}

/* A VF that comes later gets it, and has its own again at the end. */
static void mac_of_a_later_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 own[ETH_ALEN];

	ether_addr_copy(own, p->vf->dev_addr);
	KUNIT_EXPECT_EQ(test, change_mac(p->ndev, new_mac), 0);
	fake_pair_on_vf(test);
	KUNIT_EXPECT_TRUE(test, has_mac(p->vf, new_mac));
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	fake_nic_unregister(p->h);
	KUNIT_EXPECT_TRUE(test, has_mac(p->vf, own));
}

/* The next one, with a VF. @old: the one before. */
static void mac_fails(struct kunit *test, enum fake_fault_kind kind, u8 *old)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	ether_addr_copy(old, p->ndev->dev_addr);
	p->h->fault = (struct fake_fault) {
		.kind = kind, .reply = FAKE_RNDIS, .asked = OID_CONFIG_PARAM,
	};
}

static void mac_refused_by_the_host(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 old[ETH_ALEN];

	mac_fails(test, FAKE_REFUSE, old);
	KUNIT_EXPECT_EQ(test, change_mac(p->ndev, new_mac), -EIO);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, has_mac(p->ndev, old));
	KUNIT_EXPECT_TRUE(test, has_mac(p->vf, old));
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(p->nv->intent.mac));
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* Nobody knows which one the host has: the next one is told the old one. */
static void mac_not_answered(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 old[ETH_ALEN];

	mac_fails(test, FAKE_LATE, old);
	KUNIT_EXPECT_NE(test, change_mac(p->ndev, new_mac), 0);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_NOT_NULL(test, p->h->hit);
	KUNIT_EXPECT_TRUE(test, has_mac(p->ndev, old));
	KUNIT_EXPECT_TRUE(test, has_mac(p->vf, old));
	KUNIT_EXPECT_MEMEQ(test, p->nv->intent.mac, old, ETH_ALEN);
}

static void mac_refused_by_the_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 old[ETH_ALEN];

	fake_pair_on_vf(test);
	ether_addr_copy(old, p->ndev->dev_addr);
	fake_pair_vf(p)->mac_err = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, change_mac(p->ndev, new_mac), -EOPNOTSUPP);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, has_mac(p->ndev, old));
	KUNIT_EXPECT_TRUE(test, has_mac(p->vf, old));
	KUNIT_EXPECT_MEMEQ(test, p->h->mac, old, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(p->nv->intent.mac));
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

/* It would not receive what is sent to eth<n>: it is joined, and not used. */
static void mac_never_taken(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 own[ETH_ALEN];

	ether_addr_copy(own, p->vf->dev_addr);
	KUNIT_EXPECT_EQ(test, change_mac(p->ndev, new_mac), 0);
	fake_pair_vf(p)->mac_err = -EOPNOTSUPP;
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	fake_pair_expect(test, true);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, p->h->path, 0U);
	/* Nobody waits for its yes, and with its own it is used. */
	KUNIT_EXPECT_EQ(test, change_mac(p->ndev, third_mac), 0);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	KUNIT_EXPECT_EQ(test, change_mac(p->ndev, own), 0);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
}

static void open_refused(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_vf(p)->open_err = -EIO;
	set_all(test, true);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	fake_pair_expect(test, true);
	expect_all(test, true);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->opens, 1U);
	KUNIT_EXPECT_FALSE(test, netif_running(p->vf));
	KUNIT_EXPECT_FALSE(test, fake_pair_published(p));
	set_all(test, false);
	unregister_netdev(p->vf);
	fake_pair_expect(test, false);
}

/* No room for a VLAN: the others are taken, and one of the user's own stays. */
static void vlan_refused(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_vf(p)->bad_vid = 7;
	set_all(test, true);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vlan_vid_add(p->ndev, htons(ETH_P_8021Q), 9), 0);
	KUNIT_EXPECT_EQ(test, vlan_vid_add(p->ndev, htons(ETH_P_8021Q), 5), 0);
	KUNIT_EXPECT_EQ(test, vlan_vid_add(p->vf, htons(ETH_P_8021Q), 9), 0);
	rtnl_unlock();
	fake_pair_takeover(p);
	fake_pair_expect(test, true);
	KUNIT_EXPECT_FALSE(test, test_bit(7, fake_pair_vf(p)->vids));
	KUNIT_EXPECT_TRUE(test, test_bit(5, fake_pair_vf(p)->vids));
	KUNIT_EXPECT_EQ(test, p->vf->promiscuity, 1U);

	set_all(test, false);
	fake_nic_unregister(p->h);
	fake_pair_expect(test, false);
	KUNIT_EXPECT_EQ(test, p->vf->promiscuity, 0U);
	KUNIT_EXPECT_TRUE(test, test_bit(9, fake_pair_vf(p)->vids));
	KUNIT_EXPECT_FALSE(test, test_bit(5, fake_pair_vf(p)->vids));
	rtnl_lock();
	vlan_vid_del(p->vf, htons(ETH_P_8021Q), 9);
	rtnl_unlock();
}

/* eth<n> has one that the VF refuses; the user's own of that number is not ours. */
static void later_vlan_refused(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	fake_pair_vf(p)->bad_vid = 8;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vlan_vid_add(p->ndev, htons(ETH_P_8021Q), 8), 0);
	KUNIT_EXPECT_FALSE(test, test_bit(8, fake_pair_vf(p)->vids));
	fake_pair_vf(p)->bad_vid = 0;
	KUNIT_EXPECT_EQ(test, vlan_vid_add(p->vf, htons(ETH_P_8021Q), 8), 0);
	vlan_vid_del(p->ndev, htons(ETH_P_8021Q), 8);
	KUNIT_EXPECT_TRUE(test, test_bit(8, fake_pair_vf(p)->vids));
	vlan_vid_del(p->vf, htons(ETH_P_8021Q), 8);
	rtnl_unlock();
}

/* Nothing is refused because the VF is detached: it gets it when it is back. */
static void while_it_is_detached(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_on_vf(test);
	netif_device_detach(p->vf);
	fake_nic_up(p->h, false);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vlan_vid_add(p->ndev, htons(ETH_P_8021Q), 8), 0);
	rtnl_unlock();
	fake_nic_up(p->h, true);
	KUNIT_EXPECT_FALSE(test, test_bit(8, fake_pair_vf(p)->vids));
	KUNIT_EXPECT_FALSE(test, netif_running(p->vf));

	netif_device_attach(p->vf);
	flush_delayed_work(&p->nv->bond.watch);
	fake_nic_settle(p->h);
	KUNIT_EXPECT_TRUE(test, test_bit(8, fake_pair_vf(p)->vids));
	KUNIT_EXPECT_TRUE(test, netif_running(p->vf));
	KUNIT_EXPECT_TRUE(test, fake_pair_published(p));
	rtnl_lock();
	vlan_vid_del(p->ndev, htons(ETH_P_8021Q), 8);
	rtnl_unlock();
}

/* It was up before it was ours; eth<n> is not. */
static void closed_with_its_interface(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_nic_up(p->h, false);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	rtnl_lock();
	dev_open(p->vf, NULL);
	rtnl_unlock();
	fake_pair_takeover(p);
	KUNIT_EXPECT_FALSE(test, netif_running(p->vf));
}

static struct kunit_case vf_follow_cases[] = {
	KUNIT_CASE(handed_on_at_takeover),
	KUNIT_CASE(taken_over_in_one_go),
	KUNIT_CASE(handed_on_afterwards),
	KUNIT_CASE(address_taken_off_again),
	KUNIT_CASE(given_back),
	KUNIT_CASE(features_of_its_own),
	KUNIT_CASE(mtu_refused),
	KUNIT_CASE(busy_when_it_came),
	KUNIT_CASE(mtu_made_smaller),
	KUNIT_CASE(mtu_that_keeps_the_vf_busy),
	KUNIT_CASE(mtu_that_keeps_the_vf_busy_later),
	KUNIT_CASE(mtu_refused_by_the_host),
	KUNIT_CASE(mac_changed),
	KUNIT_CASE(mac_of_a_later_vf),
	KUNIT_CASE(mac_refused_by_the_host),
	KUNIT_CASE(mac_not_answered),
	KUNIT_CASE(mac_refused_by_the_vf),
	KUNIT_CASE(mac_never_taken),
	KUNIT_CASE(open_refused),
	KUNIT_CASE(vlan_refused),
	KUNIT_CASE(later_vlan_refused),
	KUNIT_CASE(while_it_is_detached),
	KUNIT_CASE(closed_with_its_interface),
	{}
};

static struct kunit_suite vf_follow_suite = {
	.name = "hv_netvsc_vf_follow",
	.init = fake_pair_init,
	.exit = fake_pair_exit,
	.test_cases = vf_follow_cases,
};

kunit_test_suite(vf_follow_suite);

MODULE_DESCRIPTION("KUnit: what a VF gets of its interface");
MODULE_LICENSE("GPL");
