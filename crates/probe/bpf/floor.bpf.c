/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The least that a hook on every system call can cost: the benchmark measures it beside the probe. */
#include "call.h"

SEC("tp_btf/sys_exit")
int BPF_PROG(floor_of_cost, struct pt_regs *regs, long ret)
{
	u32 number = call_number(regs);

	if (number < CALL_SLOTS && wanted.calls[number / 64] >> (number % 64) & 1)
		COUNT(sent);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
