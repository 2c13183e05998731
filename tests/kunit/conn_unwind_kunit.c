// SPDX-License-Identifier: GPL-2.0
/*
 * The handshake when its k-th operation fails, or its k-th answer is bad: for
 * every k, for every version. Nothing may be left, and the next try works.
 */
#include <kunit/test.h>

#include "fake_host.h"

#define FILTER		0xdU

static const u32 versions[] = { 0x40000, 0x50000, 0x60000, 0x60001 };

/*
 * The others differ from these only in the number of INITs: what takes long
 * is done with the oldest and the newest host.
 */
static const u32 extremes[] = { 0x40000, 0x60001 };

static void version_name(const u32 *version, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "NVSP %u.%u", *version >> 16,
		 *version & 0xffff);
}

KUNIT_ARRAY_PARAM(version, versions, version_name);
KUNIT_ARRAY_PARAM(extreme, extremes, version_name);

static u32 version_of(struct kunit *test)
{
	return *(const u32 *)test->param_value;
}

static int unwind_init(struct kunit *test)
{
	test->priv = fake_host_new(test);
	return 0;
}

static void unwind_exit(struct kunit *test)
{
	fake_host_free(test->priv);
}

/* One connection, from nothing to nothing. Return: how its start went. */
static int try(struct fake_host *h)
{
	struct netvsc_conn *conn = fake_conn_new(h);
	int err = netvsc_conn_start(conn);

	if (!err) {
		netvsc_rndis_set_filter(conn, FILTER);
		/* From here on the host behaves. */
		h->fault.kind = FAKE_ALL_WELL;
		/* stop would wait for a 108 that does not come. */
		if (!netvsc_requests_idle(&conn->requests) && h->hit &&
		    h->hit->reply == FAKE_TAKEN)
			h->gone = true;
		netvsc_conn_stop(conn);
	}
	fake_conn_end(h, conn);
	return err;
}

/*
 * On the same device. With the older hosts it is the next k that tries again,
 * each one step further, and the last one all the way.
 */
static void try_again(struct kunit *test)
{
	struct fake_host *h = test->priv;

	if (version_of(test) != 0x60001)
		return;
	fake_host_reset(h, version_of(test));
	KUNIT_EXPECT_EQ_MSG(test, try(h), 0, "second try");
	KUNIT_EXPECT_EQ(test, h->version, version_of(test));
	KUNIT_EXPECT_EQ(test, h->filter, 0U);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_malformed), 0L);
	KUNIT_EXPECT_EQ(test, FAKE_COUNT(h, host_late), 0L);
}

/* A NIC without this is none; without the rest it is a slower one. */
static bool is_required(u32 asked)
{
	return asked == 0 || asked == 1 || asked == 101 || asked == 104 ||
	       asked == OID_MAC;
}

/* What start returns when this operation fails. */
static int after_operation(const struct fake_event *e, int err)
{
	switch (e->what) {
	case 'q':
	case 's':
		if (e->value == OID_FILTER)
			return 0;
		return err == -ENODEV || is_required(e->value) ? err : 0;
	case 'h':
		return 0;
	case 'n':
		return e->value == 103 || e->value == 106 ? 0 : err;
	}
	return err;
}

