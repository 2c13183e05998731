// SPDX-License-Identifier: GPL-2.0
/* The VMBus driver: a NIC comes and goes. */
#include <linux/etherdevice.h>
#include <linux/hyperv.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/mshyperv.h>

#include "netvsc.h"
#include "synth/conn.h"
#include "synth/queue.h"
#include "synth/shared.h"
#include "synth/synth.h"
#include "vf/vf.h"

#define NETVSC_RING_PAGES	128	/* both rings of a channel */
#define NETVSC_RING_PAGES_MIN	64
#define NETVSC_RING_PAGES_MAX	1024	/* no larger piece of memory is had */
#define NETVSC_RECV_BYTES	SZ_16M
#define NETVSC_SEND_BYTES	SZ_1M
#define NETVSC_CHANNELS		16	/* if the stack does not want more */

static unsigned int ring_size __ro_after_init = NETVSC_RING_PAGES;
module_param(ring_size, uint, 0444);
MODULE_PARM_DESC(ring_size,
		 "Ring buffers of a channel, both together (# of 4K pages)");

static int debug = -1;
module_param(debug, int, 0444);
MODULE_PARM_DESC(debug, "Debug level (0=none,...,16=all)");

LIST_HEAD(netvsc_devices);

static int netvsc_alloc_queues(struct netvsc *nv)
{
	unsigned int i;

	nv->num_queues = min_t(unsigned int, num_possible_cpus(),
			       NETVSC_MAX_CHANNELS);
	nv->queues = kvcalloc(nv->num_queues, sizeof(*nv->queues), GFP_KERNEL);
	if (!nv->queues)
		return -ENOMEM;

	for (i = 0; i < nv->num_queues; i++)
		netvsc_queue_init(nv, i);
	return 0;
}

static void netvsc_free_queues(struct netvsc *nv)
{
	unsigned int i;

	for (i = 0; i < nv->num_queues; i++)
		netif_napi_del(&nv->queues[i].napi);
	kvfree(nv->queues);
}

static int netvsc_alloc_workqueues(struct netvsc *nv)
{
	const char *name = dev_name(&nv->hdev->device);

	/* Of the GUID no more than what WQ_NAME_LEN of old kernels has room for. */
	nv->conn_wq = alloc_ordered_workqueue("netvsc_conn/%.11s", 0, name);
	if (!nv->conn_wq)
		return -ENOMEM;
	/* Traffic waits for it, on CPUs that senders keep busy. */
	nv->bond_wq = alloc_ordered_workqueue("netvsc_bond/%.11s", WQ_HIGHPRI,
					      name);
	if (!nv->bond_wq) {
		destroy_workqueue(nv->conn_wq);
		return -ENOMEM;
	}
	return 0;
}

/* Connections are freed by conn work, after an RCU grace period. */
static void netvsc_free_workqueues(struct netvsc *nv)
{
	destroy_workqueue(nv->bond_wq);
	rcu_barrier();
	destroy_workqueue(nv->conn_wq);
}

/*
 * In a VM that keeps its memory from the host it is the bus that shares buffers
 * and rings, and says whether it could undo that. TDX without a paravisor cannot
 * share what vmalloc gives.
 */
static int netvsc_check_host(struct hv_device *hdev)
{
	if (hv_isolation_type_tdx() && !ms_hyperv.paravisor_present) {
		dev_err(&hdev->device,
			"confidential VMs are not supported on this kernel\n");
		return -EOPNOTSUPP;
	}
	return 0;
}

static u32 netvsc_default_channels(void)
{
	u32 want = max(netif_get_num_default_rss_queues(), NETVSC_CHANNELS);

	return min(want, num_online_cpus());
}

static u32 netvsc_default_ring_bytes(void)
{
	return max_t(u32, PAGE_ALIGN(ring_size * HV_HYP_PAGE_SIZE),
		     NETVSC_RING_BYTES_MIN);
}

static struct netvsc *netvsc_alloc(struct hv_device *hdev)
{
	struct net_device *ndev;
	struct netvsc *nv;

	ndev = alloc_etherdev_mq(sizeof(*nv), NETVSC_MAX_CHANNELS);
	if (!ndev)
		return NULL;

