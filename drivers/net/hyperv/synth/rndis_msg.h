/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RNDIS messages, parsed and built. Pure: no kernel state, no locks, no log;
 * builds in user space too. What is parsed is always a copy that the host
 * cannot reach.
 */
#ifndef _HV_NETVSC_RNDIS_MSG_H
#define _HV_NETVSC_RNDIS_MSG_H

#include <linux/types.h>

#include "../wire/rndis.h"

/* What a frame towards the host needs at most: checksum or LSO, VLAN, hash. */
#define RNDIS_TX_PPIS		3
#define RNDIS_TX_HDR_MAX	(sizeof(struct rndis_packet) + \
				 RNDIS_TX_PPIS * sizeof(struct rndis_ppi_u32))

/* A frame with more per-packet info than this is not one of a real host. */
#define RNDIS_RX_PPIS		16
#define RNDIS_RX_PPI_BYTES	512

/* struct rndis_info: has */
#define RNDIS_HAS_CSUM		BIT(0)
#define RNDIS_HAS_LSO		BIT(1)
#define RNDIS_HAS_VLAN		BIT(2)
#define RNDIS_HAS_HASH		BIT(3)
#define RNDIS_HAS_HASH_INFO	BIT(4)
#define RNDIS_HAS_RSC		BIT(5)

/**
 * struct rndis_info - per-packet info of one frame, as on the wire
 * @has: RNDIS_HAS_*, the fields that mean something
 * @csum: RNDIS_TX_CSUM_* or RNDIS_RX_CSUM_*
 * @lso: RNDIS_LSO_*; towards the host only
 * @vlan: RNDIS_8021Q_*
 * @hash: value
 * @hash_info: RNDIS_HASH_*: what @hash was made of; from the host only
 * @rsc: part of a coalesced frame; from the host only
 */
struct rndis_info {
	u32 has;
	u32 csum;
	u32 lso;
	u32 vlan;
	u32 hash;
	u32 hash_info;
	u32 rsc;
};

/**
 * struct rndis_frame - where the parts of a PACKET message are
 * @data_off: bytes from the start of the message
 * @data_len: bytes, at least one
 * @ppi_off: bytes from the start of the message
 * @ppi_len: bytes; 0: there is no per-packet info
 */
struct rndis_frame {
	u32 data_off;
	u32 data_len;
	u32 ppi_off;
	u32 ppi_len;
};

int rndis_parse_hdr(const void *buf, u32 len, struct rndis_hdr *hdr);
int rndis_parse_packet(const struct rndis_packet *pkt, u32 len,
		       struct rndis_frame *frame);
int rndis_parse_ppis(const void *ppis, u32 len, struct rndis_info *info);
int rndis_parse_query_c(const void *msg, u32 len, u32 *status,
			const void **data, u32 *data_len);
int rndis_parse_indicate(const void *msg, u32 len, u32 *status,
			 const void **data, u32 *data_len);

int rndis_build_packet(void *buf, u32 size, u32 data_len,
		       const struct rndis_info *info);
int rndis_build_oid(void *buf, u32 size, u32 type, u32 req_id, u32 oid,
		    const void *data, u32 data_len);
void rndis_build_mac_param(struct rndis_mac_param *param, const u8 *mac);

#endif /* _HV_NETVSC_RNDIS_MSG_H */
