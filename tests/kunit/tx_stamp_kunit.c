// SPDX-License-Identifier: GPL-2.0
/*
 * What a socket is told of when its frames left: of each one, once, and ahead of
 * the host.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/in.h>
#include <linux/net.h>
#include <net/sock.h>

#include "fake_ring.h"
#include "synth/queue.h"

#define MORE_THAN_A_SECTION	(FAKE_SEND_SECTION + 500)

/**
 * struct stamps - test->priv
 * @h: the host
 * @sock: that wants to know
 * @told: so often it was
 * @late: and the host had the frame by then
 */
struct stamps {
	struct fake_host *h;
	struct socket *sock;
	unsigned int told;
	bool late;
};

static void is_told(struct sock *sk)
{
	struct stamps *s = sk->sk_user_data;

	s->told++;
	s->late |= hv_get_bytes_to_read(&s->h->vmchan[0]->outbound);
}

static int stamps_init(struct kunit *test)
{
	struct stamps *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, PF_INET, SOCK_DGRAM,
					       IPPROTO_UDP, &s->sock), 0);
	s->sock->sk->sk_user_data = s;
	s->sock->sk->sk_error_report = is_told;
	s->h = fake_nic_new(test);
	test->priv = s;
	fake_nic_up(s->h, true);
	return 0;
}

static void stamps_exit(struct kunit *test)
{
	struct stamps *s = test->priv;

	fake_nic_free(s->h);
	sock_release(s->sock);
}

static struct sk_buff *frame(struct stamps *s, u32 len)
{
	struct sk_buff *skb = fake_frame(s->h, len);

	KUNIT_ASSERT_TRUE(s->h->test, skb_set_owner_sk_safe(skb, s->sock->sk));
	skb_shinfo(skb)->tx_flags = SKBTX_SW_TSTAMP;
	return skb;
}

/* The host is done with what it was given. */
static void host_completes(struct stamps *s, unsigned int packets)
{
	struct fake_ring_pkt pkt;

	while (packets--) {
		KUNIT_ASSERT_NE(s->h->test, fake_ring_get(s->h, &pkt), 0U);
		fake_ring_complete(s->h, pkt.tid, 1);
		fake_ring_poll(s->h, 64);
	}
	KUNIT_EXPECT_EQ(s->h->test, fake_ring_get(s->h, &pkt), 0U);
}

static void of_each_size(struct kunit *test)
{
	static const u32 sizes[] = { 60, 1514, MORE_THAN_A_SECTION };
	struct stamps *s = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		KUNIT_EXPECT_EQ(test, fake_nic_send(s->h, frame(s, sizes[i])),
				NETDEV_TX_OK);
		KUNIT_EXPECT_EQ(test, s->told, i + 1);
		KUNIT_EXPECT_FALSE(test, s->late);
		host_completes(s, 1);
	}
	KUNIT_EXPECT_EQ(test, s->told, i);
}

/* Who does not ask hears nothing. */
static void of_none(struct kunit *test)
{
	struct stamps *s = test->priv;
	struct sk_buff *skb = fake_frame(s->h, 100);

	KUNIT_ASSERT_TRUE(test, skb_set_owner_sk_safe(skb, s->sock->sk));
	KUNIT_EXPECT_EQ(test, fake_nic_send(s->h, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, s->told, 0U);
	host_completes(s, 1);
}

/* Each when it gets into the batch, and none when that is sent. */
static void of_a_batch(struct kunit *test)
{
	struct stamps *s = test->priv;

	KUNIT_EXPECT_EQ(test, fake_nic_send_more(s->h, frame(s, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, s->told, 1U);
	KUNIT_EXPECT_EQ(test, fake_nic_send(s->h, frame(s, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, s->told, 2U);
	KUNIT_EXPECT_FALSE(test, s->late);
	host_completes(s, 1);
	KUNIT_EXPECT_EQ(test, s->told, 2U);
}

/* The stack keeps it, and may yet give it to somebody else. */
static void not_of_what_the_stack_keeps(struct kunit *test)
{
	struct stamps *s = test->priv;
	struct netdev_queue *txq = netdev_get_tx_queue(s->h->nv->ndev, 0);
	struct sk_buff *skb = frame(s, MORE_THAN_A_SECTION);
	int i;

	fake_ring_fill(s->h);
	KUNIT_EXPECT_EQ(test, fake_nic_send(s->h, skb), NETDEV_TX_BUSY);
	KUNIT_EXPECT_TRUE(test, netif_tx_queue_stopped(txq));
	KUNIT_EXPECT_EQ(test, s->told, 0U);

	fake_ring_drain(s->h);
	for (i = 0; i < 100 && netif_tx_queue_stopped(txq); i++) {
		fake_ring_poll(s->h, 64);
		usleep_range(1000, 2000);
	}
	KUNIT_EXPECT_FALSE(test, netif_tx_queue_stopped(txq));
	KUNIT_EXPECT_EQ(test, fake_nic_send(s->h, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, s->told, 1U);
	KUNIT_EXPECT_FALSE(test, s->late);
	host_completes(s, 1);
}

/* A small one waits with us for room: it is told of, and not once more. */
static void of_what_waits_for_room(struct kunit *test)
{
	struct stamps *s = test->priv;
	struct fake_ring_pkt pkt;

	fake_ring_fill(s->h);
	KUNIT_EXPECT_EQ(test, fake_nic_send(s->h, frame(s, 100)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, s->told, 1U);
	fake_ring_drain(s->h);
	KUNIT_ASSERT_TRUE(test, fake_ring_await(s->h, &pkt));
	fake_ring_complete(s->h, pkt.tid, 1);
	fake_ring_poll(s->h, 64);
	KUNIT_EXPECT_EQ(test, s->told, 1U);
}

static struct kunit_case stamps_cases[] = {
	KUNIT_CASE(of_each_size),
	KUNIT_CASE(of_none),
	KUNIT_CASE(of_a_batch),
	KUNIT_CASE(not_of_what_the_stack_keeps),
	KUNIT_CASE(of_what_waits_for_room),
	{}
};

static struct kunit_suite stamps_suite = {
	.name = "hv_netvsc_tx_stamp",
	.init = stamps_init,
	.exit = stamps_exit,
	.test_cases = stamps_cases,
};

kunit_test_suite(stamps_suite);

MODULE_DESCRIPTION("KUnit: when frames left");
MODULE_LICENSE("GPL");