	SET_NETDEV_DEV(ndev, &hdev->device);
	nv = netdev_priv(ndev);
	nv->ndev = ndev;
	nv->hdev = hdev;
	nv->msg_enable = netif_msg_init(debug, NETIF_MSG_DRV | NETIF_MSG_PROBE |
					NETIF_MSG_LINK | NETIF_MSG_IFUP |
					NETIF_MSG_IFDOWN | NETIF_MSG_RX_ERR |
					NETIF_MSG_TX_ERR);
	nv->intent = (struct netvsc_intent) {
		.mtu = ndev->mtu,
		.channels = netvsc_default_channels(),
		.ring_bytes = netvsc_default_ring_bytes(),
		.recv_bytes = NETVSC_RECV_BYTES,
		.send_bytes = NETVSC_SEND_BYTES,
		.lro = 1,
	};
	netvsc_rss_init(&nv->intent.rss);
	if (hv_is_isolation_supported())
		netvsc_isolate(nv);
	netvsc_netdev_init(nv);
	netvsc_link_init(nv);
	netvsc_reconnect_init(nv, &netvsc_vmbus_ops, NULL);
	netvsc_subchans_init(nv);

	if (netvsc_alloc_workqueues(nv))
		goto free_netdev;
	if (netvsc_alloc_queues(nv))
		goto free_workqueues;
	if (netvsc_vf_init(nv))
		goto free_queues;
	return nv;

free_queues:
	netvsc_free_queues(nv);
free_workqueues:
	netvsc_free_workqueues(nv);
free_netdev:
	free_netdev(ndev);
	return NULL;
}

static void netvsc_free(struct netvsc *nv)
{
	netvsc_vf_exit(nv);
	netvsc_free_workqueues(nv);
	netvsc_buffers_free(nv);
	netvsc_vmbus_free_ring(nv);
	netvsc_free_queues(nv);
	free_netdev(nv->ndev);
}

/* Whoever gave the NIC a name on the host would like to see it here. */
static void netvsc_set_alias(struct net_device *ndev, const char *name)
{
	/* What it has when nobody did. */
	if (*name && strcmp(name, "Network Adapter"))
		dev_set_alias(ndev, name, strlen(name));
}

/**
 * netvsc_register() - show eth<n>, and begin to look for its VF
 * @nv: the device, allocated
 * @conn: its first connection; still the caller's if it fails
 *
 * Context: process, without RTNL. Return: 0 or an errno.
 */
int netvsc_register(struct netvsc *nv, struct netvsc_conn *conn)
{
	int err;

	eth_hw_addr_set(nv->ndev, conn->caps.mac);
	netvsc_set_alias(nv->ndev, conn->caps.name);
	netvsc_set_host_features(nv, conn);
	netif_carrier_off(nv->ndev);
	netvsc_set_queues(nv, conn);

	rtnl_lock();
	rcu_assign_pointer(nv->conn, conn);
	err = register_netdevice(nv->ndev);
	if (err) {
		RCU_INIT_POINTER(nv->conn, NULL);
	} else {
		list_add_tail(&nv->node, &netvsc_devices);
		netvsc_link_set(nv, conn);
		netvsc_vf_start(nv);
		/* Before any job that somebody else may have. */
		queue_work(nv->conn_wq, &nv->grow_work);
	}
	rtnl_unlock();

	if (err)
		netdev_err(nv->ndev, "Unable to register netdev.\n");
	return err;
}

static int netvsc_probe(struct hv_device *hdev,
			const struct hv_vmbus_device_id *id)
{
	struct netvsc_conn *conn;
	struct netvsc *nv;
	int err;

	err = netvsc_check_host(hdev);
	if (err)
		return err;
	nv = netvsc_alloc(hdev);
	if (!nv)
		return -ENOMEM;

	conn = netvsc_connect(nv);
	if (IS_ERR(conn)) {
		err = PTR_ERR(conn);
		netdev_err(nv->ndev, "unable to add netvsc device (ret %d)\n",
			   err);
		goto free;
	}

	err = netvsc_register(nv, conn);
	if (err)
		goto disconnect;
	hv_set_drvdata(hdev, nv);
	return 0;

disconnect:
	nv->gone = true;
	cancel_delayed_work_sync(&nv->link_work);
	netvsc_vf_stop(nv, conn);
	netvsc_disconnect(nv, conn);
free:
	nv->gone = true;
	cancel_delayed_work_sync(&nv->link_work);
	netvsc_free(nv);
	return err;
}

