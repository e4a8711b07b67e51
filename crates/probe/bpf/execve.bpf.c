/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* An execve or execveat that failed; one that works is told by sched_process_exec. */
#include "call.h"
#include "exec.h"

#define MOST_STRINGS 64

/*
 * Appends the strings of an argument vector in user memory from number `first` on, at most LIST_BYTES
 * of them, each with its NUL. Gives their length.
 */
__attribute__((noinline)) u32 put_string_vector(u64 vector, u32 first)
{
	struct scratch *s = scratch_here();
	u32 from, i;

	if (!s || !vector)
		return 0;
	from = s->end;
	for (i = 0; i < MOST_STRINGS; i++) {
		const void *string = NULL;

		if (s->end - from >= LIST_BYTES)
			break;
		if (bpf_probe_read_user(&string, sizeof(string), (void *)(vector + (first + i) * sizeof(string))) ||
		    !string)
			break;
		put_user_text(s, string, TEXT_BYTES);
	}
	if (s->end - from > LIST_BYTES) {
		s->end = from + LIST_BYTES;
		s->bytes[INSIDE(s->end - 1)] = 0;
	}
	return s->end - from;
}

/* What an exec asked for, of a task that is still what it was. */
static __always_inline void push_failed_exec(struct scratch *s, long ret, u64 argv, u64 envp)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const void *first = NULL;
	u32 from;

	push_s64(s, ret); /* res */
	from = s->end;
	bpf_probe_read_user(&first, sizeof(first), (void *)argv);
	put_user_text(s, first, TEXT_BYTES); /* exe */
	end_param(s, from);
	from = s->end;
	put_string_vector(argv, 1); /* args */
	end_param(s, from);
	push_ids(s, task);
	push_memory(s, task, task);
	push_cgroups(s, task);
	from = s->end;
	put_string_vector(envp, 0); /* env */
	end_param(s, from);
	push_exec_facts(s, task);
}

CALL_PROGRAM(execve)
{
	if (ret >= 0)
		return;
	event_begin(s, SYSCALL_EXECVE_19_X);
	push_failed_exec(s, ret, ARGUMENT(1), ARGUMENT(2));
	push_user_text(s, ARGUMENT(0)); /* filename */
	event_submit_critical(s);
}
