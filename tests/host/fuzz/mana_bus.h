/*
 * What the fuzzer of mana and the machine around it share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef FUZZ_MANA_BUS_H
#define FUZZ_MANA_BUS_H

#include "../mana/mana.h"

#define MEMORY_PAGES            256
#define MEMORY_LEN              (MEMORY_PAGES * MANA_PAGE)

typedef struct ManaBus {
    uint32_t seed;
    uint64_t state;
    uint64_t interrupts, frames;
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

#endif
