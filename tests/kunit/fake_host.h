/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bus in memory with a small host behind it, for the suites of the
 * handshake.
 *
 * The host is written from the wire reference, by byte offsets: it does not
 * know the driver's own formats, so one error cannot cancel another. It reads
 * and answers in a work item, so that the driver really waits. What the
 * driver does against the rules fails the test on the spot.
 */
#ifndef _HV_NETVSC_FAKE_HOST_H
#define _HV_NETVSC_FAKE_HOST_H

#include <kunit/test.h>
#include <linux/list.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/unaligned.h>
#include <linux/workqueue.h>

#include "netvsc.h"
#include "synth/bus.h"
#include "synth/conn.h"
#include "vf/vf.h"

/*
 * Not what a stack has, see fake_is_allocated(), nor so much that the driver would
 * try with less.
 */
#if PAGE_SHIFT < 16
#define FAKE_RECV_BYTES		(5 * PAGE_SIZE)
#else
#define FAKE_RECV_BYTES		(4 * PAGE_SIZE)
#endif
#define FAKE_SEND_BYTES		(3 * PAGE_SIZE)
#define FAKE_MORE_BYTES		(15 * PAGE_SIZE) /* after ethtool -G */
#define FAKE_HALF_BYTES		SZ_512K	/* where there is no memory for more */
#define FAKE_RECV_SECTION	1806
#define FAKE_SEND_SECTION	6144
#define FAKE_MTU		1500
#define FAKE_NAME		"B\xfcro 2"	/* two bytes in UTF-8 */
#define FAKE_LINK_SPEED		400000000U	/* 40 Gbit/s */
#define FAKE_LSO_MAX		62780U

#define OID_FRAME_SIZE		0x00010106U
#define OID_LINK_SPEED		0x00010107U
#define OID_RSS_CAPS		0x00010203U
#define OID_RSS_PARAMS		0x00010204U
#define OID_FILTER		0x0001010eU
#define OID_CONFIG_PARAM	0x0001021bU
#define OID_CONNECT_STATUS	0x00010114U
#define OID_MAC			0x01010101U
#define OID_NAME		0x00020216U
#define OID_OFFLOAD_PARAMS	0xfc01020cU
#define OID_OFFLOAD_CAPS	0xfc01020dU

#define FAKE_CHANNELS		4	/* with the primary, if nobody says more */
#define FAKE_RSS_ENTRIES	8

#define FAKE_EVENTS		256
#define FAKE_BASES		256U
#define FAKE_ANSWER_BYTES	256

/* The driver's side of the bus, one letter for each kind of event. */
struct fake_event {
	char what;	/* e t o O c: establish, teardown, open, open a
			 * sub-channel, close;
			 * n: NVSP; i h q s: RNDIS INIT, HALT, query, set
			 */
	u32 value;	/* bytes, index, NVSP type or OID */
};

enum fake_reply {
	FAKE_NVSP,		/* a completion that is an answer */
	FAKE_TAKEN,		/* 108: the control message was read */
	FAKE_RNDIS,		/* the answer to a control message */
};

/* What goes wrong with one answer. */
enum fake_fault_kind {
	FAKE_ALL_WELL,
	FAKE_SILENT,		/* it does not come; the device goes away */
	FAKE_LATE,		/* it comes when the wait is over */
	FAKE_TWICE,
	FAKE_OTHER_TYPE,	/* it is of another type, and the only one */
	FAKE_OTHER_FIRST,	/* one of another type comes before it */
	FAKE_CUT,		/* only the first @len bytes of it */
	FAKE_LIES,		/* @len bytes, but it says it has them all */
	FAKE_REFUSE,		/* it says no */
	FAKE_ALTER,		/* it has @value at byte @off */
};

/**
 * struct fake_fault - which answer, and what is wrong with it
 * @kind: FAKE_ALL_WELL: nothing
 * @at: the number of the answer, from 1; 0: the one that follows
 * @reply: of this kind
 * @asked: to this NVSP type, or OID; 0 for RNDIS INIT
 * @len: see FAKE_CUT, FAKE_LIES
 * @off: see FAKE_ALTER
 * @value: see FAKE_ALTER
 */
struct fake_fault {
	enum fake_fault_kind kind;
	unsigned int at;
	enum fake_reply reply;
	u32 asked;
	u32 len;
	u32 off;
	u32 value;
};

