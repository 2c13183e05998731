// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that the host has coalesced from TCP segments, most of them handed
 * over in fragments. The ring is in memory, its code the real one.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/sock.h>

#include "fake_prog.h"
#include "fake_ring.h"
#include "synth/queue.h"
#include "wire/rndis.h"

#define GOOD		1U
#define BAD		2U

/* What the host says of checksums. */
#define TCP_GOOD	BIT(3)
#define UDP_GOOD	BIT(4)
#define IP_GOOD		BIT(5)
#define L4_STALE	BIT(7)
#define IP_STALE	BIT(8)
#define STALE		(IP_GOOD | TCP_GOOD | L4_STALE | IP_STALE)
#define UNSAID		0U

/* Of a fragment; without the first of them it is a frame of its own. */
#define NO_PART		0U
#define PART		1U
#define FIRST		3U
#define LAST		5U

#define PART_HEAD	76U	/* of a message with two per-packet infos */
#define PART_MAX	(FAKE_RECV_SECTION - PART_HEAD)
#define RANGES		48U

struct rsc_test {
	struct fake_host *h;
	struct fake_sink sink;
	u8 frame[4 * PART_MAX];
	u32 count[RANGES];
	u32 offset[RANGES];
	u32 num;
};

static int rsc_init(struct kunit *test)
{
	struct rsc_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->h = fake_nic_new(test);
	fake_nic_up(t->h, true);
	fake_sink_begin(t->h, &t->sink);
	/* Ahead of IP, to which these frames go. */
	dev_remove_pack(&t->sink.type);
	t->sink.type.type = htons(ETH_P_ALL);
	dev_add_pack(&t->sink.type);
	return 0;
}

static void rsc_exit(struct kunit *test)
{
	struct rsc_test *t = test->priv;

	fake_sink_end(&t->sink);
	KUNIT_EXPECT_PTR_EQ(test, t->h->conn->chan[0]->rsc.skb, NULL);
	fake_nic_free(t->h);
}

static void tcp_in(u8 *at, u32 len)
{
	struct tcphdr *th = (struct tcphdr *)at;
	u32 i;

	for (i = 0; i < len; i++)
		at[i] = i * 3 + i / 256;
	memset(th, 0, sizeof(*th));
	th->source = htons(1234);
	th->dest = htons(5678);
	th->doff = 5;
	th->ack = 1;
	th->check = 0x1111;
}

/* An IPv4 frame of @len bytes, its checksums those of its first segment. */
static void ip4_frame(struct rsc_test *t, u32 len)
{
	struct ethhdr *eth = (struct ethhdr *)t->frame;
	struct iphdr *iph = (struct iphdr *)(eth + 1);

	memset(t->frame, 0, sizeof(t->frame));
	ether_addr_copy(eth->h_dest, t->h->nv->ndev->dev_addr);
	eth->h_proto = htons(ETH_P_IP);
	iph->version = 4;
	iph->ihl = 5;
	iph->ttl = 64;
	iph->protocol = IPPROTO_TCP;
	iph->tot_len = htons(len - ETH_HLEN);
	iph->saddr = htonl(0x0a4d0001);
	iph->daddr = htonl(0x0a4d0002);
	iph->check = 0x2222;
	tcp_in((u8 *)(iph + 1), len - ETH_HLEN - sizeof(*iph));
}

static void ip6_frame(struct rsc_test *t, u32 len)
{
	struct ethhdr *eth = (struct ethhdr *)t->frame;
	struct ipv6hdr *iph = (struct ipv6hdr *)(eth + 1);

	memset(t->frame, 0, sizeof(t->frame));
	ether_addr_copy(eth->h_dest, t->h->nv->ndev->dev_addr);
	eth->h_proto = htons(ETH_P_IPV6);
	iph->version = 6;
	iph->hop_limit = 64;
	iph->nexthdr = IPPROTO_TCP;
	iph->payload_len = htons(len - ETH_HLEN - sizeof(*iph));
	iph->saddr.s6_addr[15] = 1;
	iph->daddr.s6_addr[15] = 2;
	tcp_in((u8 *)(iph + 1), len - ETH_HLEN - sizeof(*iph));
}

