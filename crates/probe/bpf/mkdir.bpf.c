/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* mkdir, mkdirat. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(mkdir)
{
	event_begin(s, SYSCALL_MKDIR_2_X);
	push_s64(s, ret); /* res */
	push_user_text(s, ARGUMENT(0)); /* path */
	push_u32(s, ARGUMENT(1)); /* mode */
	event_submit(s);
}

CALL_PROGRAM(mkdirat)
{
	event_begin_with_descriptor(s, SYSCALL_MKDIRAT_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* dirfd */
	push_user_text(s, ARGUMENT(1)); /* path */
	push_u32(s, ARGUMENT(2)); /* mode */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
