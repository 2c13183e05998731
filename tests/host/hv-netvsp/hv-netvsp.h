/*
 * hv-netvsp: the host's half of Hyper-V networking, and its virtual switch
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HV_NETVSP_H
#define HV_NETVSP_H

#include "qemu/bitmap.h"
#include "qemu/queue.h"
#include "qobject/qdict.h"
#include "hw/hyperv/vmbus.h"
#include "net/net.h"
#include "formats.h"

#define TYPE_HV_NETVSP "hv-netvsp"
OBJECT_DECLARE_SIMPLE_TYPE(HvNetvsp, HV_NETVSP)

#define NETVSP_SEND_SECTION     6144
/* Room in front of a frame for the RNDIS header and what it may carry. */
#define NETVSP_RX_DATA_OFF      256
#define NETVSP_RX_FOOTER        36
/* Receive sections that are kept for control messages. */
#define NETVSP_CONTROL_SECTIONS 16
#define NETVSP_MTU_MIN          1514
#define NETVSP_MTU_MAX          9216
/* The largest thing a guest may send at once: a 64 KiB LSO frame. */
#define NETVSP_TX_MAX           (80 * 1024)
#define NETVSP_LSO_MAX          0xf53c
#define NETVSP_MAX_CHANNELS     64
#define NETVSP_RSS_KEY          40
#define NETVSP_RSS_TABLE        128
#define NETVSP_MULTICASTS       32
/* A coalesced frame: an IP packet, the tag and the Ethernet header. */
#define NETVSP_RSC_FRAME        (65535 + 18)
/* Of one packet, as many as a host sends at most. */
#define NETVSP_RX_RANGES        375
#define NETVSP_TCP_HDR          20

typedef enum NetvspPort {
    PORT_UPLINK,
    PORT_SYNTHETIC,
    PORT_VF,
    PORT_COUNT
} NetvspPort;

typedef struct NetvspFrames {
    uint64_t frames, bytes, unicast, broadcast, multicast, syn;
} NetvspFrames;

/* Where the layers of a frame begin. */
typedef struct NetvspLayers {
    uint8_t ip;                 /* 4, 6, or 0 for what is neither */
    uint8_t proto;
    bool fragment;
    uint32_t l3;
    uint32_t l4;                /* 0: no TCP or UDP header */
    uint32_t end;               /* as the IP header says */
} NetvspLayers;

typedef struct NetvspRss {
    bool on;
    uint32_t types;
    uint32_t entries;
    uint16_t table[NETVSP_RSS_TABLE];
    uint8_t key[NETVSP_RSS_KEY] QEMU_ALIGNED(4);
} NetvspRss;

/* TCP segments on their way to become one frame. */
typedef struct NetvspRsc {
    bool v4, v6;                /* the guest wants it */
    bool ended;                 /* nothing may follow */
    uint8_t *frame;
    uint32_t len;               /* 0: nothing waits */
    uint32_t head;              /* where the data begins */
    uint32_t segments;
    NetvspLayers layers;
} NetvspRsc;

/* A section of the receive buffer that the guest has. */
typedef struct NetvspSection {
    bool head;                  /* the first of its packet: its id */
    uint8_t again;              /* so often was that packet sent again */
    uint16_t channel;
    uint32_t next;              /* + 1, of the same packet */
} NetvspSection;

typedef struct NetvspChannel {
    bool open;
    bool dead;                  /* after a protocol error, until it closes */
    bool loses;                 /* what it finds in the ring just now */
    GQueue waiting;             /* NetvspOut, for room in the ring */
    uint64_t to_guest, from_guest;
    uint64_t tx_packets;        /* in which those came */
} NetvspChannel;

/* What the guest agreed on over an open primary; gone when it closes. */
typedef struct NetvspConn {
    bool initialized;           /* a version was agreed on */
    bool configured;
    bool ndis_ver;
    bool rndis;
    bool revoked;
    uint32_t version;
    uint64_t caps;
    uint32_t mtu;               /* bytes, with the Ethernet header */
    VMBusGpadl *recv;
    uint16_t recv_id;
    uint32_t section_size;
    uint32_t sections;          /* all, with those for control messages */
    unsigned long *busy;        /* sections that the guest has */
    NetvspSection *section;
    uint32_t next_section;
    struct Xfer *batch;         /* frames for one packet */
    VMBusGpadl *send;
    uint16_t send_id;
    uint32_t send_sections;
    uint32_t filter;
    MACAddr multicast[NETVSP_MULTICASTS];
    uint32_t multicasts;
    uint32_t granted;           /* sub-channels */
    bool table_sent;
    NetvspRss rss;
    NetvspRsc rsc;
    uint16_t next_rsc_id;
    GQueue control;             /* answers that wait for a section */
    bool untold;                /* the guest does not know of a VF yet */
    uint64_t next_tid;          /* of messages that the host begins */
    GHashTable *asked;          /* ids of those, to how many are owed */
    uint32_t outstanding;       /* owed in all */
    uint32_t tx_batch;          /* frames in a packet, as it was told */
    uint32_t tx_align;          /* log2 of bytes */
} NetvspConn;

