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
	/* How links look at each call, wanted or not (enum call_look). */
	u8 looks[CALL_SLOTS];
	u32 points;
	u32 scope;
	/* Bytes of data kept of each read and write. */
	u32 snaplen;
	/* User space's own process, which is left out; 0 tells it too. */
	u32 own_tgid;
};

/* What goes into the flight recorder (bpf/flight.h). Written when the interest changes. */
struct flight_wanted {
	/* What `wanted.calls` would be without the recorder. */
	u64 live[INTEREST_WORDS];
	/* Calls that are recorded of everybody. */
	u64 always[INTEREST_WORDS];
	/* Calls that are recorded of some: see `struct flight_sources`. */
	u64 data[INTEREST_WORDS];
	/* The same of `wanted.points`. */
	u32 live_points;
	u32 always_points;
};

/* Whose calls with data are recorded, as bits of `flight_sources.sources`. */
enum flight_source {
	SOURCE_CGROUPS = 1,
	SOURCE_PROCESSES = 2,
	SOURCE_ALL = 4,
};

/* May be written at any time, by another thread than `wanted`. */
struct flight_sources {
	u32 sources;
	u32 reserved;
};

/* Behind each event in the flight recorder. */
struct flight_tail {
	/* Of the task that the event is of. */
	u64 cgroup;
	u32 tgid;
	/* Counts the records of this CPU, those that failed included. */
	u32 sequence;
};

/* One per CPU, cumulative. */
struct flight_tally {
	u64 recorded;
	/* Events that were too long, or that the kernel did not take. */
	u64 failed;
	u32 sequence;
	u32 reserved;
};

enum call_look {
	LOOK_NOT = 0,
	/* Whoever calls. */
	LOOK_ALWAYS = 1,
	/* Of who has TCP sockets: at the buffer that is the second argument, and at others. */
	LOOK_BUFFER = 2,
	LOOK_PARTS = 3,
};

enum record_kind {
	RECORD_EVENT = 1,
	RECORD_CGROUP = 2,
	RECORD_SEGMENT = 3,
	RECORD_SOCKET_END = 4,
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

enum link_side {
	SIDE_CLIENT = 0,
	SIDE_SERVER = 1,
};

/* Connections that are summed. Addresses have 16 bytes, those of IPv4 as `::ffff:a.b.c.d`. */
struct link_key {
	/* Of the process that connected or accepted. */
	u64 cgroup;
	/* Its name, zeros behind it. */
	u8 comm[16];
	u32 local[4];
	u32 peer[4];
	u32 netns;
	/* The server's, on both sides. */
	u16 port;
	u16 side;
};

/* Cumulative. */
struct link_totals {
	u64 connections;
	u64 failed;
	u64 closed;
	u64 sent;
	u64 received;
	/* Round trips of closed connections: their sum, and how many had one. */
	u64 rtt_us;
	u64 rtt_count;
};

enum link_socket_flag {
	/* The connection stands; without it, the socket waits for an answer to its SYN. */
	LINK_STANDS = 1,
	/* Requests were seen, so its end is told. */
	LINK_SPEAKS = 2,
};

/* A socket of a link. */
struct link_socket {
	struct link_key link;
	/* Of the boot clock: when its owner became known, and when a look last found it open. */
	u64 begun_ns;
	u64 seen_ns;
	/* What has been added to the totals of its link. */
	u64 sent;
	u64 received;
	/* At the last look. */
	u32 rtt_us;
	u16 client_port;
	u16 flags;
};

enum link_look_mode {
	/* Only ports that are listened at are taken note of. */
	LOOK_PORTS = 0,
	/* Sockets that nobody saw begin were there before: what they carried counts from now on. */
	LOOK_STANDING = 1,
	/* They began since the look before: all of it counts. */
	LOOK_NEW = 2,
};

/* How the iterator takes what it finds; written by user space. */
struct link_look {
	u32 mode;
	/* Of the look, 1 to 255. */
	u32 generation;
};

/* What tables had no room for, and ends of sockets that a ring had none for; cumulative. */
struct link_losses {
	u64 links;
	u64 sockets;
	u64 ends;
};

/* What an iterator writes of a listening socket. */
struct listener_record {
	u64 cgroup;
	u8 comm[16];
	u32 address[4];
	u32 netns;
	u16 port;
	u16 reserved;
};

#define SEGMENT_BYTES 80

enum segment_direction {
	SEGMENT_RECEIVED = 0,
	SEGMENT_SENT = 1,
};

/* The beginning of what a call carried over a TCP socket, where that looks like a request or a response. */
struct segment_record {
	/* Since the epoch. */
	u64 time_ns;
	/* Together they name the connection. */
	u64 socket;
	u64 begun_ns;
	struct link_key link;
	u16 direction;
	u16 length;
	u32 reserved;
	u8 data[SEGMENT_BYTES];
};

/* A connection that had segments and has ended. */
struct socket_end_record {
	u64 time_ns;
	u64 socket;
	u64 begun_ns;
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
