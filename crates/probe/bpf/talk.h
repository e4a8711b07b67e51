/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Who has TCP sockets. Most processes have none, and their reads and writes are not worth a look: that is
 * told by one byte, found without a helper. It holds the look at which the process was last found to have
 * one, so nobody has to take it back. Two processes may share a byte; then one is looked at in vain.
 */
#ifndef LANNER_TALK_H
#define LANNER_TALK_H

#include "map.h"

#define TALKERS (1 << 16)
/* Looks that a process is remembered for. The number of looks runs from 1 to 255 and begins anew. */
#define TALKS_ON 2

struct link_look link_look SEC(".data.link_look") = { .generation = 1 };
u8 talkers[TALKERS] SEC(".bss.talkers") = {};

static __always_inline bool talks(u32 tgid)
{
	u8 last = talkers[tgid & (TALKERS - 1)];

	return last && (u8)(link_look.generation - last) <= TALKS_ON;
}

static __always_inline void note_talker(u32 tgid)
{
	talkers[tgid & (TALKERS - 1)] = link_look.generation;
}

/* A child has its parent's sockets. */
static __always_inline void talk_as(u32 parent, u32 child)
{
	talkers[child & (TALKERS - 1)] = talkers[parent & (TALKERS - 1)];
}

#endif
