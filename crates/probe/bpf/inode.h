/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What is read of a file's inode. */
#ifndef LANNER_INODE_H
#define LANNER_INODE_H

#include "map.h"

#define OVERLAYFS_MAGIC 0x794c7630

enum layer { LAYER_NONE, LAYER_LOWER, LAYER_UPPER };

#define NS_PER_S 1000000000ull

/* The kernel's encoding of a device number for user space (new_encode_dev()). */
static __always_inline u32 encode_dev(u32 dev)
{
	u32 major = dev >> 20, minor = dev & 0xfffff;

	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

static __always_inline u64 inode_ctime_ns(struct inode *inode)
{
	struct inode___6_11 *newest = (void *)inode;
	struct inode___6_6 *newer = (void *)inode;

	if (bpf_core_field_exists(struct inode___6_11, i_ctime_sec))
		return BPF_CORE_READ(newest, i_ctime_sec) * NS_PER_S + BPF_CORE_READ(newest, i_ctime_nsec);
	if (bpf_core_field_exists(struct inode___6_6, __i_ctime))
		return BPF_CORE_READ(newer, __i_ctime.tv_sec) * NS_PER_S +
		       BPF_CORE_READ(newer, __i_ctime.tv_nsec);
	return BPF_CORE_READ(inode, i_ctime.tv_sec) * NS_PER_S + BPF_CORE_READ(inode, i_ctime.tv_nsec);
}

static __always_inline u64 inode_mtime_ns(struct inode *inode)
{
	struct inode___6_11 *newest = (void *)inode;
	struct inode___6_6 *newer = (void *)inode;

	if (bpf_core_field_exists(struct inode___6_11, i_mtime_sec))
		return BPF_CORE_READ(newest, i_mtime_sec) * NS_PER_S + BPF_CORE_READ(newest, i_mtime_nsec);
	if (bpf_core_field_exists(struct inode___6_6, __i_mtime))
		return BPF_CORE_READ(newer, __i_mtime.tv_sec) * NS_PER_S +
		       BPF_CORE_READ(newer, __i_mtime.tv_nsec);
	return BPF_CORE_READ(inode, i_mtime.tv_sec) * NS_PER_S + BPF_CORE_READ(inode, i_mtime.tv_nsec);
}

/* Which layer of an overlay a file lies in. The overlay is a module whose types are in no BTF that
 * can be relied on; since 4.13 its inode is the general one followed by the entry in the upper layer. */
static __always_inline enum layer overlay_layer(struct inode *inode)
{
	struct dentry *upper = NULL;

	if (BPF_CORE_READ(inode, i_sb, s_magic) != OVERLAYFS_MAGIC)
		return LAYER_NONE;
	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)inode + bpf_core_type_size(struct inode));
	return upper && BPF_CORE_READ(upper, d_inode) ? LAYER_UPPER : LAYER_LOWER;
}

/* A file made by memfd_create(): on the kernel's own tmpfs mount, in no directory, so named. */
static __always_inline bool file_is_memfd(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	u64 name = 0;

	if (BPF_CORE_READ(dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel(&name, 6, BPF_CORE_READ(dentry, d_name.name));
	return name == 0x3a64666d656dull; /* "memfd:" */
}

/* A set of capabilities of `struct cred` as one number. It is a structure around one u64 since 6.3 and
 * around two u32 before, so not its member is read but all of it. */
#define CRED_CAPABILITIES(cred, field)                                                            \
	({                                                                                        \
		u64 bits_ = 0;                                                                    \
		bpf_probe_read_kernel(&bits_, sizeof(bits_),                                      \
				      (void *)(cred) + bpf_core_field_offset(struct cred, field)); \
		bits_;                                                                            \
	})

#define CAP_DAC_OVERRIDE 1
#define CAP_FOWNER 3
#define SB_RDONLY 1
#define MAY_WRITE 2
#define MOST_GROUPS 32

/* Whether a task may write a file, by mode, owner, groups and capabilities; access control lists are
 * not looked at. The owner always may: he can change the mode. */
static __always_inline bool inode_is_writable(struct task_struct *task, struct inode *inode)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	u32 mode = BPF_CORE_READ(inode, i_mode), uid = BPF_CORE_READ(inode, i_uid.val),
	    gid = BPF_CORE_READ(inode, i_gid.val);
	struct group_info *groups = BPF_CORE_READ(cred, group_info);
	u32 count = BPF_CORE_READ(groups, ngroups);
	int i;

	if (BPF_CORE_READ(inode, i_sb, s_flags) & SB_RDONLY)
		return false;
	if (BPF_CORE_READ(cred, fsuid.val) == uid)
		return true;
	if (CRED_CAPABILITIES(cred, cap_effective) & (1 << CAP_DAC_OVERRIDE | 1 << CAP_FOWNER))
		return true;
	if (BPF_CORE_READ(cred, fsgid.val) == gid)
		return mode >> 3 & MAY_WRITE;
	for (i = 0; i < MOST_GROUPS; i++) {
		kgid_t group;

		if (i >= count)
			break;
		bpf_probe_read_kernel(&group, sizeof(group), &groups->gid[i]);
		if (group.val == gid)
			return mode >> 3 & MAY_WRITE;
	}
	return mode & MAY_WRITE;
}

#endif
