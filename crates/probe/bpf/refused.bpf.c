/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A probe with a program that every verifier refuses: a test sees that the rest runs without it. */
#include "dispatch.bpf.c"

CALL_PROGRAM(close)
{
	/* Far outside the scratch. */
	asm volatile("*(u64 *)(%0 + 0) = %1" : : "r"((void *)s + 16 * EVENT_BYTES), "r"(ret));
}

char LICENSE[] SEC("license") = "GPL";
