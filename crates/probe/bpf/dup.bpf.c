/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* dup, dup2, dup3. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(dup)
{
	event_begin_with_descriptor(s, SYSCALL_DUP_1_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* oldfd */
	push_descriptor(s, ret);
	event_submit(s);
}

CALL_PROGRAM(dup2)
{
	event_begin_with_descriptor(s, SYSCALL_DUP2_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* oldfd */
	push_s64(s, ARGUMENT_FD(1)); /* newfd */
	push_descriptor(s, ret);
	event_submit(s);
}

CALL_PROGRAM(dup3)
{
	event_begin_with_descriptor(s, SYSCALL_DUP3_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* oldfd */
	push_s64(s, ARGUMENT_FD(1)); /* newfd */
	push_u32(s, TRANSLATE((u32)ARGUMENT(2), O_CLOEXEC));
	push_descriptor(s, ret);
	event_submit(s);
}
