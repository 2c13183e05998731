// SPDX-License-Identifier: GPL-2.0
/*
 * The host behind the bus in memory: reads, judges, answers; badly on demand.
 * Offsets and numbers are those of the wire reference.
 */
#include <linux/hex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_host.h"

/* A rule that the driver keeps or breaks. */
#define FAKE_RULE(h, msg, rule)						\
	KUNIT_EXPECT_TRUE_MSG((h)->test, rule, "message 0x%x",		\
			      fake_u32(msg, 0))

/* A field of a message of the driver. */
static void fake_expect(struct fake_host *h, const void *msg, u32 off,
			u32 value)
{
	KUNIT_EXPECT_EQ_MSG(h->test, fake_u32(msg, off), value,
			    "message 0x%x, byte %u", fake_u32(msg, 0), off);
}

/* To the driver as NAPI brings it; in exactly its bytes, for KASAN. */
void fake_host_deliver(struct fake_host *h, const struct fake_answer *a)
{
	void *copy;

	if (a->reply != FAKE_RNDIS) {
		fake_host_completes(h, a->tid, a->msg, a->len);
		return;
	}
	copy = kmemdup(a->msg, a->len, GFP_KERNEL);
	local_bh_disable();
	netvsc_rndis_control(h->conn, copy, a->len);
	local_bh_enable();
	kfree(copy);
}

/* Another type, but one that an answer may have. */
static void fake_other_type(struct fake_answer *a)
{
	u32 type = fake_u32(a->msg, 0);

	if (a->reply == FAKE_RNDIS)
		fake_put(a->msg, 0, type == 0x80000005 ? 0x80000004 :
							 0x80000005);
	else
		fake_put(a->msg, 0, type == 102 ? 105 : 102);
}

/* A host that says no has not agreed, and has not taken the buffer. */
static void fake_mean_it(struct fake_host *h, const struct fake_answer *a)
{
	if (a->asked == 1)
		h->version = fake_u32(a->msg, 12) == 1 ? h->version : 0;
	else if (a->asked != 133 && fake_u32(a->msg, 4) != 1)
		h->gpadl[a->asked == 104].announced = false;
}

static void fake_refuse(struct fake_host *h, struct fake_answer *a)
{
	switch (a->reply) {
	case FAKE_RNDIS:
		fake_put(a->msg, 12, 0xc0000001);
		break;
	case FAKE_TAKEN:
		fake_put(a->msg, 4, 2);
		break;
	case FAKE_NVSP:
		fake_put(a->msg, a->asked == 1 ? 12 : 4, a->asked == 1 ? 0 : 2);
		fake_mean_it(h, a);
	}
}

static void fake_cut(struct fake_host *h, struct fake_answer *a)
{
	a->len = min(a->len, h->fault.len);
	if (a->reply == FAKE_RNDIS && a->len >= 8 && h->fault.kind == FAKE_CUT)
		fake_put(a->msg, 4, a->len);
}

/* Is the driver still waiting after an answer that was cut? */
static bool fake_was_no_answer(const struct fake_answer *a)
{
	return a->len < (a->reply == FAKE_RNDIS ? 16 : 4) ||
	       (a->reply == FAKE_RNDIS && a->len < fake_u32(a->msg, 4));
}

