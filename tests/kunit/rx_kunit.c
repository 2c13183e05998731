// SPDX-License-Identifier: GPL-2.0
/*
 * Receiving: transfers of a host that does as it likes, what comes of their
 * frames, and what the host gets back. The ring is in memory, its code the real
 * one.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <net/ip.h>

#include "fake_ring.h"
#include "synth/queue.h"
#include "synth/rx.h"
#include "wire/rndis.h"

#define GOOD		1U
#define BAD		2U

struct rx_test {
	struct fake_host *h;
	struct fake_sink sink;
};

static int rx_init(struct kunit *test)
{
	struct rx_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->h = fake_nic_new(test);
	fake_nic_up(t->h, true);
	fake_sink_begin(t->h, &t->sink);
	return 0;
}

static void rx_exit(struct kunit *test)
{
	struct rx_test *t = test->priv;

	fake_sink_end(&t->sink);
	fake_nic_free(t->h);
}

/* The host has got a transfer back, and hears how it went. */
static void expect_back(struct kunit *test, u64 tid, u32 status)
{
	struct rx_test *t = test->priv;
	struct fake_ring_pkt pkt;

	KUNIT_ASSERT_NE(test, fake_ring_get(t->h, &pkt), 0U);
	KUNIT_EXPECT_EQ(test, pkt.type, VM_PKT_COMP);
	KUNIT_EXPECT_EQ(test, pkt.tid, tid);
	KUNIT_EXPECT_EQ(test, fake_u32(pkt.data, 0), 108U);
	KUNIT_EXPECT_EQ(test, fake_u32(pkt.data, 4), status);
}

static void expect_nothing_back(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_ring_pkt pkt;

	KUNIT_EXPECT_EQ(test, fake_ring_get(t->h, &pkt), 0U);
}

static struct netvsc_queue_totals received(const struct rx_test *t)
{
	return netvsc_read_stats(&t->h->nv->queues[0].rx);
}

static void frame_is_delivered(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);
	u8 *data = t->h->gpadl[0].base + range.offset + 44;

	fake_transfer(t->h, 11, &range, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 1);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_EQ(test, t->sink.len, 300U - ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, t->sink.data, data + ETH_HLEN,
			   300 - ETH_HLEN);
	KUNIT_EXPECT_FALSE(test, t->sink.summed);
	expect_back(test, 11, GOOD);
	expect_nothing_back(test);
	KUNIT_EXPECT_EQ(test, received(t).packets, 1ULL);
	KUNIT_EXPECT_EQ(test, received(t).bytes, 300ULL);
	KUNIT_EXPECT_EQ(test, fake_ring_kept(t->h), 0U);
}

struct bad_range {
	const char *name;
	struct fake_range range;
};

static const struct bad_range bad_ranges[] = {
	{ "begins behind the buffer",	{ 100, FAKE_RECV_BYTES + 1 } },
	{ "ends behind the buffer",	{ 100, FAKE_RECV_BYTES - 99 } },
	{ "wraps",			{ 0xffffffff, 100 } },
	{ "longer than a section",	{ FAKE_RECV_SECTION + 1, 0 } },
	{ "no message",			{ 7, 0 } },
	{ "frame outside of it",	{ 60, FAKE_RECV_SECTION } },
	{ "header behind the buffer",	{ 8, FAKE_RECV_BYTES - 8 } },
};

static void bad_range_name(const struct bad_range *r, char *name)
{
	strscpy(name, r->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bad, bad_ranges, bad_range_name);

/* The host hears of it; the frames before and after are none the worse. */
static void bad_range_among_good_ones(struct kunit *test)
{
	const struct bad_range *bad = test->param_value;
	struct rx_test *t = test->priv;
	struct fake_range ranges[3];

	fake_frame_in(t->h, 1, 300, -1, 0);
	ranges[0] = fake_frame_in(t->h, 2, 100, -1, 0);
	ranges[1] = bad->range;
	/* The last bytes say that they are a frame's message. */
	fake_put(t->h->gpadl[0].base, FAKE_RECV_BYTES - 8, 1);
	fake_put(t->h->gpadl[0].base, FAKE_RECV_BYTES - 4, 8);
	ranges[2] = fake_frame_in(t->h, 3, 200, -1, 0);
	fake_transfer(t->h, 12, ranges, 3);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 3);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 2U);
	expect_back(test, 12, BAD);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 1L);
	KUNIT_EXPECT_EQ(test, received(t).bytes, 300ULL);
}

