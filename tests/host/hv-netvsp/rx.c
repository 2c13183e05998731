/*
 * hv-netvsp: to the guest, through its receive buffer
 *
 * One transfer-page packet carries one RNDIS message in one section. The
 * section is the guest's until it completes the packet; with none left, or
 * with the ring full, the switch has to wait.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/iov.h"
#include "hv-netvsp.h"

#define XFER_DESC_LEN           16      /* id.., one range */
#define VLAN_TAG_LEN            4

typedef struct Control {
    const char *name;
    uint32_t len;
    uint8_t msg[];
} Control;

/* Control messages have the last sections for themselves. */
static int take_section(HvNetvsp *s, bool control)
{
    uint32_t frames = s->c.sections - NETVSP_CONTROL_SECTIONS;
    uint32_t i;

    if (control) {
        i = find_next_zero_bit(s->c.busy, s->c.sections, frames);
        if (i >= s->c.sections) {
            return -1;
        }
    } else {
        i = find_next_zero_bit(s->c.busy, frames, s->c.next_section);
        if (i >= frames) {
            i = find_next_zero_bit(s->c.busy, frames, 0);
        }
        if (i >= frames) {
            return -1;
        }
        s->c.next_section = i + 1;
    }
    set_bit(i, s->c.busy);
    return i;
}

/* Return: 0, or -errno with the section free again. */
static int send_section(HvNetvsp *s, const char *name, int section,
                        uint32_t channel, const struct iovec *iov, int cnt)
{
    VMBusChannel *chan = vmbus_device_channel(&s->parent, 0);
    uint32_t off = section * s->c.section_size;
    uint32_t len = iov_size(iov, cnt);
    uint8_t msg[NVSP_LEN_V61] = {};
    uint8_t desc[XFER_DESC_LEN] = {};
    NetvspOut out = {
        .name = name,
        .type = PKT_XFER_PAGES,
        .flags = PKT_WANTS_COMPLETION,
        .tid = section,
        .desc = desc,
        .desc_len = sizeof(desc),
        .payload = msg,
        .payload_len = netvsp_msg_len(s),
    };
    int ret = -EFAULT;

    stw_le_p(desc, s->c.recv_id);
    stl_le_p(desc + 4, 1);
    stl_le_p(desc + 8, len);
    stl_le_p(desc + 12, off);
    stl_le_p(msg, NVSP_RNDIS);
    stl_le_p(msg + 4, channel);
    stl_le_p(msg + 8, NVSP_NO_SECTION);

    if (vmbus_iov_to_gpadl(chan, s->c.recv, off, iov, cnt) == len) {
        ret = netvsp_send(s, &out);
    }
    if (ret) {
        clear_bit(section, s->c.busy);
    }
    return ret;
}

bool netvsp_rx_ready(HvNetvsp *s)
{
    return s->c.rndis && !s->c.dead && s->c.recv && s->c.filter;
}

static uint32_t put_ppi(uint8_t *p, uint32_t type, uint32_t value)
{
    stl_le_p(p, PPI_LEN);
    stl_le_p(p + 4, type);
    stl_le_p(p + 8, 12);
    stl_le_p(p + 12, value);
    return PPI_LEN;
}

/*
 * Return: false if the frame has to wait. A frame that does not fit, or that
 * the guest cannot take, is dropped, as by any switch.
 */
bool netvsp_rx_frame(HvNetvsp *s, const uint8_t *frame, uint32_t len)
{
    uint8_t head[NETVSP_RX_DATA_OFF] = {};
    uint32_t ppi = 0, tag = 0;
    struct iovec iov[3];
    int section;

    if (!netvsp_rx_ready(s)) {
        return true;
    }
    if (len >= 18 && lduw_be_p(frame + 12) == 0x8100) {
        uint32_t tci = lduw_be_p(frame + 14);

        tag = VLAN_TAG_LEN;
        ppi += put_ppi(head + RNDIS_PACKET_HDR + ppi, PPI_VLAN,
                       tci >> 13 | (tci >> 12 & 1) << 3 | (tci & 0xfff) << 4);
    }
    if (len - tag > s->c.mtu) {
        s->filtered++;
        return true;
    }
    section = take_section(s, false);
    if (section < 0) {
        s->no_section++;
        return false;
    }

    ppi += put_ppi(head + RNDIS_PACKET_HDR + ppi, PPI_CSUM,
                   netvsp_verify(frame, len));
    stl_le_p(head, RNDIS_PACKET);
    stl_le_p(head + 4, NETVSP_RX_DATA_OFF + len - tag);
    stl_le_p(head + 8, NETVSP_RX_DATA_OFF - RNDIS_HDR);
    stl_le_p(head + 12, len - tag);
    stl_le_p(head + 28, RNDIS_PACKET_HDR - RNDIS_HDR);
    stl_le_p(head + 32, ppi);
    iov[0] = (struct iovec){ head, sizeof(head) };
    iov[1] = (struct iovec){ (void *)frame, 12 };
    iov[2] = (struct iovec){ (void *)frame + 12 + tag, len - 12 - tag };
    return send_section(s, "RNDIS_DATA", section, 0, iov, 3) == 0;
}

static bool try_control(HvNetvsp *s, const char *name, const void *msg,
                        uint32_t len)
{
    struct iovec iov = { (void *)msg, len };
    int section = take_section(s, true);

    return section >= 0 &&
           send_section(s, name, section, NVSP_CONTROL, &iov, 1) == 0;
}

void netvsp_rx_control(HvNetvsp *s, const char *name, const void *msg,
                       uint32_t len)
{
    Control *control;

    if (!s->c.recv || s->c.dead) {
        return;
    }
    if (g_queue_is_empty(&s->c.control) && try_control(s, name, msg, len)) {
        return;
    }
    control = g_malloc(sizeof(*control) + len);
    control->name = name;
    control->len = len;
    memcpy(control->msg, msg, len);
    g_queue_push_tail(&s->c.control, control);
}

/* There may be room again: first for control messages, then for frames. */
void netvsp_rx_kick(HvNetvsp *s)
{
    Control *control;

    while (s->c.recv && (control = g_queue_peek_head(&s->c.control))) {
        if (!try_control(s, control->name, control->msg, control->len)) {
            return;
        }
        g_free(g_queue_pop_head(&s->c.control));
    }
    netvsp_switch_flush(s);
}

void netvsp_rx_done(HvNetvsp *s, uint64_t tid, VMBusPacket *pkt)
{
    if (tid >= s->c.sections || !test_bit(tid, s->c.busy)) {
        netvsp_error(s, "completion of something that is not outstanding",
                     &tid, sizeof(tid));
        s->c.dead = true;
        return;
    }
    if (pkt->payload_len < 8 || ldl_le_p(pkt->payload) != NVSP_RNDIS_C) {
        netvsp_error(s, "receive completion without a status", pkt->payload,
                     pkt->payload_len);
    }
    clear_bit(tid, s->c.busy);
    netvsp_rx_kick(s);
}
