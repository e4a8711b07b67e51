/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Whether a process is watched at all. */
#ifndef LANNER_SCOPE_H
#define LANNER_SCOPE_H

#include "cgroup.h"

/* Whether the scope has a process, be it user space's own or not: its children may be watched. */
static __always_inline bool scope_has(u32 tgid, struct task_struct *task)
{
	if (!wanted.scope)
		return true;
	if (wanted.scope & SCOPE_PROCESS && bpf_map_lookup_elem(&scope_processes, &tgid))
		return true;
	if (wanted.scope & SCOPE_CGROUP) {
		u64 id = task_cgroup_id(task);

		return bpf_map_lookup_elem(&scope_cgroups, &id);
	}
	return false;
}

static __always_inline bool in_scope(u32 tgid, struct task_struct *task)
{
	return tgid != wanted.own_tgid && scope_has(tgid, task);
}

#endif
