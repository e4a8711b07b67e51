/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* rename, renameat, renameat2. */
#include "call.h"

CALL_PROGRAM(rename)
{
	event_begin(s, SYSCALL_RENAME_X);
	push_s64(s, ret); /* res */
	push_user_text(s, ARGUMENT(0)); /* oldpath */
	push_user_text(s, ARGUMENT(1)); /* newpath */
	event_submit(s);
}

CALL_PROGRAM(renameat)
{
	event_begin(s, SYSCALL_RENAMEAT_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* olddirfd */
	push_user_text(s, ARGUMENT(1)); /* oldpath */
	push_s64(s, ARGUMENT_FD(2)); /* newdirfd */
	push_user_text(s, ARGUMENT(3)); /* newpath */
	event_submit(s);
}

CALL_PROGRAM(renameat2)
{
	event_begin(s, SYSCALL_RENAMEAT2_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* olddirfd */
	push_user_text(s, ARGUMENT(1)); /* oldpath */
	push_s64(s, ARGUMENT_FD(2)); /* newdirfd */
	push_user_text(s, ARGUMENT(3)); /* newpath */
	push_u32(s, ARGUMENT(4)); /* flags: the format has the kernel's values */
	event_submit(s);
}
