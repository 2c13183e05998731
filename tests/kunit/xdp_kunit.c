// SPDX-License-Identifier: GPL-2.0
/*
 * XDP on the synthetic side: what a program makes of what the host transfers.
 * The ring is in memory, its code the real one; no verifier has seen the
 * programs.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/page_pool/types.h>
#include <net/xdp.h>

#include "fake_prog.h"
#include "fake_ring.h"
#include "synth/queue.h"
#include "synth/xdp.h"

#define GOOD		1U
#define VLAN		6		/* the type of its per-packet info */
#define LARGE		5000U		/* more than a piece */

struct xdp_test {
	struct fake_host *h;
	struct net_device *ndev;
	struct fake_sink sink;
	struct bpf_prog *prog;
};

static int xdp_init(struct kunit *test)
{
	struct xdp_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->h = fake_nic_new(test);
	t->ndev = t->h->nv->ndev;
	fake_nic_up(t->h, true);
	t->h->any_mtu = true;
	t->h->max_mtu = 9000;
	fake_sink_begin(t->h, &t->sink);
	return 0;
}

static void xdp_exit(struct kunit *test)
{
	struct xdp_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, fake_prog_attach(t->ndev, NULL), 0);
	fake_sink_end(&t->sink);
	fake_nic_free(t->h);
	if (t->prog)
		fake_prog_free(test, t->prog);
}

static void attach(struct kunit *test, struct bpf_prog *prog)
{
	struct xdp_test *t = test->priv;

	t->prog = prog;
	KUNIT_ASSERT_EQ(test, fake_prog_attach(t->ndev, prog), 0);
}

static void attach_verdict(struct kunit *test, u32 verdict)
{
	attach(test, fake_prog_verdict(test, verdict));
}

/* The host transfers a frame, and hears that all went well. */
static void receive(struct kunit *test, u32 len, int type, u32 value)
{
	struct xdp_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, len, type, value);
	struct fake_ring_pkt pkt;

	fake_transfer(t->h, 11, &range, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 1);
	do
		KUNIT_ASSERT_NE(test, fake_ring_get(t->h, &pkt), 0U);
	while (pkt.type != VM_PKT_COMP);
	KUNIT_EXPECT_EQ(test, pkt.tid, 11ULL);
	KUNIT_EXPECT_EQ(test, fake_u32(pkt.data, 4), GOOD);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
}

static struct netvsc_queue_totals received(const struct xdp_test *t)
{
	return netvsc_read_stats(&t->h->nv->queues[0].rx);
}

/* Of one frame: whether it was dropped, and counted all the same. */
static void expect_dropped(struct kunit *test, bool dropped, u32 len)
{
	struct xdp_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, t->sink.frames, dropped ? 0U : 1U);
	KUNIT_EXPECT_EQ(test, received(t).xdp_drop, dropped ? 1ULL : 0ULL);
	KUNIT_EXPECT_EQ(test, received(t).packets, 1ULL);
	KUNIT_EXPECT_EQ(test, received(t).bytes, (u64)len);
}

/* What the sink got is the frame in section 1, up to @len. */
static void expect_whole(struct kunit *test, u32 ppi, u32 len)
{
	struct xdp_test *t = test->priv;
	const u8 *data = t->h->gpadl[0].base + t->h->conn->recv.section_size +
			 44 + ppi;

	KUNIT_EXPECT_EQ(test, t->sink.len, len - ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, t->sink.data, data + ETH_HLEN,
			   len - ETH_HLEN);
}

static void passes(struct kunit *test)
{
	struct xdp_test *t = test->priv;

	/* Ahead of whoever takes the tag off. */
	dev_remove_pack(&t->sink.type);
	t->sink.type.type = htons(ETH_P_ALL);
	dev_add_pack(&t->sink.type);
	attach_verdict(test, XDP_PASS);
	receive(test, 300, VLAN, 0x123d);
	expect_dropped(test, false, 300);
	expect_whole(test, 16, 300);
	KUNIT_EXPECT_EQ(test, t->sink.tci, 0xb123);
	KUNIT_EXPECT_TRUE(test, t->sink.recorded);
	KUNIT_EXPECT_EQ(test, t->sink.meta, 0U);
}

/* Be the guest's pages as large as they are. */
static void costs_no_more_than_its_pieces(struct kunit *test)
{
	struct xdp_test *t = test->priv;

	attach(test, fake_prog_verdict(test, XDP_PASS));
	receive(test, 300, -1, 0);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_LE(test, t->sink.truesize, (u32)SKB_TRUESIZE(SZ_4K));
}

struct no_pass {
	const char *name;
	u32 verdict;
};

