//! `mount`.

use lanner_model::event::EventType;

use crate::expect::{Is, check, text};
use crate::watch::watch;

#[test]
fn mounts_tell_what_where_and_how() {
    let Some(run) = watch("mount") else { return };
    let only =
        |res| run.only(EventType::SYSCALL_MOUNT_X, |e| e.i64(0) == Some(res) && e.text(2) == Some(b"place"));
    // The magic number in the upper half of the flags is no flag.
    check(
        &only(0).unwrap(),
        &[
            ("res", Is(0)),
            ("dev", text("none")),
            ("dir", text("place")),
            ("type", text("tmpfs")),
            ("flags", Is(2 | 4)),
        ],
    )
    .unwrap();
    let no_such_kind = -19;
    check(
        &only(no_such_kind).unwrap(),
        &[
            ("res", Is(no_such_kind)),
            ("dev", text("/dev/none")),
            ("dir", text("place")),
            ("type", text("no-such-kind")),
            ("flags", Is(1)),
        ],
    )
    .unwrap();
}
