/* SPDX-License-Identifier: GPL-2.0 */
/* A NIC that is up and the VF that belongs to it, before the two meet. */
#ifndef _HV_NETVSC_FAKE_PAIR_H
#define _HV_NETVSC_FAKE_PAIR_H

#include <linux/notifier.h>

#include "fake_ring.h"
#include "fake_vf.h"

#define FAKE_SERIAL		2

/**
 * struct fake_pair - test->priv of the bond's suites
 * @h: of @nv
 * @nv: the device
 * @ndev: eth<n>
 * @vf: not registered yet
 * @slot: its slot, called FAKE_SERIAL
 * @early: told of network devices ahead of the driver
 * @flags: of @vf before the driver saw its REGISTER
 * @priv_flags: likewise
 * @join_told: NETDEV_JOIN of @vf came
 * @take_first: somebody receives from @vf before the driver can
 * @refuse_upper: nobody may have @vf for a port
 */
struct fake_pair {
	struct fake_host *h;
	struct netvsc *nv;
	struct net_device *ndev;
	struct net_device *vf;
	struct pci_slot *slot;
	struct notifier_block early;
	unsigned int flags;
	unsigned long priv_flags;
	bool join_told;
	bool take_first;
	bool refuse_upper;
};

int fake_pair_init(struct kunit *test);
void fake_pair_exit(struct kunit *test);
void fake_pair_announce(struct fake_pair *p, bool allocated, u32 serial);
void fake_pair_takeover(struct fake_pair *p);
void fake_pair_on_vf(struct kunit *test);
void fake_pair_expect(struct kunit *test, bool joined);
struct fake_vf *fake_pair_vf(const struct fake_pair *p);
struct fake_sink *fake_pair_vf_receives(struct kunit *test, u32 len);
bool fake_pair_published(const struct fake_pair *p);
void fake_pair_set_vf(struct fake_pair *p, bool up);
bool fake_pair_refs_are(const struct net_device *dev, int refs);

#endif /* _HV_NETVSC_FAKE_PAIR_H */
