// SPDX-License-Identifier: GPL-2.0
/* The RNDIS control client: what the synthetic NIC is asked and told. */
#include <linux/etherdevice.h>
#include <linux/minmax.h>
#include <linux/nls.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../wire/nvsp.h"
#include "../wire/rndis.h"
#include "conn.h"
#include "rndis_msg.h"
#include "trace.h"

/*
 * A host that segments less than this at a time is of no use; far below, the
 * stack's limit less its headers would wrap around.
 */
#define NETVSC_LSO_MIN		(2 * ETH_DATA_LEN)

/* Hosts send as much, filled up with zeroes. */
#define NETVSC_NAME_MAX		256

static struct netvsc_request *netvsc_rndis_new(struct netvsc_conn *conn,
					       u32 type)
{
	return netvsc_request_new(&conn->requests, NETVSC_REQUEST_RNDIS,
				  type | RNDIS_MSG_COMPLETION);
}

/* Send what is in req->msg and wait. On 0 the caller ends @req. */
static int netvsc_rndis_ask(struct netvsc_conn *conn,
			    struct netvsc_request *req, int len, u32 oid)
{
	struct netvsc_requests *reqs = &conn->requests;
	int err;

	err = len < 0 ? len : conn->bus->send_control(conn, req->msg, len,
						      req->tid);
	if (err) {
		netvsc_request_unsent(reqs, req);
		return err;
	}

	err = netvsc_request_wait(reqs, req, NETVSC_RNDIS_REQ);
	if (!err)
		return 0;

	netvsc_request_end(reqs, req);
	if (err == -ETIMEDOUT) {
		netvsc_count(conn->nv, host_overdue);
		netdev_err(conn->nv->ndev,
			   "host did not answer RNDIS request (OID 0x%x) in time\n",
			   oid);
	}
	return err;
}

/* How frames may share a packet. Only a host that makes no sense says more. */
static void netvsc_rndis_batches(struct netvsc_caps *caps,
				 const struct rndis_init_c *got)
{
	bool sane = got->align <= RNDIS_ALIGN_MAX;

	caps->tx_batch = sane ? clamp(got->max_pkts, 1U, RNDIS_BATCH_MAX) : 1;
	caps->tx_align = sane ? BIT(got->align) : 1;
}

/**
 * netvsc_rndis_init() - start RNDIS
 * @conn: with its buffers announced
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_rndis_init(struct netvsc_conn *conn)
{
	struct netvsc_request *req = netvsc_rndis_new(conn, RNDIS_MSG_INIT);
	const struct rndis_init_c *got;
	struct rndis_init *init;
	int err;

	if (IS_ERR(req))
		return PTR_ERR(req);

	init = req->msg;
	*init = (struct rndis_init) {
		.hdr = { .type = RNDIS_MSG_INIT, .len = sizeof(*init) },
		.req_id = req->id,
		.major = RNDIS_MAJOR_VERSION,
		.minor = RNDIS_MINOR_VERSION,
		.max_xfer = RNDIS_MAX_XFER,
	};
	err = netvsc_rndis_ask(conn, req, sizeof(*init), 0);
	if (err)
		return err;

	got = (const void *)req->answer;
	if (req->answer_len < sizeof(*got)) {
		netdev_err(conn->nv->ndev,
			   "host's answer to RNDIS INIT is %u bytes short\n",
			   (u32)sizeof(*got) - req->answer_len);
		err = -EPROTO;
	} else if (got->status != RNDIS_STATUS_SUCCESS) {
		netdev_err(conn->nv->ndev,
			   "host refused RNDIS INIT, status 0x%x\n",
			   got->status);
		err = -EIO;
	} else {
		netvsc_rndis_batches(&conn->caps, got);
	}
	netvsc_request_end(&conn->requests, req);
	return err;
}

/**
 * netvsc_rndis_halt() - end RNDIS
 * @conn: the host completes the message but does not answer it
 *
 * Context: conn work.
 */
void netvsc_rndis_halt(struct netvsc_conn *conn)
{
	struct netvsc_request *req = netvsc_rndis_new(conn, RNDIS_MSG_HALT);
	struct rndis_halt *halt;

	if (IS_ERR(req))
		return;

	halt = req->msg;
	*halt = (struct rndis_halt) {
		.hdr = { .type = RNDIS_MSG_HALT, .len = sizeof(*halt) },
		.req_id = req->id,
	};
	if (conn->bus->send_control(conn, halt, sizeof(*halt), req->tid))
		netvsc_request_unsent(&conn->requests, req);
	else
		netvsc_request_end(&conn->requests, req);
}