/* Without RTNL; the device is gone: end its work, and its connection. */
static void netvsc_end(struct netvsc *nv, struct netvsc_conn *conn)
{
	cancel_delayed_work_sync(&nv->link_work);
	cancel_delayed_work_sync(&nv->retry_work);
	cancel_delayed_work_sync(&nv->rx_mode_work);
	synchronize_net();
	netvsc_vf_stop(nv, conn);
	netvsc_disconnect(nv, conn);
}

/**
 * netvsc_unregister() - let go of the VF, of eth<n>, and of the host
 * @nv: registered; nothing of it runs any more when this returns
 *
 * Context: process, without RTNL; waits for the host.
 */
void netvsc_unregister(struct netvsc *nv)
{
	struct netvsc_conn *conn;

	rtnl_lock();
	nv->gone = true;
	list_del(&nv->node);
	netvsc_vf_leave(nv);
	unregister_netdevice(nv->ndev);
	conn = rtnl_dereference(nv->conn);
	RCU_INIT_POINTER(nv->conn, NULL);
	rtnl_unlock();

	netvsc_end(nv, conn);
}

static void netvsc_remove(struct hv_device *hdev)
{
	struct netvsc *nv = hv_get_drvdata(hdev);

	netvsc_unregister(nv);
	hv_set_drvdata(hdev, NULL);
	netvsc_free(nv);
}

/**
 * netvsc_suspend() - the machine is about to hibernate
 * @hdev: the device
 *
 * Not called for suspend-to-idle, during which the bus goes on. No process
 * runs, and the VF's driver has detached the VF; but kernel threads, other
 * drivers and their notifiers do what they always do.
 *
 * Context: process. Waits for the host, as netvsc_remove(). Return: 0.
 */
int netvsc_suspend(struct hv_device *hdev)
{
	struct netvsc *nv = hv_get_drvdata(hdev);
	struct netvsc_conn *conn;

	rtnl_lock();
	nv->gone = true;
	netif_device_detach(nv->ndev);
	netvsc_vf_suspend(nv);
	conn = netvsc_withdraw(nv);
	rtnl_unlock();

	netvsc_end(nv, conn);
	return 0;
}

/**
 * netvsc_resume() - the machine wakes up, maybe beside another host
 * @hdev: the device, suspended
 *
 * A host that is slow, or refuses, does not keep it asleep: the connection
 * comes later then, as after any reconnect that failed.
 *
 * Context: process; waits for up to NETVSC_CONN_RTNL. Return: 0.
 */
int netvsc_resume(struct hv_device *hdev)
{
	struct netvsc *nv = hv_get_drvdata(hdev);

	rtnl_lock();
	nv->gone = false;
	netvsc_vf_resume(nv);
	netvsc_reconnect(nv, &nv->intent);
	netif_device_attach(nv->ndev);
	/* That has woken the queues: without a connection they shall sleep. */
	netvsc_link_refresh(nv);
	rtnl_unlock();
	return 0;
}

static const struct hv_vmbus_device_id netvsc_ids[] = {
	{ HV_NIC_GUID, },
	{ },
};
MODULE_DEVICE_TABLE(vmbus, netvsc_ids);

static struct hv_driver netvsc_driver = {
	.name = KBUILD_MODNAME,
	.id_table = netvsc_ids,
	.probe = netvsc_probe,
	.remove = netvsc_remove,
	.suspend = netvsc_suspend,
	.resume = netvsc_resume,
	.driver = {
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

static int __init netvsc_init(void)
{
	int err;

	if (ring_size < NETVSC_RING_PAGES_MIN) {
		ring_size = NETVSC_RING_PAGES_MIN;
		pr_info("Increased ring_size to %u (min allowed)\n", ring_size);
	}
	if (ring_size > NETVSC_RING_PAGES_MAX) {
		ring_size = NETVSC_RING_PAGES_MAX;
		pr_info("Decreased ring_size to %u (max allowed)\n", ring_size);
	}

	err = netvsc_vf_register_notifier();
	if (err)
		return err;
	err = vmbus_driver_register(&netvsc_driver);
	if (err)
		netvsc_vf_unregister_notifier();
	return err;
}

static void __exit netvsc_exit(void)
{
	vmbus_driver_unregister(&netvsc_driver);
	netvsc_vf_unregister_notifier();
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Microsoft Hyper-V network driver");

module_init(netvsc_init);
module_exit(netvsc_exit);
