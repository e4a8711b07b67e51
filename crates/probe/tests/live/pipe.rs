//! `pipe`, `pipe2`.

use lanner_model::event::EventType;

use crate::expect::{Is, check};
use crate::watch::watch;

#[test]
fn pipes_tell_both_ends_and_their_inode() {
    let Some(run) = watch("pipe") else { return };
    let number = |name| Is(run.number(name));
    let one = run.only(EventType::SYSCALL_PIPE_X, |_| true).unwrap();
    check(&one, &[("res", Is(0)), ("fd1", number("r1")), ("fd2", number("w1")), ("ino", number("ino1"))])
        .unwrap();
    let two = run.only(EventType::SYSCALL_PIPE2_X, |_| true).unwrap();
    check(
        &two,
        &[
            ("res", Is(0)),
            ("fd1", number("r2")),
            ("fd2", number("w2")),
            ("ino", number("ino2")),
            ("flags", Is(0x1000 | 0x40)),
        ],
    )
    .unwrap();
}
