/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Which process user space is, as the host sees it: inside a container it cannot know. */
#include "map.h"

SEC("syscall")
int own_tgid(void *context)
{
	return bpf_get_current_pid_tgid() >> 32;
}
