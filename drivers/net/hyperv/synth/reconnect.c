// SPDX-License-Identifier: GPL-2.0
/*
 * Conn work's one kind of job: close the connection that there is, if there is
 * one, and build another, if one is wanted.
 *
 * One job is under way at a time, and its memory is part of the device: nothing
 * here can fail for want of it. Whoever asks for another connection holds RTNL
 * and waits for at most NETVSC_CONN_RTNL. If the host is slower, the asker
 * leaves with an error, conn work goes on, and bond work takes what it brings.
 * The intent did not change for an asker who left: a connection that is not
 * what the intent says is closed again, unseen, and the intent's is built. If
 * the host does not answer for that one either, it is asked again by and by:
 * eth<n> is never left for dead.
 */
#include <linux/completion.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>

#include "../deadlines.h"
#include "../netvsc.h"
#include "../vf/vf.h"
#include "conn.h"
#include "synth.h"

static void netvsc_conn_end(struct netvsc_conn *conn)
{
	netvsc_conn_stop(conn);
	netvsc_conn_put(conn);
}

static bool netvsc_same_intent(const struct netvsc_intent *a,
			       const struct netvsc_intent *b)
{
	/* Numbers of one size: there is nothing between them. */
	return !memcmp(a, b, sizeof(*a));
}

