// SPDX-License-Identifier: GPL-2.0
/*
 * A VM that is taken for a confidential one, as long as this module is loaded.
 *
 * The lab has no such VM: whoever asks the kernel gets the wrong answer. VMBus
 * asked when it booted, and shares its memory with the host as before.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>

static int lab_isolated_answer(struct kretprobe_instance *instance,
			       struct pt_regs *regs)
{
	regs_set_return_value(regs, true);
	return 0;
}

static struct kretprobe lab_isolated_probe = {
	.kp.symbol_name = "hv_is_isolation_supported",
	.handler = lab_isolated_answer,
};

static int __init lab_isolated_init(void)
{
	return register_kretprobe(&lab_isolated_probe);
}
module_init(lab_isolated_init);

static void __exit lab_isolated_exit(void)
{
	unregister_kretprobe(&lab_isolated_probe);
}
module_exit(lab_isolated_exit);

MODULE_DESCRIPTION("A VM that is taken for a confidential one");
MODULE_LICENSE("GPL");
