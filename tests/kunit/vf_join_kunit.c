// SPDX-License-Identifier: GPL-2.0
/* A VF is found, marked, and joined; or not. With real network devices. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>

#include "deadlines.h"
#include "fake_pair.h"
#include "synth/synth.h"

static void marked_before_others_know(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	KUNIT_EXPECT_TRUE(test, p->flags & IFF_SLAVE);
	KUNIT_EXPECT_TRUE(test, p->priv_flags & IFF_NO_ADDRCONF);
	KUNIT_EXPECT_TRUE(test, p->join_told);
	KUNIT_EXPECT_EQ(test, p->nv->bond.vf_serial, (u32)FAKE_SERIAL);
	fake_pair_expect(test, true);
}

struct match_case {
	const char *name;
	bool announced;
	u32 serial;
	u8 last;		/* byte of the MAC */
	bool fits;
};

static const struct match_case match_cases[] = {
	{ "serial and MAC",		true,  2, 0x03, true },
	{ "MAC, nothing announced",	false, 0, 0x03, true },
	{ "another serial",		true,  7, 0x03, false },
	{ "another MAC",		true,  2, 0x04, false },
};

static void match_name(const struct match_case *c, char *name)
{
	strscpy(name, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(match, match_cases, match_name);

static void matches(struct kunit *test)
{
	const struct match_case *c = test->param_value;
	struct fake_pair *p = test->priv;
	u8 mac[ETH_ALEN];

	ether_addr_copy(mac, p->vf->dev_addr);
	mac[5] = c->last;
	eth_hw_addr_set(p->vf, mac);
	if (c->announced)
		fake_pair_announce(p, true, c->serial);
	fake_vf_plug(p->vf);
	KUNIT_EXPECT_EQ(test, !!(p->flags & IFF_SLAVE), c->fits);
	fake_pair_expect(test, c->fits);
}

/* Whatever its address is: it would be trusted with the guest's memory. */
static void none_in_a_confidential_vm(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	eth_hw_addr_set(p->vf, p->ndev->dev_addr);
	p->nv->isolated = true;
	fake_vf_plug(p->vf);
	KUNIT_EXPECT_FALSE(test, p->flags & IFF_SLAVE);
	fake_pair_takeover(p);
	fake_pair_expect(test, false);
	p->nv->isolated = false;
}

/* It was there before the host spoke of it. */
static void found_later(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, 7);
	fake_vf_plug(p->vf);
	fake_pair_expect(test, false);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_pair_expect(test, true);
	/* Another one is announced: this one is not it. */
	fake_pair_announce(p, true, 8);
	fake_pair_expect(test, false);
}

/* The PCI core makes names unique; a serial has 32 bits. */
static void slots_of_other_names(struct kunit *test)
{
	static const struct {
		const char *name;
		u32 serial;
	} slots[] = {
		{ "2-1", 2 }, { "2147483648", 2147483648U },
		{ "4294967295", 4294967295U },
	};
	struct fake_pair *p = test->priv;
	unsigned int i;

	fake_pair_announce(p, true, 7);
	fake_vf_plug(p->vf);
	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		pci_destroy_slot(p->slot);
		p->slot = fake_slot_new(test, FAKE_SLOT, slots[i].name);
		fake_pair_expect(test, false);
		fake_pair_announce(p, true, slots[i].serial);
		fake_pair_expect(test, true);
		KUNIT_EXPECT_EQ(test, p->nv->bond.vf_serial, slots[i].serial);
		fake_pair_announce(p, true, 7);
	}
}

/* Bond work has not heard of it yet. */
static void the_newest_word_counts(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u8 msg[12] = {};

	fake_pair_announce(p, true, 7);
	fake_put(msg, 0, 128);
	fake_put(msg, 4, 1);
	fake_put(msg, 8, FAKE_SERIAL);
	rtnl_lock();
	fake_host_says(p->h, 0, false, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, register_netdevice(p->vf), 0);
	KUNIT_EXPECT_PTR_EQ(test, p->nv->bond.vf, p->vf);
	rtnl_unlock();
}

/* What was announced does not come; what has our MAC is taken after a while. */
static void missed_then_taken_by_mac(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, 7);
	fake_vf_plug(p->vf);
	rtnl_lock();
	KUNIT_EXPECT_NE(test, p->nv->bond.state.missing_ms, 0ULL);
	p->nv->bond.state.missing_ms = 1;
	rtnl_unlock();
	netvsc_vf_post(p->nv);
	fake_nic_settle(p->h);
	fake_pair_expect(test, true);
}

