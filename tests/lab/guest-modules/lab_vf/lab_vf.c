// SPDX-License-Identifier: GPL-2.0
/*
 * A VF that misbehaves, for the scenarios that want one.
 *
 * The lab's VF is a vmxnet3. Its driver opens and closes at once, never
 * detaches its device, never hangs, and takes every MTU: unlike those of real
 * VFs. This stands between the network stack and that driver: the operations of
 * a vmxnet3 that comes are wrapped before it is registered. It stays as it was
 * wrapped until it goes, and so this module cannot be unloaded.
 *
 * What it is like is up to the module parameters, at any time; what happens to
 * it, up to commands that are written to /sys/kernel/debug/lab_vf.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

/* Where there is none, a device has no lock of its own. */
#if __has_include("net/netdev_lock.h")
#include <net/netdev_lock.h>
#define lab_vf_want_lock(dev)		((dev)->request_ops_lock = true)
#define lab_vf_has_lock(dev)		netdev_need_ops_lock(dev)
#else
#define netdev_lock_ops(dev)		((void)(dev))
#define netdev_unlock_ops(dev)		((void)(dev))
#define lab_vf_want_lock(dev)		((void)(dev))
#define lab_vf_has_lock(dev)		((void)(dev), false)
#endif

/* So many frames go to a ring that hangs until there is no more room. */
#define LAB_VF_RING		32

static unsigned int open_ms;
module_param(open_ms, uint, 0644);
MODULE_PARM_DESC(open_ms, "how long it takes to open");

static unsigned int stop_ms;
module_param(stop_ms, uint, 0644);
MODULE_PARM_DESC(stop_ms, "how long it takes to close");

static unsigned int largest_mtu;
module_param(largest_mtu, uint, 0644);
MODULE_PARM_DESC(largest_mtu, "a larger MTU is refused; 0: none is");

static unsigned int busy_ms;
module_param(busy_ms, uint, 0644);
MODULE_PARM_DESC(busy_ms, "so long a queue is stopped after each frame");

static bool ops_lock;
module_param(ops_lock, bool, 0644);
MODULE_PARM_DESC(ops_lock, "one that comes has its operations under its lock");

/**
 * struct lab_vf - the only one. RTNL, but where it says otherwise
 * @dev: NULL: none is there
 * @orig: the operations of its driver
 * @ops: the wrapped ones
 * @detached: by us, its driver has closed it
 * @hung: this queue does not move any more; -1: all do. Any context
 * @ring: what was put on the ring that hangs
 * @wake: ends @busy_ms
 * @twin: a second device on the same PCI function
 */
static struct lab_vf {
	struct net_device *dev;
	const struct net_device_ops *orig;
	struct net_device_ops ops;
	bool detached;
	int hung;
	struct sk_buff_head ring;
	struct delayed_work wake;
	struct net_device *twin;
} lab_vf = { .hung = -1 };

/*
 * vmxnet3 takes the lock by itself, around its NAPI. RTNL is held: nobody else
 * does anything to the device meanwhile.
 */
static int lab_vf_call_open(struct net_device *dev)
{
	int err;

	netdev_unlock_ops(dev);
	err = lab_vf.orig->ndo_open(dev);
	netdev_lock_ops(dev);
	return err;
}

static void lab_vf_call_stop(struct net_device *dev)
{
	netdev_unlock_ops(dev);
	lab_vf.orig->ndo_stop(dev);
	netdev_lock_ops(dev);
}

static int lab_vf_open(struct net_device *dev)
{
	msleep(open_ms);
	return lab_vf_call_open(dev);
}

static int lab_vf_stop(struct net_device *dev)
{
	msleep(stop_ms);
	cancel_delayed_work_sync(&lab_vf.wake);
	if (!lab_vf.detached)
		lab_vf_call_stop(dev);
	WRITE_ONCE(lab_vf.hung, -1);
	skb_queue_purge(&lab_vf.ring);
	return 0;
}

static int lab_vf_change_mtu(struct net_device *dev, int mtu)
{
	int err;

	if (largest_mtu && mtu > largest_mtu)
		return -EINVAL;
	netdev_unlock_ops(dev);
	err = lab_vf.orig->ndo_change_mtu(dev, mtu);
	netdev_lock_ops(dev);
	return err;
}

