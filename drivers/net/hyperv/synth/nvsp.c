// SPDX-License-Identifier: GPL-2.0
/* NVSP: the steps of the handshake, and what the host sends by itself. */
#include <linux/if_ether.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../vf/vf.h"
#include "../wire/nvsp.h"
#include "conn.h"
#include "queue.h"
#include "trace.h"

/*
 * A section that cannot hold the smallest IPv4 packet is of no use. No host
 * has any above the other: the largest frame is 64 KiB.
 */
#define NETVSC_SECTION_MIN	68
#define NETVSC_SECTION_MAX	SZ_128K

/*
 * Ask, and wait for the one answer. The answer is cut or filled up with zeroes
 * to the size of a message; @min is what it must have. @sent becomes true if
 * the host may have heard the question, whatever is returned.
 */
static int netvsc_nvsp_ask(struct netvsc_conn *conn, struct nvsp_msg *msg,
			   enum nvsp_type answer_type, u32 min,
			   struct nvsp_msg *answer, bool *sent)
{
	struct netvsc_requests *reqs = &conn->requests;
	struct netvsc_request *req;
	int err;

	req = netvsc_request_new(reqs, NETVSC_REQUEST_NVSP, answer_type);
	if (IS_ERR(req))
		return PTR_ERR(req);

	err = conn->bus->send(conn, msg, sizeof(*msg), req->tid, true);
	if (err) {
		netvsc_request_unsent(reqs, req);
		return err;
	}
	*sent = true;

	err = netvsc_request_wait(reqs, req, NETVSC_NVSP_STEP);
	if (!err && req->answer_len < min)
		err = -EPROTO;
	if (!err) {
		memset(answer, 0, sizeof(*answer));
		memcpy(answer, req->answer,
		       min_t(u32, req->answer_len, sizeof(*answer)));
	}
	netvsc_request_end(reqs, req);

	if (err == -ETIMEDOUT) {
		netvsc_count(conn->nv, host_overdue);
		netdev_err(conn->nv->ndev,
			   "host did not answer NVSP message %u in time\n",
			   msg->type);
	}
	return err;
}

static int netvsc_nvsp_tell(struct netvsc_conn *conn, struct nvsp_msg *msg)
{
	return conn->bus->send(conn, msg, sizeof(*msg),
			       VMBUS_RQST_ID_NO_RESPONSE, false);
}

/* 0: agreed. 1: the host refused this version, the next may be asked. */
static int netvsc_nvsp_try_version(struct netvsc_conn *conn, u32 version)
{
	struct nvsp_msg msg = {
		.type = NVSP_INIT,
		.init = { .min_version = version, .max_version = version },
	};
	struct nvsp_msg answer;
	bool sent;
	int err;

	err = netvsc_nvsp_ask(conn, &msg, NVSP_INIT_COMPLETE,
			      offsetofend(struct nvsp_msg, init_complete),
			      &answer, &sent);
	if (err)
		return err;
	return answer.init_complete.status == NVSP_STATUS_SUCCESS ? 0 : 1;
}

static int netvsc_nvsp_configure(struct netvsc_conn *conn)
{
	struct nvsp_msg config = {
		.type = NVSP_NDIS_CONFIG,
		.ndis_config = {
			.mtu = conn->params.mtu + ETH_HLEN,
			.caps = NVSP_CAP_8021Q,
		},
	};
	struct nvsp_msg ver = {
		.type = NVSP_NDIS_VER,
		.ndis_ver = {
			.major = NVSP_NDIS_MAJOR,
			.minor = NVSP_NDIS_MINOR_V4,
		},
	};
	int err;

	if (conn->version >= NVSP_VERSION_5) {
		/* teaming: without it the host does not tell the link speed */
		config.ndis_config.caps |= NVSP_CAP_TEAMING;
		/* A VF would have to be trusted with the guest's memory. */
		if (!conn->nv->isolated)
			config.ndis_config.caps |= NVSP_CAP_SRIOV;
		ver.ndis_ver.minor = NVSP_NDIS_MINOR_V5;
	}
	if (conn->version >= NVSP_VERSION_61)
		config.ndis_config.caps |= NVSP_CAP_RSC;

	err = netvsc_nvsp_tell(conn, &config);
	if (err)
		return err;
	return netvsc_nvsp_tell(conn, &ver);
}

/**
 * netvsc_nvsp_negotiate() - agree on a version and tell what we can
 * @conn: with its primary channel open
 *
 * Hosts that have confidential VMs speak 6.1: there, one that says it is older is
 * not asked any further.
 *
 * Context: conn work. Return: 0 or an errno; -EPROTONOSUPPORT if the host is
 * older than NVSP 4, or 6.1 in a confidential VM.
 */
