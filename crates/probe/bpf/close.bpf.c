/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* close. What the descriptor referred to is gone by now, so it is not told. */
#include "call.h"

CALL_PROGRAM(close)
{
	event_begin(s, SYSCALL_CLOSE_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	event_submit(s);
}
