//! `/proc/PID/stat` (`man 5 proc_pid_stat`; the kernel's `fs/proc/array.c`).

use crate::text::{number, signed};

/// What is used of `/proc/PID/stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat<'a> {
    /// The short name: any bytes but NUL, parentheses, blanks and newlines among them.
    pub(crate) comm: &'a [u8],
    pub(crate) state: char,
    pub(crate) ppid: i64,
    pub(crate) flags: u64,
    /// User and kernel time in ticks.
    pub(crate) cpu_ticks: u64,
    pub(crate) threads: u64,
    /// Ticks since boot.
    pub(crate) start_ticks: u64,
    /// Where the stack begins: another value after each `exec`. 0 or 1 where it may not be read.
    pub(crate) stack: u64,
}

/// The kernel's `PF_KTHREAD` (`include/linux/sched.h`).
const KERNEL_THREAD: u64 = 0x0020_0000;

/// The name stands in parentheses and may hold parentheses itself, so it ends at the LAST one.
pub(crate) fn parse(file: &[u8]) -> Option<Stat<'_>> {
    let begin = file.iter().position(|byte| *byte == b'(')?;
    let end = file.iter().rposition(|byte| *byte == b')').filter(|end| *end > begin)?;
    let mut fields = crate::text::words(&file[end + 1..]);
    // Numbers are those of the manual page.
    let state = char::from(*fields.next()?.first()?); // 3
    let ppid = signed(fields.next()?)?; // 4
    let flags = number(fields.nth(4)?)?; // 9
    let user = number(fields.nth(4)?)?; // 14
    let system = number(fields.next()?)?; // 15
    let threads = number(fields.nth(4)?)?; // 20
    let start_ticks = number(fields.nth(1)?)?; // 22
    let stack = number(fields.nth(5)?)?; // 28
    Some(Stat {
        comm: &file[begin + 1..end],
        state,
        ppid,
        flags,
        cpu_ticks: user.checked_add(system)?,
        threads,
        start_ticks,
        stack,
    })
}

impl Stat<'_> {
    pub(crate) fn is_kernel_thread(&self) -> bool {
        self.flags & KERNEL_THREAD != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &[u8] = b" R 14140 14140 8197 0 -1 4194304 102 0 0 0 7 5 0 0 20 0 3 0 141640 3133440 380 \
        18446744073709551615 94198631600128 94198631620009 140734938737072 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n";

    #[track_caller]
    fn check(name: &[u8]) {
        let file = [b"14154 (", name, b")", REST].concat();
        let stat = parse(&file).unwrap();
        assert_eq!(stat.comm, name);
        assert_eq!((stat.state, stat.ppid, stat.cpu_ticks, stat.threads), ('R', 14140, 12, 3));
        assert_eq!((stat.start_ticks, stat.stack), (141_640, 140_734_938_737_072));
    }

    #[test]
    fn a_hostile_name_is_read_whole() {
        for name in [&b"cat"[..], b"a b", b"a) R 1 (b", b")", b"(", b"\n1 (x) Z 9", b"\xff\xfe", b""] {
            check(name);
        }
    }

    #[test]
    fn a_file_of_another_form_is_nothing() {
        for file in [&b""[..], b"1", b"1 (a", b"1 )a(", b"1 (a) ", b"1 (a) R", b"1 (a) R x", b"1 (a) R 1 2 3"]
        {
            assert_eq!(parse(file), None);
        }
        let file = [b"14154 (x)", REST].concat();
        for length in 0..130 {
            assert!(parse(&file[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn kernel_threads_are_told_by_their_flag() {
        let file = b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 5 0 0 18446744073709551615 0 0 0 0 0";
        assert!(parse(file).unwrap().is_kernel_thread());
    }
}
