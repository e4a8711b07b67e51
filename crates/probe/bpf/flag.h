/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Flags of system calls in the encoding of the format, which is the same on all architectures. */
#ifndef LANNER_FLAG_H
#define LANNER_FLAG_H

#include "event.h"

#define O_ACCMODE 3
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 00000100
#define O_EXCL 00000200
#define O_TRUNC 00001000
#define O_APPEND 00002000
#define O_NONBLOCK 00004000
#define O_DSYNC 00010000
#define O_CLOEXEC 02000000
/* The bits that make O_SYNC and O_TMPFILE what they are; both contain another flag beside. */
#define O_SYNC_BIT 04000000
#define O_TMPFILE_BIT 020000000
#if defined(__TARGET_ARCH_x86)
#define O_DIRECT 00040000
#define O_LARGEFILE 00100000
#define O_DIRECTORY 00200000
#elif defined(__TARGET_ARCH_arm64)
#define O_DIRECTORY 00040000
#define O_DIRECT 00200000
#define O_LARGEFILE 00400000
#endif

#define TRANSLATE(from, name) ((from) & (name) ? SCAP_##name : 0)

static __always_inline u32 open_flags(u32 flags)
{
	u32 out = (flags & O_ACCMODE) == O_WRONLY ? SCAP_O_WRONLY :
		  (flags & O_ACCMODE) == O_RDWR	  ? SCAP_O_RDWR :
						    SCAP_O_RDONLY;

	out |= TRANSLATE(flags, O_CREAT) | TRANSLATE(flags, O_EXCL) | TRANSLATE(flags, O_TRUNC) |
	       TRANSLATE(flags, O_APPEND) | TRANSLATE(flags, O_NONBLOCK) | TRANSLATE(flags, O_DSYNC) |
	       TRANSLATE(flags, O_DIRECT) | TRANSLATE(flags, O_LARGEFILE) |
	       TRANSLATE(flags, O_DIRECTORY) | TRANSLATE(flags, O_CLOEXEC);
	out |= flags & O_SYNC_BIT ? SCAP_O_SYNC : 0;
	out |= flags & O_TMPFILE_BIT ? SCAP_O_TMPFILE : 0;
	return out;
}

/* Permissions have the kernel's own values in the format. */
#define MODE_BITS 07777

/* The mode of an open: it means something only when a file may be made. */
static __always_inline u32 open_mode(u32 flags, u32 mode)
{
	return flags & (O_CREAT | O_TMPFILE_BIT) ? mode & MODE_BITS : 0;
}

/* SOCK_NONBLOCK and SOCK_CLOEXEC are the flags of open. */
static __always_inline u32 socket_flags(u32 type)
{
	return TRANSLATE(type, O_NONBLOCK) | TRANSLATE(type, O_CLOEXEC);
}

#define AT_FDCWD -100

#endif
