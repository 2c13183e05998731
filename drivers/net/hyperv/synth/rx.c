// SPDX-License-Identifier: GPL-2.0
/*
 * Receiving.
 *
 * The host writes RNDIS messages into sections of the receive buffer and
 * transfers a list of them. All of it stays the host's to change at any time:
 * what decides anything is copied first, and the copy is what is looked at.
 * Every transfer is given back once, whatever it held.
 */
#include <linux/bitfield.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/ip.h>

#include "../wire/nvsp.h"
#include "../wire/rndis.h"
#include "conn.h"
#include "queue.h"
#include "rx.h"
#include "rx_csum.h"
#include "xdp.h"

/**
 * netvsc_rx_ring_full() - is there no room to remember one more transfer?
 * @chan: the channel
 */
bool netvsc_rx_ring_full(const struct netvsc_chan *chan)
{
	const struct netvsc_rx_ring *rx = &chan->rx;
	u32 next = rx->head + 1;
	u32 size;

	/* Pairs with netvsc_chan_prepare_rx(). */
	size = smp_load_acquire(&rx->size);
	return !size || (next == size ? 0 : next) == rx->tail;
}

static void netvsc_rx_owe(struct netvsc_chan *chan, u64 tid, u32 status)
{
	struct netvsc_rx_ring *rx = &chan->rx;

	rx->done[rx->head].tid = tid;
	rx->done[rx->head].status = status;
	if (++rx->head == rx->size)
		rx->head = 0;
}

/**
 * netvsc_rx_give_back() - return finished transfers to the host
 * @chan: the channel that they came on
 *
 * Return: whether none is left; else the host's ring is full.
 */
bool netvsc_rx_give_back(struct netvsc_chan *chan)
{
	struct netvsc_rx_ring *rx = &chan->rx;

	while (rx->tail != rx->head) {
		struct nvsp_pkt_complete msg = {
			.type = NVSP_RNDIS_PKT_COMPLETE,
			.status = rx->done[rx->tail].status,
		};
		int err;

		err = vmbus_sendpacket(chan->vmchan, &msg, sizeof(msg),
				       rx->done[rx->tail].tid, VM_PKT_COMP, 0);
		if (unlikely(err == -EAGAIN)) {
			netvsc_count(chan->conn->nv, rx_comp_busy);
			return false;
		}
		/* Other errors: the host is gone, and its buffers with it. */
		if (++rx->tail == rx->size)
			rx->tail = 0;
	}
	return true;
}

static u32 netvsc_rx_hash_type(u8 protocol, u32 tcp, u32 udp)
{
	return protocol == IPPROTO_TCP ? tcp :
	       protocol == IPPROTO_UDP ? udp : 0;
}

/*
 * What a hash of this frame is called if it has the ports in it: NDIS_HASH_*; or 0.
 * A fragment has none, but for the first, which goes with the others.
 */
static u32 netvsc_rx_hash_with_ports(const struct sk_buff *skb)
{
	union {
		struct iphdr ip4;
		struct ipv6hdr ip6;
	} copy;
	const struct ipv6hdr *ip6;
	const struct iphdr *ip4;

	if (skb->protocol == htons(ETH_P_IP)) {
		ip4 = skb_header_pointer(skb, 0, sizeof(*ip4), &copy.ip4);
		if (ip4 && !ip_is_fragment(ip4))
			return netvsc_rx_hash_type(ip4->protocol,
						   NDIS_HASH_TCP_IPV4,
						   NDIS_HASH_UDP_IPV4);
	} else if (skb->protocol == htons(ETH_P_IPV6)) {
		ip6 = skb_header_pointer(skb, 0, sizeof(*ip6), &copy.ip6);
		if (ip6)
			return netvsc_rx_hash_type(ip6->nexthdr,
						   NDIS_HASH_TCP_IPV6,
						   NDIS_HASH_UDP_IPV6);
	}
	return 0;
}

/*
 * Hosts give the hash alone, and do not say what it is made of: of what they were
 * asked for, as far as this frame has it. One without the ports the stack must not
 * take for that of a flow: it makes its own.
 */
