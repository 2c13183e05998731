/* SPDX-License-Identifier: GPL-2.0 */
/* What the pure files of the driver need of the kernel's headers. */
#ifndef FUZZ_LINUX_TYPES_H
#define FUZZ_LINUX_TYPES_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;

#define U64_MAX		UINT64_MAX
#define noinline		__attribute__((noinline))
#define __packed		__attribute__((packed))
#define BIT(n)			(1U << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define GENMASK(high, low)	((~0U << (low)) & (~0U >> (31 - (high))))

#endif /* FUZZ_LINUX_TYPES_H */
