/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* accept, accept4. */
#include "call.h"
#include "descriptor.h"

/* tuple, queuepct, queuelen, queuemax: the new connection, and how full the listener's queue is. */
static __always_inline void push_accepted(struct scratch *s, long ret, s64 listener)
{
	u32 length = 0, most = 0;

	if (ret >= 0) {
		struct sock *sk = sock_of(file_of(listener));

		push_tuple(s, ret, INBOUND, 0);
		if (sk) {
			length = BPF_CORE_READ(sk, sk_ack_backlog);
			most = BPF_CORE_READ(sk, sk_max_ack_backlog);
		}
	} else {
		push_empty(s);
	}
	push_u8(s, most ? length * 100ull / most : 0);
	push_u32(s, length);
	push_u32(s, most);
}

CALL_PROGRAM(accept)
{
	event_begin_with_descriptor(s, SOCKET_ACCEPT_5_X);
	push_s64(s, ret); /* fd */
	push_accepted(s, ret, ARGUMENT_FD(0));
	push_descriptor(s, ret);
	event_submit(s);
}

CALL_PROGRAM(accept4)
{
	event_begin_with_descriptor(s, SOCKET_ACCEPT4_6_X);
	push_s64(s, ret); /* fd */
	push_accepted(s, ret, ARGUMENT_FD(0));
	push_u32(s, socket_flags(ARGUMENT(3))); /* flags */
	push_descriptor(s, ret);
	event_submit(s);
}
