/*
 * mana: Azure's virtual function, as the driver of that name sees it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MANA_H
#define MANA_H

#include "qemu/bitmap.h"
#include "qemu/units.h"
#include "hw/pci/pci_device.h"
#include "net/net.h"
#include "qobject/qdict.h"
#include "formats.h"

#define TYPE_MANA "mana"
OBJECT_DECLARE_SIMPLE_TYPE(Mana, MANA)

#define MANA_VECTORS            32      /* irqs has a bit for each */
#define MANA_PORTS              2
/* Of a port, each way. */
#define MANA_QUEUES             16
#define MANA_PAGES              3       /* for doorbells */
#define MANA_BAR0               ((1 + MANA_PAGES) * MANA_PAGE)

/* Ids are below these; 0 is none. */
#define MANA_EQS                64
#define MANA_CQS                128
#define MANA_WQS                64

#define MANA_REGIONS            512
#define MANA_REGION_PAGES       4096u
#define MANA_REGIONS_PAGES      65536u

#define MANA_MESSAGE            4096u
/* Frames without their tag; jumbo ones have a payload of 9000 bytes. */
#define MANA_MTU_MIN            (1500 + 14)
#define MANA_MTU                (9000 + 14)
#define MANA_LSO_HEAD           256u
#define MANA_LSO_MAX            (512u * KiB)
#define MANA_LSO_SEGMENTS       2048u
/* The largest thing that the guest may send at once. */
#define MANA_FRAME              (MANA_LSO_HEAD + MANA_LSO_MAX)
/* In front of a frame, for the tag. */
#define MANA_ROOM               4

/* Where a queue's memory is. */
typedef struct ManaRing {
    uint64_t *page;
    uint32_t size;
} ManaRing;

typedef struct ManaRegion {
    uint64_t handle;
    uint64_t length;
    uint32_t offset;            /* in the first page */
    uint32_t pages;
    uint32_t known;             /* of these */
    uint64_t *page;
} ManaRegion;

typedef enum ManaQueueType {
    MANA_SQ = 1,
    MANA_RQ,
    MANA_CQ,
    MANA_EQ,
} ManaQueueType;

/* A queue that the device posts to: completions or events. */
typedef struct ManaPosts {
    ManaQueueType type;
    uint32_t id;
    uint32_t page;              /* for doorbells */
    uint16_t owner;             /* the type of a device */
    ManaRing ring;
    uint32_t entry;             /* bytes */
    uint32_t entries;
    uint32_t head, tail;        /* free-running; the first pass is 1 */
    bool armed;
    uint32_t eq;                /* of a CQ */
    uint32_t vector;            /* of an EQ */
} ManaPosts;

/* A queue that the driver posts to. */
typedef struct ManaWork {
    ManaQueueType type;
    uint32_t id;
    uint32_t page;
    ManaRing ring;
    uint32_t head, tail;        /* bytes, free-running */
    uint32_t cq;
    uint32_t key;               /* of the memory that it may name */
    int port;                   /* -1: the hardware channel's */
    bool dead;                  /* after an entry that made no sense */
} ManaWork;

typedef struct ManaSge {
    uint64_t addr;
    uint32_t size;
} ManaSge;

typedef struct ManaWqe {
    uint32_t at;                /* in the ring */
    uint32_t len;
    uint32_t oob_len;
    uint8_t oob[24];
    bool lso;
    uint32_t unit;
    uint32_t sges;
    ManaSge sge[SGES_MAX];
    uint64_t bytes;             /* of all SGEs */
} ManaWqe;

/* Where the layers of a frame begin. */
typedef struct ManaLayers {
    uint8_t ip;                 /* 4, 6, or 0 for what is neither */
    uint8_t proto;
    bool fragment;
    uint32_t l3;
    uint32_t l4;                /* 0: no TCP or UDP header */
    uint32_t end;               /* as the IP header says */
} ManaLayers;

/* What the driver wants done with a frame. */
typedef struct ManaOffload {
    bool tcp, udp, ip_csum;
    uint8_t ip;                 /* 4 or 6, 0: not said */
    uint32_t l4;                /* 0: not said */
    bool lso;
    uint32_t mss;
    uint32_t head;              /* bytes of headers, of an LSO frame */
    bool vlan;                  /* a tag is to be inserted */
    uint16_t tci;
} ManaOffload;

typedef struct ManaPort {
    struct Mana *mana;
    int index;
    NICConf conf;
    NICState *nic;
    bool tx_on;
    bool rx_on;
    bool rss;
    uint32_t hashes;            /* types */
    uint32_t first;             /* the default RQ */
    uint32_t table[RSS_TABLE];  /* RQs; 0: none */
    uint8_t key[RSS_KEY] QEMU_ALIGNED(4);
} ManaPort;

typedef struct ManaTraffic {
    uint64_t bytes;
    uint64_t packets[3], part[3];       /* unicast, broadcast, multicast */
} ManaTraffic;

