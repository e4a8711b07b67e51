/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the kernel has counted of each TCP socket anyway, read when user space asks: nothing is done
 * per call or per packet. Unix and UDP sockets have no such counters.
 */
#include "task.h"
#include "tuple.h"

#define PID_LEVELS 32

/* A process's id as the process that runs the iterator sees it; 0 when it has none any more. The
 * iterator shows that one's own pid namespace and those below it, so each process has a number there. */
static __always_inline u32 pid_for_reader(struct task_struct *task)
{
	struct pid_namespace *namespace = task_pid_namespace(bpf_get_current_task_btf());
	u32 level = BPF_CORE_READ(namespace, level);
	struct pid *pid = task_pid(task, PIDTYPE_TGID);
	int number = 0;

	if (!pid || level > BPF_CORE_READ(pid, level))
		return 0;
	bpf_core_read(&number, sizeof(number), (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		      (level & (PID_LEVELS - 1)) * bpf_core_type_size(struct upid) +
		      bpf_core_field_offset(struct upid, nr));
	return number;
}

/* Not inlined, these two: the object tells the types of what functions take, and the layout of both
 * records is compared there. */
static __attribute__((noinline)) int write_process(struct seq_file *seq, struct process_record *record)
{
	return bpf_seq_write(seq, record, sizeof(*record));
}

static __attribute__((noinline)) int write_socket(struct seq_file *seq, struct socket_record *record)
{
	return bpf_seq_write(seq, record, sizeof(*record));
}

/* Every process of user space, so that one without sockets is told from one that nobody looked at. */
SEC("iter/task")
int iter_process(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct process_record record = {};

	if (!task || BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid) ||
	    BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	record.pid = pid_for_reader(task);
	record.start_ns = BPF_CORE_READ(task, start_boottime);
	if (record.pid)
		write_process(ctx->meta->seq, &record);
	return 0;
}

/* Each descriptor of a TCP socket that has carried something. The kernel passes over threads that share
 * their leader's descriptors; those of a thread with its own are its process's too. */
SEC("iter/task_file")
int iter_socket_bytes(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket_record record = {};
	struct sock *sk;
	u16 family;

	if (!task || !file)
		return 0;
	sk = sock_of(file);
	if (!sk)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family != AF_INET && family != AF_INET6)
		return 0;
	if (BPF_CORE_READ(sk, sk_type) != SOCK_STREAM || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	record.received = BPF_CORE_READ((struct tcp_sock *)sk, bytes_received);
	record.sent = BPF_CORE_READ((struct tcp_sock *)sk, bytes_sent);
	if (!(record.received | record.sent))
		return 0;
	record.inode = BPF_CORE_READ(file, f_inode, i_ino);
	record.pid = pid_for_reader(task);
	if (record.pid)
		write_socket(ctx->meta->seq, &record);
	return 0;
}
