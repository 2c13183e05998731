// SPDX-License-Identifier: GPL-2.0
/*
 * A connection from its first message to its last, with a good host of each
 * version, with one that is too old, and with one that is too slow.
 */
#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/vmalloc.h>

#include "deadlines.h"
#include "fake_host.h"

#define FILTER		0xdU	/* directed, all multicast, broadcast */

struct host_version {
	const char *name;
	u32 version;
	unsigned int inits;	/* until the host agrees */
};

static const struct host_version versions[] = {
	{ "NVSP 6.1",	0x60001, 1 },
	{ "NVSP 6",	0x60000, 2 },
	{ "NVSP 5",	0x50000, 3 },
	{ "NVSP 4",	0x40000, 4 },
};

static const struct host_version too_old[] = {
	{ "NVSP 2",	0x30002, 4 },
	{ "NVSP 1",	0x00002, 4 },
};

static void version_name(const struct host_version *v, char *name)
{
	strscpy(name, v->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(version, versions, version_name);
KUNIT_ARRAY_PARAM(too_old, too_old, version_name);

static int conn_init(struct kunit *test)
{
	test->priv = fake_host_new(test);
	return 0;
}

static void conn_exit(struct kunit *test)
{
	fake_host_free(test->priv);
}

/* What the driver did from event @from on. Return: the event behind @want. */
static unsigned int expect_events(struct kunit *test, unsigned int from,
				  const struct fake_event *want,
				  unsigned int num)
{
	struct fake_host *h = test->priv;
	unsigned int i;

	KUNIT_ASSERT_LE(test, from + num, h->num_events);
	for (i = 0; i < num; i++) {
		const struct fake_event *e = &h->event[from + i];

		KUNIT_EXPECT_TRUE_MSG(test, e->what == want[i].what &&
				      e->value == want[i].value,
				      "event %u: %c 0x%x, not %c 0x%x",
				      from + i, e->what, e->value,
				      want[i].what, want[i].value);
	}
	return from + num;
}

static const struct fake_event opening[] = {
	{ 'e', FAKE_RECV_BYTES }, { 'e', FAKE_SEND_BYTES }, { 'o', 0 },
};

static const struct fake_event talk[] = {
	{ 'n', 125 }, { 'n', 100 }, { 'n', 101 }, { 'n', 104 },
	{ 'i', 0 },
	{ 'q', OID_FRAME_SIZE }, { 'q', OID_MAC }, { 'q', OID_NAME },
	{ 'q', OID_OFFLOAD_CAPS },
	{ 's', OID_OFFLOAD_PARAMS },
	{ 'q', OID_CONNECT_STATUS }, { 'q', OID_LINK_SPEED },
};

static const struct fake_event ending[] = {
	{ 's', OID_FILTER }, { 'h', 0 }, { 'n', 106 }, { 'n', 103 },
	{ 'c', 0 }, { 't', FAKE_SEND_BYTES }, { 't', FAKE_RECV_BYTES },
};

static void expect_caps(struct kunit *test, const struct netvsc_conn *conn,
			u32 version)
{
	static const u8 mac[] = { 0x00, 0x15, 0x5d, 0x01, 0x02, 0x03 };
	const struct netvsc_caps *caps = &conn->caps;

	KUNIT_EXPECT_EQ(test, conn->version, version);
	KUNIT_EXPECT_MEMEQ(test, caps->mac, mac, sizeof(mac));
	KUNIT_EXPECT_STREQ(test, caps->name, "B\xc3\xbcro 2");
	KUNIT_EXPECT_EQ(test, caps->max_mtu, FAKE_MTU);
	KUNIT_EXPECT_EQ(test, caps->tx_csum, NETIF_F_IP_CSUM |
			NETIF_F_IPV6_CSUM);
	KUNIT_EXPECT_TRUE(test, caps->tx_csum_udp4);
	KUNIT_EXPECT_TRUE(test, caps->tx_csum_udp6);
	KUNIT_EXPECT_EQ(test, caps->tso, NETIF_F_TSO | NETIF_F_TSO6);
	KUNIT_EXPECT_EQ(test, caps->tso_max, FAKE_LSO_MAX);
	KUNIT_EXPECT_TRUE(test, caps->link_up);
	/* Before version 5 the host does not tell. */
	KUNIT_EXPECT_EQ(test, caps->link_speed,
			version == 0x40000 ? 0 : FAKE_LINK_SPEED);

	KUNIT_EXPECT_EQ(test, conn->recv.section_size, FAKE_RECV_SECTION);
	KUNIT_EXPECT_EQ(test, conn->recv.sections,
			FAKE_RECV_BYTES / FAKE_RECV_SECTION);
	KUNIT_EXPECT_EQ(test, conn->send.section_size, FAKE_SEND_SECTION);
	KUNIT_EXPECT_EQ(test, conn->send.sections,
			FAKE_SEND_BYTES / FAKE_SEND_SECTION);
}

static void handshake(struct kunit *test)
{
	const struct host_version *v = test->param_value;
	static const struct fake_event init = { 'n', 1 };
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	unsigned int i, from = 0;

	fake_host_reset(h, v->version);
	conn = fake_conn_new(h);
	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	KUNIT_EXPECT_EQ(test, h->version, v->version);
	expect_caps(test, conn, v->version);

	from = expect_events(test, 0, opening, ARRAY_SIZE(opening));
	for (i = 0; i < v->inits; i++)
		from = expect_events(test, from, &init, 1);
	/* Version 4 is not asked for the link speed. */
	from = expect_events(test, from, talk, ARRAY_SIZE(talk) -
			     (v->version == 0x40000));
	KUNIT_EXPECT_EQ(test, h->num_events, from);

	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, FILTER), 0);
	KUNIT_EXPECT_EQ(test, h->filter, FILTER);
	netvsc_conn_stop(conn);
	KUNIT_EXPECT_EQ(test, h->filter, 0U);
	from = expect_events(test, from + 1, ending, ARRAY_SIZE(ending));
	KUNIT_EXPECT_EQ(test, h->num_events, from);

	fake_conn_end(h, conn);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 0L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_late), 0L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 0L);
	KUNIT_EXPECT_EQ(test, h->completed, 0U);
}

