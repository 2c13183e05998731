// SPDX-License-Identifier: GPL-2.0
/* RSS: to which channel the host gives a received frame. */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../netvsc.h"
#include "../wire/nvsp.h"
#include "../wire/rndis.h"
#include "conn.h"

/* For a host that does not say how large its table is. */
#define NETVSC_RSS_ENTRIES_DEFAULT	128

#define NETVSC_RSS_TYPES	(NDIS_HASH_IPV4 | NDIS_HASH_TCP_IPV4 | \
				 NDIS_HASH_IPV6 | NDIS_HASH_TCP_IPV6)

/* That of Microsoft's "Verifying the RSS Hash Calculation". */
static const u8 netvsc_rss_key[NETVSC_RSS_KEY] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
	0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
	0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
	0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

/**
 * netvsc_rss_init() - what is wanted before anybody says otherwise
 * @rss: zeroed
 */
void netvsc_rss_init(struct netvsc_rss *rss)
{
	/* Of these the host makes what it can. */
	rss->types = NETVSC_RSS_TYPES | NDIS_HASH_UDP_IPV4 | NDIS_HASH_UDP_IPV6;
	memcpy(rss->key, netvsc_rss_key, sizeof(rss->key));
}

/**
 * netvsc_rss_query() - how many channels can the host spread frames over?
 * @conn: fills conn->caps; a host that does not know RSS has one
 *
 * Context: conn work. Return: 0 or -ENODEV.
 */
int netvsc_rss_query(struct netvsc_conn *conn)
{
	struct netvsc_caps *caps = &conn->caps;
	struct ndis_rss_caps got = {
		.hdr = {
			.type = NDIS_TYPE_RSS_CAPS,
			.rev = NDIS_RSS_REV,
			.size = sizeof(got),
		},
	};
	int len;

	caps->channels = 1;
	/* With one queue of our own there is nothing to spread. */
	if (conn->version < NVSP_VERSION_5 || conn->nv->num_queues < 2)
		return 0;
	len = netvsc_rndis_query(conn, RNDIS_OID_GEN_RSS_CAPABILITIES, &got,
				 sizeof(got), sizeof(got));
	if (len == -ENODEV)
		return len;
	if (len < (int)sizeof(got) || got.hdr.type != NDIS_TYPE_RSS_CAPS) {
		netdev_warn(conn->nv->ndev,
			    "host describes no RSS, one channel has to do (%d)\n",
			    len);
		return 0;
	}
	if (got.queues < 2)
		return 0;

	caps->channels = min_t(u32, got.queues, NETVSC_MAX_CHANNELS);
	caps->rss_entries = NETVSC_RSS_ENTRIES_DEFAULT;
	if (got.entries && got.entries <= NETVSC_RSS_ENTRIES)
		caps->rss_entries = rounddown_pow_of_two(got.entries);
	caps->rss_types = NETVSC_RSS_TYPES;
	if (got.flags & NDIS_RSS_CAN_UDP4)
		caps->rss_types |= NDIS_HASH_UDP_IPV4;
	if (got.flags & NDIS_RSS_CAN_UDP6)
		caps->rss_types |= NDIS_HASH_UDP_IPV6;
	return 0;
}

/**
 * netvsc_rss_channel() - where do frames of this entry of the table go?
 * @conn: started
 * @rss: in use, or wanted
 * @entry: of the table
 *
 * Return: a channel that is open, even if there were more when the user chose.
 */
u32 netvsc_rss_channel(const struct netvsc_conn *conn,
		       const struct netvsc_rss *rss, u32 entry)
{
	return (rss->custom ? rss->table[entry] : entry) % conn->num_chans;
}

/**
 * netvsc_rss_set() - have the host spread frames in this way
 * @conn: with more than one channel
 * @rss: the way
 *
 * Context: conn work. Return: 0 or an errno.
 */
int netvsc_rss_set(struct netvsc_conn *conn, const struct netvsc_rss *rss)
{
	const u32 table_bytes = conn->caps.rss_entries * sizeof(u32);
	const u32 size = sizeof(struct ndis_rss_params) + table_bytes +
			 NETVSC_RSS_KEY;
	const u32 types = rss->types & conn->caps.rss_types;
	struct ndis_rss_params *params;
	u32 i, *table;
	int err;

	params = kzalloc(size, GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	*params = (struct ndis_rss_params) {
		.hdr = {
			.type = NDIS_TYPE_RSS_PARAMETERS,
			.rev = NDIS_RSS_REV,
			.size = sizeof(*params),
		},
		/* Hosts take another table or key only while it is off. */
		.flags = NDIS_RSS_OFF,
		.hash = NDIS_HASH_TOEPLITZ | types,
		.table_bytes = table_bytes,
		.table_off = sizeof(*params),
		.key_bytes = NETVSC_RSS_KEY,
		.key_off = sizeof(*params) + table_bytes,
	};
	table = (u32 *)(params + 1);
	for (i = 0; i < conn->caps.rss_entries; i++)
		table[i] = netvsc_rss_channel(conn, rss, i);
	memcpy(table + i, rss->key, NETVSC_RSS_KEY);

	/* In between, and if it fails, it may be the old ones or the new ones. */
	WRITE_ONCE(conn->hash_types, conn->hash_types & types);
	err = netvsc_rndis_set(conn, RNDIS_OID_GEN_RSS_PARAMETERS, params,
			       size);
	if (!err) {
		params->flags = 0;
		err = netvsc_rndis_set(conn, RNDIS_OID_GEN_RSS_PARAMETERS,
				       params, size);
	}
	if (!err)
		WRITE_ONCE(conn->hash_types, types);
	kfree(params);
	return err;
}

/**
 * netvsc_rss_start() - spread frames over the channels that there are
 * @conn: with its channels open
 *
 * A host that refuses, or does not answer, gives everything to the first channel.
 * The others can send all the same.
 *
 * Context: conn work. Return: 0 or -ENODEV.
 */
int netvsc_rss_start(struct netvsc_conn *conn)
{
	int err;

	if (conn->num_chans < 2)
		return 0;
	err = netvsc_rss_set(conn, &conn->params.rss);
	if (err && err != -ENODEV)
		netdev_warn(conn->nv->ndev,
			    "host spreads nothing, all comes to channel 0 (%d)\n",
			    err);
	return err == -ENODEV ? err : 0;
}
