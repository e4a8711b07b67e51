//! `rename`, `renameat`, `renameat2`.

use lanner_model::event::EventType;

use crate::expect::{Is, check, text};
use crate::watch::watch;

#[test]
fn renames_tell_both_paths() {
    let Some(run) = watch("rename") else { return };
    let plain = run.only(EventType::SYSCALL_RENAME_X, |e| e.i64(0) == Some(0)).unwrap();
    check(&plain, &[("res", Is(0)), ("oldpath", text("a")), ("newpath", text("b"))]).unwrap();
    let failed = run.only(EventType::SYSCALL_RENAME_X, |e| e.i64(0) != Some(0)).unwrap();
    check(&failed, &[("res", Is(-2)), ("oldpath", text("gone")), ("newpath", text("b"))]).unwrap();
    let at = run.only(EventType::SYSCALL_RENAMEAT_X, |_| true).unwrap();
    check(
        &at,
        &[
            ("res", Is(0)),
            ("olddirfd", Is(-100)),
            ("oldpath", text("b")),
            ("newdirfd", Is(-100)),
            ("newpath", text("c")),
        ],
    )
    .unwrap();
    let at2 = run.only(EventType::SYSCALL_RENAMEAT2_X, |_| true).unwrap();
    check(
        &at2,
        &[
            ("res", Is(0)),
            ("olddirfd", Is(-100)),
            ("oldpath", text("c")),
            ("newdirfd", Is(-100)),
            ("newpath", text("d")),
            ("flags", Is(1)),
        ],
    )
    .unwrap();
}
