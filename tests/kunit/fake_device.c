// SPDX-License-Identifier: GPL-2.0
/* A device on the bus in memory, its channels, and its host. */
#include <linux/etherdevice.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "fake_host.h"
#include "synth/queue.h"

static int fake_device_fill(struct netvsc *nv, u32 channels)
{
	unsigned int i;

	netvsc_netdev_init(nv);
	netvsc_rss_init(&nv->intent.rss);
	netvsc_link_init(nv);
	netvsc_reconnect_init(nv, &fake_bus_ops, NULL);
	netvsc_subchans_init(nv);
	for (i = 0; i < channels; i++)
		netvsc_queue_init(nv, i);

	nv->conn_wq = alloc_ordered_workqueue("fake_conn", 0);
	nv->bond_wq = alloc_ordered_workqueue("fake_bond", 0);
	if (!nv->conn_wq || !nv->bond_wq)
		return -ENOMEM;
	return netvsc_vf_init(nv);
}

/*
 * As main.c makes it, but for the bus; never registered. It has one queue: a suite
 * that wants more of @channels says so.
 */
static struct netvsc *fake_device(struct kunit *test, u32 channels)
{
	struct net_device *ndev = alloc_etherdev_mq(sizeof(struct netvsc),
						    channels);
	struct netvsc *nv;

	KUNIT_ASSERT_NOT_NULL(test, ndev);
	nv = netdev_priv(ndev);
	nv->ndev = ndev;
	nv->hdev = kunit_kzalloc(test, sizeof(*nv->hdev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, nv->hdev);
	nv->hdev->device.init_name = "fake";
	nv->hdev->channel = kunit_kzalloc(test, sizeof(*nv->hdev->channel),
					  GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, nv->hdev->channel);
	nv->queues = kunit_kcalloc(test, channels, sizeof(*nv->queues),
				   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, nv->queues);
	nv->num_queues = 1;
	nv->intent = (struct netvsc_intent) {
		.mtu = FAKE_MTU,
		.channels = 1,
		.recv_bytes = FAKE_RECV_BYTES,
		.send_bytes = FAKE_SEND_BYTES,
		.lro = 1,
	};
	KUNIT_ASSERT_EQ(test, fake_device_fill(nv, channels), 0);
	return nv;
}

static void fake_channels_new(struct fake_host *h)
{
	unsigned int i;

	h->vmchan[0] = h->nv->hdev->channel;
	for (i = 1; i < h->channels; i++) {
		struct vmbus_channel *vmchan;

		vmchan = kunit_kzalloc(h->test, sizeof(*vmchan), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(h->test, vmchan);
		vmchan->primary_channel = h->vmchan[0];
		vmchan->offermsg.offer.sub_channel_index = i;
		h->vmchan[i] = vmchan;
	}
}

struct fake_host *fake_host_new_channels(struct kunit *test, u32 channels)
{
	struct fake_host *h = kunit_kzalloc(test, sizeof(*h), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, h);
	h->test = test;
	h->channels = channels;
	h->nv = fake_device(test, channels);
	h->nv->job.bus_priv = h;
	fake_channels_new(h);
	INIT_LIST_HEAD(&h->queue);
	fake_host_reset(h, 0x60001);
	return h;
}

struct fake_host *fake_host_new(struct kunit *test)
{
	return fake_host_new_channels(test, FAKE_CHANNELS);
}

void fake_host_free(struct fake_host *h)
{
	struct netvsc *nv = h->nv;
	unsigned int i;

	fake_host_expect_freed(h);
	nv->gone = true;
	cancel_delayed_work_sync(&nv->link_work);
	cancel_delayed_work_sync(&nv->retry_work);
	cancel_delayed_work_sync(&nv->rx_mode_work);
	netvsc_vf_stop(nv, NULL);
	netvsc_vf_exit(nv);
	destroy_workqueue(nv->bond_wq);
	rcu_barrier();
	destroy_workqueue(nv->conn_wq);
	for (i = 0; i < h->channels; i++)
		netif_napi_del(&nv->queues[i].napi);
	free_netdev(nv->ndev);
	kfree(h->hit);
	h->hit = NULL;
}

/* So many connections there have been. */
unsigned int fake_host_opened(const struct fake_host *h)
{
	unsigned int i, n = 0;

	for (i = 0; i < h->num_events; i++)
		n += h->event[i].what == 'o';
	return n;
}

/* As a user who wants another number of channels. */
int fake_host_change(struct netvsc *nv, u32 channels)
{
	struct netvsc_intent want = nv->intent;
	int err;

	want.channels = channels;
	rtnl_lock();
	err = netvsc_reconnect(nv, &want);
	rtnl_unlock();
	return err;
}

static void fake_offer_odd(struct fake_host *h, u16 index)
{
	struct vmbus_channel *vmchan = kzalloc(sizeof(*vmchan), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(h->test, vmchan);
	vmchan->primary_channel = h->vmchan[0];
	vmchan->offermsg.offer.sub_channel_index = index;
	netvsc_subchan_offered(vmchan);
	kfree(vmchan);
}

/* As the bus tells of a sub-channel; also of one that the driver may not use. */
void fake_host_offers(struct fake_host *h, u16 index)
{
	KUNIT_EXPECT_TRUE(h->test, h->expecting);
	if (index && index < h->channels)
		netvsc_subchan_offered(h->vmchan[index]);
	else
		fake_offer_odd(h, index);
}

/* So many channels, each with its queue, and frames for all of them in turn. */
void fake_host_expect_channels(struct fake_host *h,
			       const struct netvsc_conn *conn, unsigned int num)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(h->test, conn->num_chans, num);
	for (i = 0; i < num; i++) {
		KUNIT_ASSERT_NOT_NULL(h->test, conn->chan[i]);
		KUNIT_EXPECT_PTR_EQ(h->test, conn->chan[i]->vmchan,
				    h->vmchan[i]);
		KUNIT_EXPECT_PTR_EQ(h->test, h->nv->queues[i].chan,
				    conn->chan[i]);
		KUNIT_EXPECT_GT(h->test, conn->chan[i]->rx.size, 0U);
	}
	KUNIT_EXPECT_EQ(h->test, h->rss.on, num > 1);
	for (i = 0; num > 1 && i < h->rss_entries; i++)
		KUNIT_EXPECT_EQ(h->test, h->rss.table[i], i % num);
}