/**
 * netvsc_rndis_query() - ask for the value of an OID
 * @conn: with RNDIS initialised
 * @oid: which
 * @out: up to @size bytes of the answer. Some queries carry an input: @in bytes
 *	of what is there
 * @size: bytes
 * @in: bytes
 *
 * Context: conn work. Return: bytes, or an errno.
 */
int netvsc_rndis_query(struct netvsc_conn *conn, u32 oid, void *out, u32 size,
		       u32 in)
{
	struct netvsc_request *req = netvsc_rndis_new(conn, RNDIS_MSG_QUERY);
	const void *data;
	u32 status, len;
	int err;

	if (IS_ERR(req))
		return PTR_ERR(req);

	err = rndis_build_oid(req->msg, NETVSC_MSG_MAX, RNDIS_MSG_QUERY,
			      req->id, oid, out, in);
	err = netvsc_rndis_ask(conn, req, err, oid);
	if (err)
		return err;

	err = rndis_parse_query_c(req->answer, req->answer_len, &status, &data,
				  &len);
	if (!err && status != RNDIS_STATUS_SUCCESS)
		err = -EOPNOTSUPP;
	if (!err) {
		err = min(len, size);
		memcpy(out, data, err);
	}
	netvsc_request_end(&conn->requests, req);
	return err;
}

static int netvsc_rndis_query_u32(struct netvsc_conn *conn, u32 oid, u32 *out)
{
	int len = netvsc_rndis_query(conn, oid, out, sizeof(*out), 0);

	if (len < 0)
		return len;
	return len == sizeof(*out) ? 0 : -EPROTO;
}

/**
 * netvsc_rndis_set() - set an OID
 * @conn: with RNDIS initialised
 * @oid: which
 * @data: copied
 * @len: bytes
 *
 * Context: conn work. Return: 0; -EIO if the host refuses; else an errno.
 */
int netvsc_rndis_set(struct netvsc_conn *conn, u32 oid, const void *data,
		     u32 len)
{
	struct netvsc_request *req = netvsc_rndis_new(conn, RNDIS_MSG_SET);
	const struct rndis_set_c *got;
	int err;

	if (IS_ERR(req))
		return PTR_ERR(req);

	err = rndis_build_oid(req->msg, NETVSC_MSG_MAX, RNDIS_MSG_SET, req->id,
			      oid, data, len);
	err = netvsc_rndis_ask(conn, req, err, oid);
	if (err)
		return err;

	got = (const void *)req->answer;
	if (req->answer_len < sizeof(*got)) {
		err = -EPROTO;
	} else if (got->status != RNDIS_STATUS_SUCCESS) {
		netdev_err(conn->nv->ndev,
			   "host refused to set OID 0x%x, status 0x%x\n", oid,
			   got->status);
		err = -EIO;
	}
	netvsc_request_end(&conn->requests, req);
	return err;
}

/* It is only for show: a host that gives none is as good. */
static int netvsc_rndis_query_name(struct netvsc_conn *conn)
{
	char *name = conn->caps.name;
	wchar_t utf16[NETVSC_NAME_MAX];
	int len;

	len = netvsc_rndis_query(conn, RNDIS_OID_FRIENDLY_NAME, utf16,
				 sizeof(utf16), 0);
	if (len == -ETIMEDOUT || len == -ENODEV)
		return len;
	if (len < 0)
		return 0;
	len = utf16s_to_utf8s(utf16, len / sizeof(*utf16), UTF16_LITTLE_ENDIAN,
			      name, IFALIASZ - 1);
	name[max(len, 0)] = 0;
	return 0;
}

