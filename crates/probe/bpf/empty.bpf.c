/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A program that tells nothing. The live tests put it in the place of a real one, to see that they
 * notice. */
#include "kernel.h"

#include <bpf/bpf_helpers.h>

SEC("tp_btf/sys_exit")
int empty(void *context)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
