/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The flight recorder: a ring per CPU that the kernel overwrites and user space reads when it is asked
 * for the past. What goes into it is a declared set (src/flight/declared.rs): some calls of everybody,
 * calls with data only of those that user space names here. It gets the bytes that the live ring gets,
 * put together once, and `struct flight_tail` behind them.
 */
#ifndef LANNER_FLIGHT_H
#define LANNER_FLIGHT_H

#include "cgroup.h"
#include "event.h"

struct flight_wanted flight_wanted SEC(".data.flight") = {};
struct flight_sources flight_sources SEC(".data.flightsrc") = {};

/* Longest event that is recorded: perf keeps a record's length in 16 bits. */
#define FLIGHT_MOST (60 * 1024)

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, MOST_CPUS);
	__type(key, u32);
	__type(value, u32);
} flight_rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MOST_CPUS);
	__type(key, u32);
	__type(value, struct flight_tally);
} flight_tallies SEC(".maps");

/* Control groups whose calls with data are recorded, by id: containers, and what is made below. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, u8);
} recorded_cgroups SEC(".maps");

/* Processes whose calls with data are recorded, by tgid; children join their parents. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, u32);
	__type(value, u8);
} recorded_processes SEC(".maps");

/* Whether a task's calls with data are recorded. */
static __always_inline bool data_is_recorded(struct task_struct *task)
{
	u32 sources = flight_sources.sources, tgid = task->tgid;

	if (sources & SOURCE_ALL)
		return true;
	if (sources & SOURCE_PROCESSES && bpf_map_lookup_elem(&recorded_processes, &tgid))
		return true;
	if (sources & SOURCE_CGROUPS) {
		u64 id = task_cgroup_id(task);

		return bpf_map_lookup_elem(&recorded_cgroups, &id);
	}
	return false;
}

/* Where the event of a system call goes; 0 is nowhere, and it need not be put together. */
static __always_inline u32 call_destinations(u32 number, struct task_struct *task)
{
	u32 word = number / 64 & (INTEREST_WORDS - 1), bit = number % 64;
	u32 to = flight_wanted.live[word] >> bit & 1 ? TO_RING : 0;

	if (flight_wanted.always[word] >> bit & 1)
		to |= TO_FLIGHT;
	else if (flight_wanted.data[word] >> bit & 1 && data_is_recorded(task))
		to |= TO_FLIGHT;
	return to;
}

/* The same for a tracepoint of enum point. */
static __always_inline u32 point_destinations(u32 point)
{
	return (flight_wanted.live_points & point ? TO_RING : 0) |
	       (flight_wanted.always_points & point ? TO_FLIGHT : 0);
}

/* A child joins its parent. */
static __always_inline void flight_fork(u32 parent, u32 child)
{
	u8 one = 1;

	if (parent != child && flight_sources.sources & SOURCE_PROCESSES &&
	    bpf_map_lookup_elem(&recorded_processes, &parent) &&
	    bpf_map_update_elem(&recorded_processes, &child, &one, 0))
		COUNT(map_full);
}

static __always_inline void flight_exit(u32 process)
{
	if (flight_sources.sources & SOURCE_PROCESSES)
		bpf_map_delete_elem(&recorded_processes, &process);
}

/* A control group joins the one it is made in. */
static __always_inline void flight_mkdir(u64 parent, u64 id)
{
	u8 one = 1;

	if (flight_sources.sources & SOURCE_CGROUPS && bpf_map_lookup_elem(&recorded_cgroups, &parent) &&
	    bpf_map_update_elem(&recorded_cgroups, &id, &one, 0))
		COUNT(map_full);
}

/* Records the event that lies finished in the scratch, if it is to be. */
static __always_inline void flight_record(void *context, struct scratch *s, struct task_struct *task)
{
	u32 end = s->finished, cpu = bpf_get_smp_processor_id(), length;
	struct flight_tally *tally;

	if (!(s->to & TO_FLIGHT) || !end)
		return;
	tally = bpf_map_lookup_elem(&flight_tallies, &cpu);
	if (!tally)
		return;
	s->tail.cgroup = task_cgroup_id(task);
	s->tail.tgid = task->tgid;
	/* Counts those that fail too, so that user space sees the gap. */
	s->tail.sequence = tally->sequence++;
	/* Without the head of the live ring. */
	length = end - EVENT_START;
	barrier_var(length);
	if (length > FLIGHT_MOST) {
		tally->failed++;
		return;
	}
	__builtin_memcpy(&s->bytes[EVENT_START + length], &s->tail, sizeof(s->tail));
	length += sizeof(s->tail);
	if (bpf_perf_event_output(context, &flight_rings, BPF_F_CURRENT_CPU, &s->bytes[EVENT_START], length))
		tally->failed++;
	else
		tally->recorded++;
}

#endif
