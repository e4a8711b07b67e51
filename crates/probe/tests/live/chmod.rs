//! `chmod`, `fchmod`, `fchmodat`.

use lanner_model::event::EventType;

use crate::expect::{Is, check, check_file, text};
use crate::watch::watch;

#[test]
fn changes_of_permissions_tell_the_mode() {
    let Some(run) = watch("chmod") else { return };
    let fd = run.number("fd");
    let path = run.only(EventType::SYSCALL_CHMOD_X, |_| true).unwrap();
    check(&path, &[("res", Is(0)), ("filename", text("file")), ("mode", Is(0o4755))]).unwrap();
    let open = run.only(EventType::SYSCALL_FCHMOD_X, |_| true).unwrap();
    check(&open, &[("res", Is(0)), ("fd", Is(fd)), ("mode", Is(0o1644))]).unwrap();
    let file = run.dir().join("file");
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&file).unwrap()).cast_signed();
    check_file(&open, file.to_str().unwrap(), inode).unwrap();
    let at = run.only(EventType::SYSCALL_FCHMODAT_X, |_| true).unwrap();
    let expected = [("res", Is(-2)), ("dirfd", Is(-100)), ("filename", text("absent")), ("mode", Is(0o111))];
    check(&at, &expected).unwrap();
}
