// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to the host.
 *
 * The host is free to answer late, twice, to a question that nobody asked, or
 * not at all. So a request is a slot with an id that is never used twice, the
 * slot keeps the answer, and a wait ends at its deadline. A slot whose message
 * the host may still read is not used again before the host has taken it.
 */
#include <linux/bitfield.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/string.h>

#include "../deadlines.h"
#include "request.h"
#include "tid.h"

#define NETVSC_ID_SLOT		GENMASK(7, 0)
#define NETVSC_ID_GEN		GENMASK(31, 8)

/**
 * netvsc_requests_init() - an empty table
 * @reqs: the table
 * @pages: NETVSC_REQUESTS_BYTES that the host may read, aligned to a message
 * @gone: looked at every NETVSC_RESCIND_POLL during a wait
 * @gone_arg: for @gone
 *
 * Context: any.
 */
void netvsc_requests_init(struct netvsc_requests *reqs, void *pages,
			  bool (*gone)(void *arg), void *gone_arg)
{
	int i;

	spin_lock_init(&reqs->lock);
	reqs->dead = false;
	reqs->gone = gone;
	reqs->gone_arg = gone_arg;
	for (i = 0; i < NETVSC_REQUESTS; i++) {
		struct netvsc_request *req = &reqs->slot[i];

		init_completion(&req->done);
		req->msg = pages + i * NETVSC_MSG_MAX;
	}
}

/**
 * netvsc_requests_kill() - fail every waiter now and every request to come
 * @reqs: the table
 *
 * Context: any but hard irq.
 */
void netvsc_requests_kill(struct netvsc_requests *reqs)
{
	int i;

	spin_lock_bh(&reqs->lock);
	reqs->dead = true;
	for (i = 0; i < NETVSC_REQUESTS; i++) {
		struct netvsc_request *req = &reqs->slot[i];

		if (req->waited && !req->answer_len) {
			req->err = -ENODEV;
			complete(&req->done);
		}
	}
	spin_unlock_bh(&reqs->lock);
}

static struct netvsc_request *netvsc_request_claim(struct netvsc_requests *reqs,
						   enum netvsc_request_kind kind,
						   u32 answer_type)
{
	struct netvsc_request *req;
	int i;

	if (reqs->dead)
		return ERR_PTR(-ENODEV);

	for (i = 0; i < NETVSC_REQUESTS; i++)
		if (!reqs->slot[i].tid)
			break;
	if (i == NETVSC_REQUESTS)
		return ERR_PTR(-EBUSY);

	req = &reqs->slot[i];
	req->gen++;
	req->tid = netvsc_tid(kind == NETVSC_REQUEST_RNDIS ?
			      NETVSC_TID_CONTROL : NETVSC_TID_NVSP,
			      req->gen, i);
	req->id = FIELD_PREP(NETVSC_ID_GEN, req->gen & 0xffffff) |
		  FIELD_PREP(NETVSC_ID_SLOT, i);
	req->answer_type = answer_type;
	req->waited = true;
	req->on_bus = kind == NETVSC_REQUEST_RNDIS;
	req->err = 0;
	req->answer_len = 0;
	reinit_completion(&req->done);
	return req;
}

/**
 * netvsc_request_new() - a slot for a question that will be asked
 * @reqs: the table
 * @kind: what names the answer
 * @answer_type: the only message type that answers
 *
 * The caller sends it under req->tid (an RNDIS message also with req->id),
 * then waits and ends it, or calls netvsc_request_unsent().
 *
 * Context: any but hard irq. Return: the request, or an ERR_PTR: -ENODEV after
 * netvsc_requests_kill(), -EBUSY while all slots are taken.
 */
struct netvsc_request *netvsc_request_new(struct netvsc_requests *reqs,
					  enum netvsc_request_kind kind,
					  u32 answer_type)
{
	struct netvsc_request *req;

	spin_lock_bh(&reqs->lock);
	req = netvsc_request_claim(reqs, kind, answer_type);
	spin_unlock_bh(&reqs->lock);
	return req;
}

/**
 * netvsc_request_wait() - wait for the answer
 * @reqs: the table
 * @req: sent
 * @timeout: jiffies
 *
 * Context: process, may sleep. Return: 0 with the answer in @req, -ETIMEDOUT,
 * -ENODEV if the host went away, or the error with which the host refused.
 */
int netvsc_request_wait(struct netvsc_requests *reqs,
			struct netvsc_request *req, unsigned long timeout)
{
	unsigned long end = jiffies + timeout;

	/*
	 * A rescind wakes the waiters of the VMBus core, not ours: look. A
	 * late look at the clock must not lose an answer that is there.
	 */
	while (!wait_for_completion_timeout(&req->done, NETVSC_RESCIND_POLL)) {
		if (reqs->gone(reqs->gone_arg))
			return -ENODEV;
		if (time_after(jiffies, end) && !completion_done(&req->done))
			return -ETIMEDOUT;
	}
	return req->err;
}