static const struct no_pass no_passes[] = {
	{ "drop",	XDP_DROP },
	{ "aborted",	XDP_ABORTED },
	{ "unknown",	42 },
};

static void no_pass_name(const struct no_pass *p, char *name)
{
	strscpy(name, p->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(no_pass, no_passes, no_pass_name);

static void dropped(struct kunit *test)
{
	const struct no_pass *p = test->param_value;
	struct xdp_test *t = test->priv;
	u32 pages;

	attach_verdict(test, p->verdict);
	receive(test, 300, -1, 0);
	expect_dropped(test, true, 300);
	/* Its page is there for the next one. */
	pages = t->h->nv->queues[0].pool->alloc.count;
	receive(test, 300, -1, 0);
	KUNIT_EXPECT_EQ(test, t->h->nv->queues[0].pool->alloc.count, pages);
}

/* It goes back as it came, with its tag. */
static void sent_back(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, VLAN, 7 << 4);
	struct fake_ring_pkt pkt;
	const u8 *msg, *data;

	attach_verdict(test, XDP_TX);
	fake_transfer(t->h, 11, &range, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 1);
	KUNIT_ASSERT_NE(test, fake_ring_get(t->h, &pkt), 0U);
	KUNIT_ASSERT_EQ(test, pkt.type, VM_PKT_DATA_INBAND);
	msg = t->h->gpadl[1].base +
	      fake_u32(pkt.data + pkt.head, 8) * FAKE_SEND_SECTION;
	data = t->h->gpadl[0].base + range.offset + 60;
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 12), 300U);
	KUNIT_EXPECT_MEMEQ(test, msg + 8 + fake_u32(msg, 8), data, 300);
	/* The one piece of information about it. */
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 32), 16U);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 48), (u32)VLAN);
	KUNIT_EXPECT_EQ(test, fake_u32(msg, 56), 7U << 4);

	fake_ring_complete(t->h, pkt.tid, GOOD);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, received(t).xdp_tx, 1ULL);
	KUNIT_EXPECT_EQ(test, received(t).packets, 1ULL);
	KUNIT_EXPECT_EQ(test,
			netvsc_read_stats(&t->h->nv->queues[0].tx).packets,
			1ULL);
}

/* There is no room: it is lost, and nothing else. */
static void no_room_to_send_it_back(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct netvsc_tx_ring *tx = &t->h->conn->chan[0]->tx;

	attach_verdict(test, XDP_TX);
	tx->used += NETVSC_TX_SLOTS;
	receive(test, 300, -1, 0);
	tx->used -= NETVSC_TX_SLOTS;
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, tx_no_space), 1L);
	KUNIT_EXPECT_EQ(test, fake_sections_free(t->h), (u32)FAKE_SECTIONS);
	/* It is the stack's, and the VF may have room. */
	KUNIT_EXPECT_FALSE(test,
			   netif_xmit_stopped(netdev_get_tx_queue(t->ndev, 0)));
}

/* Others need the rest of the ring: for what the host gets back, and asks. */
static void ring_is_not_filled_up(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);
	struct hv_ring_buffer_info *ring = &t->h->vmchan[0]->outbound;
	struct hv_ring_buffer *buf;

	attach_verdict(test, XDP_TX);
	/* The host has not read what is in all but a twentieth of it. */
	buf = ring->ring_buffer;
	buf->read_index = (buf->write_index + ring->ring_datasize / 20) & ~7U;
	fake_transfer(t->h, 11, &range, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 1);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, tx_no_space), 1L);
	KUNIT_EXPECT_EQ(test, t->h->conn->chan[0]->tx.used, 0U);
	/* It gets back what it transferred all the same. */
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, rx_comp_busy), 0L);
	buf->read_index = buf->write_index;
}

/* The host may transfer before it takes frames, and after we have left. */
static void not_sent_back_on_any_connection(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct netvsc *nv = t->h->nv;

	attach_verdict(test, XDP_TX);
	RCU_INIT_POINTER(nv->conn, NULL);
	receive(test, 300, -1, 0);
	rcu_assign_pointer(nv->conn, t->h->conn);
	expect_dropped(test, true, 300);
	KUNIT_EXPECT_EQ(test, received(t).xdp_tx, 0ULL);
}

