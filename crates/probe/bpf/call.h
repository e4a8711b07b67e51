/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Number and arguments of the system call that ends, and the shape of the programs that tell of it. */
#ifndef LANNER_CALL_H
#define LANNER_CALL_H

#include "event.h"
#include "flight.h"

static __always_inline u32 call_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->orig_ax;
#elif defined(__TARGET_ARCH_arm64)
	return regs->syscallno;
#endif
}

/* Whether the call came through a 32-bit entry, where numbers mean other calls. */
static __always_inline bool call_is_compat(struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
	return task->thread_info.status & 2; /* TS_COMPAT */
#elif defined(__TARGET_ARCH_arm64)
	return task->thread_info.flags & (1 << 22); /* _TIF_32BIT */
#endif
}

#if defined(__TARGET_ARCH_x86)
#define ARGUMENT_0(regs) ((regs)->di)
#define ARGUMENT_1(regs) ((regs)->si)
#define ARGUMENT_2(regs) ((regs)->dx)
#define ARGUMENT_3(regs) ((regs)->r10)
#define ARGUMENT_4(regs) ((regs)->r8)
#define ARGUMENT_5(regs) ((regs)->r9)
#elif defined(__TARGET_ARCH_arm64)
/* The first register holds the result by now; the kernel keeps the argument aside. */
#define ARGUMENT_0(regs) ((regs)->orig_x0)
#define ARGUMENT_1(regs) (((struct user_pt_regs *)(regs))->regs[1])
#define ARGUMENT_2(regs) (((struct user_pt_regs *)(regs))->regs[2])
#define ARGUMENT_3(regs) (((struct user_pt_regs *)(regs))->regs[3])
#define ARGUMENT_4(regs) (((struct user_pt_regs *)(regs))->regs[4])
#define ARGUMENT_5(regs) (((struct user_pt_regs *)(regs))->regs[5])
#endif

#define ARGUMENT(index) ((u64)ARGUMENT_##index(regs))
/* A descriptor is an int: the upper half of its register may hold anything. */
#define ARGUMENT_FD(index) ((s64)(s32)ARGUMENT_##index(regs))

/* The program that dispatch() calls for the system call of that name: in its body are `regs`, `ret`
 * (the call's result) and `s` (the scratch). */
#define CALL_PROGRAM(name)                                                                        \
	static __always_inline void tell_##name(struct pt_regs *regs, long ret, struct scratch *s); \
	SEC("tp_btf/sys_exit")                                                                    \
	int BPF_PROG(on_##name, struct pt_regs *regs, long ret)                                   \
	{                                                                                         \
		struct scratch *s = scratch_here();                                               \
		if (s) {                                                                          \
			tell_##name(regs, ret, s);                                                \
			flight_record(ctx, s, bpf_get_current_task_btf());                        \
		}                                                                                 \
		return 0;                                                                         \
	}                                                                                         \
	static __always_inline void tell_##name(struct pt_regs *regs, long ret, struct scratch *s)

#endif
