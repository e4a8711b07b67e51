/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* sendto (and send, which is the same call), sendmsg. */
#include "call.h"
#include "data.h"
#include "descriptor.h"

CALL_PROGRAM(sendto)
{
	s64 fd = ARGUMENT_FD(0);

	event_begin_with_descriptor(s, SOCKET_SENDTO_X);
	push_s64(s, ret); /* res */
	push_data(s, ARGUMENT(1), ret > 0 ? ret : (s64)ARGUMENT(2));
	push_s64(s, fd);
	push_u32(s, ARGUMENT(2)); /* size */
	if (ret >= 0)
		push_tuple(s, fd, OUTBOUND, ARGUMENT(4));
	else
		push_empty(s);
	push_descriptor(s, fd);
	event_submit(s);
}

CALL_PROGRAM(sendmsg)
{
	s64 fd = ARGUMENT_FD(0);
	bool readable = !bpf_probe_read_user(&s->message, sizeof(s->message), (void *)ARGUMENT(1));

	event_begin_with_descriptor(s, SOCKET_SENDMSG_X);
	push_s64(s, ret); /* res */
	if (readable) {
		push_vector_data(s, s->message.iov, s->message.iov_len, ret > 0 ? ret : ALL_OF_IT);
		push_s64(s, fd);
		push_u32(s, vector_size(s->message.iov, s->message.iov_len)); /* size */
		if (ret >= 0)
			push_tuple(s, fd, OUTBOUND, s->message.name);
		else
			push_empty(s);
	} else {
		COUNT(fault);
		push_empty(s);
		push_s64(s, fd);
		push_empty(s);
		push_empty(s);
	}
	push_descriptor(s, fd);
	event_submit(s);
}
