/* SPDX-License-Identifier: GPL-2.0 */
/* Network devices, as newer kernels have them. For compat.h only. */
#ifndef _HV_NETVSC_COMPAT_NETDEV_H
#define _HV_NETVSC_COMPAT_NETDEV_H

#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/timer.h>
#include <linux/u64_stats_sync.h>

/*
 * What keeps IPv6 off a VF; before it existed, IPv6 looked at IFF_SLAVE. And a
 * device that is up could not be renamed by udev, but for those of failover.
 */
#ifdef HAVE_IFF_LIVE_RENAME_OK
#ifdef HAVE_IFF_NO_ADDRCONF
#undef IFF_NO_ADDRCONF
#define IFF_NO_ADDRCONF			(IFF_NO_ADDRCONF | IFF_LIVE_RENAME_OK)
#else
#define IFF_NO_ADDRCONF			IFF_LIVE_RENAME_OK
#endif
#elif !defined(HAVE_IFF_NO_ADDRCONF)
#define IFF_NO_ADDRCONF			0
#endif

/*
 * A bond's ARP monitor looked at when the stack has last noted that a port's queue
 * sends, which it does with its own lock alone.
 */
#ifndef HAVE_BONDING_LAST_TX
#define NETVSC_F_LLTX			0
#elif !defined(HAVE_NETDEV_LLTX)
#define NETVSC_F_LLTX			NETIF_F_LLTX
#endif

#ifdef NETVSC_F_LLTX
#define lltx								\
	features |= NETVSC_F_LLTX, (bool){ false }
#endif

/*
 * The maps had no array. 0[&map] is the map, and no NIC has set if_port since
 * those with a plug for coaxial cable; nobody but netvsc_has_xps(ndev) looks.
 */
#ifndef HAVE_XPS_MAPS
#define xps_maps			if_port
#define XPS_CPUS			(&ndev->xps_cpus_map)
#define XPS_RXQS			(&ndev->xps_rxqs_map)
#endif

#ifndef HAVE_PRESENT_CONST
#define netif_device_present(dev)					\
	netif_device_present((struct net_device *)(dev))
#endif

#ifndef HAVE_NAPI_ADD_WITHOUT_WEIGHT
#define netif_napi_add(dev, napi, poll)					\
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT)
#endif

#ifndef HAVE_NETDEV_HOLD
#ifndef HAVE_NETDEVICE_TRACKER
struct netvsc_compat_tracker {
};

#define netdevice_tracker		struct netvsc_compat_tracker
#endif

static inline void netdev_hold(struct net_device *dev, void *tracker,
			       gfp_t gfp)
{
	dev_hold(dev);
}

static inline void netdev_put(struct net_device *dev, void *tracker)
{
	dev_put(dev);
}
#endif

/* Which the other one wraps into an RTNL that it takes. */
#ifndef HAVE_NOTIFY_PEERS_LOCKED
static inline void __netdev_notify_peers(struct net_device *dev)
{
	ASSERT_RTNL();
	call_netdevice_notifiers(NETDEV_NOTIFY_PEERS, dev);
	call_netdevice_notifiers(NETDEV_RESEND_IGMP, dev);
}
#endif

/* What the stack makes was never longer than what a device takes. */
#ifndef HAVE_TSO_MAX_SIZE
#define tso_max_size			gso_max_size

static inline void netif_set_tso_max_size(struct net_device *dev,
					  unsigned int size)
{
	/* As the newer one: what the user has lowered stays so. */
	if (size < dev->gso_max_size)
		netif_set_gso_max_size(dev, size);
}
#endif
#ifndef HAVE_GSO_LEGACY_MAX_SIZE
#define GSO_LEGACY_MAX_SIZE		65536u
#endif

#ifndef HAVE_DQL_MIN_LIMIT
static inline void netdev_queue_set_dql_min_limit(struct netdev_queue *txq,
						  unsigned int bytes)
{
#ifdef CONFIG_BQL
	txq->dql.min_limit = bytes;
#endif
}
#endif

#ifndef HAVE_ETH_HW_ADDR_SET
static inline void eth_hw_addr_set(struct net_device *dev, const u8 *addr)
{
	ether_addr_copy(dev->dev_addr, addr);
}
#endif

/* What is longer than an Ethernet address no struct sockaddr can hold. */
#ifndef HAVE_MAC_OF_ANY_SIZE
#define dev_set_mac_address(dev, addr, extack)				\
	dev_set_mac_address(dev, (struct sockaddr *)(addr), extack)
#endif

/*
 * A message for the user was a constant, which it had to outlive. These texts take
 * turns: one is told to its user before fifteen others were wrong, too.
 */
#ifndef HAVE_EXTACK_FMT
#define NETVSC_COMPAT_TEXTS		16
#define NETVSC_COMPAT_TEXT		80

#define NL_SET_ERR_MSG_FMT(extack, fmt, ...)				\
do {									\
	static char netvsc_texts[NETVSC_COMPAT_TEXTS][NETVSC_COMPAT_TEXT]; \
	static atomic_t netvsc_turn;					\
	struct netlink_ext_ack *netvsc_ack = (extack);			\
	char *netvsc_text = netvsc_texts[(u32)atomic_inc_return(&netvsc_turn) % \
					 NETVSC_COMPAT_TEXTS];		\
									\
	if (netvsc_ack) {						\
		snprintf(netvsc_text, NETVSC_COMPAT_TEXT, fmt,		\
			 ##__VA_ARGS__);				\
		netvsc_ack->_msg = netvsc_text;				\
	}								\
} while (0)
#endif

/* Of 32 bits, a reader has to keep the writers of its own CPU out. */
#ifdef HAVE_U64_STATS_IRQ
#define u64_stats_fetch_begin		u64_stats_fetch_begin_irq
#define u64_stats_fetch_retry		u64_stats_fetch_retry_irq
#endif

#ifndef HAVE_TIMER_CONTAINER_OF
#define timer_container_of		from_timer
#endif
#ifndef HAVE_TIMER_DELETE_SYNC
#define timer_delete_sync		del_timer_sync
#endif

#ifndef HAVE_QUEUE_SET_NAPI
enum netdev_queue_type {
	NETDEV_QUEUE_TYPE_RX,
	NETDEV_QUEUE_TYPE_TX,
};

static inline void netif_queue_set_napi(struct net_device *dev,
					unsigned int queue_index,
					enum netdev_queue_type type,
					struct napi_struct *napi)
{
}
#endif

#endif /* _HV_NETVSC_COMPAT_NETDEV_H */