/* Another range of the transfer: @len bytes of the frame from @from on. */
static void part(struct rsc_test *t, u32 from, u32 len, u32 flags, u32 id,
		 u32 csum)
{
	/* There are more parts than sections: those in the middle are alike. */
	u32 last = FAKE_RECV_BYTES / FAKE_RECV_SECTION - 1;
	u32 section = t->num < last ? t->num : last - (flags != LAST);
	u8 *msg = t->h->gpadl[0].base + section * FAKE_RECV_SECTION;

	memset(msg, 0, PART_HEAD);
	fake_put(msg, 0, 1);
	fake_put(msg, 4, PART_HEAD + len);
	fake_put(msg, 8, PART_HEAD - 8);
	fake_put(msg, 12, len);
	fake_put(msg, 28, 36);
	fake_put(msg, 32, PART_HEAD - 44);
	fake_put(msg, 44, 16);
	fake_put(msg, 52, 12);
	fake_put(msg, 56, csum);
	fake_put(msg, 60, 16);
	/* One that means nothing to us, where the host has nothing to say. */
	fake_put(msg, 64, flags ? BIT(31) | 1 : BIT(31) | 0x7777);
	fake_put(msg, 68, 12);
	fake_put(msg, 72, 1 | flags << 8 | id << 16);
	memcpy(msg + PART_HEAD, t->frame + from, len);

	t->count[t->num] = PART_HEAD + len;
	t->offset[t->num++] = section * FAKE_RECV_SECTION;
}

/* The ranges so far are one transfer. Return: how the host hears it went. */
static u32 transferred(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	u8 pkt[8 + 8 * RANGES + 40] = {};
	u32 i, head = 8 + 8 * t->num;
	struct fake_ring_pkt back;

	put_unaligned_le16(0xcafe, pkt);
	fake_put(pkt, 4, t->num);
	for (i = 0; i < t->num; i++) {
		fake_put(pkt, 8 + 8 * i, t->count[i]);
		fake_put(pkt, 12 + 8 * i, t->offset[i]);
	}
	fake_put(pkt, head, 107);
	fake_ring_put(t->h, VM_PKT_DATA_USING_XFER_PAGES, 1, pkt, head,
		      head + 40);
	t->num = 0;
	fake_ring_poll(t->h, 64);
	KUNIT_EXPECT_NE(test, fake_ring_get(t->h, &back), 0U);
	return fake_u32(back.data, 4);
}

/* The frame, in three parts. */
static void three_parts(struct rsc_test *t, u32 len, u32 csum)
{
	part(t, 0, PART_MAX, FIRST, 7, csum);
	part(t, PART_MAX, PART_MAX, PART, 7, UNSAID);
	part(t, 2 * PART_MAX, len - 2 * PART_MAX, LAST, 7, UNSAID);
}

static void expect_frame(struct kunit *test, u32 len, u32 head)
{
	struct rsc_test *t = test->priv;
	struct netvsc_queue_totals got =
		netvsc_read_stats(&t->h->nv->queues[0].rx);

	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_EQ(test, t->sink.len, len - ETH_HLEN);
	/* All but the headers, in which checksums change. */
	KUNIT_EXPECT_MEMEQ(test, t->sink.data + head,
			   t->frame + ETH_HLEN + head, len - ETH_HLEN - head);
	KUNIT_EXPECT_EQ(test, got.packets, 1ULL);
	KUNIT_EXPECT_EQ(test, got.bytes, (u64)len);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
}

static void expect_segments(struct kunit *test, u32 len, u32 head, u32 type)
{
	struct rsc_test *t = test->priv;
	u32 size = FAKE_MTU - head;

	KUNIT_EXPECT_TRUE(test, t->sink.partial);
	KUNIT_EXPECT_EQ(test, t->sink.gso_type, type);
	KUNIT_EXPECT_EQ(test, t->sink.gso_size, size);
	KUNIT_EXPECT_EQ(test, t->sink.gso_segs,
			DIV_ROUND_UP(len - ETH_HLEN - head, size));
}

