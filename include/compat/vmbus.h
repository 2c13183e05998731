/* SPDX-License-Identifier: GPL-2.0 */
/* VMBus, as newer kernels have it. For compat.h only. */
#ifndef _HV_NETVSC_COMPAT_VMBUS_H
#define _HV_NETVSC_COMPAT_VMBUS_H

#include <linux/device.h>
#include <linux/hyperv.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <asm/mshyperv.h>

#ifndef HAVE_HVPFN_DOWN
#define HVPFN_DOWN(x)			((x) >> HV_HYP_PAGE_SHIFT)
#endif

#ifdef HAVE_PAGEBUFFER
/*
 * There the bus sends the first range alone of a packet that names its pages in
 * several, and loses the rest without a word. What it can send is a range for
 * each page.
 *
 * Return: as the bus; -EMSGSIZE: nothing was sent, a packet has no room for so
 * many.
 */
static inline int
netvsc_compat_send_pages(struct vmbus_channel *vmchan,
			 const struct vmbus_packet_mpb_array *mpb,
			 void *msg, u32 len, u64 tid)
{
	struct hv_page_buffer page[MAX_PAGE_BUFFER_COUNT];
	const struct hv_mpb_array *range = &mpb->range;
	u32 i, num = 0;

	for (i = 0; i < mpb->rangecount; i++) {
		u32 offset = range->offset, left = range->len;
		const u64 *pfn = range->pfn_array;

		while (left) {
			if (num == ARRAY_SIZE(page))
				return -EMSGSIZE;
			page[num].pfn = *pfn++;
			page[num].offset = offset;
			page[num].len = min_t(u32, left,
					      HV_HYP_PAGE_SIZE - offset);
			left -= page[num++].len;
			offset = 0;
		}
		range = (const void *)pfn;
	}
	return vmbus_sendpacket_pagebuffer(vmchan, page, num, msg, len, tid);
}

#define vmbus_sendpacket_mpb_desc(vmchan, mpb, size, msg, len, tid)	\
	((void)(size), netvsc_compat_send_pages(vmchan, mpb, msg, len, tid))
#endif

/*
 * A handle was a number, and then a struct that does not tell whether the memory
 * is shared. It comes first in any case.
 */
#ifndef HAVE_GPADL_DECRYPTED
struct netvsc_compat_gpadl {
	union {
		u32 gpadl_handle;
#ifdef HAVE_GPADL
		struct vmbus_gpadl bus;
#endif
	};
	bool decrypted;
};

static inline int
netvsc_compat_establish_gpadl(struct vmbus_channel *vmchan, void *base,
			      u32 bytes, struct netvsc_compat_gpadl *gpadl)
{
#ifdef HAVE_GPADL
	return vmbus_establish_gpadl(vmchan, base, bytes, &gpadl->bus);
#else
	return vmbus_establish_gpadl(vmchan, base, bytes,
				     &gpadl->gpadl_handle);
#endif
}

static inline int
netvsc_compat_teardown_gpadl(struct vmbus_channel *vmchan,
			     struct netvsc_compat_gpadl *gpadl)
{
#ifdef HAVE_GPADL
	return vmbus_teardown_gpadl(vmchan, &gpadl->bus);
#else
	int err = vmbus_teardown_gpadl(vmchan, gpadl->gpadl_handle);

	if (!err)
		gpadl->gpadl_handle = 0;
	return err;
#endif
}

#define vmbus_gpadl			netvsc_compat_gpadl
#define vmbus_establish_gpadl		netvsc_compat_establish_gpadl
#define vmbus_teardown_gpadl		netvsc_compat_teardown_gpadl
#endif

/*
 * Of a channel that failed to open, a bus whose handles are numbers forgets the
 * ring's, whether or not the host let go of it. A number in its place says that
 * the host may have it; the next to open sets it anew. Short of memory, the host
 * was not asked.
 */
#ifndef HAVE_GPADL
static inline int netvsc_compat_connect_ring(struct vmbus_channel *vmchan,
					     void (*call)(void *arg), void *arg)
{
	int err = vmbus_connect_ring(vmchan, call, arg);

	if (err && err != -ENOMEM)
		vmchan->ringbuffer_gpadlhandle = U32_MAX;
	return err;
}

#define vmbus_connect_ring		netvsc_compat_connect_ring
#endif

/* What is not there need not be switched off: no NIC has any other use for it. */
#ifndef HAVE_REQUESTOR
#define requestor		chn_rescind_callback
#define rqstor_size							\
	ringbuffer_pagecount += 0, (u32){ 0 }
#endif
#ifndef HAVE_REQUEST_CALLBACKS
#define next_request_id_callback	chn_rescind_callback
#define request_addr_callback		chn_rescind_callback
#endif

#ifndef HAVE_MAX_PKT_SIZE
#define max_pkt_size							\
	ringbuffer_pagecount += 0, (u32){ 0 }

/*
 * The bus hands out packets where the host wrote them, as they are: what is said
 * to be longer than what is there ends with that, as newer ones have it. They
 * have a copy, too; here a host can change a packet while it is looked at.
 */