/* Frames are as long as the MTU allows, but for what a program makes of them. */
static void too_long_to_send_back(struct kunit *test)
{
	const struct bpf_insn longer[] = {
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_1,
			    offsetof(struct xdp_buff, data_end)),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, 1),
		BPF_STX_MEM(BPF_DW, BPF_REG_1, BPF_REG_2,
			    offsetof(struct xdp_buff, data_end)),
		BPF_MOV64_IMM(BPF_REG_0, XDP_TX),
		BPF_EXIT_INSN(),
	};

	attach(test, fake_prog_new(test, longer, ARRAY_SIZE(longer)));
	receive(test, FAKE_MTU + ETH_HLEN, -1, 0);
	expect_dropped(test, true, FAKE_MTU + ETH_HLEN);
}

/* But a tag is not counted. */
static void tag_does_not_make_it_too_long(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	const struct bpf_insn tags[] = {
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_1,
			    offsetof(struct xdp_buff, data)),
		BPF_ST_MEM(BPF_H, BPF_REG_2, 12, htons(ETH_P_8021Q)),
		BPF_ST_MEM(BPF_H, BPF_REG_2, 14, htons(5)),
		BPF_MOV64_IMM(BPF_REG_0, XDP_TX),
		BPF_EXIT_INSN(),
	};

	attach(test, fake_prog_new(test, tags, ARRAY_SIZE(tags)));
	receive(test, FAKE_MTU + VLAN_ETH_HLEN, -1, 0);
	KUNIT_EXPECT_EQ(test, received(t).xdp_tx, 1ULL);
}

/* Both ends are the program's to move, and there may be metadata. */
static void what_the_program_makes_of_it(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	const struct bpf_insn changes[] = {
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_1,
			    offsetof(struct xdp_buff, data_end)),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -50),
		BPF_STX_MEM(BPF_DW, BPF_REG_1, BPF_REG_2,
			    offsetof(struct xdp_buff, data_end)),
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_1,
			    offsetof(struct xdp_buff, data_meta)),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -8),
		BPF_STX_MEM(BPF_DW, BPF_REG_1, BPF_REG_2,
			    offsetof(struct xdp_buff, data_meta)),
		BPF_MOV64_IMM(BPF_REG_0, XDP_PASS),
		BPF_EXIT_INSN(),
	};

	attach(test, fake_prog_new(test, changes, ARRAY_SIZE(changes)));
	receive(test, 300, -1, 0);
	expect_whole(test, 0, 250);
	KUNIT_EXPECT_EQ(test, t->sink.meta, 8U);
}

/* The host transfers what needs a second page. */
static void receive_large(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct fake_range range;

	t->h->conn->recv.section_size = 2 * LARGE;
	range = fake_frame_in(t->h, 0, LARGE, -1, 0);
	fake_transfer(t->h, 11, &range, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 1);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
}

static void large_frame_and_a_simple_program(struct kunit *test)
{
	attach_verdict(test, XDP_PASS);
	receive_large(test);
	expect_dropped(test, true, LARGE);
}

static void large_frame(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_PASS);

	prog->aux->xdp_has_frags = true;
	attach(test, prog);
	receive_large(test);
	expect_dropped(test, false, LARGE);
	KUNIT_EXPECT_EQ(test, t->sink.len, LARGE - ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, t->sink.data, (u8 *)t->h->gpadl[0].base + 44 +
			   ETH_HLEN, LARGE - ETH_HLEN);
}

static void large_frame_dropped(struct kunit *test)
{
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_DROP);

	prog->aux->xdp_has_frags = true;
	attach(test, prog);
	receive_large(test);
	expect_dropped(test, true, LARGE);
}

static void set_mtu(struct kunit *test, u32 mtu, int err)
{
	struct xdp_test *t = test->priv;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(t->ndev, mtu), err);
	rtnl_unlock();
	fake_nic_settle(t->h);
}

/* Neither one after the other, nor the other way round. */
static void mtu_and_a_simple_program(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_PASS);
	struct netlink_ext_ack extack = {};
	struct netdev_bpf bpf = {
		.command = XDP_SETUP_PROG, .prog = prog, .extack = &extack,
	};
	u32 most = netvsc_xdp_max_mtu(prog);
	char text[80];

	set_mtu(test, most + 1, 0);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, t->ndev->netdev_ops->ndo_bpf(t->ndev, &bpf),
			-EOPNOTSUPP);
	rtnl_unlock();
	snprintf(text, sizeof(text),
		 "The MTU is too large for a program without frags: %u at most",
		 most);
	KUNIT_EXPECT_STREQ(test, extack._msg, text);
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(t->h->nv->xdp_prog),
			    NULL);
	set_mtu(test, most, 0);
	attach(test, prog);
	set_mtu(test, most + 1, -EINVAL);
	KUNIT_EXPECT_EQ(test, t->ndev->mtu, most);
}

