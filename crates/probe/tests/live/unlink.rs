//! `unlink`, `unlinkat`.

use lanner_model::event::{EventType, FdInfo};

use crate::expect::{Is, check, text};
use crate::watch::watch;

#[test]
fn removals_tell_their_paths_and_the_folder() {
    let Some(run) = watch("unlink") else { return };
    let gone = run.only(EventType::SYSCALL_UNLINK_2_X, |e| e.text(1) == Some(b"here")).unwrap();
    check(&gone, &[("res", Is(0)), ("path", text("here"))]).unwrap();
    let absent = run.only(EventType::SYSCALL_UNLINK_2_X, |e| e.text(1) == Some(b"not here")).unwrap();
    check(&absent, &[("res", Is(-2)), ("path", text("not here"))]).unwrap();
    let below = run.only(EventType::SYSCALL_UNLINKAT_2_X, |e| e.text(2) == Some(b"absent")).unwrap();
    let expected =
        [("res", Is(-2)), ("dirfd", Is(run.number("dir"))), ("name", text("absent")), ("flags", Is(0))];
    check(&below, &expected).unwrap();
    let Some(FdInfo::Directory { path, .. }) = below.fd_info() else { panic!("{:?}", below.fd_info()) };
    assert_eq!(path, run.dir().join("dir").as_os_str().as_encoded_bytes());
    let folder = run.only(EventType::SYSCALL_UNLINKAT_2_X, |e| e.text(2) == Some(b"dir")).unwrap();
    check(&folder, &[("res", Is(0)), ("dirfd", Is(-100)), ("name", text("dir")), ("flags", Is(0x200))])
        .unwrap();
}