/* Return: whether an answer was given that the driver can tell is none. */
static bool fake_answer_badly(struct fake_host *h, struct fake_answer *a)
{
	u32 type = fake_u32(a->msg, 0);

	switch (h->fault.kind) {
	case FAKE_ALL_WELL:
		break;
	case FAKE_SILENT:
		return true;
	case FAKE_LATE:
		h->late = kmemdup(a, sizeof(*a), GFP_KERNEL);
		return true;
	case FAKE_TWICE:
		fake_host_deliver(h, a);
		break;
	case FAKE_OTHER_TYPE:
		fake_other_type(a);
		fake_host_deliver(h, a);
		return true;
	case FAKE_OTHER_FIRST:
		fake_other_type(a);
		fake_host_deliver(h, a);
		fake_put(a->msg, 0, type);
		break;
	case FAKE_CUT:
	case FAKE_LIES:
		fake_cut(h, a);
		fake_host_deliver(h, a);
		return fake_was_no_answer(a);
	case FAKE_REFUSE:
		fake_refuse(h, a);
		break;
	case FAKE_ALTER:
		fake_put(a->msg, h->fault.off, h->fault.value);
		if (a->reply == FAKE_NVSP)
			fake_mean_it(h, a);
		break;
	}
	fake_host_deliver(h, a);
	return false;
}

static bool fake_is_hit(const struct fake_host *h, const struct fake_answer *a)
{
	const struct fake_fault *f = &h->fault;

	if (f->kind == FAKE_ALL_WELL || h->hit)
		return false;
	if (f->at)
		return f->at == h->answers;
	return f->reply == a->reply && f->asked == a->asked;
}

static void fake_answer(struct fake_host *h, struct fake_answer *a)
{
	h->answers++;
	if (h->chatter)
		h->chatter(h);
	if (!fake_is_hit(h, a)) {
		fake_host_deliver(h, a);
		return;
	}

	h->hit = kmemdup(a, sizeof(*a), GFP_KERNEL);
	/* Nobody waits for a 108; the answer itself follows. */
	if (fake_answer_badly(h, a) && a->reply != FAKE_TAKEN && !h->stays)
		WRITE_ONCE(h->gone, true);
}

static bool fake_is_old(const struct fake_host *h)
{
	return h->version < 0x50000;
}

static void fake_read_init(struct fake_host *h, const struct fake_packet *pkt,
			   struct fake_answer *a)
{
	static const u32 next[] = { 0, 0x60001, 0x60000, 0x50000, 0x40000 };
	u32 version = fake_u32(pkt->msg, 4);
	unsigned int i;

	FAKE_RULE(h, pkt->msg, !h->version && !h->configured);
	fake_expect(h, pkt->msg, 8, version);
	/* The best first, none left out. */
	for (i = 1; i < ARRAY_SIZE(next) && next[i] != version; i++)
		;
	KUNIT_EXPECT_LT(h->test, i, (unsigned int)ARRAY_SIZE(next));
	KUNIT_EXPECT_EQ(h->test, next[i - 1], h->asked_version);
	h->asked_version = version;

	a->len = 28;
	fake_put(a->msg, 0, 2);
	fake_put(a->msg, 4, 0xffffffff);
	fake_put(a->msg, 8, 34);
	if (version <= h->max_version) {
		fake_put(a->msg, 12, 1);
		h->version = version;
	}
	fake_answer(h, a);
}

static void fake_read_config(struct fake_host *h, const void *msg)
{
	FAKE_RULE(h, msg, h->version && !h->configured);
	if (!h->any_mtu)
		fake_expect(h, msg, 4, FAKE_MTU + 14);
	fake_expect(h, msg, 12, fake_is_old(h) ? 0x08 :
			     h->nv->isolated ? 0xa8 :
			     h->version == 0x60001 ? 0xac : 0x2c);
	fake_expect(h, msg, 16, 0);
	h->configured = 1;
}

static void fake_read_ndis_version(struct fake_host *h, const void *msg)
{
	FAKE_RULE(h, msg, h->configured == 1);
	fake_expect(h, msg, 4, 6);
	fake_expect(h, msg, 8, fake_is_old(h) ? 1 : 30);
	h->configured = 2;
}

static void fake_read_buffer(struct fake_host *h, const void *msg,
			     struct fake_answer *a)
{
	struct fake_gpadl *g = &h->gpadl[a->asked == 104];

