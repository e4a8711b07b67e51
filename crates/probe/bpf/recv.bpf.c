/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* recvfrom (and recv, which is the same call), recvmsg. */
#include "call.h"
#include "data.h"
#include "descriptor.h"

#define MOST_CONTROL 1024

CALL_PROGRAM(recvfrom)
{
	s64 fd = ARGUMENT_FD(0);

	event_begin_with_descriptor(s, SOCKET_RECVFROM_X);
	push_s64(s, ret); /* res */
	push_data(s, ARGUMENT(1), ret);
	if (ret >= 0)
		push_tuple(s, fd, INBOUND, ARGUMENT(4));
	else
		push_empty(s);
	push_s64(s, fd);
	push_u32(s, ARGUMENT(2)); /* size */
	push_descriptor(s, fd);
	event_submit(s);
}

CALL_PROGRAM(recvmsg)
{
	s64 fd = ARGUMENT_FD(0);
	u32 from;

	event_begin_with_descriptor(s, SOCKET_RECVMSG_X);
	push_s64(s, ret); /* res */
	push_u32(s, ret > 0 ? ret : 0); /* size */
	if (ret >= 0 && !bpf_probe_read_user(&s->message, sizeof(s->message), (void *)ARGUMENT(1))) {
		push_vector_data(s, s->message.iov, s->message.iov_len, ret);
		push_tuple(s, fd, INBOUND, s->message.name);
		from = s->end;
		put_user_bytes(s, (void *)s->message.control, s->message.control_len, MOST_CONTROL);
		end_param(s, from); /* msgcontrol */
	} else {
		push_empty(s);
		push_empty(s);
		push_empty(s);
	}
	push_s64(s, fd);
	push_descriptor(s, fd);
	event_submit(s);
}
