/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* bind. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(bind)
{
	event_begin_with_descriptor(s, SOCKET_BIND_X);
	push_s64(s, ret); /* res */
	push_user_address(s, ARGUMENT(1), ARGUMENT(2));
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
