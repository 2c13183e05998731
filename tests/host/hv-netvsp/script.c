/*
 * hv-netvsp: a script that makes the host slow, forgetful or wrong
 *
 * A rule is for the n-th message of a name, counted from when the rule was
 * set, and for as many of those that follow as it says. All that the host
 * sends passes by here, so this is also where sending is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "hv-netvsp.h"

typedef enum Action {
    ACT_DELAY,
    ACT_HOLD,
    ACT_DROP,
    ACT_DUPLICATE,
    ACT_ALTER,
    ACT_FAIL,
    ACT_COUNT
} Action;

static const char *const actions[ACT_COUNT] = {
    "delay", "hold", "drop", "duplicate", "alter", "fail",
};

typedef struct NetvspRule {
    QTAILQ_ENTRY(NetvspRule) next;
    char *name;
    char *type;
    char *of;                   /* what of a packet is altered */
    bool g2h;
    Action action;
    int64_t nth, count, ms, offset;
    uint8_t *bytes;
    size_t bytes_len;
    int64_t seen, hits;
} NetvspRule;

typedef struct NetvspHeld {
    QTAILQ_ENTRY(NetvspHeld) next;
    HvNetvsp *s;
    char *rule;
    NetvspOut out;
    QEMUTimer *timer;           /* NULL: until it is released */
} NetvspHeld;

static void free_rule(NetvspRule *r)
{
    g_free(r->name);
    g_free(r->type);
    g_free(r->of);
    g_free(r->bytes);
    g_free(r);
}

static bool parse_bytes(NetvspRule *r, const char *hex)
{
    size_t i, n = strlen(hex) / 2;

    r->bytes = g_malloc0(n + 1);
    r->bytes_len = n;
    for (i = 0; i < n; i++) {
        int hi = g_ascii_xdigit_value(hex[2 * i]);
        int lo = g_ascii_xdigit_value(hex[2 * i + 1]);

        if (hi < 0 || lo < 0) {
            return false;
        }
        r->bytes[i] = hi << 4 | lo;
    }
    return true;
}

static NetvspRule *parse_rule(QDict *d, Error **errp)
{
    const char *type = qdict_get_try_str(d, "type");
    const char *action = qdict_get_try_str(d, "action");
    const char *name = qdict_get_try_str(d, "name");
    const char *hex = qdict_get_try_str(d, "bytes");
    const char *dir = qdict_get_try_str(d, "dir");
    NetvspRule *r = g_new0(NetvspRule, 1);

    r->name = g_strdup(name ?: type);
    r->type = g_strdup(type);
    r->of = g_strdup(qdict_get_try_str(d, "of") ?: "message");
    r->g2h = dir && !strcmp(dir, "g2h");
    r->nth = qdict_get_try_int(d, "nth", 1);
    r->count = qdict_get_try_int(d, "count", 1);
    r->ms = qdict_get_try_int(d, "ms", 1000);
    r->offset = qdict_get_try_int(d, "offset", 0);
    for (r->action = 0; action && r->action < ACT_COUNT; r->action++) {
        if (!strcmp(actions[r->action], action)) {
            break;
        }
    }
    if (!type || !action || r->action == ACT_COUNT || r->offset < 0) {
        error_setg(errp, "a rule needs a 'type' and a known 'action'");
    } else if (hex && !parse_bytes(r, hex)) {
        error_setg(errp, "'bytes' is not hexadecimal");
    } else if (r->action == ACT_ALTER && !hex) {
        error_setg(errp, "'alter' needs 'bytes'");
    } else if (strcmp(r->of, "message") && strcmp(r->of, "nvsp") &&
               strcmp(r->of, "ranges")) {
        error_setg(errp, "'of' is none of message, nvsp, ranges");
    } else if (r->g2h && r->action != ACT_DROP && r->action != ACT_FAIL) {
        error_setg(errp, "what the guest sends can be dropped or failed");
    } else if (!r->g2h && r->action == ACT_FAIL) {
        error_setg(errp, "'fail' is for what the guest sends");
    } else {
        return r;
    }
    free_rule(r);
    return NULL;
}

