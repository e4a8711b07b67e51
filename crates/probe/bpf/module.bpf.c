/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* init_module, finit_module. */
#include "call.h"
#include "data.h"
#include "descriptor.h"

CALL_PROGRAM(init_module)
{
	event_begin(s, SYSCALL_INIT_MODULE_X);
	push_s64(s, ret); /* res */
	push_data(s, ARGUMENT(0), ARGUMENT(1)); /* img */
	push_u64(s, ARGUMENT(1)); /* length */
	push_user_text(s, ARGUMENT(2)); /* uargs */
	event_submit_critical(s);
}

CALL_PROGRAM(finit_module)
{
	event_begin_with_descriptor(s, SYSCALL_FINIT_MODULE_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_user_text(s, ARGUMENT(1)); /* uargs */
	push_u32(s, ARGUMENT(2) & 7); /* flags: the format has the kernel's values */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit_critical(s);
}