static void netvsc_rx_hash(const struct netvsc_conn *conn, struct sk_buff *skb,
			   const struct rndis_info *info)
{
	bool l4 = info->has & RNDIS_HAS_HASH_INFO ?
		  info->hash_info & RNDIS_HASH_L4 :
		  READ_ONCE(conn->hash_types) & netvsc_rx_hash_with_ports(skb);

	skb_set_hash(skb, info->hash, l4 ? PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
}

/**
 * netvsc_rx_vlan() - the frame has a tag, which is beside it
 * @skb: the frame
 * @tag: as the host has it
 */
void netvsc_rx_vlan(struct sk_buff *skb, u32 tag)
{
	u16 tci = FIELD_PREP(VLAN_PRIO_MASK,
			     FIELD_GET(RNDIS_8021Q_PRIO, tag)) |
		  FIELD_GET(RNDIS_8021Q_VID, tag);

	if (tag & RNDIS_8021Q_DEI)
		tci |= VLAN_CFI_MASK;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci);
}

static void netvsc_rx_deliver(struct netvsc_chan *chan, struct sk_buff *skb,
			      const struct rndis_info *info,
			      struct netvsc_polled *polled)
{
	struct netvsc_queue *queue = chan->queue;
	struct net_device *ndev = queue->nv->ndev;

	polled->rx_packets++;
	polled->rx_bytes += skb->len;
	skb->protocol = eth_type_trans(skb, ndev);
	/* Not one behind a gap: the stack WARNs of what it does not know. */
	if (likely(queue->index < READ_ONCE(ndev->real_num_rx_queues)))
		skb_record_rx_queue(skb, queue->index);
	netvsc_rx_csum(skb, info, READ_ONCE(ndev->mtu));
	if (info->has & RNDIS_HAS_HASH && ndev->features & NETIF_F_RXHASH)
		netvsc_rx_hash(chan->conn, skb, info);
	if (info->has & RNDIS_HAS_VLAN)
		netvsc_rx_vlan(skb, info->vlan);

	if (skb->pkt_type == PACKET_MULTICAST)
		polled->rx_multicast++;
	/* The host goes on to coalesce: the program has not seen this one. */
	if (unlikely(polled->prog && info->has & RNDIS_HAS_RSC) &&
	    !netvsc_xdp_passes(polled->prog, &skb))
		return;
	napi_gro_receive(&queue->napi, skb);
}

static void netvsc_rx_single(struct netvsc_chan *chan, const void *data,
			     u32 len, const struct rndis_info *info,
			     struct netvsc_polled *polled)
{
	struct sk_buff *skb;

	if (unlikely(polled->prog && !(info->has & RNDIS_HAS_RSC))) {
		skb = netvsc_xdp_receive(chan, data, len, info, polled);
		if (skb)
			netvsc_rx_deliver(chan, skb, info, polled);
		return;
	}

	skb = napi_alloc_skb(&chan->queue->napi, len);
	if (unlikely(!skb)) {
		netvsc_count(chan->conn->nv, rx_no_memory);
		return;
	}
	skb_put_data(skb, data, len);
	netvsc_rx_deliver(chan, skb, info, polled);
}

/* What it should have been a fragment of is lost. Return: NVSP_STATUS_FAIL. */
static u32 netvsc_rx_malformed(struct netvsc_chan *chan, const char *why,
			       u64 value)
{
	netvsc_chan_malformed(chan, why, value);
	if (chan->rsc.skb)
		netvsc_rsc_lose(&chan->rsc);
	return NVSP_STATUS_FAIL;
}

/* Return: NVSP_STATUS_*. */
static u32 netvsc_rx_end_frame(struct netvsc_chan *chan)
{
	u32 bytes;

	if (likely(!netvsc_rsc_begun(&chan->rsc)))
		return NVSP_STATUS_SUCCESS;
	bytes = netvsc_rsc_abandon(&chan->rsc);
	if (!bytes)
		return NVSP_STATUS_SUCCESS;
	netvsc_chan_malformed(chan, "coalesced frame without its end, bytes",
			      bytes);
	return NVSP_STATUS_FAIL;
}

/* Return: NVSP_STATUS_*. */
static u32 netvsc_rx_fragment(struct netvsc_chan *chan, const void *data,
			      u32 len, const struct rndis_info *info,
			      struct netvsc_polled *polled)
{
	struct netvsc_rsc *rsc = &chan->rsc;
	u32 status = NVSP_STATUS_SUCCESS;
	struct sk_buff *skb;
	bool lost;
	int err;

