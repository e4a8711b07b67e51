/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the programs and user space hand each other. Each structure has its twin of the same name in
 * `src/record.rs`; the live test `layout` compares the two through this object's BTF.
 */
#ifndef LANNER_RECORD_H
#define LANNER_RECORD_H

#include "kernel.h"

/* System calls by native number: x86_64 and arm64 end below 480. */
#define CALL_SLOTS 512
#define INTEREST_WORDS (CALL_SLOTS / 64)

/* Written before the programs are loaded. */
struct fixed {
	/* What makes an epoch time of the boot clock, nanoseconds. */
	u64 epoch_offset_ns;
	/* The hierarchy that names a task's control group (enum cgroup_key). */
	u32 cgroup_key;
	/* CPUs that share a ring: 1 << ring_shift. */
	u32 ring_shift;
	/* Where security-critical events go. */
	u32 critical_ring;
	/* The scratch of iterators. */
	u32 iterator_scratch;
};

/* Cgroup v2, or the v1 hierarchy of a subsystem. */
enum cgroup_key {
	CGROUP_V2 = 0,
	CGROUP_MEMORY = 1,
	CGROUP_PIDS = 2,
	CGROUP_CPU = 3,
	CGROUP_CPUSET = 4,
};

/* Tracepoints beside sys_exit, as bits of `wanted.points`. */
enum point {
	POINT_EXEC = 1,
	POINT_FORK = 2,
	POINT_EXIT = 4,
	POINT_CGROUP = 8,
};

/* Which tasks are watched, as bits of `wanted.scope`; none means all. */
enum scope {
	SCOPE_PROCESS = 1,
	SCOPE_CGROUP = 2,
};

/* May be written at any time. */
struct wanted {
	/* One bit per system call by native number. */
	u64 calls[INTEREST_WORDS];
	u32 points;
	u32 scope;
	/* Bytes of data kept of each read and write. */
	u32 snaplen;
	/* User space's own process, which is left out; 0 tells it too. */
	u32 own_tgid;
};

enum record_kind {
	RECORD_EVENT = 1,
	RECORD_CGROUP = 2,
};

/* Before each record in a ring. */
struct record_head {
	u16 kind;
	u16 cpu;
	/* Counts the records of this CPU, lost ones included. */
	u32 sequence;
};

enum cgroup_change {
	CGROUP_MADE = 1,
	CGROUP_REMOVED = 2,
	CGROUP_ATTACHED = 3,
};

/* A control group that appeared, went or got a process; its path follows, without a NUL. */
struct cgroup_record {
	u64 time_ns;
	u64 id;
	/* Only of CGROUP_ATTACHED. */
	s32 tgid;
	/* As in /proc/cgroups; 0 is cgroup v2. */
	s32 hierarchy;
	u32 change;
	u32 path_len;
};

/* What an iterator writes of a descriptor; what it refers to follows. */
struct file_record {
	s32 tid;
	u32 fd;
	u32 info_len;
	u32 reserved;
};

/* What an iterator writes of a process. */
struct process_record {
	u32 pid;
	u32 reserved;
	/* Of the boot clock. */
	u64 start_ns;
};

/* What an iterator writes of a TCP socket that a process holds. */
struct socket_record {
	u32 pid;
	u32 reserved;
	u64 inode;
	u64 received;
	u64 sent;
};

/* One per CPU, cumulative. */
struct tally {
	/* Events that were handed over. */
	u64 sent;
	/* Events a ring had no room for. */
	u64 ring_full;
	/* Events longer than 65,535 bytes. */
	u64 oversize;
	/* Strings and buffers of a process that could not be read. */
	u64 fault;
	/* System calls whose program was not there. */
	u64 tail_call;
	/* Processes that the scope table had no room for. */
	u64 map_full;
	/* Calls of 32-bit programs, whose numbers mean other calls. */
	u64 compat;
	u32 sequence;
	u32 reserved;
};

#endif
