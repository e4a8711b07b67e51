/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Puts an event together in the CPU's scratch and hands it over: event_begin(), then the parameters
 * in the order of the table, then event_submit(). The layout is that of `.scap` files
 * (`crates/model/src/event.rs` describes it); before it lies a `struct record_head`.
 */
#ifndef LANNER_EVENT_H
#define LANNER_EVENT_H

#include "generated/events.h"
#include "map.h"

struct event_header {
	u64 time_ns;
	u64 tid;
	u32 length;
	u16 type;
	u32 params;
} __attribute__((packed));

#define EVENT_START sizeof(struct record_head)
#define LENGTHS_START (EVENT_START + sizeof(struct event_header))

/* Keeps an offset inside the first half of the scratch, which is how the verifier knows that an
 * access of up to 64 KB stays inside the whole. */
#define INSIDE(offset) ((offset) & (EVENT_BYTES - 1))

/* Longest text taken of a process: a path, a name. */
#define TEXT_BYTES 4096
/* Longest name of a file or control group, NUL included. */
#define NAME_BYTES 256
/* Longest argument list and environment. */
#define LIST_BYTES 4096

static __always_inline void put_at(struct scratch *s, u32 offset, const void *value, u32 size)
{
	__builtin_memcpy(&s->bytes[INSIDE(offset)], value, size);
}

/* Begins an event of `params` parameters; the parameters' lengths and bytes follow. */
static __always_inline void begin(struct scratch *s, u16 type, u32 params, u64 tid)
{
	struct event_header *header = (void *)&s->bytes[EVENT_START];

	header->time_ns = fixed.epoch_offset_ns + bpf_ktime_get_boot_ns();
	header->tid = tid;
	header->type = type;
	header->params = params;
	s->lengths = LENGTHS_START;
	s->end = LENGTHS_START + params * sizeof(u16);
}

#define CURRENT_TID ((u32)bpf_get_current_pid_tgid())

/* Begins an event with the parameters that the table lists for it. */
#define event_begin(s, type) begin(s, EVENT_##type, type##_PARAMS, CURRENT_TID)
/* The same with one parameter more, which push_descriptor() fills. */
#define event_begin_with_descriptor(s, type) begin(s, EVENT_##type, type##_PARAMS + 1, CURRENT_TID)

/* Ends a parameter whose bytes have been written from `from` on. */
static __always_inline void end_param(struct scratch *s, u32 from)
{
	u16 length = s->end - from;

	put_at(s, s->lengths, &length, sizeof(length));
	s->lengths += sizeof(length);
}

static __always_inline void push_empty(struct scratch *s)
{
	end_param(s, s->end);
}

/* Bytes of a parameter that has several parts. */
#define PUT(s, type, expression)                                                                  \
	({                                                                                        \
		type value_ = (expression);                                                       \
		put_at(s, (s)->end, &value_, sizeof(value_));                                     \
		(s)->end += sizeof(value_);                                                       \
	})

#define PUSH(s, type, expression)                                                                 \
	({                                                                                        \
		u32 from_ = (s)->end;                                                             \
		PUT(s, type, expression);                                                         \
		end_param(s, from_);                                                              \
	})

#define push_u8(s, value) PUSH(s, u8, value)
#define push_u16(s, value) PUSH(s, u16, value)
#define push_u32(s, value) PUSH(s, u32, value)
#define push_u64(s, value) PUSH(s, u64, value)
#define push_s64(s, value) PUSH(s, s64, value)

/* Appends a text with its NUL and gives its length, NUL included; 0 when it cannot be read. */
static __always_inline u32 put_user_text(struct scratch *s, const void *text, u32 most)
{
	long length;

	if (!text)
		return 0;
	length = bpf_probe_read_user_str(&s->bytes[INSIDE(s->end)], most, text);
	if (length < 0) {
		COUNT(fault);
		return 0;
	}
	s->end += length;
	return length;
}

