/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* sendfile. The file that is read is the one told: this is how `cat` of busybox reads. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(sendfile)
{
	u64 offset = 0;

	if (ARGUMENT(2))
		bpf_probe_read_user(&offset, sizeof(offset), (void *)ARGUMENT(2));
	event_begin_with_descriptor(s, SYSCALL_SENDFILE_X);
	push_s64(s, ret); /* res */
	push_u64(s, offset);
	push_s64(s, ARGUMENT_FD(0)); /* out_fd */
	push_s64(s, ARGUMENT_FD(1)); /* in_fd */
	push_u64(s, ARGUMENT(3)); /* size */
	push_descriptor(s, ARGUMENT_FD(1));
	event_submit(s);
}