/* Both checksums are of the whole. */
static void expect_repaired(struct kunit *test, u32 len)
{
	struct rsc_test *t = test->priv;
	struct iphdr *iph = (struct iphdr *)t->sink.data;
	struct tcphdr *th = (struct tcphdr *)(iph + 1);

	KUNIT_EXPECT_TRUE(test, t->sink.partial);
	KUNIT_EXPECT_EQ(test, ip_fast_csum(iph, iph->ihl), 0);
	KUNIT_EXPECT_EQ(test, th->check,
			~csum_tcpudp_magic(iph->saddr, iph->daddr,
					   len - ETH_HLEN - 20, IPPROTO_TCP,
					   0) & 0xffff);
}

static void ip4_segments(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	/* Three segments, none of them short. */
	const u32 len = ETH_HLEN + 40 + 3 * (FAKE_MTU - 40);

	ip4_frame(t, len);
	three_parts(t, len, IP_GOOD | TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_frame(test, len, 40);
	expect_segments(test, len, 40, SKB_GSO_TCPV4);
	expect_repaired(test, len);
}

/* The memory that there is ends in the middle of a part. */
static void over_the_end_of_a_page(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct page_frag *frag = &t->h->conn->chan[0]->rsc.frag;
	const u32 len = 3 * PART_MAX - 5;
	struct page *page;

	KUNIT_ASSERT_TRUE(test, skb_page_frag_refill(1, frag, GFP_KERNEL));
	page = frag->page;
	/* As if a socket had some of it. */
	get_page(page);
	frag->offset = frag->size - PART_MAX - 100;

	ip4_frame(t, len);
	three_parts(t, len, IP_GOOD | TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_frame(test, len, 40);
	KUNIT_EXPECT_PTR_NE(test, frag->page, page);
	put_page(page);
}

/* Coalesced in spite of an XDP program, which sees it all the same. */
static void comes_to_a_program(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct net_device *ndev = t->h->nv->ndev;
	struct bpf_prog *drop = fake_prog_verdict(test, XDP_DROP);
	struct bpf_prog *pass = fake_prog_verdict(test, XDP_PASS);
	const u32 len = 3 * PART_MAX - 5;

	ip4_frame(t, len);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(ndev, drop), 0);
	three_parts(t, len, IP_GOOD | TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(ndev, pass), 0);
	three_parts(t, len, IP_GOOD | TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_EQ(test, fake_prog_attach(ndev, NULL), 0);
	fake_prog_free(test, drop);
	fake_prog_free(test, pass);
}

static void ip6_segments(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct ipv6hdr *iph = (struct ipv6hdr *)t->sink.data;
	struct tcphdr *th = (struct tcphdr *)(iph + 1);
	const u32 len = 3 * PART_MAX - 5;

	ip6_frame(t, len);
	three_parts(t, len, TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_frame(test, len, 60);
	expect_segments(test, len, 60, SKB_GSO_TCPV6);
	KUNIT_EXPECT_EQ(test, th->check,
			~csum_ipv6_magic(&iph->saddr, &iph->daddr,
					 len - ETH_HLEN - 40, IPPROTO_TCP,
					 0) & 0xffff);
}

/* Two of them, one behind the other in a transfer. */
static void one_after_the_other(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	const u32 len = 2 * PART_MAX;

	ip4_frame(t, len);
	part(t, 0, PART_MAX, FIRST, 1, TCP_GOOD);
	part(t, PART_MAX, PART_MAX, LAST, 1, UNSAID);
	part(t, 0, 1000, 0, 0, UNSAID);
	part(t, 0, PART_MAX, FIRST, 2, TCP_GOOD);
	part(t, PART_MAX, PART_MAX, LAST, 2, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 3U);
	KUNIT_EXPECT_EQ(test, t->sink.len, len - ETH_HLEN);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
}

struct not_segments {
	const char *name;
	bool ip6;
	u32 csum;
	u32 off;	/* of a byte that is changed */
	u8 value;
	bool summed;
};

/*
 * Bytes from the start of the frame: IP begins at 14, TCP at 34, behind IPv6 at
 * 54. The low byte of the length of the IPv4 packet alone is too few.
 */
static const struct not_segments not_segments[] = {
	{ "not looked at", false, UNSAID, 0, 0, false },
	{ "a bad checksum", false, BIT(0), 0, 0, false },
	{ "good for another protocol", false, UDP_GOOD, 0, 0, true },
	{ "another protocol", false, TCP_GOOD, 12, 0x88, true },
	{ "another version of IP", false, TCP_GOOD, 14, 0x55, true },
	{ "too short an IP header", false, TCP_GOOD, 14, 0x44, true },
	{ "longer than what came", false, TCP_GOOD, 16, 0x15, true },
	{ "no room for TCP", false, TCP_GOOD, 16, 0, true },
	{ "an IP fragment", false, TCP_GOOD, 20, 0x20, true },
	{ "not TCP", false, TCP_GOOD, 23, IPPROTO_UDP, true },
	{ "too short a TCP header", false, TCP_GOOD, 46, 0x40, true },
	{ "another version than 6", true, TCP_GOOD, 14, 0x40, true },
	{ "IPv6 longer than what came", true, TCP_GOOD, 18, 0x15, true },
	{ "IPv6 without room for TCP", true, TCP_GOOD, 18, 0, true },
	{ "another header first", true, TCP_GOOD, 20, 0, true },
	{ "too short, over IPv6", true, TCP_GOOD, 66, 0x40, true },
};

/* It is delivered as it came. */
static void as_it_came(struct kunit *test)
{
	const struct not_segments *param = test->param_value;
	struct rsc_test *t = test->priv;
	const u32 len = ETH_HLEN + 40 + 0x1400 + (param->ip6 ? 10 : -30);

	if (param->ip6)
		ip6_frame(t, len);
	else
		ip4_frame(t, len);
	if (param->off)
		t->frame[param->off] = param->value;
	three_parts(t, len, param->csum);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_frame(test, len, 0);
	KUNIT_EXPECT_EQ(test, t->sink.gso_size, 0U);
	KUNIT_EXPECT_FALSE(test, t->sink.partial);
	KUNIT_EXPECT_EQ(test, t->sink.summed, param->summed);
}

static void not_segments_name(const struct not_segments *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(not_segments, not_segments, not_segments_name);

/* There is nothing to cut up, but it may go on to another interface, too. */
static void no_longer_than_the_mtu(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	const u32 len = ETH_HLEN + FAKE_MTU;

	ip4_frame(t, len);
	part(t, 0, 100, FIRST, 7, IP_GOOD | TCP_GOOD);
	part(t, 100, len - 100, LAST, 7, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_frame(test, len, 40);
	expect_repaired(test, len);
	KUNIT_EXPECT_EQ(test, t->sink.gso_size, 0U);
}

/* The host need not say that a frame which fits a section is coalesced. */
static void in_one_section(struct kunit *test)
{
	struct rsc_test *t = test->priv;

	ip4_frame(t, PART_MAX);
	part(t, 0, PART_MAX, NO_PART, 0, STALE);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_frame(test, PART_MAX, 40);
	expect_repaired(test, PART_MAX);
	expect_segments(test, PART_MAX, 40, SKB_GSO_TCPV4);

	ip4_frame(t, 1000);
	part(t, 0, 1000, NO_PART, 0, STALE);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_repaired(test, 1000);
	KUNIT_EXPECT_EQ(test, t->sink.gso_size, 0U);
}

/* What lies behind a short packet is not in its checksum. */
static void behind_the_packet(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct iphdr *iph = (struct iphdr *)(t->frame + ETH_HLEN);

	ip4_frame(t, 60);
	iph->tot_len = htons(42);
	part(t, 0, 60, NO_PART, 0, STALE);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.len, 42U);
	expect_repaired(test, ETH_HLEN + 42);
}

/* Nobody may believe that its header is all there. */
static void header_cut_short(struct kunit *test)
{
	struct rsc_test *t = test->priv;

	ip4_frame(t, ETH_HLEN + 20 + 59);
	t->frame[46] = 0xf0;
	part(t, 0, ETH_HLEN + 20 + 59, NO_PART, 0, STALE);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_FALSE(test, t->sink.partial);
}

/* Of other protocols, too, and only if the host says that it was good. */
static void stale_ip_checksum(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct iphdr *iph = (struct iphdr *)t->sink.data;

	ip4_frame(t, 1000);
	t->frame[23] = IPPROTO_UDP;
	part(t, 0, 1000, NO_PART, 0, IP_GOOD | IP_STALE | UDP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, ip_fast_csum(iph, iph->ihl), 0);
	KUNIT_EXPECT_TRUE(test, t->sink.summed);

	part(t, 0, 1000, NO_PART, 0, IP_STALE | UDP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, iph->check, 0x2222);
	/* Nor is one that stands in the frame touched. */
	part(t, 0, 1000, NO_PART, 0, IP_GOOD | UDP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, iph->check, 0x2222);
}

/* Headers that do not lie in the first fragment. */
static void headers_in_two_parts(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	const u32 len = 2 * PART_MAX;
	u32 cut;

	for (cut = ETH_HLEN; cut < ETH_HLEN + 40; cut++) {
		ip4_frame(t, len);
		part(t, 0, cut, FIRST, cut, IP_GOOD | TCP_GOOD);
		part(t, cut, PART_MAX, PART, cut, UNSAID);
		part(t, cut + PART_MAX, len - PART_MAX - cut, LAST, cut,
		     UNSAID);
		KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
		KUNIT_EXPECT_EQ(test, t->sink.len, len - ETH_HLEN);
		expect_segments(test, len, 40, SKB_GSO_TCPV4);
		expect_repaired(test, len);
	}
	KUNIT_EXPECT_EQ(test, t->sink.frames, 40U);
}

struct bad_parts {
	const char *name;
	struct {
		u32 flags;
		u32 id;
	} part[4];
	u32 frames;
	long malformed;
};

static const struct bad_parts bad_parts[] = {
	{ "a part of no frame",	{ { PART, 1 } }, 0, 1 },
	{ "the last of none",	{ { LAST, 1 } }, 0, 1 },
	{ "no end",		{ { FIRST, 1 } }, 0, 1 },
	{ "no end, two parts",	{ { FIRST, 1 }, { PART, 1 } }, 0, 1 },
	{ "another begins",	{ { FIRST, 1 }, { FIRST, 2 }, { LAST, 2 } },
	  1, 1 },
	{ "two ends",		{ { FIRST, 1 }, { LAST, 1 }, { LAST, 1 } },
	  1, 1 },
};

/* The host hears of it, and the next frame is whole. */
static void bad_sequence(struct kunit *test)
{
	const struct bad_parts *param = test->param_value;
	struct rsc_test *t = test->priv;
	unsigned int i;

	ip4_frame(t, 2 * PART_MAX);
	for (i = 0; i < ARRAY_SIZE(param->part) && param->part[i].flags; i++)
		part(t, i * 100, 100, param->part[i].flags, param->part[i].id,
		     UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), BAD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, param->frames);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed),
			param->malformed);

	part(t, 0, PART_MAX, FIRST, 3, TCP_GOOD);
	part(t, PART_MAX, PART_MAX, LAST, 3, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, param->frames + 1);
	KUNIT_EXPECT_EQ(test, t->sink.len, 2 * PART_MAX - ETH_HLEN);
}

static void bad_parts_name(const struct bad_parts *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bad_parts, bad_parts, bad_parts_name);

/* The host counts them for itself. */
static void any_id(struct kunit *test)
{
	struct rsc_test *t = test->priv;

	ip4_frame(t, 2 * PART_MAX);
	part(t, 0, PART_MAX, FIRST, 1, TCP_GOOD);
	part(t, PART_MAX, PART_MAX, LAST, 2, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_EQ(test, t->sink.len, 2 * PART_MAX - ETH_HLEN);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
}

/* Longer than a frame can be: dropped where it gets too long. */
static void too_many_parts(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	unsigned int i;

	ip4_frame(t, 2 * PART_MAX);
	part(t, 0, PART_MAX, FIRST, 1, TCP_GOOD);
	for (i = 0; i < RANGES - 2; i++)
		part(t, 0, PART_MAX, PART, 1, UNSAID);
	part(t, 0, 1, LAST, 1, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), BAD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 1L);
}

/* A frame with a hole is not handed up as if it had none. */
static void bad_part_in_the_middle(struct kunit *test)
{
	struct rsc_test *t = test->priv;

	ip4_frame(t, 3 * PART_MAX);
	three_parts(t, 3 * PART_MAX, TCP_GOOD);
	t->offset[1] = FAKE_RECV_BYTES;
	KUNIT_EXPECT_EQ(test, transferred(test), BAD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 1L);

	three_parts(t, 3 * PART_MAX, TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.len, 3 * PART_MAX - ETH_HLEN);
}

/* Only the parts that follow may be shorter than an Ethernet header. */
static void without_an_ethernet_header(struct kunit *test)
{
	struct rsc_test *t = test->priv;

	ip4_frame(t, 2 * PART_MAX);
	part(t, 0, ETH_HLEN - 1, 0, 0, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), BAD);
	part(t, 0, ETH_HLEN - 1, FIRST, 1, UNSAID);
	part(t, ETH_HLEN - 1, 1000, LAST, 1, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), BAD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	part(t, 0, 1000, FIRST, 1, UNSAID);
	part(t, 1000, 1, LAST, 1, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.len, 1001U - ETH_HLEN);
}

