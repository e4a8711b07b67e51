/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* chmod, fchmod, fchmodat. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(chmod)
{
	event_begin(s, SYSCALL_CHMOD_X);
	push_s64(s, ret); /* res */
	push_user_text(s, ARGUMENT(0)); /* filename */
	push_u32(s, ARGUMENT(1) & MODE_BITS);
	event_submit(s);
}

CALL_PROGRAM(fchmod)
{
	event_begin_with_descriptor(s, SYSCALL_FCHMOD_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, ARGUMENT(1) & MODE_BITS);
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}

CALL_PROGRAM(fchmodat)
{
	event_begin_with_descriptor(s, SYSCALL_FCHMODAT_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* dirfd */
	push_user_text(s, ARGUMENT(1)); /* filename */
	push_u32(s, ARGUMENT(2) & MODE_BITS);
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
