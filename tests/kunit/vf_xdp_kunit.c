// SPDX-License-Identifier: GPL-2.0
/* The XDP program of eth<n>, and the VF: whose driver runs it, or not. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/xdp.h>

#include "fake_pair.h"
#include "fake_prog.h"

/* The VF's driver has that program, or none. */
static void expect_on_vf(struct kunit *test, struct bpf_prog *prog)
{
	struct fake_pair *p = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, fake_pair_vf(p)->prog, prog);
	KUNIT_EXPECT_PTR_EQ(test, p->nv->bond.vf_prog, prog);
}

/* What the VF received gets to the stack, or not. */
static void expect_received(struct kunit *test, unsigned int frames)
{
	KUNIT_EXPECT_EQ(test, fake_pair_vf_receives(test, 90)->frames, frames);
}

static void attach(struct kunit *test, struct bpf_prog *prog)
{
	struct fake_pair *p = test->priv;

	KUNIT_ASSERT_EQ(test, fake_prog_attach(p->ndev, prog), 0);
}

/* eth<n> does not run it once more. */
static void vf_that_comes_runs_it(struct kunit *test)
{
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	attach(test, prog);
	fake_pair_on_vf(test);
	expect_on_vf(test, prog);
	expect_received(test, 1);
	attach(test, NULL);
	expect_on_vf(test, NULL);
	expect_received(test, 1);
	fake_prog_free(test, prog);
}

static void vf_that_is_there_runs_it(struct kunit *test)
{
	struct bpf_prog *old = fake_prog_verdict(test, XDP_DROP);
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	fake_pair_on_vf(test);
	attach(test, old);
	expect_on_vf(test, old);
	attach(test, prog);
	expect_on_vf(test, prog);
	fake_prog_free(test, old);
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* A VF that has joined is not brought to what eth<n> is for a moment. */
static void run_from_the_beginning(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	attach(test, prog);
	fake_pair_announce(p, true, FAKE_SERIAL);
	fake_vf_plug(p->vf);
	expect_on_vf(test, NULL);
	expect_received(test, 0);
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* eth<n> does it then. */
static void vf_does_not_run_it(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *drop = fake_prog_verdict(test, XDP_DROP);
	struct bpf_prog *pass = fake_prog_verdict(test, XDP_PASS);

	fake_pair_vf(p)->xdp_err = -EINVAL;
	fake_pair_on_vf(test);
	attach(test, drop);
	expect_on_vf(test, NULL);
	expect_received(test, 0);
	attach(test, pass);
	expect_received(test, 1);
	attach(test, NULL);
	expect_received(test, 1);
	fake_prog_free(test, drop);
	fake_prog_free(test, pass);
}

/* One that the VF refuses does not leave the one before there. */
static void vf_refuses_the_next(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *old = fake_prog_verdict(test, XDP_PASS);
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	fake_pair_on_vf(test);
	attach(test, old);
	fake_pair_vf(p)->xdp_err = -EINVAL;
	attach(test, prog);
	expect_on_vf(test, NULL);
	expect_received(test, 0);
	fake_prog_free(test, old);
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* Whatever queue of the VF it came on, which eth<n> may not have. */
static void queue_that_the_stack_does_not_know(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);
	struct sk_buff *skb = fake_frame(p->h, 90);

	fake_pair_vf(p)->xdp_err = -EINVAL;
	fake_pair_on_vf(test);
	attach(test, prog);
	rtnl_lock();
	/* With a single one it does not care. */
	KUNIT_EXPECT_EQ(test, netif_set_real_num_rx_queues(p->ndev, 2), 0);
	rtnl_unlock();
	skb->dev = p->vf;
	skb->protocol = eth_type_trans(skb, p->vf);
	skb_record_rx_queue(skb, 5);
	local_bh_disable();
	netif_receive_skb(skb);
	local_bh_enable();
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* A program that somebody gave the VF itself is his. */
static void vf_has_its_own(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *own = fake_prog_verdict(test, XDP_PASS);
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	fake_pair_on_vf(test);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(p->vf, own), 0);
	p->vf->xdp_state[XDP_MODE_DRV].prog = own;
	attach(test, prog);
	KUNIT_EXPECT_PTR_EQ(test, fake_pair_vf(p)->prog, own);
	expect_received(test, 0);
	attach(test, NULL);
	KUNIT_EXPECT_PTR_EQ(test, fake_pair_vf(p)->prog, own);

	/* Given in place of ours. */
	p->vf->xdp_state[XDP_MODE_DRV].prog = NULL;
	attach(test, prog);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(p->vf, own), 0);
	p->vf->xdp_state[XDP_MODE_DRV].prog = own;
	attach(test, NULL);
	KUNIT_EXPECT_PTR_EQ(test, fake_pair_vf(p)->prog, own);
	fake_prog_free(test, prog);
	p->vf->xdp_state[XDP_MODE_DRV].prog = NULL;
	KUNIT_EXPECT_EQ(test, fake_prog_attach(p->vf, NULL), 0);
	fake_prog_free(test, own);
}

/* It is taken from a VF that goes, and given to the one that comes. */
static void vf_goes(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	attach(test, prog);
	fake_pair_on_vf(test);
	expect_on_vf(test, prog);
	unregister_netdev(p->vf);
	expect_on_vf(test, NULL);
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* So does one that is only let go of. */
static void interface_goes(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	attach(test, prog);
	fake_pair_on_vf(test);
	rtnl_lock();
	netvsc_vf_leave(p->nv);
	rtnl_unlock();
	KUNIT_EXPECT_PTR_EQ(test, fake_pair_vf(p)->prog, NULL);
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* One that does not let go of it is asked again, and takes it along. */
static void vf_keeps_it(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_PASS);

	fake_pair_on_vf(test);
	attach(test, prog);
	fake_pair_vf(p)->xdp_keeps = true;
	attach(test, NULL);
	expect_on_vf(test, prog);
	fake_pair_vf(p)->xdp_keeps = false;
	attach(test, NULL);
	expect_on_vf(test, NULL);
	attach(test, prog);
	fake_pair_vf(p)->xdp_keeps = true;
	unregister_netdev(p->vf);
	KUNIT_EXPECT_PTR_EQ(test, p->nv->bond.vf_prog, NULL);
	attach(test, NULL);
	fake_pair_vf(p)->xdp_keeps = false;
	KUNIT_EXPECT_EQ(test, fake_prog_attach(p->vf, NULL), 0);
	fake_prog_free(test, prog);
}

/* AF_XDP sockets of eth<n> would not get what came on the VF. */
static void program_with_sockets(struct kunit *test)
{
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);
	struct bpf_map map = { .map_type = BPF_MAP_TYPE_XSKMAP };
	struct bpf_map *maps[] = { &map };

	prog->aux->used_maps = maps;
	prog->aux->used_map_cnt = 1;
	fake_pair_on_vf(test);
	attach(test, prog);
	expect_on_vf(test, NULL);
	expect_received(test, 0);
	attach(test, NULL);
	prog->aux->used_map_cnt = 0;
	prog->aux->used_maps = NULL;
	fake_prog_free(test, prog);
}

static bool vf_has_lro(const struct fake_pair *p)
{
	return p->vf->features & NETIF_F_LRO;
}

/* Large receives of the VF go while there is a program, and come back. */
static void no_large_receives_of_the_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	p->vf->features |= NETIF_F_LRO;
	fake_pair_on_vf(test);
	KUNIT_EXPECT_TRUE(test, vf_has_lro(p));
	attach(test, prog);
	KUNIT_EXPECT_FALSE(test, vf_has_lro(p));
	attach(test, NULL);
	KUNIT_EXPECT_TRUE(test, vf_has_lro(p));

	rtnl_lock();
	p->vf->wanted_features &= ~NETIF_F_LRO;
	netdev_update_features(p->vf);
	rtnl_unlock();
	attach(test, prog);
	attach(test, NULL);
	KUNIT_EXPECT_FALSE(test, vf_has_lro(p));
	fake_prog_free(test, prog);
}

