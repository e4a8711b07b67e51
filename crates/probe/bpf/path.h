/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Absolute paths: a walk from a directory entry up to the root that the process sees, across mounts,
 * as the kernel's own d_path() does. The helper bpf_d_path() is not allowed in programs of sys_exit.
 */
#ifndef LANNER_PATH_H
#define LANNER_PATH_H

#include "event.h"



/*
 * Appends the path of (mnt, dentry), without a NUL, and gives its length. Addresses are numbers so
 * that this is one global function, verified once and not at each of its callers.
 *
 * More than PATH_PARTS components leave the first ones out; the path then begins without a slash.
 */
__attribute__((noinline)) u32 put_path(u32 slot, u64 mnt_address, u64 dentry_address)
{
	struct scratch *s = scratch_at(slot);
	struct dentry *dentry = (void *)dentry_address;
	struct mount *mount = (void *)(mnt_address - bpf_core_field_offset(struct mount, mnt));
	struct dentry *mount_root, *parent;
	bool whole = false;
	u32 from;
	int i;

	if (!s || !mnt_address || !dentry_address)
		return 0;
	from = s->end;
	s->part_count = 0;
	mount_root = BPF_CORE_READ(mount, mnt.mnt_root);
	/* Each step goes up one component or leaves one mount. */
	for (i = 0; i < PATH_PARTS + 16; i++) {
		if (dentry == s->root_dentry && (void *)&mount->mnt == s->root_mnt) {
			whole = true;
			break;
		}
		parent = BPF_CORE_READ(dentry, d_parent);
		if (dentry == mount_root || dentry == parent) {
			struct mount *outer = BPF_CORE_READ(mount, mnt_parent);

			if (dentry != mount_root || outer == mount) {
				/* The topmost mount, or an entry that is in no tree. */
				whole = true;
				break;
			}
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = outer;
			mount_root = BPF_CORE_READ(mount, mnt.mnt_root);
			continue;
		}
		if (s->part_count >= PATH_PARTS)
			break;
		s->parts[s->part_count & (PATH_PARTS - 1)] = BPF_CORE_READ(dentry, d_name.name);
		s->part_count++;
		dentry = parent;
	}
	if (whole)
		PUT(s, u8, '/');
	for (i = 0; i < PATH_PARTS; i++) {
		u32 part = s->part_count - 1 - i;

		if (part >= PATH_PARTS)
			break;
		put_kernel_text(s, s->parts[part & (PATH_PARTS - 1)], NAME_BYTES);
		/* The NUL becomes the slash before the next component. */
		s->bytes[INSIDE(s->end - 1)] = '/';
	}
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
