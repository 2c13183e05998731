/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of the bond: every step of its machine, and what it is about. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM hv_netvsc

#if !defined(_HV_NETVSC_VF_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _HV_NETVSC_VF_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "state.h"

/* The numbers of the enums, for tools that read the format. */
TRACE_DEFINE_ENUM(NETVSC_VF_LOOK);
TRACE_DEFINE_ENUM(NETVSC_VF_OFFERED);
TRACE_DEFINE_ENUM(NETVSC_VF_REVOKED);
TRACE_DEFINE_ENUM(NETVSC_VF_HOST_SWITCHED);
TRACE_DEFINE_ENUM(NETVSC_VF_ACK);
TRACE_DEFINE_ENUM(NETVSC_VF_LATE_ACK);
TRACE_DEFINE_ENUM(NETVSC_VF_ASKED);
TRACE_DEFINE_ENUM(NETVSC_VF_UNSENT);
TRACE_DEFINE_ENUM(NETVSC_VF_RENEWED);
TRACE_DEFINE_ENUM(NETVSC_VF_CONN_UP);
TRACE_DEFINE_ENUM(NETVSC_VF_CONN_LOST);
TRACE_DEFINE_ENUM(NETVSC_PATH_SYNTHETIC);
TRACE_DEFINE_ENUM(NETVSC_PATH_VF);
TRACE_DEFINE_ENUM(NETVSC_PATH_UNKNOWN);

#define netvsc_show_event(event)						\
	__print_symbolic(event,						\
			 { NETVSC_VF_LOOK,		"look" },		\
			 { NETVSC_VF_OFFERED,		"offered" },		\
			 { NETVSC_VF_REVOKED,		"revoked" },		\
			 { NETVSC_VF_HOST_SWITCHED,	"host-switched" },	\
			 { NETVSC_VF_ACK,		"ack" },		\
			 { NETVSC_VF_LATE_ACK,		"late-ack" },		\
			 { NETVSC_VF_ASKED,		"asked" },		\
			 { NETVSC_VF_UNSENT,		"unsent" },		\
			 { NETVSC_VF_RENEWED,		"renewed" },		\
			 { NETVSC_VF_CONN_UP,		"conn-up" },		\
			 { NETVSC_VF_CONN_LOST,		"conn-lost" })

#define netvsc_show_path(path)						\
	__print_symbolic(path,						\
			 { NETVSC_PATH_SYNTHETIC,	"synthetic" },		\
			 { NETVSC_PATH_VF,		"VF" },			\
			 { NETVSC_PATH_UNKNOWN,		"unknown" })

#define netvsc_show_lacks(lacks)					\
	__print_flags(lacks, "|",					\
		      { NETVSC_VF_NOT_JOINED,	"not-joined" },		\
		      { NETVSC_VF_NOT_TAKEN,	"not-taken" },		\
		      { NETVSC_VF_DOWN,		"down" },		\
		      { NETVSC_VF_DETACHED,	"detached" },		\
		      { NETVSC_VF_NO_CARRIER,	"no-carrier" },		\
		      { NETVSC_VF_SMALL_MTU,	"small-mtu" },		\
		      { NETVSC_VF_OTHER_MAC,	"other-mac" },		\
		      { NETVSC_VF_STUCK,	"stuck" },		\
		      { NETVSC_VF_OWN_DOWN,	"own-down" },		\
		      { NETVSC_VF_NOT_OFFERED,	"not-offered" },	\
		      { NETVSC_VF_REFUSED,	"refused" },		\
		      { NETVSC_VF_HELD,		"held" })

#define netvsc_show_actions(actions)					\
	__print_flags(actions, "|",					\
		      { NETVSC_VF_UNPUBLISH,	"unpublish" },		\
		      { NETVSC_VF_SEND,		"ask" },		\
		      { NETVSC_VF_PUBLISH,	"publish" },		\
		      { NETVSC_VF_LOG_TO,	"is-on-vf" },		\
		      { NETVSC_VF_LOG_FROM,	"is-off-vf" },		\
		      { NETVSC_VF_GAVE_UP_TO,	"gave-up-to" },		\
		      { NETVSC_VF_GAVE_UP_FROM,	"gave-up-from" },	\
		      { NETVSC_VF_HOLD,		"hold" },		\
		      { NETVSC_VF_STALE,	"stale" },		\
		      { NETVSC_VF_FORGOTTEN,	"forgotten" },		\
		      { NETVSC_VF_IS_MISSING,	"is-missing" })