/* With coalescing hosts have as many as there is room for in a packet. */
static const struct many_ranges {
	const char *name;
	u32 num;
	bool bad;
} many_ranges[] = {
	{ "one",			1, false },
	{ "one, bad",			1, true },
	{ "two",			2, false },
	{ "two, one of them bad",	2, true },
	{ "375",			375, false },
	{ "375, one of them bad",	375, true },
	{ "562",			562, false },
};

static void many_ranges_name(const struct many_ranges *r, char *name)
{
	strscpy(name, r->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(many, many_ranges, many_ranges_name);

/* Frames of several lengths; the one in the middle may be bad. Return: bytes. */
static u64 fill_ranges(struct rx_test *t, struct fake_range *ranges,
		       const struct many_ranges *many)
{
	/* The first one is another transfer's. */
	const u32 sections = FAKE_RECV_BYTES / FAKE_RECV_SECTION - 1;
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < many->num; i++) {
		u32 len = 60 + i % sections;

		ranges[i] = fake_frame_in(t->h, 1 + i % sections, len, -1, 0);
		if (many->bad && i == many->num / 2)
			ranges[i].count = FAKE_RECV_SECTION + 1;
		else
			bytes += len;
	}
	return bytes;
}

/* Each is looked at, also behind a bad one; the budget is no reason not to. */
static void transfer_of_many_ranges(struct kunit *test)
{
	const struct many_ranges *many = test->param_value;
	const u32 frames = many->num - many->bad;
	struct rx_test *t = test->priv;
	struct fake_range *ranges, last;
	u64 bytes;
	int work;

	ranges = kunit_kcalloc(test, many->num, sizeof(*ranges), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ranges);
	bytes = fill_ranges(t, ranges, many);
	fake_transfer(t->h, 12, ranges, many->num);
	last = fake_frame_in(t->h, 0, 1000, -1, 0);
	fake_transfer(t->h, 13, &last, 1);
	do {
		work = fake_ring_poll(t->h, 64);
		KUNIT_ASSERT_LE(test, work, 64);
	} while (work == 64);

	KUNIT_EXPECT_EQ(test, t->sink.frames, frames + 1);
	KUNIT_EXPECT_EQ(test, t->sink.len, 1000U - ETH_HLEN);
	KUNIT_EXPECT_EQ(test, received(t).packets, frames + 1ULL);
	KUNIT_EXPECT_EQ(test, received(t).bytes, bytes + 1000);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed),
			(long)many->bad);
	expect_back(test, 12, many->bad ? BAD : GOOD);
	expect_back(test, 13, GOOD);
	expect_nothing_back(test);
	KUNIT_EXPECT_EQ(test, fake_ring_kept(t->h), 0U);
}

/* What is wrong with the whole of it; it comes back all the same. */
static void bad_transfers(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);
	u8 pkt[8 + 8 + 40] = {};

	fake_put(pkt, 4, 1);
	fake_put(pkt, 8, range.count);
	fake_put(pkt, 12, range.offset);
	fake_put(pkt, 16, 107);
	put_unaligned_le16(0xcaff, pkt);	/* another buffer */
	fake_ring_put(t->h, VM_PKT_DATA_USING_XFER_PAGES, 1, pkt, 16, 56);
	put_unaligned_le16(0xcafe, pkt);
	fake_put(pkt, 4, 2);			/* more ranges than room */
	fake_ring_put(t->h, VM_PKT_DATA_USING_XFER_PAGES, 2, pkt, 16, 56);
	fake_put(pkt, 4, 0);			/* none */
	fake_ring_put(t->h, VM_PKT_DATA_USING_XFER_PAGES, 3, pkt, 16, 56);
	fake_put(pkt, 4, 1);			/* no header */
	fake_ring_put(t->h, VM_PKT_DATA_USING_XFER_PAGES, 4, pkt, 0, 56);
	fake_ring_put(t->h, VM_PKT_DATA_USING_XFER_PAGES, 5, pkt, 16, 24);
	fake_put(pkt, 16, 108);			/* another message */
	fake_ring_put(t->h, VM_PKT_DATA_USING_XFER_PAGES, 6, pkt, 16, 56);

	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 6);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 6L);
	expect_back(test, 1, BAD);
	expect_back(test, 2, BAD);
	expect_back(test, 3, BAD);
	expect_back(test, 4, BAD);
	expect_back(test, 5, BAD);
	expect_back(test, 6, BAD);
}