/* All that was done is undone, and the host is asked nothing more. */
static void host_is_too_old(struct kunit *test)
{
	static const struct fake_event want[] = {
		{ 'e', FAKE_RECV_BYTES }, { 'e', FAKE_SEND_BYTES }, { 'o', 0 },
		{ 'n', 1 }, { 'n', 1 }, { 'n', 1 }, { 'n', 1 },
		{ 'c', 0 }, { 't', FAKE_SEND_BYTES }, { 't', FAKE_RECV_BYTES },
	};
	const struct host_version *v = test->param_value;
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	fake_host_reset(h, v->version);
	conn = fake_conn_new(h);
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), -EPROTONOSUPPORT);
	fake_conn_end(h, conn);
	expect_events(test, 0, want, ARRAY_SIZE(want));
	KUNIT_EXPECT_EQ(test, h->num_events, ARRAY_SIZE(want));
}

/* The filter that the host has is not told it again. */
static void filter_is_told_once(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);
	unsigned int before;

	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	before = h->num_events;
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, 0), 0);
	KUNIT_EXPECT_EQ(test, h->num_events, before);
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, FILTER), 0);
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, FILTER), 0);
	KUNIT_EXPECT_EQ(test, h->num_events, before + 1);

	/* One that the host refused is not what it has. */
	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_RNDIS, .asked = OID_FILTER,
	};
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, 1), -EIO);
	KUNIT_EXPECT_EQ(test, netvsc_rndis_set_filter(conn, 1), 0);
	KUNIT_EXPECT_EQ(test, h->num_events, before + 3);
	netvsc_conn_stop(conn);
	fake_conn_end(h, conn);
}

/*
 * Neither freed nor used again: the next connection has others. At the end the
 * test frees it.
 */
static void expect_left_alone(struct kunit *test, void *kept)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	fake_host_reset(h, 0x60001);
	conn = fake_conn_new(h);
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), 0);
	KUNIT_EXPECT_PTR_NE(test, h->gpadl[0].base, kept);
	KUNIT_EXPECT_PTR_NE(test, h->gpadl[1].base, kept);
	netvsc_conn_stop(conn);
	fake_conn_end(h, conn);

	fake_host_expect_freed(h);
	KUNIT_ASSERT_TRUE(test, fake_is_allocated(kept));
	vfree(kept);
}

static const struct decrypted {
	const char *name;
	unsigned int which;
	int err;
} decrypted[] = {
	{ "receive buffer",		1, -EIO },
	{ "send buffer",		2, -EIO },
	{ "receive buffer, no memory",	1, -ENOMEM },
	{ "send buffer, no memory",	2, -ENOMEM },
};

static void decrypted_name(const struct decrypted *d, char *name)
{
	strscpy(name, d->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(decrypted, decrypted, decrypted_name);

/*
 * In a confidential VM: the bus has shown the memory to others, the host gave
 * it no name, and it could not be hidden again.
 */
static void others_see_a_buffer(struct kunit *test)
{
	const struct decrypted *d = test->param_value;
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);

	h->decrypted = d->which;
	h->fail_err = d->err;
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), d->err);
	KUNIT_ASSERT_NOT_NULL(test, h->seen);
	fake_conn_end(h, conn);
	expect_left_alone(test, h->seen);
}