	FAKE_RULE(h, msg, h->configured == 2 && !h->rndis_up);
	FAKE_RULE(h, msg, g->live && !g->announced);
	fake_expect(h, msg, 4, 0xe1e10 + (a->asked == 104));
	g->announced = true;
	/* The name by which 103 and 106 take it back. */
	g->id = fake_u32(msg, 8);

	fake_put(a->msg, 0, a->asked + 1);
	fake_put(a->msg, 4, 1);
	if (a->asked == 104) {
		a->len = 12;
		fake_put(a->msg, 8, FAKE_SEND_SECTION);
	} else {
		u32 count = g->bytes / FAKE_RECV_SECTION;

		a->len = 28;
		fake_put(a->msg, 8, 1);
		fake_put(a->msg, 16, FAKE_RECV_SECTION);
		fake_put(a->msg, 20, count);
		fake_put(a->msg, 24, count * FAKE_RECV_SECTION);
	}
	fake_answer(h, a);
}

/* It grants all or none. The last comes first: the order is the host's. */
static void fake_read_subchannels(struct fake_host *h, const void *msg,
				  struct fake_answer *a)
{
	u32 granted = h->grants ?: fake_u32(msg, 8);
	u32 offers = h->offers ?: granted;

	FAKE_RULE(h, msg, h->rndis_up && !fake_is_old(h) && h->expecting);
	fake_expect(h, msg, 4, 1);
	KUNIT_EXPECT_GT(h->test, fake_u32(msg, 8), 0U);
	KUNIT_EXPECT_LT(h->test, fake_u32(msg, 8), h->channels);
	a->len = 12;
	fake_put(a->msg, 0, 133);
	fake_put(a->msg, 4, 1);
	fake_put(a->msg, 8, granted);
	fake_answer(h, a);
	if (fake_u32(a->msg, 4) != 1 || h->offers < 0 || READ_ONCE(h->gone))
		return;
	if (h->first_offer)
		fake_host_offers(h, h->first_offer);
	for (; offers; offers--)
		if (offers != h->skip_offer)
			fake_host_offers(h, offers);
}

static void fake_read_revoke(struct fake_host *h, const void *msg)
{
	struct fake_gpadl *g = &h->gpadl[fake_u32(msg, 0) == 106];

	FAKE_RULE(h, msg, !h->rndis_up);
	FAKE_RULE(h, msg, g->announced);
	fake_expect(h, msg, 4, g->id);
	g->announced = false;
}

/* The last switch that was asked for is done. */
void fake_host_switches(struct fake_host *h)
{
	h->path = h->asked_path;
	h->path_at = jiffies;
	fake_host_completes(h, h->switch_tid, NULL, 0);
}

static void fake_read_nvsp(struct fake_host *h, const struct fake_packet *pkt)
{
	struct fake_answer a = { .reply = FAKE_NVSP, .tid = pkt->tid };
	const void *msg = pkt->msg;
	bool asks = true;

	a.asked = fake_u32(msg, 0);
	switch (a.asked) {
	case 1:
		fake_read_init(h, pkt, &a);
		break;
	case 101:
	case 104:
		fake_read_buffer(h, msg, &a);
		break;
	case 133:
		fake_read_subchannels(h, msg, &a);
		break;
	case 129:
		h->vf_switches++;
		h->asked_path = fake_u32(msg, 4);
		h->switch_tid = pkt->tid;
		if (!h->slow)
			fake_host_switches(h);
		break;
	default:
		asks = false;
		if (a.asked == 125)
			fake_read_config(h, msg);
		else if (a.asked == 100)
			fake_read_ndis_version(h, msg);
		else if (a.asked == 103 || a.asked == 106)
			fake_read_revoke(h, msg);
		else
			KUNIT_FAIL(h->test, "NVSP message %u", a.asked);
	}
	FAKE_RULE(h, msg, pkt->wants_answer == asks);
}