static void mtu_and_a_program_with_frags(struct kunit *test)
{
	struct bpf_prog *prog = fake_prog_verdict(test, XDP_PASS);

	prog->aux->xdp_has_frags = true;
	attach(test, prog);
	set_mtu(test, 9000, 0);
}

static bool has_lro(const struct xdp_test *t)
{
	return t->ndev->features & NETIF_F_LRO;
}

/* Large receives go while there is a program, and stay away meanwhile. */
static void no_large_receives(struct kunit *test)
{
	struct xdp_test *t = test->priv;

	KUNIT_ASSERT_TRUE(test, has_lro(t));
	attach_verdict(test, XDP_PASS);
	KUNIT_EXPECT_FALSE(test, has_lro(t));
	KUNIT_EXPECT_EQ(test, t->h->nv->intent.lro, 0U);
	set_mtu(test, 1400, 0);
	KUNIT_EXPECT_FALSE(test, has_lro(t));
	KUNIT_EXPECT_EQ(test, t->h->nv->intent.lro, 0U);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(t->ndev, NULL), 0);
	KUNIT_EXPECT_TRUE(test, has_lro(t));
	KUNIT_EXPECT_EQ(test, t->h->nv->intent.lro, 1U);
}

/* The old one is let go of. */
static void replaced(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct bpf_prog *old = fake_prog_verdict(test, XDP_DROP);

	KUNIT_ASSERT_EQ(test, fake_prog_attach(t->ndev, old), 0);
	attach_verdict(test, XDP_PASS);
	fake_prog_free(test, old);
	receive(test, 300, -1, 0);
	expect_dropped(test, false, 300);
}

/* Frames that somebody still has when the program goes. */
static void pages_outlive_the_program(struct kunit *test)
{
	struct xdp_test *t = test->priv;

	attach_verdict(test, XDP_TX);
	receive(test, 300, -1, 0);
	/* The host has not completed it. */
	KUNIT_EXPECT_EQ(test, fake_prog_attach(t->ndev, NULL), 0);
	KUNIT_EXPECT_PTR_EQ(test, t->h->nv->queues[0].pool, NULL);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(t->ndev, t->prog), 0);
	receive(test, 300, -1, 0);
	KUNIT_EXPECT_EQ(test, received(t).xdp_tx, 2ULL);
}

/* Only a command that there is. */
static void other_commands(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct netdev_bpf bpf = { .command = XDP_SETUP_XSK_POOL };

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, t->ndev->netdev_ops->ndo_bpf(t->ndev, &bpf),
			-EOPNOTSUPP);
	rtnl_unlock();
}

/* Frames of other interfaces, each @len bytes long. */
static void frames_of_others(struct kunit *test, struct xdp_frame **frames,
			     int num, u32 len)
{
	struct xdp_rxq_info rxq = { .mem.type = MEM_TYPE_PAGE_ORDER0 };
	struct xdp_buff xdp;
	struct page *page;
	int i;

	for (i = 0; i < num; i++) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		KUNIT_ASSERT_NOT_NULL(test, page);
		xdp_init_buff(&xdp, PAGE_SIZE, &rxq);
		xdp_prepare_buff(&xdp, page_address(page), XDP_PACKET_HEADROOM,
				 len, false);
		memset(xdp.data, i, len);
		put_unaligned_be16(FAKE_ETHERTYPE, xdp.data + 12);
		frames[i] = xdp_convert_buff_to_frame(&xdp);
		KUNIT_ASSERT_NOT_NULL(test, frames[i]);
	}
}

static int xmit(struct xdp_test *t, struct xdp_frame **frames, int num,
		u32 flags)
{
	int sent, i;

	local_bh_disable();
	sent = t->ndev->netdev_ops->ndo_xdp_xmit(t->ndev, num, frames, flags);
	/* As the core does with the others. */
	for (i = max(sent, 0); i < num; i++)
		xdp_return_frame(frames[i]);
	local_bh_enable();
	return sent;
}

static void sent_by_others(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct xdp_frame *frames[2];
	struct fake_ring_pkt pkt;
	const u8 *msg;
	int i;

	frames_of_others(test, frames, 2, 200);
	KUNIT_EXPECT_EQ(test, xmit(t, frames, 2, XDP_XMIT_FLUSH), 2);
	KUNIT_ASSERT_NE(test, fake_ring_get(t->h, &pkt), 0U);
	KUNIT_ASSERT_EQ(test, pkt.type, VM_PKT_DATA_INBAND);
	msg = t->h->gpadl[1].base +
	      fake_u32(pkt.data + pkt.head, 8) * FAKE_SEND_SECTION;
	/* Both share a packet. */
	for (i = 0; i < 2; i++) {
		const u8 *data = msg + 8 + fake_u32(msg, 8);

		KUNIT_EXPECT_EQ(test, fake_u32(msg, 12), 200U);
		KUNIT_EXPECT_EQ(test, data[0], i);
		KUNIT_EXPECT_EQ(test, data[199], i);
		msg += fake_u32(msg, 4);
	}
	fake_ring_complete(t->h, pkt.tid, GOOD);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->h->nv->queues[0].xdp_xmit),
			2L);
}

