/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The data of reads and writes, cut to what is wanted of it. */
#ifndef LANNER_DATA_H
#define LANNER_DATA_H

#include "event.h"

#define MOST_DATA 4096
#define MOST_PARTS 32

/* `size` bytes at most of a buffer. */
static __always_inline void push_data(struct scratch *s, u64 buffer, s64 size)
{
	u32 from = s->end, most = wanted.snaplen;

	if (size > 0) {
		if (size < most)
			most = size;
		put_user_bytes(s, (void *)buffer, most, MOST_DATA);
	}
	end_param(s, from);
}

/* Where a walk along a vector of buffers is. */
struct along {
	struct scratch *s;
	u64 vector;
	u64 count;
	/* Bytes that are still wanted. */
	u32 left;
	/* Bytes the buffers have room for. */
	u32 size;
};

static long copy_part(u32 round, void *state)
{
	struct along *at = state;
	struct user_iovec part;
	u32 length;

	if (!at->left || round >= at->count ||
	    bpf_probe_read_user(&part, sizeof(part), (void *)(at->vector + round * sizeof(part))))
		return 1;
	length = part.len < at->left ? part.len : at->left;
	if (length && !put_user_bytes(at->s, (void *)part.base, length, MOST_DATA))
		return 1;
	at->left -= length;
	return 0;
}

/* Appends data out of a vector of buffers, `size` bytes at most. */
__attribute__((noinline)) int put_vector_data(u64 vector, u64 count, s64 size)
{
	struct along at = { .s = scratch_here(), .vector = vector, .count = count, .left = wanted.snaplen };

	if (!at.s || size <= 0)
		return 0;
	if (size < at.left)
		at.left = size;
	REPEAT(MOST_PARTS, copy_part, &at);
	return 0;
}

static __always_inline void push_vector_data(struct scratch *s, u64 vector, u64 count, s64 size)
{
	u32 from = s->end;

	put_vector_data(vector, count, size);
	end_param(s, from);
}

static long add_part(u32 round, void *state)
{
	struct along *at = state;
	struct user_iovec part;

	if (round >= at->count ||
	    bpf_probe_read_user(&part, sizeof(part), (void *)(at->vector + round * sizeof(part))))
		return 1;
	at->size += part.len;
	return 0;
}

/* The bytes that a vector of buffers has room for, of its first 32 buffers. */
__attribute__((noinline)) u32 vector_size(u64 vector, u64 count)
{
	struct along at = { .vector = vector, .count = count };

	REPEAT(MOST_PARTS, add_part, &at);
	return at.size;
}

/* A size without bound for push_vector_data(). */
#define ALL_OF_IT 0x7fffffff

#endif
