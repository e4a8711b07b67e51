/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* chdir, fchdir. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(chdir)
{
	event_begin(s, SYSCALL_CHDIR_X);
	push_s64(s, ret); /* res */
	push_user_text(s, ARGUMENT(0)); /* path */
	event_submit(s);
}

CALL_PROGRAM(fchdir)
{
	event_begin_with_descriptor(s, SYSCALL_FCHDIR_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
