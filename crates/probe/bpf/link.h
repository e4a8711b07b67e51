/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Links: TCP connections summed by program and by the two addresses, while they happen. User space reads
 * sums; no connection makes an event.
 *
 * A socket is in `link_sockets` from the moment its owner is known (connect, accept, or the first look at
 * who is there already) until it is closed. What it has carried goes to its link's totals at each look and
 * when it is closed; how much of it has is kept in its entry, so nothing counts twice.
 */
#ifndef LANNER_LINK_H
#define LANNER_LINK_H

#include "scope.h"
#include "talk.h"
#include "tuple.h"

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE 7
#define EEXIST 17

/* With what the table needs beside keys and values, 160 bytes each: 5 MB and 1.4 MB, taken when the probe
 * starts. */
#define MOST_LINK_SOCKETS 32768
#define MOST_LINKS 8192

/* By address of the socket. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_LINK_SOCKETS);
	__type(key, u64);
	__type(value, struct link_socket);
} link_sockets SEC(".maps");

/* User space takes out what has had no connection for a while. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_LINKS);
	__type(key, struct link_key);
	__type(value, struct link_totals);
} links SEC(".maps");

/* Ports that somebody listens at: of a connection that nobody saw begin, they tell which end serves. */
struct listening {
	u32 netns;
	u16 port;
	u16 reserved;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct listening);
	__type(value, u8);
} listening_ports SEC(".maps");

struct link_losses link_losses SEC(".data.link_losses") = {};

/* Also from interrupts, so never a plain addition. */
#define ADD(counter, number) ((void)__sync_fetch_and_add(&(counter), number))

static __always_inline bool is_tcp(struct sock *sk)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) && BPF_CORE_READ(sk, sk_type) == SOCK_STREAM &&
	       BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP;
}

static __always_inline u32 netns_of(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

/* An IPv4 address in the form that IPv6 has for it: `::ffff:a.b.c.d`. */
static __always_inline void put_mapped(u32 *address, __be32 v4)
{
	address[0] = 0;
	address[1] = 0;
	address[2] = bpf_htonl(0xffff);
	address[3] = v4;
}

static __always_inline void read_own_address(u32 *address, struct sock *sk)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET)
		put_mapped(address, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
	else
		bpf_core_read(address, 16, &sk->__sk_common.skc_v6_rcv_saddr);
}

static __always_inline void read_peer_address(u32 *address, struct sock *sk)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET)
		put_mapped(address, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	else
		bpf_core_read(address, 16, &sk->__sk_common.skc_v6_daddr);
}

static __always_inline void read_owner(struct link_key *link, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	link->cgroup = task_cgroup_id(task);
	/* The process's name, not the thread's. What is behind the NUL would tell links apart that are one. */
	bpf_probe_read_kernel_str(link->comm, sizeof(link->comm), &leader->comm);
}

/* `link` is zero before. */
static __always_inline void read_link(struct link_key *link, struct sock *sk, struct task_struct *task, u32 side)
{
	read_owner(link, task);
	link->netns = netns_of(sk);
	link->side = side;
	link->port = side == SIDE_CLIENT ? bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) :
					   BPF_CORE_READ(sk, __sk_common.skc_num);
	read_own_address(link->local, sk);
	read_peer_address(link->peer, sk);
}

static __always_inline struct link_totals *totals_of(const struct link_key *link)
{
	struct link_totals *totals = bpf_map_lookup_elem(&links, link);
	struct link_totals none = {};

	if (totals)
		return totals;
	bpf_map_update_elem(&links, link, &none, BPF_NOEXIST);
	totals = bpf_map_lookup_elem(&links, link);
	if (!totals)
		ADD(link_losses.links, 1);
	return totals;
}

/* Data that has come. The other side's end of sending takes a place in the sequence, and is none. */
static __always_inline u64 received_bytes(struct sock *sk)
{
	u64 received = BPF_CORE_READ((struct tcp_sock *)sk, bytes_received);
	u64 flags = BPF_CORE_READ(sk, __sk_common.skc_flags);
	u64 ended = flags >> bpf_core_enum_value(enum sock_flags, SOCK_DONE) & 1;

	return received > ended ? received - ended : 0;
}

/* Data that has gone out, each byte once. */
static __always_inline u64 sent_bytes(struct sock *sk)
{
	u64 sent = BPF_CORE_READ((struct tcp_sock *)sk, bytes_sent);
	u64 again = BPF_CORE_READ((struct tcp_sock *)sk, bytes_retrans);

	return sent > again ? sent - again : 0;
}

/* The smoothed round trip in microseconds; 0 while there is none. The kernel keeps eight times as much. */
static __always_inline u32 round_trip_us(struct sock *sk)
{
	return BPF_CORE_READ((struct tcp_sock *)sk, srtt_us) >> 3;
}

/* What `counted` grows by to become `now`. A look and the end of a connection may meet here on two CPUs;
 * what one of them has counted, the other does not. */
static __always_inline u64 grow(u64 *counted, u64 now)
{
	int i;

	for (i = 0; i < 4; i++) {
		u64 before = *counted;

		if (now <= before)
			return 0;
		if (__sync_val_compare_and_swap(counted, before, now) == before)
			return now - before;
	}
	return 0;
}

static __always_inline void count_carried(struct link_socket *entry, struct sock *sk, struct link_totals *totals)
{
	u64 sent = grow(&entry->sent, sent_bytes(sk)), received = grow(&entry->received, received_bytes(sk));

	if (sent)
		ADD(totals->sent, sent);
	if (received)
		ADD(totals->received, received);
}

#endif
