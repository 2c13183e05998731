// SPDX-License-Identifier: GPL-2.0
/* The bus in memory: what is open, established, in flight. */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "fake_host.h"
#include "fake_ring.h"
#include "synth/queue.h"

#define FAKE_HANDLE	0xe1e10		/* of the first GPADL */

static void fake_saw(struct fake_host *h, char what, u32 value)
{
	if (h->num_events == FAKE_EVENTS) {
		KUNIT_FAIL(h->test, "more events than there is room for");
		return;
	}
	h->event[h->num_events].what = what;
	h->event[h->num_events++].value = value;
}

/* What the host held back comes as soon as the driver does something else. */
static void fake_release_late(struct fake_host *h)
{
	struct fake_answer *late = h->late;

	if (!late)
		return;
	h->late = NULL;
	fake_host_deliver(h, late);
	kfree(late);
}

/* Every operation that may fail begins here. */
static int fake_op(struct fake_host *h, char what, u32 value)
{
	fake_release_late(h);
	if (h->gone)
		return -ENODEV;
	if (++h->ops == h->fail_op) {
		h->failed = (struct fake_event) { what, value };
		if (h->fail_err == -ENODEV)
			h->gone = true;
		return h->fail_err;
	}
	fake_saw(h, what, value);
	return 0;
}

/* Is it still allocated? Another user of the address has another size. */
bool fake_is_allocated(const void *base)
{
	const struct vm_struct *area = find_vm_area(base);

	return area && (get_vm_area_size(area) == FAKE_RECV_BYTES ||
			get_vm_area_size(area) == FAKE_MORE_BYTES ||
			get_vm_area_size(area) == FAKE_HALF_BYTES ||
			get_vm_area_size(area) == FAKE_SEND_BYTES);
}

static void fake_remember(struct fake_host *h, void *base)
{
	unsigned int i;

	for (i = 0; i < h->num_bases; i++)
		if (h->base[i] == base)
			return;
	KUNIT_ASSERT_LT(h->test, h->num_bases, FAKE_BASES);
	h->base[h->num_bases++] = base;
}

/* The host keeps it: the test frees it. */
static void fake_forget(struct fake_host *h, const void *base)
{
	unsigned int i;

	for (i = 0; i < h->num_bases; i++)
		if (h->base[i] == base)
			h->base[i] = h->base[--h->num_bases];
}

/* The next connection, with the same script. */
static void fake_next_conn(struct fake_host *h, struct netvsc_conn *conn)
{
	unsigned int i;

	if (h->conn_serial && h->conn_serial != conn->serial) {
		KUNIT_EXPECT_FALSE(h->test, h->open);
		for (i = 0; i < h->num_gpadls; i++)
			KUNIT_EXPECT_FALSE(h->test, h->gpadl[i].live);
		memset(h->gpadl, 0, sizeof(h->gpadl));
		h->num_gpadls = 0;
		h->version = 0;
		h->asked_version = 0;
		h->configured = 0;
		h->filter = 0;
		h->rsc = 0;
		memset(&h->rss, 0, sizeof(h->rss));
	}
	h->conn = conn;
	h->conn_serial = conn->serial;
}

static int fake_establish(struct netvsc_conn *conn, void *base, u32 bytes,
			  struct vmbus_gpadl *gpadl)
{
	struct fake_host *h = conn->bus_priv;
	int err;

	fake_next_conn(h, conn);
	KUNIT_EXPECT_TRUE(h->test, PAGE_ALIGNED(base));
	KUNIT_EXPECT_LT(h->test, h->num_gpadls, 2U);
	KUNIT_EXPECT_EQ(h->test, gpadl->gpadl_handle, 0U);
	if (h->no_memory && bytes > FAKE_HALF_BYTES)
		return -ENOMEM;
	if (++h->establishes == h->decrypted) {
		gpadl->decrypted = true;
		h->seen = base;
		return h->fail_err;
	}
	err = fake_op(h, 'e', bytes);
	if (err || h->num_gpadls == 2)
		return err;

