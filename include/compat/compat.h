/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gives older kernels the API for which the driver is written. Included ahead
 * of every file of an out-of-tree build; a kernel tree has no need of it.
 *
 * Names here are those of the newest kernel, and mean the same as there: the
 * driver does not know. HAVE_* are from scripts/compat-probe. Headers that a
 * kernel has not are in headers/, where the compiler looks last.
 *
 * A member that a struct of the kernel has not yet is a macro that makes
 * something else of the assignment to it: no kernel header uses such a name
 * that does not have it.
 */
#ifndef _HV_NETVSC_COMPAT_H
#define _HV_NETVSC_COMPAT_H

#include "compat-generated.h"

#include "vmbus.h"
#include "netdev.h"
#include "skb.h"
#include "ethtool.h"
#include "drvinfo.h"
#include "rss.h"
#include "stats.h"
#include "pool.h"
#include "xdp.h"

#endif /* _HV_NETVSC_COMPAT_H */
