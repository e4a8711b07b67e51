/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The parameters that a successful and a failed exec have in common. */
#ifndef LANNER_EXEC_H
#define LANNER_EXEC_H

#include "inode.h"
#include "task.h"

static __always_inline u32 exe_flags(struct task_struct *task, struct file *exe, struct inode *inode)
{
	u32 flags = 0;

	if (!exe)
		return 0;
	if (inode_is_writable(task, inode))
		flags |= SCAP_EXE_WRITABLE;
	switch (overlay_layer(inode)) {
	case LAYER_UPPER:
		flags |= SCAP_EXE_UPPER_LAYER;
		break;
	case LAYER_LOWER:
		flags |= SCAP_EXE_LOWER_LAYER;
		break;
	default:
		break;
	}
	if (file_is_memfd(exe))
		flags |= SCAP_EXE_FROM_MEMFD;
	return flags;
}

/* tty, vpgid, loginuid, flags, the capabilities, facts on the executable, uid, its path, pgid, gid. */
static __always_inline void push_exec_facts(struct scratch *s, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);
	struct inode *inode = exe ? BPF_CORE_READ(exe, f_inode) : NULL;

	push_u32(s, task_tty(task));
	push_s64(s, task_virtual_number(task, PIDTYPE_PGID));
	push_u32(s, task_loginuid(task));
	push_u32(s, exe_flags(task, exe, inode));
	push_u64(s, CRED_CAPABILITIES(cred, cap_inheritable));
	push_u64(s, CRED_CAPABILITIES(cred, cap_permitted));
	push_u64(s, CRED_CAPABILITIES(cred, cap_effective));
	push_u64(s, inode ? BPF_CORE_READ(inode, i_ino) : 0);
	push_u64(s, inode ? inode_ctime_ns(inode) : 0);
	push_u64(s, inode ? inode_mtime_ns(inode) : 0);
	push_u32(s, BPF_CORE_READ(cred, euid.val));
	if (exe)
		push_path(s, BPF_CORE_READ(exe, f_path.mnt), BPF_CORE_READ(exe, f_path.dentry));
	else
		push_empty(s);
	push_s64(s, task_number(task, PIDTYPE_PGID));
	push_u32(s, BPF_CORE_READ(cred, egid.val));
}

#define MOST_STRINGS 64

/* Where a walk along a vector of strings is. */
struct strings {
	struct scratch *s;
	u64 vector;
	/* Where the list begins in the scratch. */
	u32 from;
};

static long put_string(u32 round, void *state)
{
	struct strings *at = state;
	const void *string = NULL;

	if (at->s->end - at->from >= LIST_BYTES ||
	    bpf_probe_read_user(&string, sizeof(string), (void *)(at->vector + round * sizeof(string))) || !string)
		return 1;
	put_user_text(at->s, string, TEXT_BYTES);
	return 0;
}

/*
 * Appends the strings of an argument vector in user memory, at most LIST_BYTES of them, each with its
 * NUL. Gives their length.
 */
__attribute__((noinline)) u32 put_string_vector(u64 vector)
{
	struct strings at = { .s = scratch_here(), .vector = vector };
	struct scratch *s = at.s;

	if (!s || !vector)
		return 0;
	at.from = s->end;
	REPEAT(MOST_STRINGS, put_string, &at);
	if (s->end - at.from > LIST_BYTES) {
		s->end = at.from + LIST_BYTES;
		s->bytes[INSIDE(s->end - 1)] = 0;
	}
	return s->end - at.from;
}

/* What an exec asked for, of a task that is still what it was. */
static __always_inline void push_failed_exec(struct scratch *s, long ret, u64 argv, u64 envp)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const void *first = NULL;
	u32 from;

	push_s64(s, ret); /* res */
	from = s->end;
	bpf_probe_read_user(&first, sizeof(first), (void *)argv);
	put_user_text(s, first, TEXT_BYTES); /* exe */
	end_param(s, from);
	from = s->end;
	put_string_vector(argv + sizeof(first)); /* args */
	end_param(s, from);
	push_ids(s, task);
	push_memory(s, task, task);
	push_cgroups(s, task);
	from = s->end;
	put_string_vector(envp); /* env */
	end_param(s, from);
	push_exec_facts(s, task);
}

#endif
