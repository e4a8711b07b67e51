/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* clone, clone3, fork, vfork on the side of the one who calls; the child is told by
 * sched_process_fork, so that it is known before it runs. */
#include "call.h"
#include "task.h"

#define CLONE_VM 0x00000100
#define CLONE_FS 0x00000200
#define CLONE_FILES 0x00000400
#define CLONE_SIGHAND 0x00000800
#define CLONE_PTRACE 0x00002000
#define CLONE_VFORK 0x00004000
#define CLONE_PARENT 0x00008000
#define CLONE_THREAD 0x00010000
#define CLONE_NEWNS 0x00020000
#define CLONE_SYSVSEM 0x00040000
#define CLONE_SETTLS 0x00080000
#define CLONE_PARENT_SETTID 0x00100000
#define CLONE_CHILD_CLEARTID 0x00200000
#define CLONE_UNTRACED 0x00800000
#define CLONE_CHILD_SETTID 0x01000000
#define CLONE_NEWCGROUP 0x02000000
#define CLONE_NEWUTS 0x04000000
#define CLONE_NEWIPC 0x08000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWNET 0x40000000
#define CLONE_IO 0x80000000

#define TRANSLATE_CLONE(from, name) ((from) & (name) ? SCAP_##name : 0)

static __always_inline u32 clone_flags(u64 flags)
{
	return TRANSLATE_CLONE(flags, CLONE_VM) | TRANSLATE_CLONE(flags, CLONE_FS) |
	       TRANSLATE_CLONE(flags, CLONE_FILES) | TRANSLATE_CLONE(flags, CLONE_SIGHAND) |
	       TRANSLATE_CLONE(flags, CLONE_PTRACE) | TRANSLATE_CLONE(flags, CLONE_VFORK) |
	       TRANSLATE_CLONE(flags, CLONE_PARENT) | TRANSLATE_CLONE(flags, CLONE_THREAD) |
	       TRANSLATE_CLONE(flags, CLONE_NEWNS) | TRANSLATE_CLONE(flags, CLONE_SYSVSEM) |
	       TRANSLATE_CLONE(flags, CLONE_SETTLS) | TRANSLATE_CLONE(flags, CLONE_PARENT_SETTID) |
	       TRANSLATE_CLONE(flags, CLONE_CHILD_CLEARTID) | TRANSLATE_CLONE(flags, CLONE_UNTRACED) |
	       TRANSLATE_CLONE(flags, CLONE_CHILD_SETTID) | TRANSLATE_CLONE(flags, CLONE_NEWCGROUP) |
	       TRANSLATE_CLONE(flags, CLONE_NEWUTS) | TRANSLATE_CLONE(flags, CLONE_NEWIPC) |
	       TRANSLATE_CLONE(flags, CLONE_NEWUSER) | TRANSLATE_CLONE(flags, CLONE_NEWPID) |
	       TRANSLATE_CLONE(flags, CLONE_NEWNET) | TRANSLATE_CLONE(flags, CLONE_IO);
}

/* The parameters of all four: `flags` in the kernel's encoding. */
static __always_inline void push_clone(struct scratch *s, long ret, u64 flags)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pid_namespace *own = task_pid_namespace(task);
	u32 namespace = task_namespace_flag(task);

	/* A task in the host's namespace may make children for another (unshare, setns). */
	if (BPF_CORE_READ(task, nsproxy, pid_ns_for_children) != own)
		namespace = SCAP_CLONE_CHILD_IN_PIDNS;
	push_s64(s, ret); /* res */
	if (ret >= 0) {
		push_arguments(s, task);
	} else {
		push_empty(s);
		push_empty(s);
	}
	push_ids(s, task);
	push_memory(s, task, task);
	push_cgroups(s, task);
	push_u32(s, clone_flags(flags) | namespace);
	push_u32(s, BPF_CORE_READ(task, cred, euid.val));
	push_u32(s, BPF_CORE_READ(task, cred, egid.val));
	push_s64(s, task_virtual_number(task, PIDTYPE_PID));
	push_s64(s, task_virtual_number(task, PIDTYPE_TGID));
	push_u64(s, 0); /* pidns_init_start_ts: only the child tells it */
}

CALL_PROGRAM(clone)
{
	if (ret == 0)
		return;
	event_begin(s, SYSCALL_CLONE_20_X);
	push_clone(s, ret, ARGUMENT(0));
	event_submit(s);
}

CALL_PROGRAM(clone3)
{
	struct user_clone_args arguments = {};

	if (ret == 0)
		return;
	if (bpf_probe_read_user(&arguments, sizeof(arguments), (void *)ARGUMENT(0)))
		COUNT(fault);
	event_begin(s, SYSCALL_CLONE3_X);
	push_clone(s, ret, arguments.flags);
	event_submit(s);
}

CALL_PROGRAM(fork)
{
	if (ret == 0)
		return;
	event_begin(s, SYSCALL_FORK_20_X);
	push_clone(s, ret, 0);
	event_submit(s);
}

CALL_PROGRAM(vfork)
{
	if (ret == 0)
		return;
	event_begin(s, SYSCALL_VFORK_20_X);
	push_clone(s, ret, CLONE_VM | CLONE_VFORK);
	event_submit(s);
}
