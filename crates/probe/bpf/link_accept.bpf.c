/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* accept, accept4: whose a connection is that came in. */
#include "link_call.h"
#include "link_socket.h"

static __always_inline void begin_accepted(s64 fd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct sock *sk = sock_of(file_of(fd));

	if (!sk || !is_tcp(sk))
		return;
	note_talker(task->tgid);
	begin_link(sk, task, SIDE_SERVER, LINK_IS_NEW);
}

LINK_PROGRAM(accept)
{
	begin_accepted(ret);
}

LINK_PROGRAM(accept4)
{
	begin_accepted(ret);
}
