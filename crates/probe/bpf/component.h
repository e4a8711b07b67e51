/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Components of a path: collected on the way up, written on the way down. */
#ifndef LANNER_COMPONENT_H
#define LANNER_COMPONENT_H

#include "event.h"

/* Appends the components in `parts`, the last first, a slash behind each. */
static long put_part(u32 round, void *state)
{
	struct scratch *s = *(struct scratch **)state;
	u32 part = s->part_count - 1 - round;

	if (part >= PATH_PARTS)
		return 1;
	put_kernel_text(s, s->parts[part & (PATH_PARTS - 1)], NAME_BYTES);
	/* The NUL becomes the slash before the next component. */
	s->bytes[INSIDE(s->end - 1)] = '/';
	return 0;
}

static __always_inline void keep_part(struct scratch *s, const void *name)
{
	s->parts[s->part_count & (PATH_PARTS - 1)] = name;
	s->part_count++;
}

#endif
