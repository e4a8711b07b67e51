/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* kill. */
#include "call.h"

CALL_PROGRAM(kill)
{
	event_begin(s, SYSCALL_KILL_X);
	push_s64(s, ret); /* res */
	push_s64(s, (s32)ARGUMENT(0)); /* pid */
	push_u8(s, ARGUMENT(1)); /* sig */
	event_submit(s);
}
