/* SPDX-License-Identifier: GPL-2.0 */
/* Pools of pages, as newer kernels have them. For compat.h only. */
#ifndef _HV_NETVSC_COMPAT_POOL_H
#define _HV_NETVSC_COMPAT_POOL_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kconfig.h>
#include <linux/slab.h>
#include <linux/skbuff.h>
#include <net/xdp.h>

#if defined(HAVE_SKB_MARK_FOR_RECYCLE) && defined(HAVE_XDP_RETURN_BUFF) && \
	IS_ENABLED(CONFIG_PAGE_POOL)
#define HAVE_POOL_RECYCLES
#endif

#if !defined(HAVE_POOL_RECYCLES) || !defined(HAVE_PAGE_POOL_NETDEV)
struct netvsc_compat_pool_params {
	unsigned int pool_size;
	int nid;
	struct net_device *netdev;
};
#endif

/*
 * Pages that go up the stack do not come back, or those that a program drops
 * cannot be given back: a pool that counts them would be of no use. These come
 * from the page allocator.
 *
 * The kernel's own header is read before its names become others.
 */
#ifndef HAVE_POOL_RECYCLES
#include <net/page_pool/helpers.h>

struct netvsc_compat_pool {
	int nid;
};

static inline struct netvsc_compat_pool *
netvsc_compat_pool_create(const struct netvsc_compat_pool_params *params)
{
	struct netvsc_compat_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->nid = params->nid;
	return pool;
}

static inline void netvsc_compat_pool_destroy(struct netvsc_compat_pool *pool)
{
	kfree(pool);
}

static inline struct page *
netvsc_compat_pool_alloc(struct netvsc_compat_pool *pool)
{
	return alloc_pages_node(pool->nid, GFP_ATOMIC | __GFP_NOWARN, 0);
}

/* All of a page for each piece. */
static inline struct page *
netvsc_compat_pool_alloc_frag(struct netvsc_compat_pool *pool,
			      unsigned int *offset, unsigned int size)
{
	*offset = 0;
	return netvsc_compat_pool_alloc(pool);
}

static inline int netvsc_compat_reg_mem_model(struct xdp_rxq_info *rxq)
{
	return xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_PAGE_SHARED, NULL);
}

static inline void netvsc_compat_return_buff(struct xdp_buff *xdp)
{
#ifdef HAVE_XDP_FRAGS
	const struct skb_shared_info *more = xdp_get_shared_info_from_buff(xdp);
	int i;

	for (i = 0; xdp_buff_has_frags(xdp) && i < more->nr_frags; i++)
		page_frag_free(skb_frag_address(&more->frags[i]));
#endif
	page_frag_free(xdp->data);
}

#define page_pool			netvsc_compat_pool
#define page_pool_params		netvsc_compat_pool_params
#define page_pool_create		netvsc_compat_pool_create
#define page_pool_destroy		netvsc_compat_pool_destroy
#define page_pool_dev_alloc_pages	netvsc_compat_pool_alloc
#define page_pool_dev_alloc_frag	netvsc_compat_pool_alloc_frag
#define skb_mark_for_recycle(skb)	((void)(skb))
#define xdp_return_buff			netvsc_compat_return_buff
#define xdp_rxq_info_reg_mem_model(rxq, type, pool)			\
	((void)(pool), netvsc_compat_reg_mem_model(rxq))

/* Nobody asks whose a pool is; but some do whether pages come in pieces. */
#elif !defined(HAVE_PAGE_POOL_NETDEV)
#include <net/page_pool/helpers.h>

/* Of pages that are larger the driver wants pieces. */
#if defined(HAVE_PAGE_POOL_FRAG_FLAG) && PAGE_SHIFT > 12
#define NETVSC_COMPAT_POOL_FLAGS	PP_FLAG_PAGE_FRAG
#else
#define NETVSC_COMPAT_POOL_FLAGS	0
#endif

static inline struct page_pool *
netvsc_compat_pool_create(const struct netvsc_compat_pool_params *want)
{
	struct page_pool_params params = {
		.flags = NETVSC_COMPAT_POOL_FLAGS,
		.pool_size = want->pool_size,
		.nid = want->nid,
	};

	return page_pool_create(&params);
}

#define page_pool_params		netvsc_compat_pool_params
#define page_pool_create		netvsc_compat_pool_create
#endif

#endif /* _HV_NETVSC_COMPAT_POOL_H */
