// SPDX-License-Identifier: GPL-2.0
/* The control side of VMBus: open, close, GPADLs, packets of the primary. */
#include <linux/delay.h>
#include <linux/hyperv.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/mshyperv.h>

#include "../deadlines.h"
#include "../wire/nvsp.h"
#include "bus.h"
#include "conn.h"
#include "queue.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static struct vmbus_channel *netvsc_primary(const struct netvsc_conn *conn)
{
	return conn->nv->hdev->channel;
}

/* The bus goes on calling for a channel that it failed to open. */
static void netvsc_vmbus_forget(struct vmbus_channel *vmchan)
{
	unsigned long flags;

	spin_lock_irqsave(&vmchan->sched_lock, flags);
	vmchan->onchannel_callback = NULL;
	spin_unlock_irqrestore(&vmchan->sched_lock, flags);
}

/**
 * netvsc_vmbus_free_ring() - let go of a ring that nobody uses
 * @nv: the device
 *
 * Context: conn work, or process without conn work.
 */
void netvsc_vmbus_free_ring(struct netvsc *nv)
{
	struct netvsc_spare *spare = &nv->spare_ring;

	if (spare->base)
		free_pages((unsigned long)spare->base,
			   get_order(spare->bytes));
	spare->base = NULL;
}

/*
 * Both rings are one piece of memory, which may not be had again: that of the
 * primary stays with the device. Those of sub-channels the bus frees when it
 * closes them. The piece is a power of two.
 */
static int netvsc_vmbus_get_ring(struct netvsc_chan *chan, u32 bytes)
{
	struct netvsc_spare *spare = &chan->conn->nv->spare_ring;
	struct vmbus_channel *vmchan = chan->vmchan;
	u32 send = netvsc_ring_send_bytes(bytes);

	if (chan->index || !spare->base || spare->bytes != bytes)
		return vmbus_alloc_ring(vmchan, send, bytes - send);

	memset(spare->base, 0, spare->bytes);
	vmchan->ringbuffer_page = virt_to_page(spare->base);
	vmchan->ringbuffer_pagecount = spare->bytes >> PAGE_SHIFT;
	vmchan->ringbuffer_send_offset = send >> PAGE_SHIFT;
	spare->base = NULL;
	return 0;
}

/* Does the host have it still, or do others see it? */
static bool netvsc_vmbus_ring_held(const struct vmbus_channel *vmchan)
{
	struct vmbus_gpadl gpadl = {};

	/* Not every bus has more of it than the handle, which comes first. */
	memcpy(&gpadl, &vmchan->ringbuffer_gpadlhandle,
	       sizeof(vmchan->ringbuffer_gpadlhandle));
	return netvsc_gpadl_held(&gpadl, READ_ONCE(vmchan->rescind));
}

/*
 * The channel is not open any more, and keeps nothing of the ring. Nobody may
 * have the memory if the host still may: if it was not told, as @err says, or did
 * not let go.
 */
static void netvsc_vmbus_put_ring(struct netvsc_chan *chan, bool keep, int err)
{
	struct netvsc *nv = chan->conn->nv;
	struct vmbus_channel *vmchan = chan->vmchan;

	if (err || netvsc_vmbus_ring_held(vmchan)) {
		vmchan->ringbuffer_page = NULL;
	} else if (keep) {
		netvsc_vmbus_free_ring(nv);
		nv->spare_ring.base = page_address(vmchan->ringbuffer_page);
		nv->spare_ring.bytes = vmchan->ringbuffer_pagecount <<
				       PAGE_SHIFT;
		vmchan->ringbuffer_page = NULL;
	}
	/* Else only what maps it. */
	vmbus_free_ring(vmchan);
}

static int netvsc_vmbus_open(struct netvsc_chan *chan, u32 ring_bytes)
{
	struct vmbus_channel *vmchan = chan->vmchan;
	int err;

	/*
	 * Transaction ids are ours and go to the wire as they are. The channel
	 * outlives drivers, and an earlier one may have had a requestor. The bus
	 * has freed it, forgets that, and would free it again at each close.
	 */
	vmchan->next_request_id_callback = NULL;
	vmchan->request_addr_callback = NULL;
	vmchan->rqstor_size = 0;
	memset(&vmchan->requestor, 0, sizeof(vmchan->requestor));
	vmchan->max_pkt_size = NETVSC_MAX_PKT;
	set_channel_read_mode(vmchan, HV_CALL_ISR);

	err = netvsc_vmbus_get_ring(chan, ring_bytes);
	if (err)
		return err;
	err = vmbus_connect_ring(vmchan, netvsc_chan_interrupt, chan);
	if (err) {
		netvsc_vmbus_forget(vmchan);
		/* Where memory is short, a smaller one is tried next. */
		netvsc_vmbus_put_ring(chan, !chan->index && err != -ENOMEM, 0);
		return err;
	}
	if (!chan->index)
		netvsc_vmbus_free_ring(chan->conn->nv);
	netvsc_chan_begin(chan);
	return 0;
}

