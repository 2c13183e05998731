/*
 * mana: what driver and device write to one another
 *
 * All of it is little-endian. Offsets are those from the start of a message,
 * an entry or a register block.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MANA_FORMATS_H
#define MANA_FORMATS_H

#define MANA_PCI_VENDOR         0x1414
#define MANA_PCI_DEVICE         0x00ba
#define MANA_PAGE               4096u
#define MANA_PAGE_SHIFT         12

/* BAR 0: a page of registers, then the doorbell pages. */
#define REG_MICRO               0x00
#define REG_MAJOR               0x03
#define REG_DOORBELL_OFF        0x08
#define REG_DOORBELL_SIZE       0x10
#define REG_MAILBOX_OFF         0x18
#define REG_MAILBOX_SIZE        0x20
#define REG_MAILBOX             0x40
#define REG_BLOCK               0x60

#define MAILBOX_SIZE            32
#define MAILBOX_HEADER          28
#define MAILBOX_ESTABLISH       1
#define MAILBOX_DESTROY         2
#define MAILBOX_TYPE(h)         ((h) & 7)
#define MAILBOX_VERSION(h)      (((h) >> 3) & 7)
#define MAILBOX_RESPONSE        (1u << 7)
#define MAILBOX_STATUS_SHIFT    8
#define MAILBOX_BUSY            (1u << 31)
#define MAILBOX_REFUSED         1

#define DOORBELL_SQ             0x000
#define DOORBELL_RQ             0x400
#define DOORBELL_CQ             0x800
#define DOORBELL_EQ             0xff8
#define DOORBELL_ID             0xffffffu
#define DOORBELL_EQ_ID          0xffffu
#define DOORBELL_ARM            (1u << 31)

/* Work queue entries. */
#define WQE_UNIT                32
#define WQE_SQ_MAX              512
#define WQE_RQ_MAX              256
#define WQE_HDR                 8
#define WQE_SGES(w)             ((w) & 0xff)
#define WQE_OOB_DWORDS(w)       (((w) >> 8) & 7)
#define WQE_OOB_SHORT           2
#define WQE_OOB_LONG            6
#define WQE_LSO                 (1u << 11)
#define WQE_UNIT_DATA(w)        (((w) >> 16) & 0x3fff)
#define WQE_INLINE              (1u << 31)
#define SGE_SIZE                16
#define SGES_MAX                31

/* Completions and events; the owner is in the last byte. */
#define CQE_SIZE                64
#define CQE_WQ                  60
#define CQE_IS_SQ               (1u << 24)
#define EQE_SIZE                16
#define EQE_TYPE                12
#define OWNER_SHIFT             5
#define OWNER_MASK              7
#define OWNER_PASSES            8

#define CQE_CLIENT              (1u << 6)
#define CQE_RX                  1
#define CQE_FENCE               3
#define CQE_RX_TRUNCATED        4
#define CQE_TX                  32
#define CQE_TX_MTU              34
#define CQE_TX_OOB              35
#define CQE_TX_OFFSET           39
#define CQE_TX_DISABLED         40
#define CQE_TX_GDMA             42

#define CQE_RX_FLAGS            4
#define CQE_RX_LEN              8
#define CQE_RX_HASH             16
#define CQE_RX_AT               56
#define CQE_TX_AT               8
#define CQE_TX_AT_SHIFT         5

#define RX_VLAN_ID              0xfffu
#define RX_VLAN                 (1u << 12)
#define RX_HASH_SHIFT           16
#define RX_IP_GOOD              (1u << 25)
#define RX_IP_BAD               (1u << 26)
#define RX_TCP_GOOD             (1u << 27)
#define RX_TCP_BAD              (1u << 28)
#define RX_UDP_GOOD             (1u << 29)
#define RX_UDP_BAD              (1u << 30)

#define HASH_IPV4               (1u << 0)
#define HASH_TCP_IPV4           (1u << 1)
#define HASH_UDP_IPV4           (1u << 2)
#define HASH_IPV6               (1u << 3)
#define HASH_TCP_IPV6           (1u << 4)
#define HASH_UDP_IPV6           (1u << 5)
#define HASH_TYPES              0x3fu