/* There was no memory for its beginning: the rest is let go without a word. */
static void lost_for_want_of_memory(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct netvsc_rsc *rsc = &t->h->conn->chan[0]->rsc;

	ip4_frame(t, 2 * PART_MAX);
	rsc->lost = true;
	part(t, 0, 100, PART, 5, UNSAID);
	part(t, 0, 100, LAST, 5, UNSAID);
	part(t, 0, PART_MAX, FIRST, 6, TCP_GOOD);
	part(t, PART_MAX, PART_MAX, LAST, 6, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 1U);
	KUNIT_EXPECT_EQ(test, t->sink.len, 2 * PART_MAX - ETH_HLEN);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
}

/* There is no place left in it for what the last part has brought. */
static void no_place_for_the_end(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct netvsc_rsc *rsc = &t->h->conn->chan[0]->rsc;
	unsigned int i;

	/* As after its first parts, all of them where they lay by themselves. */
	ip4_frame(t, 2 * PART_MAX);
	rsc->skb = netdev_alloc_skb(t->h->nv->ndev, 256);
	KUNIT_ASSERT_NOT_NULL(test, rsc->skb);
	skb_put_data(rsc->skb, t->frame, 100);
	for (i = 0; i < MAX_SKB_FRAGS; i++) {
		struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

		KUNIT_ASSERT_NOT_NULL(test, page);
		skb_add_rx_frag(rsc->skb, i, page, 0, 100, PAGE_SIZE);
	}
	rsc->len = rsc->skb->len;
	KUNIT_ASSERT_TRUE(test, skb_page_frag_refill(1, &rsc->frag, GFP_KERNEL));
	rsc->attached = rsc->frag.offset;
	part(t, 0, 100, LAST, 5, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, rx_no_memory), 1L);

	/* One that was lost earlier, and counted then, is not counted again. */
	rsc->lost = true;
	part(t, 0, 100, LAST, 5, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, rx_no_memory), 1L);
}