/* The data path; at most one switch is on its way. */
typedef struct NetvspPath {
    bool vf;
    bool pending;
    bool wanted;                /* by that switch: the VF */
    uint64_t tid;
    QEMUTimer *timer;
    uint64_t ignored, failed;   /* switches */
} NetvspPath;

typedef struct NetvspLink {
    bool up;
    bool said;                  /* up, the last time */
    QEMUTimer *timer;           /* until then it says nothing more */
} NetvspLink;

/* How slow, forgetful and odd the host is; without any of it, polite. */
typedef struct NetvspTemper {
    uint32_t switch_delay;      /* ms */
    uint32_t switch_fails;      /* so many to the VF */
    uint32_t switch_back_fails;
    uint32_t assoc_delay;       /* ms from RNDIS INIT to 128 */
    uint32_t rx_batch;          /* ranges in a packet */
    uint32_t tx_batch;          /* frames in a packet, + 1; 0: 8 of them */
    uint32_t tx_align;          /* log2 of bytes, + 1; 0: 8 bytes */
    uint32_t table_offset;      /* of 134; 0: as the version has it */
    bool rx_whole;              /* a range is the whole section */
    bool unique_ids;            /* of what it asks */
    uint32_t link_coalesce;     /* ms between two words of the link */
    bool link_doubled;
    bool link_early;            /* before RNDIS INIT */
    bool always_connected;      /* says so when asked */
    bool all_to_vf;             /* steering */
    bool freeze_loses;
} NetvspTemper;

struct HvNetvsp {
    VMBusDevice parent;

    NICConf conf;
    NICConf vf_conf;
    uint32_t serial;
    uint16_t channels;
    bool rsc;
    char *version;
    char *event_log;

    NICState *nic;
    NICState *vf_nic;
    uint32_t max_version;
    /* These outlive a channel, as they do on Hyper-V. */
    MACAddr mac;
    bool associated;
    uint32_t announced;         /* serial */
    NetvspPath path;
    NetvspLink link;
    bool frozen;

    NetvspTemper temper;
    QEMUTimer *assoc_timer;
    QEMUTimer *thaw_timer;

    FILE *log;
    int64_t log_start;
    QDict *messages;
    QDict *errors;
    uint64_t error_count;
    NetvspFrames in[PORT_COUNT];        /* from the port into the switch */
    NetvspFrames out[PORT_COUNT];
    uint64_t rx_packets;                /* with frames */
    uint64_t no_section;                /* waits for a receive section */
    uint64_t filtered;
    uint64_t lost;                      /* it stood still, or had no room */
    uint64_t refused;                   /* frames that the guest did not take */
    uint64_t rsc_frames, rsc_segments;
    uint64_t vf_tx_on_synthetic;        /* the VF was used too early or late */

    QTAILQ_HEAD(, NetvspRule) rules;
    QTAILQ_HEAD(, NetvspHeld) held;
    QEMUBH *burst_bh;

    NetvspConn c;
    NetvspChannel ch[NETVSP_MAX_CHANNELS];
};

static inline bool netvsp_alive(HvNetvsp *s, uint16_t channel)
{
    return s->ch[channel].open && !s->ch[channel].dead;
}

/* A packet to the guest. */
typedef struct NetvspOut {
    const char *name;
    uint16_t channel;
    bool keep;                  /* if the ring is full, send it later */
    uint16_t type, flags;
    uint64_t tid;
    const void *desc;
    uint32_t desc_len;
    const void *payload;
    uint32_t payload_len;
} NetvspOut;

/* channel.c */
void netvsp_channels_class(VMBusDeviceClass *vdc);
void netvsp_channels_init(HvNetvsp *s);
void netvsp_channels_clear(HvNetvsp *s);
void netvsp_subchannels(HvNetvsp *s, VMBusPacket *pkt);
void netvsp_dead(HvNetvsp *s, uint16_t channel, const char *why,
                 const void *bytes, uint32_t len);
void netvsp_complete(HvNetvsp *s, uint16_t channel, const char *name,
                     uint64_t tid, const void *msg, uint32_t len);
void netvsp_inband(HvNetvsp *s, const char *name, uint16_t flags,
                   uint64_t tid, const void *msg, uint32_t len);
int netvsp_send_now(HvNetvsp *s, const NetvspOut *out);
void netvsp_out_copy(NetvspOut *copy, const NetvspOut *out);
void netvsp_out_clear(NetvspOut *copy);

/* ask.c */
void netvsp_ask(HvNetvsp *s, const char *name, uint64_t tid, const void *msg,
                uint32_t len);
void netvsp_asked(HvNetvsp *s, const NetvspOut *out);
bool netvsp_answered(HvNetvsp *s, uint64_t tid);
void netvsp_ask_init(HvNetvsp *s);

/* nvsp.c */
void netvsp_packet(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt);
void netvsp_conn_reset(HvNetvsp *s);
void netvsp_conn_free(HvNetvsp *s);
uint32_t netvsp_msg_len(HvNetvsp *s);

