//! `kill`, and a process that dies of a signal.

use lanner_model::event::EventType;

use crate::expect::{Is, check};
use crate::watch::watch;

#[test]
fn signals_tell_their_target_and_those_who_die_of_them() {
    let Some(run) = watch("kill") else { return };
    let child = run.number("child");
    let sent = |pid| run.only(EventType::SYSCALL_KILL_X, |e| e.i64(1) == Some(pid)).unwrap();
    check(&sent(run.pid), &[("res", Is(0)), ("pid", Is(run.pid)), ("sig", Is(10))]).unwrap();
    check(&sent(0x7fff_fff0), &[("res", Is(-3)), ("pid", Is(0x7fff_fff0)), ("sig", Is(0))]).unwrap();
    check(&sent(child), &[("res", Is(0)), ("pid", Is(child)), ("sig", Is(15))]).unwrap();
    let died = run.only(EventType::PROCEXIT_1_E, |e| e.tid().0 == child).unwrap();
    let expected =
        [("status", Is(15)), ("ret", Is(0)), ("sig", Is(15)), ("core", Is(0)), ("reaper_tid", Is(0))];
    check(&died, &expected).unwrap();
}
