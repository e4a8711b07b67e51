/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* socket. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(socket)
{
	event_begin_with_descriptor(s, SOCKET_SOCKET_X);
	push_s64(s, ret); /* fd */
	push_u32(s, ARGUMENT(0) & 0xff); /* domain: the format has the kernel's numbers */
	push_u32(s, ARGUMENT(1)); /* type */
	push_u32(s, ARGUMENT(2)); /* proto */
	push_u32(s, socket_flags(ARGUMENT(1)));
	push_descriptor(s, ret);
	event_submit(s);
}
