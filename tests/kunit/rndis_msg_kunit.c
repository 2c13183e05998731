// SPDX-License-Identifier: GPL-2.0
/* RNDIS messages: what is built, what is accepted, what is refused. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "synth/rndis_msg.h"

/* Sections of the receive buffer are of this size in the examples. */
#define SECTION		1806

/*
 * A frame of 1514 bytes with a checksum element, as the host puts it into a
 * section: elements behind the header, the frame at byte 256.
 */
static const struct rndis_packet good_packet = {
	.hdr = { .type = RNDIS_MSG_PACKET, .len = SECTION },
	.data_off = 248,
	.data_len = 1514,
	.ppi_off = 36,
	.ppi_len = 16,
};

static void good_frame(struct kunit *test)
{
	struct rndis_frame frame;

	KUNIT_ASSERT_EQ(test, rndis_parse_packet(&good_packet, SECTION, &frame),
			0);
	KUNIT_EXPECT_EQ(test, frame.data_off, 256U);
	KUNIT_EXPECT_EQ(test, frame.data_len, 1514U);
	KUNIT_EXPECT_EQ(test, frame.ppi_off, 44U);
	KUNIT_EXPECT_EQ(test, frame.ppi_len, 16U);
}

/* Without elements their offset is 0, or 36, or anything. */
static void good_frame_without_info(struct kunit *test)
{
	static const u32 offsets[] = { 0, 36, 2000, 0xffffffff };
	int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct rndis_packet pkt = good_packet;
		struct rndis_frame frame;

		pkt.ppi_off = offsets[i];
		pkt.ppi_len = 0;
		KUNIT_ASSERT_EQ(test, rndis_parse_packet(&pkt, SECTION, &frame),
				0);
		KUNIT_EXPECT_EQ(test, frame.ppi_off, 0U);
		KUNIT_EXPECT_EQ(test, frame.ppi_len, 0U);
	}
}

/* The smallest frame that ends with its transfer, and the largest one. */
static void frame_at_the_edges(struct kunit *test)
{
	struct rndis_packet pkt = good_packet;
	struct rndis_frame frame;

	pkt.hdr.len = 58;
	pkt.ppi_len = 0;
	pkt.data_off = 36;
	pkt.data_len = 14;
	KUNIT_EXPECT_EQ(test, rndis_parse_packet(&pkt, 58, &frame), 0);
	KUNIT_EXPECT_EQ(test, frame.data_off + frame.data_len, 58U);
	pkt.hdr.len = 57;
	KUNIT_EXPECT_EQ(test, rndis_parse_packet(&pkt, 57, &frame), -EINVAL);

	pkt = good_packet;
	pkt.data_len = SECTION - 256;
	KUNIT_EXPECT_EQ(test, rndis_parse_packet(&pkt, SECTION, &frame), 0);
	pkt.data_len++;
	KUNIT_EXPECT_EQ(test, rndis_parse_packet(&pkt, SECTION, &frame),
			-EINVAL);
}

/* One field of a good message changed at a time. */
static const struct bad_packet {
	const char *name;
	u32 off;		/* of the field in struct rndis_packet */
	u32 value;
	u32 len;		/* bytes of the transfer */
	int err;
} bad_packets[] = {
	{ "no message", 0, RNDIS_MSG_PACKET, 0, -EBADMSG },
	{ "header alone", 0, RNDIS_MSG_PACKET, 8, -EBADMSG },
	{ "one byte short", 0, RNDIS_MSG_PACKET, 43, -EBADMSG },
	{ "another type", 0, RNDIS_MSG_INDICATE, SECTION, -EBADMSG },
	{ "length 0", 4, 0, SECTION, -EBADMSG },
	{ "length of less than the header", 4, 43, SECTION, -EBADMSG },
	{ "length beyond the transfer", 4, SECTION + 1, SECTION, -EBADMSG },
	{ "length at the limit", 4, 0xffffffff, SECTION, -EBADMSG },
	{ "data in the header", 8, 35, SECTION, -EINVAL },
	{ "data at 0", 8, 0, SECTION, -EINVAL },
	{ "data ends outside", 8, SECTION - 8 - 1513, SECTION, -EINVAL },
	{ "data begins outside", 8, SECTION, SECTION, -EINVAL },
	{ "data offset wraps", 8, 0xffffffff, SECTION, -EINVAL },
	{ "data offset wraps to a good sum", 8, 0xfffffa16, SECTION, -EINVAL },
	{ "no data", 12, 0, SECTION, -EINVAL },
	{ "data length wraps", 12, 0xffffffff, SECTION, -EINVAL },
	{ "data length wraps to a good sum", 12, 0xffffff10, SECTION, -EINVAL },
	{ "info in the header", 28, 35, SECTION, -EINVAL },
	{ "info at 0", 28, 0, SECTION, -EINVAL },
	{ "info ends outside", 28, SECTION - 8 - 15, SECTION, -EINVAL },
	{ "info offset wraps", 28, 0xfffffff0, SECTION, -EINVAL },
	{ "info too large", 32, RNDIS_RX_PPI_BYTES + 1, SECTION, -E2BIG },
	{ "info length wraps", 32, 0xffffffff, SECTION, -E2BIG },
};

