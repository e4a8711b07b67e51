/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* An execveat that failed; one that works is told by sched_process_exec. */
#include "call.h"
#include "exec.h"

CALL_PROGRAM(execveat)
{
	if (ret >= 0)
		return;
	event_begin(s, SYSCALL_EXECVEAT_X);
	push_failed_exec(s, ret, ARGUMENT(2), ARGUMENT(3));
	event_submit_critical(s);
}
