/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of what eth<n> and the host say to each other. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM netvsc

#if !defined(_HV_NETVSC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _HV_NETVSC_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "../wire/nvsp.h"
#include "../wire/rndis.h"

/* The numbers of the enums, for tools that read the format. */
TRACE_DEFINE_ENUM(NVSP_INIT);
TRACE_DEFINE_ENUM(NVSP_INIT_COMPLETE);
TRACE_DEFINE_ENUM(NVSP_NDIS_VER);
TRACE_DEFINE_ENUM(NVSP_RECV_BUF);
TRACE_DEFINE_ENUM(NVSP_RECV_BUF_COMPLETE);
TRACE_DEFINE_ENUM(NVSP_REVOKE_RECV_BUF);
TRACE_DEFINE_ENUM(NVSP_SEND_BUF);
TRACE_DEFINE_ENUM(NVSP_SEND_BUF_COMPLETE);
TRACE_DEFINE_ENUM(NVSP_REVOKE_SEND_BUF);
TRACE_DEFINE_ENUM(NVSP_RNDIS_PKT);
TRACE_DEFINE_ENUM(NVSP_RNDIS_PKT_COMPLETE);
TRACE_DEFINE_ENUM(NVSP_NDIS_CONFIG);
TRACE_DEFINE_ENUM(NVSP_VF_ASSOCIATION);
TRACE_DEFINE_ENUM(NVSP_SWITCH_DATA_PATH);
TRACE_DEFINE_ENUM(NVSP_SUBCHANNEL);
TRACE_DEFINE_ENUM(NVSP_INDIRECTION_TABLE);

#define netvsc_show_nvsp(type)						\
	__print_symbolic(type,						\
			 { NVSP_INIT,			"init" },	\
			 { NVSP_INIT_COMPLETE,		"init-done" },	\
			 { NVSP_NDIS_VER,		"ndis-version" }, \
			 { NVSP_RECV_BUF,		"recv-buf" },	\
			 { NVSP_RECV_BUF_COMPLETE,	"recv-buf-done" }, \
			 { NVSP_REVOKE_RECV_BUF,	"revoke-recv-buf" }, \
			 { NVSP_SEND_BUF,		"send-buf" },	\
			 { NVSP_SEND_BUF_COMPLETE,	"send-buf-done" }, \
			 { NVSP_REVOKE_SEND_BUF,	"revoke-send-buf" }, \
			 { NVSP_RNDIS_PKT,		"rndis" },	\
			 { NVSP_RNDIS_PKT_COMPLETE,	"rndis-done" },	\
			 { NVSP_NDIS_CONFIG,		"ndis-config" }, \
			 { NVSP_VF_ASSOCIATION,		"vf-association" }, \
			 { NVSP_SWITCH_DATA_PATH,	"switch-path" }, \
			 { NVSP_SUBCHANNEL,		"subchannel" },	\
			 { NVSP_INDIRECTION_TABLE,	"send-table" })

#define netvsc_show_rndis(type)						\
	__print_symbolic(type,						\
			 { RNDIS_MSG_PACKET,		"packet" },	\
			 { RNDIS_MSG_INIT,		"init" },	\
			 { RNDIS_MSG_INIT_C,		"init-done" },	\
			 { RNDIS_MSG_HALT,		"halt" },	\
			 { RNDIS_MSG_QUERY,		"query" },	\
			 { RNDIS_MSG_QUERY_C,		"query-done" },	\
			 { RNDIS_MSG_SET,		"set" },	\
			 { RNDIS_MSG_SET_C,		"set-done" },	\
			 { RNDIS_MSG_INDICATE,		"indicate" },	\
			 { RNDIS_MSG_KEEPALIVE_C,	"keepalive-done" })

DECLARE_EVENT_CLASS(netvsc_msg,
		    TP_PROTO(const struct net_device *dev, u32 type, u32 len),
		    TP_ARGS(dev, type, len),
		    TP_STRUCT__entry(__array(char, name, IFNAMSIZ)
				     __field(u32, type)
				     __field(u32, len)),
		    TP_fast_assign(strscpy(__entry->name, dev->name, IFNAMSIZ);
				   __entry->type = type;
				   __entry->len = len),
		    TP_printk("%s: type=%s len=%u", __entry->name,
			      netvsc_show_nvsp(__entry->type), __entry->len)
);

DEFINE_EVENT(netvsc_msg, nvsp_send,
	     TP_PROTO(const struct net_device *dev, u32 type, u32 len),
	     TP_ARGS(dev, type, len)
);

DEFINE_EVENT(netvsc_msg, nvsp_recv,
	     TP_PROTO(const struct net_device *dev, u32 type, u32 len),
	     TP_ARGS(dev, type, len)
);

/* A frame; @section is NVSP_SECTION_NONE for one that goes by its pages. */
TRACE_EVENT(nvsp_send_pkt,
	    TP_PROTO(const struct net_device *dev, u16 channel, u32 section,
		     u32 size, u32 len),
	    TP_ARGS(dev, channel, section, size, len),
	    TP_STRUCT__entry(__array(char, name, IFNAMSIZ)
			     __field(u16, channel)
			     __field(u32, section)
			     __field(u32, size)
			     __field(u32, len)),
	    TP_fast_assign(strscpy(__entry->name, dev->name, IFNAMSIZ);
			   __entry->channel = channel;
			   __entry->section = section;
			   __entry->size = size;
			   __entry->len = len),
	    TP_printk("%s: channel=%u section=%d size=%u len=%u",
		      __entry->name, __entry->channel, (int)__entry->section,
		      __entry->size, __entry->len)
);

/* The same about RNDIS, where the types have other names. */
DEFINE_EVENT_PRINT(netvsc_msg, rndis_send,
		   TP_PROTO(const struct net_device *dev, u32 type, u32 len),
		   TP_ARGS(dev, type, len),
		   TP_printk("%s: type=%s len=%u", __entry->name,
			     netvsc_show_rndis(__entry->type), __entry->len)
);

DEFINE_EVENT_PRINT(netvsc_msg, rndis_recv,
		   TP_PROTO(const struct net_device *dev, u32 type, u32 len),
		   TP_ARGS(dev, type, len),
		   TP_printk("%s: type=%s len=%u", __entry->name,
			     netvsc_show_rndis(__entry->type), __entry->len)
);

#endif /* _HV_NETVSC_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH synth
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
