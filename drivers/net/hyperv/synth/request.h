/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to the host: who waits for which answer, and until when. */
#ifndef _HV_NETVSC_REQUEST_H
#define _HV_NETVSC_REQUEST_H

#include <linux/completion.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define NETVSC_REQUESTS		8
#define NETVSC_MSG_MAX		2048	/* bytes of one RNDIS control message */
#define NETVSC_REQUESTS_BYTES	(NETVSC_REQUESTS * NETVSC_MSG_MAX)
#define NETVSC_ANSWER_MAX	1024	/* bytes of one answer */

enum netvsc_request_kind {
	NETVSC_REQUEST_NVSP,	/* answered under its VMBus transaction id */
	NETVSC_REQUEST_RNDIS,	/* answered under its RNDIS request id */
};

/**
 * struct netvsc_request - one question, at most one answer
 * @tid: VMBus transaction id; 0 while the slot is free
 * @id: RNDIS request id
 * @answer_type: NVSP or RNDIS message type that answers it
 * @gen: uses of this slot so far; part of @tid and @id
 * @waited: somebody waits for the answer
 * @on_bus: the host may still read @msg, so the slot cannot be used again
 * @err: 0, or why no answer will come
 * @done: answered or failed
 * @answer_len: bytes in @answer; 0 until answered
 * @msg: the RNDIS message, NETVSC_MSG_MAX bytes that do not cross a page
 * @answer: a copy. The slot owns it, so that an answer that comes too late
 *	never writes to a waiter's stack
 */
struct netvsc_request {
	u64 tid;
	u32 id;
	u32 answer_type;
	u32 gen;
	bool waited;
	bool on_bus;
	int err;
	struct completion done;
	u32 answer_len;
	void *msg;
	u8 answer[NETVSC_ANSWER_MAX] __aligned(8);
};

/**
 * struct netvsc_requests - the requests of one connection
 * @lock: innermost, BH off
 * @dead: no answer will come any more; set once
 * @gone: asked now and then during a wait: is the host gone?
 * @gone_arg: for @gone
 * @slot: the requests
 */
struct netvsc_requests {
	spinlock_t lock; /* all below */
	bool dead;
	bool (*gone)(void *arg);
	void *gone_arg;
	struct netvsc_request slot[NETVSC_REQUESTS];
};

void netvsc_requests_init(struct netvsc_requests *reqs, void *pages,
			  bool (*gone)(void *arg), void *gone_arg);
void netvsc_requests_kill(struct netvsc_requests *reqs);
bool netvsc_requests_idle(struct netvsc_requests *reqs);

struct netvsc_request *netvsc_request_new(struct netvsc_requests *reqs,
					  enum netvsc_request_kind kind,
					  u32 answer_type);
int netvsc_request_wait(struct netvsc_requests *reqs,
			struct netvsc_request *req, unsigned long timeout);
void netvsc_request_end(struct netvsc_requests *reqs,
			struct netvsc_request *req);
void netvsc_request_unsent(struct netvsc_requests *reqs,
			   struct netvsc_request *req);

int netvsc_request_answer_nvsp(struct netvsc_requests *reqs, u64 tid, u32 type,
			       const void *msg, u32 len);
int netvsc_request_answer_rndis(struct netvsc_requests *reqs, u32 id, u32 type,
				const void *msg, u32 len);
int netvsc_request_taken(struct netvsc_requests *reqs, u64 tid, int err);

#endif /* _HV_NETVSC_REQUEST_H */
