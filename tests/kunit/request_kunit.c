// SPDX-License-Identifier: GPL-2.0
/* Requests to the host: late, twice, of a wrong type, overdue. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "synth/request.h"
#include "synth/tid.h"

#define TYPE	102
#define SHORT	(HZ / 20)

struct fixture {
	struct netvsc_requests reqs;
	bool gone;
};

static bool is_gone(void *arg)
{
	struct fixture *f = arg;

	return f->gone;
}

static int request_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	void *pages;

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	pages = kunit_kzalloc(test, NETVSC_REQUESTS_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pages);
	netvsc_requests_init(&f->reqs, pages, is_gone, f);
	return 0;
}

static struct netvsc_request *make(struct kunit *test,
				   enum netvsc_request_kind kind)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = netvsc_request_new(&f->reqs, kind, TYPE);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, req);
	return req;
}

static void answer_wakes_the_waiter(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_NVSP);

	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, req->tid,
							 TYPE, "hello", 5), 0);
	KUNIT_EXPECT_EQ(test, netvsc_request_wait(&f->reqs, req, SHORT), 0);
	KUNIT_EXPECT_EQ(test, req->answer_len, 5U);
	KUNIT_EXPECT_EQ(test, memcmp(req->answer, "hello", 5), 0);
	netvsc_request_end(&f->reqs, req);
}

static void answer_twice_counts_once(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_NVSP);
	u64 tid = req->tid;

	netvsc_request_answer_nvsp(&f->reqs, tid, TYPE, "one", 3);
	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, tid, TYPE,
							 "two", 3), -ENOENT);
	KUNIT_EXPECT_EQ(test, memcmp(req->answer, "one", 3), 0);
	netvsc_request_end(&f->reqs, req);
	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, tid, TYPE,
							 "two", 3), -ENOENT);
}

static void wrong_type_leaves_the_waiter(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_NVSP);

	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, req->tid,
							 TYPE + 1, "x", 1),
			-EPROTO);
	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, req->tid,
							 TYPE, "x", 0),
			-EPROTO);
	KUNIT_EXPECT_EQ(test, netvsc_request_wait(&f->reqs, req, SHORT),
			-ETIMEDOUT);
	netvsc_request_end(&f->reqs, req);
}

static void too_long_is_refused(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_NVSP);
	u8 *big = kunit_kzalloc(test, NETVSC_ANSWER_MAX + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, big);
	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, req->tid,
							 TYPE, big,
							 NETVSC_ANSWER_MAX + 1),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, req->tid,
							 TYPE, big,
							 NETVSC_ANSWER_MAX),
			0);
	netvsc_request_end(&f->reqs, req);
}

/* An answer to the last user of a slot is not one to its next user. */
static void late_answer_misses_the_next_user(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_NVSP);
	u64 old = req->tid;

	KUNIT_EXPECT_EQ(test, netvsc_request_wait(&f->reqs, req, SHORT),
			-ETIMEDOUT);
	netvsc_request_end(&f->reqs, req);

	KUNIT_ASSERT_PTR_EQ(test, make(test, NETVSC_REQUEST_NVSP), req);
	KUNIT_EXPECT_NE(test, req->tid, old);
	KUNIT_EXPECT_EQ(test, netvsc_request_answer_nvsp(&f->reqs, old, TYPE,
							 "x", 1), -ENOENT);
	netvsc_request_end(&f->reqs, req);
}

static void made_up_ids_match_nothing(struct kunit *test)
{
	struct fixture *f = test->priv;
	static const u64 ids[] = {
		0, 1, NETVSC_REQUESTS, U32_MAX, U64_MAX,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		KUNIT_EXPECT_EQ(test,
				netvsc_request_answer_nvsp(&f->reqs, ids[i],
							   TYPE, "x", 1),
				-ENOENT);
		KUNIT_EXPECT_EQ(test,
				netvsc_request_answer_rndis(&f->reqs, ids[i],
							    TYPE, "x", 1),
				-ENOENT);
		KUNIT_EXPECT_EQ(test,
				netvsc_request_taken(&f->reqs, ids[i], 0),
				-ENOENT);
	}
}

