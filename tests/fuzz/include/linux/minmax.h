/* SPDX-License-Identifier: GPL-2.0 */
/* Of the kernel's, what the bond's machine needs. */
#define min(a, b)		((a) < (b) ? (a) : (b))
#define clamp(v, low, high)	((v) < (low) ? (low) : (v) > (high) ? (high) : (v))