/* The host keeps a buffer. */
static void teardown_fails(struct kunit *test, unsigned int which)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);
	void *kept;

	h->stuck_teardown = which;
	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	kept = h->gpadl[2 - which].base;
	netvsc_conn_stop(conn);
	KUNIT_EXPECT_TRUE(test, h->gpadl[2 - which].stuck);
	KUNIT_EXPECT_FALSE(test, h->gpadl[which - 1].stuck);
	fake_conn_end(h, conn);
	expect_left_alone(test, kept);
}

static void teardown_of_the_send_buffer_fails(struct kunit *test)
{
	teardown_fails(test, 1);
}

static void teardown_of_the_receive_buffer_fails(struct kunit *test)
{
	teardown_fails(test, 2);
}

/* The same when a start is undone. */
static void teardown_fails_while_unwinding(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);

	h->stuck_teardown = 2;
	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 104,
	};
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), -EINVAL);
	KUNIT_EXPECT_TRUE(test, h->gpadl[0].stuck);
	fake_conn_end(h, conn);
	fake_host_expect_freed(h);
	KUNIT_ASSERT_TRUE(test, fake_is_allocated(h->gpadl[0].base));
	vfree(h->gpadl[0].base);
}

static struct netvsc_conn *started(struct fake_host *h)
{
	struct netvsc_conn *conn = fake_conn_new(h);

	KUNIT_ASSERT_EQ(h->test, netvsc_conn_start(conn), 0);
	return conn;
}

static void stopped(struct fake_host *h, struct netvsc_conn *conn)
{
	netvsc_conn_stop(conn);
	fake_conn_end(h, conn);
}

/* The next connection has what this one had, but for what shall be larger. */
static void buffers_are_used_again(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = started(h);
	void *recv = conn->recv.base, *send = conn->send.base;

	stopped(h, conn);
	conn = started(h);
	KUNIT_EXPECT_PTR_EQ(test, conn->recv.base, recv);
	KUNIT_EXPECT_PTR_EQ(test, conn->send.base, send);
	stopped(h, conn);

	h->nv->intent.recv_bytes = FAKE_MORE_BYTES;
	conn = started(h);
	KUNIT_EXPECT_EQ(test, conn->recv.bytes, (u32)FAKE_MORE_BYTES);
	KUNIT_EXPECT_FALSE(test, fake_is_allocated(recv));
	KUNIT_EXPECT_PTR_EQ(test, conn->send.base, send);
	stopped(h, conn);
}

/* Return: the receive buffer of a connection that there was. */
static void *received_into(struct fake_host *h)
{
	struct netvsc_conn *conn = started(h);
	void *recv = conn->recv.base;

	stopped(h, conn);
	return recv;
}

/* The next one fails, and the one after that has the same buffer. */
static void expect_kept(struct kunit *test, const void *recv, int err)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);

	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), err);
	fake_conn_end(h, conn);
	KUNIT_EXPECT_PTR_EQ(test, received_into(h), recv);
}

static void buffers_outlive_a_failure(struct kunit *test)
{
	struct fake_host *h = test->priv;
	void *recv = received_into(h);

	h->fault = (struct fake_fault) {
		.kind = FAKE_REFUSE, .reply = FAKE_NVSP, .asked = 104,
	};
	expect_kept(test, recv, -EINVAL);
}

/* The bus has no name for it just now. */
static void buffers_without_a_name(struct kunit *test)
{
	struct fake_host *h = test->priv;
	void *recv = received_into(h);

	fake_host_reset(h, 0x60001);
	h->fail_op = h->ops + 1;
	h->fail_err = -ENXIO;
	expect_kept(test, recv, -ENXIO);
}

/* What is too large, because the host refused it, has to do where nothing else is. */
static void buffers_that_are_too_large(struct kunit *test)
{
	struct fake_host *h = test->priv;
	void *recv = received_into(h);
	struct netvsc_conn *conn;

	/* There is no memory for so much, here. */
	h->nv->spare_recv.bytes = SZ_2G + SZ_1G + SZ_512M;
	h->nv->intent.recv_bytes = SZ_2G + SZ_1G;
	conn = fake_conn_new(h);
	KUNIT_ASSERT_EQ(test, netvsc_buffers_get(conn), 0);
	KUNIT_EXPECT_PTR_EQ(test, conn->recv.base, recv);
	KUNIT_EXPECT_EQ(test, conn->recv.bytes, (u32)(SZ_2G + SZ_1G));
	netvsc_buffers_put(conn);
	fake_conn_end(h, conn);
}

