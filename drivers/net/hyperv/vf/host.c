// SPDX-License-Identifier: GPL-2.0
/* What the host says of the VF, in NAPI: into the inbox, for bond work. */
#include <linux/netdevice.h>
#include <linux/wait.h>

#include "../netvsc.h"
#include "../wire/nvsp.h"
#include "trace.h"
#include "vf.h"

/* A host that floods us gets its completion at once, effect or not. */
static bool netvsc_vf_owe(struct netvsc *nv, u32 conn_serial, u64 tid)
{
	bool ours = netvsc_vf_inbox_owe(&nv->bond.inbox, conn_serial, tid);

	if (!ours)
		netvsc_count(nv, host_malformed);
	return ours;
}

/**
 * netvsc_vf_host_association() - the host has a VF for us, or has no more
 * @nv: the device, maybe not registered yet
 * @allocated: which of the two
 * @serial: of the VF
 * @conn_serial: of the connection on which it said so
 * @tid: to complete
 * @owed: if the host asked for that
 *
 * Context: NAPI. Return: whether the message is completed from here; else the
 * caller has to do it, if it was asked for.
 */
bool netvsc_vf_host_association(struct netvsc *nv, bool allocated, u32 serial,
				u32 conn_serial, u64 tid, bool owed)
{
	struct netvsc_vf_inbox *inbox = &nv->bond.inbox;
	bool ours;

	netvsc_vf_inbox_association(inbox, allocated, serial);
	ours = owed && netvsc_vf_owe(nv, conn_serial, tid);
	netvsc_vf_post(nv);
	return ours;
}

/**
 * netvsc_vf_host_path() - the host switched the data path by itself
 * @nv: the device
 * @path: NVSP_PATH_*; a host only ever takes it back
 * @conn_serial: of the connection on which it said so
 * @tid: to complete
 * @owed: if the host asked for that
 *
 * Context and return: as netvsc_vf_host_association().
 */
bool netvsc_vf_host_path(struct netvsc *nv, u32 path, u32 conn_serial, u64 tid,
			 bool owed)
{
	struct netvsc_vf_inbox *inbox = &nv->bond.inbox;
	bool ours;

	if (path == NVSP_PATH_SYNTHETIC)
		netvsc_vf_inbox_host_switched(inbox);
	ours = owed && netvsc_vf_owe(nv, conn_serial, tid);
	netvsc_vf_post(nv);
	return ours;
}

/**
 * netvsc_vf_switch_done() - the host answered a switch of the data path
 * @nv: the device
 * @seq: as the host gave it, not trusted
 *
 * Context: NAPI.
 */
void netvsc_vf_switch_done(struct netvsc *nv, u32 seq)
{
	trace_netvsc_vf_answer(nv->ndev, seq);
	netvsc_vf_inbox_ack(&nv->bond.inbox, seq);
	wake_up(&nv->bond.wait);
	netvsc_vf_post(nv);
}

/**
 * netvsc_vf_conn_begin() - what was said on earlier connections is over
 * @nv: the device, maybe not registered yet
 *
 * The host says again what is still so: an association that it does not repeat
 * is none.
 *
 * Context: conn work, before the channel opens.
 */
void netvsc_vf_conn_begin(struct netvsc *nv)
{
	netvsc_vf_inbox_forget(&nv->bond.inbox);
}