static void netvsc_rndis_learn_offload(struct netvsc_conn *conn,
				       const struct ndis_offload *hw)
{
	struct netvsc_caps *caps = &conn->caps;
	const u32 csum4 = NDIS_CSUM_TCP | NDIS_CSUM_TCP_OPT;
	const u32 csum6 = csum4 | NDIS_CSUM_IP6_EXT;
	const u32 lso6 = NDIS_LSO6_EXT | NDIS_LSO6_TCP_OPT;

	if ((hw->ip4_tx.bits & csum4) == csum4) {
		caps->tx_csum |= NETIF_F_IP_CSUM;
		caps->tx_csum_udp4 = hw->ip4_tx.bits & NDIS_CSUM_UDP;
		if (hw->lso4_encap & NDIS_ENCAP_8023 &&
		    hw->lso4_max >= NETVSC_LSO_MIN) {
			caps->tso |= NETIF_F_TSO;
			caps->tso_max = min(caps->tso_max, hw->lso4_max);
		}
	}
	if ((hw->ip6_tx.bits & csum6) == csum6) {
		caps->tx_csum |= NETIF_F_IPV6_CSUM;
		caps->tx_csum_udp6 = hw->ip6_tx.bits & NDIS_CSUM_UDP;
		if (hw->lso6_encap & NDIS_ENCAP_8023 &&
		    hw->lso6_max >= NETVSC_LSO_MIN &&
		    (hw->lso6_opts & lso6) == lso6) {
			caps->tso |= NETIF_F_TSO6;
			caps->tso_max = min(caps->tso_max, hw->lso6_max);
		}
	}
	/* One switch for both, and only if the host was told NVSP_CAP_RSC. */
	caps->rsc = conn->version >= NVSP_VERSION_61 && hw->rsc4 && hw->rsc6;
}

/* A host without offloads is a slow host, not a broken one. */
static int netvsc_rndis_query_offload(struct netvsc_conn *conn)
{
	u16 size = conn->version >= NVSP_VERSION_5 ?
		   sizeof(struct ndis_offload) : NDIS_OFFLOAD_SIZE_V4;
	struct ndis_offload hw = {
		.hdr = {
			.type = NDIS_TYPE_OFFLOAD,
			.rev = conn->version >= NVSP_VERSION_5 ?
			       NDIS_OFFLOAD_REV : NDIS_OFFLOAD_REV - 1,
			.size = size,
		},
	};
	int len;

	conn->caps.tso_max = GSO_LEGACY_MAX_SIZE;
	len = netvsc_rndis_query(conn, RNDIS_OID_OFFLOAD_HW_CAPS, &hw,
				 sizeof(hw), size);
	if (len == -ETIMEDOUT || len == -ENODEV)
		return len;
	if (len < NDIS_OFFLOAD_SIZE_MIN || hw.hdr.type != NDIS_TYPE_OFFLOAD ||
	    !hw.hdr.rev || hw.hdr.size < NDIS_OFFLOAD_SIZE_MIN ||
	    hw.hdr.size > len) {
		netdev_warn(conn->nv->ndev,
			    "host describes no offloads, going without (%d)\n",
			    len);
		return 0;
	}

	netvsc_rndis_learn_offload(conn, &hw);
	return 0;
}

/**
 * netvsc_rndis_query_caps() - learn what the host can do
 * @conn: with RNDIS initialised; fills conn->caps
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_rndis_query_caps(struct netvsc_conn *conn)
{
	struct netvsc_caps *caps = &conn->caps;
	u32 value;
	int err;

	err = netvsc_rndis_query_u32(conn, RNDIS_OID_GEN_MAXIMUM_FRAME_SIZE,
				     &value);
	if (err == -ETIMEDOUT || err == -ENODEV)
		return err;
	caps->max_mtu = !err && value >= ETH_MIN_MTU ? value : 0;

	err = netvsc_rndis_query(conn, RNDIS_OID_802_3_PERMANENT_ADDRESS,
				 caps->mac, sizeof(caps->mac), 0);
	if (err < 0)
		return err;
	if (err != ETH_ALEN || !is_valid_ether_addr(caps->mac)) {
		netdev_err(conn->nv->ndev, "host gave no usable MAC address\n");
		return -EPROTO;
	}

	err = netvsc_rndis_query_name(conn);
	return err ?: netvsc_rndis_query_offload(conn);
}

/**
 * netvsc_rndis_query_link() - learn the state of the link
 * @conn: fills conn->caps
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_rndis_query_link(struct netvsc_conn *conn)
{
	struct netvsc_caps *caps = &conn->caps;
	u32 value;
	int err;

	err = netvsc_rndis_query_u32(conn, RNDIS_OID_GEN_MEDIA_CONNECT_STATUS,
				     &value);
	if (err == -ETIMEDOUT || err == -ENODEV)
		return err;
	/* A host that cannot tell has a link: frames show soon enough. */
	caps->link_up = err || !value;

	if (conn->version < NVSP_VERSION_5)
		return 0;
	err = netvsc_rndis_query_u32(conn, RNDIS_OID_GEN_LINK_SPEED, &value);
	if (err == -ETIMEDOUT || err == -ENODEV)
		return err;
	caps->link_speed = err ? 0 : value;
	return 0;
}

