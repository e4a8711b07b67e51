/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* An execve or execveat that failed; one that works is told by sched_process_exec. */
#include "call.h"
#include "exec.h"

CALL_PROGRAM(execve)
{
	if (ret >= 0)
		return;
	event_begin(s, SYSCALL_EXECVE_19_X);
	push_failed_exec(s, ret, ARGUMENT(1), ARGUMENT(2));
	push_user_text(s, ARGUMENT(0)); /* filename */
	event_submit_critical(s);
}
