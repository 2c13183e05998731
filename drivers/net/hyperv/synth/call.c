// SPDX-License-Identifier: GPL-2.0
/* Who holds RTNL has conn work ask the host for something, and waits. */
#include <linux/completion.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>

#include "../netvsc.h"
#include "conn.h"

struct netvsc_call {
	struct work_struct work;
	struct netvsc *nv;
	int (*fn)(struct netvsc_conn *conn, const void *arg);
	const void *arg;
	int err;
	struct completion done;
};

static void netvsc_call_run(struct work_struct *work)
{
	struct netvsc_call *call = container_of(work, struct netvsc_call, work);
	struct netvsc_conn *conn = netvsc_conn_get(call->nv);

	if (conn) {
		call->err = call->fn(conn, call->arg);
		netvsc_conn_put(conn);
	}
	complete(&call->done);
}

/**
 * netvsc_call_host() - have conn work ask the host for something
 * @nv: the device
 * @fn: asks
 * @arg: for @fn
 *
 * Context: RTNL; conn work is as far away as netvsc_sync_rx_mode() says. Return:
 * what @fn does; -ENOTCONN without a connection: the one that comes is built from
 * the intent.
 */
int netvsc_call_host(struct netvsc *nv,
		     int (*fn)(struct netvsc_conn *conn, const void *arg),
		     const void *arg)
{
	struct netvsc_call call = {
		.nv = nv,
		.fn = fn,
		.arg = arg,
		.err = -ENOTCONN,
	};

	if (!rtnl_dereference(nv->conn))
		return -ENOTCONN;
	INIT_WORK_ONSTACK(&call.work, netvsc_call_run);
	init_completion(&call.done);
	queue_work(nv->conn_wq, &call.work);
	/* Not flush_work(): a bond asks from a queue that helps in reclaim. */
	wait_for_completion(&call.done);
	destroy_work_on_stack(&call.work);
	return call.err;
}
