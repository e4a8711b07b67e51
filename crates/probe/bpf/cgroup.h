/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Control groups of a task: which, and where in their hierarchy. */
#ifndef LANNER_CGROUP_H
#define LANNER_CGROUP_H

#include "component.h"

/* The control group of a task in the hierarchy of a subsystem, NULL where the kernel has none such.
 * The id of a subsystem depends on how the kernel was configured. */
#define CGROUP_OF(task, subsystem)                                                                \
	({                                                                                        \
		struct cgroup *cgroup_ = NULL;                                                    \
		if (bpf_core_enum_value_exists(enum cgroup_subsys_id, subsystem##_cgrp_id)) {     \
			u32 id_ = bpf_core_enum_value(enum cgroup_subsys_id, subsystem##_cgrp_id); \
			struct cgroup_subsys_state *state_ = NULL;                                \
			bpf_probe_read_kernel(&state_, sizeof(state_),                            \
					      &BPF_CORE_READ(task, cgroups)->subsys[id_ & 15]);   \
			if (state_)                                                               \
				cgroup_ = BPF_CORE_READ(state_, cgroup);                          \
		}                                                                                 \
		cgroup_;                                                                          \
	})

/* The one whose path names the container: of the hierarchy that user space found to be in use. */
static __always_inline struct cgroup *task_cgroup(struct task_struct *task)
{
	switch (fixed.cgroup_key) {
	case CGROUP_MEMORY:
		return CGROUP_OF(task, memory);
	case CGROUP_PIDS:
		return CGROUP_OF(task, pids);
	case CGROUP_CPU:
		return CGROUP_OF(task, cpu);
	case CGROUP_CPUSET:
		return CGROUP_OF(task, cpuset);
	default:
		return BPF_CORE_READ(task, cgroups, dfl_cgrp);
	}
}

static __always_inline u64 cgroup_id(struct cgroup *cgroup)
{
	return BPF_CORE_READ(cgroup, kn, id);
}

/* The same of a task that the verifier knows to be one: loads instead of calls of helpers, for this is asked
 * at every call that may be recorded. */
#define CGROUP_ID_OF(task, subsystem)                                                             \
	({                                                                                        \
		u64 found_ = 0;                                                                   \
		if (bpf_core_enum_value_exists(enum cgroup_subsys_id, subsystem##_cgrp_id)) {     \
			struct cgroup_subsys_state **states_ = (task)->cgroups->subsys;           \
			found_ = states_[bpf_core_enum_value(enum cgroup_subsys_id,               \
							     subsystem##_cgrp_id) & 15]           \
					 ->cgroup->kn->id;                                        \
		}                                                                                 \
		found_;                                                                           \
	})

static __always_inline u64 task_cgroup_id(struct task_struct *task)
{
	switch (fixed.cgroup_key) {
	case CGROUP_MEMORY:
		return CGROUP_ID_OF(task, memory);
	case CGROUP_PIDS:
		return CGROUP_ID_OF(task, pids);
	case CGROUP_CPU:
		return CGROUP_ID_OF(task, cpu);
	case CGROUP_CPUSET:
		return CGROUP_ID_OF(task, cpuset);
	default:
		return task->cgroups->dfl_cgrp->kn->id;
	}
}

static __always_inline struct kernfs_node *parent_node(struct kernfs_node *node)
{
	if (bpf_core_field_exists(struct kernfs_node, parent))
		return BPF_CORE_READ(node, parent);
	return BPF_CORE_READ((struct kernfs_node___6_15 *)node, __parent);
}

#define CGROUP_PARTS 24

/* Where a walk upwards is. */
struct cgroup_climb {
	struct scratch *s;
	struct kernfs_node *node;
};

static long cgroup_climb_step(u32 round, void *state)
{
	struct cgroup_climb *at = state;
	struct kernfs_node *node = at->node, *parent = parent_node(node);

	/* The topmost is the root, whose name is empty. */
	if (!parent)
		return 1;
	keep_part(at->s, BPF_CORE_READ(node, name));
	at->node = parent;
	return 0;
}

/* Appends the path of a control group in its hierarchy, without a NUL, and gives its length. */
__attribute__((noinline)) u32 put_cgroup_path(u32 slot, u64 cgroup_address)
{
	struct scratch *s = scratch_at(slot);
	struct cgroup_climb at = {};
	u32 from;

	if (!s || !cgroup_address)
		return 0;
	from = s->end;
	s->part_count = 0;
	at.s = s;
	at.node = BPF_CORE_READ((struct cgroup *)cgroup_address, kn);
	REPEAT(CGROUP_PARTS, cgroup_climb_step, &at);
	PUT(s, u8, '/');
	REPEAT(CGROUP_PARTS, put_part, &at.s);
	if (s->end > from + 1)
		s->end--;
	return s->end - from;
}

#define PUT_CGROUP(s, task, subsystem)                                                            \
	({                                                                                        \
		struct cgroup *chosen_ = fixed.cgroup_key == CGROUP_V2 ?                          \
						 BPF_CORE_READ(task, cgroups, dfl_cgrp) :         \
						 CGROUP_OF(task, subsystem);                      \
		if (chosen_) {                                                                    \
			put_at(s, (s)->end, #subsystem "=", sizeof(#subsystem));                  \
			(s)->end += sizeof(#subsystem);                                           \
			put_cgroup_path((s)->slot, (u64)chosen_);                                            \
			PUT(s, u8, 0);                                                            \
		}                                                                                 \
	})

/*
 * `subsystem=/path` of the subsystems that container runtimes use. Where cgroup v2 is the hierarchy
 * in use, its path stands for all of them: a subsystem that is not enabled all the way down would
 * name an ancestor.
 */
static __always_inline void push_cgroups(struct scratch *s, struct task_struct *task)
{
	u32 from = s->end;

	PUT_CGROUP(s, task, cpuset);
	PUT_CGROUP(s, task, cpu);
	PUT_CGROUP(s, task, memory);
	PUT_CGROUP(s, task, pids);
	end_param(s, from);
}

#endif
