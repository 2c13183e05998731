// SPDX-License-Identifier: GPL-2.0
/*
 * RNDIS messages, parsed and built.
 *
 * Every length and offset comes from the other side: sums are made only of
 * what was compared before, so that none can overflow.
 */
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "rndis_msg.h"

/* Is [@off, @off + @size) inside of [@from, @to)? */
static bool rndis_inside(u32 off, u32 size, u32 from, u32 to)
{
	return off >= from && off <= to && size <= to - off;
}

/**
 * rndis_parse_hdr() - what message is it, and how long
 * @buf: a copy of the message
 * @len: bytes at @buf
 * @hdr: filled in on success
 *
 * Return: 0; -EBADMSG if it is cut short.
 */
int rndis_parse_hdr(const void *buf, u32 len, struct rndis_hdr *hdr)
{
	struct rndis_hdr h;

	if (len < sizeof(h))
		return -EBADMSG;
	memcpy(&h, buf, sizeof(h));
	if (h.len < sizeof(h) || h.len > len)
		return -EBADMSG;

	*hdr = h;
	return 0;
}

/**
 * rndis_parse_packet() - where are the parts of a frame's message
 * @pkt: a copy of the message's header
 * @len: bytes of the whole message, as the transfer says
 * @frame: filled in on success; everything in it is inside of @len
 *
 * Return: 0; -EBADMSG if the message is cut short or not a PACKET; -EINVAL if
 * a part is outside of it; -E2BIG if the per-packet info is larger than
 * RNDIS_RX_PPI_BYTES.
 */
int rndis_parse_packet(const struct rndis_packet *pkt, u32 len,
		       struct rndis_frame *frame)
{
	const u32 body = len - RNDIS_BODY;
	const u32 first = sizeof(*pkt) - RNDIS_BODY;

	if (len < sizeof(*pkt) || pkt->hdr.type != RNDIS_MSG_PACKET ||
	    pkt->hdr.len < sizeof(*pkt) || pkt->hdr.len > len)
		return -EBADMSG;

	if (!pkt->data_len ||
	    !rndis_inside(pkt->data_off, pkt->data_len, first, body))
		return -EINVAL;
	if (pkt->ppi_len > RNDIS_RX_PPI_BYTES)
		return -E2BIG;
	/* A frame without info may say anything about where it would be. */
	if (pkt->ppi_len &&
	    !rndis_inside(pkt->ppi_off, pkt->ppi_len, first, body))
		return -EINVAL;

	frame->data_off = pkt->data_off + RNDIS_BODY;
	frame->data_len = pkt->data_len;
	frame->ppi_len = pkt->ppi_len;
	frame->ppi_off = pkt->ppi_len ? pkt->ppi_off + RNDIS_BODY : 0;
	return 0;
}

/* Where @info keeps an element of this @type; NULL: nobody here reads it. */
static u32 *rndis_info_field(struct rndis_info *info, u32 type, u32 *has)
{
	switch (type) {
	case RNDIS_PPI_CSUM:
		*has = RNDIS_HAS_CSUM;
		return &info->csum;
	case RNDIS_PPI_8021Q:
		*has = RNDIS_HAS_VLAN;
		return &info->vlan;
	case RNDIS_PPI_HASH:
		*has = RNDIS_HAS_HASH;
		return &info->hash;
	case RNDIS_PPI_HASH_INFO:
		*has = RNDIS_HAS_HASH_INFO;
		return &info->hash_info;
	case RNDIS_PPI_RSC:
		*has = RNDIS_HAS_RSC;
		return &info->rsc;
	default:
		return NULL;
	}
}

/**
 * rndis_parse_ppis() - read the per-packet info of a frame
 * @ppis: a copy of all elements
 * @len: bytes at @ppis; 0 is fine
 * @info: filled in; on failure its content means nothing
 *
 * Elements of unknown types are passed over; they must be well-formed all the
 * same, as the next one is found by their size.
 *
 * Return: 0; -EBADMSG if an element is cut short, -EINVAL if its size or
 * offset cannot be, -E2BIG if there are more than RNDIS_RX_PPIS.
 */
int rndis_parse_ppis(const void *ppis, u32 len, struct rndis_info *info)
{
	u32 count = 0;

	info->has = 0;
	while (len) {
		struct rndis_ppi ppi;
		u32 has = 0;
		u32 *field;

		if (len < sizeof(ppi))
			return -EBADMSG;
		if (++count > RNDIS_RX_PPIS)
			return -E2BIG;
		memcpy(&ppi, ppis, sizeof(ppi));
		if (ppi.size > len)
			return -EBADMSG;
		/* This also refuses sizes that would not lead any further. */
		if (!rndis_inside(ppi.data_off, 0, sizeof(ppi), ppi.size))
			return -EINVAL;

		field = rndis_info_field(info, ppi.type, &has);
		if (field) {
			if (ppi.size - ppi.data_off < sizeof(*field))
				return -EINVAL;
			memcpy(field, ppis + ppi.data_off, sizeof(*field));
			info->has |= has;
		}
		ppis += ppi.size;
		len -= ppi.size;
	}
	return 0;
}

/* The data of a message whose own header is @size bytes long. */
static int rndis_find_data(const void *msg, u32 len, u32 size, u32 off,
			   u32 data_len, const void **data)
{
	/* Without data its offset is of no interest: hosts differ in it. */
	if (!data_len)
		off = size - RNDIS_BODY;
	if (!rndis_inside(off, data_len, size - RNDIS_BODY, len - RNDIS_BODY))
		return -EINVAL;

	*data = msg + RNDIS_BODY + off;
	return 0;
}