/* Room of what was read is the host's again, also if there is more to read. */
static void budget_ends(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);
	u32 all, i;

	for (i = 0; i < 4; i++)
		fake_transfer(t->h, i, &range, 1);
	all = fake_ring_kept(t->h);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 3), 3);
	KUNIT_EXPECT_EQ(test, received(t).packets, 3ULL);
	KUNIT_EXPECT_EQ(test, fake_ring_kept(t->h), all / 4);
	for (i = 0; i < 3; i++)
		expect_back(test, i, GOOD);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 3), 1);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 4U);
	KUNIT_EXPECT_EQ(test, fake_ring_kept(t->h), 0U);
	expect_back(test, 3, GOOD);
}

/* The rest of a transfer is for the next poll; the host gets it back whole. */
static void budget_ends_in_a_transfer(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range ranges[5];
	u32 all, i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++)
		ranges[i] = fake_frame_in(t->h, i, 100 + i, -1, 0);
	/* One of the first is no good, and that is not forgotten. */
	ranges[1].offset = FAKE_RECV_BYTES + 1;
	fake_transfer(t->h, 1, ranges, 5);
	all = fake_ring_kept(t->h);
	fake_transfer(t->h, 2, ranges, 1);

	/* The stack hands frames on when a poll leaves some of its budget. */
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 2), 2);
	KUNIT_EXPECT_EQ(test, received(t).packets, 1ULL);
	KUNIT_EXPECT_GT(test, fake_ring_kept(t->h), all);
	expect_nothing_back(test);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 2), 2);
	KUNIT_EXPECT_EQ(test, received(t).packets, 3ULL);
	KUNIT_EXPECT_EQ(test, received(t).bytes, 100U + 102 + 103ULL);
	expect_nothing_back(test);
	/* The end of it, and the next one, of which nothing was bad. */
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 2), 2);
	expect_back(test, 1, BAD);
	expect_back(test, 2, GOOD);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 2), 0);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 5U);
	KUNIT_EXPECT_EQ(test, fake_ring_kept(t->h), 0U);
	KUNIT_EXPECT_EQ(test, received(t).bytes, 100U + 102 + 103 + 104 + 100ULL);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 1L);
}

/* While we are in the middle of it, the host makes a transfer a shorter one. */
static void transfer_shrinks(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct hv_ring_buffer *ring = t->h->vmchan[0]->inbound.ring_buffer;
	struct fake_range range = fake_frame_in(t->h, 1, 100, -1, 0);
	struct fake_range ranges[] = { range, range, range };
	u8 *pkt = ring->buffer + ring->write_index;

	fake_transfer(t->h, 1, ranges, 3);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 2), 2);
	/* Behind its descriptor, and the name of the buffer. */
	fake_put(pkt, sizeof(struct vmpacket_descriptor) + 4, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 1);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 2U);
	expect_back(test, 1, GOOD);
	KUNIT_EXPECT_EQ(test, fake_ring_kept(t->h), 0U);

	fake_transfer(t->h, 2, ranges, 3);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 3);
	expect_back(test, 2, GOOD);
}

/* netpoll: nothing but completions of frames may be read. */
static void no_budget_at_all(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);

	fake_transfer(t->h, 1, &range, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 0), 0);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	expect_nothing_back(test);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 1);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	expect_back(test, 1, GOOD);
}