	if (info->rsc & RNDIS_RSC_FIRST)
		status = netvsc_rx_end_frame(chan);
	if (unlikely(rsc->len + len > NETVSC_RX_FRAME_MAX))
		return netvsc_rx_malformed(chan,
					   "coalesced frame longer than any, bytes",
					   rsc->len + len);

	err = netvsc_rsc_add(rsc, &chan->queue->napi, data, len, info);
	if (unlikely(err == -EPROTO))
		return netvsc_rx_malformed(chan, "fragment of no frame",
					   info->rsc);
	if (unlikely(err))
		netvsc_count(chan->conn->nv, rx_no_memory);
	if (!(info->rsc & RNDIS_RSC_LAST))
		return status;
	lost = rsc->lost;
	skb = netvsc_rsc_take(rsc);
	if (likely(skb))
		netvsc_rx_deliver(chan, skb, &rsc->info, polled);
	else if (!lost)
		netvsc_count(chan->conn->nv, rx_no_memory);
	return status;
}

/* Return: NVSP_STATUS_*. */
static u32 netvsc_rx_frame(struct netvsc_chan *chan, const void *msg, u32 len,
			   struct netvsc_polled *polled)
{
	struct netvsc *nv = chan->conn->nv;
	struct rndis_packet pkt;
	struct rndis_frame frame;
	struct rndis_info info;
	bool fragment;
	int err;

	err = -EBADMSG;
	if (unlikely(len < sizeof(pkt)))
		goto malformed_packet;
	memcpy(&pkt, msg, sizeof(pkt));
	err = rndis_parse_packet(&pkt, len, &frame);
	if (unlikely(err))
		goto malformed_packet;
	if (unlikely(frame.data_len > NETVSC_RX_FRAME_MAX))
		goto long_frame;

	memcpy(chan->scratch, msg + frame.ppi_off, frame.ppi_len);
	err = rndis_parse_ppis(chan->scratch, frame.ppi_len, &info);
	if (unlikely(err))
		goto malformed_info;

	fragment = info.has & RNDIS_HAS_RSC && info.rsc & RNDIS_RSC_FRAGMENT;
	if (unlikely(frame.data_len < ETH_HLEN &&
		     (!fragment || info.rsc & RNDIS_RSC_FIRST)))
		goto short_frame;

	/* The host need not wait for its filter to be what we asked for. */
	if (unlikely(!polled->running)) {
		netvsc_count(nv, rx_not_running);
		return NVSP_STATUS_FAIL;
	}

	if (fragment)
		return netvsc_rx_fragment(chan, msg + frame.data_off,
					  frame.data_len, &info, polled);
	netvsc_rx_single(chan, msg + frame.data_off, frame.data_len, &info,
			 polled);
	return NVSP_STATUS_SUCCESS;

malformed_packet:
	return netvsc_rx_malformed(chan, "frame outside of its message, error",
				   -err);
long_frame:
	return netvsc_rx_malformed(chan, "frame longer than any, bytes",
				   frame.data_len);
short_frame:
	return netvsc_rx_malformed(chan,
				   "frame without an Ethernet header, bytes",
				   frame.data_len);
malformed_info:
	return netvsc_rx_malformed(chan, "malformed per-packet info, error",
				   -err);
}

static u32 netvsc_rx_control(struct netvsc_chan *chan, const void *msg, u32 len)
{
	len = min_t(u32, len, sizeof(chan->scratch));
	memcpy(chan->scratch, msg, len);
	netvsc_rndis_control(chan->conn, chan->scratch, len);
	return NVSP_STATUS_SUCCESS;
}

/*
 * One message. Its own type decides what it is: no host has been seen to rely
 * on the channel type of the NVSP message around it.
 */
static u32 netvsc_rx_range(struct netvsc_chan *chan,
			   const struct vmtransfer_page_range *range,
			   struct netvsc_polled *polled)
{
	const struct netvsc_buffer *buf = &chan->conn->recv;
	struct rndis_hdr hdr;
	const void *msg;

	if (unlikely(range->byte_offset > buf->bytes ||
		     range->byte_count > buf->bytes - range->byte_offset))
		goto outside_of_buffer;
	if (unlikely(range->byte_count > buf->section_size))
		goto larger_than_a_section;
	if (unlikely(range->byte_count < sizeof(hdr)))
		goto short_message;

