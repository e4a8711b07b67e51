/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* pipe, pipe2. */
#include "call.h"
#include "file.h"

/* res, fd1, fd2, ino: both ends have the same inode. */
static __always_inline void push_pipe(struct scratch *s, long ret, u64 ends)
{
	s32 fds[2] = { -1, -1 };
	struct file *file = NULL;

	if (ret == 0) {
		if (bpf_probe_read_user(fds, sizeof(fds), (void *)ends))
			COUNT(fault);
		file = file_of(fds[0]);
	}
	push_s64(s, ret);
	push_s64(s, fds[0]);
	push_s64(s, fds[1]);
	push_u64(s, file ? BPF_CORE_READ(file, f_inode, i_ino) : 0);
}

CALL_PROGRAM(pipe)
{
	event_begin(s, SYSCALL_PIPE_X);
	push_pipe(s, ret, ARGUMENT(0));
	event_submit(s);
}

CALL_PROGRAM(pipe2)
{
	u32 flags = ARGUMENT(1);

	event_begin(s, SYSCALL_PIPE2_X);
	push_pipe(s, ret, ARGUMENT(0));
	push_u32(s, TRANSLATE(flags, O_CLOEXEC) | TRANSLATE(flags, O_DIRECT) | TRANSLATE(flags, O_NONBLOCK));
	event_submit(s);
}
