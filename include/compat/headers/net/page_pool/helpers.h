/* SPDX-License-Identifier: GPL-2.0 */
/* Page pools before their header was split; the ones of pool.h, if none is of use. */
#ifndef _HV_NETVSC_COMPAT_PAGE_POOL_HELPERS_H
#define _HV_NETVSC_COMPAT_PAGE_POOL_HELPERS_H

#ifdef HAVE_POOL_RECYCLES
#include <net/page_pool.h>
#endif

#endif /* _HV_NETVSC_COMPAT_PAGE_POOL_HELPERS_H */