/* Priority, DEI and number, for the stack. */
static void vlan_tag_for_the_stack(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 100, 6, 0x123d);

	/* Ahead of whoever takes the tag off. */
	dev_remove_pack(&t->sink.type);
	t->sink.type.type = htons(ETH_P_ALL);
	dev_add_pack(&t->sink.type);
	fake_transfer(t->h, 1, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_EQ(test, t->sink.tci, 0xb123);
	expect_back(test, 1, GOOD);
}

static void checksum_and_hash(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range;

	range = fake_frame_in(t->h, 1, 100, 0, BIT(3));		/* TCP, good */
	fake_transfer(t->h, 1, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_TRUE(test, t->sink.summed);
	range = fake_frame_in(t->h, 1, 100, 0, BIT(0));		/* TCP, bad */
	fake_transfer(t->h, 2, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_FALSE(test, t->sink.summed);
	range = fake_frame_in(t->h, 1, 100, 8, 0xdeadbeef);
	fake_transfer(t->h, 3, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.hash, 0xdeadbeefU);
	KUNIT_EXPECT_FALSE(test, t->sink.l4_hash);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 3U);
}

/* As if the NIC had two channels, which are what RSS is for. */
static void with_channels(struct kunit *test)
{
	struct rx_test *t = test->priv;

	fake_sink_end(&t->sink);
	fake_nic_free(t->h);
	t->h = fake_nic_new_channels(test, 2);
	fake_nic_up(t->h, true);
	fake_sink_begin(t->h, &t->sink);
	/* Ahead of IP, to which these frames go. */
	dev_remove_pack(&t->sink.type);
	t->sink.type.type = htons(ETH_P_ALL);
	dev_add_pack(&t->sink.type);
}

/* A frame with a hash comes: does the stack take it for that of a flow? */
static bool is_of_a_flow(struct kunit *test, u16 ethertype, u8 protocol,
			 u16 fragment)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 100, 8, 0xdeadbeef);
	u8 *data = t->h->gpadl[0].base + range.offset + 60;

	put_unaligned_be16(ethertype, data + 12);
	if (ethertype == ETH_P_IP) {
		data[14] = 0x45;
		put_unaligned_be16(fragment, data + 20);
		data[23] = protocol;
	} else {
		data[14] = 0x60;
		data[20] = protocol;
	}
	fake_transfer(t->h, 1, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.hash, 0xdeadbeefU);
	expect_back(test, 1, GOOD);
	return t->sink.l4_hash;
}

/* The host does not say what its hash is made of: of what it was asked for. */
static void hash_of_ports_and_without(struct kunit *test)
{
	struct netvsc_rss rss;
	struct netvsc_conn *conn;
	struct rx_test *t = test->priv;

	with_channels(test);
	conn = t->h->conn;
	KUNIT_EXPECT_TRUE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_TCP, 0));
	KUNIT_EXPECT_TRUE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_TCP,
					     IP_DF));
	KUNIT_EXPECT_TRUE(test, is_of_a_flow(test, ETH_P_IPV6, IPPROTO_TCP, 0));
	/* Nothing else has ports that this host would look at. */
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_UDP, 0));
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IPV6, IPPROTO_UDP, 0));
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_ICMP, 0));
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IPV6,
					      IPPROTO_FRAGMENT, 0));
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_TCP,
					      IP_MF));
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_TCP, 100));
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_ARP, IPPROTO_TCP, 0));

	/* Another host can do that. */
	conn->caps.rss_types |= NDIS_HASH_UDP_IPV4 | NDIS_HASH_UDP_IPV6;
	rss = t->h->nv->intent.rss;
	KUNIT_EXPECT_EQ(test, netvsc_rss_set(conn, &rss), 0);
	KUNIT_EXPECT_TRUE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_UDP, 0));
	KUNIT_EXPECT_TRUE(test, is_of_a_flow(test, ETH_P_IPV6, IPPROTO_UDP, 0));

	/* The user does not want it. */
	rss.types &= ~NDIS_HASH_TCP_IPV4;
	KUNIT_EXPECT_EQ(test, netvsc_rss_set(conn, &rss), 0);
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_TCP, 0));
	KUNIT_EXPECT_TRUE(test, is_of_a_flow(test, ETH_P_IPV6, IPPROTO_TCP, 0));

	/* And then does, and no longer the other, but nobody says that it is so. */
	rss.types |= NDIS_HASH_TCP_IPV4;
	rss.types &= ~NDIS_HASH_UDP_IPV4;
	t->h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_RNDIS,
		.asked = OID_RSS_PARAMS,
	};
	KUNIT_EXPECT_NE(test, netvsc_rss_set(conn, &rss), 0);
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_TCP, 0));
	KUNIT_EXPECT_FALSE(test, is_of_a_flow(test, ETH_P_IP, IPPROTO_UDP, 0));
	KUNIT_EXPECT_TRUE(test, is_of_a_flow(test, ETH_P_IPV6, IPPROTO_UDP, 0));
}

