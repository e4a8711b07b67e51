/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* How connections begin, stand and end. */
#include "link_socket.h"

static __always_inline void note_port(struct sock *sk)
{
	struct listening listening = { .netns = netns_of(sk), .port = BPF_CORE_READ(sk, __sk_common.skc_num) };
	u8 one = 1;

	bpf_map_update_elem(&listening_ports, &listening, &one, 0);
}

/*
 * Two programs at one place: the kernel does not run a program inside itself, and one of these runs where
 * packets come in, which may interrupt the other.
 */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(link_connect, struct sock *sk, int before, int after)
{
	struct task_struct *task;

	/* Both happen in the call of the process. Addresses are known by then, but for the own port. */
	if ((after != TCP_LISTEN && after != TCP_SYN_SENT) || !is_tcp(sk))
		return 0;
	task = bpf_get_current_task_btf();
	note_talker(task->tgid);
	if (after == TCP_LISTEN) {
		note_port(sk);
		return 0;
	}
	if (in_scope(task->tgid, task))
		begin_link(sk, task, SIDE_CLIENT, LINK_CONNECTS);
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(link_state, struct sock *sk, int before, int after)
{
	u64 address = (u64)sk;
	struct link_socket *entry;
	struct link_totals *totals;

	if (after != TCP_ESTABLISHED && after != TCP_CLOSE)
		return 0;
	entry = bpf_map_lookup_elem(&link_sockets, &address);
	if (!entry)
		return 0;
	if (after == TCP_CLOSE) {
		end_link(address, entry, sk);
		return 0;
	}
	if (entry->flags & LINK_STANDS)
		return 0;
	entry->flags |= LINK_STANDS;
	totals = totals_of(&entry->link);
	if (totals)
		ADD(totals->connections, 1);
	return 0;
}

/* Not inlined, so that the object tells the type and the layout is compared. */
static __attribute__((noinline)) int write_listener(struct seq_file *seq, struct listener_record *record)
{
	return bpf_seq_write(seq, record, sizeof(*record));
}

/* Which end of a connection serves, of one that nobody saw begin. */
static __always_inline u32 side_of(struct sock *sk)
{
	struct listening listening = { .netns = netns_of(sk), .port = BPF_CORE_READ(sk, __sk_common.skc_num) };
	u16 remote = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));

	if (bpf_map_lookup_elem(&listening_ports, &listening))
		return SIDE_SERVER;
	if (remote >= EPHEMERAL_PORT && listening.port < EPHEMERAL_PORT)
		return SIDE_SERVER;
	return SIDE_CLIENT;
}

static __always_inline void tell_listener(struct seq_file *seq, struct sock *sk, struct task_struct *task)
{
	struct listener_record record = {};
	struct link_key owner = {};

	read_owner(&owner, task);
	record.cgroup = owner.cgroup;
	__builtin_memcpy(record.comm, owner.comm, sizeof(record.comm));
	record.netns = netns_of(sk);
	record.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	read_own_address(record.address, sk);
	write_listener(seq, &record);
}

/* Every TCP socket that a process holds: listening ones are told, what open ones have carried is added to
 * their links. Those that are no longer held are ended by link_state(). */
SEC("iter/task_file")
int iter_link(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct link_socket *entry;
	struct link_totals *totals;
	struct sock *sk;
	u64 address;
	u8 state;

	if (!task || !file)
		return 0;
	sk = sock_of(file);
	if (!sk || !is_tcp(sk))
		return 0;
	note_talker(BPF_CORE_READ(task, tgid));
	state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (state == TCP_LISTEN) {
		note_port(sk);
		/* The own process's too: others connect to it. */
		if (scope_has(BPF_CORE_READ(task, tgid), task))
			tell_listener(ctx->meta->seq, sk, task);
		return 0;
	}
	if (link_look.mode == LOOK_PORTS || state == TCP_CLOSE || state == TCP_SYN_SENT || state == TCP_SYN_RECV)
		return 0;
	address = (u64)sk;
	entry = bpf_map_lookup_elem(&link_sockets, &address);
	if (!entry) {
		if (!in_scope(BPF_CORE_READ(task, tgid), task))
			return 0;
		begin_link(sk, task, side_of(sk), link_look.mode == LOOK_NEW ? LINK_IS_NEW : LINK_STOOD);
		entry = bpf_map_lookup_elem(&link_sockets, &address);
		if (!entry)
			return 0;
	}
	entry->seen_ns = bpf_ktime_get_boot_ns();
	entry->rtt_us = round_trip_us(sk);
	totals = totals_of(&entry->link);
	if (totals)
		count_carried(entry, sk, totals);
	return 0;
}
