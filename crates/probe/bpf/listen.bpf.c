/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* listen. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(listen)
{
	event_begin_with_descriptor(s, SOCKET_LISTEN_X);
	push_s64(s, ret); /* res */
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, ARGUMENT(1)); /* backlog */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
