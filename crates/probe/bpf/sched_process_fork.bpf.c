/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A task that has been made and has not run yet: the child's side of fork, vfork, clone and clone3. */
#include "flight.h"
#include "scope.h"
#include "talk.h"
#include "task.h"

SEC("tp_btf/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	struct scratch *s = scratch_here();
	u32 tgid = parent->tgid, child_tgid = child->tgid, flags;

	if (!s || child->flags & PF_KTHREAD || child_tgid == wanted.own_tgid || !scope_has(tgid, parent))
		return 0;
	if (wanted.scope & SCOPE_PROCESS && child_tgid != tgid) {
		u8 one = 1;

		if (bpf_map_update_elem(&scope_processes, &child_tgid, &one, 0))
			COUNT(map_full);
	}
	flight_fork(tgid, child_tgid);
	talk_as(tgid, child_tgid);
	if (!(wanted.points & POINT_FORK))
		return 0;
	s->to = point_destinations(POINT_FORK);
	s->finished = 0;
	/* The child tells of itself: a thread of it that is not there yet could not be asked. */
	begin(s, EVENT_SYSCALL_CLONE_20_X, SYSCALL_CLONE_20_X_PARAMS, child->pid);
	push_s64(s, 0); /* res */
	push_arguments(s, child);
	push_ids(s, child);
	push_memory(s, child, parent);
	push_cgroups(s, child);
	flags = task_namespace_flag(child);
	if (child_tgid != child->pid)
		flags |= SCAP_CLONE_THREAD | SCAP_CLONE_SIGHAND | SCAP_CLONE_VM;
	if (child->files == parent->files)
		flags |= SCAP_CLONE_FILES;
	push_u32(s, flags);
	push_u32(s, BPF_CORE_READ(child, cred, euid.val));
	push_u32(s, BPF_CORE_READ(child, cred, egid.val));
	push_s64(s, task_virtual_number(child, PIDTYPE_PID));
	push_s64(s, task_virtual_number(child, PIDTYPE_TGID));
	push_u64(s, BPF_CORE_READ(task_pid_namespace(child), child_reaper, start_time));
	event_submit(s);
	flight_record(ctx, s, child);
	return 0;
}