static inline struct vmpacket_descriptor *
netvsc_compat_packet(struct vmbus_channel *vmchan,
		     struct vmpacket_descriptor *desc)
{
	const struct hv_ring_buffer_info *ring = &vmchan->inbound;
	const u32 hdr = sizeof(*desc) >> 3;
	u32 read, there;

	if (!desc)
		return NULL;

	read = ring->priv_read_index;
	there = READ_ONCE(ring->ring_buffer->write_index) - read;
	if (there > ring->ring_datasize)
		there = min(there + ring->ring_datasize, ring->ring_datasize);
	there = min_t(u32, there >> 3, U16_MAX);
	if (unlikely(desc->len8 < hdr || desc->len8 > there))
		desc->len8 = there;
	if (unlikely(desc->offset8 < hdr || desc->offset8 > desc->len8))
		desc->offset8 = hdr;
	return desc;
}

static inline struct vmpacket_descriptor *
netvsc_compat_first_packet(struct vmbus_channel *vmchan)
{
	return netvsc_compat_packet(vmchan, hv_pkt_iter_first(vmchan));
}

static inline struct vmpacket_descriptor *
netvsc_compat_next_packet(struct vmbus_channel *vmchan,
			  const struct vmpacket_descriptor *desc)
{
	return netvsc_compat_packet(vmchan, __hv_pkt_iter_next(vmchan, desc));
}

#define hv_pkt_iter_first		netvsc_compat_first_packet
#define __hv_pkt_iter_next		netvsc_compat_next_packet
#endif

#ifndef HAVE_ISOLATION
#define hv_is_isolation_supported()	false
#endif
#ifndef HAVE_ISOLATION_TDX
#define hv_isolation_type_tdx()		false
#endif
#ifndef HAVE_PARAVISOR
struct netvsc_compat_ms_hyperv {
	bool paravisor_present;
};

#define ms_hyperv			((struct netvsc_compat_ms_hyperv){})
#endif

/*
 * The newest buses are those of Windows Server 2016 and newer; they share memory
 * with the host by themselves, and take it back. Here there may be another one:
 * as a driver of the newest, ours is not asked then.
 */
#ifdef HAVE_VMBUS_PROTO_VERSION
struct netvsc_compat_driver {
	const char *name;
	const struct hv_vmbus_device_id *id_table;
	int (*probe)(struct hv_device *hdev,
		     const struct hv_vmbus_device_id *id);
	void (*remove)(struct hv_device *hdev);
	int (*suspend)(struct hv_device *hdev);
	int (*resume)(struct hv_device *hdev);
	struct device_driver driver;
	struct hv_driver bus;
};

static inline struct netvsc_compat_driver *
netvsc_compat_driver_of(struct hv_device *hdev)
{
	return container_of(hdev->device.driver, struct netvsc_compat_driver,
			    bus.driver);
}

static inline bool netvsc_compat_shares_memory(void)
{
#if defined(HAVE_GPADL_DECRYPTED) && !defined(HAVE_HV_MAP_MEMORY)
	return true;
#else
	/* There drivers had to find shared memory at another address. */
	return !hv_is_isolation_supported();
#endif
}

static inline int netvsc_compat_probe(struct hv_device *hdev,
				      const struct hv_vmbus_device_id *id)
{
	if (vmbus_proto_version < VERSION_WIN10) {
		dev_err(&hdev->device,
			"VMBus is older than version 4.0: Windows Server 2016 or newer is needed\n");
		return -EPROTONOSUPPORT;
	}
	if (!netvsc_compat_shares_memory()) {
		dev_err(&hdev->device,
			"confidential VMs are not supported on this kernel\n");
		return -EOPNOTSUPP;
	}
	return netvsc_compat_driver_of(hdev)->probe(hdev, id);
}

#ifdef HAVE_HV_REMOVE_VOID
static inline void netvsc_compat_remove(struct hv_device *hdev)
{
	netvsc_compat_driver_of(hdev)->remove(hdev);
}
#else
static inline int netvsc_compat_remove(struct hv_device *hdev)
{
	netvsc_compat_driver_of(hdev)->remove(hdev);
	return 0;
}
#endif

static inline int netvsc_compat_driver_register(struct netvsc_compat_driver *drv)
{
	drv->bus = (struct hv_driver) {
		.name = drv->name,
		.id_table = drv->id_table,
		.probe = netvsc_compat_probe,
		.remove = netvsc_compat_remove,
		.suspend = drv->suspend,
		.resume = drv->resume,
		.driver = drv->driver,
	};
	return vmbus_driver_register(&drv->bus);
}

#undef vmbus_driver_register
#define hv_driver			netvsc_compat_driver
#define vmbus_driver_register		netvsc_compat_driver_register
#define vmbus_driver_unregister(drv)	vmbus_driver_unregister(&(drv)->bus)
#endif

#endif /* _HV_NETVSC_COMPAT_VMBUS_H */