/**
 * rndis_parse_query_c() - the answer to a query
 * @msg: a copy of the message
 * @len: bytes at @msg
 * @status: RNDIS_STATUS_*
 * @data: inside of @msg, not aligned
 * @data_len: bytes at @data
 *
 * Return: 0; -EBADMSG if it is cut short; -EINVAL if the data is outside.
 */
int rndis_parse_query_c(const void *msg, u32 len, u32 *status,
			const void **data, u32 *data_len)
{
	struct rndis_query_c c;

	if (len < sizeof(c))
		return -EBADMSG;
	memcpy(&c, msg, sizeof(c));

	*status = c.status;
	*data_len = c.len;
	return rndis_find_data(msg, len, sizeof(c), c.off, c.len, data);
}

/**
 * rndis_parse_indicate() - the host tells of a change
 * @msg: a copy of the message
 * @len: bytes at @msg, as the transfer says: the message's own length leaves
 *	out the data on old hosts
 * @status: RNDIS_STATUS_*
 * @data: inside of @msg, not aligned
 * @data_len: bytes at @data
 *
 * Return: 0; -EBADMSG if it is cut short; -EINVAL if the data is outside.
 */
int rndis_parse_indicate(const void *msg, u32 len, u32 *status,
			 const void **data, u32 *data_len)
{
	struct rndis_indicate ind;

	if (len < sizeof(ind))
		return -EBADMSG;
	memcpy(&ind, msg, sizeof(ind));

	*status = ind.status;
	*data_len = ind.len;
	return rndis_find_data(msg, len, sizeof(ind), ind.off, ind.len, data);
}

static struct rndis_ppi_u32 *rndis_put_ppi(struct rndis_ppi_u32 *ppi, u32 type,
					   u32 value)
{
	*ppi = (struct rndis_ppi_u32) {
		.hdr = {
			.size = sizeof(*ppi),
			.type = type,
			.data_off = sizeof(ppi->hdr),
		},
		.value = value,
	};
	return ppi + 1;
}

/**
 * rndis_build_packet() - what goes in front of a frame towards the host
 * @buf: where
 * @size: bytes at @buf; RNDIS_TX_HDR_MAX is always enough
 * @data_len: bytes of the frame, which must follow
 * @info: checksum or LSO, VLAN and hash are sent
 *
 * Return: bytes, or -EMSGSIZE.
 */
int rndis_build_packet(void *buf, u32 size, u32 data_len,
		       const struct rndis_info *info)
{
	struct rndis_ppi_u32 *ppi = buf + sizeof(struct rndis_packet);
	struct rndis_packet *pkt = buf;
	u32 ppi_len;

	if (size < RNDIS_TX_HDR_MAX)
		return -EMSGSIZE;

	if (info->has & RNDIS_HAS_HASH)
		ppi = rndis_put_ppi(ppi, RNDIS_PPI_HASH, info->hash);
	if (info->has & RNDIS_HAS_VLAN)
		ppi = rndis_put_ppi(ppi, RNDIS_PPI_8021Q, info->vlan);
	if (info->has & RNDIS_HAS_LSO)
		ppi = rndis_put_ppi(ppi, RNDIS_PPI_LSO, info->lso);
	else if (info->has & RNDIS_HAS_CSUM)
		ppi = rndis_put_ppi(ppi, RNDIS_PPI_CSUM, info->csum);

	ppi_len = (void *)ppi - buf - sizeof(*pkt);
	*pkt = (struct rndis_packet) {
		.hdr = {
			.type = RNDIS_MSG_PACKET,
			.len = sizeof(*pkt) + ppi_len + data_len,
		},
		.data_off = sizeof(*pkt) - RNDIS_BODY + ppi_len,
		.data_len = data_len,
		.ppi_off = sizeof(*pkt) - RNDIS_BODY,
		.ppi_len = ppi_len,
	};
	return sizeof(*pkt) + ppi_len;
}

/**
 * rndis_build_oid() - a query, or a set
 * @buf: where
 * @size: bytes at @buf
 * @type: RNDIS_MSG_QUERY or RNDIS_MSG_SET
 * @req_id: comes back with the answer
 * @oid: of what
 * @data: input, or NULL
 * @data_len: bytes at @data
 *
 * Return: bytes, or -EMSGSIZE.
 */
int rndis_build_oid(void *buf, u32 size, u32 type, u32 req_id, u32 oid,
		    const void *data, u32 data_len)
{
	struct rndis_oid_req *req = buf;

	if (size < sizeof(*req) || data_len > size - sizeof(*req))
		return -EMSGSIZE;

	*req = (struct rndis_oid_req) {
		.hdr = { .type = type, .len = sizeof(*req) + data_len },
		.req_id = req_id,
		.oid = oid,
		.len = data_len,
		.off = sizeof(*req) - RNDIS_BODY,
	};
	if (data_len)
		memcpy(req + 1, data, data_len);
	return sizeof(*req) + data_len;
}

/**
 * rndis_build_mac_param() - a MAC address, as a parameter of the host's NIC
 * @param: overwritten
 * @mac: the address
 */
void rndis_build_mac_param(struct rndis_mac_param *param, const u8 *mac)
{
	static const char name[] = "NetworkAddress";
	static const char digits[] = "0123456789abcdef";
	u32 i;

	param->hdr = (struct rndis_config_param) {
		.name_off = offsetof(struct rndis_mac_param, name),
		.name_len = sizeof(param->name),
		.type = RNDIS_CONFIG_STRING,
		.value_off = offsetof(struct rndis_mac_param, value),
		.value_len = sizeof(param->value),
	};
	for (i = 0; i < sizeof(name) - 1; i++)
		param->name[i] = name[i];
	for (i = 0; i < ETH_ALEN; i++) {
		param->value[2 * i] = digits[mac[i] >> 4];
		param->value[2 * i + 1] = digits[mac[i] & 15];
	}
}
