// SPDX-License-Identifier: GPL-2.0
/*
 * K's jobs: build the first connection, change one for another, close the
 * last one.
 *
 * Whoever asks for another connection holds RTNL and waits for at most
 * NETVSC_CONN_RTNL. If the host is slower, the asker leaves with an error, K
 * goes on, and B commits what K brings. There is always a connection to go
 * back to: the one that the intent describes. If the host does not answer for
 * that one either, it is asked again by and by: eth<n> is never left for dead.
 */
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "conn.h"

enum netvsc_job_state {
	NETVSC_JOB_RUNNING,
	NETVSC_JOB_DONE,	/* the asker commits */
	NETVSC_JOB_ABANDONED,	/* B commits */
};

/**
 * struct netvsc_job - one change of connections
 * @work: K
 * @commit: B, if the asker has left
 * @ref: the asker's and K's
 * @state: enum netvsc_job_state; who sets it first decides who commits
 * @done: for the asker
 * @nv: the device
 * @old: to close first, or NULL
 * @want: to try
 * @good: to fall back to
 * @conn: the result, or NULL
 * @err: why @want failed
 */
struct netvsc_job {
	struct work_struct work;
	struct work_struct commit;
	struct kref ref;
	atomic_t state;
	struct completion done;
	struct netvsc *nv;
	struct netvsc_conn *old;
	struct netvsc_intent want;
	struct netvsc_intent good;
	struct netvsc_conn *conn;
	int err;
};

static void netvsc_job_release(struct kref *ref)
{
	kfree(container_of(ref, struct netvsc_job, ref));
}

static void netvsc_job_put(struct netvsc_job *job)
{
	kref_put(&job->ref, netvsc_job_release);
}

static void netvsc_conn_end(struct netvsc_conn *conn)
{
	netvsc_conn_stop(conn);
	netvsc_conn_put(conn);
}

static struct netvsc_conn *netvsc_build(struct netvsc *nv,
					const struct netvsc_intent *params,
					int *err)
{
	struct netvsc_conn *conn;

	conn = netvsc_conn_alloc(nv, &netvsc_vmbus_ops, NULL, params);
	*err = conn ? netvsc_conn_start(conn) : -ENOMEM;
	if (!*err)
		return conn;

	if (conn)
		netvsc_conn_put(conn);
	return NULL;
}

/* The host answers an MTU that is too large for it with a smaller one. */
static struct netvsc_conn *netvsc_build_exact(struct netvsc *nv,
					      const struct netvsc_intent *want,
					      int *err)
{
	struct netvsc_conn *conn = netvsc_build(nv, want, err);

	if (conn && conn->caps.max_mtu && conn->caps.max_mtu < want->mtu) {
		netdev_err(nv->ndev, "host takes no MTU above %u\n",
			   conn->caps.max_mtu);
		netvsc_conn_end(conn);
		*err = -EINVAL;
		conn = NULL;
	}
	return conn;
}

/* RTNL: K is done, one way or the other. */
static void netvsc_job_commit(struct netvsc_job *job)
{
	struct netvsc *nv = job->nv;
	struct netvsc_conn *conn = job->conn;

	nv->reconnecting = false;
	if (!conn) {
		netdev_err(nv->ndev, "unable to connect to NetVSP - %d\n",
			   job->err);
		netif_carrier_off(nv->ndev);
		if (job->err != -ENODEV)
			queue_delayed_work(nv->bond_wq, &nv->retry_work,
					   NETVSC_CONN_RETRY);
		return;
	}

	nv->intent = conn->params;
	rcu_assign_pointer(nv->conn, conn);
	netvsc_link_set(nv, conn);
	if (netif_running(nv->ndev)) {
		queue_work(nv->conn_wq, &nv->rx_mode_work);
		netif_tx_wake_all_queues(nv->ndev);
	}
	netdev_update_features(nv->ndev);
	netvsc_vf_conn_up(nv);
}

static void netvsc_job_run(struct work_struct *work)
{
	struct netvsc_job *job = container_of(work, struct netvsc_job, work);
	int err;

	if (job->old)
		netvsc_conn_end(job->old);
	job->conn = netvsc_build_exact(job->nv, &job->want, &job->err);
	if (!job->conn && job->err != -ENODEV)
		job->conn = netvsc_build(job->nv, &job->good, &err);

	if (atomic_cmpxchg(&job->state, NETVSC_JOB_RUNNING,
			   NETVSC_JOB_DONE) == NETVSC_JOB_RUNNING) {
		complete(&job->done);
		netvsc_job_put(job);
	} else {
		queue_work(job->nv->bond_wq, &job->commit);
	}
}

static int netvsc_job_start(struct netvsc *nv, const struct netvsc_intent *want,
			    enum netvsc_job_state state,
			    struct netvsc_job **asker);

/* B: the asker has left; its wish failed as far as the user knows. */
static void netvsc_job_commit_late(struct work_struct *work)
{
	struct netvsc_job *job = container_of(work, struct netvsc_job, commit);
	struct netvsc *nv = job->nv;

	rtnl_lock();
	if (nv->gone) {
		if (job->conn)
			netvsc_disconnect(nv, job->conn);
	} else {
		netvsc_job_commit(job);
		if (job->conn && nv->intent.mtu != nv->ndev->mtu)
			netvsc_job_start(nv, &job->good,
					 NETVSC_JOB_ABANDONED, NULL);
	}
	rtnl_unlock();
	netvsc_job_put(job);
}

