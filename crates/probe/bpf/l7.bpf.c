/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What is said over links. Of calls that carry data, those over TCP whose data begins like a message of
 * HTTP/1.x are told; all others are let go after one look at eight bytes. dispatch() calls these before the
 * program of the call's own event.
 */
#include "beginning.h"
#include "data.h"
#include "link.h"
#include "link_call.h"

#define MSG_PEEK 2
#define DATA_START (sizeof(struct record_head) + __builtin_offsetof(struct segment_record, data))

/* What a call carried: `length` bytes, which lie in buffers one behind the other. */
struct carried {
	/* The first of them. */
	u64 buffer;
	u64 buffer_size;
	/* All of them; 0 when there is only that one. */
	u64 vector;
	u64 count;
	u64 length;
};

/* Tells what a call carried over a descriptor. A beginning that is spread over several buffers within its
 * first eight bytes is not recognised. */
static __always_inline void tell_segment(struct scratch *s, s64 fd, const struct carried *carried, u32 direction)
{
	struct segment_record *segment = &s->segment.record;
	struct task_struct *task = bpf_get_current_task_btf();
	enum beginning beginning;
	struct link_socket *entry;
	struct sock *sk;
	u32 kept;

	/* By cost: most data is let go here. */
	if (carried->buffer_size < FIRST_BYTES)
		return;
	beginning = user_beginning(carried->buffer, carried->length);
	if (beginning == BEGINS_OTHERWISE)
		return;
	sk = sock_of(file_of(fd));
	if (!sk || !is_tcp(sk))
		return;
	segment->time_ns = fixed.epoch_offset_ns + bpf_ktime_get_boot_ns();
	segment->socket = (u64)sk;
	segment->begun_ns = 0;
	entry = bpf_map_lookup_elem(&link_sockets, &segment->socket);
	if (entry) {
		entry->flags |= LINK_SPEAKS;
		segment->begun_ns = entry->begun_ns;
		segment->link = entry->link;
	} else {
		/* Who sends requests is the client. */
		bool serves = (beginning == BEGINS_REQUEST) == (direction == SEGMENT_RECEIVED);

		__builtin_memset(&segment->link, 0, sizeof(segment->link));
		read_link(&segment->link, sk, task, serves ? SIDE_SERVER : SIDE_CLIENT);
	}
	kept = carried->length < SEGMENT_BYTES ? carried->length : SEGMENT_BYTES;
	s->end = DATA_START;
	if (carried->vector)
		put_vector_data(carried->vector, carried->count, kept);
	else
		put_user_bytes(s, (void *)carried->buffer, kept, SEGMENT_BYTES);
	kept = s->end - DATA_START;
	if (kept > SEGMENT_BYTES)
		return;
	segment->direction = direction;
	segment->length = kept;
	segment->reserved = 0;
	s->segment.head.kind = RECORD_SEGMENT;
	output(s, sizeof(s->segment), bpf_get_smp_processor_id() >> fixed.ring_shift);
}

static __always_inline void tell_plain(struct scratch *s, s64 fd, u64 buffer, u64 length, u32 direction)
{
	struct carried carried = { .buffer = buffer, .buffer_size = length, .length = length };

	tell_segment(s, fd, &carried, direction);
}

static __always_inline void tell_vector(struct scratch *s, s64 fd, u64 vector, u64 count, u64 length, u32 direction)
{
	struct carried carried = { .vector = vector, .count = count, .length = length };
	struct user_iovec part;

	if (length < FIRST_BYTES || !count || bpf_probe_read_user(&part, sizeof(part), (void *)vector))
		return;
	carried.buffer = part.base;
	carried.buffer_size = part.len;
	tell_segment(s, fd, &carried, direction);
}

static __always_inline void tell_message(struct scratch *s, s64 fd, u64 message, u64 length, u32 direction)
{
	struct user_message copy;

	if (length < FIRST_BYTES || bpf_probe_read_user(&copy, sizeof(copy), (void *)message))
		return;
	tell_vector(s, fd, copy.iov, copy.iov_len, length, direction);
}

LINK_PROGRAM(read)
{
	tell_plain(s, ARGUMENT_FD(0), ARGUMENT(1), ret, SEGMENT_RECEIVED);
}

LINK_PROGRAM(write)
{
	tell_plain(s, ARGUMENT_FD(0), ARGUMENT(1), ret, SEGMENT_SENT);
}

LINK_PROGRAM(recvfrom)
{
	/* What is only looked at comes again. */
	if (!(ARGUMENT(3) & MSG_PEEK))
		tell_plain(s, ARGUMENT_FD(0), ARGUMENT(1), ret, SEGMENT_RECEIVED);
}

LINK_PROGRAM(sendto)
{
	tell_plain(s, ARGUMENT_FD(0), ARGUMENT(1), ret, SEGMENT_SENT);
}

LINK_PROGRAM(readv)
{
	tell_vector(s, ARGUMENT_FD(0), ARGUMENT(1), ARGUMENT(2), ret, SEGMENT_RECEIVED);
}

LINK_PROGRAM(writev)
{
	tell_vector(s, ARGUMENT_FD(0), ARGUMENT(1), ARGUMENT(2), ret, SEGMENT_SENT);
}

LINK_PROGRAM(recvmsg)
{
	if (!(ARGUMENT(2) & MSG_PEEK))
		tell_message(s, ARGUMENT_FD(0), ARGUMENT(1), ret, SEGMENT_RECEIVED);
}

LINK_PROGRAM(sendmsg)
{
	tell_message(s, ARGUMENT_FD(0), ARGUMENT(1), ret, SEGMENT_SENT);
}
