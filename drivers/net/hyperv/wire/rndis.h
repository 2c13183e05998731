/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RNDIS as a Hyper-V NIC speaks it (MS-RNDIS with NDIS 6 objects).
 *
 * Formats only; numbers that are in <linux/rndis.h> are used from there.
 * Offset fields of messages count from byte 8 of the message, those of
 * per-packet info and NDIS objects from the start of the element or object.
 */
#ifndef _HV_NETVSC_WIRE_RNDIS_H
#define _HV_NETVSC_WIRE_RNDIS_H

#include <linux/build_bug.h>
#include <linux/rndis.h>
#include <linux/types.h>

/* Offsets in a message count from here. */
#define RNDIS_BODY			8

struct rndis_hdr {
	u32 type;		/* RNDIS_MSG_* */
	u32 len;		/* bytes, of the whole message */
} __packed;

struct rndis_init {
	struct rndis_hdr hdr;
	u32 req_id;
	u32 major;
	u32 minor;
	u32 max_xfer;		/* bytes */
} __packed;

/* Of a real host these are 8 frames at multiples of 8 bytes. */
#define RNDIS_BATCH_MAX		64U
#define RNDIS_ALIGN_MAX		8	/* log2 of bytes */

struct rndis_init_c {
	struct rndis_hdr hdr;
	u32 req_id;
	u32 status;
	u32 major;
	u32 minor;
	u32 dev_flags;
	u32 medium;
	u32 max_pkts;		/* messages in one transfer */
	u32 max_xfer;		/* bytes */
	u32 align;		/* log2 of bytes */
	u32 af_off;
	u32 af_size;
} __packed;

struct rndis_halt {
	struct rndis_hdr hdr;
	u32 req_id;
} __packed;

struct rndis_oid_req {		/* RNDIS_MSG_QUERY, RNDIS_MSG_SET */
	struct rndis_hdr hdr;
	u32 req_id;
	u32 oid;
	u32 len;		/* bytes of data */
	u32 off;		/* 20: hosts read behind this header anyway */
	u32 vc;
} __packed;

struct rndis_query_c {
	struct rndis_hdr hdr;
	u32 req_id;
	u32 status;
	u32 len;
	u32 off;
} __packed;

struct rndis_set_c {
	struct rndis_hdr hdr;
	u32 req_id;
	u32 status;
} __packed;

struct rndis_indicate {
	struct rndis_hdr hdr;
	u32 status;
	u32 len;
	u32 off;
} __packed;

struct rndis_packet {
	struct rndis_hdr hdr;
	u32 data_off;
	u32 data_len;
	u32 oob_off;
	u32 oob_len;
	u32 oob_num;
	u32 ppi_off;
	u32 ppi_len;
	u32 vc;
	u32 reserved;
} __packed;

static_assert(sizeof(struct rndis_init) == 24);
static_assert(sizeof(struct rndis_init_c) == 52);
static_assert(sizeof(struct rndis_oid_req) == 28);
static_assert(sizeof(struct rndis_query_c) == 24);
static_assert(sizeof(struct rndis_indicate) == 20);
static_assert(sizeof(struct rndis_packet) == 44);

/* RNDIS_OID_GEN_RNDIS_CONFIG_PARAMETER: a name and its value. */
struct rndis_config_param {
	u32 name_off;		/* from here */
	u32 name_len;
	u32 type;		/* RNDIS_CONFIG_* */
	u32 value_off;		/* from here */
	u32 value_len;
} __packed;

#define RNDIS_CONFIG_STRING		2	/* UTF-16, no NUL at its end */

struct rndis_mac_param {
	struct rndis_config_param hdr;
	u16 name[14];		/* "NetworkAddress" */
	u16 value[12];		/* hexadecimal digits */
} __packed;

static_assert(sizeof(struct rndis_mac_param) == 72);

/* Largest transfer that the guest announces in RNDIS_MSG_INIT. */
#define RNDIS_MAX_XFER			0x4000

/* Per-packet info: one element. Every kind in use carries one u32. */
struct rndis_ppi {
	u32 size;		/* bytes, of the element with its data */
	u32 type;		/* RNDIS_PPI_*; bit 31: internal */
	u32 data_off;
} __packed;

struct rndis_ppi_u32 {
	struct rndis_ppi hdr;
	u32 value;
} __packed;