static void somebody_else_receives(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	p->take_first = true;
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	fake_pair_expect(test, false);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->opens, 0U);
}

/* A bond's port stays one, its mark too, until it is let go. */
static void port_of_another(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct net_device *other = fake_vf_new(p->h, FAKE_SLOT_OTHER);

	eth_hw_addr_random(other);
	fake_vf_plug(other);
	fake_pair_announce(p, true, 7);
	fake_vf_plug(p->vf);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netdev_master_upper_dev_link(p->vf, other, NULL,
							   NULL, NULL), 0);
	p->vf->flags |= IFF_SLAVE;
	rtnl_unlock();

	fake_pair_announce(p, true, FAKE_SERIAL);
	rtnl_lock();
	KUNIT_EXPECT_NULL(test, p->nv->bond.vf);
	KUNIT_EXPECT_TRUE(test, p->vf->flags & IFF_SLAVE);
	KUNIT_EXPECT_FALSE(test, netdev_is_rx_handler_busy(p->vf));
	p->vf->flags &= ~IFF_SLAVE;
	netdev_upper_dev_unlink(p->vf, other);
	rtnl_unlock();
	fake_nic_settle(p->h);
	fake_pair_expect(test, true);
	fake_vf_free(other);
}

static void no_receive_handler(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	int refs;

	p->vf->priv_flags |= IFF_NO_RX_HANDLER;
	fake_pair_announce(p, true, FAKE_SERIAL);
	refs = netdev_refcnt_read(p->ndev);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	fake_pair_expect(test, false);
	KUNIT_EXPECT_TRUE(test, fake_pair_refs_are(p->ndev, refs));
	KUNIT_EXPECT_FALSE(test, p->join_told);
}

static void no_upper_link(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	int refs;

	p->refuse_upper = true;
	fake_pair_announce(p, true, FAKE_SERIAL);
	refs = netdev_refcnt_read(p->ndev);
	fake_vf_plug(p->vf);
	fake_pair_takeover(p);
	fake_pair_expect(test, false);
	KUNIT_EXPECT_TRUE(test, fake_pair_refs_are(p->ndev, refs));
	KUNIT_EXPECT_FALSE(test, p->join_told);
	p->refuse_upper = false;
}

/* It was there already: nobody but the one who marked it takes that back. */
static void no_upper_link_later(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, 7);
	fake_vf_plug(p->vf);
	p->refuse_upper = true;
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_pair_expect(test, false);
	p->refuse_upper = false;
}

/* udev has its time to rename it. */
static void not_touched_at_once(struct kunit *test)
{
	struct fake_pair *p = test->priv;

	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	KUNIT_EXPECT_TRUE(test,
			  delayed_work_pending(&p->nv->bond.takeover_work));
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->opens, 0U);
	KUNIT_EXPECT_FALSE(test, p->nv->bond.took_over);
	fake_pair_takeover(p);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->opens, 1U);
	KUNIT_EXPECT_TRUE(test, netif_running(p->vf));
}

static struct kunit_case vf_join_cases[] = {
	KUNIT_CASE(marked_before_others_know),
	KUNIT_CASE_PARAM(matches, match_gen_params),
	KUNIT_CASE(none_in_a_confidential_vm),
	KUNIT_CASE(found_later),
	KUNIT_CASE(slots_of_other_names),
	KUNIT_CASE(the_newest_word_counts),
	KUNIT_CASE(missed_then_taken_by_mac),
	KUNIT_CASE(somebody_else_receives),
	KUNIT_CASE(port_of_another),
	KUNIT_CASE(no_receive_handler),
	KUNIT_CASE(no_upper_link),
	KUNIT_CASE(no_upper_link_later),
	KUNIT_CASE(not_touched_at_once),
	{}
};

static struct kunit_suite vf_join_suite = {
	.name = "hv_netvsc_vf_join",
	.init = fake_pair_init,
	.exit = fake_pair_exit,
	.test_cases = vf_join_cases,
};

kunit_test_suite(vf_join_suite);

MODULE_DESCRIPTION("KUnit: finding and joining a VF");
MODULE_LICENSE("GPL");
