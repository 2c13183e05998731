// SPDX-License-Identifier: GPL-2.0
/*
 * Answers with values that cannot be, at their limits, and a byte too short:
 * what must not be believed, and what does not matter.
 */
#include <kunit/test.h>
#include <net/tcp.h>

#include "fake_host.h"

#define FULL_TX_CSUM	(NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM)
#define FULL_TSO	(NETIF_F_TSO | NETIF_F_TSO6)

static int values_init(struct kunit *test)
{
	test->priv = fake_host_new(test);
	return 0;
}

static void values_exit(struct kunit *test)
{
	fake_host_free(test->priv);
}

/* One answer has a @value at byte @off, or it has only @off bytes. */
struct absurd {
	const char *name;
	enum fake_fault_kind kind;
	enum fake_reply reply;
	u32 asked;
	u32 off;
	u32 value;
	int err;		/* of netvsc_conn_start() */
};

#define INIT(name, off, value, err) \
	{ "INIT: " name, FAKE_ALTER, FAKE_NVSP, 1, off, value, err }
#define RECV(name, off, value, err) \
	{ "receive buffer: " name, FAKE_ALTER, FAKE_NVSP, 101, off, value, err }
#define SEND(name, off, value, err) \
	{ "send buffer: " name, FAKE_ALTER, FAKE_NVSP, 104, off, value, err }
#define RNDIS(name, asked, off, value, err) \
	{ name, FAKE_ALTER, FAKE_RNDIS, asked, off, value, err }
#define SHORT(name, reply, asked, len, err) \
	{ "short: " name, FAKE_CUT, reply, asked, len, 0, err }

static const struct absurd absurds[] = {
	INIT("refused", 12, 2, 0),
	INIT("status of all bits", 12, U32_MAX, 0),
	INIT("MDL chain", 8, 0, 0),
	RECV("status 0", 4, 0, -EINVAL),
	RECV("status of all bits", 4, U32_MAX, -EINVAL),
	RECV("no section", 8, 0, -EINVAL),
	RECV("two sections", 8, 2, -EINVAL),
	RECV("all sections", 8, U32_MAX, -EINVAL),
	RECV("does not begin at 0", 12, 8, -EINVAL),
	RECV("size 0", 16, 0, -EINVAL),
	RECV("size 67", 16, 67, -EINVAL),
	RECV("size 68", 16, 68, 0),
	RECV("size of all bits", 16, U32_MAX, -EINVAL),
	RECV("count 0", 20, 0, -EINVAL),
	RECV("one too many", 20, FAKE_RECV_BYTES / FAKE_RECV_SECTION + 1,
	     -EINVAL),
	RECV("count of all bits", 20, U32_MAX, -EINVAL),
	/* 1806 times this is 500 in 32 bits. */
	RECV("count that overflows", 20, 2378166, -EINVAL),
	RECV("end somewhere", 24, U32_MAX, 0),
	SEND("status 0", 4, 0, -EINVAL),
	SEND("size 0", 8, 0, -EINVAL),
	SEND("size 67", 8, 67, -EINVAL),
	SEND("size 68", 8, 68, 0),
	SEND("one section", 8, FAKE_SEND_BYTES, 0),
	SEND("larger than the buffer", 8, FAKE_SEND_BYTES + 1, -EINVAL),
	SEND("size of all bits", 8, U32_MAX, -EINVAL),
	/* None of these is used for anything. */
	RNDIS("INIT_C: version", 0, 16, U32_MAX, 0),
	RNDIS("INIT_C: no message in a transfer", 0, 32, 0, 0),
	RNDIS("INIT_C: empty transfers", 0, 36, 0, 0),
	RNDIS("INIT_C: aligned to 2^40", 0, 40, 40, 0),
	RNDIS("INIT_C: address families", 0, 44, U32_MAX, 0),
	RNDIS("MAC: none", OID_MAC, 16, 0, -EPROTO),
	RNDIS("MAC: 5 bytes", OID_MAC, 16, 5, -EPROTO),
	RNDIS("MAC: too many bytes", OID_MAC, 16, 7, -EINVAL),
	RNDIS("MAC: all bytes", OID_MAC, 16, U32_MAX, -EINVAL),
	RNDIS("MAC: inside of the header", OID_MAC, 20, 15, -EINVAL),
	RNDIS("MAC: behind the end", OID_MAC, 20, 17, -EINVAL),
	RNDIS("MAC: far behind the end", OID_MAC, 20, U32_MAX, -EINVAL),
	RNDIS("MAC: multicast", OID_MAC, 24, 0x01, -EPROTO),
	RNDIS("frame size: 3 bytes", OID_FRAME_SIZE, 16, 3, 0),
	RNDIS("frame size: offset", OID_FRAME_SIZE, 20, U32_MAX, 0),
	RNDIS("frame size: 0", OID_FRAME_SIZE, 24, 0, 0),
	RNDIS("link: length", OID_CONNECT_STATUS, 16, U32_MAX, 0),
	RNDIS("speed: offset", OID_LINK_SPEED, 20, 0, 0),
	RNDIS("set offloads: status", OID_OFFLOAD_PARAMS, 12, 1, 0),
	SHORT("INIT of a type", FAKE_NVSP, 1, 4, -EPROTO),
	SHORT("INIT by one", FAKE_NVSP, 1, 15, -EPROTO),
	SHORT("INIT not at all", FAKE_NVSP, 1, 16, 0),
	SHORT("receive buffer by one", FAKE_NVSP, 101, 27, -EPROTO),
	SHORT("send buffer of a status", FAKE_NVSP, 104, 8, -EPROTO),
	SHORT("send buffer by one", FAKE_NVSP, 104, 11, -EPROTO),
	SHORT("INIT_C of a status", FAKE_RNDIS, 0, 16, -EPROTO),
	SHORT("INIT_C by one", FAKE_RNDIS, 0, 51, -EPROTO),
	SHORT("MAC of a header", FAKE_RNDIS, OID_MAC, 23, -EBADMSG),
	SHORT("MAC by one", FAKE_RNDIS, OID_MAC, 29, -EINVAL),
	SHORT("frame size by one", FAKE_RNDIS, OID_FRAME_SIZE, 27, 0),
	SHORT("offloads by one", FAKE_RNDIS, OID_OFFLOAD_CAPS, 179, 0),
};