static netdev_tx_t lab_vf_hang(struct sk_buff *skb, struct netdev_queue *txq)
{
	skb_queue_tail(&lab_vf.ring, skb);
	if (skb_queue_len(&lab_vf.ring) >= LAB_VF_RING)
		netif_tx_stop_queue(txq);
	return NETDEV_TX_OK;
}

static netdev_tx_t lab_vf_xmit(struct sk_buff *skb, struct net_device *dev)
{
	unsigned int queue = skb_get_queue_mapping(skb);
	struct netdev_queue *txq = netdev_get_tx_queue(dev, queue);
	netdev_tx_t ret;

	if (READ_ONCE(lab_vf.hung) == queue)
		return lab_vf_hang(skb, txq);
	ret = lab_vf.orig->ndo_start_xmit(skb, dev);
	if (busy_ms && ret == NETDEV_TX_OK) {
		netif_tx_stop_queue(txq);
		schedule_delayed_work(&lab_vf.wake, msecs_to_jiffies(busy_ms));
	}
	return ret;
}

static void lab_vf_wake(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < lab_vf.dev->real_num_tx_queues; i++)
		if (i != READ_ONCE(lab_vf.hung))
			netif_tx_wake_queue(netdev_get_tx_queue(lab_vf.dev, i));
}

/*
 * As for a reset: the rings are gone, and nobody is told. The carrier's own bit
 * is set and cleared here, for the driver would make an event of it.
 */
static int lab_vf_detach(unsigned int ms)
{
	struct net_device *dev = lab_vf.dev;

	if (lab_vf.detached || !netif_running(dev))
		return -EBUSY;
	netdev_lock_ops(dev);
	netif_device_detach(dev);
	cancel_delayed_work_sync(&lab_vf.wake);
	set_bit(__LINK_STATE_NOCARRIER, &dev->state);
	lab_vf_call_stop(dev);
	clear_bit(__LINK_STATE_NOCARRIER, &dev->state);
	lab_vf.detached = true;
	msleep(ms);
	netdev_unlock_ops(dev);
	return 0;
}

static int lab_vf_attach(void)
{
	struct net_device *dev = lab_vf.dev;
	int err = 0;

	if (!lab_vf.detached)
		return -EINVAL;
	netdev_lock_ops(dev);
	if (netif_running(dev))
		err = lab_vf_call_open(dev);
	lab_vf.detached = false;
	netif_device_attach(dev);
	netdev_unlock_ops(dev);
	return err;
}

static int lab_vf_unhang(void)
{
	int queue = lab_vf.hung;

	if (queue < 0)
		return -EINVAL;
	WRITE_ONCE(lab_vf.hung, -1);
	skb_queue_purge(&lab_vf.ring);
	netif_tx_wake_queue(netdev_get_tx_queue(lab_vf.dev, queue));
	return 0;
}

/* Another port of the same function, which goes nowhere. */
static netdev_tx_t lab_twin_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops lab_twin_ops = {
	.ndo_start_xmit	= lab_twin_xmit,
};

static int lab_vf_add_twin(u8 offset)
{
	struct net_device *twin;
	u8 mac[ETH_ALEN];
	int err;

	if (lab_vf.twin)
		return -EBUSY;
	twin = alloc_etherdev(0);
	if (!twin)
		return -ENOMEM;
	twin->netdev_ops = &lab_twin_ops;
	twin->dev_port = 1;
	SET_NETDEV_DEV(twin, lab_vf.dev->dev.parent);
	ether_addr_copy(mac, lab_vf.dev->dev_addr);
	mac[ETH_ALEN - 1] += offset;
	eth_hw_addr_set(twin, mac);
	err = register_netdevice(twin);
	if (err)
		free_netdev(twin);
	else
		lab_vf.twin = twin;
	return err;
}

static int lab_vf_del_twin(void)
{
	if (!lab_vf.twin)
		return -EINVAL;
	lab_vf.twin->needs_free_netdev = true;
	unregister_netdevice(lab_vf.twin);
	lab_vf.twin = NULL;
	return 0;
}

/*
 * As mana's removal does: detached first, for a while, and closed before anybody
 * else gets RTNL.
 */
static int lab_vf_remove(unsigned int ms)
{
	struct device *parent;
	int err;

	err = lab_vf_detach(ms);
	if (err)
		return err;
	parent = get_device(lab_vf.dev->dev.parent);
	dev_close(lab_vf.dev);
	rtnl_unlock();
	device_release_driver(parent);
	put_device(parent);
	rtnl_lock();
	return 0;
}

