/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The whole probe as one object: one behaviour per file, all of them around the same maps and the
 * same few functions that the kernel verifies once. docs/decisions/0002 says why.
 */
#include "dispatch.bpf.c"
#include "generic.bpf.c"
#include "execveat.bpf.c" /* and execve.bpf.c */
#include "sched_process_exec.bpf.c"
#include "sched_process_exit.bpf.c"
#include "sched_process_fork.bpf.c"

char LICENSE[] SEC("license") = "GPL";