void netvsp_script_clear(HvNetvsp *s)
{
    NetvspRule *r;

    while ((r = QTAILQ_FIRST(&s->rules))) {
        QTAILQ_REMOVE(&s->rules, r, next);
        free_rule(r);
    }
}

static void add_rules(HvNetvsp *s, QList *list, Error **errp)
{
    QListEntry *entry;

    QLIST_FOREACH_ENTRY(list, entry) {
        QDict *d = qobject_to(QDict, qlist_entry_obj(entry));
        NetvspRule *r = d ? parse_rule(d, errp) : NULL;

        if (!d) {
            error_setg(errp, "a rule is an object");
        }
        if (!r) {
            netvsp_script_clear(s);
            return;
        }
        QTAILQ_INSERT_TAIL(&s->rules, r, next);
    }
    netvsp_log(s, "script", "\"rules\":%zu", qlist_size(list));
}

/* Replaces all rules; what is held stays held. */
void netvsp_script_set(HvNetvsp *s, const char *json, Error **errp)
{
    QObject *obj = qobject_from_json(json, errp);
    QList *list = qobject_to(QList, obj);

    if (list) {
        netvsp_script_clear(s);
        add_rules(s, list, errp);
    } else if (!*errp) {
        error_setg(errp, "a script is an array of rules");
    }
    qobject_unref(obj);
}

char *netvsp_script_get(HvNetvsp *s)
{
    g_autoptr(QList) list = qlist_new();
    NetvspRule *r;
    NetvspHeld *h;
    GString *json;

    QTAILQ_FOREACH(r, &s->rules, next) {
        QDict *d = qdict_new();
        int64_t held = 0;

        QTAILQ_FOREACH(h, &s->held, next) {
            held += !strcmp(h->rule, r->name);
        }
        qdict_put_str(d, "name", r->name);
        qdict_put_str(d, "type", r->type);
        qdict_put_str(d, "action", actions[r->action]);
        qdict_put_int(d, "seen", r->seen);
        qdict_put_int(d, "hits", r->hits);
        qdict_put_int(d, "held", held);
        qlist_append(list, d);
    }
    json = qobject_to_json(QOBJECT(list));
    return g_string_free(json, false);
}

/* A rule for "RNDIS_SET_C" is for all OIDs. */
static bool names(const NetvspRule *r, const char *name)
{
    size_t len = strlen(r->type);

    return !strncmp(r->type, name, len) && (!name[len] || name[len] == ':');
}

static NetvspRule *match(HvNetvsp *s, bool g2h, const char *name)
{
    NetvspRule *r;

    QTAILQ_FOREACH(r, &s->rules, next) {
        if (r->g2h != g2h || !names(r, name)) {
            continue;
        }
        r->seen++;
        if (r->seen >= r->nth && r->seen < r->nth + r->count) {
            r->hits++;
            netvsp_log(s, "script", "\"rule\":\"%s\",\"name\":\"%s\"",
                       r->name, name);
            return r;
        }
    }
    return NULL;
}

static void free_held(NetvspHeld *h)
{
    QTAILQ_REMOVE(&h->s->held, h, next);
    timer_free(h->timer);
    netvsp_out_clear(&h->out);
    g_free(h->rule);
    g_free(h);
}

static void let_go(void *opaque)
{
    NetvspHeld *h = opaque;

    netvsp_log_msg(h->s, "h2g", h->out.name, h->out.tid);
    netvsp_send_now(h->s, &h->out);
    free_held(h);
}

static void hold(HvNetvsp *s, const NetvspRule *r, const NetvspOut *out)
{
    NetvspHeld *h = g_new0(NetvspHeld, 1);

    h->s = s;
    h->rule = g_strdup(r->name);
    netvsp_out_copy(&h->out, out);
    h->out.keep = true;
    QTAILQ_INSERT_TAIL(&s->held, h, next);
    if (r->action == ACT_DELAY) {
        h->timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, let_go, h);
        timer_mod(h->timer,
                  qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + r->ms);
    }
}

