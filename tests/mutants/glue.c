// SPDX-License-Identifier: GPL-2.0
/*
 * What a module of the driver's files and of a suite has besides them: what
 * main.c would have, for that is left out, and what no module may call.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "netvsc.h"

LIST_HEAD(netvsc_devices);

/* The address, from /proc/kallsyms. */
static unsigned long find_vm_area_at;
module_param(find_vm_area_at, ulong, 0);

struct vm_struct *find_vm_area(const void *addr)
{
	struct vm_struct *(*find)(const void *addr) = (void *)find_vm_area_at;

	return find(addr);
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit: a driver that was broken on purpose");