static_assert(sizeof(struct rndis_ppi_u32) == 16);

#define RNDIS_PPI_CSUM			0
#define RNDIS_PPI_LSO			2
#define RNDIS_PPI_8021Q			6
#define RNDIS_PPI_HASH			8
#define RNDIS_PPI_HASH_INFO		9	/* what the hash is of */
#define RNDIS_PPI_INTERNAL		BIT(31)
#define RNDIS_PPI_RSC			(RNDIS_PPI_INTERNAL | 1)

/* RNDIS_PPI_CSUM towards the host */
#define RNDIS_TX_CSUM_IPV4		BIT(0)
#define RNDIS_TX_CSUM_IPV6		BIT(1)
#define RNDIS_TX_CSUM_TCP		BIT(2)
#define RNDIS_TX_CSUM_UDP		BIT(3)
#define RNDIS_TX_CSUM_L4_OFF		GENMASK(25, 16)	/* from the frame's start */

/* RNDIS_PPI_CSUM towards the guest */
#define RNDIS_RX_CSUM_TCP_OK		BIT(3)
#define RNDIS_RX_CSUM_UDP_OK		BIT(4)
#define RNDIS_RX_CSUM_IP_OK		BIT(5)
#define RNDIS_RX_CSUM_L4_STALE		BIT(7)	/* that in the frame is not it */
#define RNDIS_RX_CSUM_IP_STALE		BIT(8)
#define RNDIS_RX_CSUM_STALE		(RNDIS_RX_CSUM_L4_STALE | \
					 RNDIS_RX_CSUM_IP_STALE)

/* RNDIS_PPI_LSO, version 2 */
#define RNDIS_LSO_MSS			GENMASK(19, 0)
#define RNDIS_LSO_TCP_OFF		GENMASK(29, 20)	/* from the frame's start */
#define RNDIS_LSO_V2			BIT(30)
#define RNDIS_LSO_IPV6			BIT(31)

/* RNDIS_PPI_8021Q */
#define RNDIS_8021Q_PRIO		GENMASK(2, 0)
#define RNDIS_8021Q_DEI			BIT(3)
#define RNDIS_8021Q_VID			GENMASK(15, 4)

/* RNDIS_PPI_RSC */
#define RNDIS_RSC_FRAGMENT		BIT(8)
#define RNDIS_RSC_FIRST			BIT(9)
#define RNDIS_RSC_LAST			BIT(10)

/*
 * RNDIS_PPI_HASH_INFO: TCP over IPv4, IPv6, IPv6 with extensions, then UDP
 * over the same: hashes that cover ports.
 */
#define RNDIS_HASH_L4			(BIT(9) | BIT(12) | BIT(13) | \
					 GENMASK(16, 14))

/* OIDs that <linux/rndis.h> does not have */
#define RNDIS_OID_OFFLOAD_HW_CAPS	0xfc01020dU
#define RNDIS_OID_OFFLOAD_PARAMETERS	0xfc01020cU
#define RNDIS_OID_GEN_RSS_CAPABILITIES	0x00010203U
#define RNDIS_OID_GEN_RSS_PARAMETERS	0x00010204U
#define RNDIS_OID_FRIENDLY_NAME		0x00020216U

/* Every NDIS object begins with this. */
struct ndis_object {
	u8 type;
	u8 rev;
	u16 size;		/* bytes */
} __packed;

#define NDIS_TYPE_OFFLOAD		0xa7
#define NDIS_TYPE_OFFLOAD_PARAMETERS	0x80

#define NDIS_OFFLOAD_REV		3
#define NDIS_OFFLOAD_SIZE_V4		144	/* up to NVSP 4 */
#define NDIS_OFFLOAD_SIZE_MIN		112	/* revision 1 */

struct ndis_csum_caps {
	u32 encap;
	u32 bits;
} __packed;

struct ndis_offload {
	struct ndis_object hdr;
	struct ndis_csum_caps ip4_tx;
	struct ndis_csum_caps ip4_rx;
	struct ndis_csum_caps ip6_tx;
	struct ndis_csum_caps ip6_rx;
	u8 lso1[16];
	u8 ipsec1[28];
	u32 lso4_encap;
	u32 lso4_max;		/* bytes */
	u32 lso4_min_segs;
	u32 lso6_encap;
	u32 lso6_max;		/* bytes */
	u32 lso6_min_segs;
	u32 lso6_opts;
	u32 flags;
	u8 ipsec2[32];		/* revision 2 */
	u8 rsc4;		/* revision 3 */
	u8 rsc6;
	u8 reserved[2];
	u8 gre[8];
} __packed;

