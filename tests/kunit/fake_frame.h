/* SPDX-License-Identifier: GPL-2.0 */
/* Frames that the stack has for eth<n>. */
#ifndef _HV_NETVSC_FAKE_FRAME_H
#define _HV_NETVSC_FAKE_FRAME_H

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>

#include "fake_host.h"

#define FAKE_ETHERTYPE	0x88b5	/* for experiments */
#define FAKE_L4_OFF	(ETH_HLEN + sizeof(struct iphdr))

/* Of fake_tcp_frame(): the last one is shorter */
#define FAKE_SEGMENT	1400
#define FAKE_SEGMENTS	3
#define FAKE_TCP_LEN	(FAKE_L4_OFF + sizeof(struct tcphdr) + \
			 2 * FAKE_SEGMENT + 200)

struct sk_buff *fake_frame(struct fake_host *h, u32 len);
struct sk_buff *fake_ip4_frame(struct fake_host *h, u32 len, u8 protocol,
			       u16 csum_offset);
struct sk_buff *fake_tcp_frame(struct fake_host *h);

#endif /* _HV_NETVSC_FAKE_FRAME_H */