/* An answer in the making. */
struct fake_answer {
	enum fake_reply reply;
	u32 asked;
	u64 tid;
	u32 len;
	u8 msg[FAKE_ANSWER_BYTES];
};

/* A message that the host has not read yet. */
struct fake_packet {
	struct list_head node;
	bool control;
	bool wants_answer;
	u64 tid;
	u32 len;
	const void *at;		/* control: in the driver's memory */
	u8 msg[40];
};

struct fake_gpadl {
	void *base;
	u32 bytes;
	u32 id;			/* NVSP name: what 101 and 104 called it */
	bool live;
	bool announced;
	bool stuck;		/* its teardown failed */
};

/**
 * struct fake_rss - as the driver wants it
 * @sets: how often it said so
 * @on: frames are spread
 * @types: of hashes
 * @table: channels, as many as the host has entries
 * @key: of the hash
 */
struct fake_rss {
	unsigned int sets;
	bool on;
	u32 types;
	u32 table[NETVSC_RSS_ENTRIES];
	u8 key[40];
};

/**
 * struct fake_host - the bus, the host, and what they saw
 * @test: that fails if the driver breaks a rule
 * @nv: the device
 * @conn: the connection that talks
 * @base: memory that ever had a GPADL, and is the driver's to free
 * @num_bases: of them
 * @channels: of the host, with the primary
 * @vmchan: of the bus, by index; [0] is that of @nv
 * @hidden: their rings while they are closed
 * @at: whose rings fake_ring_*() are about
 *
 * The script:
 * @max_version: of NVSP
 * @fail_op: the number of the operation that fails, from 1; 0: none does
 * @fail_err: with this; -ENODEV: and so does every later one
 * @stuck_teardown: the number of the teardown that fails, from 1
 * @decrypted: the number of the establish that fails with @fail_err, from 1, and
 *	leaves memory that others see
 * @fault: one answer that goes wrong
 * @stays: a fault does not make the device go away: the driver waits on
 * @full: the ring takes no completion
 * @no_memory: for a buffer of more than FAKE_HALF_BYTES
 * @any_mtu: the driver may say another MTU than FAKE_MTU
 * @max_mtu: the largest that it takes, if not FAKE_MTU
 * @slow: a switch of the data path is not done before fake_host_switches()
 * @grants: so many of the sub-channels that were asked for; 0: all
 * @offers: so many of those; 0: all; -1: none
 * @first_offer: comes ahead of them, if it is not 0: of no use to the driver
 * @late_offer: that one cannot be opened any more
 * @skip_offer: that one does not come, and all others do; 0: they all do
 * @no_room: so many opens of a channel find no memory for rings
 * @no_room_from: nor do those of channels from this index on, if it is not 0, but
 *	for rings of @room bytes
 * @name: of the NIC, in Latin-1; NULL: it has none
 * @rss_flags: what the hash can be made of
 * @rss_entries: of the table; 0: it does not say
 * @chatter: called before each answer, as if the host spoke by itself
 *
 * What happened:
 * @polling: NAPI has used up its budget, and is to be called again
 * @ops: operations so far
 * @failed: the operation that @fail_op named
 * @answers: answers so far
 * @hit: the answer that @fault named
 * @event: what the driver did, in order
 * @num_events: of them
 * @establishes: tried so far
 * @seen: memory that @decrypted named; the test frees it
 * @completed: completions by the driver
 * @completed_tid: of the last of them
 * @vf_switches: requests for a switch of the data path
 * @asked_path: by the last of them
 * @switch_tid: to answer it by
 *
 * The state, as the host sees it:
 * @path: of the data: 0 synthetic, 1 VF
 * @path_at: jiffies, when that was switched
 * @conn_serial: of the connection that talks or talked last
 * @version: agreed on, or 0
 * @asked_version: last
 * @configured: 125 and 100 came
 * @rndis_up: between INIT_C and HALT
 * @filter: of packets
 * @rsc: of TCP segments: 1 off, 2 on
 * @offload_sets: how often it was told
 * @mac: as the guest wants it
 * @mac_sets: how often it said so
 * @expecting: sub-channels may be offered
 * @sub_open: by index: sub-channels that are open
 * @ring_bytes: by index: of the rings that were asked for last
 * @rss: of received frames
 * @gpadl: receive buffer, send buffer
 * @num_gpadls: of this connection so far
 * @teardowns: of them
 * @open: the channel
 * @gone: rescinded
 * @late: held back by FAKE_LATE
 *
 * @lock: guards @open and @queue
 * @queue: struct fake_packet, to be read by the host
 * @work: the host
 */
