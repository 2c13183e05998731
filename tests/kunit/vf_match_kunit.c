// SPDX-License-Identifier: GPL-2.0
/* Which VF belongs to which eth<n>: the comparison. */
#include <kunit/test.h>
#include <linux/etherdevice.h>

#include "vf/match.h"

static const u8 ours[ETH_ALEN] = { 0x00, 0x0d, 0x3a, 0, 0, 1 };
static const u8 other[ETH_ALEN] = { 0x00, 0x0d, 0x3a, 0, 0, 2 };

struct fit_case {
	const char *name;
	bool has_serial;
	u32 serial;
	const u8 *perm;		/* NULL: not set yet */
	const u8 *addr;
	bool allocated;
	u32 want;
	bool taken;
	enum netvsc_vf_fit fit;
};

static const struct fit_case fit_cases[] = {
	{ "serial and MAC", true, 2, ours, ours, true, 2, false,
	  NETVSC_VF_FITS_SERIAL },
	{ "serial 0 is a serial", true, 0, ours, ours, true, 0, false,
	  NETVSC_VF_FITS_SERIAL },
	{ "another serial", true, 3, ours, ours, true, 2, false,
	  NETVSC_VF_FITS_NOT },
	{ "no serial where one is known", false, 0, ours, ours, true, 0, false,
	  NETVSC_VF_FITS_NOT },
	{ "serial but another MAC", true, 2, other, other, true, 2, false,
	  NETVSC_VF_FITS_NOT },
	{ "MAC, nothing announced", true, 2, ours, ours, false, 0, false,
	  NETVSC_VF_FITS_MAC },
	{ "MAC, announcement revoked", true, 2, ours, ours, false, 2, false,
	  NETVSC_VF_FITS_MAC },
	{ "no serial, nothing announced", false, 0, ours, ours, false, 0,
	  false, NETVSC_VF_FITS_MAC },
	{ "permanent address not set yet", true, 2, NULL, ours, true, 2, false,
	  NETVSC_VF_FITS_SERIAL },
	{ "changed address, same permanent one", true, 2, ours, other, true, 2,
	  false, NETVSC_VF_FITS_SERIAL },
	{ "same address, another permanent one", true, 2, other, ours, true, 2,
	  false, NETVSC_VF_FITS_NOT },
	{ "taken", true, 2, ours, ours, true, 2, true, NETVSC_VF_FITS_NOT },
	{ "taken, by MAC", true, 2, ours, ours, false, 0, true,
	  NETVSC_VF_FITS_NOT },
};

static void fit_case_desc(const struct fit_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fit, fit_cases, fit_case_desc);

static void vf_fits(struct kunit *test)
{
	const struct fit_case *c = test->param_value;
	struct netvsc_vf_id vf = {
		.has_serial = c->has_serial,
		.serial = c->serial,
	};
	struct netvsc_vf_seat seat = {
		.allocated = c->allocated,
		.serial = c->want,
		.taken = c->taken,
	};

	if (c->perm)
		ether_addr_copy(vf.perm_addr, c->perm);
	ether_addr_copy(vf.addr, c->addr);
	ether_addr_copy(seat.addr, ours);
	KUNIT_EXPECT_EQ(test, netvsc_vf_compare(&vf, &seat), c->fit);
}

/* The one that was announced has not come for a long time. */
static void another_serial_fits_by_and_by(struct kunit *test)
{
	struct netvsc_vf_id vf = { .has_serial = true, .serial = 3 };
	struct netvsc_vf_seat seat = { .allocated = true, .serial = 2 };

	ether_addr_copy(vf.addr, ours);
	ether_addr_copy(seat.addr, ours);
	KUNIT_EXPECT_EQ(test, netvsc_vf_compare(&vf, &seat), NETVSC_VF_FITS_NOT);
	seat.by_mac = true;
	KUNIT_EXPECT_EQ(test, netvsc_vf_compare(&vf, &seat), NETVSC_VF_FITS_MAC);
	seat.serial = 3;
	KUNIT_EXPECT_EQ(test, netvsc_vf_compare(&vf, &seat),
			NETVSC_VF_FITS_SERIAL);
	ether_addr_copy(vf.addr, other);
	KUNIT_EXPECT_EQ(test, netvsc_vf_compare(&vf, &seat), NETVSC_VF_FITS_NOT);
}

static void slots_are_named_after_serials(struct kunit *test)
{
	static const char *const bad[] = {
		"", "-", "-1", "2-", "2-x", "x", "2x", "4294967296", "2-1-1",
		"00000000002",
	};
	static const struct {
		const char *name;
		u32 serial;
	} good[] = {
		{ "0", 0 }, { "2", 2 }, { "2-1", 2 }, { "1095647565-12", 1095647565 },
		{ "2147483648", 2147483648U }, { "4294967295", 4294967295U },
	};
	u32 serial;
	int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_TRUE_MSG(test,
				      netvsc_vf_parse_slot(good[i].name, &serial),
				      "%s", good[i].name);
		KUNIT_EXPECT_EQ(test, serial, good[i].serial);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_FALSE_MSG(test,
				       netvsc_vf_parse_slot(bad[i], &serial),
				       "%s", bad[i]);
}

static struct kunit_case vf_match_cases[] = {
	KUNIT_CASE_PARAM(vf_fits, fit_gen_params),
	KUNIT_CASE(another_serial_fits_by_and_by),
	KUNIT_CASE(slots_are_named_after_serials),
	{}
};

static struct kunit_suite vf_match_suite = {
	.name = "hv_netvsc_vf_match",
	.test_cases = vf_match_cases,
};

kunit_test_suite(vf_match_suite);

MODULE_DESCRIPTION("KUnit: which VF belongs to which eth<n>");
MODULE_LICENSE("GPL");
