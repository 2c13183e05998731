/* SPDX-License-Identifier: GPL-2.0 */
/* The receive buffer and the send buffer of a connection. */
#ifndef _HV_NETVSC_BUFFER_H
#define _HV_NETVSC_BUFFER_H

#include <linux/hyperv.h>
#include <linux/types.h>

struct netvsc;
struct netvsc_conn;

/**
 * struct netvsc_buffer - memory that the host reads or writes by section
 * @base: page-aligned, vmalloc
 * @bytes: size of @base
 * @gpadl: its name on the VMBus; gpadl_handle 0 while it has none
 * @announced: the host was told of it by NVSP
 * @section_size: bytes, as the host decided
 * @sections: how many fit
 */
struct netvsc_buffer {
	void *base;
	u32 bytes;
	struct vmbus_gpadl gpadl;
	bool announced;
	u32 section_size;
	u32 sections;
};

bool netvsc_gpadl_held(const struct vmbus_gpadl *gpadl, bool rescinded);
int netvsc_buffers_get(struct netvsc_conn *conn);
void netvsc_buffers_put(struct netvsc_conn *conn);
void netvsc_buffers_free(struct netvsc *nv);

#endif /* _HV_NETVSC_BUFFER_H */
