/* SPDX-License-Identifier: GPL-2.0 */
/* The rings of a channel in memory, and a device that is registered. */
#ifndef _HV_NETVSC_FAKE_RING_H
#define _HV_NETVSC_FAKE_RING_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "fake_frame.h"
#include "fake_host.h"

#define FAKE_SECTIONS		(FAKE_SEND_BYTES / FAKE_SEND_SECTION)

/**
 * struct fake_ring_pkt - what the driver has sent
 * @type: VM_PKT_*
 * @tid: to complete it by
 * @head: bytes at @data ahead of the NVSP message
 * @len: bytes at @data
 * @data: behind the descriptor
 */
struct fake_ring_pkt {
	u16 type;
	u64 tid;
	u32 head;
	u32 len;
	u8 data[512];
};

/**
 * struct fake_range - of a transfer: an RNDIS message in the receive buffer
 * @count: bytes
 * @offset: of the first
 */
struct fake_range {
	u32 count;
	u32 offset;
};

/**
 * struct fake_sink - where frames of eth<n> end
 * @type: for the stack
 * @frames: so many came; the rest is of the last one
 * @len: without the Ethernet header
 * @truesize: what it costs its socket
 * @tci: of the tag, or 0
 * @recorded: it is said on which queue it came
 * @summed: its checksum is good
 * @partial: its checksum is that of the pseudo header alone
 * @gso_size: of it, as of @gso_segs and @gso_type
 * @hash: as the host says
 * @l4_hash: of ports, too
 * @meta: bytes that an XDP program has put ahead of it
 * @data: behind the Ethernet header
 */
struct fake_sink {
	struct packet_type type;
	unsigned int frames;
	u32 len;
	u32 truesize;
	u16 tci;
	bool recorded;
	bool summed;
	bool partial;
	u32 gso_size;
	u32 gso_segs;
	u32 gso_type;
	u32 hash;
	bool l4_hash;
	u32 meta;
	u8 data[8192];
};

void fake_rings_new(struct fake_host *h);
void fake_rings_show(struct fake_host *h, bool shown);
void fake_rings_free(struct fake_host *h);
void fake_ring_put(struct fake_host *h, u16 type, u64 tid, const void *pkt,
		   u32 head, u32 len);
struct fake_range fake_frame_in(struct fake_host *h, u32 section, u32 len,
				int type, u32 value);
void fake_transfer(struct fake_host *h, u64 tid, const struct fake_range *ranges,
		   u32 num);
u32 fake_ring_kept(const struct fake_host *h);
u32 fake_ring_get(struct fake_host *h, struct fake_ring_pkt *pkt);
void fake_ring_drain(struct fake_host *h);
void fake_ring_fill(struct fake_host *h);
bool fake_ring_await(struct fake_host *h, struct fake_ring_pkt *pkt);
void fake_ring_complete(struct fake_host *h, u64 tid, u32 status);
int fake_ring_poll(struct fake_host *h, int budget);

struct fake_host *fake_nic_new(struct kunit *test);
struct fake_host *fake_nic_new_channels(struct kunit *test, u32 channels);
void fake_nic_free(struct fake_host *h);
void fake_nic_register(struct fake_host *h);
void fake_nic_unregister(struct fake_host *h);
void fake_nic_settle(struct fake_host *h);
void fake_nic_up(struct fake_host *h, bool up);

netdev_tx_t fake_nic_send(struct fake_host *h, struct sk_buff *skb);
netdev_tx_t fake_nic_send_more(struct fake_host *h, struct sk_buff *skb);
u32 fake_sections_free(const struct fake_host *h);
void fake_sink_begin(struct fake_host *h, struct fake_sink *sink);
void fake_sink_end(struct fake_sink *sink);

#endif /* _HV_NETVSC_FAKE_RING_H */
