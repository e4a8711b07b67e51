/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Absolute paths: a walk from a directory entry up to the root that the process sees, across mounts,
 * as the kernel's own d_path() does. The helper bpf_d_path() is not allowed in programs of sys_exit.
 */
#ifndef LANNER_PATH_H
#define LANNER_PATH_H

#include "component.h"


/* Where a walk upwards is. */
struct climb {
	struct scratch *s;
	struct dentry *dentry;
	struct mount *mount;
	struct dentry *mount_root;
	/* The root was reached. */
	u32 whole;
};

/* Goes up one component, or leaves one mount. (The macros that read the kernel take plain variables.) */
static long climb_step(u32 round, void *state)
{
	struct climb *at = state;
	struct scratch *s = at->s;
	struct dentry *dentry = at->dentry, *parent;
	struct mount *mount = at->mount;

	if (dentry == s->root_dentry && (void *)&mount->mnt == s->root_mnt) {
		at->whole = 1;
		return 1;
	}
	parent = BPF_CORE_READ(dentry, d_parent);
	if (dentry == at->mount_root || dentry == parent) {
		struct mount *outer = BPF_CORE_READ(mount, mnt_parent);

		if (dentry != at->mount_root || outer == mount) {
			/* The topmost mount, or an entry that is in no tree. */
			at->whole = 1;
			return 1;
		}
		at->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		at->mount = outer;
		at->mount_root = BPF_CORE_READ(outer, mnt.mnt_root);
		return 0;
	}
	if (s->part_count >= PATH_PARTS)
		return 1;
	keep_part(s, BPF_CORE_READ(dentry, d_name.name));
	at->dentry = parent;
	return 0;
}

/* Mounts that a walk may leave beside the components it takes. */
#define MOST_MOUNTS 16

/*
 * Appends the path of (mnt, dentry), without a NUL, and gives its length. Addresses are numbers so
 * that this is one global function, verified once and not at each of its callers.
 *
 * More than PATH_PARTS components leave the first ones out; the path then begins without a slash.
 */
__attribute__((noinline)) u32 put_path(u32 slot, u64 mnt_address, u64 dentry_address)
{
	struct scratch *s = scratch_at(slot);
	struct mount *mount = (void *)(mnt_address - bpf_core_field_offset(struct mount, mnt));
	struct climb at = {};
	u32 from;

	if (!s || !mnt_address || !dentry_address)
		return 0;
	from = s->end;
	s->part_count = 0;
	at.s = s;
	at.dentry = (void *)dentry_address;
	at.mount = mount;
	at.mount_root = BPF_CORE_READ(mount, mnt.mnt_root);
	REPEAT(PATH_PARTS + MOST_MOUNTS, climb_step, &at);
	if (at.whole)
		PUT(s, u8, '/');
	REPEAT(PATH_PARTS, put_part, &at.s);
	/* All but "/" itself end in a slash too many. */
	if (s->end > from + 1)
		s->end--;
	return s->end - from;
}

/* From here on, paths are those that a task sees. */
static __always_inline void see_as(struct scratch *s, struct task_struct *task)
{
	s->root_mnt = BPF_CORE_READ(task, fs, root.mnt);
	s->root_dentry = BPF_CORE_READ(task, fs, root.dentry);
}

/* The path of an open file or of a directory as a parameter; see_as() comes first. */
static __always_inline void push_path(struct scratch *s, struct vfsmount *mnt, struct dentry *dentry)
{
	u32 from = s->end;

	if (put_path(s->slot, (u64)mnt, (u64)dentry))
		PUT(s, u8, 0);
	end_param(s, from);
}

#endif
