/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The whole probe as one object: one behaviour per file, all of them around the same maps and the
 * same few functions that the kernel verifies once. docs/decisions/0002 says why.
 */
#include "accept.bpf.c"
#include "bind.bpf.c"
#include "cgroup.bpf.c"
#include "chdir.bpf.c"
#include "chmod.bpf.c"
#include "clone.bpf.c"
#include "close.bpf.c"
#include "connect.bpf.c"
#include "dispatch.bpf.c"
#include "dup.bpf.c"
#include "execve.bpf.c"
#include "execveat.bpf.c"
#include "generic.bpf.c"
#include "kill.bpf.c"
#include "listen.bpf.c"
#include "mkdir.bpf.c"
#include "module.bpf.c"
#include "mount.bpf.c"
#include "open.bpf.c"
#include "pipe.bpf.c"
#include "ptrace.bpf.c"
#include "read.bpf.c"
#include "recv.bpf.c"
#include "rename.bpf.c"
#include "sched_process_exec.bpf.c"
#include "sched_process_exit.bpf.c"
#include "sched_process_fork.bpf.c"
#include "send.bpf.c"
#include "setuid.bpf.c"
#include "socket.bpf.c"
#include "unlink.bpf.c"
#include "write.bpf.c"

char LICENSE[] SEC("license") = "GPL";