/* A host that does say. */
static void hash_that_is_explained(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range;
	u32 i;

	with_channels(test);
	for (i = 0; i < 2; i++) {
		u8 *msg = t->h->gpadl[0].base + FAKE_RECV_SECTION;

		range = fake_frame_in(t->h, 1, 100, 8, 0xdeadbeef);
		memmove(msg + 76, msg + 60, 100);
		range.count += 16;
		fake_put(msg, 4, range.count);
		fake_put(msg, 8, 36 + 32);
		fake_put(msg, 32, 32);
		fake_put(msg, 60, 16);
		fake_put(msg, 64, 9);
		fake_put(msg, 68, 12);
		/* IPv4, or TCP over it: whatever the frame looks like. */
		fake_put(msg, 72, i ? BIT(9) : BIT(8));
		fake_transfer(t->h, 1, &range, 1);
		fake_ring_poll(t->h, 64);
		KUNIT_EXPECT_EQ(test, t->sink.frames, i + 1);
		KUNIT_EXPECT_EQ(test, t->sink.l4_hash, (bool)i);
		expect_back(test, 1, GOOD);
	}
}

static void while_the_interface_is_down(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);

	fake_nic_up(t->h, false);
	fake_transfer(t->h, 1, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, rx_not_running), 1L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
	expect_back(test, 1, BAD);
}

/*
 * The host may send as soon as it has the buffer, ahead of its next answer: that
 * waits for room, and nobody else comes to look at it.
 */
static void transfer_before_there_is_room(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct netvsc_chan *chan = t->h->conn->chan[0];
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);
	unsigned long end = jiffies + 10 * HZ;
	u32 size = chan->rx.size;

	WRITE_ONCE(chan->rx.size, 0);
	fake_transfer(t->h, 1, &range, 1);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 64), 0);
	KUNIT_EXPECT_EQ(test, READ_ONCE(t->sink.frames), 0U);
	expect_nothing_back(test);
	/* Pairs with netvsc_rx_ring_full(). */
	smp_store_release(&chan->rx.size, size);
	while (!READ_ONCE(t->sink.frames) && time_before(jiffies, end))
		msleep(20);
	KUNIT_EXPECT_EQ(test, READ_ONCE(t->sink.frames), 1U);
	fake_ring_poll(t->h, 64);
	expect_back(test, 1, GOOD);
}

static void multicast_is_counted(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);
	u8 *data = t->h->gpadl[0].base + range.offset + 44;

	data[0] = 1;
	fake_transfer(t->h, 1, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, received(t).multicast, 1ULL);
}

