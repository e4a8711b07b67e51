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

/* Appends data out of a vector of buffers, `size` bytes at most. */
__attribute__((noinline)) int put_vector_data(u64 vector, u64 count, s64 size)
{
	struct scratch *s = scratch_here();
	u32 left = wanted.snaplen, i;

	if (!s || size <= 0)
		return 0;
	if (size < left)
		left = size;
	for (i = 0; i < MOST_PARTS; i++) {
		struct user_iovec part;
		u32 length;

		if (!left || i >= count ||
		    bpf_probe_read_user(&part, sizeof(part), (void *)(vector + i * sizeof(part))))
			break;
		length = part.len < left ? part.len : left;
		if (length && !put_user_bytes(s, (void *)part.base, length, MOST_DATA))
			break;
		left -= length;
	}
	return 0;
}

static __always_inline void push_vector_data(struct scratch *s, u64 vector, u64 count, s64 size)
{
	u32 from = s->end;

	put_vector_data(vector, count, size);
	end_param(s, from);
}

/* The bytes that a vector of buffers has room for, of its first 32 buffers. */
__attribute__((noinline)) u32 vector_size(u64 vector, u64 count)
{
	u32 size = 0, i;

	for (i = 0; i < MOST_PARTS; i++) {
		struct user_iovec part;

		if (i >= count || bpf_probe_read_user(&part, sizeof(part), (void *)(vector + i * sizeof(part))))
			break;
		size += part.len;
	}
	return size;
}

/* A size without bound for push_vector_data(). */
#define ALL_OF_IT 0x7fffffff

#endif
