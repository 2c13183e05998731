// SPDX-License-Identifier: GPL-2.0
/*
 * What include/compat/vmbus.h makes of packets, in user space: the pages of one
 * that is sent on an old bus, and the bounds of one that came over it. And what
 * it says of rings that did not open.
 *
 * The compiler finds empty files where that includes the kernel's headers.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <asm/types.h>

#define u8			__u8
#define u16			__u16
#define u32			__u32
#define u64			unsigned long long
#define __packed
#define unlikely(x)		(x)
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define READ_ONCE(x)		(x)
#define U16_MAX			0xffff
#define U32_MAX			0xffffffff
#define min_t(type, a, b)	min((type)(a), (type)(b))

static u32 min(u32 a, u32 b)
{
	return a < b ? a : b;
}

#define HV_HYP_PAGE_SIZE	4096
#define MAX_PAGE_BUFFER_COUNT	32

#pragma pack(push, 1)

struct hv_page_buffer {
	u32 len;
	u32 offset;
	u64 pfn;
} __packed;

struct hv_mpb_array {
	u32 len;
	u32 offset;
	u64 pfn_array[];
} __packed;

struct vmbus_packet_mpb_array {
	u8 hdr[20];
	u32 rangecount;
	struct hv_mpb_array range;
} __packed;

struct vmpacket_descriptor {
	u16 type;
	u16 offset8;
	u16 len8;
	u16 flags;
	u64 trans_id;
} __packed;

#pragma pack(pop)

struct hv_ring_buffer {
	u32 write_index;
};

struct hv_ring_buffer_info {
	struct hv_ring_buffer *ring_buffer;
	u32 priv_read_index;
	u32 ring_datasize;
};

struct vmbus_channel {
	struct hv_ring_buffer_info inbound;
	u32 ringbuffer_pagecount;
	u32 ringbuffer_gpadlhandle;
	struct vmpacket_descriptor *first;
	struct vmpacket_descriptor *next;
};

/* What the bus was given. */
static struct hv_page_buffer sent[MAX_PAGE_BUFFER_COUNT];
static u32 sent_pages;

static int vmbus_sendpacket_pagebuffer(struct vmbus_channel *vmchan,
				       struct hv_page_buffer *page, u32 num,
				       void *msg, u32 len, u64 tid)
{
	memcpy(sent, page, num * sizeof(*page));
	sent_pages = num;
	return 0;
}

/* What comes of an open. */
static int connects;

static int vmbus_connect_ring(struct vmbus_channel *vmchan,
			      void (*call)(void *arg), void *arg)
{
	vmchan->ringbuffer_gpadlhandle = connects ? 0 : 0xe1e10;
	return connects;
}

static struct vmpacket_descriptor *hv_pkt_iter_first(struct vmbus_channel *vmchan)
{
	return vmchan->first;
}

static struct vmpacket_descriptor *
__hv_pkt_iter_next(struct vmbus_channel *vmchan,
		   const struct vmpacket_descriptor *desc)
{
	return desc == vmchan->first ? vmchan->next : NULL;
}

/* A bus of 5.10, but for what needs a driver core. */
#define HAVE_PAGEBUFFER
#define HAVE_HVPFN_DOWN
#define HAVE_GPADL_DECRYPTED
#define HAVE_REQUESTOR
#define HAVE_REQUEST_CALLBACKS
#define HAVE_ISOLATION
#define HAVE_ISOLATION_TDX
#define HAVE_PARAVISOR

#include "../../include/compat/vmbus.h"

static union {
	struct vmbus_packet_mpb_array mpb;
	u64 words[1024];
} packet;

static unsigned int failed;

static void expect(bool good, const char *what, u32 value)
{
	if (good)
		return;
	failed++;
	printf("%s: %u\n", what, value);
}

/* A packet with so many ranges of up to @most bytes. Return: pages that it has. */
static u32 build(u32 ranges, u32 most)
{
	struct hv_mpb_array *range = &packet.mpb.range;
	u32 i, page, pages, all = 0;

	packet.mpb.rangecount = ranges;
	for (i = 0; i < ranges; i++) {
		range->offset = rand() % HV_HYP_PAGE_SIZE;
		range->len = 1 + rand() % most;
		pages = (range->offset + range->len + HV_HYP_PAGE_SIZE - 1) /
			HV_HYP_PAGE_SIZE;
		for (page = 0; page < pages; page++)
			range->pfn_array[page] = rand();
		all += pages;
		range = (void *)&range->pfn_array[pages];
	}
	return all;
}