static bool vf_has_gro(const struct fake_pair *p)
{
	return p->vf->features & NETIF_F_GRO;
}

/* Whoever runs the program: it sees frames as they were sent. */
static void nothing_put_together_by_the_stack(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	fake_pair_on_vf(test);
	attach(test, prog);
	KUNIT_EXPECT_TRUE(test, vf_has_gro(p));
	attach(test, NULL);
	fake_pair_vf(p)->xdp_err = -EINVAL;
	attach(test, prog);
	KUNIT_EXPECT_FALSE(test, vf_has_gro(p));
	rtnl_lock();
	netvsc_vf_set_features(p->nv, p->ndev->features);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, vf_has_gro(p));
	attach(test, NULL);
	KUNIT_EXPECT_TRUE(test, vf_has_gro(p));
	fake_prog_free(test, prog);
}

/* Somebody has set a program on the VF, and taken it away again. */
static void vf_has_lost_it(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	fake_pair_on_vf(test);
	attach(test, prog);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(p->vf, NULL), 0);
	attach(test, prog);
	expect_on_vf(test, prog);
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* Nor does one that comes have any, whatever it had. */
static void vf_comes_with_large_receives(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	p->vf->features |= NETIF_F_LRO;
	attach(test, prog);
	fake_pair_on_vf(test);
	KUNIT_EXPECT_FALSE(test, vf_has_lro(p));
	rtnl_lock();
	netvsc_vf_leave(p->nv);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, vf_has_lro(p));
	attach(test, NULL);
	fake_prog_free(test, prog);
}

/* What was received at some time is not to be sent at that time. */
static void received_frame_is_sent_at_once(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	struct sk_buff *skb = fake_frame(p->h, 90);

	fake_pair_on_vf(test);
	__net_timestamp(skb);
	KUNIT_EXPECT_EQ(test, fake_nic_send(p->h, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->tstamp, 0LL);
}

static void set_mtu(struct kunit *test, u32 mtu, int err)
{
	struct fake_pair *p = test->priv;

	p->h->any_mtu = true;
	p->h->max_mtu = 9000;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(p->ndev, mtu), err);
	rtnl_unlock();
	fake_nic_settle(p->h);
	KUNIT_EXPECT_EQ(test, p->vf->mtu == mtu, !err);
}

