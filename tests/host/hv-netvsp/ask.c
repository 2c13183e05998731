/*
 * hv-netvsp: what the host asks, and the guest has not completed yet
 *
 * A host gives all messages of a kind the same id, so an id alone does not say
 * which of two is completed: only how many are owed can be counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hv-netvsp.h"

/* Far from the ids of receive packets, which count sections. */
#define TID_UNIQUE              (1ull << 32)

/* A message that the guest has to complete. */
void netvsp_ask(HvNetvsp *s, const char *name, uint64_t tid, const void *msg,
                uint32_t len)
{
    if (s->temper.unique_ids) {
        tid = TID_UNIQUE + s->c.next_tid++;
    }
    netvsp_inband(s, name, PKT_WANTS_COMPLETION, tid, msg, len);
}

static uint32_t owed(HvNetvsp *s, uint64_t tid)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(s->c.asked, &tid));
}

static void owe(HvNetvsp *s, uint64_t tid, uint32_t times)
{
    if (times) {
        g_hash_table_insert(s->c.asked, g_memdup2(&tid, sizeof(tid)),
                            GUINT_TO_POINTER(times));
    } else {
        g_hash_table_remove(s->c.asked, &tid);
    }
}

/* A packet is on its way: what is dropped before is never owed. */
void netvsp_asked(HvNetvsp *s, const NetvspOut *out)
{
    if (out->type == PKT_INBAND && out->flags & PKT_WANTS_COMPLETION) {
        owe(s, out->tid, owed(s, out->tid) + 1);
        s->c.outstanding++;
    }
}

/* Return: false if the guest completes what it was not asked. */
bool netvsp_answered(HvNetvsp *s, uint64_t tid)
{
    uint32_t times = owed(s, tid);

    if (!times) {
        return false;
    }
    owe(s, tid, times - 1);
    s->c.outstanding--;
    return true;
}

void netvsp_ask_init(HvNetvsp *s)
{
    s->c.asked = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                       NULL);
}