int netvsc_nvsp_negotiate(struct netvsc_conn *conn)
{
	static const u32 versions[] = {
		NVSP_VERSION_61, NVSP_VERSION_6, NVSP_VERSION_5, NVSP_VERSION_4,
	};
	bool isolated = conn->nv->isolated;
	int i, err;

	for (i = 0; i < (isolated ? 1 : ARRAY_SIZE(versions)); i++) {
		err = netvsc_nvsp_try_version(conn, versions[i]);
		if (err < 0)
			return err;
		if (err)
			continue;

		conn->version = versions[i];
		return netvsc_nvsp_configure(conn);
	}

	netdev_err(conn->nv->ndev, isolated ?
		   "host does not speak NVSP version 6.1, which confidential VMs need\n" :
		   "host speaks no NVSP version from 4 to 6.1: Windows Server 2016 or newer is needed\n");
	return -EPROTONOSUPPORT;
}

static void netvsc_nvsp_revoke(struct netvsc_conn *conn,
			       struct netvsc_buffer *buf, enum nvsp_type type,
			       u16 id)
{
	struct nvsp_msg msg = { .type = type, .revoke_buf = { .id = id } };

	if (!buf->announced)
		return;
	buf->announced = false;
	/* A host that does not hear it sees the channel close next. */
	netvsc_nvsp_tell(conn, &msg);
}

/**
 * netvsc_nvsp_revoke_recv() - the host may not write any more
 * @conn: a failure is of no consequence: closing the channel says the same
 */
void netvsc_nvsp_revoke_recv(struct netvsc_conn *conn)
{
	netvsc_nvsp_revoke(conn, &conn->recv, NVSP_REVOKE_RECV_BUF,
			   NVSP_RECV_BUF_ID);
}

/**
 * netvsc_nvsp_revoke_send() - the host may not read any more
 * @conn: as for netvsc_nvsp_revoke_recv()
 */
void netvsc_nvsp_revoke_send(struct netvsc_conn *conn)
{
	netvsc_nvsp_revoke(conn, &conn->send, NVSP_REVOKE_SEND_BUF,
			   NVSP_SEND_BUF_ID);
}

/**
 * netvsc_nvsp_announce_recv() - show the host the receive buffer
 * @conn: with conn->recv established; learns its sections
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_nvsp_announce_recv(struct netvsc_conn *conn)
{
	struct netvsc_buffer *buf = &conn->recv;
	struct nvsp_recv_buf_complete *got;
	struct nvsp_msg answer;
	struct nvsp_msg msg = {
		.type = NVSP_RECV_BUF,
		.buf = {
			.gpadl = buf->gpadl.gpadl_handle,
			.id = NVSP_RECV_BUF_ID,
		},
	};
	int err;

	/* Even if the answer does not come: the host may have taken it. */
	err = netvsc_nvsp_ask(conn, &msg, NVSP_RECV_BUF_COMPLETE,
			      offsetofend(struct nvsp_msg, recv_buf_complete),
			      &answer, &buf->announced);
	if (err)
		goto revoke;

	got = &answer.recv_buf_complete;
	if (got->status != NVSP_STATUS_SUCCESS) {
		netdev_err(conn->nv->ndev,
			   "Unable to complete receive buffer initialization with NetVsp - status %d\n",
			   got->status);
		buf->announced = false;
		return -EINVAL;
	}
	if (got->num_sections != 1 || got->offset ||
	    got->sub_alloc_size < NETVSC_SECTION_MIN ||
	    got->sub_alloc_size > NETVSC_SECTION_MAX ||
	    !got->num_sub_allocs ||
	    got->num_sub_allocs > NETVSC_SECTIONS_MAX ||
	    (u64)got->sub_alloc_size * got->num_sub_allocs > buf->bytes) {
		netdev_err(conn->nv->ndev, "invalid recv_section_size %u\n",
			   got->sub_alloc_size);
		err = -EINVAL;
		goto revoke;
	}
	buf->section_size = got->sub_alloc_size;
	buf->sections = got->num_sub_allocs;
	return 0;

revoke:
	netvsc_nvsp_revoke_recv(conn);
	return err;
}

