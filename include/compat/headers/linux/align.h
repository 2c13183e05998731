/* SPDX-License-Identifier: GPL-2.0 */
/* Kernels that align in another header. */
#ifndef _HV_NETVSC_COMPAT_ALIGN_H
#define _HV_NETVSC_COMPAT_ALIGN_H

#include <linux/kernel.h>

#endif /* _HV_NETVSC_COMPAT_ALIGN_H */
