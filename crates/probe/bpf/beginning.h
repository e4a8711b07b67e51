/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Whether data begins like a message of HTTP/1.x. */
#ifndef LANNER_BEGINNING_H
#define LANNER_BEGINNING_H

#include "map.h"

/* The shortest beginning that can be told: `HTTP/1.1`, `GET / HT`. */
#define FIRST_BYTES 8

#define WORD(a, b, c, d) ((u32)(a) | (u32)(b) << 8 | (u32)(c) << 16 | (u32)(d) << 24)

enum beginning { BEGINS_OTHERWISE, BEGINS_REQUEST, BEGINS_RESPONSE };

static __always_inline enum beginning beginning_of(u64 first)
{
	switch ((u32)first) {
	case WORD('G', 'E', 'T', ' '):
	case WORD('P', 'O', 'S', 'T'):
	case WORD('P', 'U', 'T', ' '):
	case WORD('H', 'E', 'A', 'D'):
	case WORD('D', 'E', 'L', 'E'):
	case WORD('P', 'A', 'T', 'C'):
	case WORD('O', 'P', 'T', 'I'):
	case WORD('C', 'O', 'N', 'N'):
	case WORD('T', 'R', 'A', 'C'):
	case WORD('P', 'R', 'O', 'P'):
	case WORD('M', 'K', 'C', 'O'):
	case WORD('C', 'O', 'P', 'Y'):
	case WORD('M', 'O', 'V', 'E'):
	case WORD('L', 'O', 'C', 'K'):
	case WORD('U', 'N', 'L', 'O'):
	case WORD('S', 'E', 'A', 'R'):
	case WORD('R', 'E', 'P', 'O'):
		return BEGINS_REQUEST;
	case WORD('H', 'T', 'T', 'P'):
		return (u32)(first >> 32 & 0xffffff) == WORD('/', '1', '.', 0) ? BEGINS_RESPONSE : BEGINS_OTHERWISE;
	default:
		return BEGINS_OTHERWISE;
	}
}

/* The same of `length` bytes of the process. What can not be read was paged out since the call: rare, and
 * no reason to wait for it. */
static __always_inline enum beginning user_beginning(u64 buffer, s64 length)
{
	u64 first;

	if (length < FIRST_BYTES || bpf_probe_read_user(&first, sizeof(first), (void *)buffer))
		return BEGINS_OTHERWISE;
	return beginning_of(first);
}

#endif
