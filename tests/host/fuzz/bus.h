/*
 * What the fuzzer and its bus share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef FUZZ_BUS_H
#define FUZZ_BUS_H

#include "../hv-netvsp/hv-netvsp.h"

#define RECV_LEN                (512 * 1024)
#define SEND_LEN                (16 * NETVSP_SEND_SECTION)
#define MEMORY_LEN              (128 * 1024)
#define XFERS                   1024

typedef struct FuzzRange {
    uint32_t off, len;
} FuzzRange;

/* A receive packet that the guest has not completed. */
typedef struct FuzzXfer {
    uint32_t channel, ranges;
    uint64_t tid;
    FuzzRange range[NETVSP_RX_RANGES];
} FuzzXfer;

typedef struct FuzzBus {
    uint32_t seed;
    VMBusChannelNotifyCb notify;
    uint64_t state;
    bool open[NETVSP_MAX_CHANNELS];
    bool full;                  /* the rings are short of room */
    uint32_t offered;
    bool pending;               /* one packet from the guest */
    uint32_t pending_channel;
    VMBusPacket packet;
    /*
     * The guest has completed what it had not got, or the device has not
     * looked at a completion: nobody knows any more what is outstanding.
     */
    bool lied;
    bool scripted;              /* the host may have held something back */
    FuzzXfer xfer[XFERS];
    uint32_t xfers;
    uint64_t asked;
    uint64_t sent, frames;
    uint8_t sum;
    uint8_t memory[MEMORY_LEN];
} FuzzBus;

extern FuzzBus bus;

void check(bool ok, const char *what);
uint32_t rnd(uint32_t n);
void bus_init(HvNetvsp *s);
void bus_exit(void);
void bus_forget(uint32_t channel);
void bus_completed(uint32_t channel, uint64_t tid);
uint32_t bus_outstanding(void);
void bus_main_loop(void);
bool bus_uplink(const uint8_t *frame, uint32_t len);
uint8_t *bus_send_buffer(void);
VMBusChannel *bus_channel(uint32_t idx);

#endif