/* The host may still read an RNDIS message: its slot is not used again. */
static void slot_waits_for_the_host(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_RNDIS);
	struct netvsc_request *next;
	u64 tid = req->tid;

	KUNIT_EXPECT_FALSE(test, netvsc_requests_idle(&f->reqs));
	netvsc_request_end(&f->reqs, req);
	next = make(test, NETVSC_REQUEST_RNDIS);
	KUNIT_EXPECT_PTR_NE(test, next, req);
	netvsc_request_unsent(&f->reqs, next);

	KUNIT_EXPECT_EQ(test, netvsc_request_taken(&f->reqs, tid, 0), 0);
	KUNIT_EXPECT_EQ(test, netvsc_request_taken(&f->reqs, tid, 0), -ENOENT);
	KUNIT_EXPECT_TRUE(test, netvsc_requests_idle(&f->reqs));
}

static void refused_by_the_host(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_RNDIS);

	KUNIT_EXPECT_EQ(test, netvsc_request_taken(&f->reqs, req->tid, -EIO),
			0);
	KUNIT_EXPECT_EQ(test, netvsc_request_wait(&f->reqs, req, SHORT), -EIO);
	KUNIT_EXPECT_EQ(test, netvsc_request_answer_rndis(&f->reqs, req->id,
							  TYPE, "x", 1),
			-ENOENT);
	netvsc_request_end(&f->reqs, req);
}

static void answer_before_it_was_taken(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_RNDIS);

	KUNIT_EXPECT_EQ(test, netvsc_request_answer_rndis(&f->reqs, req->id,
							  TYPE, "x", 1), 0);
	KUNIT_EXPECT_EQ(test, netvsc_request_taken(&f->reqs, req->tid, -EIO),
			0);
	KUNIT_EXPECT_EQ(test, netvsc_request_wait(&f->reqs, req, SHORT), 0);
	netvsc_request_end(&f->reqs, req);
}

static void all_slots_taken(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req[NETVSC_REQUESTS];
	int i;

	for (i = 0; i < NETVSC_REQUESTS; i++)
		req[i] = make(test, NETVSC_REQUEST_NVSP);
	KUNIT_EXPECT_EQ(test,
			PTR_ERR(netvsc_request_new(&f->reqs,
						   NETVSC_REQUEST_NVSP, TYPE)),
			-EBUSY);
	for (i = 0; i < NETVSC_REQUESTS; i++)
		netvsc_request_end(&f->reqs, req[i]);
	netvsc_request_end(&f->reqs, make(test, NETVSC_REQUEST_NVSP));
}

static void death_fails_everyone_at_once(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_NVSP);

	netvsc_requests_kill(&f->reqs);
	KUNIT_EXPECT_EQ(test, netvsc_request_wait(&f->reqs, req, 60 * HZ),
			-ENODEV);
	netvsc_request_end(&f->reqs, req);
	KUNIT_EXPECT_EQ(test,
			PTR_ERR(netvsc_request_new(&f->reqs,
						   NETVSC_REQUEST_NVSP, TYPE)),
			-ENODEV);
}

static void a_rescind_ends_the_wait(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct netvsc_request *req = make(test, NETVSC_REQUEST_NVSP);

	f->gone = true;
	KUNIT_EXPECT_EQ(test, netvsc_request_wait(&f->reqs, req, 60 * HZ),
			-ENODEV);
	netvsc_request_end(&f->reqs, req);
}

static struct kunit_case request_cases[] = {
	KUNIT_CASE(answer_wakes_the_waiter),
	KUNIT_CASE(answer_twice_counts_once),
	KUNIT_CASE(wrong_type_leaves_the_waiter),
	KUNIT_CASE(too_long_is_refused),
	KUNIT_CASE(late_answer_misses_the_next_user),
	KUNIT_CASE(made_up_ids_match_nothing),
	KUNIT_CASE(slot_waits_for_the_host),
	KUNIT_CASE(refused_by_the_host),
	KUNIT_CASE(answer_before_it_was_taken),
	KUNIT_CASE(all_slots_taken),
	KUNIT_CASE(death_fails_everyone_at_once),
	KUNIT_CASE(a_rescind_ends_the_wait),
	{}
};

static struct kunit_suite request_suite = {
	.name = "hv_netvsc_request",
	.init = request_init,
	.test_cases = request_cases,
};

kunit_test_suite(request_suite);

MODULE_DESCRIPTION("KUnit: requests to the host");
MODULE_LICENSE("GPL");
