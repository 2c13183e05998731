/* SPDX-License-Identifier: GPL-2.0 */
/* Checksums of received frames. */
#ifndef _HV_NETVSC_RX_CSUM_H
#define _HV_NETVSC_RX_CSUM_H

#include <linux/types.h>

#include "rndis_msg.h"

struct sk_buff;

void netvsc_rx_csum(struct sk_buff *skb, const struct rndis_info *info,
		    u32 mtu);

#endif /* _HV_NETVSC_RX_CSUM_H */
