/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Who is there already: user space runs these once and reads what they write. Other processes' memory
 * cannot be read here, so arguments and environment are left to /proc.
 */
#include "descriptor.h"
#include "exec.h"

/* An address as a plain number: pointers whose type the verifier knows may not go where it expects
 * numbers. */
static __always_inline void *plain(const void *pointer)
{
	const void *copy = pointer;
	void *out = NULL;

	bpf_probe_read_kernel(&out, sizeof(out), &copy);
	return out;
}

/* What an exec event of the thread would say, and behind its parameters: sid, vtid, vpid, start (ns
 * of the boot clock), start of its pid namespace's first process, root, flags as of clone. */
#define EXTRA_PARAMS 7

SEC("iter/task")
int iter_task(struct bpf_iter__task *ctx)
{
	struct scratch *s = scratch_at(fixed.iterator_scratch);
	struct task_struct *task;
	u32 length, flags;

	if (!s || !ctx->task)
		return 0;
	task = plain(ctx->task);
	begin(s, EVENT_SYSCALL_EXECVE_19_X, SYSCALL_EXECVE_19_X_PARAMS + EXTRA_PARAMS,
	      BPF_CORE_READ(task, pid));
	push_s64(s, 0); /* res */
	push_empty(s); /* exe */
	push_empty(s); /* args */
	push_ids(s, task);
	push_memory(s, task, task);
	push_cgroups(s, task);
	push_empty(s); /* env */
	push_exec_facts(s, task);
	push_empty(s); /* filename */
	push_s64(s, task_number(task, PIDTYPE_SID));
	push_s64(s, task_virtual_number(task, PIDTYPE_PID));
	push_s64(s, task_virtual_number(task, PIDTYPE_TGID));
	push_u64(s, BPF_CORE_READ(task, start_boottime));
	push_u64(s, BPF_CORE_READ(task_pid_namespace(task), child_reaper, start_boottime));
	/* The root as the host sees it: to the topmost mount. */
	s->root_mnt = NULL;
	push_path(s, BPF_CORE_READ(task, fs, root.mnt), BPF_CORE_READ(task, fs, root.dentry));
	flags = task_namespace_flag(task);
	if (BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid))
		flags |= SCAP_CLONE_THREAD | SCAP_CLONE_FILES | SCAP_CLONE_VM;
	push_u32(s, flags);
	length = seal(s) - EVENT_START;
	barrier_var(length);
	if (length < EVENT_BYTES)
		bpf_seq_write(ctx->meta->seq, &s->bytes[EVENT_START], length);
	return 0;
}

SEC("iter/task_file")
int iter_task_file(struct bpf_iter__task_file *ctx)
{
	struct scratch *s = scratch_at(fixed.iterator_scratch);
	struct task_struct *task;
	u32 end;

	if (!s || !ctx->task || !ctx->file)
		return 0;
	task = plain(ctx->task);
	see_as(s, task);
	s->end = sizeof(s->file);
	put_file(s->slot, (u64)plain(ctx->file));
	s->file.tid = BPF_CORE_READ(task, pid);
	s->file.fd = ctx->fd;
	end = s->end;
	barrier_var(end);
	/* This check alone: older verifiers forget it when the compiler folds another one into it. */
	if (end > EVENT_BYTES - 1)
		return 0;
	s->file.info_len = end - sizeof(s->file);
	bpf_seq_write(ctx->meta->seq, s->bytes, end);
	return 0;
}
