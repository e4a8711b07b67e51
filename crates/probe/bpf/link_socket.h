/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* How the entry of a socket begins and ends. */
#ifndef LANNER_LINK_SOCKET_H
#define LANNER_LINK_SOCKET_H

#include "link.h"

/* What became known of a socket's owner, and how. */
enum link_beginning {
	/* It begins to connect. */
	LINK_CONNECTS,
	/* It was accepted, or began unseen since the last look. */
	LINK_IS_NEW,
	/* It was there before anybody looked. */
	LINK_STOOD,
};

/* Not inlined, so that the object tells the type and the layout is compared. */
static __attribute__((noinline)) int tell_end(const struct socket_end_record *end)
{
	u32 cpu = bpf_get_smp_processor_id(), index = cpu >> fixed.ring_shift;
	/* Not in the scratch: this may be an interrupt. */
	struct {
		struct record_head head;
		struct socket_end_record end;
	} record = { .head = { .kind = RECORD_SOCKET_END, .cpu = cpu }, .end = *end };
	void *ring = bpf_map_lookup_elem(&rings, &index);

	if (!ring || bpf_ringbuf_output(ring, &record, sizeof(record), BPF_RB_NO_WAKEUP))
		ADD(link_losses.ends, 1);
	return 0;
}

/* Ends the entry of a socket. Whoever takes it out of the table counts the end. */
static __always_inline void end_link(u64 address, struct link_socket *entry, struct sock *sk)
{
	struct link_key link = entry->link;
	u16 flags = entry->flags;
	struct socket_end_record end = { .socket = address, .begun_ns = entry->begun_ns };
	struct link_totals *totals = totals_of(&link);
	u32 rtt_us = round_trip_us(sk);

	if (totals)
		count_carried(entry, sk, totals);
	if (bpf_map_delete_elem(&link_sockets, &address))
		return;
	if (flags & LINK_SPEAKS) {
		end.time_ns = fixed.epoch_offset_ns + bpf_ktime_get_boot_ns();
		tell_end(&end);
	}
	if (!totals)
		return;
	if (!(flags & LINK_STANDS)) {
		ADD(totals->failed, 1);
		return;
	}
	ADD(totals->closed, 1);
	if (rtt_us) {
		ADD(totals->rtt_us, rtt_us);
		ADD(totals->rtt_count, 1);
	}
}

/* An entry for a socket whose owner is known now, unless it has one. */
static __always_inline void begin_link(struct sock *sk, struct task_struct *task, u32 side,
				       enum link_beginning beginning)
{
	u64 address = (u64)sk;
	struct link_totals *totals;
	struct link_socket entry = {}, *known;
	long refused;

	read_link(&entry.link, sk, task, side);
	entry.begun_ns = bpf_ktime_get_boot_ns();
	entry.seen_ns = entry.begun_ns;
	if (beginning != LINK_CONNECTS)
		entry.flags = LINK_STANDS;
	if (side == SIDE_SERVER)
		entry.client_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (beginning == LINK_STOOD) {
		entry.sent = sent_bytes(sk);
		entry.received = received_bytes(sk);
	}
	known = bpf_map_lookup_elem(&link_sockets, &address);
	if (known) {
		/* A look came before the end of accept(). */
		if (beginning != LINK_CONNECTS && known->flags & LINK_STANDS && known->link.side == side &&
		    known->client_port == entry.client_port && known->link.port == entry.link.port)
			return;
		/* The end of the socket that lay there before was missed: the kernel does not run a program
		 * inside itself. */
		ADD(link_losses.ends, 1);
		bpf_map_delete_elem(&link_sockets, &address);
	}
	refused = bpf_map_update_elem(&link_sockets, &address, &entry, BPF_NOEXIST);
	if (refused == -EEXIST)
		return;
	if (refused) {
		/* Every look finds it anew: its connection would count each time. */
		ADD(link_losses.sockets, 1);
		return;
	}
	if (beginning == LINK_IS_NEW) {
		totals = totals_of(&entry.link);
		if (totals)
			ADD(totals->connections, 1);
	}
	/* It may have ended between the call and this. */
	if (beginning != LINK_CONNECTS && BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE) {
		known = bpf_map_lookup_elem(&link_sockets, &address);
		if (known)
			end_link(address, known, sk);
	}
}

#endif