/**
 * netvsc_request_end() - nobody waits any more
 * @reqs: the table
 * @req: sent; its answer may not be looked at after this
 */
void netvsc_request_end(struct netvsc_requests *reqs,
			struct netvsc_request *req)
{
	spin_lock_bh(&reqs->lock);
	req->waited = false;
	if (!req->on_bus)
		req->tid = 0;
	spin_unlock_bh(&reqs->lock);
}

/**
 * netvsc_request_unsent() - the request never left
 * @reqs: the table
 * @req: not sent
 */
void netvsc_request_unsent(struct netvsc_requests *reqs,
			   struct netvsc_request *req)
{
	spin_lock_bh(&reqs->lock);
	req->on_bus = false;
	spin_unlock_bh(&reqs->lock);
	netvsc_request_end(reqs, req);
}

static int netvsc_request_answer(struct netvsc_request *req, u32 type,
				 const void *msg, u32 len)
{
	if (!req->waited || req->answer_len || req->err)
		return -ENOENT;
	if (type != req->answer_type || !len)
		return -EPROTO;
	if (len > NETVSC_ANSWER_MAX)
		return -EMSGSIZE;

	memcpy(req->answer, msg, len);
	req->answer_len = len;
	complete(&req->done);
	return 0;
}

static struct netvsc_request *netvsc_request_find(struct netvsc_requests *reqs,
						  u64 tid)
{
	u32 slot = FIELD_GET(NETVSC_TID_SLOT, tid);

	if (!tid || slot >= NETVSC_REQUESTS || reqs->slot[slot].tid != tid)
		return NULL;
	return &reqs->slot[slot];
}

/**
 * netvsc_request_answer_nvsp() - the host completed a transaction
 * @reqs: the table
 * @tid: as the host gave it
 * @type: NVSP type of the answer
 * @msg: the answer, a copy that the host cannot reach
 * @len: bytes
 *
 * Context: any but hard irq. Return: 0 if it woke a waiter; -ENOENT if nobody
 * waits for it (late, duplicate, made up), -EPROTO if the type is wrong,
 * -EMSGSIZE.
 */
int netvsc_request_answer_nvsp(struct netvsc_requests *reqs, u64 tid, u32 type,
			       const void *msg, u32 len)
{
	struct netvsc_request *req;
	int err = -ENOENT;

	spin_lock_bh(&reqs->lock);
	req = netvsc_request_find(reqs, tid);
	if (req)
		err = netvsc_request_answer(req, type, msg, len);
	spin_unlock_bh(&reqs->lock);
	return err;
}

/**
 * netvsc_request_answer_rndis() - the host answered a control message
 * @reqs: the table
 * @id: RNDIS request id, as the host gave it
 * @type: RNDIS type of the answer
 * @msg: the answer, a copy that the host cannot reach
 * @len: bytes
 *
 * Context and return: as netvsc_request_answer_nvsp().
 */
int netvsc_request_answer_rndis(struct netvsc_requests *reqs, u32 id, u32 type,
				const void *msg, u32 len)
{
	u32 slot = FIELD_GET(NETVSC_ID_SLOT, id);
	int err = -ENOENT;

	if (slot >= NETVSC_REQUESTS)
		return -ENOENT;

	spin_lock_bh(&reqs->lock);
	if (reqs->slot[slot].tid && reqs->slot[slot].id == id)
		err = netvsc_request_answer(&reqs->slot[slot], type, msg, len);
	spin_unlock_bh(&reqs->lock);
	return err;
}

/**
 * netvsc_request_taken() - the host has read a control message
 * @reqs: the table
 * @tid: as the host gave it
 * @err: 0, or why there will be no answer
 *
 * Context: any but hard irq. Return: 0, or -ENOENT if the host had nothing
 * of that name.
 */
int netvsc_request_taken(struct netvsc_requests *reqs, u64 tid, int err)
{
	struct netvsc_request *req;
	int ret = -ENOENT;

	spin_lock_bh(&reqs->lock);
	req = netvsc_request_find(reqs, tid);
	if (req && req->on_bus) {
		ret = 0;
		req->on_bus = false;
		if (!req->waited) {
			req->tid = 0;
		} else if (err && !req->answer_len && !req->err) {
			req->err = err;
			complete(&req->done);
		}
	}
	spin_unlock_bh(&reqs->lock);
	return ret;
}

/**
 * netvsc_requests_idle() - has the host taken every message?
 * @reqs: the table
 */
bool netvsc_requests_idle(struct netvsc_requests *reqs)
{
	bool idle = true;
	int i;

	spin_lock_bh(&reqs->lock);
	for (i = 0; i < NETVSC_REQUESTS; i++)
		idle &= !reqs->slot[i].on_bus;
	spin_unlock_bh(&reqs->lock);
	return idle;
}