typedef struct ManaStats {
    ManaTraffic rx, tx;
    uint64_t rx_no_buffer, rx_disabled, rx_truncated;
    uint64_t tx_disabled, tx_offset, tx_mtu, tx_oob, tx_gdma;
    uint64_t overflow;          /* of what the device posts */
    uint64_t interrupts, events, commands, refused, silent, late_doorbells;
} ManaStats;

/* So many lines of the log a second. */
typedef struct ManaLimit {
    int64_t second;
    uint32_t lines;
} ManaLimit;

/* A request, and the answer that it gets. */
typedef struct ManaCommand {
    const uint8_t *in;
    uint32_t in_len;
    uint8_t *out;               /* MANA_MESSAGE bytes, all 0 */
    uint32_t code;
    uint16_t version;           /* of the answer; what is known at most */
    uint16_t type, instance;    /* of the device */
} ManaCommand;

/* The hardware channel. */
typedef struct ManaHwc {
    bool up;
    bool mute;                  /* the driver has been told to start anew */
    uint32_t eq, cq, sq, rq;
    bool busy;                  /* with a request that waits for its time */
    uint32_t len;               /* of the answer that waits for a buffer */
    uint32_t code;
    uint8_t request[MANA_MESSAGE];
    uint8_t answer[MANA_MESSAGE];
} ManaHwc;

/* How slow, forgetful and odd the device is; without any of it, polite. */
typedef struct ManaTemper {
    uint32_t code;              /* of the commands meant; 0: all */
    uint32_t delay;             /* ms */
    uint32_t fails;             /* so many */
    uint32_t silent;            /* so many */
    bool stalled;               /* nothing is sent, until the timer says so */
} ManaTemper;

/* What is to be told to the driver as soon as the device is at work. */
#define MANA_TELL_LINK          1u
#define MANA_TELL_RESET         2u

struct Mana {
    PCIDevice parent;

    MemoryRegion bar0;
    ManaPort port[MANA_PORTS];
    uint32_t ports;
    uint32_t mtu;
    uint32_t queues;
    char *event_log;

    uint8_t mailbox[MAILBOX_SIZE];
    ManaHwc hwc;
    ManaTemper temper;
    QEMUTimer *delay_timer;
    QEMUTimer *stall_timer;
    QEMUBH *work_bh;
    QEMUBH *tx_bh;
    QEMUBH *irq_bh;
    uint32_t irqs;              /* vectors that are due */
    uint32_t tell;
    uint64_t driver_flags;
    bool registered[DEV_RDMA + 1];
    uint32_t domains[DEV_RDMA + 1];     /* protection domains, a bit for each */

    ManaPosts *eq[MANA_EQS];
    ManaPosts *cq[MANA_CQS];
    DECLARE_BITMAP(ended_eqs, MANA_EQS);
    DECLARE_BITMAP(ended_cqs, MANA_CQS);
    ManaWork *sq[MANA_WQS];
    ManaWork *rq[MANA_WQS];
    ManaRegion *region[MANA_REGIONS];
    uint32_t region_pages;      /* of all */
    uint64_t region_count;      /* that there ever were */
    uint8_t *frame;             /* that is being sent */

    FILE *log;
    QDict *errors;
    QDict *messages;
    uint64_t error_count;
    ManaLimit event_lines, error_lines;
    ManaStats stats;
};

/*
 * What the guest names is memory, or nothing: a register that is written in
 * the middle of the work, this function's own among them, could end the device.
 */
#define MANA_DMA                ((MemTxAttrs) { .memory = true })

/* Each device has a doorbell page, a protection domain and a key. */
static inline uint32_t mana_page_of(uint16_t type)
{
    return type == DEV_HWC ? 0 : type - DEV_HWC;
}

static inline uint32_t mana_pd_of(uint16_t type)
{
    return type;
}

static inline uint32_t mana_key_of(uint16_t type)
{
    return 0x100 * type;
}

/* state.c */
void mana_stop(Mana *s);
void mana_tell(Mana *s, uint32_t what);

/* regs.c */
void mana_regs_init(Mana *s);
void mana_mailbox_work(Mana *s);

/* region.c */
uint32_t mana_region_create(Mana *s, ManaCommand *c);
uint32_t mana_region_add(Mana *s, ManaCommand *c);
uint32_t mana_region_destroy(Mana *s, ManaCommand *c);
ManaRegion *mana_region_find(Mana *s, uint64_t handle);
ManaRing mana_region_take(Mana *s, ManaRegion *r);
bool mana_region_fits(const ManaRegion *r, uint32_t size);
void mana_regions_clear(Mana *s);

/* ring.c */
bool mana_ring_read(Mana *s, const ManaRing *r, uint32_t at, void *to,
                    uint32_t len);
bool mana_ring_write(Mana *s, const ManaRing *r, uint32_t at,
                     const void *from, uint32_t len);

