/*
 * mana: what the driver can ask for, and who may
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "mana.h"

typedef enum ManaAsker {
    ASKER_ANY,                  /* whoever there is */
    ASKER_LISTED,               /* a device of the list */
    ASKER_OWNER,                /* of queues: the channel, or one registered */
    ASKER_NIC,
    ASKER_NIC_REGISTERED,
} ManaAsker;

typedef struct ManaAction {
    uint32_t code;
    const char *name;
    ManaAsker asker;
    uint32_t len;               /* of the request, at least */
    uint16_t version;           /* of the answer, that we know */
    uint32_t (*run)(Mana *s, ManaCommand *c);
} ManaAction;

static const ManaAction actions[] = {
    { GDMA_VERSION, "version", ASKER_ANY, 88, 1, mana_gdma_version },
    { GDMA_MAXIMA, "maxima", ASKER_ANY, 40, 1, mana_gdma_maxima },
    { GDMA_DEVICES, "devices", ASKER_ANY, 40, 1, mana_gdma_devices },
    { GDMA_REGISTER, "register", ASKER_LISTED, 40, 1, mana_gdma_register },
    { GDMA_DEREGISTER, "deregister", ASKER_LISTED, 40, 1,
      mana_gdma_deregister },
    { GDMA_TEST_EVENT, "test-event", ASKER_OWNER, 44, 1,
      mana_gdma_test_event },
    { GDMA_CREATE_QUEUE, "create-eq", ASKER_OWNER, 96, 1,
      mana_gdma_create_eq },
    { GDMA_DISABLE_QUEUE, "disable-eq", ASKER_OWNER, 48, 1,
      mana_gdma_disable_eq },
    { GDMA_CREATE_REGION, "create-region", ASKER_ANY, 64, 1,
      mana_region_create },
    { GDMA_ADD_PAGES, "add-pages", ASKER_ANY, 56, 1, mana_region_add },
    { GDMA_DESTROY_REGION, "destroy-region", ASKER_ANY, 48, 1,
      mana_region_destroy },
    { GDMA_CREATE_DOMAIN, "create-domain", ASKER_OWNER, 48, 1,
      mana_domain_create },
    { GDMA_DESTROY_DOMAIN, "destroy-domain", ASKER_OWNER, 48, 1,
      mana_domain_destroy },
    { BNIC_CONFIG, "config", ASKER_NIC, 40, 3, mana_port_config },
    { BNIC_STATS, "stats", ASKER_NIC_REGISTERED, 48, 2, mana_stats_query },
    { BNIC_PORT_TX, "port-tx", ASKER_NIC_REGISTERED, 56, 1, mana_port_tx },
    { BNIC_CREATE_WQ, "create-wq", ASKER_NIC_REGISTERED, 88, 2,
      mana_object_create },
    { BNIC_DESTROY_WQ, "destroy-wq", ASKER_NIC_REGISTERED, 56, 1,
      mana_object_destroy },
    { BNIC_FENCE, "fence", ASKER_NIC_REGISTERED, 48, 1, mana_object_fence },
    { BNIC_STEERING, "steering", ASKER_NIC_REGISTERED, 112, 2,
      mana_port_steer },
    { BNIC_PORT, "port", ASKER_NIC_REGISTERED, 44, 2, mana_port_query },
};

static const ManaAction *find(uint32_t code)
{
    int i;

    for (i = 0; i < ARRAY_SIZE(actions); i++) {
        if (actions[i].code == code) {
            return &actions[i];
        }
    }
    return NULL;
}

const char *mana_command_name(uint32_t code)
{
    const ManaAction *action = find(code);

    return action ? action->name : "unknown";
}

static bool exists(const ManaCommand *c)
{
    switch (c->type) {
    case DEV_NONE:
    case DEV_HWC:
        return c->instance == 0;
    case DEV_NIC:
    case DEV_RDMA:
        return c->instance == 1;
    default:
        return false;
    }
}

static bool may_ask(Mana *s, const ManaCommand *c, ManaAsker asker)
{
    if (!exists(c)) {
        return false;
    }
    switch (asker) {
    case ASKER_LISTED:
        return c->type >= DEV_NIC;
    case ASKER_OWNER:
        return c->type == DEV_HWC || s->registered[c->type];
    case ASKER_NIC:
        return c->type == DEV_NIC;
    case ASKER_NIC_REGISTERED:
        return c->type == DEV_NIC && s->registered[DEV_NIC];
    default:
        return true;
    }
}

/* Return: the status of the answer. */
uint32_t mana_command(Mana *s, ManaCommand *c)
{
    const ManaAction *action = find(c->code);
    uint32_t status = STATUS_REFUSED;

    s->stats.commands++;
    if (!action) {
        return STATUS_UNSUPPORTED;
    }
    c->version = MIN(c->version, action->version);
    if (may_ask(s, c, action->asker) && c->in_len >= action->len) {
        status = action->run(s, c);
    }
    if (status == STATUS_REFUSED) {
        mana_error(s, action->name, c->in_len);
    }
    return status;
}
