/* SPDX-License-Identifier: GPL-2.0 */
/*
 * NVSP: what guest and host say to each other in VMBus packets.
 *
 * Formats only. Everything is little-endian; VMBus exists on little-endian
 * machines only, so fields are plain integers as in <linux/hyperv.h>.
 */
#ifndef _HV_NETVSC_WIRE_NVSP_H
#define _HV_NETVSC_WIRE_NVSP_H

#include <linux/build_bug.h>
#include <linux/types.h>

/* Protocol versions, in the order in which the hosts got them. */
#define NVSP_VERSION_4		0x00040000U	/* Windows Server 2012 */
#define NVSP_VERSION_5		0x00050000U	/* Windows Server 2012 R2 */
#define NVSP_VERSION_6		0x00060000U	/* Windows Server 2016 */
#define NVSP_VERSION_61		0x00060001U	/* Windows Server 2019 */

enum nvsp_type {
	NVSP_INIT			= 1,
	NVSP_INIT_COMPLETE		= 2,
	NVSP_NDIS_VER			= 100,
	NVSP_RECV_BUF			= 101,
	NVSP_RECV_BUF_COMPLETE		= 102,
	NVSP_REVOKE_RECV_BUF		= 103,
	NVSP_SEND_BUF			= 104,
	NVSP_SEND_BUF_COMPLETE		= 105,
	NVSP_REVOKE_SEND_BUF		= 106,
	NVSP_RNDIS_PKT			= 107,
	NVSP_RNDIS_PKT_COMPLETE		= 108,
	NVSP_NDIS_CONFIG		= 125,
	NVSP_VF_ASSOCIATION		= 128,
	NVSP_SWITCH_DATA_PATH		= 129,
	NVSP_SUBCHANNEL			= 133,
	NVSP_INDIRECTION_TABLE		= 134,
};

/* Values of every "status" field below. */
#define NVSP_STATUS_SUCCESS		1
#define NVSP_STATUS_FAIL		2

/* Version 4 and older announce NDIS 6.1 in NVSP_NDIS_VER, later ones 6.30. */
#define NVSP_NDIS_MAJOR			6
#define NVSP_NDIS_MINOR_V4		1
#define NVSP_NDIS_MINOR_V5		30

/* struct nvsp_ndis_config: caps */
#define NVSP_CAP_SRIOV			BIT_ULL(2)
#define NVSP_CAP_8021Q			BIT_ULL(3)
#define NVSP_CAP_TEAMING		BIT_ULL(5)
#define NVSP_CAP_RSC			BIT_ULL(7)

/* Names of the two buffers, free for the guest to choose. */
#define NVSP_RECV_BUF_ID		0xcafe
#define NVSP_SEND_BUF_ID		0

/* struct nvsp_rndis_pkt: channel_type, section_index */
#define NVSP_CHANNEL_DATA		0
#define NVSP_CHANNEL_CONTROL		1
#define NVSP_SECTION_NONE		0xffffffffU

/* struct nvsp_switch_path: path */
#define NVSP_PATH_SYNTHETIC		0
#define NVSP_PATH_VF			1

#define NVSP_SUBCHANNEL_ALLOCATE	1
#define NVSP_INDIRECTION_ENTRIES	16

struct nvsp_init {
	u32 min_version;
	u32 max_version;
} __packed;

struct nvsp_init_complete {
	u32 version;		/* meaningless since version 2 */
	u32 max_mdl_chain;
	u32 status;
} __packed;

struct nvsp_ndis_ver {
	u32 major;
	u32 minor;
} __packed;

struct nvsp_ndis_config {
	u32 mtu;		/* bytes, with the 14 of the Ethernet header */
	u32 reserved;
	u64 caps;		/* NVSP_CAP_* */
} __packed;

struct nvsp_buf {		/* NVSP_RECV_BUF, NVSP_SEND_BUF */
	u32 gpadl;
	u16 id;
	u16 reserved;
} __packed;

struct nvsp_recv_buf_complete {
	u32 status;
	u32 num_sections;	/* 1, and just one section follows */
	u32 offset;		/* 0 */
	u32 sub_alloc_size;	/* bytes */
	u32 num_sub_allocs;
	u32 end_offset;
} __packed;

struct nvsp_send_buf_complete {
	u32 status;
	u32 section_size;	/* bytes */
} __packed;

struct nvsp_revoke_buf {
	u16 id;
} __packed;

struct nvsp_rndis_pkt {
	u32 channel_type;
	u32 section_index;	/* NVSP_SECTION_NONE, or where the message is */
	u32 section_size;	/* bytes used in that section */
} __packed;

struct nvsp_status {		/* NVSP_RNDIS_PKT_COMPLETE */
	u32 status;
} __packed;

struct nvsp_vf_association {
	u32 allocated;
	u32 serial;		/* of the VF: the name of its PCI slot */
} __packed;

struct nvsp_switch_path {
	u32 path;
} __packed;

struct nvsp_subchannel {
	u32 op;
	u32 count;
} __packed;

struct nvsp_subchannel_complete {
	u32 status;
	u32 count;
} __packed;

struct nvsp_indirection {
	u32 count;		/* NVSP_INDIRECTION_ENTRIES */
	u32 offset;		/* of the table, from the start of the message */
} __packed;

/*
 * One message. The guest always sends all 40 bytes, zero where there is no
 * field, except for NVSP_RNDIS_PKT_COMPLETE (struct nvsp_pkt_complete).
 */
struct nvsp_msg {
	u32 type;
	union {
		struct nvsp_init init;
		struct nvsp_init_complete init_complete;
		struct nvsp_ndis_ver ndis_ver;
		struct nvsp_ndis_config ndis_config;
		struct nvsp_buf buf;
		struct nvsp_recv_buf_complete recv_buf_complete;
		struct nvsp_send_buf_complete send_buf_complete;
		struct nvsp_revoke_buf revoke_buf;
		struct nvsp_rndis_pkt rndis_pkt;
		struct nvsp_status rndis_pkt_complete;
		struct nvsp_vf_association vf_association;
		struct nvsp_switch_path switch_path;
		struct nvsp_subchannel subchannel;
		struct nvsp_subchannel_complete subchannel_complete;
		struct nvsp_indirection indirection;
		u8 body[36];
	};
} __packed;

struct nvsp_pkt_complete {
	u32 type;
	u32 status;
} __packed;

static_assert(sizeof(struct nvsp_msg) == 40);
static_assert(sizeof(struct nvsp_pkt_complete) == 8);
static_assert(offsetof(struct nvsp_msg, ndis_config.caps) == 12);
static_assert(offsetofend(struct nvsp_msg, recv_buf_complete) == 28);
static_assert(offsetofend(struct nvsp_msg, revoke_buf) == 6);

#endif /* _HV_NETVSC_WIRE_NVSP_H */