/* Half of it, and half of that: the bus has no memory for more, and names none. */
static void buffers_of_the_first_one(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;

	h->no_memory = true;
	h->nv->intent.recv_bytes = 4 * FAKE_HALF_BYTES;
	conn = fake_conn_new(h);
	KUNIT_ASSERT_EQ(test, netvsc_buffers_get(conn), 0);
	KUNIT_EXPECT_EQ(test, conn->recv.bytes, (u32)FAKE_HALF_BYTES);
	netvsc_buffers_put(conn);
	fake_conn_end(h, conn);
}

/* Whoever cannot have more has at least what there was. */
static void buffers_that_cannot_grow(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn;
	void *recv;

	h->nv->intent.recv_bytes = FAKE_HALF_BYTES;
	recv = received_into(h);

	h->no_memory = true;
	h->nv->intent.recv_bytes = 3 * FAKE_HALF_BYTES;
	conn = started(h);
	KUNIT_EXPECT_PTR_EQ(test, conn->recv.base, recv);
	KUNIT_EXPECT_EQ(test, conn->recv.bytes, (u32)FAKE_HALF_BYTES);
	stopped(h, conn);
}

/* As FAKE_LATE, but it is the deadline that ends the wait. */
static void expect_overdue(struct kunit *test, enum fake_reply reply,
			   u32 asked, unsigned long deadline)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);
	unsigned long start = jiffies;

	h->fault = (struct fake_fault) {
		.kind = FAKE_LATE, .reply = reply, .asked = asked,
	};
	h->stays = true;
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), -ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start + deadline));
	fake_conn_end(h, conn);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_overdue), 1L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_late), 1L);

	fake_host_reset(h, 0x60001);
	conn = fake_conn_new(h);
	KUNIT_EXPECT_EQ(test, netvsc_conn_start(conn), 0);
	netvsc_conn_stop(conn);
	fake_conn_end(h, conn);
}

static void nvsp_answer_is_overdue(struct kunit *test)
{
	expect_overdue(test, FAKE_NVSP, 101, NETVSC_NVSP_STEP);
}

static void rndis_answer_is_overdue(struct kunit *test)
{
	expect_overdue(test, FAKE_RNDIS, OID_OFFLOAD_PARAMS, NETVSC_RNDIS_REQ);
}

/* A 108 that never comes delays the good-bye, but not for ever. */
static void message_is_never_taken(struct kunit *test)
{
	struct fake_host *h = test->priv;
	struct netvsc_conn *conn = fake_conn_new(h);
	unsigned long start;

	h->fault = (struct fake_fault) {
		.kind = FAKE_SILENT, .reply = FAKE_TAKEN, .asked = OID_MAC,
	};
	KUNIT_ASSERT_EQ(test, netvsc_conn_start(conn), 0);
	start = jiffies;
	netvsc_conn_stop(conn);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, start + NETVSC_QUIESCE));
	fake_conn_end(h, conn);
}

static struct kunit_case conn_cases[] = {
	KUNIT_CASE_PARAM(handshake, version_gen_params),
	KUNIT_CASE_PARAM(host_is_too_old, too_old_gen_params),
	KUNIT_CASE(filter_is_told_once),
	KUNIT_CASE_PARAM(others_see_a_buffer, decrypted_gen_params),
	KUNIT_CASE(teardown_of_the_send_buffer_fails),
	KUNIT_CASE(teardown_of_the_receive_buffer_fails),
	KUNIT_CASE(teardown_fails_while_unwinding),
	KUNIT_CASE(buffers_are_used_again),
	KUNIT_CASE(buffers_outlive_a_failure),
	KUNIT_CASE(buffers_of_the_first_one),
	KUNIT_CASE(buffers_without_a_name),
	KUNIT_CASE(buffers_that_are_too_large),
	KUNIT_CASE(buffers_that_cannot_grow),
	KUNIT_CASE_SLOW(nvsp_answer_is_overdue),
	KUNIT_CASE_SLOW(rndis_answer_is_overdue),
	KUNIT_CASE_SLOW(message_is_never_taken),
	{}
};

static struct kunit_suite conn_suite = {
	.name = "hv_netvsc_conn",
	.init = conn_init,
	.exit = conn_exit,
	.test_cases = conn_cases,
};

kunit_test_suite(conn_suite);

MODULE_DESCRIPTION("KUnit: connect and disconnect");
MODULE_LICENSE("GPL");