/**
 * netvsc_nvsp_announce_send() - show the host the send buffer
 * @conn: with conn->send established; learns its sections
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_nvsp_announce_send(struct netvsc_conn *conn)
{
	struct netvsc_buffer *buf = &conn->send;
	struct nvsp_send_buf_complete *got;
	struct nvsp_msg answer;
	struct nvsp_msg msg = {
		.type = NVSP_SEND_BUF,
		.buf = {
			.gpadl = buf->gpadl.gpadl_handle,
			.id = NVSP_SEND_BUF_ID,
		},
	};
	int err;

	err = netvsc_nvsp_ask(conn, &msg, NVSP_SEND_BUF_COMPLETE,
			      offsetofend(struct nvsp_msg, send_buf_complete),
			      &answer, &buf->announced);
	if (err)
		goto revoke;

	got = &answer.send_buf_complete;
	if (got->status != NVSP_STATUS_SUCCESS) {
		netdev_err(conn->nv->ndev,
			   "Unable to complete send buffer initialization with NetVsp - status %d\n",
			   got->status);
		buf->announced = false;
		return -EINVAL;
	}
	if (got->section_size < NETVSC_SECTION_MIN ||
	    got->section_size > NETVSC_SECTION_MAX ||
	    got->section_size > buf->bytes) {
		netdev_err(conn->nv->ndev, "invalid send_section_size %u\n",
			   got->section_size);
		err = -EINVAL;
		goto revoke;
	}
	buf->section_size = got->section_size;
	buf->sections = min(buf->bytes / got->section_size,
			    (u32)NETVSC_SECTIONS_MAX);
	err = netvsc_sections_init(conn);
	if (!err)
		return 0;

revoke:
	netvsc_nvsp_revoke_send(conn);
	return err;
}

/**
 * netvsc_nvsp_ask_subchannels() - ask for sub-channels
 * @conn: with RNDIS initialised
 * @num: of them
 *
 * Context: conn work. Return: how many the host will offer, or an errno.
 */
int netvsc_nvsp_ask_subchannels(struct netvsc_conn *conn, u32 num)
{
	struct nvsp_msg msg = {
		.type = NVSP_SUBCHANNEL,
		.subchannel = {
			.op = NVSP_SUBCHANNEL_ALLOCATE,
			.count = num,
		},
	};
	struct nvsp_msg answer;
	bool sent;
	int err;

	err = netvsc_nvsp_ask(conn, &msg, NVSP_SUBCHANNEL,
			      offsetofend(struct nvsp_msg, subchannel_complete),
			      &answer, &sent);
	if (err) {
		netdev_err(conn->nv->ndev,
			   "sub channel allocate send failed: %d\n", err);
		return err;
	}
	if (answer.subchannel_complete.status != NVSP_STATUS_SUCCESS) {
		netdev_err(conn->nv->ndev, "sub channel request failed\n");
		return -EIO;
	}
	if (answer.subchannel_complete.count > num) {
		netdev_err(conn->nv->ndev,
			   "invalid number of allocated sub channel\n");
		return -EPROTO;
	}
	return answer.subchannel_complete.count;
}

/**
 * netvsc_nvsp_switch_path() - ask the host to switch the data path
 * @conn: published
 * @to_vf: or to the synthetic side
 * @seq: the bond's; netvsc_vf_switch_done() brings it back with the answer
 *
 * Context: any but hard irq; does not wait. Return: 0, -EAGAIN if the ring is
 * full, -ENODEV if the host is gone.
 */
int netvsc_nvsp_switch_path(struct netvsc_conn *conn, bool to_vf, u32 seq)
{
	struct nvsp_msg msg = {
		.type = NVSP_SWITCH_DATA_PATH,
		.switch_path = {
			.path = to_vf ? NVSP_PATH_VF : NVSP_PATH_SYNTHETIC,
		},
	};
	int err = -ENODEV;

	spin_lock_bh(&conn->acks.lock);
	if (!conn->acks.closed)
		err = conn->bus->send(conn, &msg, sizeof(msg),
				      netvsc_tid(NETVSC_TID_SWITCH, 0, seq),
				      true);
	spin_unlock_bh(&conn->acks.lock);
	return err;
}

static void netvsc_nvsp_bad(struct netvsc_conn *conn, const char *what,
			    u32 type, u32 len)
{
	netvsc_count(conn->nv, host_malformed);
	if (netif_msg_rx_err(conn->nv) && net_ratelimit())
		netdev_err(conn->nv->ndev, "%s: NVSP message %u, %u bytes\n",
			   what, type, len);
}

/*
 * On which channel the host would like to see which flow. Hosts up to version 6
 * say where the table would be without the end of the message's fixed part, which
 * is there. Return: false if there is no such table.
 */
static bool netvsc_nvsp_send_table(struct netvsc_conn *conn, const void *msg,
				   u32 len, const struct nvsp_indirection *say)
{
	const u32 size = NVSP_INDIRECTION_ENTRIES * sizeof(u32);
	u32 offset = say->offset, table[NVSP_INDIRECTION_ENTRIES];
	int i;

	if (conn->version <= NVSP_VERSION_6 &&
	    len >= sizeof(struct nvsp_msg) + size)
		offset = sizeof(struct nvsp_msg);
	if (say->count != NVSP_INDIRECTION_ENTRIES ||
	    offset < offsetofend(struct nvsp_msg, indirection) ||
	    len < size || offset > len - size)
		return false;

	memcpy(table, msg + offset, size);
	for (i = 0; i < NVSP_INDIRECTION_ENTRIES; i++)
		if (table[i] >= NETVSC_MAX_CHANNELS)
			return false;
	for (i = 0; i < NVSP_INDIRECTION_ENTRIES; i++)
		WRITE_ONCE(conn->nv->send_table[i], table[i]);
	return true;
}