static struct netvsc_conn *netvsc_build(struct netvsc *nv,
					const struct netvsc_intent *params,
					int *err)
{
	struct netvsc_conn *conn;

	conn = netvsc_conn_alloc(nv, nv->job.bus, nv->job.bus_priv, params);
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

/* Conn work. What the intent says has been taken before, as it is. */
static void netvsc_job_build(struct netvsc *nv)
{
	struct netvsc_job *job = &nv->job;
	int err;

	if (netvsc_same_intent(&job->want, &job->good)) {
		job->conn = netvsc_build(nv, &job->want, &job->err);
		return;
	}
	job->conn = netvsc_build_exact(nv, &job->want, &job->err);
	if (!job->conn && job->err != -ENODEV)
		job->conn = netvsc_build(nv, &job->good, &err);
}

static void netvsc_job_run(struct work_struct *work)
{
	struct netvsc *nv = container_of(work, struct netvsc, job.work);
	struct netvsc_job *job = &nv->job;

	if (job->old)
		netvsc_conn_end(job->old);
	job->old = NULL;
	if (job->build)
		netvsc_job_build(nv);

	if (atomic_cmpxchg(&job->state, NETVSC_JOB_AWAITED,
			   NETVSC_JOB_DONE) == NETVSC_JOB_AWAITED)
		complete(&job->done);
	else
		queue_work(nv->bond_wq, &job->late);
}

/* The only one who may: no job is under way. @want: NULL to close only. */
static void netvsc_job_start(struct netvsc *nv, struct netvsc_conn *old,
			     const struct netvsc_intent *want,
			     enum netvsc_job_state state)
{
	struct netvsc_job *job = &nv->job;

	job->old = old;
	job->build = want;
	if (want)
		job->want = *want;
	job->good = nv->intent;
	job->conn = NULL;
	job->err = 0;
	reinit_completion(&job->done);
	atomic_set(&job->state, state);
	queue_work(nv->conn_wq, &job->work);
}

/**
 * netvsc_withdraw() - have nobody use the connection any more
 * @nv: the device
 *
 * Context: RTNL. Return: the connection, for conn work to close; NULL if there
 * is none.
 */
struct netvsc_conn *netvsc_withdraw(struct netvsc *nv)
{
	struct netvsc_conn *conn = rtnl_dereference(nv->conn);

	if (conn)
		netvsc_vf_conn_down(nv);
	/* The VF goes on; without one nothing of ours has to be dropped. */
	if (!rtnl_dereference(nv->tx_vf))
		netif_tx_disable(nv->ndev);
	RCU_INIT_POINTER(nv->conn, NULL);
	synchronize_net();
	netvsc_vf_conn_gone(nv);
	/* A poll that saw the old connection may have woken a queue. */
	if (!rtnl_dereference(nv->tx_vf))
		netif_tx_disable(nv->ndev);
	return conn;
}

/*
 * RTNL: give the connection to conn work. What a host without RSC could not be
 * told, the next one may be: in its handshake, so that nobody has to ask it under
 * RTNL.
 */
static void netvsc_job_replace(struct netvsc *nv,
			       const struct netvsc_intent *want,
			       enum netvsc_job_state state)
{
	const netdev_features_t lro = NETIF_F_LRO | NETIF_F_RXCSUM;
	struct netvsc_intent params = *want;

	params.lro = (nv->ndev->wanted_features & lro) == lro &&
		     !rtnl_dereference(nv->xdp_prog);
	nv->intent.lro = params.lro;
	nv->job.busy = true;
	netvsc_job_start(nv, netvsc_withdraw(nv), &params, state);
}

/* RTNL: conn work is done, and what it brought is what the intent will be. */
static void netvsc_job_commit(struct netvsc *nv)
{
	struct netvsc_conn *conn = nv->job.conn;

	nv->job.busy = false;
	nv->job.conn = NULL;
	if (!conn) {
		netdev_err(nv->ndev, "unable to connect to NetVSP - %d\n",
			   nv->job.err);
		if (nv->job.err != -ENODEV)
			queue_delayed_work(nv->bond_wq, &nv->retry_work,
					   NETVSC_CONN_RETRY);
		netvsc_link_refresh(nv);
		return;
	}

	nv->intent = conn->params;
	netvsc_set_queues(nv, conn);
	netvsc_change_host_features(nv, conn);
	rcu_assign_pointer(nv->conn, conn);
	netvsc_link_set(nv, conn);
	/* Also for an open that came while there was no connection. */
	if (netif_running(nv->ndev)) {
		mod_delayed_work(nv->conn_wq, &nv->rx_mode_work, 0);
		netif_tx_wake_all_queues(nv->ndev);
	}
	/* Ahead of what the VF's driver may tell of it when it gets other features. */
	netvsc_vf_conn_up(nv);
	netdev_update_features(nv->ndev);
}

/*
 * Bond work: nobody waits for the result. A device that is gone leaves it to
 * netvsc_disconnect().
 */
static void netvsc_job_late(struct work_struct *work)
{
	struct netvsc *nv = container_of(work, struct netvsc, job.late);
	struct netvsc_conn *conn = nv->job.conn;

	rtnl_lock();
	if (!nv->gone) {
		if (conn && !netvsc_same_intent(&conn->params, &nv->intent))
			netvsc_job_start(nv, conn, &nv->intent,
					 NETVSC_JOB_ABANDONED);
		else
			netvsc_job_commit(nv);
	}
	rtnl_unlock();
}

/* Bond work: nobody waits for this one. */
static void netvsc_retry(struct work_struct *work)
{
	struct netvsc *nv = container_of(to_delayed_work(work), struct netvsc,
					 retry_work);
	const struct netvsc_conn *conn;

	rtnl_lock();
	conn = rtnl_dereference(nv->conn);
	if (!nv->gone && !nv->job.busy && (!conn || READ_ONCE(conn->stuck)))
		netvsc_job_replace(nv, &nv->intent, NETVSC_JOB_ABANDONED);
	rtnl_unlock();
}

/**
 * netvsc_reconnect_init() - before the first connection
 * @nv: the device
 * @bus: how to reach the host; the KUnit suites bring their own
 * @bus_priv: for @bus
 */
void netvsc_reconnect_init(struct netvsc *nv, const struct netvsc_bus_ops *bus,
			   void *bus_priv)
{
	struct netvsc_job *job = &nv->job;

	INIT_WORK(&job->work, netvsc_job_run);
	INIT_WORK(&job->late, netvsc_job_late);
	init_completion(&job->done);
	job->bus = bus;
	job->bus_priv = bus_priv;
	INIT_DELAYED_WORK(&nv->retry_work, netvsc_retry);
}

/**
 * netvsc_reconnect() - change the connection for one built from @want
 * @nv: the device
 * @want: becomes the intent if the host takes it in time
 *
 * Context: RTNL; waits up to NETVSC_CONN_RTNL. Return: 0; -EBUSY while an
 * earlier one is not done; -ETIMEDOUT if conn work goes on without us, to come
 * back to the intent as it is; else the error with which @want failed, with the
 * last good connection restored.
 */
int netvsc_reconnect(struct netvsc *nv, const struct netvsc_intent *want)
{
	struct netvsc_job *job = &nv->job;

	if (job->busy)
		return -EBUSY;
	netvsc_job_replace(nv, want, NETVSC_JOB_AWAITED);

	if (!wait_for_completion_timeout(&job->done, NETVSC_CONN_RTNL)) {
		if (atomic_cmpxchg(&job->state, NETVSC_JOB_AWAITED,
				   NETVSC_JOB_ABANDONED) ==
		    NETVSC_JOB_AWAITED) {
			netdev_warn(nv->ndev,
				    "host is slow to reconnect, going on in the background\n");
			return -ETIMEDOUT;
		}
		/* Just now. */
		wait_for_completion(&job->done);
	}
	netvsc_job_commit(nv);
	return job->err;
}

/**
 * netvsc_reconnect_wish() - somebody would like to have a connection
 * @nv: without one
 *
 * A job that is under way brings one. Without a job the next try is now.
 *
 * Context: RTNL.
 */
void netvsc_reconnect_wish(struct netvsc *nv)
{
	if (!nv->job.busy)
		mod_delayed_work(nv->bond_wq, &nv->retry_work, 0);
}

/**
 * netvsc_reconnect_stuck() - a connection is of no use any more
 * @conn: that sends, or is on its way out; another one takes its place
 *
 * Context: any.
 */
void netvsc_reconnect_stuck(struct netvsc_conn *conn)
{
	struct netvsc *nv = conn->nv;

	WRITE_ONCE(conn->stuck, true);
	mod_delayed_work(nv->bond_wq, &nv->retry_work, 0);
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
	struct netvsc_job *job = &nv->job;
	struct netvsc_conn *conn;

	nv->probing = true;
	netvsc_job_start(nv, NULL, &nv->intent, NETVSC_JOB_AWAITED);
	wait_for_completion(&job->done);
	conn = job->conn;
	job->conn = NULL;
	return conn ?: ERR_PTR(job->err);
}

/**
 * netvsc_disconnect() - close the last connection of a device
 * @nv: gone, so that no job can begin
 * @conn: not published any more, no sender left; or NULL: if a job brought one
 *	that nobody took, that one
 *
 * Context: process, without RTNL. Waits, as netvsc_connect().
 */
void netvsc_disconnect(struct netvsc *nv, struct netvsc_conn *conn)
{
	struct netvsc_job *job = &nv->job;

	flush_workqueue(nv->conn_wq);
	flush_workqueue(nv->bond_wq);
	if (!conn)
		conn = job->conn;
	if (conn) {
		netvsc_job_start(nv, conn, NULL, NETVSC_JOB_AWAITED);
		wait_for_completion(&job->done);
	}
	/* For a device that is suspended: its next job can begin. */
	job->busy = false;
}
