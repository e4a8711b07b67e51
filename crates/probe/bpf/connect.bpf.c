/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* connect. */
#include "call.h"
#include "descriptor.h"

CALL_PROGRAM(connect)
{
	s64 fd = ARGUMENT_FD(0);

	event_begin_with_descriptor(s, SOCKET_CONNECT_X);
	push_s64(s, ret); /* res */
	if (ret == 0 || ret == -EINPROGRESS)
		push_tuple(s, fd, OUTBOUND, ARGUMENT(1));
	else
		push_empty(s);
	push_s64(s, fd);
	push_user_address(s, ARGUMENT(1), ARGUMENT(2));
	push_descriptor(s, fd);
	event_submit(s);
}
