/* SPDX-License-Identifier: GPL-2.0 */
/* Kernels that know nothing of queues but what netdevice.h has. */
#ifndef _HV_NETVSC_COMPAT_NETDEV_QUEUES_H
#define _HV_NETVSC_COMPAT_NETDEV_QUEUES_H

#include <linux/netdevice.h>

#endif /* _HV_NETVSC_COMPAT_NETDEV_QUEUES_H */