/* Byte for byte, the host finds what the packet names. */
static void compare(u32 ranges)
{
	const struct hv_mpb_array *range = &packet.mpb.range;
	const struct hv_page_buffer *page = sent;
	u32 i, at, pages;

	for (i = 0; i < ranges; i++) {
		for (at = 0; at < range->len; at += page++->len) {
			u32 byte = range->offset + at;

			expect(page < sent + sent_pages, "page missing", i);
			expect(page->pfn == range->pfn_array[byte /
							     HV_HYP_PAGE_SIZE],
			       "wrong page of range", i);
			expect(page->offset == byte % HV_HYP_PAGE_SIZE,
			       "wrong offset", page->offset);
			expect(page->len && page->len <= range->len - at &&
			       page->offset + page->len <= HV_HYP_PAGE_SIZE,
			       "wrong length", page->len);
			if (failed)
				return;
		}
		pages = (range->offset + range->len + HV_HYP_PAGE_SIZE - 1) /
			HV_HYP_PAGE_SIZE;
		range = (const void *)&range->pfn_array[pages];
	}
	expect(page == sent + sent_pages, "pages too many", sent_pages);
}

static void test_sends(void)
{
	struct vmbus_channel vmchan = {};
	u32 i, ranges, pages;
	int err;

	for (i = 0; i < 200000 && !failed; i++) {
		ranges = 1 + rand() % 18;
		pages = build(ranges, i & 1 ? 4096 : 20000);
		sent_pages = 0;
		err = vmbus_sendpacket_mpb_desc(&vmchan, &packet.mpb, 0, NULL,
						0, 0);
		if (pages > MAX_PAGE_BUFFER_COUNT) {
			expect(err == -EMSGSIZE && !sent_pages,
			       "sent, although too many pages", pages);
			continue;
		}
		expect(!err && sent_pages == pages, "not sent, pages", pages);
		compare(ranges);
	}
}

/* A packet of @len8 and @offset8 at @read, of which the host wrote up to @write. */
static struct vmpacket_descriptor receive(u32 read, u32 write, u16 len8,
					  u16 offset8)
{
	struct vmpacket_descriptor desc = { .len8 = len8, .offset8 = offset8 };
	struct hv_ring_buffer shared = { .write_index = write };
	struct vmbus_channel vmchan = {
		.inbound = {
			.ring_buffer = &shared,
			.priv_read_index = read,
			.ring_datasize = 65536,
		},
		.first = &desc,
	};

	expect(hv_pkt_iter_first(&vmchan) == &desc, "another packet", read);
	return desc;
}

/* The one that follows, with the bus at @read, is looked at likewise. */
static void test_follows(void)
{
	struct vmpacket_descriptor first = { .len8 = 2, .offset8 = 2 };
	struct vmpacket_descriptor next = { .len8 = 129, .offset8 = 1 };
	struct hv_ring_buffer shared = { .write_index = 1016 };
	struct vmbus_channel vmchan = {
		.inbound = {
			.ring_buffer = &shared,
			.priv_read_index = 65528,
			.ring_datasize = 65536,
		},
		.first = &first,
		.next = &next,
	};

	expect(__hv_pkt_iter_next(&vmchan, &first) == &next, "not the next", 0);
	expect(next.len8 == 128, "the next, longer than there is", next.len8);
	expect(next.offset8 == 2, "the next, in its header", next.offset8);
	expect(first.len8 == 2, "the one before it", first.len8);
	expect(!__hv_pkt_iter_next(&vmchan, &next), "one too many", 0);
}

/* Who asks for the handle learns that the host may have the ring, or has not. */
static void test_connects(void)
{
	struct vmbus_channel vmchan = {};

	connects = -EAGAIN;
	expect(vmbus_connect_ring(&vmchan, NULL, NULL) == -EAGAIN &&
	       vmchan.ringbuffer_gpadlhandle, "refused, and not held", 0);
	connects = -ENOMEM;
	expect(vmbus_connect_ring(&vmchan, NULL, NULL) == -ENOMEM &&
	       !vmchan.ringbuffer_gpadlhandle, "no memory, and held", 0);
	connects = 0;
	expect(!vmbus_connect_ring(&vmchan, NULL, NULL) &&
	       vmchan.ringbuffer_gpadlhandle == 0xe1e10, "another handle",
	       vmchan.ringbuffer_gpadlhandle);
}

static void test_receives(void)
{
	struct vmpacket_descriptor desc;

	desc = receive(0, 1024, 10, 2);
	expect(desc.len8 == 10 && desc.offset8 == 2, "good one", desc.len8);
	desc = receive(65528, 1016, 128, 3);
	expect(desc.len8 == 128 && desc.offset8 == 3, "at the end", desc.len8);
	desc = receive(65528, 1016, 129, 3);
	expect(desc.len8 == 128, "longer than what is there", desc.len8);
	desc = receive(0, 1024, 1, 2);
	expect(desc.len8 == 128, "shorter than its header", desc.len8);
	desc = receive(0, 1024, 10, 11);
	expect(desc.offset8 == 2, "begins behind its end", desc.offset8);
	desc = receive(0, 1024, 10, 0);
	expect(desc.offset8 == 2, "begins in its header", desc.offset8);
	desc = receive(4096, 0x80000000, 65535, 2);
	expect(desc.len8 == 8192, "a write index that cannot be", desc.len8);
}

int main(void)
{
	test_sends();
	test_receives();
	test_follows();
	test_connects();
	puts(failed ? "FAILED" : "ok");
	return failed != 0;
}
