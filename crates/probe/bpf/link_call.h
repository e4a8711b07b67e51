/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The shape of the programs that look at calls for links. */
#ifndef LANNER_LINK_CALL_H
#define LANNER_LINK_CALL_H

#include "call.h"

/* The program that dispatch() calls first for the system call of that name; the event's own follows. */
#define LINK_PROGRAM(name)                                                                        \
	static __always_inline void look_##name(struct pt_regs *regs, long ret, struct scratch *s); \
	SEC("tp_btf/sys_exit")                                                                    \
	int BPF_PROG(link_##name, struct pt_regs *regs, long ret)                                 \
	{                                                                                         \
		struct scratch *s = scratch_here();                                               \
		if (!s)                                                                           \
			return 0;                                                                 \
		if (ret >= 0)                                                                     \
			look_##name(regs, ret, s);                                                \
		if (s->to) {                                                                      \
			bpf_tail_call(ctx, &calls, call_number(regs));                            \
			COUNT(tail_call);                                                         \
		}                                                                                 \
		return 0;                                                                         \
	}                                                                                         \
	static __always_inline void look_##name(struct pt_regs *regs, long ret, struct scratch *s)

#endif
