// SPDX-License-Identifier: GPL-2.0
/*
 * A module from outside the kernel has a version of its own, that of dkms.conf;
 * in a kernel tree the kernel's is the driver's.
 */
#include <linux/module.h>

MODULE_VERSION(NETVSC_VERSION);