/* No room for what the host wants back: later, in order, nothing forgotten. */
static void host_leaves_no_room(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 300, -1, 0);
	struct vmbus_channel *vmchan = t->h->nv->hdev->channel;
	struct fake_ring_pkt pkt;
	unsigned int others = 0;
	u64 filler = 0;

	while (!vmbus_sendpacket(vmchan, &filler, sizeof(filler), 0,
				 VM_PKT_DATA_INBAND, 0))
		others++;
	fake_transfer(t->h, 1, &range, 1);
	fake_transfer(t->h, 2, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 2U);
	KUNIT_EXPECT_NE(test, FAKE_COUNT(t->h, rx_comp_busy), 0L);
	KUNIT_EXPECT_TRUE(test,
			  timer_pending(&t->h->conn->chan[0]->retry) ||
			  FAKE_COUNT(t->h, rx_comp_busy) > 1);
	while (others--)
		KUNIT_EXPECT_NE(test, fake_ring_get(t->h, &pkt), 0U);
	fake_ring_poll(t->h, 64);
	expect_back(test, 1, GOOD);
	expect_back(test, 2, GOOD);
}

/* A host that makes up transfers waits until it takes some back. */
static void more_transfers_than_sections(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct fake_range range = fake_frame_in(t->h, 1, 60, -1, 0);
	struct vmbus_channel *vmchan = t->h->nv->hdev->channel;
	u32 sections = FAKE_RECV_BYTES / FAKE_RECV_SECTION;
	unsigned int others = 0;
	struct fake_ring_pkt pkt;
	u64 filler = 0;
	u32 i;

	while (!vmbus_sendpacket(vmchan, &filler, sizeof(filler), 0,
				 VM_PKT_DATA_INBAND, 0))
		others++;
	for (i = 0; i < sections + 2; i++)
		fake_transfer(t->h, i, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.frames, sections);
	KUNIT_EXPECT_TRUE(test, netvsc_rx_ring_full(t->h->conn->chan[0]));
	while (others--)
		KUNIT_EXPECT_NE(test, fake_ring_get(t->h, &pkt), 0U);
	fake_ring_poll(t->h, 64);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.frames, sections + 2);
	for (i = 0; i < sections + 2; i++)
		expect_back(test, i, GOOD);
}

/* Of a channel behind a gap, or one of more than eth<n> has learnt of yet. */
static void queue_that_the_stack_does_not_know(struct kunit *test)
{
	struct rx_test *t = test->priv;
	struct netvsc_queue *queue = &t->h->nv->queues[0];
	struct fake_range range = fake_frame_in(t->h, 0, 100, -1, 0);

	fake_transfer(t->h, 1, &range, 1);
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_TRUE(test, t->sink.recorded);
	expect_back(test, 1, GOOD);

	queue->index = FAKE_CHANNELS - 1;
	fake_transfer(t->h, 2, &range, 1);
	fake_ring_poll(t->h, 64);
	queue->index = 0;
	KUNIT_EXPECT_EQ(test, t->sink.frames, 2U);
	KUNIT_EXPECT_FALSE(test, t->sink.recorded);
	expect_back(test, 2, GOOD);
}

static struct kunit_case rx_cases[] = {
	KUNIT_CASE(queue_that_the_stack_does_not_know),
	KUNIT_CASE(frame_is_delivered),
	KUNIT_CASE_PARAM(bad_range_among_good_ones, bad_gen_params),
	KUNIT_CASE_PARAM(transfer_of_many_ranges, many_gen_params),
	KUNIT_CASE(bad_transfers),
	KUNIT_CASE(budget_ends),
	KUNIT_CASE(budget_ends_in_a_transfer),
	KUNIT_CASE(transfer_shrinks),
	KUNIT_CASE(no_budget_at_all),
	KUNIT_CASE(vlan_tag_for_the_stack),
	KUNIT_CASE(checksum_and_hash),
	KUNIT_CASE(hash_of_ports_and_without),
	KUNIT_CASE(hash_that_is_explained),
	KUNIT_CASE(while_the_interface_is_down),
	KUNIT_CASE(transfer_before_there_is_room),
	KUNIT_CASE(multicast_is_counted),
	KUNIT_CASE(host_leaves_no_room),
	KUNIT_CASE(more_transfers_than_sections),
	{}
};

static struct kunit_suite rx_suite = {
	.name = "hv_netvsc_rx",
	.init = rx_init,
	.exit = rx_exit,
	.test_cases = rx_cases,
};

kunit_test_suite(rx_suite);

MODULE_DESCRIPTION("KUnit: receiving");
MODULE_LICENSE("GPL");
