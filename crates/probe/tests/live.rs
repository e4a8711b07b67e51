//! The probe on this machine's kernel: each test runs a small program that does one thing, and
//! compares every parameter of the event with what the program did and what the kernel says
//! elsewhere. They need root and BTF; without, they say so and count as skipped.

#[path = "live/expect.rs"]
mod expect;
#[path = "live/watch.rs"]
mod watch;

#[path = "live/emptied.rs"]
mod emptied;
#[path = "live/execve.rs"]
mod execve;
