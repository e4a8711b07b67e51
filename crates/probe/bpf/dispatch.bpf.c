/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Every system call ends here. What nobody asked for costs three loads and a test. */
#include "beginning.h"
#include "call.h"
#include "scope.h"
#include "talk.h"

/* Whether a call is worth a look for links: most are not, and end here. */
static __always_inline bool is_looked_at(u8 look, u32 tgid, struct pt_regs *regs, long ret)
{
	if (look < LOOK_BUFFER)
		return look;
	if (!talks(tgid))
		return false;
	return look == LOOK_PARTS || user_beginning(ARGUMENT(1), ret) != BEGINS_OTHERWISE;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(dispatch, struct pt_regs *regs, long ret)
{
	u32 number = call_number(regs);
	struct task_struct *task;
	struct scratch *s;
	bool is_link;
	u8 look;
	u32 to;

	/* -1 is the end of a call that was none any more: sigreturn, or one that ptrace cancelled. */
	if (number >= CALL_SLOTS)
		return 0;
	to = wanted.calls[number / 64] >> (number % 64) & 1;
	look = wanted.looks[number];
	if (!to && !look)
		return 0;
	task = bpf_get_current_task_btf();
	if (call_is_compat(task)) {
		COUNT(compat);
		return 0;
	}
	is_link = is_looked_at(look, task->tgid, regs, ret);
	if ((!to && !is_link) || !in_scope(task->tgid, task))
		return 0;
	if (to)
		to = call_destinations(number, task);
	s = to || is_link ? scratch_here() : NULL;
	if (!s)
		return 0;
	s->to = to;
	s->finished = 0;
	/* It calls the program of the event itself. Where the kernel has refused it, that is next anyway. */
	if (is_link)
		bpf_tail_call(ctx, &link_calls, number);
	if (to) {
		bpf_tail_call(ctx, &calls, number);
		COUNT(tail_call);
	}
	return 0;
}
