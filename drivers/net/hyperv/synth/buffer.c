// SPDX-License-Identifier: GPL-2.0
/*
 * The receive buffer and the send buffer.
 *
 * Their memory outlives a connection: the next one takes it over, so that it
 * needs none at a time when there may be none.
 */
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include "../netvsc.h"
#include "buffer.h"
#include "conn.h"

/* Below this a buffer is not worth having. */
#define NETVSC_BUFFER_BYTES_MIN	SZ_256K

/**
 * netvsc_gpadl_held() - does the host still have the memory?
 * @gpadl: that was to be torn down, or failed to be established
 * @rescinded: the host took the device away, and all handles with it
 *
 * The bus loses some of its own errors, but not what it left behind.
 *
 * Context: any. Return: true: the host may write there, or others read it, so it
 * must be neither used again nor freed.
 */
bool netvsc_gpadl_held(const struct vmbus_gpadl *gpadl, bool rescinded)
{
	return gpadl->decrypted ||
	       (gpadl->gpadl_handle && !rescinded);
}

static bool netvsc_buffer_held(struct netvsc_conn *conn,
			       const struct netvsc_buffer *buf)
{
	return netvsc_gpadl_held(&buf->gpadl, conn->bus->rescinded(conn));
}

static void netvsc_spare_free(struct netvsc_spare *spare)
{
	vfree(spare->base);
	spare->base = NULL;
}

/* Of two, the one that has been of use is kept. */
static void netvsc_spare_put(struct netvsc_spare *spare,
			     struct netvsc_buffer *buf)
{
	if (spare->base) {
		vfree(buf->base);
	} else {
		spare->base = buf->base;
		spare->bytes = buf->bytes;
	}
	buf->base = NULL;
}

static bool netvsc_spare_get(struct netvsc_spare *spare, u32 bytes,
			     struct netvsc_buffer *buf)
{
	if (!spare->base || spare->bytes < bytes)
		return false;
	buf->base = spare->base;
	buf->bytes = spare->bytes;
	spare->base = NULL;
	return true;
}

/*
 * At least @bytes, at most @most. There is a line about it in the end; nobody
 * need be killed for it.
 */
static void netvsc_buffer_alloc(struct netvsc_buffer *buf,
				struct netvsc_spare *spare, u32 bytes,
				u32 most)
{
	if (spare->bytes <= most && netvsc_spare_get(spare, bytes, buf))
		return;
	buf->base = __vmalloc(bytes, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
			      __GFP_RETRY_MAYFAIL);
	/* One that is too large is better than none: the rest lies idle. */
	if (!buf->base)
		netvsc_spare_get(spare, bytes, buf);
	buf->bytes = bytes;
}

/*
 * What the bus fails to give a name is of use later, or for another connection;
 * not now if it is memory that was missing: a smaller one needs less of that.
 */
static int netvsc_buffer_establish(struct netvsc_conn *conn,
				   struct netvsc_buffer *buf,
				   struct netvsc_spare *spare, const char *name)
{
	int err;

	if (!buf->base)
		return -ENOMEM;
	err = conn->bus->establish(conn, buf->base, buf->bytes, &buf->gpadl);
	if (!err)
		return 0;

	netdev_err(conn->nv->ndev, "unable to establish %s buffer's gpadl\n",
		   name);
	if (!netvsc_buffer_held(conn, buf)) {
		if (err == -ENOMEM)
			vfree(buf->base);
		else
			netvsc_spare_put(spare, buf);
	}
	buf->base = NULL;
	return err;
}

/*
 * Where there is no memory for all of it, less has to do: the next one may get
 * it. What the last connection had is let go of only once this one has its own.
 */
static int netvsc_buffer_get(struct netvsc_conn *conn,
			     struct netvsc_buffer *buf,
			     struct netvsc_spare *spare, u32 want,
			     const char *name)
{
	u32 bytes = want;
	int err;

	netvsc_buffer_alloc(buf, spare, bytes, want);
	err = netvsc_buffer_establish(conn, buf, spare, name);
	while (err == -ENOMEM && bytes > NETVSC_BUFFER_BYTES_MIN) {
		bytes = PAGE_ALIGN(bytes / 2);
		netvsc_buffer_alloc(buf, spare, bytes, want);
		err = netvsc_buffer_establish(conn, buf, spare, name);
	}
	if (!err)
		netvsc_spare_free(spare);
	if (err == -ENOMEM)
		netdev_err(conn->nv->ndev,
			   "unable to allocate %s buffer of size %u\n", name,
			   bytes);
	else if (!err && buf->bytes < want)
		netdev_warn(conn->nv->ndev,
			    "no memory for a %s buffer of size %u, %u has to do\n",
			    name, want, buf->bytes);
	return err;
}

static void netvsc_buffer_put(struct netvsc_conn *conn,
			      struct netvsc_buffer *buf,
			      struct netvsc_spare *spare, const char *name)
{
	if (conn->bus->teardown(conn, &buf->gpadl) ||
	    netvsc_buffer_held(conn, buf)) {
		netdev_err(conn->nv->ndev,
			   "unable to teardown %s buffer's gpadl\n", name);
		buf->base = NULL;
		return;
	}
	netvsc_spare_put(spare, buf);
}

/**
 * netvsc_buffers_get() - have buffers that the host can be told of
 * @conn: about to open
 *
 * Context: conn work. Return: 0, or an errno with neither.
 */
int netvsc_buffers_get(struct netvsc_conn *conn)
{
	struct netvsc *nv = conn->nv;
	int err;

	err = netvsc_buffer_get(conn, &conn->recv, &nv->spare_recv,
				conn->params.recv_bytes, "receive");
	if (err)
		return err;
	err = netvsc_buffer_get(conn, &conn->send, &nv->spare_send,
				conn->params.send_bytes, "send");
	if (err)
		netvsc_buffer_put(conn, &conn->recv, &nv->spare_recv,
				  "receive");
	return err;
}

/**
 * netvsc_buffers_put() - leave them to the next connection
 * @conn: closed, without senders
 *
 * Context: conn work.
 */
void netvsc_buffers_put(struct netvsc_conn *conn)
{
	struct netvsc *nv = conn->nv;

	netvsc_buffer_put(conn, &conn->send, &nv->spare_send, "send");
	netvsc_buffer_put(conn, &conn->recv, &nv->spare_recv, "receive");
}

/**
 * netvsc_buffers_free() - there is no next connection
 * @nv: the device, without conn work
 *
 * Context: process.
 */
void netvsc_buffers_free(struct netvsc *nv)
{
	netvsc_spare_free(&nv->spare_recv);
	netvsc_spare_free(&nv->spare_send);
}
