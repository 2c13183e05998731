/* SPDX-License-Identifier: GPL-2.0 */
/* Page pools before their header was split. */
#include <net/page_pool.h>