static void each_operation(struct kunit *test, int fail_err)
{
	struct fake_host *h = test->priv;
	unsigned int k;
	int err;

	for (k = 1; ; k++) {
		fake_host_reset(h, version_of(test));
		h->fail_op = k;
		h->fail_err = fail_err;
		err = try(h);
		if (!h->failed.what)
			break;
		KUNIT_EXPECT_EQ_MSG(test, err,
				    after_operation(&h->failed, fail_err),
				    "operation %u: %c 0x%x", k, h->failed.what,
				    h->failed.value);
		try_again(test);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	/* Establish to revoke; NVSP 4 has three more INITs, no speed. */
	KUNIT_EXPECT_GE(test, k, 21U);
}

static void ring_is_full(struct kunit *test)
{
	each_operation(test, -EAGAIN);
}

static void device_goes_away(struct kunit *test)
{
	each_operation(test, -ENODEV);
}

/* Bytes below which an answer is none. */
static u32 full_length(const struct fake_answer *a)
{
	if (a->reply == FAKE_NVSP)
		return a->asked == 1 ? 16 : a->asked == 101 ? 28 : 12;
	/* The fixed part of the offloads may be all of them: revision 1. */
	return a->len;
}

static int after_cut(const struct fake_host *h)
{
	const struct fake_answer *a = h->hit;
	u32 len = min(h->fault.len, a->len);

	if (len >= full_length(a))
		return 0;
	if (a->reply == FAKE_NVSP)
		return len < 4 ? -ENODEV : -EPROTO;
	if (len < 16 || h->fault.kind == FAKE_LIES)
		return -ENODEV;
	if (a->asked == OID_MAC)
		return len < 24 ? -EBADMSG : -EINVAL;
	return is_required(a->asked) ? -EPROTO : 0;
}

static int after_refusal(const struct fake_host *h)
{
	const struct fake_answer *a = h->hit;

	if (!is_required(a->asked))
		return 0;
	if (a->reply == FAKE_TAKEN)
		return -EIO;
	if (a->reply == FAKE_RNDIS)
		return a->asked == OID_MAC ? -EOPNOTSUPP : -EIO;
	if (a->asked != 1)
		return -EINVAL;
	/* Another version may have been agreed on. */
	return h->version ? 0 : -EPROTONOSUPPORT;
}

/* What start returns after the answer that was hit. */
static int after_answer(const struct fake_host *h, enum fake_fault_kind kind)
{
	if (h->hit->asked == OID_FILTER)
		return 0;
	if (kind == FAKE_REFUSE)
		return after_refusal(h);
	/* Its message was read, or else it could not have been answered. */
	if (h->hit->reply == FAKE_TAKEN)
		return 0;

	switch (kind) {
	case FAKE_SILENT:
	case FAKE_LATE:
	case FAKE_OTHER_TYPE:
		return -ENODEV;
	case FAKE_CUT:
	case FAKE_LIES:
		return after_cut(h);
	default:
		return 0;
	}
}

static void each_answer(struct kunit *test, enum fake_fault_kind kind, u32 len,
			void (*look)(struct kunit *test))
{
	struct fake_host *h = test->priv;
	unsigned int k;
	int err;

	for (k = 1; ; k++) {
		fake_host_reset(h, version_of(test));
		h->fault.kind = kind;
		h->fault.len = len;
		h->fault.at = k;
		err = try(h);
		if (!h->hit)
			break;
		h->fault.kind = kind;
		KUNIT_EXPECT_EQ_MSG(test, err, after_answer(h, kind),
				    "answer %u: %u to 0x%x, fault %u, %u bytes",
				    k, h->hit->reply, h->hit->asked, kind, len);
		look(test);
		try_again(test);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	/* One or more INIT, two buffers, six times two of RNDIS, the filter. */
	KUNIT_EXPECT_GE(test, k, 20U);
}

static void expect_counts(struct kunit *test, long malformed, long late)
{
	struct fake_host *h = test->priv;

	KUNIT_EXPECT_EQ_MSG(test, FAKE_COUNT(h, host_malformed), malformed,
			    "malformed; answer %u to 0x%x", h->hit->reply,
			    h->hit->asked);
	KUNIT_EXPECT_EQ_MSG(test, FAKE_COUNT(h, host_late), late,
			    "late; answer %u to 0x%x", h->hit->reply,
			    h->hit->asked);
}

static void look_for_nothing(struct kunit *test)
{
	expect_counts(test, 0, 0);
}

static void look_for_malformed(struct kunit *test)
{
	expect_counts(test, 1, 0);
}

/* A 108 that comes late still gives the slot back: it is of use. */
static void look_for_late(struct kunit *test)
{
	struct fake_host *h = test->priv;

	expect_counts(test, 0, h->hit->reply != FAKE_TAKEN);
}

static void look_for_twice(struct kunit *test)
{
	expect_counts(test, 0, 1);
}

static void look_for_cut(struct kunit *test)
{
	struct fake_host *h = test->priv;
	const struct fake_answer *a = h->hit;
	u32 len = min(h->fault.len, a->len);
	bool none;

	if (a->reply == FAKE_TAKEN)
		none = len < 8;
	else if (a->reply == FAKE_NVSP)
		none = len < 4;
	else
		none = len < 16 || (h->fault.kind == FAKE_LIES && len < a->len);
	expect_counts(test, none, 0);
}

static void answer_missing(struct kunit *test)
{
	each_answer(test, FAKE_SILENT, 0, look_for_nothing);
}

static void answer_late(struct kunit *test)
{
	each_answer(test, FAKE_LATE, 0, look_for_late);
}

static void answer_twice(struct kunit *test)
{
	each_answer(test, FAKE_TWICE, 0, look_for_twice);
}

static void answer_of_another_type(struct kunit *test)
{
	each_answer(test, FAKE_OTHER_TYPE, 0, look_for_malformed);
}

static void answer_behind_another_type(struct kunit *test)
{
	each_answer(test, FAKE_OTHER_FIRST, 0, look_for_malformed);
}

static void answer_refuses(struct kunit *test)
{
	each_answer(test, FAKE_REFUSE, 0, look_for_nothing);
}

static void answer_empty(struct kunit *test)
{
	each_answer(test, FAKE_CUT, 0, look_for_cut);
}

static void answer_without_its_end(struct kunit *test)
{
	each_answer(test, FAKE_CUT, 23, look_for_cut);
}

static void answer_longer_than_it_is(struct kunit *test)
{
	each_answer(test, FAKE_LIES, 20, look_for_cut);
}

static struct kunit_case unwind_cases[] = {
	KUNIT_CASE_PARAM(ring_is_full, version_gen_params),
	KUNIT_CASE_PARAM(device_goes_away, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_missing, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_late, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_twice, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_of_another_type, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_behind_another_type, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_refuses, version_gen_params),
	KUNIT_CASE_PARAM(answer_empty, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_without_its_end, extreme_gen_params),
	KUNIT_CASE_PARAM(answer_longer_than_it_is, extreme_gen_params),
	{}
};

static struct kunit_suite unwind_suite = {
	.name = "hv_netvsc_conn_unwind",
	.init = unwind_init,
	.exit = unwind_exit,
	.test_cases = unwind_cases,
};

kunit_test_suite(unwind_suite);

MODULE_DESCRIPTION("KUnit: the handshake, undone after each of its steps");
MODULE_LICENSE("GPL");