	msg = buf->base + range->byte_offset;
	memcpy(&hdr, msg, sizeof(hdr));
	if (likely(hdr.type == RNDIS_MSG_PACKET))
		return netvsc_rx_frame(chan, msg, range->byte_count, polled);
	if (likely(!chan->index))
		return netvsc_rx_control(chan, msg, range->byte_count);

	return netvsc_rx_malformed(chan,
				   "RNDIS control message on a sub-channel",
				   hdr.type);

outside_of_buffer:
	return netvsc_rx_malformed(chan,
				   "transfer outside of the receive buffer",
				   (u64)range->byte_offset << 32 |
				   range->byte_count);
larger_than_a_section:
	return netvsc_rx_malformed(chan,
				   "RNDIS message larger than a section, bytes",
				   range->byte_count);
short_message:
	return netvsc_rx_malformed(chan, "RNDIS message of so few bytes",
				   range->byte_count);
}

/* NULL: it is well-formed; else what is wrong, and @value with what. */
static const char *
netvsc_rx_check(const struct vmtransfer_page_packet_header *xfer, u64 *value)
{
	const u32 first = offsetof(struct vmtransfer_page_packet_header, ranges);
	const struct nvsp_msg *msg = hv_pkt_data(&xfer->d);
	u32 room = xfer->d.offset8 << 3;

	*value = room;
	if (room < first)
		return "transfer without a header, bytes";
	*value = xfer->xfer_pageset_id;
	if (xfer->xfer_pageset_id != NVSP_RECV_BUF_ID)
		return "transfer of an unknown buffer";
	*value = xfer->range_cnt;
	if (!xfer->range_cnt ||
	    xfer->range_cnt > (room - first) / sizeof(*xfer->ranges))
		return "transfer with too few or too many ranges";
	*value = hv_pkt_datalen(&xfer->d);
	if (*value < offsetofend(struct nvsp_msg, rndis_pkt))
		return "transfer without a message, bytes";
	*value = msg->type;
	if (msg->type != NVSP_RNDIS_PKT)
		return "transfer with another message than RNDIS";
	return NULL;
}

/**
 * netvsc_rx_transfer() - the host transfers sections of the receive buffer
 * @chan: with room in its ring of transfers to give back
 * @desc: a copy of the packet that the host cannot reach
 * @budget: so many of them may be looked at, at least 1
 * @polled: counts what is delivered; ->rest: the packet has to be read once more,
 *	for there is more in it
 *
 * Return: what it costs of the budget, at least 1.
 */
u32 netvsc_rx_transfer(struct netvsc_chan *chan,
		       const struct vmpacket_descriptor *desc, u32 budget,
		       struct netvsc_polled *polled)
{
	const struct vmtransfer_page_packet_header *xfer =
		container_of(desc, struct vmtransfer_page_packet_header, d);
	struct netvsc_rx_ring *rx = &chan->rx;
	const char *why;
	u32 i, end = 0;
	u64 value;

	why = netvsc_rx_check(xfer, &value);
	if (unlikely(why)) {
		netvsc_chan_malformed(chan, why, value);
		rx->failed = true;
	} else {
		/* A host that has changed it meanwhile gets back what is left. */
		end = min(rx->next + budget, xfer->range_cnt);
	}

	/* One answer for all fragments of a frame. */
	polled->running = netif_running(chan->conn->nv->ndev);
	for (i = rx->next; i < end; i++)
		rx->failed |= netvsc_rx_range(chan, &xfer->ranges[i], polled) !=
			      NVSP_STATUS_SUCCESS;
	budget = max(i - rx->next, 1U);
	polled->rest = !why && i < xfer->range_cnt;
	if (unlikely(polled->rest)) {
		rx->next = i;
		return budget;
	}

	/* No frame goes on in another transfer. */
	rx->failed |= netvsc_rx_end_frame(chan) != NVSP_STATUS_SUCCESS;
	netvsc_rx_owe(chan, desc->trans_id, rx->failed ? NVSP_STATUS_FAIL :
							 NVSP_STATUS_SUCCESS);
	rx->next = 0;
	rx->failed = false;
	return budget;
}
