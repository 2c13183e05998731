// SPDX-License-Identifier: GPL-2.0
/* What the bond tells: log lines, uevents, and why the VF carries traffic or not. */
#include <linux/debugfs.h>
#include <linux/kobject.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>

#include "../netvsc.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Lines about where the path went: so many in so long. */
#define NETVSC_VF_SAYS		20
#define NETVSC_VF_SAID		(5 * HZ)

static struct dentry *netvsc_vf_debugfs;

static const char *const netvsc_vf_reasons[] = {
	"no VF has joined",
	"the VF is not set up yet",
	"the VF is down",
	"the VF's driver has detached it",
	"the VF has no carrier",
	"the VF's MTU is smaller",
	"the VF has another MAC address",
	"the VF's queues are stopped",
	"the interface is down",
	"the host offers no VF",
	"the host took the data path back",
	"the VF came and went too often",
};

static_assert(BIT(ARRAY_SIZE(netvsc_vf_reasons) - 1) == NETVSC_VF_HELD);

static const char *const netvsc_vf_paths[] = {
	[NETVSC_PATH_SYNTHETIC]	= "synthetic",
	[NETVSC_PATH_VF]	= "VF",
	[NETVSC_PATH_UNKNOWN]	= "unknown",
};

/* Return: of @why, what the user cares for: without a VF, nothing of its own. */
static u32 netvsc_vf_worth_saying(u32 why)
{
	if (why & NETVSC_VF_NOT_JOINED)
		return why & (NETVSC_VF_NOT_JOINED | NETVSC_VF_NOT_OFFERED |
			      NETVSC_VF_OWN_DOWN);
	return why;
}

static void netvsc_vf_show_state(struct seq_file *file, struct netvsc *nv)
{
	const struct netvsc_bond *bond = &nv->bond;
	const struct netvsc_vf_state *s = &bond->state;
	u32 why = netvsc_vf_worth_saying(netvsc_vf_why_not(s));
	int i;

	seq_printf(file, "interface: %s\n", nv->ndev->name);
	if (s->allocated)
		seq_printf(file, "offered: slot %u\n", bond->assoc_serial);
	else
		seq_puts(file, "offered: none\n");
	seq_printf(file, "VF: %s\n", bond->vf ? bond->vf->name : "none");
	seq_printf(file, "data path of the host: %s\n",
		   netvsc_vf_paths[s->path]);
	if (s->asking)
		seq_printf(file, "asked for: %s\n", netvsc_vf_paths[s->asked]);
	seq_printf(file, "traffic: over the %s\n",
		   s->published ? "VF" : "synthetic side");
	for (i = 0; i < ARRAY_SIZE(netvsc_vf_reasons); i++)
		if (why & BIT(i))
			seq_printf(file, "because: %s\n", netvsc_vf_reasons[i]);
	if (!s->conn)
		seq_puts(file, "because: the host cannot be asked\n");
	else if (s->silent)
		seq_puts(file, "because: the host does not answer\n");
}

static int netvsc_bond_show(struct seq_file *file, void *unused)
{
	struct netvsc *nv = file->private;

	/* Removal waits for its readers with RTNL held. */
	if (!rtnl_trylock())
		return restart_syscall();
	netvsc_vf_show_state(file, nv);
	rtnl_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(netvsc_bond);

/**
 * netvsc_vf_report_init() - when the module is loaded
 */
void netvsc_vf_report_init(void)
{
	netvsc_vf_debugfs = debugfs_create_dir(KBUILD_MODNAME, NULL);
}

/**
 * netvsc_vf_report_exit() - when it is unloaded
 */
void netvsc_vf_report_exit(void)
{
	debugfs_remove(netvsc_vf_debugfs);
}

/**
 * netvsc_vf_report_start() - the bond of a device begins
 * @nv: registered
 */
void netvsc_vf_report_start(struct netvsc *nv)
{
	struct netvsc_bond *bond = &nv->bond;

	ratelimit_state_init(&bond->said, NETVSC_VF_SAID, NETVSC_VF_SAYS);
	bond->debugfs = debugfs_create_dir(dev_name(&nv->hdev->device),
					   netvsc_vf_debugfs);
	debugfs_create_file("bond", 0444, bond->debugfs, nv, &netvsc_bond_fops);
}

/**
 * netvsc_vf_report_stop() - and ends
 * @nv: about to be unregistered
 *
 * Context: RTNL.
 */
void netvsc_vf_report_stop(struct netvsc *nv)
{
	debugfs_remove(nv->bond.debugfs);
	nv->bond.debugfs = NULL;
}

/**
 * netvsc_vf_report_association() - the host offers a VF, or offers it no more
 * @nv: the device
 * @allocated: which of the two
 * @serial: of the VF
 */
void netvsc_vf_report_association(struct netvsc *nv, bool allocated, u32 serial)
{
	if (net_ratelimit())
		netdev_info(nv->ndev, "VF slot %u %s\n", serial,
			    allocated ? "added" : "removed");
}

static void netvsc_vf_log_failure(struct netvsc *nv, u32 actions,
				  const char *name)
{
	netvsc_count(nv, host_overdue);
	if (net_ratelimit())
		netdev_err(nv->ndev,
			   "Data path failed to switch %s VF: %s, err: %d\n",
			   actions & NETVSC_VF_GAVE_UP_TO ? "to" : "from",
			   name, -ETIMEDOUT);
}

static void netvsc_vf_log(struct netvsc *nv, u32 actions)
{
	struct netvsc_bond *bond = &nv->bond;
	/* One that has left by itself is known by its slot alone. */
	const char *name = bond->vf ? bond->vf->name : "gone";

	if (actions & NETVSC_VF_LOG_TO && __ratelimit(&bond->said))
		netdev_info(nv->ndev, "Data path switched to VF: %s\n", name);
	if (actions & NETVSC_VF_LOG_FROM && __ratelimit(&bond->said))
		netdev_info(nv->ndev, "Data path switched from VF: %s\n", name);
	if (actions & (NETVSC_VF_GAVE_UP_TO | NETVSC_VF_GAVE_UP_FROM))
		netvsc_vf_log_failure(nv, actions, name);
	else if (actions & NETVSC_VF_HOLD && net_ratelimit())
		netdev_warn(nv->ndev,
			    "VF %s comes and goes, not using it for %u ms\n",
			    name, bond->state.hold_ms);
}

static void netvsc_vf_uevent(struct netvsc *nv, const char *what)
{
	char event[32];
	char *env[2] = { event };

	snprintf(event, sizeof(event), "HV_NETVSC_EVENT=%s", what);
	kobject_uevent_env(&nv->ndev->dev.kobj, KOBJ_CHANGE, env);
}

/**
 * netvsc_vf_report_step() - the machine has made a step
 * @nv: the device
 * @actions: of the step
 *
 * Context: RTNL.
 */
void netvsc_vf_report_step(struct netvsc *nv, u32 actions)
{
	netvsc_vf_log(nv, actions);
	if (nv->ndev->reg_state != NETREG_REGISTERED)
		return;
	if (actions & NETVSC_VF_LOG_TO)
		netvsc_vf_uevent(nv, "VF_UP");
	if (actions & (NETVSC_VF_LOG_FROM | NETVSC_VF_GAVE_UP_FROM))
		netvsc_vf_uevent(nv, "VF_DOWN");
}
