/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The maps, and what is read of them everywhere. */
#ifndef LANNER_MAP_H
#define LANNER_MAP_H

#include "record.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

/* User space gives these maps one entry per CPU or ring; the numbers here are for the verifier. */
#define MOST_CPUS 1024
#define MOST_RINGS 128

const volatile struct fixed fixed SEC(".rodata.fixed") = {};
struct wanted wanted SEC(".data.wanted") = {};

/* Longest event, and half of a CPU's scratch: what is written behind it is cut by the check in
 * event_submit(), and until then lies in the other half. */
#define EVENT_BYTES (64 * 1024)
#define PATH_PARTS 64

/* Where an event goes, as bits of `scratch.to`: the live ring, the flight recorder. */
#define TO_RING 1
#define TO_FLIGHT 2

/* Where a CPU puts its event together. One is enough: programs of tracepoints run with preemption
 * off, and none of ours runs in an interrupt. Iterators can be preempted, so they have one of their
 * own, behind those of the CPUs. */
struct scratch {
	/* Which of the scratches it is. */
	u32 slot;
	u32 reserved;
	/* What the process sees as its root: paths begin there. */
	struct vfsmount *root_mnt;
	struct dentry *root_dentry;
	/* Offset in `bytes` of the next parameter length. */
	u32 lengths;
	/* Offset in `bytes` of the next parameter. */
	u32 end;
	/* Components of a path, last first, and how many. The count lies here and not in a register:
	 * what the verifier loads from a map is any number to it, so all rounds of a loop look the same
	 * to it, and it need not go through their combinations. */
	const void *parts[PATH_PARTS];
	u32 part_count;
	/* Where the event goes: TO_RING, TO_FLIGHT. Set before it is begun. */
	u32 to;
	/* Offset in `bytes` where the finished event ends; 0 while there is none. */
	u32 finished;
	u32 reserved_too;
	/* What goes behind the event in the flight recorder. */
	struct flight_tail tail;
	/* A copy of what user memory says a message is. */
	struct user_message message;
	union {
		u8 bytes[2 * EVENT_BYTES];
		struct {
			struct record_head head;
			/* Or the header of an event. */
			struct cgroup_record cgroup;
		} record;
		struct {
			struct record_head head;
			struct segment_record record;
		} segment;
		/* Of an iterator. */
		struct file_record file;
	};
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MOST_CPUS);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MOST_CPUS);
	__type(key, u32);
	__type(value, struct tally);
} tallies SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, MOST_RINGS);
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

/* The program of each system call, by native number. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CALL_SLOTS);
	__type(key, u32);
	__type(value, u32);
} calls SEC(".maps");

/* What links look at of a system call, before its event; by native number. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CALL_SLOTS);
	__type(key, u32);
	__type(value, u32);
} link_calls SEC(".maps");

/* The processes in scope, by tgid; children join their parents. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, u32);
	__type(value, u8);
} scope_processes SEC(".maps");

/* The control groups in scope, by id; those made below join. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, u8);
} scope_cgroups SEC(".maps");

static __always_inline struct scratch *scratch_at(u32 slot)
{
	struct scratch *s = bpf_map_lookup_elem(&scratches, &slot);

	if (s)
		s->slot = slot;
	return s;
}

static __always_inline struct scratch *scratch_here(void)
{
	return scratch_at(bpf_get_smp_processor_id());
}

static __always_inline struct tally *tally_here(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&tallies, &cpu);
}

/* One writer per CPU, so a plain addition does. */
#define COUNT(what)                                                                               \
	({                                                                                        \
		struct tally *tally_ = tally_here();                                              \
		if (tally_)                                                                       \
			tally_->what++;                                                           \
	})

#endif