static int lab_vf_do(const char *verb, unsigned int number)
{
	if (!lab_vf.dev)
		return -ENODEV;
	if (!strcmp(verb, "detach"))
		return lab_vf_detach(number);
	if (!strcmp(verb, "attach"))
		return lab_vf_attach();
	if (!strcmp(verb, "remove"))
		return lab_vf_remove(number);
	if (!strcmp(verb, "unhang"))
		return lab_vf_unhang();
	if (!strcmp(verb, "twin"))
		return lab_vf_add_twin(number);
	if (!strcmp(verb, "untwin"))
		return lab_vf_del_twin();
	if (strcmp(verb, "hang") || number >= lab_vf.dev->real_num_tx_queues)
		return -EINVAL;
	WRITE_ONCE(lab_vf.hung, number);
	return 0;
}

/*
 * detach MS, attach, remove MS: RTNL is held for so long
 * hang QUEUE, unhang
 * twin N, untwin: its MAC is the VF's plus N
 */
static ssize_t lab_vf_write(struct file *file, const char __user *user,
			    size_t len, loff_t *pos)
{
	unsigned int number = 0;
	char words[32] = "";
	char verb[8] = "";
	int err;

	if (len >= sizeof(words) || copy_from_user(words, user, len))
		return -EFAULT;
	if (sscanf(words, "%7s %u", verb, &number) < 1)
		return -EINVAL;
	rtnl_lock();
	err = lab_vf_do(verb, number);
	rtnl_unlock();
	return err ?: len;
}

static const struct file_operations lab_vf_fops = {
	.owner = THIS_MODULE,
	.write = lab_vf_write,
};

/* What a MANA does not have, and a vmxnet3 does. */
static void lab_vf_trim(struct net_device *dev)
{
	netdev_features_t lacks = NETIF_F_LRO | NETIF_F_HW_CSUM;

	dev->hw_features &= ~lacks;
	dev->features &= ~lacks;
	dev->wanted_features &= ~lacks;
	dev->hw_features |= NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM;
	dev->wanted_features |= NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM;
}

static void lab_vf_wrap(struct net_device *dev)
{
	lab_vf.dev = dev;
	lab_vf.detached = false;
	lab_vf.orig = dev->netdev_ops;
	lab_vf.ops = *dev->netdev_ops;
	lab_vf.ops.ndo_open = lab_vf_open;
	lab_vf.ops.ndo_stop = lab_vf_stop;
	lab_vf.ops.ndo_change_mtu = lab_vf_change_mtu;
	lab_vf.ops.ndo_start_xmit = lab_vf_xmit;
	/* No watchdog gets a hung ring moving again. */
	lab_vf.ops.ndo_tx_timeout = NULL;
	dev->netdev_ops = &lab_vf.ops;
	lab_vf_trim(dev);
	if (ops_lock)
		lab_vf_want_lock(dev);
	netdev_info(dev, "lab_vf: wrapped%s\n",
		    lab_vf_has_lock(dev) ? ", with its own lock" : "");
}

static bool lab_vf_is_one(const struct net_device *dev)
{
	return dev->netdev_ops != &lab_twin_ops && dev->dev.parent &&
	       dev_is_pci(dev->dev.parent) &&
	       !strcmp(dev_driver_string(dev->dev.parent), "vmxnet3");
}

static int lab_vf_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (event == NETDEV_POST_INIT && !lab_vf.dev && lab_vf_is_one(dev))
		lab_vf_wrap(dev);
	/* One that moves to another namespace unregisters for a moment, too. */
	if (event == NETDEV_UNREGISTER && dev == lab_vf.dev &&
	    dev->reg_state == NETREG_UNREGISTERING)
		lab_vf.dev = NULL;
	return NOTIFY_DONE;
}

/* Ahead of the driver, which has to find it as it will be. */
static struct notifier_block lab_vf_notifier = {
	.notifier_call = lab_vf_event,
	.priority = 1,
};

static int __init lab_vf_init(void)
{
	skb_queue_head_init(&lab_vf.ring);
	INIT_DELAYED_WORK(&lab_vf.wake, lab_vf_wake);
	debugfs_create_file("lab_vf", 0200, NULL, NULL, &lab_vf_fops);
	return register_netdevice_notifier(&lab_vf_notifier);
}
module_init(lab_vf_init);

MODULE_DESCRIPTION("A VF that misbehaves");
MODULE_LICENSE("GPL");
