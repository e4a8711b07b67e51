/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Control groups as they appear, go and get processes. Runtimes make a container's group before its
 * first process, so user space knows the path behind an id before the first event that has it.
 */
#include "flight.h"
#include "scope.h"

static __always_inline void tell_cgroup(struct cgroup *cgroup, const char *path, u32 change, s32 tgid)
{
	struct scratch *s = scratch_here();
	struct cgroup_record *record;
	u32 end = sizeof(s->record);
	long length;

	if (!s || !(wanted.points & POINT_CGROUP))
		return;
	record = &s->record.cgroup;
	length = bpf_probe_read_kernel_str(&s->bytes[end], TEXT_BYTES, path);
	if (length <= 0)
		return;
	length--; /* the NUL */
	s->record.head.kind = RECORD_CGROUP;
	record->time_ns = fixed.epoch_offset_ns + bpf_ktime_get_boot_ns();
	record->id = cgroup_id(cgroup);
	record->tgid = tgid;
	record->hierarchy = BPF_CORE_READ(cgroup, root, hierarchy_id);
	record->change = change;
	record->path_len = length;
	end += length;
	barrier_var(end);
	if (end > EVENT_BYTES)
		return;
	output(s, end, fixed.critical_ring);
}

/* Whether a group is of the hierarchy that names containers: others have ids of their own. */
static __always_inline bool is_of_key(struct cgroup *cgroup)
{
	struct cgroup *key = task_cgroup(bpf_get_current_task_btf());

	return BPF_CORE_READ(key, root) == BPF_CORE_READ(cgroup, root);
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_mkdir, struct cgroup *cgroup, const char *path)
{
	struct kernfs_node *above;

	if (!is_of_key(cgroup))
		return 0;
	above = parent_node(BPF_CORE_READ(cgroup, kn));
	if (above) {
		u64 id = BPF_CORE_READ(cgroup, kn, id), parent = BPF_CORE_READ(above, id);
		u8 one = 1;

		flight_mkdir(parent, id);
		if (wanted.scope & SCOPE_CGROUP && bpf_map_lookup_elem(&scope_cgroups, &parent) &&
		    bpf_map_update_elem(&scope_cgroups, &id, &one, 0))
			COUNT(map_full);
	}
	tell_cgroup(cgroup, path, CGROUP_MADE, 0);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir, struct cgroup *cgroup, const char *path)
{
	u64 id = cgroup_id(cgroup);

	if (!is_of_key(cgroup))
		return 0;
	bpf_map_delete_elem(&scope_cgroups, &id);
	bpf_map_delete_elem(&recorded_cgroups, &id);
	tell_cgroup(cgroup, path, CGROUP_REMOVED, 0);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(cgroup_attach_task, struct cgroup *cgroup, const char *path, struct task_struct *task, bool threadgroup)
{
	if (is_of_key(cgroup))
		tell_cgroup(cgroup, path, CGROUP_ATTACHED, task->tgid);
	return 0;
}
