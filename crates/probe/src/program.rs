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
/// Tracepoint of sockets that connect, stand and end.
pub(crate) const LINKS: [&str; 2] = ["link_connect", "link_state"];
/// The iterator that adds up what open connections have carried, and tells who listens.
pub(crate) const LINK_LOOK: &str = "iter_link";
/// Programs that look at a system call for links before its event: `link_` and the call's name.
pub(crate) const ACCEPTS: [&str; 2] = ["link_accept", "link_accept4"];
/// The same for calls that may carry a request or its answer, in the buffer that is their second argument.
pub(crate) const REQUESTS: [&str; 4] = ["link_read", "link_write", "link_recvfrom", "link_sendto"];
/// The same for those that carry it in parts.
pub(crate) const REQUESTS_IN_PARTS: [&str; 4] = ["link_readv", "link_writev", "link_recvmsg", "link_sendmsg"];
/// Programs of single system calls: `on_` and the call's name, as found in `bpf/` when the crate was
/// built.
pub(crate) const CALLS: &[&str] = include!(concat!(env!("OUT_DIR"), "/call_programs.rs"));
/// What tells of every call that has no program of its own.
pub(crate) const GENERIC: &str = "on_generic";

/// The program of a call.
pub(crate) fn of_call(name: &str) -> &'static str {
    CALLS.iter().find(|program| program.strip_prefix("on_") == Some(name)).copied().unwrap_or(GENERIC)
}

/// The program that looks at a call for links, if one does.
pub(crate) fn of_link(name: &str) -> Option<&'static str> {
    ACCEPTS
        .into_iter()
        .chain(REQUESTS)
        .chain(REQUESTS_IN_PARTS)
        .find(|program| program.strip_prefix("link_") == Some(name))
}

/// The programs that are attached; all others are called by these, or by user space.
pub(crate) fn attached() -> impl Iterator<Item = &'static str> {
    // The dispatcher last: what it finds in scope must have come in through the others.
    LIFE.into_iter().chain(CGROUPS).chain(LINKS).chain([DISPATCH])
}
