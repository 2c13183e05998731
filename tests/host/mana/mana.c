/*
 * mana: Azure's virtual function, as the driver of that name sees it
 *
 * A PCI function with one or two Ethernet ports. What the guest writes to it
 * only says that there is something to do: the work is done in bottom halves,
 * of which one has the mailbox and the hardware channel, one the send queues,
 * and one the interrupts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "hw/pci/msix.h"
#include "hw/pci/pcie.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "migration/vmstate.h"
#include "mana.h"

#define MSIX_BAR                4

static void work(void *opaque)
{
    Mana *s = opaque;

    mana_mailbox_work(s);
    mana_hwc_work(s);
}

static void interrupt(void *opaque)
{
    Mana *s = opaque;

    object_ref(OBJECT(s));
    mana_posts_interrupt(s);
    object_unref(OBJECT(s));
}

static void link_changed(NetClientState *nc)
{
    ManaPort *port = qemu_get_nic_opaque(nc);

    mana_log(port->mana, "link", "\"port\":%d,\"up\":%s", port->index,
             nc->link_down ? "false" : "true");
    mana_tell(port->mana, MANA_TELL_LINK);
}

static NetClientInfo mana_net_info = {
    .type = NET_CLIENT_DRIVER_NIC,
    .size = sizeof(NICState),
    .receive = mana_rx,
    .link_status_changed = link_changed,
};

static void init_port(Mana *s, uint32_t index)
{
    DeviceState *dev = DEVICE(s);
    ManaPort *port = &s->port[index];

    port->mana = s;
    port->index = index;
    qemu_macaddr_default_if_unset(&port->conf.macaddr);
    port->nic = qemu_new_nic(&mana_net_info, &port->conf, TYPE_MANA, dev->id,
                             &dev->mem_reentrancy_guard, port);
    qemu_format_nic_info_str(qemu_get_queue(port->nic),
                             port->conf.macaddr.a);
}

static bool init_pci(Mana *s, Error **errp)
{
    uint32_t i;

    mana_regs_init(s);
    if (msix_init_exclusive_bar(&s->parent, MANA_VECTORS, MSIX_BAR, errp)) {
        return false;
    }
    for (i = 0; i < MANA_VECTORS; i++) {
        msix_vector_use(&s->parent, i);
    }
    if (pci_bus_is_express(pci_get_bus(&s->parent))) {
        pcie_endpoint_cap_init(&s->parent, 0);
        pcie_cap_flr_init(&s->parent);
    }
    return true;
}

static void mana_realize(PCIDevice *pci, Error **errp)
{
    Mana *s = MANA(pci);
    DeviceState *dev = DEVICE(s);
    uint32_t i;

    if (s->mtu < MANA_MTU_MIN || s->mtu > MANA_MTU || !s->queues ||
        s->queues > MANA_QUEUES) {
        error_setg(errp, "mana: max-frame is %u to %u, queues 1 to %u",
                   MANA_MTU_MIN, MANA_MTU, MANA_QUEUES);
        return;
    }
    if (!mana_log_open(s, errp)) {
        return;
    }
    if (!init_pci(s, errp)) {
        mana_log_close(s);
        return;
    }
    s->frame = g_malloc(MANA_ROOM + MANA_FRAME);
    s->work_bh = qemu_bh_new_guarded(work, s, &dev->mem_reentrancy_guard);
    s->tx_bh = qemu_bh_new_guarded(mana_tx_work, s,
                                   &dev->mem_reentrancy_guard);
    s->irq_bh = qemu_bh_new_guarded(interrupt, s, &dev->mem_reentrancy_guard);
    mana_hwc_init(s);
    mana_temper_init(s);
    s->ports = s->port[1].conf.peers.ncs[0] ? 2 : 1;
    for (i = 0; i < s->ports; i++) {
        init_port(s, i);
    }
}

static void mana_exit(PCIDevice *pci)
{
    Mana *s = MANA(pci);
    uint32_t i;

    mana_stop(s);
    for (i = 0; i < s->ports; i++) {
        qemu_del_nic(s->port[i].nic);
    }
    mana_hwc_exit(s);
    mana_temper_exit(s);
    qemu_bh_delete(s->work_bh);
    qemu_bh_delete(s->tx_bh);
    qemu_bh_delete(s->irq_bh);
    g_free(s->frame);
    msix_unuse_all_vectors(pci);
    msix_uninit_exclusive_bar(pci);
    if (pci_is_express(pci) && pci->exp.exp_cap) {
        pcie_cap_exit(pci);
    }
    mana_log_close(s);
}

/* Of the machine, or of the function alone. */
static void mana_reset(Object *obj, ResetType type)
{
    Mana *s = MANA(obj);

    mana_stop(s);
    mana_temper_reset(s);
    memset(s->mailbox, 0, sizeof(s->mailbox));
    bitmap_zero(s->ended_eqs, MANA_EQS);
    bitmap_zero(s->ended_cqs, MANA_CQS);
    mana_log(s, "reset", "\"type\":%d", type);
}

static void mana_write_config(PCIDevice *pci, uint32_t addr, uint32_t value,
                              int len)
{
    pci_default_write_config(pci, addr, value, len);
    if (pci->exp.exp_cap) {
        pcie_cap_flr_write_config(pci, addr, value, len);
    }
}

static const Property mana_properties[] = {
    DEFINE_NIC_PROPERTIES(Mana, port[0].conf),
    DEFINE_PROP_MACADDR("mac2", Mana, port[1].conf.macaddr),
    DEFINE_PROP_NETDEV("netdev2", Mana, port[1].conf.peers),
    DEFINE_PROP_UINT32("max-frame", Mana, mtu, MANA_MTU),
    DEFINE_PROP_UINT32("queues", Mana, queues, MANA_QUEUES),
    DEFINE_PROP_STRING("event-log", Mana, event_log),
};

static const VMStateDescription vmstate_mana = {
    .name = TYPE_MANA,
    .unmigratable = 1,
};

static void mana_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->desc = "Microsoft Azure Network Adapter VF";
    dc->vmsd = &vmstate_mana;
    device_class_set_props(dc, mana_properties);
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
    rc->phases.hold = mana_reset;
    pc->realize = mana_realize;
    pc->exit = mana_exit;
    pc->config_write = mana_write_config;
    pc->vendor_id = MANA_PCI_VENDOR;
    pc->device_id = MANA_PCI_DEVICE;
    pc->revision = 1;
    pc->class_id = PCI_CLASS_NETWORK_ETHERNET;
    mana_temper_class(klass);
}

static const TypeInfo mana_type_info = {
    .name = TYPE_MANA,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(Mana),
    .class_init = mana_class_init,
    .interfaces = (InterfaceInfo[]) {
        { INTERFACE_PCIE_DEVICE },
        { }
    },
};

static void mana_register_types(void)
{
    type_register_static(&mana_type_info);
}

type_init(mana_register_types)
