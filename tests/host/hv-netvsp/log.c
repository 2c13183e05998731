/*
 * hv-netvsp: the event log, a line of JSON each, and the counters
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "qobject/qstring.h"
#include "hv-netvsp.h"

#define BYTES_MAX               128

void netvsp_log_open(HvNetvsp *s, Error **errp)
{
    if (s->event_log) {
        s->log = fopen(s->event_log, "ae");
        if (!s->log) {
            error_setg_errno(errp, errno, "cannot open event log '%s'",
                             s->event_log);
            return;
        }
        setlinebuf(s->log);
    }
    s->messages = qdict_new();
    s->errors = qdict_new();
}

void netvsp_log_close(HvNetvsp *s)
{
    if (s->log) {
        fclose(s->log);
    }
    qobject_unref(s->messages);
    qobject_unref(s->errors);
}

/* @fmt: the members of the event, in JSON. */
void netvsp_log(HvNetvsp *s, const char *event, const char *fmt, ...)
{
    va_list ap;

    if (!s->log) {
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

void netvsp_log_msg(HvNetvsp *s, const char *dir, const char *name,
                    uint64_t tid)
{
    g_autofree char *key = g_strdup_printf("%s %s", dir, name);

    bump(s->messages, key);
    netvsp_log(s, "msg", "\"dir\":\"%s\",\"name\":\"%s\",\"tid\":%" PRIu64,
               dir, name, tid);
}

void netvsp_error(HvNetvsp *s, const char *name, const void *bytes,
                  uint32_t len)
{
    const uint8_t *p = bytes;
    g_autoptr(GString) hex = g_string_new(NULL);
    uint32_t i;

    for (i = 0; i < MIN(len, BYTES_MAX); i++) {
        g_string_append_printf(hex, "%02x", p[i]);
    }
    s->error_count++;
    bump(s->errors, name);
    netvsp_log(s, "error", "\"name\":\"%s\",\"bytes\":\"%s\"", name, hex->str);
}

static QDict *frames(const NetvspFrames *f)
{
    QDict *d = qdict_new();

    qdict_put_int(d, "frames", f->frames);
    qdict_put_int(d, "bytes", f->bytes);
    qdict_put_int(d, "unicast", f->unicast);
    qdict_put_int(d, "broadcast", f->broadcast);
    qdict_put_int(d, "multicast", f->multicast);
    qdict_put_int(d, "syn", f->syn);
    return d;
}

static QList *channels(HvNetvsp *s)
{
    QList *list = qlist_new();
    int i;

    for (i = 0; i < s->channels; i++) {
        QDict *d = qdict_new();

        qdict_put_bool(d, "open", s->ch[i].open);
        qdict_put_bool(d, "dead", s->ch[i].dead);
        qdict_put_int(d, "to-guest", s->ch[i].to_guest);
        qdict_put_int(d, "from-guest", s->ch[i].from_guest);
        qdict_put_int(d, "packets-from-guest", s->ch[i].tx_packets);
        qdict_put_int(d, "waiting", g_queue_get_length(&s->ch[i].waiting));
        qlist_append(list, d);
    }
    return list;
}

char *netvsp_counters(HvNetvsp *s)
{
    static const char *const ports[] = { "uplink", "synthetic", "vf" };
    g_autoptr(QDict) d = qdict_new();
    QDict *in = qdict_new(), *out = qdict_new();
    GString *json;
    int i;

    for (i = 0; i < PORT_COUNT; i++) {
        qdict_put(in, ports[i], frames(&s->in[i]));
        qdict_put(out, ports[i], frames(&s->out[i]));
    }
    qdict_put(d, "in", in);
    qdict_put(d, "out", out);
    qdict_put(d, "messages", qdict_clone_shallow(s->messages));
    qdict_put_int(d, "protocol-errors", s->error_count);
    qdict_put(d, "errors", qdict_clone_shallow(s->errors));
    qdict_put_bool(d, "associated", s->associated);
    qdict_put_str(d, "data-path", s->path.vf ? "vf" : "synthetic");
    qdict_put_bool(d, "switch-pending", s->path.pending);
    qdict_put_int(d, "switches-ignored", s->path.ignored);
    qdict_put_int(d, "switches-failed", s->path.failed);
    qdict_put_bool(d, "frozen", s->frozen);
    qdict_put_bool(d, "link-up", s->link.up);
    qdict_put_bool(d, "rndis", s->c.rndis);
    qdict_put_bool(d, "dead", s->ch[0].dead);
    qdict_put(d, "channels", channels(s));
    qdict_put_bool(d, "rss", s->c.rss.on);
    qdict_put_bool(d, "rsc", s->c.rsc.v4 || s->c.rsc.v6);
    qdict_put_int(d, "rsc-frames", s->rsc_frames);
    qdict_put_int(d, "rsc-segments", s->rsc_segments);
    qdict_put_int(d, "version", s->c.version);
    qdict_put_int(d, "filter", s->c.filter);
    qdict_put_int(d, "mtu", s->c.mtu);
    qdict_put_int(d, "sections", s->c.sections);
    qdict_put_int(d, "outstanding-sections",
                  s->c.busy ? bitmap_count_one(s->c.busy, s->c.sections) : 0);
    qdict_put_int(d, "outstanding-requests", s->c.outstanding);
    qdict_put_int(d, "control-waiting", g_queue_get_length(&s->c.control));
    qdict_put_int(d, "rx-packets", s->rx_packets);
    qdict_put_int(d, "refused", s->refused);
    qdict_put_int(d, "no-section", s->no_section);
    qdict_put_int(d, "filtered", s->filtered);
    qdict_put_int(d, "lost", s->lost);
    qdict_put_int(d, "vf-tx-on-synthetic", s->vf_tx_on_synthetic);
    json = qobject_to_json(QOBJECT(d));
    return g_string_free(json, false);
}