	fake_remember(h, base);
	h->gpadl[h->num_gpadls].base = base;
	h->gpadl[h->num_gpadls].bytes = bytes;
	h->gpadl[h->num_gpadls].live = true;
	gpadl->gpadl_handle = FAKE_HANDLE + h->num_gpadls++;
	gpadl->size = bytes;
	gpadl->buffer = base;
	return 0;
}

static int fake_teardown(struct netvsc_conn *conn, struct vmbus_gpadl *gpadl)
{
	struct fake_host *h = conn->bus_priv;
	u32 i = gpadl->gpadl_handle - FAKE_HANDLE;

	KUNIT_EXPECT_FALSE_MSG(h->test, h->open,
			       "teardown while the channel is open");
	if (i >= h->num_gpadls || !h->gpadl[i].live) {
		KUNIT_FAIL(h->test, "teardown of GPADL 0x%x, which is none",
			   gpadl->gpadl_handle);
		return -EINVAL;
	}
	KUNIT_EXPECT_TRUE_MSG(h->test, fake_is_allocated(h->gpadl[i].base),
			      "freed before its teardown");
	fake_saw(h, 't', h->gpadl[i].bytes);
	h->gpadl[i].live = false;
	if (++h->teardowns == h->stuck_teardown) {
		h->gpadl[i].stuck = true;
		fake_forget(h, h->gpadl[i].base);
		return -EINVAL;
	}
	gpadl->gpadl_handle = 0;
	return 0;
}

static int fake_open_sub(struct fake_host *h, u16 index)
{
	int err;

	KUNIT_EXPECT_TRUE(h->test, h->open);
	KUNIT_EXPECT_FALSE(h->test, h->sub_open & BIT_ULL(index));
	err = fake_op(h, 'O', index);
	if (!err)
		h->sub_open |= BIT_ULL(index);
	return err;
}

static bool fake_has_room(struct fake_host *h, u16 index, u32 ring_bytes)
{
	if (h->no_room) {
		h->no_room--;
		return false;
	}
	return !h->no_room_from || index < h->no_room_from ||
	       (h->room && ring_bytes <= h->room);
}

static int fake_open(struct netvsc_chan *chan, u32 ring_bytes)
{
	struct fake_host *h = chan->conn->bus_priv;
	int err;

	KUNIT_EXPECT_PTR_EQ(h->test, chan->queue->chan, chan);
	h->ring_bytes[chan->index] = ring_bytes;
	if (!fake_has_room(h, chan->index, ring_bytes))
		return -ENOMEM;
	if (chan->index && h->late_offer) {
		h->late_offer = false;
		return -ENODEV;
	}
	if (chan->index)
		return fake_open_sub(h, chan->index);
	KUNIT_EXPECT_FALSE(h->test, h->open);
	err = fake_op(h, 'o', 0);
	if (!err) {
		fake_rings_show(h, true);
		h->open = true;
	}
	return err;
}

/* Return: the next message, or NULL if there is none or the channel closed. */
static struct fake_packet *fake_next(struct fake_host *h)
{
	struct fake_packet *pkt = NULL;

	spin_lock_bh(&h->lock);
	if (h->open)
		pkt = list_first_entry_or_null(&h->queue, struct fake_packet,
					       node);
	if (pkt)
		list_del(&pkt->node);
	spin_unlock_bh(&h->lock);
	return pkt;
}

static void fake_work(struct work_struct *work)
{
	struct fake_host *h = container_of(work, struct fake_host, work);
	struct fake_packet *pkt;

	while ((pkt = fake_next(h))) {
		fake_host_read(h, pkt);
		kfree(pkt);
	}
}

/* Nobody looks at its rings any more. */
static void fake_expect_quiet(struct fake_host *h, struct netvsc_chan *chan)
{
	KUNIT_EXPECT_TRUE_MSG(h->test, test_bit(NAPI_STATE_SCHED,
						&chan->queue->napi.state),
			      "queue %u is polled", chan->index);
	KUNIT_EXPECT_FALSE_MSG(h->test, timer_pending(&chan->retry) ||
			       timer_pending(&chan->tx.watch),
			       "channel %u has a timer", chan->index);
}

