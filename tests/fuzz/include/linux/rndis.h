/* SPDX-License-Identifier: GPL-2.0 */
#define RNDIS_MSG_PACKET	0x00000001