#define EQE_COMPLETION          3
#define EQE_TEST                64
#define EQE_HWC_EQ              129
#define EQE_HWC_DATA            130
#define EQE_HWC_DONE            131
#define EQE_CONFIG              133
#define EQE_RESET               135
#define EQE_DATA_SHIFT          24
#define CONFIG_LINK_UP          2
#define CONFIG_LINK_DOWN        3

/* Types of the data of EQE_HWC_DATA. */
#define HWC_CQ                  1
#define HWC_RQ                  2
#define HWC_SQ                  3
#define HWC_DEPTH               4
#define HWC_REQUEST_MAX         5
#define HWC_RESPONSE_MAX        6
#define HWC_CQS                 7
#define HWC_PD                  8
#define HWC_KEY                 9

/* OOB of a request on the hardware channel's SQ. */
#define HWC_OOB_CQ              16
#define HWC_OOB_SQ              20
#define HWC_OOB_ID              0xffffffu
/* Its RQ's completion. */
#define HWC_CQE_AT              12
#define HWC_CQE_LEN             24

/* OOB of a packet. */
#define OOB_FORMAT(w)           ((w) & 3)
#define OOB_IPV4                (1u << 2)
#define OOB_IPV6                (1u << 3)
#define OOB_IP_CSUM             (1u << 4)
#define OOB_TCP_CSUM            (1u << 5)
#define OOB_UDP_CSUM            (1u << 6)
#define OOB_CQ(w)               ((w) >> 8)
#define OOB_L4(w)               ((w) & 0x3ff)
#define OOB_SHORT_OFFSET(w)     ((w) >> 24)
#define OOB_VLAN                (1u << 3)
#define OOB_TCI_PCP(w)          (((w) >> 16) & 7)
#define OOB_TCI_DEI(w)          (((w) >> 19) & 1)
#define OOB_TCI_ID(w)           ((w) >> 20)
#define OOB_LONG_OFFSET(w)      (((w) >> 16) & 0xfff)

/* Messages. */
#define REQ_HDR                 40
#define REQ_CODE                4
#define REQ_VERSION             8
#define REQ_ID                  10
#define REQ_SIZE                12
#define REQ_ANSWER_VERSION      24
#define REQ_ANSWER_SIZE         28
#define REQ_DEV_TYPE            32
#define REQ_DEV_INSTANCE        34
#define REQ_ACTIVITY            36
#define ANSWER_HDR              32
#define ANSWER_CODE             4
#define ANSWER_VERSION          8
#define ANSWER_ID               10
#define ANSWER_SIZE             12
#define ANSWER_DEV              16
#define ANSWER_ACTIVITY         20
#define ANSWER_STATUS           24

#define STATUS_OK               0
#define STATUS_REFUSED          1
#define STATUS_MORE             0x105
#define STATUS_UNSUPPORTED      0xffffffffu

#define DEV_NONE                0
#define DEV_HWC                 1
#define DEV_NIC                 2
#define DEV_RDMA                3

#define GDMA_VERSION            1
#define GDMA_MAXIMA             2
#define GDMA_DEVICES            3
#define GDMA_REGISTER           4
#define GDMA_DEREGISTER         5
#define GDMA_TEST_EVENT         10
#define GDMA_CREATE_QUEUE       12
#define GDMA_DISABLE_QUEUE      13
#define GDMA_CREATE_REGION      25
#define GDMA_ADD_PAGES          26
#define GDMA_DESTROY_REGION     27
#define GDMA_CREATE_DOMAIN      29
#define GDMA_DESTROY_DOMAIN     30

#define BNIC_CONFIG             0x20001
#define BNIC_STATS              0x20002
#define BNIC_PORT_TX            0x20003
#define BNIC_CREATE_WQ          0x20004
#define BNIC_DESTROY_WQ         0x20005
#define BNIC_FENCE              0x20006
#define BNIC_STEERING           0x20007
#define BNIC_PORT               0x20008

/* Of what the driver says it can do. */
#define DRIVER_LINK_EVENTS      (1u << 6)
#define DRIVER_RESETS           (1u << 14)

#define STEERING_LEAVE          0xffffffffu
#define RSS_KEY                 40
#define RSS_TABLE               64

#endif