static_assert(sizeof(struct ndis_offload) == 156);
static_assert(offsetof(struct ndis_offload, lso4_encap) == 80);
static_assert(offsetof(struct ndis_offload, rsc4) == 144);

#define NDIS_ENCAP_8023			BIT(1)
/* ndis_csum_caps.bits: the IPv4 ones, then those that IPv6 numbers anew */
#define NDIS_CSUM_TCP_OPT		BIT(2)
#define NDIS_CSUM_TCP			BIT(4)
#define NDIS_CSUM_UDP			BIT(6)
#define NDIS_CSUM_IP6_EXT		BIT(0)
/* ndis_offload.lso6_opts */
#define NDIS_LSO6_EXT			BIT(0)
#define NDIS_LSO6_TCP_OPT		BIT(2)

struct ndis_offload_params {
	struct ndis_object hdr;
	u8 ip4_csum;		/* NDIS_CSUM_* below */
	u8 tcp4_csum;
	u8 udp4_csum;
	u8 tcp6_csum;
	u8 udp6_csum;
	u8 lso1;		/* NDIS_PARAM_* below */
	u8 ipsec1;
	u8 lso4;
	u8 lso6;
	u8 conn4;
	u8 conn6;
	u8 reserved;
	u32 flags;
	u8 ipsec2[2];
	u8 rsc4;
	u8 rsc6;
	u8 encap[2];
	u8 pad[2];
} __packed;

static_assert(sizeof(struct ndis_offload_params) == 28);
static_assert(offsetof(struct ndis_offload_params, rsc4) == 22);
#define NDIS_OFFLOAD_PARAMS_SIZE_V4	22	/* up to NVSP 4 */

#define NDIS_TYPE_RSS_CAPS		0x88
#define NDIS_TYPE_RSS_PARAMETERS	0x89
#define NDIS_RSS_REV			2

struct ndis_rss_caps {
	struct ndis_object hdr;
	u32 flags;		/* NDIS_RSS_CAN_* */
	u32 interrupts;
	u32 queues;		/* with that of the primary channel */
	u16 entries;		/* of the table */
} __packed;

static_assert(sizeof(struct ndis_rss_caps) == 18);

#define NDIS_RSS_CAN_UDP4		BIT(11)
#define NDIS_RSS_CAN_UDP6		BIT(12)

/* A table of channels, 32 bits each, and the key follow. */
struct ndis_rss_params {
	struct ndis_object hdr;
	u16 flags;		/* NDIS_RSS_OFF */
	u16 base_cpu;
	u32 hash;		/* NDIS_HASH_* */
	u16 table_bytes;
	u16 pad1;
	u32 table_off;		/* from the start of this */
	u16 key_bytes;
	u16 pad2;
	u32 key_off;
	u32 cpu_mask[3];
} __packed;

static_assert(sizeof(struct ndis_rss_params) == 40);
static_assert(offsetof(struct ndis_rss_params, key_off) == 24);

#define NDIS_RSS_OFF			BIT(4)

/* The function, and what it is given of a packet */
#define NDIS_HASH_TOEPLITZ		BIT(0)
#define NDIS_HASH_IPV4			BIT(8)
#define NDIS_HASH_TCP_IPV4		BIT(9)
#define NDIS_HASH_IPV6			BIT(10)
#define NDIS_HASH_TCP_IPV6		BIT(12)
#define NDIS_HASH_UDP_IPV4		BIT(14)
#define NDIS_HASH_UDP_IPV6		BIT(15)

#define NDIS_CSUM_KEEP			0
#define NDIS_CSUM_OFF			1
#define NDIS_CSUM_RX			3
#define NDIS_CSUM_BOTH			4
#define NDIS_PARAM_KEEP			0
#define NDIS_PARAM_OFF			1
#define NDIS_PARAM_ON			2

#endif /* _HV_NETVSC_WIRE_RNDIS_H */
