/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A thread that ends. */
#include "flight.h"
#include "scope.h"
#include "task.h"

#define MOST_THREADS 30
#define MOST_ANCESTORS 32
#define REAPER_UNKNOWN -1

/* A thread of the task's process that lives; 0 when there is none. */
__attribute__((noinline)) int living_thread(u64 task_address)
{
	struct task_struct *task = (void *)task_address;
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	u64 head = (u64)signal + bpf_core_field_offset(struct signal_struct, thread_head);
	u64 node = (u64)BPF_CORE_READ(signal, thread_head.next);
	int i;

	for (i = 0; i < MOST_THREADS; i++) {
		struct task_struct *thread;

		if (node == head)
			return 0;
		thread = (void *)(node - bpf_core_field_offset(struct task_struct, thread_node));
		if (!(BPF_CORE_READ(thread, flags) & PF_EXITING))
			return BPF_CORE_READ(thread, pid);
		node = (u64)BPF_CORE_READ(thread, thread_node.next);
	}
	return REAPER_UNKNOWN;
}

/*
 * Who gets the children of the current task, which ends: a thread of its own process, else the nearest ancestor
 * that asked for orphans (PR_SET_CHILD_SUBREAPER) in its pid namespace, else that namespace's first
 * process; 0 when the namespace dies with it, -1 when the walk was too long.
 */
__attribute__((noinline)) int new_parent(void)
{
	/* As a plain number: what is read through it may then be compared with what lists hold. */
	struct task_struct *task = (void *)bpf_get_current_task(), *ancestor, *reaper;
	struct pid_namespace *namespace = task_pid_namespace(task);
	pid_t thread = living_thread((u64)task);
	struct signal_struct *signal;
	int i;

	if (thread)
		return thread;
	reaper = BPF_CORE_READ(namespace, child_reaper);
	if (reaper == task)
		return 0;
	signal = BPF_CORE_READ(task, signal);
	if (!BPF_CORE_READ_BITFIELD_PROBED(signal, has_child_subreaper))
		return BPF_CORE_READ(reaper, pid);
	ancestor = BPF_CORE_READ(task, real_parent);
	for (i = 0; i < MOST_ANCESTORS; i++) {
		if (ancestor == reaper || task_pid_namespace(ancestor) != namespace)
			return BPF_CORE_READ(reaper, pid);
		signal = BPF_CORE_READ(ancestor, signal);
		if (BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper)) {
			thread = living_thread((u64)ancestor);
			if (thread)
				return thread;
		}
		ancestor = BPF_CORE_READ(ancestor, real_parent);
	}
	return REAPER_UNKNOWN;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(sched_process_exit, struct task_struct *task)
{
	struct scratch *s = scratch_here();
	u32 tgid = task->tgid;
	bool watched;
	u64 children;
	int code;

	if (!s || task->flags & PF_KTHREAD)
		return 0;
	watched = in_scope(tgid, task);
	if (wanted.scope & SCOPE_PROCESS && task->pid == tgid)
		bpf_map_delete_elem(&scope_processes, &tgid);
	if (task->pid == tgid)
		flight_exit(tgid);
	if (!watched || !(wanted.points & POINT_EXIT))
		return 0;
	code = task->exit_code;
	children = (u64)task + bpf_core_field_offset(struct task_struct, children);
	s->to = point_destinations(POINT_EXIT);
	s->finished = 0;
	event_begin(s, PROCEXIT_1_E);
	push_s64(s, code); /* status */
	push_s64(s, code >> 8 & 0xff); /* ret */
	push_u8(s, code & 0x7f); /* sig */
	push_u8(s, !!(code & 0x80)); /* core */
	push_s64(s, (u64)task->children.next == children ? 0 : new_parent());
	event_submit(s);
	flight_record(ctx, s, task);
	return 0;
}
