// SPDX-License-Identifier: GPL-2.0
/*
 * What a module of the driver's files and of a suite has besides them: main.c,
 * but for what the kernel calls, for the suite is what is loaded; and what no
 * module may call.
 */
#include <linux/module.h>
#include <linux/vmalloc.h>

#undef module_init
#define module_init(fn) static int (*glue_init)(void) __maybe_unused = fn
#undef module_exit
#define module_exit(fn) static void (*glue_exit)(void) __maybe_unused = fn

#include "main.c"

/* The address, from /proc/kallsyms. */
static unsigned long find_vm_area_at;
module_param(find_vm_area_at, ulong, 0);

struct vm_struct *find_vm_area(const void *addr)
{
	struct vm_struct *(*find)(const void *addr) = (void *)find_vm_area_at;

	return find(addr);
}
