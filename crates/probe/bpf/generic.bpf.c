/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Every call that has no program of its own, when it is asked for. */
#include "call.h"

CALL_PROGRAM(generic)
{
	u32 number = call_number(regs);

	event_begin(s, GENERIC_X);
	push_u16(s, number < NATIVE_LIMIT ? syscall_codes[number & (CALL_SLOTS - 1)] : 0); /* ID */
	push_u16(s, number); /* nativeID */
	event_submit(s);
}
