/* SPDX-License-Identifier: GPL-2.0 */
/* A conversation with the host: buffers, channels, requests. */
#ifndef _HV_NETVSC_CONN_H
#define _HV_NETVSC_CONN_H

#include <linux/kref.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "buffer.h"
#include "bus.h"
#include "request.h"
#include "rndis_msg.h"
#include "send_buf.h"
#include "shared.h"
#include "../netvsc.h"

/* More there are in no buffer: 16 MiB make 9000 at an MTU of 1500. */
#define NETVSC_SECTIONS_MAX	32768

/* Completions that found the ring full; NAPI leaves the bond its half. */
#define NETVSC_ACKS		32
#define NETVSC_ACKS_NAPI	(NETVSC_ACKS / 2)

/**
 * struct netvsc_acks - completions of in-band messages that wait for room
 * @lock: BH off; guards the rest, and that nothing is sent after @closed
 * @closed: the channel is about to close
 * @tid: ring of them; the host's ids
 * @head: the oldest
 * @num: of them
 */
struct netvsc_acks {
	spinlock_t lock; /* all below */
	bool closed;
	u64 tid[NETVSC_ACKS];
	u32 head;
	u32 num;
};

/**
 * struct netvsc_subchans - sub-channels on their way
 * @node: of those connections to which sub-channels may come
 * @num: so many were asked for: indices 1 to @num
 * @opening: so many are being opened just now
 * @answered: so many have come, for better or worse
 * @seen: by index: the host has offered it
 * @wait: for @opening and @answered
 */
struct netvsc_subchans {
	struct list_head node;
	u32 num;
	u32 opening;
	u32 answered;
	DECLARE_BITMAP(seen, NETVSC_MAX_CHANNELS);
	wait_queue_head_t wait;
};

/**
 * struct netvsc_caps - what the host told of itself while connecting
 * @mac: permanent address
 * @name: that somebody gave the NIC on the host's side, as UTF-8, or empty
 * @max_mtu: bytes, without the Ethernet header
 * @tx_batch: frames in one packet, at most
 * @tx_align: of each of them in there: bytes, a power of two
 * @tx_csum: NETIF_F_* for which the host fills in checksums
 * @tx_csum_udp4: also for UDP over IPv4
 * @tx_csum_udp6: also for UDP over IPv6
 * @tso: NETIF_F_TSO, NETIF_F_TSO6
 * @tso_max: bytes
 * @rsc: the host can coalesce TCP segments
 * @channels: of which the host has receive queues; 1 without RSS
 * @rss_entries: of the table of RSS; 0 without RSS
 * @rss_types: NDIS_HASH_*: what the host can make a hash of
 * @link_up: at the time of the connect
 * @link_speed: units of 100 bit/s
 */
struct netvsc_caps {
	u8 mac[ETH_ALEN];
	char name[IFALIASZ];
	u32 max_mtu;
	u32 tx_batch;
	u32 tx_align;
	netdev_features_t tx_csum;
	bool tx_csum_udp4;
	bool tx_csum_udp6;
	netdev_features_t tso;
	u32 tso_max;
	bool rsc;
	u32 channels;
	u32 rss_entries;
	u32 rss_types;
	bool link_up;
	u32 link_speed;
};

/**
 * struct netvsc_conn - one conversation with the host
 * @ref: nv->conn, conn work's job and each request waiter hold one
 * @nv: outlives the connection
 * @bus: how to reach the host; the KUnit suites bring their own
 * @bus_priv: for @bus
 * @params: what it was built from
 * @version: NVSP_VERSION_*
 * @hash_types: NDIS_HASH_*: what the host makes hashes of for sure. Writer: conn work
 * @recv: the host writes frames and control answers here
 * @send: small frames are copied here
 * @sections: of @send: those that are free
 * @requests: to the host, in flight
 * @asked: the messages of @requests
 * @acks: to the host, which it waits for
 * @caps: of the host
 * @filter: packet filter of the host
 * @filter_unknown: it may have another one. conn work
 * @chan: channels by index; [0] is the primary
 * @num_chans: of them: so many are open, with none missing in between. What
 *	comes behind a gap stays idle
 * @subs: those that the host is about to offer
 * @stuck: the host has not completed what it was sent, and for long
 * @serial: tells this connection from earlier ones of the same device
 * @free_work: frees it in process context, when no reader is left
 */
struct netvsc_conn {
	struct kref ref;
	struct netvsc *nv;
	const struct netvsc_bus_ops *bus;
	void *bus_priv;
	struct netvsc_intent params;
	u32 version;
	u32 hash_types;
	struct netvsc_buffer recv;
	struct netvsc_buffer send;
	/* Senders read @send for each frame, and take @sections from each other. */
	struct netvsc_section_pool sections ____cacheline_aligned_in_smp;
	struct netvsc_requests requests;
	struct netvsc_shared asked;
	struct netvsc_acks acks;
	struct netvsc_caps caps;
	u32 filter;
	bool filter_unknown;
	struct netvsc_chan *chan[NETVSC_MAX_CHANNELS];
	unsigned int num_chans;
	struct netvsc_subchans subs;
	bool stuck;
	u32 serial;
	struct rcu_work free_work;
};

struct netvsc_conn *netvsc_conn_alloc(struct netvsc *nv,
				      const struct netvsc_bus_ops *bus,
				      void *bus_priv,
				      const struct netvsc_intent *params);