/* A look that has found nothing new is of no interest. */
TRACE_EVENT_CONDITION(netvsc_vf_step,
		      TP_PROTO(const struct net_device *dev,
			       const struct netvsc_vf_state *s,
			       enum netvsc_vf_event event, u32 seq,
			       u32 actions),
		      TP_ARGS(dev, s, event, seq, actions),
		      TP_CONDITION(event != NETVSC_VF_LOOK || actions),
		      TP_STRUCT__entry(__array(char, name, IFNAMSIZ)
				       __field(u32, event)
				       __field(u32, seq)
				       __field(u32, path)
				       __field(bool, asking)
				       __field(u32, asked)
				       __field(u32, lacks)
				       __field(u32, actions)),
		      TP_fast_assign(strscpy(__entry->name, dev->name,
					     IFNAMSIZ);
				     __entry->event = event;
				     __entry->seq = seq;
				     __entry->path = s->path;
				     __entry->asking = s->asking;
				     __entry->asked = s->asked;
				     __entry->lacks = netvsc_vf_why_not(s);
				     __entry->actions = actions),
		      TP_printk("%s: %s seq=%u path=%s asked=%s lacks={%s} actions={%s}",
				__entry->name,
				netvsc_show_event(__entry->event),
				__entry->seq,
				netvsc_show_path(__entry->path),
				__entry->asking ?
				netvsc_show_path(__entry->asked) : "none",
				netvsc_show_lacks(__entry->lacks),
				netvsc_show_actions(__entry->actions))
);

TRACE_EVENT(netvsc_vf_ask,
	    TP_PROTO(const struct net_device *dev, bool to_vf, u32 seq),
	    TP_ARGS(dev, to_vf, seq),
	    TP_STRUCT__entry(__array(char, name, IFNAMSIZ)
			     __field(bool, to_vf)
			     __field(u32, seq)),
	    TP_fast_assign(strscpy(__entry->name, dev->name, IFNAMSIZ);
			   __entry->to_vf = to_vf;
			   __entry->seq = seq),
	    TP_printk("%s: for=%s seq=%u", __entry->name,
		      __entry->to_vf ? "VF" : "synthetic", __entry->seq)
);

TRACE_EVENT(netvsc_vf_answer,
	    TP_PROTO(const struct net_device *dev, u32 seq),
	    TP_ARGS(dev, seq),
	    TP_STRUCT__entry(__array(char, name, IFNAMSIZ)
			     __field(u32, seq)),
	    TP_fast_assign(strscpy(__entry->name, dev->name, IFNAMSIZ);
			   __entry->seq = seq),
	    TP_printk("%s: seq=%u", __entry->name, __entry->seq)
);

DECLARE_EVENT_CLASS(netvsc_vf_slave,
		    TP_PROTO(const struct net_device *dev,
			     const struct net_device *vf, u32 serial),
		    TP_ARGS(dev, vf, serial),
		    TP_STRUCT__entry(__array(char, name, IFNAMSIZ)
				     __array(char, vf, IFNAMSIZ)
				     __field(u32, serial)),
		    TP_fast_assign(strscpy(__entry->name, dev->name, IFNAMSIZ);
				   strscpy(__entry->vf, vf->name, IFNAMSIZ);
				   __entry->serial = serial),
		    TP_printk("%s: vf=%s slot=%u", __entry->name, __entry->vf,
			      __entry->serial)
);

DEFINE_EVENT(netvsc_vf_slave, netvsc_vf_joined,
	     TP_PROTO(const struct net_device *dev,
		      const struct net_device *vf, u32 serial),
	     TP_ARGS(dev, vf, serial)
);

DEFINE_EVENT(netvsc_vf_slave, netvsc_vf_left,
	     TP_PROTO(const struct net_device *dev,
		      const struct net_device *vf, u32 serial),
	     TP_ARGS(dev, vf, serial)
);

#endif /* _HV_NETVSC_VF_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH vf
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