static __always_inline u32 put_kernel_text(struct scratch *s, const void *text, u32 most)
{
	long length = bpf_probe_read_kernel_str(&s->bytes[INSIDE(s->end)], most, text);

	if (length < 0)
		return 0;
	s->end += length;
	return length;
}

/* A text of the process as a parameter; absent when it cannot be read. */
static __always_inline void push_user_text(struct scratch *s, unsigned long text)
{
	u32 from = s->end;

	put_user_text(s, (const void *)text, TEXT_BYTES);
	end_param(s, from);
}

/* `size` bytes of the process, at most `most` (a constant below 64 KB). */
static __always_inline u32 put_user_bytes(struct scratch *s, const void *bytes, u64 size, u32 most)
{
	u32 length = size < most ? size : most;

	barrier_var(length);
	if (!length || length > EVENT_BYTES - 1)
		return 0;
	if (bpf_probe_read_user(&s->bytes[INSIDE(s->end)], length, bytes)) {
		COUNT(fault);
		return 0;
	}
	s->end += length;
	return length;
}

/* `size` bytes of user memory in which texts lie one behind the other: cut to `most`, and ended by a
 * NUL in any case. */
static __always_inline void push_user_texts(struct scratch *s, u64 bytes, u64 size, u32 most)
{
	u32 from = s->end;

	if (put_user_bytes(s, (const void *)bytes, size, most))
		s->bytes[INSIDE(s->end - 1)] = 0;
	end_param(s, from);
}

/* Runs `step(round, state)` for up to `rounds` rounds, until it gives 1. With bpf_loop(), 5.17, the
 * verifier goes through a step once; before that, through all rounds. */
#define REPEAT(rounds, step, state)                                                               \
	({                                                                                        \
		if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop)) {                \
			bpf_loop(rounds, step, state, 0);                                         \
		} else {                                                                          \
			for (u32 round_ = 0; round_ < (rounds); round_++)                         \
				if (step(round_, state))                                          \
					break;                                                    \
		}                                                                                 \
	})

static __always_inline void output(struct scratch *s, u32 length, u32 ring_index)
{
	struct record_head *head = &s->record.head;
	struct tally *tally = tally_here();
	u32 cpu = bpf_get_smp_processor_id();
	void *ring;

	if (!tally)
		return;
	head->cpu = cpu;
	head->sequence = tally->sequence++;
	ring = bpf_map_lookup_elem(&rings, &ring_index);
	/* User space looks by itself every few milliseconds: a wake-up per record would cost the
	 * watched process about a microsecond. */
	if (!ring || bpf_ringbuf_output(ring, s->bytes, length, BPF_RB_NO_WAKEUP)) {
		tally->ring_full++;
		return;
	}
	tally->sent++;
}

/* Writes the length of a finished event; gives where it ends in the scratch, 0 when it is too long. */
static __always_inline u32 seal(struct scratch *s)
{
	struct event_header *header = (void *)&s->bytes[EVENT_START];
	u32 end = s->end;

	/* Kept in one register, or the check below would be of another than the one that is used. */
	barrier_var(end);
	if (end > EVENT_BYTES - 1) {
		COUNT(oversize);
		return 0;
	}
	header->length = end - EVENT_START;
	return end;
}

static __always_inline void submit(struct scratch *s, u32 ring_index)
{
	u32 end = seal(s);

	if (!end)
		return;
	s->record.head.kind = RECORD_EVENT;
	s->finished = end;
	if (s->to & TO_RING)
		output(s, end, ring_index);
}

/* Hands an event over through the ring of its CPU. */
static __always_inline void event_submit(struct scratch *s)
{
	submit(s, bpf_get_smp_processor_id() >> fixed.ring_shift);
}

/* Hands a security-critical event over: a ring of its own, so that a flood of reads cannot push an
 * exec out. */
static __always_inline void event_submit_critical(struct scratch *s)
{
	submit(s, fixed.critical_ring);
}

#endif