/* What is not sent is dropped, or with an error the core's to free. */
static void not_sent_for_others(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct netdev_queue *txq = netdev_get_tx_queue(t->ndev, 0);
	struct netvsc_tx_ring *tx = &t->h->conn->chan[0]->tx;
	struct xdp_frame *frames[2];

	frames_of_others(test, frames, 2, 200);
	KUNIT_EXPECT_EQ(test, xmit(t, frames, 2, BIT(9)), -EINVAL);
	frames_of_others(test, frames, 2, 200);
	netif_tx_stop_queue(txq);
	KUNIT_EXPECT_EQ(test, xmit(t, frames, 2, 0), 2);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, tx_no_space), 2L);
	netif_tx_wake_queue(txq);

	/* There is no room: they are lost. The queue is the stack's. */
	frames_of_others(test, frames, 2, 200);
	tx->used += NETVSC_TX_SLOTS;
	KUNIT_EXPECT_EQ(test, xmit(t, frames, 2, 0), 2);
	tx->used -= NETVSC_TX_SLOTS;
	KUNIT_EXPECT_FALSE(test, netif_xmit_stopped(txq));
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, tx_no_space), 4L);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->h->nv->queues[0].xdp_xmit),
			0L);

	fake_nic_up(t->h, false);
	frames_of_others(test, frames, 2, 200);
	KUNIT_EXPECT_EQ(test, xmit(t, frames, 2, 0), -ENETDOWN);
}

/* For want of a path the stack waits; nobody waits with these. */
static void sent_while_the_bond_holds_the_queue(struct kunit *test)
{
	struct xdp_test *t = test->priv;
	struct netvsc_queue *queue = &t->h->nv->queues[0];
	struct netdev_queue *txq = netdev_get_tx_queue(t->ndev, 0);
	struct xdp_frame *frames[2];
	struct fake_ring_pkt pkt;
	int i;

	frames_of_others(test, frames, 2, 200);
	netif_tx_stop_queue(txq);
	queue->held = true;
	KUNIT_EXPECT_EQ(test, xmit(t, frames, 2, 0), 2);
	queue->held = false;
	netif_tx_wake_queue(txq);
	/* Neither waits for the other. */
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_NE(test, fake_ring_get(t->h, &pkt), 0U);
		fake_ring_complete(t->h, pkt.tid, GOOD);
	}
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test,
			netvsc_read_stats(&t->h->nv->queues[0].tx).packets,
			2ULL);
}

static struct kunit_case xdp_cases[] = {
	KUNIT_CASE(passes),
	KUNIT_CASE(costs_no_more_than_its_pieces),
	KUNIT_CASE_PARAM(dropped, no_pass_gen_params),
	KUNIT_CASE(sent_back),
	KUNIT_CASE(no_room_to_send_it_back),
	KUNIT_CASE(ring_is_not_filled_up),
	KUNIT_CASE(not_sent_back_on_any_connection),
	KUNIT_CASE(too_long_to_send_back),
	KUNIT_CASE(tag_does_not_make_it_too_long),
	KUNIT_CASE(what_the_program_makes_of_it),
	KUNIT_CASE(large_frame_and_a_simple_program),
	KUNIT_CASE(large_frame),
	KUNIT_CASE(large_frame_dropped),
	KUNIT_CASE(mtu_and_a_simple_program),
	KUNIT_CASE(mtu_and_a_program_with_frags),
	KUNIT_CASE(no_large_receives),
	KUNIT_CASE(replaced),
	KUNIT_CASE(pages_outlive_the_program),
	KUNIT_CASE(other_commands),
	KUNIT_CASE(sent_by_others),
	KUNIT_CASE(not_sent_for_others),
	KUNIT_CASE(sent_while_the_bond_holds_the_queue),
	{}
};

static struct kunit_suite xdp_suite = {
	.name = "hv_netvsc_xdp",
	.init = xdp_init,
	.exit = xdp_exit,
	.test_cases = xdp_cases,
};

kunit_test_suite(xdp_suite);

MODULE_DESCRIPTION("KUnit: XDP programs on the synthetic side");
MODULE_LICENSE("GPL");