static void absurd_name(const struct absurd *a, char *name)
{
	strscpy(name, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(absurd, absurds, absurd_name);

static void absurd_value(struct kunit *test)
{
	const struct absurd *a = test->param_value;
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);
	int err;

	h->fault = (struct fake_fault) {
		.kind = a->kind, .reply = a->reply, .asked = a->asked,
		.off = a->off, .value = a->value, .len = a->off,
	};
	err = netvsc_conn_start(conn);
	KUNIT_EXPECT_EQ(test, err, a->err);
	KUNIT_EXPECT_NOT_NULL(test, h->hit);
	if (!err)
		netvsc_conn_stop(conn);
	fake_conn_end(h, conn);
}

/* Connect with one answer altered; it must not fail. */
static struct netvsc_conn *start_as(struct kunit *test, u32 version,
				    u32 asked, u32 off, u32 value)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	fake_host_reset(h, version);
	conn = fake_conn_new(h);
	h->fault = (struct fake_fault) {
		.kind = FAKE_ALTER, .reply = FAKE_RNDIS, .asked = asked,
		.off = off, .value = value,
	};
	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	KUNIT_EXPECT_NOT_NULL(test, h->hit);
	return conn;
}

static struct netvsc_conn *start_with(struct kunit *test, u32 asked, u32 off,
				      u32 value)
{
	return start_as(test, 0x60001, asked, off, value);
}

static void stop(struct kunit *test, struct netvsc_conn *conn)
{
	netvsc_conn_stop(conn);
	fake_conn_end(test->priv, conn);
}

