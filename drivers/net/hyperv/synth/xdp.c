// SPDX-License-Identifier: GPL-2.0
/*
 * XDP, on what the host transfers.
 *
 * The frame is copied out of the receive buffer into memory of the queue's own
 * pool, the first piece with the headroom that a program may use: what it looks
 * at, the host cannot change. What passes becomes an skb around the same pieces.
 * One that the host has coalesced in spite of us is an skb before the program
 * sees it.
 */
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/if_vlan.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/sizes.h>
#include <linux/skbuff.h>
#include <net/page_pool/helpers.h>
#include <net/xdp.h>

#include "conn.h"
#include "queue.h"
#include "rx.h"
#include "tx.h"
#include "xdp.h"

/* Of pages that are larger there are several: a socket pays for what it keeps. */
#define NETVSC_XDP_PIECE	SZ_4K

/* Pieces that a pool keeps, ahead of their first and behind their last use. */
#define NETVSC_XDP_POOL		256

/* What of a frame the first piece has room for. */
#define NETVSC_XDP_HEAD		(SKB_WITH_OVERHEAD(NETVSC_XDP_PIECE) - \
				 XDP_PACKET_HEADROOM)

/* A frame of any size has room behind the first piece. */
static_assert(MAX_SKB_FRAGS * NETVSC_XDP_PIECE >= NETVSC_RX_FRAME_MAX);
static_assert(!(PAGE_SIZE % NETVSC_XDP_PIECE));

/**
 * netvsc_xdp_max_mtu() - how long a frame may be for a program
 * @prog: the program
 *
 * Return: bytes, without the Ethernet header.
 */
u32 netvsc_xdp_max_mtu(const struct bpf_prog *prog)
{
	if (prog->aux->xdp_has_frags)
		return U32_MAX;
	return NETVSC_XDP_HEAD - ETH_HLEN;
}

static int netvsc_xdp_alloc_queue(struct netvsc_queue *queue)
{
	struct netvsc *nv = queue->nv;
	struct page_pool_params params = {
		.pool_size = NETVSC_XDP_POOL * NETVSC_XDP_PIECE / PAGE_SIZE,
		.nid = NUMA_NO_NODE,
		.netdev = nv->ndev,
	};
	int err;

	queue->pool = page_pool_create(&params);
	if (IS_ERR(queue->pool))
		return PTR_ERR(queue->pool);
	err = xdp_rxq_info_reg(&queue->xdp_rxq, nv->ndev, queue->index,
			       queue->napi.napi_id);
	if (err)
		goto destroy_pool;
	err = xdp_rxq_info_reg_mem_model(&queue->xdp_rxq, MEM_TYPE_PAGE_POOL,
					 queue->pool);
	if (err)
		goto unregister;
	return 0;

unregister:
	xdp_rxq_info_unreg(&queue->xdp_rxq);
destroy_pool:
	page_pool_destroy(queue->pool);
	return err;
}

static void netvsc_xdp_free_queues(struct netvsc *nv, unsigned int num)
{
	unsigned int i;

	for (i = 0; i < num; i++) {
		struct netvsc_queue *queue = &nv->queues[i];

		xdp_rxq_info_unreg(&queue->xdp_rxq);
		page_pool_destroy(queue->pool);
		queue->pool = NULL;
	}
}

/**
 * netvsc_xdp_alloc() - what a program needs, for every queue
 * @nv: the device, without a program
 *
 * Queues that have no channel now may get one, so all are made ready.
 *
 * Context: RTNL. Return: 0, or an errno with nothing changed.
 */
int netvsc_xdp_alloc(struct netvsc *nv)
{
	unsigned int i;
	int err;

	for (i = 0; i < nv->num_queues; i++) {
		err = netvsc_xdp_alloc_queue(&nv->queues[i]);
		if (err) {
			netvsc_xdp_free_queues(nv, i);
			return err;
		}
	}
	return 0;
}

/**
 * netvsc_xdp_free() - undo netvsc_xdp_alloc()
 * @nv: the device; no poll sees a program any more. Frames that have gone
 *	elsewhere keep their pages
 *
 * Context: RTNL.
 */
