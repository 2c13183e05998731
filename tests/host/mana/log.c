/*
 * mana: the event log, a line of JSON each, and the counters
 *
 * A guest fills no disk: so many lines a second are written, of errors and of all
 * else, and what is wrong is counted even if it is not. However much else there
 * is, an error is seen.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "qobject/qjson.h"
#include "mana.h"

#define LINES_A_SECOND          200

bool mana_log_open(Mana *s, Error **errp)
{
    if (s->event_log) {
        s->log = fopen(s->event_log, "ae");
        if (!s->log) {
            error_setg_errno(errp, errno, "cannot open event log '%s'",
                             s->event_log);
            return false;
        }
        setlinebuf(s->log);
    }
    s->errors = qdict_new();
    s->messages = qdict_new();
    return true;
}

void mana_log_close(Mana *s)
{
    if (s->log) {
        fclose(s->log);
    }
    qobject_unref(s->errors);
    qobject_unref(s->messages);
}

static bool is_allowed(ManaLimit *limit)
{
    int64_t now = qemu_clock_get_ms(QEMU_CLOCK_REALTIME) / 1000;

    if (limit->second != now) {
        *limit = (ManaLimit) { .second = now };
    }
    return limit->lines++ < LINES_A_SECOND;
}

/* @fmt: the members of the event, in JSON. */
void mana_log(Mana *s, const char *event, const char *fmt, ...)
{
    bool error = !strcmp(event, "error");
    va_list ap;

    if (!s->log ||
        !is_allowed(error ? &s->error_lines : &s->event_lines)) {
        return;
    }
    fprintf(s->log, "{\"t\":%" PRId64 ",\"ev\":\"%s\",",
            qemu_clock_get_ns(QEMU_CLOCK_REALTIME), event);
    va_start(ap, fmt);
    vfprintf(s->log, fmt, ap);
    va_end(ap);
    fputs("}\n", s->log);
}

static void bump(QDict *dict, const char *key)
{
    qdict_put_int(dict, key, qdict_get_try_int(dict, key, 0) + 1);
}

void mana_log_command(Mana *s, uint32_t code, uint32_t status)
{
    const char *name = mana_command_name(code);

    bump(s->messages, name);
    mana_log(s, "command", "\"name\":\"%s\",\"code\":%u,\"status\":%u", name,
             code, status);
}

/* @what: whatever helps to see what was wrong. */
void mana_error(Mana *s, const char *name, uint64_t what)
{
    s->error_count++;
    bump(s->errors, name);
    mana_log(s, "error", "\"name\":\"%s\",\"what\":%" PRIu64, name, what);
}

static uint64_t packets(const ManaTraffic *t)
{
    return t->packets[0] + t->packets[1] + t->packets[2];
}

static uint32_t used(void *const *table, uint32_t max)
{
    uint32_t i, n = 0;

    for (i = 0; i < max; i++) {
        n += !!table[i];
    }
    return n;
}

char *mana_counters(Mana *s)
{
    g_autoptr(QDict) d = qdict_new();
    const ManaStats *st = &s->stats;
    GString *json;

    qdict_put(d, "commands", qdict_clone_shallow(s->messages));
    qdict_put(d, "errors", qdict_clone_shallow(s->errors));
    qdict_put_int(d, "protocol-errors", s->error_count);
    qdict_put_bool(d, "up", s->hwc.up);
    qdict_put_bool(d, "registered", s->registered[DEV_NIC]);
    qdict_put_int(d, "driver-flags", s->driver_flags);
    qdict_put_int(d, "eqs", used((void **)s->eq, MANA_EQS));
    qdict_put_int(d, "cqs", used((void **)s->cq, MANA_CQS));
    qdict_put_int(d, "sqs", used((void **)s->sq, MANA_WQS));
    qdict_put_int(d, "rqs", used((void **)s->rq, MANA_WQS));
    qdict_put_int(d, "regions", used((void **)s->region, MANA_REGIONS));
    qdict_put_int(d, "rx-packets", packets(&st->rx));
    qdict_put_int(d, "rx-bytes", st->rx.bytes);
    qdict_put_int(d, "rx-no-buffer", st->rx_no_buffer);
    qdict_put_int(d, "rx-disabled", st->rx_disabled);
    qdict_put_int(d, "rx-truncated", st->rx_truncated);
    qdict_put_int(d, "tx-packets", packets(&st->tx));
    qdict_put_int(d, "tx-bytes", st->tx.bytes);
    qdict_put_int(d, "refused", st->refused);
    qdict_put_int(d, "silent", st->silent);
    qdict_put_int(d, "late-doorbells", st->late_doorbells);
    qdict_put_int(d, "interrupts", st->interrupts);
    qdict_put_int(d, "events", st->events);
    qdict_put_int(d, "overflow", st->overflow);
    json = qobject_to_json(QOBJECT(d));
    return g_string_free(json, false);
}