/* A budget ends between two parts: they are one frame all the same. */
static void over_two_polls(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct fake_range ranges[3];
	struct fake_ring_pkt back;
	u32 i;

	ip4_frame(t, 3 * PART_MAX);
	three_parts(t, 3 * PART_MAX, STALE);
	for (i = 0; i < 3; i++)
		ranges[i] = (struct fake_range) { t->count[i], t->offset[i] };
	t->num = 0;
	fake_transfer(t->h, 1, ranges, 3);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 2), 2);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, fake_ring_get(t->h, &back), 0U);
	KUNIT_EXPECT_EQ(test, fake_ring_poll(t->h, 2), 1);
	expect_frame(test, 3 * PART_MAX, 40);
	KUNIT_EXPECT_NE(test, fake_ring_get(t->h, &back), 0U);
	KUNIT_EXPECT_EQ(test, fake_u32(back.data, 4), GOOD);
}

static void while_the_interface_is_down(struct kunit *test)
{
	struct rsc_test *t = test->priv;

	fake_nic_up(t->h, false);
	ip4_frame(t, 3 * PART_MAX);
	three_parts(t, 3 * PART_MAX, TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), BAD);
	KUNIT_EXPECT_EQ(test, t->sink.frames, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(t->h, host_malformed), 0L);
}

