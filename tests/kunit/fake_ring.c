// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of a channel in memory, and a device that is registered: the data
 * path calls VMBus directly, so its ring code is the real one. Nobody is ever
 * signalled, for the masks say so; the test is the host, and calls NAPI.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "fake_host.h"
#include "fake_ring.h"
#include "synth/queue.h"

#define FAKE_RING_PAGES		(SZ_64K / PAGE_SIZE)	/* of data */

/* As the bus maps it: the data once more behind itself, to go over the end. */
static void fake_ring_map(struct kunit *test, struct hv_ring_buffer_info *ring)
{
	struct page *pages[1 + 2 * FAKE_RING_PAGES];
	unsigned int i;

	for (i = 0; i <= FAKE_RING_PAGES; i++) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
	}
	memcpy(&pages[1 + FAKE_RING_PAGES], &pages[1],
	       FAKE_RING_PAGES * sizeof(*pages));
	ring->ring_buffer = vmap(pages, ARRAY_SIZE(pages), VM_MAP, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring->ring_buffer);

	ring->ring_buffer->interrupt_mask = 1;
	ring->ring_size = (1 + FAKE_RING_PAGES) * PAGE_SIZE;
	ring->ring_size_div10_reciprocal =
		reciprocal_value(ring->ring_size / 10);
	ring->ring_datasize = FAKE_RING_PAGES * PAGE_SIZE;
	spin_lock_init(&ring->ring_lock);
}

static void fake_ring_unmap(struct hv_ring_buffer_info *ring)
{
	struct page *pages[1 + FAKE_RING_PAGES];
	unsigned int i;

	for (i = 0; i <= FAKE_RING_PAGES; i++)
		pages[i] = vmalloc_to_page((void *)ring->ring_buffer +
					   i * PAGE_SIZE);
	vunmap(ring->ring_buffer);
	for (i = 0; i <= FAKE_RING_PAGES; i++)
		__free_page(pages[i]);
	ring->ring_buffer = NULL;
}

static struct vmbus_channel *fake_ring_channel(const struct fake_host *h)
{
	return h->vmchan[h->at];
}