static void bad_packet_desc(const struct bad_packet *bad, char *desc)
{
	strscpy(desc, bad->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bad_packet, bad_packets, bad_packet_desc);

static void bad_packet_refused(struct kunit *test)
{
	const struct bad_packet *bad = test->param_value;
	struct rndis_packet pkt = good_packet;
	struct rndis_frame frame = { .data_off = 1 };

	memcpy((u8 *)&pkt + bad->off, &bad->value, sizeof(u32));
	KUNIT_EXPECT_EQ(test, rndis_parse_packet(&pkt, bad->len, &frame),
			bad->err);
	KUNIT_EXPECT_EQ(test, frame.data_off, 1U);
}

/* Elements of every known type, one that is not, one without data. */
static void good_info(struct kunit *test)
{
	static const u32 ppis[] = {
		16, RNDIS_PPI_CSUM, 12, RNDIS_RX_CSUM_TCP_OK,
		16, RNDIS_PPI_8021Q, 12, 0x123 << 4 | 5,
		16, 77, 12, 0xdeadbeef,
		12, 78, 12,
		20, RNDIS_PPI_HASH, 16, 0xdeadbeef, 0xcafe,
		24, RNDIS_PPI_HASH_INFO, 12, RNDIS_HASH_L4, 0, 0,
		16, RNDIS_PPI_RSC, 12, 0x00010301,
		16, RNDIS_PPI_INTERNAL | RNDIS_PPI_CSUM, 12, 0xdeadbeef,
	};
	struct rndis_info info;

	KUNIT_ASSERT_EQ(test, rndis_parse_ppis(ppis, sizeof(ppis), &info), 0);
	KUNIT_EXPECT_EQ(test, info.has,
			(u32)(RNDIS_HAS_CSUM | RNDIS_HAS_VLAN | RNDIS_HAS_HASH |
			      RNDIS_HAS_HASH_INFO | RNDIS_HAS_RSC));
	KUNIT_EXPECT_EQ(test, info.csum, (u32)RNDIS_RX_CSUM_TCP_OK);
	KUNIT_EXPECT_EQ(test, info.vlan, 0x123U << 4 | 5);
	KUNIT_EXPECT_EQ(test, info.hash, 0xcafeU);
	KUNIT_EXPECT_EQ(test, info.hash_info, (u32)RNDIS_HASH_L4);
	KUNIT_EXPECT_EQ(test, info.rsc, 0x00010301U);
}

static void no_info(struct kunit *test)
{
	struct rndis_info info = { .has = 0xffffffff };

	KUNIT_EXPECT_EQ(test, rndis_parse_ppis(NULL, 0, &info), 0);
	KUNIT_EXPECT_EQ(test, info.has, 0U);
}

static const struct bad_info {
	const char *name;
	u32 len;		/* bytes */
	u32 words[8];
	int err;
} bad_infos[] = {
	{ "size 0", 16, { 0, 0, 12, 0 }, -EINVAL },
	{ "size 0 at the end", 28, { 16, 0, 12, 0, 0, 0, 0 }, -EINVAL },
	{ "size of less than a header", 16, { 11, 0, 12, 0 }, -EINVAL },
	{ "size beyond the rest", 16, { 17, 0, 12, 0 }, -EBADMSG },
	{ "size of the second beyond the rest", 32,
	  { 16, 0, 12, 0, 20, 6, 12, 0 }, -EBADMSG },
	{ "size at the limit", 16, { 0xffffffff, 0, 12, 0 }, -EBADMSG },
	{ "size wraps to the start", 16, { 0xfffffff0, 0, 12, 0 }, -EBADMSG },
	{ "one byte", 1, { 16 }, -EBADMSG },
	{ "half a header", 8, { 8, 0 }, -EBADMSG },
	{ "half a header at the end", 24, { 16, 0, 12, 0, 8, 0 }, -EBADMSG },
	{ "no data", 12, { 12, 0, 12 }, -EINVAL },
	{ "three bytes of data", 16, { 15, 6, 12, 0 }, -EINVAL },
	{ "data in the header", 16, { 16, 0, 11, 0 }, -EINVAL },
	{ "data at 0", 16, { 16, 0, 0, 0 }, -EINVAL },
	{ "data at the end", 16, { 16, 0, 16, 0 }, -EINVAL },
	{ "data ends outside", 16, { 16, 0, 13, 0 }, -EINVAL },
	{ "data outside", 16, { 16, 0, 17, 0 }, -EINVAL },
	{ "data offset wraps", 16, { 16, 0, 0xfffffffc, 0 }, -EINVAL },
	{ "data in the next element", 32, { 16, 8, 28, 0, 16, 77, 12, 0 },
	  -EINVAL },
	{ "data of an unknown type outside", 16, { 16, 77, 17, 0 }, -EINVAL },
	{ "size of an unknown type 0", 16, { 0, 77, 12, 0 }, -EINVAL },
};

static void bad_info_desc(const struct bad_info *bad, char *desc)
{
	strscpy(desc, bad->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bad_info, bad_infos, bad_info_desc);

/* In memory of just that size, so that KASAN sees a byte too many. */
static void bad_info_refused(struct kunit *test)
{
	const struct bad_info *bad = test->param_value;
	struct rndis_info info;
	void *ppis;

	ppis = kunit_kzalloc(test, bad->len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ppis);
	memcpy(ppis, bad->words, bad->len);
	KUNIT_EXPECT_EQ(test, rndis_parse_ppis(ppis, bad->len, &info),
			bad->err);
}

static void too_many_elements(struct kunit *test)
{
	u32 ppis[(RNDIS_RX_PPIS + 1) * 3];
	struct rndis_info info;
	int i;

	for (i = 0; i <= RNDIS_RX_PPIS; i++) {
		ppis[3 * i] = 12;
		ppis[3 * i + 1] = 77;
		ppis[3 * i + 2] = 12;
	}
	KUNIT_EXPECT_EQ(test, rndis_parse_ppis(ppis, sizeof(ppis) - 12, &info),
			0);
	KUNIT_EXPECT_EQ(test, rndis_parse_ppis(ppis, sizeof(ppis), &info),
			-E2BIG);
}

static void headers(struct kunit *test)
{
	struct rndis_set_c c = {
		.hdr = { .type = RNDIS_MSG_SET_C, .len = sizeof(c) },
	};
	struct rndis_hdr hdr = {};

	KUNIT_EXPECT_EQ(test, rndis_parse_hdr(&c, 0, &hdr), -EBADMSG);
	KUNIT_EXPECT_EQ(test, rndis_parse_hdr(&c, 7, &hdr), -EBADMSG);
	KUNIT_EXPECT_EQ(test, rndis_parse_hdr(&c, sizeof(c) - 1, &hdr),
			-EBADMSG);
	KUNIT_EXPECT_EQ(test, hdr.type, 0U);
	KUNIT_EXPECT_EQ(test, rndis_parse_hdr(&c, sizeof(c), &hdr), 0);
	KUNIT_EXPECT_EQ(test, hdr.type, (u32)RNDIS_MSG_SET_C);
	KUNIT_EXPECT_EQ(test, hdr.len, 16U);
	/* A section may be larger than the message in it. */
	KUNIT_EXPECT_EQ(test, rndis_parse_hdr(&c, 100, &hdr), 0);
	c.hdr.len = 7;
	KUNIT_EXPECT_EQ(test, rndis_parse_hdr(&c, 100, &hdr), -EBADMSG);
}

struct query_answer {
	struct rndis_query_c c;
	u8 data[8];
} __packed;

static void query_answers(struct kunit *test)
{
	struct query_answer msg = {
		.c = {
			.hdr = { RNDIS_MSG_QUERY_C, sizeof(msg) },
			.status = RNDIS_STATUS_SUCCESS,
			.len = 8,
			.off = 16,
		},
	};
	const void *data;
	u32 status, len;

#define PARSE(n) rndis_parse_query_c(&msg, (n), &status, &data, &len)
	KUNIT_ASSERT_EQ(test, PARSE(32), 0);
	KUNIT_EXPECT_PTR_EQ(test, data, (const void *)msg.data);
	KUNIT_EXPECT_EQ(test, len, 8U);
	KUNIT_EXPECT_EQ(test, PARSE(31), -EINVAL);
	KUNIT_EXPECT_EQ(test, PARSE(23), -EBADMSG);
	KUNIT_EXPECT_EQ(test, PARSE(0), -EBADMSG);
	msg.c.off = 15;
	KUNIT_EXPECT_EQ(test, PARSE(32), -EINVAL);
	msg.c.off = 17;
	KUNIT_EXPECT_EQ(test, PARSE(32), -EINVAL);
	msg.c.off = 0xfffffff8;
	KUNIT_EXPECT_EQ(test, PARSE(32), -EINVAL);
	msg.c.off = 16;
	msg.c.len = 0xffffffff;
	KUNIT_EXPECT_EQ(test, PARSE(32), -EINVAL);

	/* A refusal: no data, and any offset */
	msg.c.status = RNDIS_STATUS_NOT_SUPPORTED;
	msg.c.len = 0;
	msg.c.off = 0;
	KUNIT_ASSERT_EQ(test, PARSE(24), 0);
	KUNIT_EXPECT_EQ(test, status, (u32)RNDIS_STATUS_NOT_SUPPORTED);
	KUNIT_EXPECT_EQ(test, len, 0U);
#undef PARSE
}

struct indication {
	struct rndis_indicate ind;
	u32 speed;
} __packed;

static void indications(struct kunit *test)
{
	struct indication msg = {
		.ind = {
			.hdr = { RNDIS_MSG_INDICATE, sizeof(msg.ind) },
			.status = RNDIS_STATUS_MEDIA_CONNECT,
		},
		.speed = 100000,
	};
	const void *data;
	u32 status, len;

#define PARSE(n) rndis_parse_indicate(&msg, (n), &status, &data, &len)
	KUNIT_ASSERT_EQ(test, PARSE(20), 0);
	KUNIT_EXPECT_EQ(test, status, (u32)RNDIS_STATUS_MEDIA_CONNECT);
	KUNIT_EXPECT_EQ(test, len, 0U);
	KUNIT_EXPECT_EQ(test, PARSE(19), -EBADMSG);

	/* An old host: the message's own length leaves the data out. */
	msg.ind.len = 4;
	msg.ind.off = 12;
	KUNIT_ASSERT_EQ(test, PARSE(24), 0);
	KUNIT_EXPECT_PTR_EQ(test, data, (const void *)&msg.speed);
	KUNIT_EXPECT_EQ(test, PARSE(23), -EINVAL);
	msg.ind.off = 11;
	KUNIT_EXPECT_EQ(test, PARSE(24), -EINVAL);
	msg.ind.off = 0xfffffffc;
	KUNIT_EXPECT_EQ(test, PARSE(24), -EINVAL);
#undef PARSE
}

/* The TCP frame of 1514 bytes among the worked examples of the protocol. */
static void builds_the_example(struct kunit *test)
{
	static const u8 want[60] = {
		0x01, 0x00, 0x00, 0x00, 0x26, 0x06, 0x00, 0x00,
		0x34, 0x00, 0x00, 0x00, 0xea, 0x05, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x00, 0x00,
		0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00,
		0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x0c, 0x00, 0x00, 0x00, 0x05, 0x00, 0x22, 0x00,
	};
	struct rndis_info info = {
		.has = RNDIS_HAS_CSUM,
		.csum = RNDIS_TX_CSUM_IPV4 | RNDIS_TX_CSUM_TCP | 34 << 16,
	};
	u8 buf[RNDIS_TX_HDR_MAX + 1];

	memset(buf, 0xa5, sizeof(buf));
	KUNIT_ASSERT_EQ(test, rndis_build_packet(buf, RNDIS_TX_HDR_MAX, 1514,
						 &info), 60);
	KUNIT_EXPECT_EQ(test, memcmp(buf, want, sizeof(want)), 0);
	KUNIT_EXPECT_EQ(test, buf[60], (u8)0xa5);
}

/* What is built is understood, whatever the elements. */
static void builds_what_parses(struct kunit *test)
{
	const u32 sent = RNDIS_HAS_CSUM | RNDIS_HAS_LSO | RNDIS_HAS_VLAN |
			 RNDIS_HAS_HASH;
	u8 buf[RNDIS_TX_HDR_MAX + 64];
	u32 has;

	for (has = 0; has <= sent; has++) {
		struct rndis_info info = {
			.has = has,
			.csum = 0x11111111,
			.lso = 0x22222222,
			.vlan = 0x33333333,
			.hash = 0x44444444,
		};
		struct rndis_info got;
		struct rndis_frame frame;
		u32 want = has;
		int len;

		/* LSO has the checksum in it; the parser does not read it. */
		if (want & RNDIS_HAS_LSO)
			want &= ~(RNDIS_HAS_LSO | RNDIS_HAS_CSUM);
		len = rndis_build_packet(buf, sizeof(buf), 60, &info);
		KUNIT_ASSERT_GE(test, len, 44);
		KUNIT_ASSERT_EQ(test, rndis_parse_packet((void *)buf, len + 60,
							 &frame), 0);
		KUNIT_EXPECT_EQ(test, frame.data_off, (u32)len);
		KUNIT_EXPECT_EQ(test, frame.data_len, 60U);
		KUNIT_EXPECT_EQ(test, frame.ppi_len, (u32)len - 44);
		KUNIT_ASSERT_EQ(test, rndis_parse_ppis(buf + 44, frame.ppi_len,
						       &got), 0);
		KUNIT_EXPECT_EQ(test, got.has, want);
		if (want & RNDIS_HAS_CSUM)
			KUNIT_EXPECT_EQ(test, got.csum, info.csum);
		if (want & RNDIS_HAS_VLAN)
			KUNIT_EXPECT_EQ(test, got.vlan, info.vlan);
		if (want & RNDIS_HAS_HASH)
			KUNIT_EXPECT_EQ(test, got.hash, info.hash);
	}
}

static void builds_lso(struct kunit *test)
{
	const u32 lso = RNDIS_LSO_V2 | 34 << 20 | 1448;
	struct rndis_info info = {
		.has = RNDIS_HAS_LSO | RNDIS_HAS_CSUM,
		.lso = lso,
		.csum = 0xffffffff,
	};
	u32 want[] = { 16, RNDIS_PPI_LSO, 12, lso };
	u8 buf[RNDIS_TX_HDR_MAX];

	KUNIT_ASSERT_EQ(test, rndis_build_packet(buf, sizeof(buf), 60000,
						 &info), 60);
	KUNIT_EXPECT_EQ(test, memcmp(buf + 44, want, sizeof(want)), 0);
}

static void builds_only_what_fits(struct kunit *test)
{
	struct rndis_info info = {};
	u8 buf[64];
	u32 value = 0xd;

	KUNIT_EXPECT_EQ(test, rndis_build_packet(buf, RNDIS_TX_HDR_MAX - 1, 60,
						 &info), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, rndis_build_oid(buf, 27, RNDIS_MSG_QUERY, 1, 2,
					      NULL, 0), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, rndis_build_oid(buf, 31, RNDIS_MSG_SET, 1, 2,
					      &value, 4), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, rndis_build_oid(buf, 64, RNDIS_MSG_SET, 1, 2,
					      &value, 0xfffffff0), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, rndis_build_oid(buf, 32, RNDIS_MSG_SET, 1, 2,
					      &value, 4), 32);
}

static void builds_oids(struct kunit *test)
{
	static const u32 want[] = {
		RNDIS_MSG_SET, 32, 7, RNDIS_OID_GEN_CURRENT_PACKET_FILTER,
		4, 20, 0, 0xd,
	};
	u32 filter = 0xd;
	u8 buf[32];

	KUNIT_ASSERT_EQ(test, rndis_build_oid(buf, sizeof(buf), RNDIS_MSG_SET,
					      7,
					      RNDIS_OID_GEN_CURRENT_PACKET_FILTER,
					      &filter, sizeof(filter)), 32);
	KUNIT_EXPECT_EQ(test, memcmp(buf, want, sizeof(want)), 0);
}

static struct kunit_case rndis_msg_cases[] = {
	KUNIT_CASE(good_frame),
	KUNIT_CASE(good_frame_without_info),
	KUNIT_CASE(frame_at_the_edges),
	KUNIT_CASE_PARAM(bad_packet_refused, bad_packet_gen_params),
	KUNIT_CASE(good_info),
	KUNIT_CASE(no_info),
	KUNIT_CASE_PARAM(bad_info_refused, bad_info_gen_params),
	KUNIT_CASE(too_many_elements),
	KUNIT_CASE(headers),
	KUNIT_CASE(query_answers),
	KUNIT_CASE(indications),
	KUNIT_CASE(builds_the_example),
	KUNIT_CASE(builds_what_parses),
	KUNIT_CASE(builds_lso),
	KUNIT_CASE(builds_only_what_fits),
	KUNIT_CASE(builds_oids),
	{}
};

static struct kunit_suite rndis_msg_suite = {
	.name = "hv_netvsc_rndis_msg",
	.test_cases = rndis_msg_cases,
};

kunit_test_suite(rndis_msg_suite);

MODULE_DESCRIPTION("KUnit tests of the RNDIS messages");
MODULE_LICENSE("GPL");