/* rndis.c */
bool netvsp_rndis_control(HvNetvsp *s, const uint8_t *msg, uint32_t len);
void netvsp_rndis_indicate(HvNetvsp *s, uint32_t status, const void *data,
                           uint32_t len);

/* link.c */
void netvsp_link_init(HvNetvsp *s);
void netvsp_link_exit(HvNetvsp *s);
void netvsp_link_set(HvNetvsp *s, bool up);
void netvsp_link_early(HvNetvsp *s);

/* tx.c: 107 from the guest */
void netvsp_tx(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt);

/* frame.c */
NetvspLayers netvsp_layers(const uint8_t *frame, uint32_t len);

/* offload.c: what a NIC would do with a frame that the guest left unfinished */
typedef struct NetvspOffload {
    uint32_t csum, lso;
    bool has_csum, has_lso;
    uint32_t moved;             /* by so much, since the guest counted */
} NetvspOffload;
bool netvsp_finish_frame(HvNetvsp *s, uint8_t *frame, uint32_t len,
                         const NetvspOffload *off);
uint32_t netvsp_verify(const uint8_t *frame, uint32_t len);
uint32_t netvsp_coalesced(const uint8_t *frame, uint32_t len);

/* rx.c: to the guest, through the receive buffer */
bool netvsp_rx_frame(HvNetvsp *s, const uint8_t *frame, uint32_t len,
                     uint32_t segments);
void netvsp_rx_control(HvNetvsp *s, const char *name, const void *msg,
                       uint32_t len);
void netvsp_rx_done(HvNetvsp *s, uint16_t channel, VMBusPacket *pkt);
void netvsp_rx_forget(HvNetvsp *s, uint16_t channel);
void netvsp_rx_kick(HvNetvsp *s);
bool netvsp_rx_flush(HvNetvsp *s);
void netvsp_rx_alter(HvNetvsp *s, const NetvspOut *out, uint32_t offset,
                     const void *bytes, uint32_t len);
void netvsp_rx_again(HvNetvsp *s, const NetvspOut *out);
bool netvsp_rx_ready(HvNetvsp *s);

/* rss.c */
uint32_t netvsp_rss_set(HvNetvsp *s, const uint8_t *in, uint32_t len);
uint16_t netvsp_rss_channel(HvNetvsp *s, const uint8_t *frame, uint32_t len,
                            bool *hashed, uint32_t *hash);

/* rsc.c */
void netvsp_rsc_init(HvNetvsp *s);
void netvsp_rsc_exit(HvNetvsp *s);
bool netvsp_rsc_frame(HvNetvsp *s, const uint8_t *frame, uint32_t len);
bool netvsp_rsc_flush(HvNetvsp *s);

/* vswitch.c */
void netvsp_switch_init(HvNetvsp *s);
void netvsp_switch_exit(HvNetvsp *s);
void netvsp_from_guest(HvNetvsp *s, const uint8_t *frame, uint32_t len);
void netvsp_switch_flush(HvNetvsp *s);

/* vf.c */
void netvsp_vf_announce(HvNetvsp *s);
void netvsp_vf_associate(HvNetvsp *s, bool associate);
void netvsp_vf_lose(HvNetvsp *s);
void netvsp_vf_forget(HvNetvsp *s);
void netvsp_vf_init(HvNetvsp *s);
void netvsp_vf_exit(HvNetvsp *s);

/* path.c */
void netvsp_path_asked(HvNetvsp *s, uint32_t path, uint64_t tid);
void netvsp_path_take(HvNetvsp *s);
void netvsp_path_forget(HvNetvsp *s);
void netvsp_path_init(HvNetvsp *s);
void netvsp_path_exit(HvNetvsp *s);

/* still.c */
void netvsp_freeze(HvNetvsp *s, uint32_t ms);
bool netvsp_freeze_loses(HvNetvsp *s);
void netvsp_freeze_init(HvNetvsp *s);
void netvsp_freeze_exit(HvNetvsp *s);

/* temper.c */
void netvsp_temper_class(ObjectClass *klass);

/* log.c */
void netvsp_log_open(HvNetvsp *s, Error **errp);
void netvsp_log_close(HvNetvsp *s);
void netvsp_log(HvNetvsp *s, const char *event, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);
void netvsp_log_msg(HvNetvsp *s, const char *dir, const char *name,
                    uint64_t tid);
void netvsp_error(HvNetvsp *s, const char *name, const void *bytes,
                  uint32_t len);
char *netvsp_counters(HvNetvsp *s);

/* script.c */
typedef enum NetvspFate {
    FATE_PASS,
    FATE_DROP,
    FATE_HELD,
    FATE_TWICE,
    FATE_FAIL,
} NetvspFate;
void netvsp_script_set(HvNetvsp *s, const char *json, Error **errp);
char *netvsp_script_get(HvNetvsp *s);
void netvsp_script_release(HvNetvsp *s, const char *name);
void netvsp_script_drop_held(HvNetvsp *s, uint16_t channel);
void netvsp_script_clear(HvNetvsp *s);
NetvspFate netvsp_script_g2h(HvNetvsp *s, const char *name);
int netvsp_send(HvNetvsp *s, const NetvspOut *out);

#endif
