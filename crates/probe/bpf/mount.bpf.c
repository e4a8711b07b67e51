/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* mount. */
#include "call.h"

/* Callers of before Linux 2.4 had to put this into the upper half of the flags. */
#define MS_MGC_VAL 0xc0ed0000u
#define MS_MGC_MSK 0xffff0000u

CALL_PROGRAM(mount)
{
	u32 flags = ARGUMENT(3);

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	event_begin(s, SYSCALL_MOUNT_X);
	push_s64(s, ret); /* res */
	push_user_text(s, ARGUMENT(0)); /* dev */
	push_user_text(s, ARGUMENT(1)); /* dir */
	push_user_text(s, ARGUMENT(2)); /* type */
	push_u32(s, flags);
	event_submit(s);
}