/* RTNL: give the connection to K. @asker gets a reference to the job. */
static int netvsc_job_start(struct netvsc *nv, const struct netvsc_intent *want,
			    enum netvsc_job_state state,
			    struct netvsc_job **asker)
{
	struct netvsc_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return -ENOMEM;

	INIT_WORK(&job->work, netvsc_job_run);
	INIT_WORK(&job->commit, netvsc_job_commit_late);
	kref_init(&job->ref);
	atomic_set(&job->state, state);
	init_completion(&job->done);
	job->nv = nv;
	job->want = *want;
	job->good = nv->intent;
	job->old = rtnl_dereference(nv->conn);
	if (asker) {
		kref_get(&job->ref);
		*asker = job;
	}

	nv->reconnecting = true;
	netvsc_vf_conn_down(nv);
	/* The VF goes on; without one nothing of ours has to be dropped. */
	if (!rtnl_dereference(nv->tx_vf))
		netif_tx_disable(nv->ndev);
	RCU_INIT_POINTER(nv->conn, NULL);
	synchronize_net();
	/* A poll that saw the old connection may have woken a queue. */
	if (!rtnl_dereference(nv->tx_vf))
		netif_tx_disable(nv->ndev);
	queue_work(nv->conn_wq, &job->work);
	return 0;
}

/* B: nobody waits for this one. */
static void netvsc_retry(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 retry_work);

	rtnl_lock();
	if (!nv->gone && !nv->reconnecting && !rtnl_dereference(nv->conn) &&
	    netvsc_job_start(nv, &nv->intent, NETVSC_JOB_ABANDONED, NULL))
		queue_delayed_work(nv->bond_wq, &nv->retry_work,
				   NETVSC_CONN_RETRY);
	rtnl_unlock();
}

/**
 * netvsc_reconnect_init() - before the first connection
 * @nv: the device
 */
void netvsc_reconnect_init(struct netvsc *nv)
{
	INIT_DELAYED_WORK(&nv->retry_work, netvsc_retry);
}

/**
 * netvsc_reconnect() - change the connection for one built from @want
 * @nv: the device
 * @want: becomes the intent if the host takes it
 *
 * Context: RTNL; waits up to NETVSC_CONN_RTNL. Return: 0; -EBUSY while an
 * earlier one is not done; -ETIMEDOUT if K goes on without us; else the error
 * with which @want failed, with the last good connection restored.
 */
int netvsc_reconnect(struct netvsc *nv, const struct netvsc_intent *want)
{
	struct netvsc_job *job;
	int err;

	if (nv->reconnecting)
		return -EBUSY;
	err = netvsc_job_start(nv, want, NETVSC_JOB_RUNNING, &job);
	if (err)
		return err;

	wait_for_completion_timeout(&job->done, NETVSC_CONN_RTNL);
	if (atomic_cmpxchg(&job->state, NETVSC_JOB_RUNNING,
			   NETVSC_JOB_ABANDONED) == NETVSC_JOB_RUNNING) {
		netdev_warn(nv->ndev,
			    "host is slow to reconnect, going on in the background\n");
		err = -ETIMEDOUT;
	} else {
		netvsc_job_commit(job);
		err = job->err;
	}
	netvsc_job_put(job);
	return err;
}

struct netvsc_first {
	struct work_struct work;
	struct netvsc *nv;
	struct netvsc_conn *conn;
	int err;
};

static void netvsc_first_run(struct work_struct *work)
{
	struct netvsc_first *first = container_of(work, struct netvsc_first,
						  work);

	first->conn = netvsc_build(first->nv, &first->nv->intent, &first->err);
}

/**
 * netvsc_connect() - the first connection of a device
 * @nv: not registered yet
 *
 * Waits for as long as the VMBus core does: every step of ours has a deadline,
 * and probe holds nothing that others need.
 *
 * Context: process, without RTNL. Return: it, or an ERR_PTR.
 */
struct netvsc_conn *netvsc_connect(struct netvsc *nv)
{
	struct netvsc_first first = { .nv = nv };

	INIT_WORK_ONSTACK(&first.work, netvsc_first_run);
	queue_work(nv->conn_wq, &first.work);
	flush_work(&first.work);
	destroy_work_on_stack(&first.work);
	return first.err ? ERR_PTR(first.err) : first.conn;
}

struct netvsc_last {
	struct work_struct work;
	struct netvsc_conn *conn;
};

static void netvsc_last_run(struct work_struct *work)
{
	struct netvsc_last *last = container_of(work, struct netvsc_last, work);

	netvsc_conn_end(last->conn);
	kfree(last);
}

/**
 * netvsc_disconnect() - let K close a connection and drop its reference
 * @nv: the device
 * @conn: not published any more, no sender left
 *
 * Context: process. Does not wait; flush nv->conn_wq for that.
 */
void netvsc_disconnect(struct netvsc *nv, struct netvsc_conn *conn)
{
	struct netvsc_last *last = kzalloc(sizeof(*last),
					   GFP_KERNEL | __GFP_NOFAIL);

	INIT_WORK(&last->work, netvsc_last_run);
	last->conn = conn;
	queue_work(nv->conn_wq, &last->work);
}
