/* SPDX-License-Identifier: GPL-2.0 */
/* XDP programs, and eth<n>'s. */
#ifndef _HV_NETVSC_FAKE_PROG_H
#define _HV_NETVSC_FAKE_PROG_H

#include <linux/filter.h>

#include "fake_host.h"

struct bpf_prog *fake_prog_new(struct kunit *test, const struct bpf_insn *insns,
			       u32 num);
struct bpf_prog *fake_prog_verdict(struct kunit *test, u32 verdict);
void fake_prog_free(struct kunit *test, struct bpf_prog *prog);

int fake_prog_attach(struct net_device *ndev, struct bpf_prog *prog);

#endif /* _HV_NETVSC_FAKE_PROG_H */
