//! `mkdir`, `mkdirat`.

use lanner_model::event::EventType;

use crate::expect::{Is, check, text};
use crate::watch::watch;

#[test]
fn new_folders_tell_path_and_mode() {
    let Some(run) = watch("mkdir") else { return };
    for res in [0, -17] {
        let made = run.only(EventType::SYSCALL_MKDIR_2_X, |e| e.i64(0) == Some(res)).unwrap();
        check(&made, &[("res", Is(res)), ("path", text("one")), ("mode", Is(0o750))]).unwrap();
    }
    let made = run.only(EventType::SYSCALL_MKDIRAT_X, |_| true).unwrap();
    check(&made, &[("res", Is(0)), ("dirfd", Is(-100)), ("path", text("one/two")), ("mode", Is(0o700))])
        .unwrap();
}
