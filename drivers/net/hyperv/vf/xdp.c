// SPDX-License-Identifier: GPL-2.0
/*
 * The XDP program of eth<n> and the VF.
 *
 * The VF's driver runs it, if it can. Else eth<n> does, on the skb that it takes
 * over: slower, but a frame never gets past the program because of the way by
 * which it came.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netdev_lock.h>
#include <net/xdp.h>

#include "../netvsc.h"
#include "vf.h"

/* What a VF does not do while there is a program: its driver runs it, or eth<n>. */
#define NETVSC_VF_NOT_NATIVE	(NETIF_F_LRO | NETIF_F_GRO_HW)
#define NETVSC_VF_NOT_GENERIC	(NETVSC_VF_NOT_NATIVE | NETIF_F_GRO)

/* Somebody gave the VF a program of its own. */
static bool netvsc_vf_has_own_prog(const struct net_device *vf)
{
	const struct bpf_xdp_entity *own = &vf->xdp_state[XDP_MODE_DRV];

	return own->prog || own->link;
}

/* The reference to a program that a driver takes is its own. */
static int netvsc_vf_give_prog(struct net_device *vf, struct bpf_prog *prog)
{
	struct netdev_bpf bpf = { .command = XDP_SETUP_PROG, .prog = prog };
	int err;

	if (prog)
		bpf_prog_inc(prog);
	err = dev_xdp_propagate(vf, &bpf);
	if (err && prog)
		bpf_prog_put(prog);
	return err;
}

/* A driver that was given another one meanwhile has dropped ours by itself. */
static void netvsc_vf_take_prog(struct netvsc *nv, struct net_device *vf)
{
	int err = 0;

	if (nv->bond.vf_prog && !netvsc_vf_has_own_prog(vf))
		err = netvsc_vf_give_prog(vf, NULL);
	if (err)
		netdev_warn(nv->ndev, "XDP: %s keeps the program (%d)\n",
			    vf->name, err);
	else
		nv->bond.vf_prog = NULL;
}

/* Sockets are bound to eth<n>: from the VF they would get nothing. */
static bool netvsc_vf_has_sockets(struct bpf_prog *prog)
{
	struct bpf_prog_aux *aux = prog->aux;
	bool has = false;
	u32 i;

	mutex_lock(&aux->used_maps_mutex);
	for (i = 0; i < aux->used_map_cnt; i++)
		has |= aux->used_maps[i]->map_type == BPF_MAP_TYPE_XSKMAP;
	mutex_unlock(&aux->used_maps_mutex);
	return has;
}

/* Return: 0 if the VF's driver runs it, or why not. */
static int netvsc_vf_run_prog(struct netvsc_bond *bond, struct bpf_prog *prog)
{
	if (netvsc_vf_has_own_prog(bond->vf))
		return -EBUSY;
	if (netvsc_vf_has_sockets(prog))
		return -EOPNOTSUPP;
	return netvsc_vf_give_prog(bond->vf, prog);
}

/*
 * Programs look at frames as they were sent, and most drivers take none while
 * they put frames together. What was off before stays off afterwards.
 */
static void netvsc_vf_switch_off(struct netvsc_bond *bond,
				 struct net_device *vf, netdev_features_t off)
{
	netdev_features_t back = bond->vf_off & ~off;
	netdev_features_t now = vf->wanted_features & off;

	if (!back && !now)
		return;
	bond->vf_off = (bond->vf_off & off) | now;
	netdev_lock_ops(vf);
	vf->wanted_features = (vf->wanted_features | back) & ~off;
	netdev_update_features(vf);
	netdev_unlock_ops(vf);
}

static void netvsc_vf_set_prog(struct netvsc *nv, struct bpf_prog *prog)
{
	struct netvsc_bond *bond = &nv->bond;
	int err;

	netvsc_vf_switch_off(bond, bond->vf, NETVSC_VF_NOT_NATIVE);
	err = netvsc_vf_run_prog(bond, prog);
	if (!err) {
		bond->vf_prog = prog;
		RCU_INIT_POINTER(nv->vf_prog, NULL);
		return;
	}
	netdev_info(nv->ndev, "XDP: %s does not run the program (%d), %s does\n",
		    bond->vf->name, err, nv->ndev->name);
	rcu_assign_pointer(nv->vf_prog, prog);
	netvsc_vf_take_prog(nv, bond->vf);
	netvsc_vf_switch_off(bond, bond->vf, NETVSC_VF_NOT_GENERIC);
}