/* One pair for each queue. */
void fake_rings_new(struct fake_host *h)
{
	unsigned int i;

	for (i = 0; i < h->nv->num_queues; i++) {
		struct hv_ring_buffer_info *in = &h->vmchan[i]->inbound;

		fake_ring_map(h->test, in);
		fake_ring_map(h->test, &h->vmchan[i]->outbound);
		in->pkt_buffer_size = NETVSC_MAX_PKT;
		in->pkt_buffer = kunit_kzalloc(h->test, NETVSC_MAX_PKT,
					       GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(h->test, in->pkt_buffer);
	}
}

static void fake_ring_show(struct hv_ring_buffer_info *ring,
			   struct hv_ring_buffer **mem, bool shown)
{
	if (shown && *mem) {
		ring->ring_buffer = *mem;
		*mem = NULL;
	} else if (!shown && ring->ring_buffer) {
		*mem = ring->ring_buffer;
		ring->ring_buffer = NULL;
	}
}

/* A bus that closes takes the rings away, for the driver; if there are any. */
void fake_rings_show(struct fake_host *h, bool shown)
{
	unsigned int i;

	for (i = 0; i < h->channels; i++) {
		if (!h->vmchan[i])
			continue;
		fake_ring_show(&h->vmchan[i]->inbound, &h->hidden[i][0], shown);
		fake_ring_show(&h->vmchan[i]->outbound, &h->hidden[i][1],
			       shown);
	}
}

void fake_rings_free(struct fake_host *h)
{
	unsigned int i;

	fake_rings_show(h, true);
	for (i = 0; i < h->nv->num_queues; i++) {
		fake_ring_unmap(&h->vmchan[i]->inbound);
		fake_ring_unmap(&h->vmchan[i]->outbound);
	}
}

/* The host writes a packet; @head bytes of it are ahead of its message. */
void fake_ring_put(struct fake_host *h, u16 type, u64 tid, const void *pkt,
		   u32 head, u32 len)
{
	struct hv_ring_buffer_info *ring = &fake_ring_channel(h)->inbound;
	struct vmpacket_descriptor *desc;
	u32 at = ring->ring_buffer->write_index;
	u32 size = ALIGN(sizeof(*desc) + len, 8);

	desc = (void *)ring->ring_buffer->buffer + at;
	memset(desc, 0, size);
	desc->type = type;
	desc->trans_id = tid;
	desc->offset8 = (sizeof(*desc) + head) / 8;
	desc->len8 = size / 8;
	memcpy(desc + 1, pkt, len);
	/* Behind each packet is where it began; nobody reads that. */
	ring->ring_buffer->write_index = (at + size + 8) % ring->ring_datasize;
}

/* A frame in a section, with a piece of info if @type is not negative. */
struct fake_range fake_frame_in(struct fake_host *h, u32 section, u32 len,
				int type, u32 value)
{
	u8 *msg = h->gpadl[0].base + section * FAKE_RECV_SECTION;
	u32 ppi = type < 0 ? 0 : 16;
	u8 *data = msg + 44 + ppi;
	u32 i;

	memset(msg, 0, 44 + ppi);
	fake_put(msg, 0, 1);
	fake_put(msg, 4, 44 + ppi + len);
	fake_put(msg, 8, 36 + ppi);
	fake_put(msg, 12, len);
	if (ppi) {
		fake_put(msg, 28, 36);
		fake_put(msg, 32, ppi);
		fake_put(msg, 44, ppi);
		fake_put(msg, 48, type);
		fake_put(msg, 52, 12);
		fake_put(msg, 56, value);
	}
	for (i = 0; i < len; i++)
		data[i] = i * 5;
	ether_addr_copy(data, h->nv->ndev->dev_addr);
	put_unaligned_be16(FAKE_ETHERTYPE, data + 12);
	return (struct fake_range) {
		44 + ppi + len, section * FAKE_RECV_SECTION,
	};
}

/* The host transfers them. */
void fake_transfer(struct fake_host *h, u64 tid, const struct fake_range *ranges,
		   u32 num)
{
	u32 i, head = 8 + 8 * num;
	u8 *pkt = kzalloc(head + 40, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(h->test, pkt);
	put_unaligned_le16(0xcafe, pkt);
	fake_put(pkt, 4, num);
	for (i = 0; i < num; i++) {
		fake_put(pkt, 8 + 8 * i, ranges[i].count);
		fake_put(pkt, 12 + 8 * i, ranges[i].offset);
	}
	fake_put(pkt, head, 107);
	fake_ring_put(h, VM_PKT_DATA_USING_XFER_PAGES, tid, pkt, head,
		      head + 40);
	kfree(pkt);
}

/* What of the ring the host may not use yet. */
u32 fake_ring_kept(const struct fake_host *h)
{
	return hv_get_bytes_to_read(&fake_ring_channel(h)->inbound);
}

/* The host reads a packet. Return: its bytes in @pkt, 0: there is none. */
u32 fake_ring_get(struct fake_host *h, struct fake_ring_pkt *pkt)
{
	struct hv_ring_buffer_info *ring = &fake_ring_channel(h)->outbound;
	struct vmpacket_descriptor *desc;
	u32 at = ring->ring_buffer->read_index;

	if (at == ring->ring_buffer->write_index)
		return 0;
	desc = (void *)ring->ring_buffer->buffer + at;
	pkt->type = desc->type;
	pkt->tid = desc->trans_id;
	pkt->head = desc->offset8 * 8 - sizeof(*desc);
	pkt->len = desc->len8 * 8 - sizeof(*desc);
	memcpy(pkt->data, desc + 1, min_t(u32, pkt->len, sizeof(pkt->data)));
	ring->ring_buffer->read_index = (at + desc->len8 * 8 + 8) %
					ring->ring_datasize;
	return pkt->len;
}

/* The host reads all that there is, and answers none of it. */
void fake_ring_drain(struct fake_host *h)
{
	struct fake_ring_pkt pkt;

	while (fake_ring_get(h, &pkt))
		;
}

/* Others leave no room on the ring. */
void fake_ring_fill(struct fake_host *h)
{
	u64 filler[2] = {};

	while (!vmbus_sendpacket(fake_ring_channel(h), filler, sizeof(filler),
				 0, VM_PKT_DATA_INBAND, 0))
		;
}

/* A packet, if one comes soon: the driver's timer has to fire. */
bool fake_ring_await(struct fake_host *h, struct fake_ring_pkt *pkt)
{
	int i;

	for (i = 0; i < 100; i++) {
		if (fake_ring_get(h, pkt))
			return true;
		fake_ring_poll(h, 64);
		usleep_range(1000, 2000);
	}
	return false;
}

/* The host is done with a frame, for better or worse. */
void fake_ring_complete(struct fake_host *h, u64 tid, u32 status)
{
	u8 msg[8];

	fake_put(msg, 0, 108);
	fake_put(msg, 4, status);
	fake_ring_put(h, VM_PKT_COMP, tid, msg, 0, sizeof(msg));
}

/*
 * NAPI, as the stack calls it after an interrupt, or once more where it has used
 * up its budget. The driver's own timer may be at it. Return: what it has used.
 */
int fake_ring_poll(struct fake_host *h, int budget)
{
	struct napi_struct *napi = &h->nv->queues[h->at].napi;
	struct bpf_net_context *outer, inner;
	int work;

	while (!h->polling && !napi_schedule_prep(napi))
		usleep_range(100, 200);
	local_bh_disable();
	outer = bpf_net_ctx_set(&inner);
	h->conn->chan[h->at]->live = true;
	work = netvsc_poll(napi, budget);
	h->polling = work == budget;
	bpf_net_ctx_clear(outer);
	local_bh_enable();
	return work;
}

/* As loading the driver and probe do. The stack itself sends nothing over it. */
void fake_nic_register(struct fake_host *h)
{
	struct netvsc_conn *conn;

	KUNIT_EXPECT_EQ(h->test, netvsc_vf_register_notifier(), 0);
	conn = netvsc_connect(h->nv);
	KUNIT_ASSERT_FALSE(h->test, IS_ERR(conn));
	h->nv->ndev->priv_flags |= IFF_NO_ADDRCONF;
	KUNIT_ASSERT_EQ(h->test, netvsc_register(h->nv, conn), 0);
}

/* As remove and unloading do. */
void fake_nic_unregister(struct fake_host *h)
{
	netvsc_unregister(h->nv);
	netvsc_vf_unregister_notifier();
	h->conn = NULL;
}

/* A host, its rings, and eth<n>, which is there and down. */
struct fake_host *fake_nic_new_channels(struct kunit *test, u32 channels)
{
	struct fake_host *h = fake_host_new(test);

	h->nv->num_queues = channels;
	h->nv->intent.channels = channels;
	fake_rings_new(h);
	fake_nic_register(h);
	return h;
}

struct fake_host *fake_nic_new(struct kunit *test)
{
	return fake_nic_new_channels(test, 1);
}

/* All of it; eth<n> may have been removed before. */
void fake_nic_free(struct fake_host *h)
{
	if (!h->nv->gone)
		fake_nic_unregister(h);
	fake_rings_free(h);
	fake_host_free(h);
}

/* Host, conn work and bond work have nothing left to do but wait. */
void fake_nic_settle(struct fake_host *h)
{
	int i;

	for (i = 0; i < 4; i++) {
		flush_workqueue(h->nv->conn_wq);
		flush_work(&h->work);
		flush_delayed_work(&h->nv->bond.work);
		flush_workqueue(h->nv->bond_wq);
	}
}

void fake_nic_up(struct fake_host *h, bool up)
{
	rtnl_lock();
	if (up)
		KUNIT_EXPECT_EQ(h->test, dev_open(h->nv->ndev, NULL), 0);
	else
		dev_close(h->nv->ndev);
	rtnl_unlock();
	fake_nic_settle(h);
}

/* What eth<n> makes of it, and of what the stack says of the next one. */
static netdev_tx_t fake_nic_xmit(struct fake_host *h, struct sk_buff *skb,
				 bool more)
{
	struct net_device *ndev = h->nv->ndev;
	netdev_tx_t ret;

	local_bh_disable();
	rcu_read_lock();
	ret = netdev_start_xmit(skb, ndev, skb_get_tx_queue(ndev, skb), more);
	rcu_read_unlock();
	local_bh_enable();
	return ret;
}

netdev_tx_t fake_nic_send(struct fake_host *h, struct sk_buff *skb)
{
	return fake_nic_xmit(h, skb, false);
}

/* Another one follows. */
netdev_tx_t fake_nic_send_more(struct fake_host *h, struct sk_buff *skb)
{
	return fake_nic_xmit(h, skb, true);
}

/* How many sections of the send buffer are not in use. */
u32 fake_sections_free(const struct fake_host *h)
{
	const struct netvsc_conn *conn = h->conn;
	u32 num = conn->sections.num;
	unsigned int i;

	for (i = 0; i < conn->num_chans; i++)
		num += conn->chan[i]->sections.given -
		       conn->chan[i]->sections.taken;
	return num;
}

static int fake_sink_take(struct sk_buff *skb, struct net_device *dev,
			  struct packet_type *type,
			  struct net_device *orig_dev)
{
	struct fake_sink *sink = container_of(type, struct fake_sink, type);

	sink->frames++;
	sink->len = skb->len;
	sink->truesize = skb->truesize;
	sink->tci = skb_vlan_tag_present(skb) ? skb_vlan_tag_get(skb) : 0;
	sink->recorded = skb_rx_queue_recorded(skb);
	sink->summed = skb->ip_summed == CHECKSUM_UNNECESSARY;
	sink->partial = skb->ip_summed == CHECKSUM_PARTIAL;
	sink->gso_size = skb_shinfo(skb)->gso_size;
	sink->gso_segs = skb_shinfo(skb)->gso_segs;
	sink->gso_type = skb_shinfo(skb)->gso_type;
	sink->hash = skb->hash;
	sink->l4_hash = skb->l4_hash;
	sink->meta = skb_metadata_len(skb);
	skb_copy_bits(skb, 0, sink->data, min_t(u32, skb->len,
						sizeof(sink->data)));
	kfree_skb(skb);
	return NET_RX_SUCCESS;
}

/* Where frames of eth<n> end. */
void fake_sink_begin(struct fake_host *h, struct fake_sink *sink)
{
	memset(sink, 0, sizeof(*sink));
	sink->type.type = htons(FAKE_ETHERTYPE);
	sink->type.dev = h->nv->ndev;
	sink->type.func = fake_sink_take;
	dev_add_pack(&sink->type);
}

void fake_sink_end(struct fake_sink *sink)
{
	dev_remove_pack(&sink->type);
}