/* 108. Return: whether the host took the message. */
static bool fake_take(struct fake_host *h, const struct fake_packet *pkt,
		      u32 asked)
{
	struct fake_answer a = {
		.reply = FAKE_TAKEN, .asked = asked, .tid = pkt->tid, .len = 8,
	};

	fake_put(a.msg, 0, 108);
	fake_put(a.msg, 4, 1);
	fake_answer(h, &a);
	return fake_u32(a.msg, 4) == 1;
}

static void fake_read_rndis_init(struct fake_host *h, const void *msg,
				 struct fake_answer *a)
{
	FAKE_RULE(h, msg, !h->rndis_up);
	FAKE_RULE(h, msg, h->gpadl[0].announced && h->gpadl[1].announced);
	fake_expect(h, msg, 4, 24);
	fake_expect(h, msg, 12, 1);
	fake_expect(h, msg, 16, 0);
	fake_expect(h, msg, 20, 0x4000);

	a->len = 52;
	fake_put(a->msg, 16, 1);		/* version 1.0 */
	fake_put(a->msg, 24, 1);		/* connectionless */
	fake_put(a->msg, 32, 8);		/* messages in a transfer */
	fake_put(a->msg, 36, 0xefffffff);
	fake_put(a->msg, 40, 3);		/* aligned to 8 bytes */
	/* As the driver will see it. */
	h->answers++;
	h->rndis_up = !fake_is_hit(h, a) || h->fault.kind == FAKE_TWICE ||
		      h->fault.kind == FAKE_OTHER_FIRST ||
		      h->fault.kind == FAKE_ALTER;
	h->answers--;
}

static u32 fake_offload_caps(struct fake_host *h, const void *msg, void *out)
{
	u32 size = fake_is_old(h) ? 144 : 156;
	u32 hdr = 0xa7 | (fake_is_old(h) ? 2 : 3) << 8 | size << 16;

	fake_expect(h, msg, 16, size);
	fake_expect(h, msg, 28, hdr);
	fake_put(out, 0, hdr);
	fake_put(out, 4, 2);			/* IPv4 out: 802.3 */
	fake_put(out, 8, 0x155);
	fake_put(out, 20, 2);			/* IPv6 out */
	fake_put(out, 24, 0x55);
	fake_put(out, 80, 2);			/* LSOv2 of IPv4 */
	fake_put(out, 84, FAKE_LSO_MAX);
	fake_put(out, 88, 2);
	fake_put(out, 92, 2);			/* and of IPv6 */
	fake_put(out, 96, FAKE_LSO_MAX);
	fake_put(out, 100, 2);
	fake_put(out, 104, 0x5);
	/* RSC of IPv4 and IPv6: also said to who does not know what it is. */
	if (!fake_is_old(h))
		put_unaligned_le16(0x101, out + 144);
	return size;
}

static u32 fake_rss_caps(struct fake_host *h, void *out)
{
	fake_put(out, 0, 0x88 | 2 << 8 | 18 << 16);
	fake_put(out, 4, 0x301 | h->rss_flags);
	fake_put(out, 12, h->channels);
	put_unaligned_le16(h->rss_entries, out + 16);
	return 18;
}

/* Return: bytes at @out. */
static u32 fake_query(struct fake_host *h, const void *msg, void *out)
{
	static const u8 mac[] = { 0x00, 0x15, 0x5d, 0x01, 0x02, 0x03 };
	u32 i;

	if (fake_u32(msg, 12) == OID_OFFLOAD_CAPS)
		return fake_offload_caps(h, msg, out);

	if (fake_u32(msg, 12) == OID_RSS_CAPS) {
		FAKE_RULE(h, msg, !fake_is_old(h));
		fake_expect(h, msg, 16, 18);
		fake_expect(h, msg, 28, 0x88 | 2 << 8 | 18 << 16);
		return fake_rss_caps(h, out);
	}

	fake_expect(h, msg, 16, 0);
	switch (fake_u32(msg, 12)) {
	case OID_FRAME_SIZE:
		fake_put(out, 0, h->max_mtu ?: FAKE_MTU);
		return 4;
	case OID_MAC:
		memcpy(out, mac, sizeof(mac));
		return sizeof(mac);
	case OID_NAME:
		for (i = 0; h->name && h->name[i]; i++)
			put_unaligned_le16((u8)h->name[i], out + 2 * i);
		return 2 * i;
	case OID_CONNECT_STATUS:
		fake_put(out, 0, 0);
		return 4;
	case OID_LINK_SPEED:
		FAKE_RULE(h, msg, !fake_is_old(h));
		fake_put(out, 0, FAKE_LINK_SPEED);
		return 4;
	}
	KUNIT_FAIL(h->test, "query of OID 0x%x", fake_u32(msg, 12));
	return 0;
}