static void want(struct kunit *test, netdev_features_t feature, bool on)
{
	struct rsc_test *t = test->priv;
	struct net_device *ndev = t->h->nv->ndev;

	rtnl_lock();
	if (on)
		ndev->wanted_features |= feature;
	else
		ndev->wanted_features &= ~feature;
	netdev_update_features(ndev);
	rtnl_unlock();
}

static void reconnect(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct netvsc_intent intent = t->h->nv->intent;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, netvsc_reconnect(t->h->nv, &intent), 0);
	rtnl_unlock();
	fake_nic_settle(t->h);
}

/* As ethtool says; and so does the next connection. */
static void switched_on_and_off(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct net_device *ndev = t->h->nv->ndev;

	KUNIT_EXPECT_TRUE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 2);
	want(test, NETIF_F_LRO, false);
	KUNIT_EXPECT_FALSE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 1);

	reconnect(test);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 1);
	want(test, NETIF_F_LRO, true);
	KUNIT_EXPECT_TRUE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 2);
}

/* Of such a frame nobody but the host can tell whether its checksum is good. */
static void not_without_checksums(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct net_device *ndev = t->h->nv->ndev;

	want(test, NETIF_F_RXCSUM, false);
	KUNIT_EXPECT_FALSE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 1);
	want(test, NETIF_F_RXCSUM, true);
	KUNIT_EXPECT_TRUE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 2);
}