void netvsp_script_release(HvNetvsp *s, const char *name)
{
    NetvspHeld *h, *next;

    QTAILQ_FOREACH_SAFE(h, &s->held, next, next) {
        if (!strcmp(name, "all") || !strcmp(name, h->rule)) {
            let_go(h);
        }
    }
}

/* The channel closed: what was held belongs to a ring that is no more. */
void netvsp_script_drop_held(HvNetvsp *s, uint16_t channel)
{
    NetvspHeld *h, *next;

    QTAILQ_FOREACH_SAFE(h, &s->held, next, next) {
        if (h->out.channel == channel) {
            free_held(h);
        }
    }
}

static const void *altered(const NetvspRule *r, const void *bytes,
                           uint32_t len)
{
    uint8_t *copy = g_memdup2(bytes, len);

    if (r->bytes_len <= len && r->offset <= len - r->bytes_len) {
        memcpy(copy + r->offset, r->bytes, r->bytes_len);
    }
    return copy;
}

/* What becomes a copy is the caller's to free. */
static void alter(HvNetvsp *s, const NetvspRule *r, NetvspOut *out)
{
    if (!strcmp(r->of, "ranges")) {
        out->desc = altered(r, out->desc, out->desc_len);
    } else if (!strcmp(r->of, "message") && out->type == PKT_XFER_PAGES) {
        netvsp_rx_alter(s, out, r->offset, r->bytes, r->bytes_len);
    } else {
        out->payload = altered(r, out->payload, out->payload_len);
    }
}

static NetvspFate script_h2g(HvNetvsp *s, NetvspOut *out)
{
    NetvspRule *r = match(s, false, out->name);

    if (!r) {
        return FATE_PASS;
    }
    switch (r->action) {
    case ACT_DROP:
        return FATE_DROP;
    case ACT_DUPLICATE:
        return FATE_TWICE;
    case ACT_ALTER:
        alter(s, r, out);
        return FATE_PASS;
    default:
        hold(s, r, out);
        return FATE_HELD;
    }
}

NetvspFate netvsp_script_g2h(HvNetvsp *s, const char *name)
{
    NetvspRule *r = match(s, true, name);

    if (!r) {
        return FATE_PASS;
    }
    return r->action == ACT_DROP ? FATE_DROP : FATE_FAIL;
}

/* Frames are too many to be logged one by one; the ports count them. */
static bool is_worth_a_line(const char *name)
{
    return strcmp(name, "RNDIS_DATA") && strcmp(name, "RNDIS_PKT_COMPLETE");
}

/* The same again, on the same terms: to be completed as often as it is sent. */
static void send_again(HvNetvsp *s, const NetvspOut *out)
{
    if (!netvsp_send_now(s, out) && out->type == PKT_XFER_PAGES) {
        netvsp_rx_again(s, out);
    }
}

static int send_as_is(HvNetvsp *s, const NetvspOut *out, bool twice)
{
    int ret = netvsp_send_now(s, out);

    if (!ret && twice) {
        send_again(s, out);
    }
    if (!ret && is_worth_a_line(out->name)) {
        netvsp_log_msg(s, "h2g", out->name, out->tid);
    }
    return ret;
}

/* Return: 0 if it was sent or held, 1 if dropped; -errno of the ring. */
int netvsp_send(HvNetvsp *s, const NetvspOut *out)
{
    NetvspOut sent = *out;
    NetvspFate fate = script_h2g(s, &sent);
    int ret;

    if (fate == FATE_HELD || fate == FATE_DROP) {
        return fate == FATE_DROP;
    }
    ret = send_as_is(s, &sent, fate == FATE_TWICE);
    if (sent.payload != out->payload) {
        g_free((void *)sent.payload);
    }
    if (sent.desc != out->desc) {
        g_free((void *)sent.desc);
    }
    return ret;
}