int netvsc_conn_open_chan(struct netvsc_chan *chan);
int netvsc_conn_start(struct netvsc_conn *conn);
void netvsc_conn_stop(struct netvsc_conn *conn);
void netvsc_conn_put(struct netvsc_conn *conn);
struct netvsc_conn *netvsc_conn_get(struct netvsc *nv);

/* call.c: RTNL */
int netvsc_call_host(struct netvsc *nv,
		     int (*fn)(struct netvsc_conn *conn, const void *arg),
		     const void *arg);

/* In-band messages are not to be read before some of it is paid. */
static inline bool netvsc_nvsp_owes(const struct netvsc_conn *conn)
{
	return READ_ONCE(conn->acks.num) >= NETVSC_ACKS_NAPI;
}

/* reconnect.c: conn work's jobs */
void netvsc_reconnect_init(struct netvsc *nv, const struct netvsc_bus_ops *bus,
			   void *bus_priv);
struct netvsc_conn *netvsc_connect(struct netvsc *nv);
int netvsc_reconnect(struct netvsc *nv, const struct netvsc_intent *want);
void netvsc_reconnect_wish(struct netvsc *nv);
void netvsc_reconnect_stuck(struct netvsc_conn *conn);
struct netvsc_conn *netvsc_withdraw(struct netvsc *nv);
void netvsc_disconnect(struct netvsc *nv, struct netvsc_conn *conn);

/* nvsp.c: the steps of the handshake, and what the host sends by itself */
int netvsc_nvsp_negotiate(struct netvsc_conn *conn);
int netvsc_nvsp_announce_recv(struct netvsc_conn *conn);
int netvsc_nvsp_announce_send(struct netvsc_conn *conn);
int netvsc_nvsp_ask_subchannels(struct netvsc_conn *conn, u32 num);
void netvsc_nvsp_revoke_recv(struct netvsc_conn *conn);
void netvsc_nvsp_revoke_send(struct netvsc_conn *conn);
int netvsc_nvsp_switch_path(struct netvsc_conn *conn, bool to_vf, u32 seq);
void netvsc_nvsp_inband(struct netvsc_conn *conn, u64 tid, bool wants_answer,
			const void *msg, u32 len);
void netvsc_nvsp_completion(struct netvsc_conn *conn, u64 tid,
			    const void *msg, u32 len);

/* acks.c: what the host waits for; nothing is sent once it is closed */
int netvsc_nvsp_ack(struct netvsc_conn *conn, u64 tid);
bool netvsc_nvsp_pay(struct netvsc_conn *conn);
void netvsc_nvsp_close(struct netvsc_conn *conn);

/* rndis.c: the control client */
int netvsc_rndis_query(struct netvsc_conn *conn, u32 oid, void *out, u32 size,
		       u32 in);
int netvsc_rndis_set(struct netvsc_conn *conn, u32 oid, const void *data,
		     u32 len);
int netvsc_rndis_init(struct netvsc_conn *conn);
void netvsc_rndis_halt(struct netvsc_conn *conn);
int netvsc_rndis_query_caps(struct netvsc_conn *conn);
int netvsc_rndis_query_link(struct netvsc_conn *conn);
int netvsc_rndis_set_offload(struct netvsc_conn *conn);
int netvsc_rndis_set_rsc(struct netvsc_conn *conn, bool on);
int netvsc_rndis_set_filter(struct netvsc_conn *conn, u32 filter);
int netvsc_rndis_set_mac(struct netvsc_conn *conn, const u8 *mac);
int netvsc_rndis_repeat_mac(struct netvsc_conn *conn);
void netvsc_rndis_control(struct netvsc_conn *conn, const void *msg, u32 len);

/* subchan.c */
void netvsc_subchans_init(struct netvsc *nv);
void netvsc_subchans_settle(struct netvsc *nv);
u32 netvsc_subchans_wanted(const struct netvsc_conn *conn);
int netvsc_subchans_open(struct netvsc_conn *conn);
void netvsc_subchans_end(struct netvsc_conn *conn);
void netvsc_subchan_offered(struct vmbus_channel *vmchan);

/* rss.c */
void netvsc_rss_init(struct netvsc_rss *rss);
int netvsc_rss_query(struct netvsc_conn *conn);
int netvsc_rss_start(struct netvsc_conn *conn);
int netvsc_rss_set(struct netvsc_conn *conn, const struct netvsc_rss *rss);
u32 netvsc_rss_channel(const struct netvsc_conn *conn,
		       const struct netvsc_rss *rss, u32 entry);

/* link.c */
void netvsc_link_init(struct netvsc *nv);
void netvsc_link_begin(struct netvsc *nv);
void netvsc_link_set(struct netvsc *nv, const struct netvsc_conn *conn);
void netvsc_link_indicate(struct netvsc *nv, enum netvsc_link_event event);
void netvsc_link_speed(struct netvsc *nv, u32 speed);
void netvsc_link_show_speed(struct netvsc *nv, u32 mbps);
bool netvsc_link_event(struct netvsc_link *link, enum netvsc_link_event event,
		       unsigned long now);
bool netvsc_link_shows(struct netvsc_link *link, unsigned long now,
		       unsigned long *wait);

#endif /* _HV_NETVSC_CONN_H */