/* The VF gets the MTU, and the program back once it can run it again. */
static void mtu_that_the_vf_does_not_take_with_it(struct kunit *test)
{
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	prog->aux->xdp_has_frags = true;
	fake_pair_on_vf(test);
	attach(test, prog);
	expect_on_vf(test, prog);
	set_mtu(test, 4000, 0);
	expect_on_vf(test, NULL);
	expect_received(test, 0);
	set_mtu(test, 1500, 0);
	expect_on_vf(test, prog);
	expect_received(test, 1);
	/* Not even without it. */
	set_mtu(test, 9100, -EINVAL);
	expect_on_vf(test, prog);
	attach(test, NULL);
	fake_prog_free(test, prog);
}

static int xmit(struct kunit *test, bool frags)
{
	struct xdp_rxq_info rxq = { .mem.type = MEM_TYPE_PAGE_ORDER0 };
	struct fake_pair *p = test->priv;
	struct xdp_frame *frames[3];
	struct xdp_buff xdp;
	int i, sent;

	for (i = 0; i < 3; i++) {
		struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

		KUNIT_ASSERT_NOT_NULL(test, page);
		xdp_init_buff(&xdp, PAGE_SIZE, &rxq);
		xdp_prepare_buff(&xdp, page_address(page), XDP_PACKET_HEADROOM,
				 100 + i, false);
		if (frags) {
			xdp_get_shared_info_from_buff(&xdp)->nr_frags = 0;
			xdp_buff_set_frags_flag(&xdp);
		}
		frames[i] = xdp_convert_buff_to_frame(&xdp);
	}
	local_bh_disable();
	sent = p->ndev->netdev_ops->ndo_xdp_xmit(p->ndev, 3, frames, 0);
	for (i = max(sent, 0); i < 3; i++)
		xdp_return_frame(frames[i]);
	local_bh_enable();
	return sent;
}

static struct netvsc_vf_totals totals(const struct fake_pair *p)
{
	struct netvsc_vf_totals sum;

	netvsc_vf_get_totals(p->nv, &sum);
	return sum;
}

/* As they are; what the VF did not take is not counted. */
static void sent_by_others_over_the_vf(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 frames, bytes;

	fake_pair_on_vf(test);
	frames = totals(p).tx_packets;
	bytes = totals(p).tx_bytes;
	KUNIT_EXPECT_EQ(test, xmit(test, false), 2);
	KUNIT_EXPECT_EQ(test, totals(p).tx_packets, frames + 2);
	KUNIT_EXPECT_EQ(test, totals(p).tx_bytes, bytes + 201);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&p->nv->queues[0].xdp_xmit),
			0L);
}

/* By way of skbs, where the VF does not take them, or not whole. */
static void sent_by_others_as_skbs(struct kunit *test)
{
	struct fake_pair *p = test->priv;
	u64 frames;

	fake_pair_on_vf(test);
	frames = totals(p).tx_packets;
	fake_pair_vf(p)->frames = 0;
	KUNIT_EXPECT_EQ(test, xmit(test, true), 3);
	fake_pair_vf(p)->xmit_err = -ENXIO;
	KUNIT_EXPECT_EQ(test, xmit(test, false), 3);
	KUNIT_EXPECT_EQ(test, fake_pair_vf(p)->frames, 6U);
	KUNIT_EXPECT_EQ(test, totals(p).tx_packets, frames + 6);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&p->nv->queues[0].xdp_xmit),
			6L);
}

static struct kunit_case vf_xdp_cases[] = {
	KUNIT_CASE(vf_that_comes_runs_it),
	KUNIT_CASE(vf_that_is_there_runs_it),
	KUNIT_CASE(run_from_the_beginning),
	KUNIT_CASE(vf_does_not_run_it),
	KUNIT_CASE(vf_refuses_the_next),
	KUNIT_CASE(queue_that_the_stack_does_not_know),
	KUNIT_CASE(vf_has_its_own),
	KUNIT_CASE(vf_goes),
	KUNIT_CASE(interface_goes),
	KUNIT_CASE(vf_keeps_it),
	KUNIT_CASE(program_with_sockets),
	KUNIT_CASE(no_large_receives_of_the_vf),
	KUNIT_CASE(nothing_put_together_by_the_stack),
	KUNIT_CASE(vf_has_lost_it),
	KUNIT_CASE(vf_comes_with_large_receives),
	KUNIT_CASE(received_frame_is_sent_at_once),
	KUNIT_CASE(mtu_that_the_vf_does_not_take_with_it),
	KUNIT_CASE(sent_by_others_over_the_vf),
	KUNIT_CASE(sent_by_others_as_skbs),
	{}
};

static struct kunit_suite vf_xdp_suite = {
	.name = "hv_netvsc_vf_xdp",
	.init = fake_pair_init,
	.exit = fake_pair_exit,
	.test_cases = vf_xdp_cases,
};

kunit_test_suite(vf_xdp_suite);

MODULE_DESCRIPTION("KUnit: XDP programs and the VF");
MODULE_LICENSE("GPL");
