// SPDX-License-Identifier: GPL-2.0
/* The bond's machine and inbox, past every sequence of events up to a length. */
#include <kunit/test.h>

#include "vf_walk.h"

#define LENGTH	4

static void start_name(const struct walk_start *start, char *name)
{
	strscpy(name, start->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(start, walk_starts, start_name);

/* Of each first event, so that others get the processor in between. */
static void walk_all(struct kunit *test)
{
	struct walk *first, *w;
	u8 trail[WALK_MAX + 1] = {};
	unsigned int event, i;
	u64 count = 0;

	first = kunit_kmalloc(test, sizeof(*first), GFP_KERNEL);
	w = kunit_kmalloc(test, sizeof(*w), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_ASSERT_NOT_NULL(test, w);
	*first = walk_begin(test->param_value);
	for (event = 0; event < WALK_EVENTS; event++) {
		const char *broken;

		*w = *first;
		trail[0] = event;
		trail[1] = WALK_EVENTS;
		if (!walk_event(w, event))
			continue;
		walk_check(w);
		broken = walk_from(w, 1, LENGTH, trail, &count);
		for (i = 0; broken && trail[i] != WALK_EVENTS; i++)
			kunit_err(test, "%u: %s", i + 1, walk_names[trail[i]]);
		KUNIT_ASSERT_NULL_MSG(test, broken, "%s", broken);
		cond_resched();
	}
	kunit_info(test, "%llu sequences of up to %u events", count, LENGTH);
}

static struct kunit_case vf_walk_cases[] = {
	KUNIT_CASE_PARAM(walk_all, start_gen_params),
	{}
};

static struct kunit_suite vf_walk_suite = {
	.name = "hv_netvsc_vf_walk",
	.test_cases = vf_walk_cases,
};

kunit_test_suite(vf_walk_suite);

MODULE_DESCRIPTION("KUnit: every sequence of events past the bond's machine");
MODULE_LICENSE("GPL");
