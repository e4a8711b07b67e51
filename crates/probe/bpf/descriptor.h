/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What a descriptor refers to, as the trailing parameter of an event: `u64 inode, u8 kind, body`, the
 * form of an entry in a capture's list of descriptors (`crates/model/src/event/fd_info.rs`).
 */
#ifndef LANNER_DESCRIPTOR_H
#define LANNER_DESCRIPTOR_H

#include "file.h"
#include "path.h"
#include "tuple.h"

/* First eight bytes of a name, as a number. */
#define NAME8(a, b, c, d, e, f, g, h)                                                             \
	((u64)(a) | (u64)(b) << 8 | (u64)(c) << 16 | (u64)(d) << 24 | (u64)(e) << 32 |            \
	 (u64)(f) << 40 | (u64)(g) << 48 | (u64)(h) << 56)

/* The kind of a file that lies in no directory, by the name the kernel gave it. */
static __always_inline u8 nameless_kind(u64 name)
{
	if ((name & 0xffffffffffff) == NAME8('m', 'e', 'm', 'f', 'd', ':', 0, 0))
		return SCAP_FD_MEMFD;
	if ((name & 0xffffff) == NAME8('b', 'p', 'f', 0, 0, 0, 0, 0))
		return SCAP_FD_BPF;
	switch (name) {
	case NAME8('[', 'e', 'v', 'e', 'n', 't', 'f', 'd'):
		return SCAP_FD_EVENT;
	case NAME8('[', 'e', 'v', 'e', 'n', 't', 'p', 'o'):
		return SCAP_FD_EVENTPOLL;
	case NAME8('i', 'n', 'o', 't', 'i', 'f', 'y', 0):
		return SCAP_FD_INOTIFY;
	case NAME8('[', 't', 'i', 'm', 'e', 'r', 'f', 'd'):
		return SCAP_FD_TIMERFD;
	case NAME8('[', 's', 'i', 'g', 'n', 'a', 'l', 'f'):
		return SCAP_FD_SIGNALFD;
	case NAME8('[', 'u', 's', 'e', 'r', 'f', 'a', 'u'):
		return SCAP_FD_USERFAULTFD;
	case NAME8('[', 'i', 'o', '_', 'u', 'r', 'i', 'n'):
		return SCAP_FD_IOURING;
	case NAME8('[', 'p', 'i', 'd', 'f', 'd', ']', 0):
		return SCAP_FD_PIDFD;
	default:
		return SCAP_FD_UNSUPPORTED;
	}
}

/* Room for the length of a text, which is known once the text is there. */
static __always_inline u32 reserve_length(struct scratch *s)
{
	u32 at = s->end;

	s->end += sizeof(u16);
	return at;
}

static __always_inline void fill_length(struct scratch *s, u32 at)
{
	u16 length = s->end - at - sizeof(u16);

	put_at(s, at, &length, sizeof(length));
}

#define PIDFS_MAGIC 0x50494446

static __always_inline void put_nameless(struct scratch *s, struct dentry *dentry)
{
	const void *name = BPF_CORE_READ(dentry, d_name.name);
	u64 first = 0;
	u32 at;

	bpf_probe_read_kernel(&first, sizeof(first), name);
	/* Since 6.9 a pidfd is a file of a file system of its own, and its name a number. */
	if (BPF_CORE_READ(dentry, d_sb, s_magic) == PIDFS_MAGIC)
		PUT(s, u8, SCAP_FD_PIDFD);
	else
		PUT(s, u8, nameless_kind(first));
	at = reserve_length(s);
	if (put_kernel_text(s, name, NAME_BYTES))
		s->end--; /* without the NUL */
	fill_length(s, at);
}

static __always_inline void put_path_of(struct scratch *s, struct file *file)
{
	u32 at = reserve_length(s);

	put_path(s->slot, (u64)BPF_CORE_READ(file, f_path.mnt), (u64)BPF_CORE_READ(file, f_path.dentry));
	fill_length(s, at);
}

/* Appends what an open file is; see_as() comes first. */
__attribute__((noinline)) int put_file(u32 slot, u64 file_address)
{
	struct scratch *s = scratch_at(slot);
	struct file *file = (void *)file_address;
	struct dentry *dentry;
	struct inode *inode;
	u32 type;

	if (!s || !file)
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	type = BPF_CORE_READ(inode, i_mode) & S_IFMT;
	PUT(s, u64, BPF_CORE_READ(inode, i_ino));
	if (type == S_IFSOCK) {
		put_socket(s, BPF_CORE_READ(file, private_data));
		return 0;
	}
	if (type == S_IFDIR) {
		PUT(s, u8, SCAP_FD_DIRECTORY);
		put_path_of(s, file);
		return 0;
	}
	dentry = BPF_CORE_READ(file, f_path.dentry);
	if (BPF_CORE_READ(dentry, d_parent) == dentry) {
		/* In no directory: a pipe, an event counter, a file in memory ... */
		if (type == S_IFIFO) {
			PUT(s, u8, SCAP_FD_FIFO);
			PUT(s, u16, 0);
		} else {
			put_nameless(s, dentry);
		}
		return 0;
	}
	if (type == S_IFIFO) {
		PUT(s, u8, SCAP_FD_FIFO);
		put_path_of(s, file);
		return 0;
	}
	PUT(s, u8, SCAP_FD_FILE_V2);
	PUT(s, u32, open_flags(BPF_CORE_READ(file, f_flags)) | file_flags(file, inode));
	put_path_of(s, file);
	PUT(s, u32, BPF_CORE_READ(inode, i_sb, s_dev));
	return 0;
}

/* The descriptor's file as a parameter; absent when it is not open (any more). */
static __always_inline void push_descriptor(struct scratch *s, s64 fd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u32 from = s->end;

	s->root_mnt = task->fs->root.mnt;
	s->root_dentry = task->fs->root.dentry;
	put_file(s->slot, (u64)file_of(fd));
	end_param(s, from);
}

#endif