/* posts.c */
ManaPosts *mana_posts_new(Mana *s, ManaQueueType type, uint32_t size);
void mana_posts_free(Mana *s, ManaPosts *q);
void mana_posts_interrupt(Mana *s);
void mana_posts_doorbell(Mana *s, ManaPosts *q, uint32_t tail, bool arm);
void mana_event(Mana *s, uint32_t eq, uint8_t type, uint32_t data);
void mana_complete(Mana *s, uint32_t cq, const ManaWork *wq, uint8_t *cqe);

/* work.c */
ManaWork *mana_work_new(Mana *s, ManaQueueType type);
void mana_work_free(Mana *s, ManaWork *w);
void mana_work_doorbell(Mana *s, ManaWork *w, uint32_t tail);

/* wqe.c */
const char *mana_wqe_parse(const uint8_t *raw, uint32_t len, uint32_t max,
                           uint32_t key, ManaWqe *e);
bool mana_wqe_next(Mana *s, ManaWork *w, ManaWqe *e);
bool mana_wqe_gather(Mana *s, const ManaWqe *e, uint8_t *to);
bool mana_wqe_scatter(Mana *s, const ManaWqe *e, const uint8_t *from,
                      uint32_t len);

/* hwc.c */
bool mana_hwc_establish(Mana *s, const uint64_t *pages, uint32_t vector);
void mana_hwc_work(Mana *s);
void mana_hwc_init(Mana *s);
void mana_hwc_exit(Mana *s);
void mana_hwc_stop(Mana *s);

/* command.c */
uint32_t mana_command(Mana *s, ManaCommand *c);
const char *mana_command_name(uint32_t code);

/* gdma.c */
uint32_t mana_gdma_version(Mana *s, ManaCommand *c);
uint32_t mana_gdma_maxima(Mana *s, ManaCommand *c);
uint32_t mana_gdma_devices(Mana *s, ManaCommand *c);
uint32_t mana_gdma_register(Mana *s, ManaCommand *c);
uint32_t mana_gdma_deregister(Mana *s, ManaCommand *c);
uint32_t mana_gdma_test_event(Mana *s, ManaCommand *c);
uint32_t mana_gdma_create_eq(Mana *s, ManaCommand *c);
uint32_t mana_gdma_disable_eq(Mana *s, ManaCommand *c);

/* domain.c */
uint32_t mana_domain_create(Mana *s, ManaCommand *c);
uint32_t mana_domain_destroy(Mana *s, ManaCommand *c);

/* port.c */
ManaPort *mana_port_find(Mana *s, uint64_t handle);
uint32_t mana_port_config(Mana *s, ManaCommand *c);
uint32_t mana_port_query(Mana *s, ManaCommand *c);
uint32_t mana_port_tx(Mana *s, ManaCommand *c);
uint32_t mana_port_steer(Mana *s, ManaCommand *c);
uint32_t mana_port_tx_offset(const ManaPort *port);
void mana_port_forget_rq(ManaPort *port, uint32_t rq);
void mana_port_stop(ManaPort *port);

/* object.c */
uint32_t mana_object_create(Mana *s, ManaCommand *c);
uint32_t mana_object_destroy(Mana *s, ManaCommand *c);
uint32_t mana_object_fence(Mana *s, ManaCommand *c);
ManaWork *mana_object_find(Mana *s, uint64_t handle, ManaQueueType type);
void mana_objects_clear(Mana *s);

/* stats.c */
void mana_count(ManaTraffic *t, const uint8_t *frame, uint32_t len);
uint32_t mana_stats_query(Mana *s, ManaCommand *c);

/* frame.c */
ManaLayers mana_layers(const uint8_t *frame, uint32_t len);

/* offload.c */
typedef void ManaEmit(void *opaque, uint8_t *frame, uint32_t len);
bool mana_offload_send(uint8_t *frame, uint32_t len, const ManaOffload *off,
                       ManaEmit *emit, void *opaque);
uint32_t mana_offload_verify(const uint8_t *frame, uint32_t len,
                             const ManaLayers *l);

/* rss.c */
uint32_t mana_rss_queue(const ManaPort *port, const uint8_t *frame,
                        const ManaLayers *l, uint32_t *type, uint32_t *hash);

/* tx.c */
void mana_tx_work(void *opaque);

/* rx.c */
ssize_t mana_rx(NetClientState *nc, const uint8_t *frame, size_t len);

/* temper.c */
void mana_temper_class(ObjectClass *klass);
void mana_temper_init(Mana *s);
void mana_temper_exit(Mana *s);
void mana_temper_reset(Mana *s);

/* log.c */
bool mana_log_open(Mana *s, Error **errp);
void mana_log_close(Mana *s);
void mana_log(Mana *s, const char *event, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);
void mana_log_command(Mana *s, uint32_t code, uint32_t status);
void mana_error(Mana *s, const char *name, uint64_t what);
char *mana_counters(Mana *s);

#endif