/* Fragments that were under way: nobody but the host knows of their sum. */
static void without_checksums_all_the_same(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	const u32 len = 2 * PART_MAX;

	want(test, NETIF_F_RXCSUM, false);
	ip4_frame(t, len);
	part(t, 0, PART_MAX, FIRST, 1, IP_GOOD | TCP_GOOD);
	part(t, PART_MAX, PART_MAX, LAST, 1, UNSAID);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	expect_repaired(test, len);
	part(t, 0, 1000, NO_PART, 0, TCP_GOOD);
	KUNIT_EXPECT_EQ(test, transferred(test), GOOD);
	KUNIT_EXPECT_FALSE(test, t->sink.summed);
}

static void refuse_next(struct fake_host *h)
{
	kfree(h->hit);
	h->hit = NULL;
	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_RNDIS,
		.asked = OID_OFFLOAD_PARAMS,
	};
}

/* Off it is whatever the host says, for nobody may fail to do that. */
static void switch_refused(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	struct net_device *ndev = t->h->nv->ndev;

	refuse_next(t->h);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, ndev->netdev_ops->ndo_set_features
			(ndev, ndev->features & ~NETIF_F_LRO), 0);
	rtnl_unlock();
	want(test, NETIF_F_LRO, false);
	KUNIT_EXPECT_NOT_NULL(test, t->h->hit);
	KUNIT_EXPECT_FALSE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, t->h->nv->intent.lro, 0U);

	/* What else is wanted at the same time is done. */
	refuse_next(t->h);
	rtnl_lock();
	ndev->wanted_features &= ~NETIF_F_RXHASH;
	rtnl_unlock();
	want(test, NETIF_F_LRO, true);
	KUNIT_EXPECT_NOT_NULL(test, t->h->hit);
	KUNIT_EXPECT_FALSE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_FALSE(test, ndev->features & NETIF_F_RXHASH);
	KUNIT_EXPECT_EQ(test, t->h->nv->intent.lro, 0U);

	/* And it may be asked for again. */
	memset(&t->h->fault, 0, sizeof(t->h->fault));
	want(test, NETIF_F_LRO, true);
	KUNIT_EXPECT_TRUE(test, ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 2);
}

