// SPDX-License-Identifier: GPL-2.0
/*
 * XDP programs that no verifier has seen, and that may therefore do with the
 * frame as helpers do.
 */
#include <linux/bpf.h>
#include <linux/rtnetlink.h>

#include "fake_prog.h"

/* Its one reference is the test's. */
struct bpf_prog *fake_prog_new(struct kunit *test, const struct bpf_insn *insns,
			       u32 num)
{
	struct bpf_prog *prog = bpf_prog_alloc(bpf_prog_size(num), 0);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, prog);
	prog->len = num;
	prog->type = BPF_PROG_TYPE_XDP;
	memcpy(prog->insnsi, insns, num * sizeof(*insns));
	atomic64_set(&prog->aux->refcnt, 1);
	prog = bpf_prog_select_runtime(prog, &err);
	KUNIT_ASSERT_EQ(test, err, 0);
	return prog;
}

/* One that does not look at the frame. */
struct bpf_prog *fake_prog_verdict(struct kunit *test, u32 verdict)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_0, verdict),
		BPF_EXIT_INSN(),
	};

	return fake_prog_new(test, insns, ARRAY_SIZE(insns));
}

/* Nobody has it any more. */
void fake_prog_free(struct kunit *test, struct bpf_prog *prog)
{
	KUNIT_EXPECT_EQ(test, atomic64_read(&prog->aux->refcnt), 1LL);
	bpf_prog_put(prog);
}

/* As the core does. NULL: detach. */
int fake_prog_attach(struct net_device *ndev, struct bpf_prog *prog)
{
	struct netdev_bpf bpf = { .command = XDP_SETUP_PROG, .prog = prog };
	int err;

	rtnl_lock();
	if (prog)
		bpf_prog_inc(prog);
	err = ndev->netdev_ops->ndo_bpf(ndev, &bpf);
	if (err && prog)
		bpf_prog_put(prog);
	rtnl_unlock();
	return err;
}