static void fake_close(struct netvsc_chan *chan)
{
	struct fake_host *h = chan->conn->bus_priv;
	struct fake_packet *pkt, *next;
	unsigned int i;

	KUNIT_EXPECT_TRUE(h->test, h->open);
	for (i = 0; i < h->nv->num_queues; i++)
		if (h->nv->queues[i].chan)
			fake_expect_quiet(h, h->nv->queues[i].chan);
	/* The host reads what was sent before it sees the close. */
	flush_work(&h->work);
	fake_release_late(h);

	if (!h->gone) {
		KUNIT_EXPECT_FALSE_MSG(h->test, h->rndis_up,
				       "closed without HALT");
		for (i = 0; i < h->num_gpadls; i++)
			KUNIT_EXPECT_FALSE_MSG(h->test, h->gpadl[i].announced,
					       "closed without a revoke");
	}
	fake_saw(h, 'c', 0);
	h->sub_open = 0;
	h->expecting = false;

	spin_lock_bh(&h->lock);
	h->open = false;
	fake_rings_show(h, false);
	spin_unlock_bh(&h->lock);
	cancel_work_sync(&h->work);
	list_for_each_entry_safe(pkt, next, &h->queue, node) {
		list_del(&pkt->node);
		kfree(pkt);
	}
	for (i = 0; i < h->num_gpadls; i++)
		h->gpadl[i].announced = false;
}

static void fake_expect_subs(struct netvsc_conn *conn)
{
	struct fake_host *h = conn->bus_priv;

	h->expecting = true;
}

static int fake_queue(struct fake_host *h, const struct fake_packet *from)
{
	struct fake_packet *pkt = kmemdup(from, sizeof(*from), GFP_ATOMIC);

	if (!pkt)
		return -EAGAIN;
	spin_lock_bh(&h->lock);
	if (h->open)
		list_add_tail(&pkt->node, &h->queue);
	spin_unlock_bh(&h->lock);
	if (!h->open) {
		KUNIT_FAIL(h->test, "sent while the channel is closed");
		kfree(pkt);
		return -ENODEV;
	}
	queue_work(system_unbound_wq, &h->work);
	return 0;
}

static int fake_send(struct netvsc_conn *conn, void *msg, u32 len, u64 tid,
		     bool wants_answer)
{
	struct fake_packet pkt = {
		.tid = tid, .len = len, .wants_answer = wants_answer,
	};
	struct fake_host *h = conn->bus_priv;
	u32 type = fake_u32(msg, 0);
	int err;

	KUNIT_EXPECT_EQ_MSG(h->test, len, 40U, "NVSP message %u", type);
	if (wants_answer)
		KUNIT_EXPECT_NE(h->test, tid, 0ULL);
	memcpy(pkt.msg, msg, min_t(u32, len, sizeof(pkt.msg)));

	err = fake_op(h, 'n', type);
	/* A revoke that does not get through was tried: the close follows. */
	if (err && (type == 103 || type == 106))
		h->gpadl[type == 106].announced = false;
	return err ?: fake_queue(h, &pkt);
}

/* What a control message is called in the list of events. */
static struct fake_event fake_name(struct fake_host *h, const void *msg)
{
	switch (fake_u32(msg, 0)) {
	case 2:
		return (struct fake_event) { 'i', 0 };
	case 3:
		return (struct fake_event) { 'h', 0 };
	case 4:
		return (struct fake_event) { 'q', fake_u32(msg, 12) };
	case 5:
		return (struct fake_event) { 's', fake_u32(msg, 12) };
	}
	KUNIT_FAIL(h->test, "RNDIS message 0x%x", fake_u32(msg, 0));
	return (struct fake_event) { '?', fake_u32(msg, 0) };
}

static int fake_send_control(struct netvsc_conn *conn, void *buf, u32 len,
			     u64 tid)
{
	struct fake_packet pkt = {
		.control = true, .wants_answer = true,
		.tid = tid, .len = len, .at = buf,
	};
	struct fake_host *h = conn->bus_priv;
	struct fake_event e = fake_name(h, buf);
	int err;

	KUNIT_EXPECT_NE(h->test, tid, 0ULL);
	KUNIT_EXPECT_LE_MSG(h->test, offset_in_hvpage(buf) + len,
			    HV_HYP_PAGE_SIZE, "control message in two pages");
	err = fake_op(h, e.what, e.value);
	if (err && e.what == 'h')
		h->rndis_up = false;
	return err ?: fake_queue(h, &pkt);
}