static u8 netvsc_rndis_rsc(const struct netvsc_conn *conn, bool on)
{
	return conn->caps.rsc && on ? NDIS_PARAM_ON : NDIS_PARAM_OFF;
}

static int netvsc_rndis_send_offload(struct netvsc_conn *conn)
{
	const struct netvsc_caps *caps = &conn->caps;
	u16 size = conn->version >= NVSP_VERSION_5 ?
		   sizeof(struct ndis_offload_params) :
		   NDIS_OFFLOAD_PARAMS_SIZE_V4;
	struct ndis_offload_params params = {
		.hdr = {
			.type = NDIS_TYPE_OFFLOAD_PARAMETERS,
			.rev = NDIS_OFFLOAD_REV,
			.size = size,
		},
		.ip4_csum = NDIS_CSUM_OFF,
		.tcp4_csum = caps->tx_csum & NETIF_F_IP_CSUM ?
			     NDIS_CSUM_BOTH : NDIS_CSUM_RX,
		.udp4_csum = caps->tx_csum_udp4 ? NDIS_CSUM_BOTH : NDIS_CSUM_RX,
		.tcp6_csum = caps->tx_csum & NETIF_F_IPV6_CSUM ?
			     NDIS_CSUM_BOTH : NDIS_CSUM_RX,
		.udp6_csum = caps->tx_csum_udp6 ? NDIS_CSUM_BOTH : NDIS_CSUM_RX,
		.lso4 = caps->tso & NETIF_F_TSO ? NDIS_PARAM_ON :
						  NDIS_PARAM_OFF,
		.lso6 = caps->tso & NETIF_F_TSO6 ? NDIS_PARAM_ON :
						   NDIS_PARAM_OFF,
		.rsc4 = netvsc_rndis_rsc(conn, conn->params.lro),
		.rsc6 = netvsc_rndis_rsc(conn, conn->params.lro),
	};

	return netvsc_rndis_set(conn, RNDIS_OID_OFFLOAD_PARAMETERS, &params,
				size);
}

/**
 * netvsc_rndis_set_offload() - turn on what conn->caps has
 * @conn: a host that refuses loses RSC; if it does so again, its offloads, but
 *	not its NIC
 *
 * Context: conn work. Return: 0, -ETIMEDOUT or -ENODEV.
 */
int netvsc_rndis_set_offload(struct netvsc_conn *conn)
{
	struct netvsc_caps *caps = &conn->caps;
	int err = netvsc_rndis_send_offload(conn);

	if (err && err != -ETIMEDOUT && err != -ENODEV && caps->rsc) {
		caps->rsc = false;
		err = netvsc_rndis_send_offload(conn);
	}
	if (err == -ETIMEDOUT || err == -ENODEV)
		return err;
	if (err) {
		caps->tx_csum = 0;
		caps->tx_csum_udp4 = false;
		caps->tx_csum_udp6 = false;
		caps->tso = 0;
	}
	return 0;
}

/**
 * netvsc_rndis_set_rsc() - have the host coalesce TCP segments, or not
 * @conn: connected
 * @on: which of the two
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_rndis_set_rsc(struct netvsc_conn *conn, bool on)
{
	struct ndis_offload_params params = {
		.hdr = {
			.type = NDIS_TYPE_OFFLOAD_PARAMETERS,
			.rev = NDIS_OFFLOAD_REV,
			.size = sizeof(params),
		},
		.rsc4 = netvsc_rndis_rsc(conn, on),
		.rsc6 = netvsc_rndis_rsc(conn, on),
	};

	if (!conn->caps.rsc)
		return 0;
	return netvsc_rndis_set(conn, RNDIS_OID_OFFLOAD_PARAMETERS, &params,
				sizeof(params));
}

/**
 * netvsc_rndis_set_mac() - say which MAC address we want
 * @conn: connected
 * @mac: the address
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_rndis_set_mac(struct netvsc_conn *conn, const u8 *mac)
{
	struct rndis_mac_param param;

	rndis_build_mac_param(&param, mac);
	return netvsc_rndis_set(conn, RNDIS_OID_GEN_RNDIS_CONFIG_PARAMETER,
				&param, sizeof(param));
}

/**
 * netvsc_rndis_repeat_mac() - the MAC address is not the host's own
 * @conn: a host that refuses it is believed to have it still
 *
 * Context: conn work. Return: 0, -ETIMEDOUT or -ENODEV.
 */