void netvsc_xdp_free(struct netvsc *nv)
{
	netvsc_xdp_free_queues(nv, nv->num_queues);
}

/* Return: a page, of which the piece at @offset is the caller's; or NULL. */
static struct page *netvsc_xdp_get_piece(struct netvsc_queue *queue,
					 unsigned int *offset)
{
	*offset = 0;
	if (PAGE_SIZE == NETVSC_XDP_PIECE)
		return page_pool_dev_alloc_pages(queue->pool);
	return page_pool_dev_alloc_frag(queue->pool, offset, NETVSC_XDP_PIECE);
}

/* What the first piece has no room for. */
static int netvsc_xdp_append(struct netvsc_queue *queue, struct xdp_buff *xdp,
			     const void *data, u32 len)
{
	struct skb_shared_info *shinfo = xdp_get_shared_info_from_buff(xdp);

	shinfo->nr_frags = 0;
	shinfo->xdp_frags_size = 0;
	xdp_buff_set_frags_flag(xdp);
	while (len) {
		u32 part = min_t(u32, len, NETVSC_XDP_PIECE);
		unsigned int offset;
		struct page *page = netvsc_xdp_get_piece(queue, &offset);

		if (unlikely(!page))
			return -ENOMEM;
		memcpy(page_address(page) + offset, data, part);
		skb_frag_fill_page_desc(&shinfo->frags[shinfo->nr_frags++],
					page, offset, part);
		shinfo->xdp_frags_size += part;
		data += part;
		len -= part;
	}
	return 0;
}

static int netvsc_xdp_copy(struct netvsc_queue *queue, struct xdp_buff *xdp,
			   const void *data, u32 len)
{
	u32 head = min_t(u32, len, NETVSC_XDP_HEAD);
	unsigned int offset;
	struct page *page = netvsc_xdp_get_piece(queue, &offset);

	if (unlikely(!page))
		return -ENOMEM;
	xdp_init_buff(xdp, NETVSC_XDP_PIECE, &queue->xdp_rxq);
	xdp_prepare_buff(xdp, page_address(page) + offset, XDP_PACKET_HEADROOM,
			 head, true);
	memcpy(xdp->data, data, head);
	if (likely(head == len))
		return 0;
	if (likely(!netvsc_xdp_append(queue, xdp, data + head, len - head)))
		return 0;
	xdp_return_buff(xdp);
	return -ENOMEM;
}

/* Return: the frame, from its Ethernet header on; NULL: @xdp is as it was. */
static struct sk_buff *netvsc_xdp_to_skb(struct xdp_buff *xdp)
{
	const struct skb_shared_info *shinfo = xdp_get_shared_info_from_buff(xdp);
	u32 meta = xdp->data - xdp->data_meta;
	u32 frags = 0, bytes = 0;
	struct sk_buff *skb;

	/* They stand where build_skb() clears. */
	if (unlikely(xdp_buff_has_frags(xdp))) {
		frags = shinfo->nr_frags;
		bytes = shinfo->xdp_frags_size;
	}
	skb = napi_build_skb(xdp->data_hard_start, xdp->frame_sz);
	if (unlikely(!skb))
		return NULL;

	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, xdp->data_end - xdp->data);
	if (meta)
		skb_metadata_set(skb, meta);
	skb_shinfo(skb)->nr_frags = frags;
	skb->len += bytes;
	skb->data_len += bytes;
	skb->truesize += frags * NETVSC_XDP_PIECE;
	skb_mark_for_recycle(skb);
	return skb;
}

static u32 netvsc_xdp_max_len(const struct net_device *ndev,
			      const struct xdp_buff *xdp)
{
	const struct ethhdr *eth = xdp->data;

	return READ_ONCE(ndev->mtu) +
	       (eth_type_vlan(eth->h_proto) ? VLAN_ETH_HLEN : ETH_HLEN);
}