/**
 * netvsc_vf_set_xdp() - see to it that frames of the VF come to the program
 * @nv: the device, with its program of now, or without one
 *
 * A frame that is under way meanwhile may come to it twice, but not never.
 *
 * Context: RTNL, without the VF's lock.
 */
void netvsc_vf_set_xdp(struct netvsc *nv)
{
	struct bpf_prog *prog = rtnl_dereference(nv->xdp_prog);
	struct netvsc_bond *bond = &nv->bond;

	if (prog && bond->took_over) {
		netvsc_vf_set_prog(nv, prog);
		return;
	}
	rcu_assign_pointer(nv->vf_prog, prog);
	if (!bond->took_over)
		return;
	netvsc_vf_take_prog(nv, bond->vf);
	if (!bond->vf_off)
		return;
	netvsc_vf_switch_off(bond, bond->vf, 0);
	/* The user may have changed his mind meanwhile. */
	netvsc_vf_set_features(nv, nv->ndev->features);
}

/**
 * netvsc_vf_unset_xdp() - the VF's driver does not run the program any more
 * @nv: the device; runs it by itself then
 * @vf: maybe about to be unregistered
 *
 * Context: as netvsc_vf_set_xdp().
 */
void netvsc_vf_unset_xdp(struct netvsc *nv, struct net_device *vf)
{
	rcu_assign_pointer(nv->vf_prog, rtnl_dereference(nv->xdp_prog));
	netvsc_vf_take_prog(nv, vf);
}

/**
 * netvsc_vf_leave_xdp() - the VF is not ours any more
 * @nv: the device
 * @vf: maybe about to be unregistered
 *
 * Context: as netvsc_vf_set_xdp().
 */
void netvsc_vf_leave_xdp(struct netvsc *nv, struct net_device *vf)
{
	netvsc_vf_unset_xdp(nv, vf);
	/* One that keeps it takes it along. */
	nv->bond.vf_prog = NULL;
	if (vf->reg_state == NETREG_REGISTERED)
		netvsc_vf_switch_off(&nv->bond, vf, 0);
	nv->bond.vf_off = 0;
}

static u32 netvsc_vf_frames_len(struct xdp_frame **frames, int num)
{
	u32 len = 0;
	int i;

	for (i = 0; i < num; i++)
		len += xdp_get_frame_len(frames[i]);
	return len;
}

/* A driver that does not know of frags would send the first page of them. */
static bool netvsc_vf_takes(const struct netvsc *nv,
			    const struct net_device *vf,
			    struct xdp_frame **frames, int num)
{
	int i;

	if (!vf || !netvsc_vf_can_send(vf) || netvsc_vf_is_left(&nv->bond) ||
	    !vf->netdev_ops->ndo_xdp_xmit)
		return false;
	for (i = 0; i < num; i++)
		if (xdp_frame_has_frags(frames[i]))
			return false;
	return true;
}

/**
 * netvsc_vf_xdp_xmit() - send frames over the VF as they are
 * @nv: the device
 * @num: of frames
 * @frames: from the first on, as many as it returns are the VF's
 * @flags: XDP_XMIT_*
 *
 * Context: softirq, RCU. Return: how many; an errno: they have to go another way.
 */
int netvsc_vf_xdp_xmit(struct netvsc *nv, int num, struct xdp_frame **frames,
		       u32 flags)
{
	struct net_device *vf = rcu_dereference_bh(nv->tx_vf);
	struct netvsc_vf_stats *stats = this_cpu_ptr(nv->vf_stats);
	u32 len;
	int sent;

	if (!netvsc_vf_takes(nv, vf, frames, num))
		return -EOPNOTSUPP;
	len = netvsc_vf_frames_len(frames, num);
	sent = vf->netdev_ops->ndo_xdp_xmit(vf, num, frames, flags);
	if (sent <= 0)
		return sent;

	len -= netvsc_vf_frames_len(frames + sent, num - sent);
	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->tx_packets, sent);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);
	return sent;
}