static void fake_set_offload(struct fake_host *h, const u8 *data, u32 len)
{
	/* Checksums: IPv4 off, the others both ways. */
	static const u8 want[] = { 1, 4, 4, 4, 4, 0, 0, 2, 2 };
	static const u8 same[sizeof(want)];
	u32 size = fake_is_old(h) ? 22 : 28;

	h->offload_sets++;
	KUNIT_EXPECT_EQ(h->test, len, size);
	KUNIT_EXPECT_EQ(h->test, fake_u32(data, 0), 0x80 | 3 << 8 | size << 16);
	if (h->fault.kind == FAKE_ALL_WELL && !h->failed.what)
		KUNIT_EXPECT_MEMEQ(h->test, data + 4,
				   h->rsc ? same : want, sizeof(want));
	if (!fake_is_old(h)) {
		h->rsc = data[22];
		KUNIT_EXPECT_TRUE(h->test, h->rsc == 1 ||
				  (h->rsc == 2 && h->version == 0x60001));
		KUNIT_EXPECT_EQ(h->test, data[23], h->rsc);
	}
}

/* A name and a value, in UTF-16. */
static void fake_set_mac(struct fake_host *h, const u8 *data, u32 len)
{
	static const u8 head[] = { 20, 0, 0, 0, 28, 0, 0, 0, 2, 0, 0, 0,
				   48, 0, 0, 0, 24, 0, 0, 0 };
	static const char name[] = "NetworkAddress";
	char digits[13] = {};
	unsigned int i;

	KUNIT_ASSERT_EQ(h->test, len, 72U);
	KUNIT_EXPECT_MEMEQ(h->test, data, head, sizeof(head));
	for (i = 0; i < 14; i++)
		KUNIT_EXPECT_EQ(h->test, get_unaligned_le16(data + 20 + 2 * i),
				name[i]);
	for (i = 0; i < 12; i++) {
		KUNIT_EXPECT_EQ(h->test, data[49 + 2 * i], 0);
		digits[i] = data[48 + 2 * i];
	}
	KUNIT_EXPECT_EQ(h->test, hex2bin(h->mac, digits, ETH_ALEN), 0);
	h->mac_sets++;
}

/* Another table, or another key, only while it is off. */
static void fake_set_rss(struct fake_host *h, const u8 *data, u32 len)
{
	u32 entries = h->rss_entries, i;

	KUNIT_ASSERT_EQ(h->test, len, 40 + 4 * entries + 40);
	KUNIT_EXPECT_EQ(h->test, fake_u32(data, 0), 0x89 | 2 << 8 | 40 << 16);
	KUNIT_EXPECT_EQ(h->test, fake_u32(data, 4) & ~0x10U, 0U);
	KUNIT_EXPECT_EQ(h->test, data[8], 1);
	KUNIT_EXPECT_EQ(h->test, fake_u32(data, 12), 4 * entries);
	KUNIT_EXPECT_EQ(h->test, fake_u32(data, 16), 40U);
	KUNIT_EXPECT_EQ(h->test, fake_u32(data, 20), 40U);
	KUNIT_EXPECT_EQ(h->test, fake_u32(data, 24), 40 + 4 * entries);
	h->rss.sets++;
	KUNIT_EXPECT_TRUE(h->test, !h->rss.on || data[4]);
	h->rss.on = !data[4];
	h->rss.types = fake_u32(data, 8) & ~0xffU;
	for (i = 0; i < entries; i++) {
		u32 channel = fake_u32(data, 40 + 4 * i);

		KUNIT_EXPECT_TRUE(h->test, !channel ||
				  h->sub_open & BIT_ULL(channel));
		if (i < ARRAY_SIZE(h->rss.table))
			h->rss.table[i] = channel;
	}
	memcpy(h->rss.key, data + 40 + 4 * entries, sizeof(h->rss.key));
}