static int fake_complete(struct netvsc_conn *conn, u64 tid)
{
	struct fake_host *h = conn->bus_priv;

	KUNIT_EXPECT_TRUE_MSG(h->test, h->open,
			      "completion while the channel is closed");
	if (h->full)
		return -EAGAIN;
	h->completed++;
	h->completed_tid = tid;
	return 0;
}

static bool fake_rescinded(struct netvsc_conn *conn)
{
	struct fake_host *h = conn->bus_priv;

	return READ_ONCE(h->gone);
}

const struct netvsc_bus_ops fake_bus_ops = {
	.open		= fake_open,
	.close		= fake_close,
	.expect		= fake_expect_subs,
	.establish	= fake_establish,
	.teardown	= fake_teardown,
	.send		= fake_send,
	.complete	= fake_complete,
	.send_control	= fake_send_control,
	.rescinded	= fake_rescinded,
};

/* The host sends something by itself; in exactly @len bytes, for KASAN. */
void fake_host_says(struct fake_host *h, u64 tid, bool wants_answer,
		    const void *msg, u32 len)
{
	void *copy = kmemdup(msg, len, GFP_KERNEL);

	local_bh_disable();
	netvsc_nvsp_inband(h->conn, tid, wants_answer, copy, len);
	local_bh_enable();
	kfree(copy);
}

void fake_host_completes(struct fake_host *h, u64 tid, const void *msg,
			 u32 len)
{
	void *copy = kmemdup(msg, len, GFP_KERNEL);

	local_bh_disable();
	netvsc_nvsp_completion(h->conn, tid, copy, len);
	local_bh_enable();
	kfree(copy);
}

/* Forget what happened, on the same device; a new script begins. */
void fake_host_reset(struct fake_host *h, u32 max_version)
{
	KUNIT_EXPECT_FALSE(h->test, h->open);
	KUNIT_EXPECT_TRUE(h->test, list_empty(&h->queue));
	kfree(h->hit);
	memset_startat(h, 0, max_version);
	h->max_version = max_version;
	h->rss_entries = FAKE_RSS_ENTRIES;
	h->name = FAKE_NAME;
	spin_lock_init(&h->lock);
	INIT_LIST_HEAD(&h->queue);
	INIT_WORK(&h->work, fake_work);
	memset(&h->nv->counters, 0, sizeof(h->nv->counters));
}

struct netvsc_conn *fake_conn_new(struct fake_host *h)
{
	struct netvsc_conn *conn;

	conn = netvsc_conn_alloc(h->nv, &fake_bus_ops, h, &h->nv->intent);
	KUNIT_ASSERT_NOT_NULL(h->test, conn);
	return conn;
}

/*
 * The last reference; the host may have nothing left. The memory goes by and
 * by: fake_host_expect_freed() waits for that.
 */
void fake_conn_end(struct fake_host *h, struct netvsc_conn *conn)
{
	unsigned int i;

	netvsc_conn_put(conn);
	h->conn = NULL;

	KUNIT_EXPECT_FALSE_MSG(h->test, h->open, "still open");
	for (i = 0; i < h->nv->num_queues; i++)
		KUNIT_EXPECT_NULL(h->test, h->nv->queues[i].chan);
	KUNIT_EXPECT_NULL(h->test, h->late);
	for (i = 0; i < h->num_gpadls; i++)
		KUNIT_EXPECT_FALSE_MSG(h->test, h->gpadl[i].live,
				       "GPADL %u leaked", i);
}

/* All that the connections so far had is spare, or free, but for what is stuck. */
void fake_host_expect_freed(struct fake_host *h)
{
	unsigned int i;

	rcu_barrier();
	flush_workqueue(h->nv->conn_wq);
	netvsc_buffers_free(h->nv);
	for (i = 0; i < h->num_bases; i++)
		KUNIT_EXPECT_FALSE_MSG(h->test, fake_is_allocated(h->base[i]),
				       "buffer %u of %u not freed", i + 1,
				       h->num_bases);
	h->num_bases = 0;
}
