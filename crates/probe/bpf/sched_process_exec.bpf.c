/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A process that has become another program, by execve or execveat. */
#include "exec.h"
#include "flight.h"
#include "scope.h"

SEC("tp_btf/sched_process_exec")
int BPF_PROG(sched_process_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *binprm)
{
	struct scratch *s = scratch_here();
	struct mm_struct *mm = task->mm;

	if (!s || !(wanted.points & POINT_EXEC) || task->flags & PF_KTHREAD || !in_scope(task->tgid, task))
		return 0;
	s->to = point_destinations(POINT_EXEC);
	s->finished = 0;
	event_begin(s, SYSCALL_EXECVE_19_X);
	push_s64(s, 0); /* res */
	push_arguments(s, task);
	push_ids(s, task);
	push_memory(s, task, task);
	push_cgroups(s, task);
	push_user_texts(s, mm->env_start, mm->env_end - mm->env_start, LIST_BYTES); /* env */
	push_exec_facts(s, task);
	push_empty(s); /* filename: what the caller said is gone with its memory */
	event_submit_critical(s);
	flight_record(ctx, s, task);
	return 0;
}
