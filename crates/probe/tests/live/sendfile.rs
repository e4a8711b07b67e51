//! sendfile.

use lanner_model::event::EventType;

use crate::expect::{Is, check, check_file};
use crate::watch::watch;

#[test]
fn sendfile_tells_the_file_it_reads() {
    let Some(run) = watch("sendfile") else { return };
    let (from, to) = (run.number("from"), run.number("to"));
    let path = run.dir().join("data");
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&path).unwrap()).cast_signed();

    let sent = run.only(EventType::SYSCALL_SENDFILE_X, |e| e.i64(0) == Some(5)).unwrap();
    // The offset is where the next one would begin.
    let expected =
        [("res", Is(5)), ("offset", Is(8)), ("out_fd", Is(to)), ("in_fd", Is(from)), ("size", Is(5))];
    check(&sent, &expected).unwrap();
    check_file(&sent, path.to_str().unwrap(), inode).unwrap();

    let wrong = run.only(EventType::SYSCALL_SENDFILE_X, |e| e.i64(3) == Some(777)).unwrap();
    let expected =
        [("res", Is(-9)), ("offset", Is(0)), ("out_fd", Is(to)), ("in_fd", Is(777)), ("size", Is(9))];
    check(&wrong, &expected).unwrap();
    assert_eq!(wrong.fd_info(), None);
}
