// SPDX-License-Identifier: GPL-2.0
/*
 * Receive segment coalescing.
 *
 * The host coalesces TCP segments that follow each other. A frame that is
 * larger than a section of the receive buffer it hands over in fragments, all
 * of them ranges of one transfer, the first with what it has to say of the
 * frame. The headers go into the linear part, the rest is copied into page
 * fragments: a frame of 64 KiB needs no more than a page at a time.
 */
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/sock.h>

#include "../wire/rndis.h"
#include "rsc.h"

/* Linear: an Ethernet header, IP and TCP with all their options. */
#define NETVSC_RSC_HEAD		256

/* What was copied since the last time becomes a part of the frame. */
static int netvsc_rsc_attach(struct netvsc_rsc *rsc)
{
	struct page_frag *frag = &rsc->frag;
	u32 len = frag->offset - rsc->attached;
	int i = skb_shinfo(rsc->skb)->nr_frags;

	if (!len)
		return 0;
	if (unlikely(i == MAX_SKB_FRAGS))
		return -ENOMEM;
	get_page(frag->page);
	skb_add_rx_frag(rsc->skb, i, frag->page, rsc->attached, len, len);
	rsc->attached = frag->offset;
	return 0;
}

/* More memory, once what there is was used up, and attached. */
static int netvsc_rsc_refill(struct netvsc_rsc *rsc)
{
	if (unlikely(!skb_page_frag_refill(1, &rsc->frag,
					   GFP_ATOMIC | __GFP_NOWARN)))
		return -ENOMEM;
	rsc->attached = rsc->frag.offset;
	return 0;
}

static void netvsc_rsc_copy(struct netvsc_rsc *rsc, const void *data, u32 len)
{
	struct page_frag *frag = &rsc->frag;

	memcpy(page_address(frag->page) + frag->offset, data, len);
	frag->offset += len;
}

static int netvsc_rsc_append(struct netvsc_rsc *rsc, const void *data, u32 len)
{
	struct page_frag *frag = &rsc->frag;

	rsc->len += len;
	while (unlikely(len > frag->size - frag->offset)) {
		u32 part = frag->size - frag->offset;
		int err;

		netvsc_rsc_copy(rsc, data, part);
		err = netvsc_rsc_attach(rsc) ?: netvsc_rsc_refill(rsc);
		if (unlikely(err))
			return err;
		data += part;
		len -= part;
	}
	netvsc_rsc_copy(rsc, data, len);
	return 0;
}

static int netvsc_rsc_begin(struct netvsc_rsc *rsc, struct napi_struct *napi,
			    const void *data, u32 len,
			    const struct rndis_info *info)
{
	u32 head = min_t(u32, len, NETVSC_RSC_HEAD);

	rsc->info = *info;
	rsc->skb = napi_alloc_skb(napi, NETVSC_RSC_HEAD);
	if (unlikely(!rsc->skb || netvsc_rsc_refill(rsc)))
		return -ENOMEM;
	skb_put_data(rsc->skb, data, head);
	rsc->len = head;
	return netvsc_rsc_append(rsc, data + head, len - head);
}

/**
 * netvsc_rsc_add() - one more fragment of a frame
 * @rsc: of the channel; if this is a first fragment, no other is awaited
 * @napi: of the channel
 * @data: the fragment, the host's to change; the first has an Ethernet header
 * @len: bytes
 * @info: of the fragment
 *
 * Return: 0; -ENOMEM: the frame is lost, its other fragments are let pass;
 * -EPROTO: the fragment belongs to no frame.
 */
int netvsc_rsc_add(struct netvsc_rsc *rsc, struct napi_struct *napi,
		   const void *data, u32 len, const struct rndis_info *info)
{
	int err;

	if (info->rsc & RNDIS_RSC_FIRST)
		err = netvsc_rsc_begin(rsc, napi, data, len, info);
	else if (likely(rsc->skb))
		err = netvsc_rsc_append(rsc, data, len);
	else
		return rsc->lost ? 0 : -EPROTO;

	if (unlikely(err))
		netvsc_rsc_lose(rsc);
	return err;
}

/* There is no frame; what was copied for one and not attached is room again. */
static void netvsc_rsc_drop(struct netvsc_rsc *rsc)
{
	kfree_skb(rsc->skb);
	rsc->skb = NULL;
	rsc->len = 0;
	rsc->frag.offset = rsc->attached;
}

/**
 * netvsc_rsc_take() - the last fragment has come
 * @rsc: of the channel
 *
 * Return: the frame; NULL: it was lost.
 */
struct sk_buff *netvsc_rsc_take(struct netvsc_rsc *rsc)
{
	struct sk_buff *skb = rsc->skb;

	if (unlikely(skb && netvsc_rsc_attach(rsc))) {
		netvsc_rsc_drop(rsc);
		skb = NULL;
	}
	rsc->skb = NULL;
	rsc->len = 0;
	rsc->lost = false;
	return skb;
}

/**
 * netvsc_rsc_lose() - there is a frame that will not become whole
 * @rsc: of the channel; the other fragments of the frame are let pass
 */
void netvsc_rsc_lose(struct netvsc_rsc *rsc)
{
	netvsc_rsc_drop(rsc);
	rsc->lost = true;
}

/**
 * netvsc_rsc_abandon() - no further fragment will come
 * @rsc: of the channel
 *
 * Return: bytes of a frame that should have got one; 0: there is none.
 */
u32 netvsc_rsc_abandon(struct netvsc_rsc *rsc)
{
	u32 bytes = rsc->len;

	netvsc_rsc_drop(rsc);
	rsc->lost = false;
	return bytes;
}

/**
 * netvsc_rsc_free() - give back what a channel has
 * @rsc: its NAPI is disabled
 */
void netvsc_rsc_free(struct netvsc_rsc *rsc)
{
	netvsc_rsc_abandon(rsc);
	if (rsc->frag.page)
		put_page(rsc->frag.page);
	rsc->frag.page = NULL;
}

/**
 * netvsc_rsc_set_gso() - have a coalesced frame cut up where it goes on
 * @skb: from the network header on; TCP, CHECKSUM_PARTIAL
 * @mtu: of eth<n>
 *
 * Nobody says how long the segments were. With what fills the MTU the frame can
 * be sent on; a sender of shorter ones sees them grow on the way.
 */
void netvsc_rsc_set_gso(struct sk_buff *skb, u32 mtu)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	u32 head = skb_transport_offset(skb) + tcp_hdrlen(skb);

	if (skb->len <= mtu || mtu <= head)
		return;

	shinfo->gso_type = skb->protocol == htons(ETH_P_IP) ? SKB_GSO_TCPV4 :
							      SKB_GSO_TCPV6;
	if (th->cwr)
		shinfo->gso_type |= SKB_GSO_TCP_ECN;
	shinfo->gso_size = mtu - head;
	shinfo->gso_segs = DIV_ROUND_UP(skb->len - head, shinfo->gso_size);
}