/**
 * netvsc_nvsp_inband() - the host speaks by itself
 * @conn: on its primary channel
 * @tid: to complete, if
 * @wants_answer: the host asked for a completion
 * @msg: a copy that the host cannot reach
 * @len: bytes
 *
 * Context: NAPI.
 */
void netvsc_nvsp_inband(struct netvsc_conn *conn, u64 tid, bool wants_answer,
			const void *msg, u32 len)
{
	struct nvsp_msg m = {};

	memcpy(&m, msg, min_t(u32, len, sizeof(m)));
	trace_nvsp_recv(conn->nv->ndev, m.type, len);
	if (len < sizeof(m.type))
		goto malformed;

	switch (m.type) {
	case NVSP_VF_ASSOCIATION:
		if (unlikely(conn->nv->isolated))
			goto unwanted;
		if (len < offsetofend(struct nvsp_msg, vf_association))
			goto malformed;
		if (netvsc_vf_host_association(conn->nv,
					       m.vf_association.allocated,
					       m.vf_association.serial,
					       conn->serial, tid,
					       wants_answer))
			return;
		break;
	case NVSP_SWITCH_DATA_PATH:
		if (len < offsetofend(struct nvsp_msg, switch_path) ||
		    m.switch_path.path > NVSP_PATH_VF)
			goto malformed;
		if (netvsc_vf_host_path(conn->nv, m.switch_path.path,
					conn->serial, tid, wants_answer))
			return;
		break;
	case NVSP_INDIRECTION_TABLE:
		if (!netvsc_nvsp_send_table(conn, msg, len, &m.indirection))
			goto malformed;
		break;
	default:
		netvsc_nvsp_bad(conn, "unknown message from the host", m.type,
				len);
	}
	goto answer;

unwanted:
	netvsc_count(conn->nv, host_malformed);
	if (netif_msg_rx_err(conn->nv) && net_ratelimit())
		netdev_err(conn->nv->ndev,
			   "Ignore VF_ASSOCIATION msg from the host supporting isolation\n");
	goto answer;
malformed:
	netvsc_nvsp_bad(conn, "malformed message from the host", m.type, len);
answer:
	if (wants_answer)
		netvsc_nvsp_ack(conn, tid);
}

/* The host has read an RNDIS control message of ours, or refused it. */
static int netvsc_nvsp_control_taken(struct netvsc_conn *conn, u64 tid,
				     const struct nvsp_msg *m, u32 len)
{
	if (len < offsetofend(struct nvsp_msg, rndis_pkt_complete) ||
	    m->type != NVSP_RNDIS_PKT_COMPLETE)
		return -EPROTO;

	return netvsc_request_taken(&conn->requests, tid,
				    m->rndis_pkt_complete.status ==
				    NVSP_STATUS_SUCCESS ? 0 : -EIO);
}

/**
 * netvsc_nvsp_completion() - the host completed something that is not a frame
 * @conn: on one of its channels
 * @tid: as the host gave it, not trusted
 * @msg: a copy that the host cannot reach
 * @len: bytes; 0 for a switch of the data path
 *
 * Context: NAPI.
 */
void netvsc_nvsp_completion(struct netvsc_conn *conn, u64 tid, const void *msg,
			    u32 len)
{
	struct nvsp_msg m = {};
	int err = -EPROTO;

	memcpy(&m, msg, min_t(u32, len, sizeof(m)));
	trace_nvsp_recv(conn->nv->ndev, m.type, len);

	switch (FIELD_GET(NETVSC_TID_TYPE, tid)) {
	case NETVSC_TID_NVSP:
		if (len >= sizeof(m.type))
			err = netvsc_request_answer_nvsp(&conn->requests, tid,
							 m.type, &m,
							 min_t(u32, len,
							       sizeof(m)));
		break;
	case NETVSC_TID_CONTROL:
		err = netvsc_nvsp_control_taken(conn, tid, &m, len);
		break;
	case NETVSC_TID_SWITCH:
		netvsc_vf_switch_done(conn->nv,
				      FIELD_GET(NETVSC_TID_SLOT, tid));
		err = 0;
		break;
	}

	if (err == -ENOENT) {
		netvsc_count(conn->nv, host_late);
		if (netif_msg_rx_err(conn->nv) && net_ratelimit())
			netdev_warn(conn->nv->ndev,
				    "nobody waits for the host's answer: NVSP message %u, id %llx\n",
				    m.type, tid);
	} else if (err) {
		netvsc_nvsp_bad(conn, "wrong answer from the host", m.type,
				len);
	}
}
