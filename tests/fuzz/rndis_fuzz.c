// SPDX-License-Identifier: GPL-2.0
/*
 * The RNDIS parsers, fed with what no host would say.
 *
 * Every input lies in memory of just its size, so that the address sanitizer
 * sees a byte too many; what a parser accepts is checked to be inside of it.
 * With clang's -fsanitize=fuzzer the fuzzer brings main(); without it
 * (-DALONE) inputs are made here, from good messages with a few fields spoilt.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rndis_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(const void *msg, u32 len, const void *data, u32 size)
{
	const u8 *from = msg;

	assert((const u8 *)data >= from);
	assert((const u8 *)data + size <= from + len);
}

static void try_packet(const void *msg, u32 len)
{
	struct rndis_frame frame;
	struct rndis_packet pkt = {};
	struct rndis_info info;
	void *ppis;

	memcpy(&pkt, msg, len < sizeof(pkt) ? len : sizeof(pkt));
	if (rndis_parse_packet(&pkt, len, &frame))
		return;

	assert(frame.data_len);
	assert(frame.ppi_len <= RNDIS_RX_PPI_BYTES);
	check_inside(msg, len, (const u8 *)msg + frame.data_off,
		     frame.data_len);
	check_inside(msg, len, (const u8 *)msg + frame.ppi_off, frame.ppi_len);

	ppis = malloc(frame.ppi_len);
	memcpy(ppis, (const u8 *)msg + frame.ppi_off, frame.ppi_len);
	rndis_parse_ppis(ppis, frame.ppi_len, &info);
	free(ppis);
}

static void try_control(const void *msg, u32 len)
{
	struct rndis_hdr hdr;
	const void *data;
	u32 status, size;

	if (!rndis_parse_hdr(msg, len, &hdr))
		assert(hdr.len >= sizeof(hdr) && hdr.len <= len);
	if (!rndis_parse_query_c(msg, len, &status, &data, &size))
		check_inside(msg, len, data, size);
	if (!rndis_parse_indicate(msg, len, &status, &data, &size))
		check_inside(msg, len, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rndis_info info;
	void *copy = malloc(size);

	memcpy(copy, data, size);
	rndis_parse_ppis(copy, size, &info);
	try_packet(copy, size);
	try_control(copy, size);
	free(copy);
	return 0;
}

#ifdef ALONE
static u64 state;

static u32 any(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* Numbers at which comparisons change their mind. */
static u32 edge(u32 len)
{
	static const u32 edges[] = {
		0, 1, 4, 8, 11, 12, 13, 16, 20, 36, 44, 0x7fffffff,
		0x80000000, 0xfffffff0, 0xfffffff8, 0xfffffffc, 0xffffffff,
	};
	u32 pick = any() % (sizeof(edges) / sizeof(edges[0]) + 3);

	if (pick < sizeof(edges) / sizeof(edges[0]))
		return edges[pick];
	return len + any() % 17 - 8;
}

static u32 good_message(u8 *buf)
{
	static const u32 ppi_types[] = { 0, 6, 8, 9, 0x80000001, 77 };
	struct rndis_packet *pkt = (void *)buf;
	struct rndis_ppi_u32 *ppi = (void *)(pkt + 1);
	u32 i, n = any() % 8, frame = 14 + any() % 64;

	for (i = 0; i < n; i++)
		ppi[i] = (struct rndis_ppi_u32) {
			.hdr = { sizeof(*ppi), ppi_types[any() % 6],
				 sizeof(ppi->hdr) },
			.value = any(),
		};
	*pkt = (struct rndis_packet) {
		.hdr = { RNDIS_MSG_PACKET, sizeof(*pkt) + 16 * n + frame },
		.data_off = 36 + 16 * n,
		.data_len = frame,
		.ppi_off = n ? 36 : 0,
		.ppi_len = 16 * n,
	};
	return pkt->hdr.len;
}

static void one(u8 *buf)
{
	u32 len = good_message(buf);
	u32 spoil = any() % 4;

	while (spoil--) {
		u32 value = edge(len);

		memcpy(buf + any() % (len / 4) * 4, &value, sizeof(value));
	}
	if (!(any() % 8))
		len = any() % len;
	LLVMFuzzerTestOneInput(buf, len);
	/* The info alone, and from the wrong place. */
	if (len > sizeof(struct rndis_packet))
		LLVMFuzzerTestOneInput(buf + sizeof(struct rndis_packet),
				       len - sizeof(struct rndis_packet));
}

int main(int argc, char **argv)
{
	long seconds = argc > 1 ? atol(argv[1]) : 10;
	u64 seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (u64)time(NULL);
	time_t end = time(NULL) + seconds;
	unsigned long inputs = 0;
	static u8 buf[1024];

	printf("rndis_fuzz: %ld seconds, seed %llu\n", seconds,
	       (unsigned long long)seed);
	state = seed * 2 + 1;
	while (time(NULL) < end) {
		int i;

		for (i = 0; i < 10000; i++)
			one(buf);
		inputs += i;
	}
	printf("rndis_fuzz: %lu messages, nothing wrong\n", inputs);
	return 0;
}
#endif