/* Fields of NDIS_OFFLOAD, behind the header of the answer. */
static const struct {
	u32 off;
	u32 value;
	netdev_features_t csum;
	netdev_features_t tso;
} offload_fields[] = {
	{ 0, 0x009c03a6, 0, 0 },		/* another object */
	{ 0, 0x009c00a7, 0, 0 },		/* revision 0 */
	{ 0, 0x000003a7, 0, 0 },		/* empty */
	{ 0, 0x006f03a7, 0, 0 },		/* cut short */
	{ 0, 0x009d03a7, 0, 0 },		/* more than came */
	{ 0, 0xffff03a7, 0, 0 },
	{ 8, 0x10, NETIF_F_IPV6_CSUM, NETIF_F_TSO6 },
	{ 24, 0, NETIF_F_IP_CSUM, NETIF_F_TSO },
	{ 80, 0, FULL_TX_CSUM, NETIF_F_TSO6 },
	{ 92, 0, FULL_TX_CSUM, NETIF_F_TSO },
	{ 104, 0x4, FULL_TX_CSUM, NETIF_F_TSO },
	/* A maximum into which not even the headers fit. */
	{ 84, 0, FULL_TX_CSUM, NETIF_F_TSO6 },
	{ 84, 100, FULL_TX_CSUM, NETIF_F_TSO6 },
	{ 96, 0, FULL_TX_CSUM, NETIF_F_TSO },
	{ 96, U32_MAX, FULL_TX_CSUM, FULL_TSO },
};

static void absurd_offloads(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offload_fields); i++) {
		u32 off = offload_fields[i].off;
		struct netvsc_conn *conn;

		conn = start_with(test, OID_OFFLOAD_CAPS, 24 + off,
				  offload_fields[i].value);
		KUNIT_EXPECT_EQ_MSG(test, conn->caps.tx_csum,
				    offload_fields[i].csum, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, conn->caps.tso,
				    offload_fields[i].tso, "row %u", i);
		if (conn->caps.tso)
			KUNIT_EXPECT_EQ_MSG(test, conn->caps.tso_max,
					    FAKE_LSO_MAX, "row %u", i);
		/* Less is an underflow in the stack. */
		KUNIT_EXPECT_GT_MSG(test, conn->caps.tso_max,
				    (u32)MAX_TCP_HEADER + 1, "row %u", i);
		stop(test, conn);
	}
}

/* What the host does not tell is not made up. */
static void optional_answers(struct kunit *test)
{
	struct netvsc_conn *conn;

	conn = start_with(test, OID_FRAME_SIZE, 24, ETH_MIN_MTU - 1);
	KUNIT_EXPECT_EQ(test, conn->caps.max_mtu, 0U);
	stop(test, conn);
	conn = start_with(test, OID_FRAME_SIZE, 24, 9000);
	KUNIT_EXPECT_EQ(test, conn->caps.max_mtu, 9000U);
	stop(test, conn);
	conn = start_with(test, OID_CONNECT_STATUS, 24, 1);
	KUNIT_EXPECT_FALSE(test, conn->caps.link_up);
	stop(test, conn);
	conn = start_with(test, OID_CONNECT_STATUS, 12, 0xc00000bb);
	KUNIT_EXPECT_TRUE(test, conn->caps.link_up);
	stop(test, conn);
	conn = start_with(test, OID_LINK_SPEED, 12, 0xc00000bb);
	KUNIT_EXPECT_EQ(test, conn->caps.link_speed, 0U);
	stop(test, conn);
	/* With RSC the host is asked once more, without. */
	conn = start_with(test, OID_OFFLOAD_PARAMS, 12, 0xc0010015);
	KUNIT_EXPECT_FALSE(test, conn->caps.rsc);
	KUNIT_EXPECT_NE(test, conn->caps.tx_csum, (netdev_features_t)0);
	KUNIT_EXPECT_NE(test, conn->caps.tso, (netdev_features_t)0);
	stop(test, conn);
	conn = start_as(test, 0x60000, OID_OFFLOAD_PARAMS, 12, 0xc0010015);
	KUNIT_EXPECT_EQ(test, conn->caps.tx_csum, (netdev_features_t)0);
	KUNIT_EXPECT_EQ(test, conn->caps.tso, (netdev_features_t)0);
	stop(test, conn);
}

static struct kunit_case values_cases[] = {
	KUNIT_CASE_PARAM(absurd_value, absurd_gen_params),
	KUNIT_CASE(absurd_offloads),
	KUNIT_CASE(optional_answers),
	{}
};

static struct kunit_suite values_suite = {
	.name = "hv_netvsc_conn_values",
	.init = values_init,
	.exit = values_exit,
	.test_cases = values_cases,
};

kunit_test_suite(values_suite);

MODULE_DESCRIPTION("KUnit: answers with values that cannot be");
MODULE_LICENSE("GPL");
