/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Programs that are loaded only to see whether the kernel takes their kind. */
#include "kernel.h"

#include <bpf/bpf_helpers.h>

/* A function that the kernel keeps for tests and calls in none of its own paths. */
SEC("fentry/bpf_fentry_test1")
int fentry_here(void *context)
{
	return 0;
}

SEC("lsm/bpf")
int lsm_here(void *context)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
