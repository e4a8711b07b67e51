//! The probe on this machine's kernel: each test runs a small program that does one thing, and
//! compares every parameter of the event with what the program did and what the kernel says
//! elsewhere. They need root and BTF; without, they say so and count as skipped.

#[path = "live/expect.rs"]
mod expect;
#[path = "live/watch.rs"]
mod watch;

#[path = "live/cgroup.rs"]
mod cgroup;
#[path = "live/chdir.rs"]
mod chdir;
#[path = "live/chmod.rs"]
mod chmod;
#[path = "live/clone.rs"]
mod clone;
#[path = "live/close.rs"]
mod close;
#[path = "live/compat.rs"]
mod compat;
#[path = "live/connect.rs"]
mod connect;
#[path = "live/dup.rs"]
mod dup;
#[path = "live/emptied.rs"]
mod emptied;
#[path = "live/execve.rs"]
mod execve;
#[path = "live/flight.rs"]
mod flight;
#[path = "live/flood.rs"]
mod flood;
#[path = "live/generic.rs"]
mod generic;
#[path = "live/kill.rs"]
mod kill;
#[path = "live/l7.rs"]
mod l7;
#[path = "live/link.rs"]
mod link;
#[path = "live/mkdir.rs"]
mod mkdir;
#[path = "live/module.rs"]
mod module;
#[path = "live/mount.rs"]
mod mount;
#[path = "live/open.rs"]
mod open;
#[path = "live/own.rs"]
mod own;
#[path = "live/pipe.rs"]
mod pipe;
#[path = "live/ptrace.rs"]
mod ptrace;
#[path = "live/read.rs"]
mod read;
#[path = "live/rename.rs"]
mod rename;
#[path = "live/send.rs"]
mod send;
#[path = "live/sendfile.rs"]
mod sendfile;
#[path = "live/setuid.rs"]
mod setuid;
#[path = "live/snapshot.rs"]
mod snapshot;
#[path = "live/socket_bytes.rs"]
mod socket_bytes;
#[path = "live/unlink.rs"]
mod unlink;
#[path = "live/write.rs"]
mod write;
