/*
 * hv-netvsp: numbers of NVSP and RNDIS, as the host sees them
 *
 * Written from the protocol, apart from the guest driver's headers, so that an
 * error in one does not cancel out an error in the other. Messages are read
 * and written by offset (ldl_le_p, stl_le_p); @n in a comment is an offset.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HV_NETVSP_FORMATS_H
#define HV_NETVSP_FORMATS_H

/* VMBus packets */
#define PKT_INBAND              6
#define PKT_XFER_PAGES          7
#define PKT_GPA_DIRECT          9
#define PKT_COMPLETION          11
#define PKT_WANTS_COMPLETION    1

/* NVSP, type@0 */
#define NVSP_INIT               1       /* min@4 max@8 */
#define NVSP_INIT_C             2       /* version@4 mdl@8 status@12 */
#define NVSP_NDIS_VER           100     /* major@4 minor@8 */
#define NVSP_RECV_BUF           101     /* gpadl@4 id@8:16 */
#define NVSP_RECV_BUF_C         102     /* status@4 n@8 off@12 size@16 count@20 end@24 */
#define NVSP_REVOKE_RECV        103     /* id@4:16 */
#define NVSP_SEND_BUF           104     /* gpadl@4 id@8:16 */
#define NVSP_SEND_BUF_C         105     /* status@4 section_size@8 */
#define NVSP_REVOKE_SEND        106     /* id@4:16 */
#define NVSP_RNDIS              107     /* channel@4 section@8 used@12 */
#define NVSP_RNDIS_C            108     /* status@4 */
#define NVSP_NDIS_CONFIG        125     /* mtu@4 caps@12:64 */
#define NVSP_VF_ASSOC           128     /* allocated@4 serial@8 */
#define NVSP_SWITCH             129     /* path@4 */
#define NVSP_OID_QUERY_EX       131
#define NVSP_OID_QUERY_EX_C     132
#define NVSP_SUBCHANNEL         133     /* op@4 count@8; status@4 count@8 */
#define NVSP_INDIRECTION        134     /* count@4 off@8 */

#define NVSP_OK                 1
#define NVSP_FAILED             2

#define NVSP_V1                 0x00000002
#define NVSP_V2                 0x00030002
#define NVSP_V4                 0x00040000
#define NVSP_V5                 0x00050000
#define NVSP_V6                 0x00060000
#define NVSP_V61                0x00060001

#define NVSP_CAP_SRIOV          (1u << 2)
#define NVSP_CAP_RSC            (1u << 7)
#define NVSP_NO_SECTION         0xffffffffu
#define NVSP_CONTROL            1

/* The host's messages have one length up to version 6, another from 6.1 on. */
#define NVSP_LEN                28
#define NVSP_LEN_V61            40

/* RNDIS: type@0 len@4, then from 8 on; offsets count from 8 */
#define RNDIS_PACKET            1       /* off@8 len@12 oob.. ppi@28 ppi_len@32 */
#define RNDIS_INIT              2       /* req@8 major@12 minor@16 max@20 */
#define RNDIS_HALT              3
#define RNDIS_QUERY             4       /* req@8 oid@12 len@16 off@20 data@28 */
#define RNDIS_SET               5
#define RNDIS_INDICATE          7       /* status@8 len@12 off@16 data@20 */
#define RNDIS_KEEPALIVE         8
#define RNDIS_C                 0x80000000u

#define RNDIS_HDR               8
#define RNDIS_PACKET_HDR        44
#define RNDIS_OID_HDR           28

#define RNDIS_ST_OK             0u
#define RNDIS_ST_FAILURE        0xc0000001u
#define RNDIS_ST_UNSUPPORTED    0xc00000bbu
#define RNDIS_ST_BAD_VERSION    0xc0010004u
#define RNDIS_ST_INVALID_DATA   0xc0010015u

#define RNDIS_IND_CONNECT       0x4001000bu
#define RNDIS_IND_DISCONNECT    0x4001000cu
#define RNDIS_IND_OFFLOAD       0x40020006u

/* Per-packet info: size@0 type@4 off@8 value@12 */
#define PPI_LEN                 16
#define PPI_INTERNAL            (1u << 31)
#define PPI_CSUM                0
#define PPI_RSC                 1       /* internal */
#define PPI_LSO                 2
#define PPI_VLAN                6
#define PPI_HASH                8

#define CSUM_TX_IPV4            (1u << 0)
#define CSUM_TX_IPV6            (1u << 1)
#define CSUM_TX_TCP             (1u << 2)
#define CSUM_TX_UDP             (1u << 3)
#define CSUM_TX_IP_HDR          (1u << 4)
#define CSUM_TX_L4_OFF(v)       ((v) >> 16 & 0x3ff)
#define CSUM_RX_TCP_BAD         (1u << 0)
#define CSUM_RX_UDP_BAD         (1u << 1)
#define CSUM_RX_IP_BAD          (1u << 2)
#define CSUM_RX_TCP_OK          (1u << 3)
#define CSUM_RX_UDP_OK          (1u << 4)
#define CSUM_RX_IP_OK           (1u << 5)
#define CSUM_RX_TCP_STALE       (1u << 7)
#define CSUM_RX_IP_STALE        (1u << 8)

#define LSO_MSS(v)              ((v) & 0xfffff)
#define LSO_L4_OFF(v)           ((v) >> 20 & 0x3ff)
#define LSO_V2                  (1u << 30)
#define LSO_IPV6                (1u << 31)

#define OID_LINK_SPEED          0x00010107u
#define OID_MAX_FRAME           0x00010106u
#define OID_MEDIA_CONNECT       0x00010114u
#define OID_PACKET_FILTER       0x0001010eu
#define OID_CONFIG_PARAMETER    0x0001021bu
#define OID_RSS_CAPS            0x00010203u
#define OID_RSS_PARAMETERS      0x00010204u
#define OID_FRIENDLY_NAME       0x00020216u
#define OID_PERMANENT_MAC       0x01010101u
#define OID_MULTICAST_LIST      0x01010103u
#define OID_HW_OFFLOAD          0xfc01020du
#define OID_OFFLOAD_PARAMETERS  0xfc01020cu

#define FILTER_DIRECTED         0x01u
#define FILTER_MULTICAST        0x02u
#define FILTER_ALL_MULTICAST    0x04u
#define FILTER_BROADCAST        0x08u
#define FILTER_PROMISCUOUS      0x20u

#endif
