//! The programs of the object by name, and what each is for.

/// Attached to the end of every system call; calls the program of that call.
pub(crate) const DISPATCH: &str = "dispatch";
/// Tracepoints of processes.
pub(crate) const LIFE: [&str; 3] = ["sched_process_exec", "sched_process_fork", "sched_process_exit"];
/// Tracepoints of control groups.
pub(crate) const CGROUPS: [&str; 3] = ["cgroup_mkdir", "cgroup_rmdir", "cgroup_attach_task"];
/// Says which process user space is; user space runs it once.
pub(crate) const OWN: &str = "own_tgid";
/// Iterators, which user space runs.
pub(crate) const ITERATORS: [&str; 2] = ["iter_task", "iter_task_file"];
/// Iterators that tell the bytes of each process's network, run again and again: processes, their sockets.
pub(crate) const NETWORK: [&str; 2] = ["iter_process", "iter_socket_bytes"];
/// Programs of single system calls: `on_` and the call's name, as found in `bpf/` when the crate was
/// built.
pub(crate) const CALLS: &[&str] = include!(concat!(env!("OUT_DIR"), "/call_programs.rs"));
/// What tells of every call that has no program of its own.
pub(crate) const GENERIC: &str = "on_generic";

/// The program of a call.
pub(crate) fn of_call(name: &str) -> &'static str {
    CALLS.iter().find(|program| program.strip_prefix("on_") == Some(name)).copied().unwrap_or(GENERIC)
}

/// The programs that are attached; all others are called by these, or by user space.
pub(crate) fn attached() -> impl Iterator<Item = &'static str> {
    // The dispatcher last: what it finds in scope must have come in through the others.
    LIFE.into_iter().chain(CGROUPS).chain([DISPATCH])
}
