/*
 * What the fuzzer of mana and the machine around it share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef FUZZ_MANA_BUS_H
#define FUZZ_MANA_BUS_H

#include "../mana/mana.h"

#define MEMORY_PAGES            256
#define REQUEST_PAGE            4
#define ANSWER_PAGE             5
#define MEMORY_LEN              (MEMORY_PAGES * MANA_PAGE)

typedef struct ManaBus {
    uint32_t seed;
    uint64_t state;
    const uint8_t *input;               /* of libFuzzer, as long as it lasts */
    size_t left;
    uint64_t interrupts, frames, commands, refused;
    uint8_t sum;
    uint8_t memory[MEMORY_LEN];
} ManaBus;

extern ManaBus bus;

void check(bool ok, const char *what);
uint32_t rnd(uint32_t n);
void bus_init(Mana *s);
void bus_exit(Mana *s);
void bus_main_loop(void);
void bus_write(Mana *s, uint64_t addr, uint64_t value, uint32_t size);
void bus_read(Mana *s, uint64_t addr, uint32_t size);

/* mana_guest.c */
void guest_init(Mana *device);
uint8_t *guest_page(uint32_t n);
void guest_scribble(uint8_t *p, uint32_t len);
void guest_ring(uint32_t db_page, uint32_t type, uint32_t id, uint32_t value);
void guest_see(uint32_t type, const ManaPosts *q);
void guest_mailbox(uint32_t type);
uint32_t guest_command(uint32_t code, uint16_t type, uint32_t len);
uint8_t *guest_clear(uint32_t len);

#endif
