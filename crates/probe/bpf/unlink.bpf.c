/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* unlink, unlinkat. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(unlink)
{
	event_begin(s, SYSCALL_UNLINK_2_X);
	push_s64(s, ret); /* res */
	push_user_text(s, ARGUMENT(0)); /* path */
	event_submit(s);
}

CALL_PROGRAM(unlinkat)
{
	event_begin_with_descriptor(s, SYSCALL_UNLINKAT_2_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* dirfd */
	push_user_text(s, ARGUMENT(1)); /* name */
	push_u32(s, ARGUMENT(2) & SCAP_AT_REMOVEDIR); /* flags: the kernel's value */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