static void netvsc_vmbus_close(struct netvsc_chan *chan)
{
	int err = vmbus_disconnect_ring(chan->vmchan);

	netvsc_vmbus_put_ring(chan, true, err);
}

/*
 * A device that was just registered gets a directory for its channels right
 * after probe: those that come before that would have theirs anywhere.
 */
static void netvsc_vmbus_expect(struct netvsc_conn *conn)
{
	const struct hv_device *hdev = conn->nv->hdev;
	unsigned long end = jiffies + NETVSC_CHANNELS_DIR;

	while (!READ_ONCE(hdev->channels_kset) && time_before(jiffies, end))
		msleep(20);
	vmbus_set_sc_create_callback(netvsc_primary(conn),
				     netvsc_subchan_offered);
}

static int netvsc_vmbus_establish(struct netvsc_conn *conn, void *base,
				  u32 bytes, struct vmbus_gpadl *gpadl)
{
	struct vmbus_channel *primary = netvsc_primary(conn);

	/*
	 * The machine woke up, and this NIC was not offered again, or not yet:
	 * of a channel without a name the host would say nothing, for ever.
	 */
	if (READ_ONCE(primary->offermsg.child_relid) == INVALID_RELID)
		return -ENXIO;
	return vmbus_establish_gpadl(primary, base, bytes, gpadl);
}

static int netvsc_vmbus_teardown(struct netvsc_conn *conn,
				 struct vmbus_gpadl *gpadl)
{
	return vmbus_teardown_gpadl(netvsc_primary(conn), gpadl);
}

static int netvsc_vmbus_send(struct netvsc_conn *conn, void *msg, u32 len,
			     u64 tid, bool wants_answer)
{
	trace_nvsp_send(conn->nv->ndev, ((struct nvsp_msg *)msg)->type, len);
	return vmbus_sendpacket(netvsc_primary(conn), msg, len, tid,
				VM_PKT_DATA_INBAND, wants_answer ?
				VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED :
				0);
}

static int netvsc_vmbus_complete(struct netvsc_conn *conn, u64 tid)
{
	u64 empty = 0;

	return vmbus_sendpacket(netvsc_primary(conn), &empty, 0, tid,
				VM_PKT_COMP, 0);
}

static int netvsc_vmbus_send_control(struct netvsc_conn *conn, void *buf,
				     u32 len, u64 tid)
{
	struct nvsp_msg msg = {
		.type = NVSP_RNDIS_PKT,
		.rndis_pkt = {
			.channel_type = NVSP_CHANNEL_CONTROL,
			.section_index = NVSP_SECTION_NONE,
		},
	};
	u64 at = conn->asked.at + (buf - conn->asked.base);
	struct {
		struct vmbus_packet_mpb_array mpb;
		u64 pfn;
	} __packed desc = {
		.mpb = {
			.rangecount = 1,
			.range = {
				.len = len,
				.offset = offset_in_hvpage(at),
			},
		},
		.pfn = HVPFN_DOWN(at),
	};

	trace_rndis_send(conn->nv->ndev, ((struct rndis_hdr *)buf)->type, len);
	return vmbus_sendpacket_mpb_desc(netvsc_primary(conn), &desc.mpb,
					 sizeof(desc), &msg, sizeof(msg), tid);
}

static bool netvsc_vmbus_rescinded(struct netvsc_conn *conn)
{
	return READ_ONCE(netvsc_primary(conn)->rescind);
}

const struct netvsc_bus_ops netvsc_vmbus_ops = {
	.open		= netvsc_vmbus_open,
	.close		= netvsc_vmbus_close,
	.expect		= netvsc_vmbus_expect,
	.establish	= netvsc_vmbus_establish,
	.teardown	= netvsc_vmbus_teardown,
	.send		= netvsc_vmbus_send,
	.complete	= netvsc_vmbus_complete,
	.send_control	= netvsc_vmbus_send_control,
	.rescinded	= netvsc_vmbus_rescinded,
};