struct fake_host {
	struct kunit *test;
	struct netvsc *nv;
	struct netvsc_conn *conn;
	void *base[FAKE_BASES];
	unsigned int num_bases;
	u32 channels;
	struct vmbus_channel *vmchan[NETVSC_MAX_CHANNELS];
	struct hv_ring_buffer *hidden[NETVSC_MAX_CHANNELS][2];
	unsigned int at;

	u32 max_version;	/* from here on reset() begins anew */
	unsigned int fail_op;
	int fail_err;
	unsigned int stuck_teardown;
	unsigned int decrypted;
	struct fake_fault fault;
	bool stays;
	bool full;
	bool no_memory;
	bool any_mtu;
	u32 max_mtu;
	bool slow;
	u32 grants;
	int offers;
	u16 first_offer;
	bool late_offer;
	u16 skip_offer;
	unsigned int no_room;
	u16 no_room_from;
	u32 room;
	const char *name;
	u32 rss_flags;
	u16 rss_entries;
	void (*chatter)(struct fake_host *h);

	bool polling;
	unsigned int ops;
	struct fake_event failed;
	unsigned int answers;
	struct fake_answer *hit;
	struct fake_event event[FAKE_EVENTS];
	unsigned int num_events;
	unsigned int establishes;
	void *seen;
	unsigned int completed;
	u64 completed_tid;
	unsigned int vf_switches;
	u32 asked_path;
	u64 switch_tid;

	u32 path;
	unsigned long path_at;
	u32 conn_serial;
	u32 version;
	u32 asked_version;
	unsigned int configured;
	bool rndis_up;
	u32 filter;
	u8 rsc;
	unsigned int offload_sets;
	u8 mac[ETH_ALEN];
	unsigned int mac_sets;
	bool expecting;
	u64 sub_open;
	u32 ring_bytes[NETVSC_MAX_CHANNELS];
	struct fake_rss rss;
	struct fake_gpadl gpadl[2];
	unsigned int num_gpadls;
	unsigned int teardowns;
	bool open;
	bool gone;
	struct fake_answer *late;

	spinlock_t lock; /* open, queue */
	struct list_head queue;
	struct work_struct work;
};

/* fake_bus.c */
extern const struct netvsc_bus_ops fake_bus_ops;
void fake_host_reset(struct fake_host *h, u32 max_version);
struct netvsc_conn *fake_conn_new(struct fake_host *h);
void fake_conn_end(struct fake_host *h, struct netvsc_conn *conn);
bool fake_is_allocated(const void *base);
void fake_host_expect_freed(struct fake_host *h);
void fake_host_says(struct fake_host *h, u64 tid, bool wants_answer,
		    const void *msg, u32 len);
void fake_host_completes(struct fake_host *h, u64 tid, const void *msg,
			 u32 len);

/* fake_device.c */
struct fake_host *fake_host_new(struct kunit *test);
struct fake_host *fake_host_new_channels(struct kunit *test, u32 channels);
void fake_host_free(struct fake_host *h);
unsigned int fake_host_opened(const struct fake_host *h);
int fake_host_change(struct netvsc *nv, u32 channels);
void fake_host_offers(struct fake_host *h, u16 index);
void fake_host_expect_channels(struct fake_host *h,
			       const struct netvsc_conn *conn,
			       unsigned int num);

/* fake_host.c */
void fake_host_switches(struct fake_host *h);
void fake_host_read(struct fake_host *h, const struct fake_packet *pkt);
void fake_host_deliver(struct fake_host *h, const struct fake_answer *a);

#define FAKE_COUNT(h, name)	atomic_long_read(&(h)->nv->counters.name)

static inline u32 fake_u32(const void *msg, u32 off)
{
	return get_unaligned_le32(msg + off);
}

static inline void fake_put(void *msg, u32 off, u32 value)
{
	put_unaligned_le32(value, msg + off);
}

#endif /* _HV_NETVSC_FAKE_HOST_H */