int netvsc_rndis_repeat_mac(struct netvsc_conn *conn)
{
	const u8 *mac = conn->params.mac;
	int err;

	if (is_zero_ether_addr(mac))
		return 0;
	err = netvsc_rndis_set_mac(conn, mac);
	return err == -ETIMEDOUT || err == -ENODEV ? err : 0;
}

/**
 * netvsc_rndis_set_filter() - say which frames we want
 * @conn: connected
 * @filter: RNDIS_PACKET_TYPE_*; 0: none
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_rndis_set_filter(struct netvsc_conn *conn, u32 filter)
{
	int err;

	if (conn->filter == filter && !conn->filter_unknown)
		return 0;
	/* Also if the answer does not come: the host may have taken it. */
	conn->filter_unknown = true;
	err = netvsc_rndis_set(conn, RNDIS_OID_GEN_CURRENT_PACKET_FILTER,
			       &filter, sizeof(filter));
	if (err)
		return err;
	conn->filter = filter;
	conn->filter_unknown = false;
	return 0;
}

static int netvsc_rndis_indication(struct netvsc_conn *conn, const void *msg,
				   u32 len)
{
	const void *data;
	u32 status, size;
	int err;

	err = rndis_parse_indicate(msg, len, &status, &data, &size);
	if (err)
		return err;

	switch (status) {
	case RNDIS_STATUS_MEDIA_CONNECT:
		netvsc_link_indicate(conn->nv, NETVSC_LINK_UP);
		break;
	case RNDIS_STATUS_MEDIA_DISCONNECT:
		netvsc_link_indicate(conn->nv, NETVSC_LINK_DOWN);
		break;
	case RNDIS_STATUS_NETWORK_CHANGE:
		netvsc_link_indicate(conn->nv, NETVSC_LINK_CHANGED);
		break;
	case RNDIS_STATUS_LINK_SPEED_CHANGE:
		if (size < sizeof(u32))
			return -EPROTO;
		netvsc_link_speed(conn->nv, get_unaligned((u32 *)data));
		break;
	}
	/* Others tell of things that nothing here depends on. */
	return 0;
}

/**
 * netvsc_rndis_control() - a control message from the host
 * @conn: on its primary channel
 * @msg: a copy that the host cannot reach
 * @len: bytes
 *
 * Context: NAPI.
 */
void netvsc_rndis_control(struct netvsc_conn *conn, const void *msg, u32 len)
{
	struct rndis_hdr hdr = {};
	int err;

	err = rndis_parse_hdr(msg, len, &hdr);
	if (err)
		goto bad;

	trace_rndis_recv(conn->nv->ndev, hdr.type, hdr.len);
	switch (hdr.type) {
	case RNDIS_MSG_INIT_C:
	case RNDIS_MSG_QUERY_C:
	case RNDIS_MSG_SET_C:
	case RNDIS_MSG_KEEPALIVE_C:
		/* All of them begin like SET_C. */
		err = -EPROTO;
		if (hdr.len >= sizeof(struct rndis_set_c))
			err = netvsc_request_answer_rndis(&conn->requests,
							  get_unaligned((u32 *)(msg + RNDIS_BODY)),
							  hdr.type, msg,
							  hdr.len);
		break;
	case RNDIS_MSG_INDICATE:
		err = netvsc_rndis_indication(conn, msg, len);
		break;
	default:
		err = -EPROTO;
	}

	if (err == -ENOENT) {
		netvsc_count(conn->nv, host_late);
		if (netif_msg_rx_err(conn->nv) && net_ratelimit())
			netdev_warn(conn->nv->ndev,
				    "nobody waits for the host's answer: RNDIS message 0x%x\n",
				    hdr.type);
		return;
	}
bad:
	if (err) {
		netvsc_count(conn->nv, host_malformed);
		if (netif_msg_rx_err(conn->nv) && net_ratelimit())
			netdev_err(conn->nv->ndev,
				   "malformed RNDIS control message from the host (type 0x%x, %u bytes)\n",
				   hdr.type, len);
	}
}
