//! The calls that change who a process acts as.

use lanner_model::event::EventType;

use crate::expect::{Is, check};
use crate::watch::watch;

/// Leaves an id as it is.
const NONE: i64 = -1;

#[test]
fn changes_of_user_and_group_tell_every_id() {
    let Some(run) = watch("setuid") else { return };
    let only = |event_type| run.only(event_type, |_| true).unwrap();
    let expected = [("res", Is(0)), ("rgid", Is(1001)), ("egid", Is(1002)), ("sgid", Is(NONE))];
    check(&only(EventType::SYSCALL_SETRESGID_X), &expected).unwrap();
    check(&only(EventType::SYSCALL_SETREGID_X), &[("res", Is(0)), ("rgid", Is(NONE)), ("egid", Is(1001))])
        .unwrap();
    check(&only(EventType::SYSCALL_SETGID_X), &[("res", Is(0)), ("gid", Is(1002))]).unwrap();
    let expected = [("res", Is(0)), ("ruid", Is(0)), ("euid", Is(0)), ("suid", Is(0))];
    check(&only(EventType::SYSCALL_SETRESUID_X), &expected).unwrap();
    check(&only(EventType::SYSCALL_SETREUID_X), &[("res", Is(0)), ("ruid", Is(NONE)), ("euid", Is(0))])
        .unwrap();
    let became = run.only(EventType::SYSCALL_SETUID_X, |e| e.i64(0) == Some(0)).unwrap();
    check(&became, &[("res", Is(0)), ("uid", Is(1003))]).unwrap();
    let refused = run.only(EventType::SYSCALL_SETUID_X, |e| e.i64(0) != Some(0)).unwrap();
    check(&refused, &[("res", Is(-1)), ("uid", Is(0))]).unwrap();
}
