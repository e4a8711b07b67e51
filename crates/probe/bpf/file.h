/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* From a descriptor of the current task to its file. */
#ifndef LANNER_FILE_H
#define LANNER_FILE_H

#include "flag.h"
#include "inode.h"

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000

#define FMODE_CREATED 0x100000

/* The open file behind a descriptor; NULL when there is none. Nothing is locked: another thread may
 * close it meanwhile, and then reads give old bytes or nothing. */
static __always_inline struct file *file_of(s64 fd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (fd < 0 || fd >= table->max_fds)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), table->fd + fd);
	return file;
}

/* What an open file adds to the flags that the caller gave: that it was made, and its layer. */
static __always_inline u32 file_flags(struct file *file, struct inode *inode)
{
	u32 flags = BPF_CORE_READ(file, f_mode) & FMODE_CREATED ? SCAP_O_F_CREATED : 0;

	switch (overlay_layer(inode)) {
	case LAYER_UPPER:
		return flags | SCAP_FD_UPPER_LAYER;
	case LAYER_LOWER:
		return flags | SCAP_FD_LOWER_LAYER;
	default:
		return flags;
	}
}

#endif