/* Back to where it came from. Return: false: it is the caller's still. */
static bool netvsc_xdp_send(struct netvsc_chan *chan, struct xdp_buff *xdp,
			    const struct rndis_info *info)
{
	struct netvsc *nv = chan->conn->nv;
	struct net_device *ndev = nv->ndev;
	struct sk_buff *skb;

	/* The host may transfer before it takes frames, and when we are leaving. */
	if (unlikely(rcu_access_pointer(nv->conn) != chan->conn))
		return false;
	if (xdp_get_buff_len(xdp) > netvsc_xdp_max_len(ndev, xdp))
		return false;
	skb = netvsc_xdp_to_skb(xdp);
	if (unlikely(!skb))
		return false;

	skb->dev = ndev;
	skb_reset_mac_header(skb);
	skb->protocol = eth_hdr(skb)->h_proto;
	skb_set_queue_mapping(skb, chan->index);
	if (info->has & RNDIS_HAS_VLAN)
		netvsc_rx_vlan(skb, info->vlan);
	/* The queue is the stack's: it may be full of what goes over the VF. */
	if (unlikely(netvsc_tx(chan->conn, chan->queue, skb, 0) !=
		     NETDEV_TX_OK)) {
		netvsc_count(nv, tx_no_space);
		kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
	}
	return true;
}

/* Return: whether the frame has gone somewhere; else it is the caller's. */
static bool netvsc_xdp_act(struct netvsc_chan *chan, struct xdp_buff *xdp,
			   u32 act, const struct rndis_info *info,
			   struct netvsc_polled *polled)
{
	struct net_device *ndev = chan->conn->nv->ndev;

	switch (act) {
	case XDP_TX:
		if (unlikely(!netvsc_xdp_send(chan, xdp, info)))
			break;
		polled->xdp_tx++;
		return true;
	case XDP_REDIRECT:
		if (unlikely(xdp_do_redirect(ndev, xdp, polled->prog)))
			break;
		polled->xdp_redirect++;
		return true;
	case XDP_DROP:
		return false;
	case XDP_ABORTED:
		break;
	default:
		bpf_warn_invalid_xdp_action(ndev, polled->prog, act);
	}
	trace_xdp_exception(ndev, polled->prog, act);
	return false;
}

/**
 * netvsc_xdp_receive() - a frame comes to the program
 * @chan: on which it came
 * @data: the frame, the host's to change
 * @len: bytes
 * @info: of the frame; a program does not see a tag that is beside it
 * @polled: with the program; counts what that does
 *
 * Context: NAPI. Return: the frame, if it goes on to the stack; else NULL.
 */
struct sk_buff *netvsc_xdp_receive(struct netvsc_chan *chan, const void *data,
				   u32 len, const struct rndis_info *info,
				   struct netvsc_polled *polled)
{
	const struct bpf_prog *prog = polled->prog;
	struct sk_buff *skb;
	struct xdp_buff xdp;
	u32 act;

	/* Longer than it should be: one that counts on a single page is spared. */
	if (unlikely(len > NETVSC_XDP_HEAD && !prog->aux->xdp_has_frags))
		goto drop;
	if (unlikely(netvsc_xdp_copy(chan->queue, &xdp, data, len)))
		goto no_memory;

	act = bpf_prog_run_xdp(prog, &xdp);
	if (likely(act == XDP_PASS)) {
		skb = netvsc_xdp_to_skb(&xdp);
		if (likely(skb))
			return skb;
		xdp_return_buff(&xdp);
		goto no_memory;
	}

	if (netvsc_xdp_act(chan, &xdp, act, info, polled))
		goto consumed;
	xdp_return_buff(&xdp);
drop:
	polled->xdp_drop++;
consumed:
	polled->rx_packets++;
	polled->rx_bytes += len;
	return NULL;
no_memory:
	netvsc_count(chan->conn->nv, rx_no_memory);
	return NULL;
}

/**
 * netvsc_xdp_passes() - a frame that is an skb already comes to the program
 * @prog: the program
 * @pskb: the frame, after eth_type_trans(); may become another skb
 *
 * Context: softirq. Return: whether it goes on; else it is the program's.
 */
bool netvsc_xdp_passes(struct bpf_prog *prog, struct sk_buff **pskb)
{
	skb_reset_network_header(*pskb);
	skb_reset_mac_len(*pskb);
	return do_xdp_generic(prog, pskb) == XDP_PASS;
}
