/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What is read of a task for process events, and the parameters these have in common. */
#ifndef LANNER_TASK_H
#define LANNER_TASK_H

#include "cgroup.h"
#include "inode.h"
#include "path.h"

#define PF_KTHREAD 0x00200000
#define PF_EXITING 0x00000004
#define RLIMIT_NOFILE 7

static __always_inline struct pid *task_pid(struct task_struct *task, enum pid_type type)
{
	return type == PIDTYPE_PID ? BPF_CORE_READ(task, thread_pid) :
				     BPF_CORE_READ(task, signal, pids[type]);
}

static __always_inline struct upid pid_at_own_level(struct pid *pid)
{
	struct upid upid = {};
	u32 level = BPF_CORE_READ(pid, level);

	/* An array that is as long as its namespaces are deep (32 at most). */
	bpf_core_read(&upid.nr, sizeof(upid.nr), (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		      (level & 31) * bpf_core_type_size(struct upid) + bpf_core_field_offset(struct upid, nr));
	bpf_core_read(&upid.ns, sizeof(upid.ns), (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		      (level & 31) * bpf_core_type_size(struct upid) + bpf_core_field_offset(struct upid, ns));
	return upid;
}

/* The namespace a task is in: that of its pid, which setns() and unshare() do not change. */
static __always_inline struct pid_namespace *task_pid_namespace(struct task_struct *task)
{
	return pid_at_own_level(BPF_CORE_READ(task, thread_pid)).ns;
}

/* An id as the host sees it. */
static __always_inline s64 task_number(struct task_struct *task, enum pid_type type)
{
	return BPF_CORE_READ(task_pid(task, type), numbers[0].nr);
}

/* An id as the task's own pid namespace sees it; 0 when it is not in that namespace. */
static __always_inline s64 task_virtual_number(struct task_struct *task, enum pid_type type)
{
	struct upid upid = pid_at_own_level(task_pid(task, type));

	return upid.ns == task_pid_namespace(task) ? upid.nr : 0;
}

static __always_inline u32 task_tty(struct task_struct *task)
{
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);
	struct tty_driver *driver;

	if (!tty)
		return 0;
	driver = BPF_CORE_READ(tty, driver);
	return encode_dev(((u32)BPF_CORE_READ(driver, major) << 20 | BPF_CORE_READ(driver, minor_start)) +
			  BPF_CORE_READ(tty, index));
}

static __always_inline u32 task_loginuid(struct task_struct *task)
{
	if (!bpf_core_field_exists(task->loginuid))
		return -1; /* without CONFIG_AUDIT nobody keeps it */
	return BPF_CORE_READ(task, loginuid.val);
}

/* Pages of one kind: MM_FILEPAGES 0, MM_ANONPAGES 1, MM_SWAPENTS 2, MM_SHMEMPAGES 3. The counts that
 * CPUs have not yet added up (6.2 and newer) are not in it, as they are not in /proc/PID/statm. */
static __always_inline s64 mm_pages(struct mm_struct *mm, u32 kind)
{
	s64 pages = 0;

	/* Since 6.2 this is an array of counters, before that a structure with an array. */
	if (bpf_core_type_exists(struct mm_rss_stat)) {
		pages = BPF_CORE_READ((struct mm_struct___5 *)mm, rss_stat.count[kind].counter);
	} else {
		/* How far the counters lie apart is known at load time only. */
		void *counter = (void *)mm + bpf_core_field_offset(struct mm_struct, rss_stat) +
				kind * bpf_core_type_size(struct percpu_counter);

		bpf_probe_read_kernel(&pages, sizeof(pages),
				      counter + bpf_core_field_offset(struct percpu_counter, count));
	}
	return pages > 0 ? pages : 0;
}

#define PAGES_KIB(pages) ((u32)((pages) << 2))

/* `PPM_CL_CHILD_IN_PIDNS`: the ids its namespace sees are not the host's. */
static __always_inline u32 task_namespace_flag(struct task_struct *task)
{
	return BPF_CORE_READ(task_pid_namespace(task), level) ? SCAP_CLONE_CHILD_IN_PIDNS : 0;
}

/* Arguments as the process has them: the first as `exe`, the rest as `args`. */
static __always_inline void push_arguments(struct scratch *s, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	u64 start = BPF_CORE_READ(mm, arg_start), end = BPF_CORE_READ(mm, arg_end);
	u32 from = s->end, first;

	first = put_user_text(s, (void *)start, TEXT_BYTES);
	end_param(s, from);
	start += first;
	push_user_texts(s, start, end > start ? end - start : 0, LIST_BYTES);
}

/* tid, pid and ptid. */
static __always_inline void push_ids(struct scratch *s, struct task_struct *task)
{
	push_s64(s, BPF_CORE_READ(task, pid));
	push_s64(s, BPF_CORE_READ(task, tgid));
	push_s64(s, task_number(BPF_CORE_READ(task, real_parent), PIDTYPE_TGID));
}

/* cwd, fdlimit, pgft_maj, pgft_min, vm_size, vm_rss, vm_swap, comm. `counted` is the task whose page
 * faults are told: for a child that has not run yet, its parent. */
static __always_inline void push_memory(struct scratch *s, struct task_struct *task,
					struct task_struct *counted)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	u32 from;

	see_as(s, task);
	push_path(s, BPF_CORE_READ(task, fs, pwd.mnt), BPF_CORE_READ(task, fs, pwd.dentry));
	push_u64(s, BPF_CORE_READ(task, signal, rlim[RLIMIT_NOFILE].rlim_cur));
	push_u64(s, BPF_CORE_READ(counted, maj_flt));
	push_u64(s, BPF_CORE_READ(counted, min_flt));
	push_u32(s, mm ? PAGES_KIB(BPF_CORE_READ(mm, total_vm)) : 0);
	push_u32(s, mm ? PAGES_KIB(mm_pages(mm, 0) + mm_pages(mm, 1) + mm_pages(mm, 3)) : 0);
	push_u32(s, mm ? PAGES_KIB(mm_pages(mm, 2)) : 0);
	from = s->end;
	put_kernel_text(s, &task->comm, sizeof(task->comm));
	end_param(s, from);
}

#endif