/* A host that does not take it together with the rest goes without it alone. */
static void refused_at_the_handshake(struct kunit *test)
{
	struct rsc_test *t = test->priv;
	unsigned int sets;

	refuse_next(t->h);
	reconnect(test);
	KUNIT_EXPECT_NOT_NULL(test, t->h->hit);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 1);
	KUNIT_EXPECT_FALSE(test, t->h->conn->caps.rsc);
	KUNIT_EXPECT_FALSE(test, t->h->nv->ndev->features & NETIF_F_LRO);
	KUNIT_EXPECT_TRUE(test, t->h->nv->ndev->features & NETIF_F_TSO);
	memset(&t->h->fault, 0, sizeof(t->h->fault));
	/* In the handshake, where nobody waits for it with RTNL. */
	sets = t->h->offload_sets;
	reconnect(test);
	KUNIT_EXPECT_EQ(test, t->h->offload_sets, sets + 1);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 2);
	KUNIT_EXPECT_TRUE(test, t->h->nv->ndev->features & NETIF_F_LRO);

	/* Switched off while there is none, it is off when there is. */
	refuse_next(t->h);
	reconnect(test);
	memset(&t->h->fault, 0, sizeof(t->h->fault));
	want(test, NETIF_F_LRO, false);
	reconnect(test);
	KUNIT_EXPECT_EQ(test, t->h->rsc, 1);
	KUNIT_EXPECT_TRUE(test, t->h->conn->caps.rsc);
}

static struct kunit_case rsc_cases[] = {
	KUNIT_CASE(ip4_segments),
	KUNIT_CASE(over_the_end_of_a_page),
	KUNIT_CASE(ip6_segments),
	KUNIT_CASE(comes_to_a_program),
	KUNIT_CASE(one_after_the_other),
	KUNIT_CASE_PARAM(as_it_came, not_segments_gen_params),
	KUNIT_CASE(no_longer_than_the_mtu),
	KUNIT_CASE(in_one_section),
	KUNIT_CASE(behind_the_packet),
	KUNIT_CASE(header_cut_short),
	KUNIT_CASE(stale_ip_checksum),
	KUNIT_CASE(headers_in_two_parts),
	KUNIT_CASE_PARAM(bad_sequence, bad_parts_gen_params),
	KUNIT_CASE(any_id),
	KUNIT_CASE(too_many_parts),
	KUNIT_CASE(bad_part_in_the_middle),
	KUNIT_CASE(without_an_ethernet_header),
	KUNIT_CASE(lost_for_want_of_memory),
	KUNIT_CASE(no_place_for_the_end),
	KUNIT_CASE(over_two_polls),
	KUNIT_CASE(while_the_interface_is_down),
	KUNIT_CASE(switched_on_and_off),
	KUNIT_CASE(not_without_checksums),
	KUNIT_CASE(without_checksums_all_the_same),
	KUNIT_CASE(switch_refused),
	KUNIT_CASE(refused_at_the_handshake),
	{}
};

static struct kunit_suite rsc_suite = {
	.name = "hv_netvsc_rsc",
	.init = rsc_init,
	.exit = rsc_exit,
	.test_cases = rsc_cases,
};

kunit_test_suite(rsc_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of coalesced frames");
