/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* open, creat, openat, openat2. */
#include "call.h"
#include "descriptor.h"

/* Facts on the file that an open gave. */
struct opened {
	u32 dev;
	u32 flags;
	u64 ino;
};

static __always_inline struct opened opened_file(long fd)
{
	struct file *file = file_of(fd);
	struct opened opened = {};
	struct inode *inode;

	if (file) {
		inode = BPF_CORE_READ(file, f_inode);
		opened.dev = encode_dev(BPF_CORE_READ(inode, i_sb, s_dev));
		opened.ino = BPF_CORE_READ(inode, i_ino);
		opened.flags = file_flags(file, inode);
	}
	return opened;
}

CALL_PROGRAM(open)
{
	struct opened opened = opened_file(ret);

	event_begin_with_descriptor(s, SYSCALL_OPEN_X);
	push_s64(s, ret); /* fd */
	push_user_text(s, ARGUMENT(0)); /* name */
	push_u32(s, open_flags(ARGUMENT(1)) | opened.flags);
	push_u32(s, open_mode(ARGUMENT(1), ARGUMENT(2)));
	push_u32(s, opened.dev);
	push_u64(s, opened.ino);
	push_descriptor(s, ret);
	event_submit(s);
}

CALL_PROGRAM(creat)
{
	struct opened opened = opened_file(ret);
	u16 layer = 0;

	if (opened.flags & SCAP_FD_UPPER_LAYER)
		layer = SCAP_FD_UPPER_LAYER_CREAT;
	else if (opened.flags & SCAP_FD_LOWER_LAYER)
		layer = SCAP_FD_LOWER_LAYER_CREAT;
	event_begin_with_descriptor(s, SYSCALL_CREAT_X);
	push_s64(s, ret); /* fd */
	push_user_text(s, ARGUMENT(0)); /* name */
	push_u32(s, ARGUMENT(1) & MODE_BITS);
	push_u32(s, opened.dev);
	push_u64(s, opened.ino);
	push_u16(s, layer); /* creat_flags */
	push_descriptor(s, ret);
	event_submit(s);
}

CALL_PROGRAM(openat)
{
	struct opened opened = opened_file(ret);

	event_begin_with_descriptor(s, SYSCALL_OPENAT_2_X);
	push_s64(s, ret); /* fd */
	push_s64(s, ARGUMENT_FD(0)); /* dirfd */
	push_user_text(s, ARGUMENT(1)); /* name */
	push_u32(s, open_flags(ARGUMENT(2)) | opened.flags);
	push_u32(s, open_mode(ARGUMENT(2), ARGUMENT(3)));
	push_u32(s, opened.dev);
	push_u64(s, opened.ino);
	push_descriptor(s, ret);
	event_submit(s);
}

/* RESOLVE_* of the kernel: the format numbers them otherwise. */
static __always_inline u32 resolve_flags(u64 flags)
{
	return (flags & 0x01 ? SCAP_RESOLVE_NO_XDEV : 0) | (flags & 0x02 ? SCAP_RESOLVE_NO_MAGICLINKS : 0) |
	       (flags & 0x04 ? SCAP_RESOLVE_NO_SYMLINKS : 0) | (flags & 0x08 ? SCAP_RESOLVE_BENEATH : 0) |
	       (flags & 0x10 ? SCAP_RESOLVE_IN_ROOT : 0) | (flags & 0x20 ? SCAP_RESOLVE_CACHED : 0);
}

CALL_PROGRAM(openat2)
{
	struct opened opened = opened_file(ret);
	struct user_open_how how = {};

	if (bpf_probe_read_user(&how, sizeof(how), (void *)ARGUMENT(2)))
		COUNT(fault);
	event_begin_with_descriptor(s, SYSCALL_OPENAT2_X);
	push_s64(s, ret); /* fd */
	push_s64(s, ARGUMENT_FD(0)); /* dirfd */
	push_user_text(s, ARGUMENT(1)); /* name */
	push_u32(s, open_flags(how.flags) | opened.flags);
	push_u32(s, open_mode(how.flags, how.mode));
	push_u32(s, resolve_flags(how.resolve));
	push_u32(s, opened.dev);
	push_u64(s, opened.ino);
	push_descriptor(s, ret);
	event_submit(s);
}