static void fake_set(struct fake_host *h, const void *msg, u32 len)
{
	switch (fake_u32(msg, 12)) {
	case OID_CONFIG_PARAM:
		fake_set_mac(h, msg + 28, len);
		break;
	case OID_OFFLOAD_PARAMS:
		fake_set_offload(h, msg + 28, len);
		break;
	case OID_RSS_PARAMS:
		fake_set_rss(h, msg + 28, len);
		break;
	case OID_FILTER:
		KUNIT_EXPECT_EQ(h->test, len, 4U);
		h->filter = fake_u32(msg, 28);
		break;
	default:
		KUNIT_FAIL(h->test, "set of OID 0x%x", fake_u32(msg, 12));
	}
}

/* A query or a set: an OID, and data. */
static void fake_read_oid(struct fake_host *h, const struct fake_packet *pkt,
			  const void *msg, struct fake_answer *a)
{
	u32 len = pkt->len - 28;

	FAKE_RULE(h, msg, h->rndis_up && pkt->len >= 28);
	fake_expect(h, msg, 16, len);
	fake_expect(h, msg, 20, 20);
	if (fake_u32(msg, 0) == 5) {
		fake_set(h, msg, len);
		a->len = 16;
		return;
	}
	len = fake_query(h, msg, a->msg + 24);
	a->len = 24 + len;
	fake_put(a->msg, 16, len);
	fake_put(a->msg, 20, 16);
}

static void fake_read_message(struct fake_host *h,
			      const struct fake_packet *pkt, const void *msg)
{
	struct fake_answer a = { .reply = FAKE_RNDIS };
	u32 type = fake_u32(msg, 0);

	a.asked = type == 4 || type == 5 ? fake_u32(msg, 12) : 0;
	fake_expect(h, msg, 4, pkt->len);
	if (type == 3) {
		fake_expect(h, msg, 4, 12);
		FAKE_RULE(h, msg, h->rndis_up);
		h->rndis_up = false;
	}
	if (!fake_take(h, pkt, type == 3 ? 3 : a.asked) || type == 3)
		return;

	fake_put(a.msg, 0, type | 0x80000000);
	fake_put(a.msg, 8, fake_u32(msg, 8));
	if (type == 2)
		fake_read_rndis_init(h, msg, &a);
	else
		fake_read_oid(h, pkt, msg, &a);
	fake_put(a.msg, 4, a.len);
	fake_answer(h, &a);
}

/* Only now, as a host would: the driver has to keep it till 108. */
static void fake_read_control(struct fake_host *h,
			      const struct fake_packet *pkt)
{
	void *msg = kzalloc(PAGE_SIZE, GFP_KERNEL);

	memcpy(msg, pkt->at, min_t(u32, pkt->len, PAGE_SIZE));
	fake_read_message(h, pkt, msg);
	kfree(msg);
}

/* The host comes to the next message of the driver. */
void fake_host_read(struct fake_host *h, const struct fake_packet *pkt)
{
	if (READ_ONCE(h->gone))
		return;
	if (pkt->control)
		fake_read_control(h, pkt);
	else
		fake_read_nvsp(h, pkt);
}
