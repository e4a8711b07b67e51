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
	push_u64(s, BPF_CORE_READ(cred, cap_inheritable.val));
	push_u64(s, BPF_CORE_READ(cred, cap_permitted.val));
	push_u64(s, BPF_CORE_READ(cred, cap_effective.val));
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

#endif
