/*
 * hv-netvsp: a Hyper-V network device for QEMU's VMBus
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "qemu/module.h"
#include "system/reset.h"
#include "hv-netvsp.h"

#define HV_NIC_GUID "f8615163-df3e-46c5-913f-f2d2f965ed0e"

static bool parse_version(const char *text, uint32_t *version)
{
    static const struct {
        const char *text;
        uint32_t version;
    } versions[] = {
        { "1", NVSP_V1 }, { "2", NVSP_V2 }, { "4", NVSP_V4 },
        { "5", NVSP_V5 }, { "6", NVSP_V6 }, { "6.1", NVSP_V61 },
    };
    int i;

    for (i = 0; i < ARRAY_SIZE(versions); i++) {
        if (!strcmp(versions[i].text, text)) {
            *version = versions[i].version;
            return true;
        }
    }
    return false;
}

/*
 * A system reset takes the VM back to where it was started, but for the
 * association, which is the host's to give and take.
 */
static void netvsp_system_reset(void *opaque)
{
    HvNetvsp *s = opaque;

    s->path.vf = false;
    s->mac = s->conf.macaddr;
}

static void netvsp_realize(VMBusDevice *vdev, Error **errp)
{
    HvNetvsp *s = HV_NETVSP(vdev);

    if (!parse_version(s->version ?: "6.1", &s->max_version)) {
        error_setg(errp, "version '%s' is none of 1, 2, 4, 5, 6, 6.1",
                   s->version);
        return;
    }
    if (!s->conf.peers.ncs[0]) {
        error_setg(errp, "hv-netvsp needs a netdev for its uplink");
        return;
    }
    netvsp_log_open(s, errp);
    if (*errp) {
        return;
    }
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    s->mac = s->conf.macaddr;
    netvsp_link_init(s);
    netvsp_vf_init(s);
    netvsp_path_init(s);
    netvsp_freeze_init(s);
    netvsp_conn_reset(s);
    netvsp_rsc_init(s);
    netvsp_switch_init(s);
    qemu_register_reset(netvsp_system_reset, s);
}

static void netvsp_unrealize(VMBusDevice *vdev)
{
    HvNetvsp *s = HV_NETVSP(vdev);

    qemu_unregister_reset(netvsp_system_reset, s);
    netvsp_switch_exit(s);
    netvsp_rsc_exit(s);
    netvsp_channels_clear(s);
    netvsp_conn_free(s);
    netvsp_freeze_exit(s);
    netvsp_path_exit(s);
    netvsp_vf_exit(s);
    netvsp_link_exit(s);
    netvsp_script_clear(s);
    netvsp_log_close(s);
}

static bool get_association(Object *obj, Error **errp)
{
    return HV_NETVSP(obj)->associated;
}

static void set_association(Object *obj, bool value, Error **errp)
{
    netvsp_vf_associate(HV_NETVSP(obj), value);
}

static bool get_link(Object *obj, Error **errp)
{
    return HV_NETVSP(obj)->link.up;
}

static void set_link(Object *obj, bool value, Error **errp)
{
    netvsp_link_set(HV_NETVSP(obj), value);
}

static char *get_path(Object *obj, Error **errp)
{
    return g_strdup(HV_NETVSP(obj)->path.vf ? "vf" : "synthetic");
}

static void set_path(Object *obj, const char *value, Error **errp)
{
    if (strcmp(value, "synthetic")) {
        error_setg(errp, "the host can only switch to 'synthetic'");
        return;
    }
    netvsp_path_take(HV_NETVSP(obj));
}

static void set_revoke(Object *obj, const char *value, Error **errp)
{
    HvNetvsp *s = HV_NETVSP(obj);

    if (!strcmp(value, "hard")) {
        netvsp_vf_lose(s);
    } else if (!strcmp(value, "plain")) {
        netvsp_vf_associate(s, false);
    } else {
        error_setg(errp, "revoke '%s' is none of plain, hard", value);
    }
}

static void set_freeze(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    uint32_t ms;

    if (visit_type_uint32(v, name, &ms, errp)) {
        netvsp_freeze(HV_NETVSP(obj), ms);
    }
}

static char *get_script(Object *obj, Error **errp)
{
    return netvsp_script_get(HV_NETVSP(obj));
}

static void set_script(Object *obj, const char *value, Error **errp)
{
    ERRP_GUARD();

    netvsp_script_set(HV_NETVSP(obj), value, errp);
}

static void set_release(Object *obj, const char *value, Error **errp)
{
    netvsp_script_release(HV_NETVSP(obj), value);
}

static char *get_counters(Object *obj, Error **errp)
{
    return netvsp_counters(HV_NETVSP(obj));
}

static void netvsp_instance_init(Object *obj)
{
    HvNetvsp *s = HV_NETVSP(obj);

    QTAILQ_INIT(&s->rules);
    QTAILQ_INIT(&s->held);
    netvsp_channels_init(s);
}

static const Property netvsp_properties[] = {
    DEFINE_NIC_PROPERTIES(HvNetvsp, conf),
    DEFINE_PROP_NETDEV("vf-netdev", HvNetvsp, vf_conf.peers),
    DEFINE_PROP_UINT32("serial", HvNetvsp, serial, 1),
    DEFINE_PROP_UINT16("channels", HvNetvsp, channels, 4),
    DEFINE_PROP_BOOL("rsc", HvNetvsp, rsc, true),
    DEFINE_PROP_STRING("version", HvNetvsp, version),
    DEFINE_PROP_STRING("event-log", HvNetvsp, event_log),
};

static const VMStateDescription vmstate_netvsp = {
    .name = TYPE_HV_NETVSP,
    .unmigratable = 1,
};

static void netvsp_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    VMBusDeviceClass *vdc = VMBUS_DEVICE_CLASS(klass);

    dc->desc = "Hyper-V network device";
    dc->vmsd = &vmstate_netvsp;
    dc->hotpluggable = true;
    device_class_set_props(dc, netvsp_properties);
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
    qemu_uuid_parse(HV_NIC_GUID, &vdc->classid);
    vdc->vmdev_realize = netvsp_realize;
    vdc->vmdev_unrealize = netvsp_unrealize;
    netvsp_channels_class(vdc);

    object_class_property_add_bool(klass, "association", get_association,
                                   set_association);
    object_class_property_add_bool(klass, "link-up", get_link, set_link);
    object_class_property_add_str(klass, "data-path", get_path, set_path);
    object_class_property_add_str(klass, "revoke", NULL, set_revoke);
    object_class_property_add(klass, "freeze", "uint32", NULL, set_freeze,
                              NULL, NULL);
    netvsp_temper_class(klass);
    object_class_property_add_str(klass, "script", get_script, set_script);
    object_class_property_add_str(klass, "release", NULL, set_release);
    object_class_property_add_str(klass, "counters", get_counters, NULL);
}

static const TypeInfo netvsp_type_info = {
    .name = TYPE_HV_NETVSP,
    .parent = TYPE_VMBUS_DEVICE,
    .instance_size = sizeof(HvNetvsp),
    .instance_init = netvsp_instance_init,
    .class_init = netvsp_class_init,
};

static void netvsp_register_types(void)
{
    type_register_static(&netvsp_type_info);
}

type_init(netvsp_register_types)
