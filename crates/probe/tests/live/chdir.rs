//! `chdir`, `fchdir`.

use lanner_model::event::{EventType, FdInfo};

use crate::expect::{Is, check, text};
use crate::watch::watch;

#[test]
fn changes_of_folder_tell_the_path_or_the_resolved_descriptor() {
    let Some(run) = watch("chdir") else { return };
    let changed = run.only(EventType::SYSCALL_CHDIR_X, |e| e.i64(0) == Some(0)).unwrap();
    check(&changed, &[("res", Is(0)), ("path", text("below"))]).unwrap();
    let failed = run.only(EventType::SYSCALL_CHDIR_X, |e| e.i64(0) != Some(0)).unwrap();
    check(&failed, &[("res", Is(-2)), ("path", text("nowhere"))]).unwrap();
    let by_fd = run.only(EventType::SYSCALL_FCHDIR_X, |_| true).unwrap();
    check(&by_fd, &[("res", Is(0)), ("fd", Is(run.number("root")))]).unwrap();
    let Some(FdInfo::Directory { path, .. }) = by_fd.fd_info() else { panic!("{:?}", by_fd.fd_info()) };
    assert_eq!(path, b"/usr");
}
