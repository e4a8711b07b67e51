//! `dup`, `dup2`, `dup3`.

use lanner_model::event::EventType;

use crate::expect::{Is, check, check_file};
use crate::watch::watch;

#[test]
fn duplicates_tell_both_numbers_and_the_file() {
    let Some(run) = watch("dup") else { return };
    let fd = run.number("fd");
    let path = run.dir().join("file");
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&path).unwrap()).cast_signed();
    let file = |event: &_| check_file(event, path.to_str().unwrap(), inode).unwrap();
    let first = run.only(EventType::SYSCALL_DUP_1_X, |e| e.i64(1) == Some(fd)).unwrap();
    check(&first, &[("res", Is(run.number("dup"))), ("oldfd", Is(fd))]).unwrap();
    file(&first);
    let second = run.only(EventType::SYSCALL_DUP2_X, |e| e.i64(2) == Some(100)).unwrap();
    check(&second, &[("res", Is(100)), ("oldfd", Is(fd)), ("newfd", Is(100))]).unwrap();
    file(&second);
    let third = run.only(EventType::SYSCALL_DUP3_X, |_| true).unwrap();
    check(&third, &[("res", Is(101)), ("oldfd", Is(fd)), ("newfd", Is(101)), ("flags", Is(0x1000))]).unwrap();
    file(&third);
    let failed = run.only(EventType::SYSCALL_DUP_1_X, |e| e.i64(1) == Some(777)).unwrap();
    check(&failed, &[("res", Is(-9)), ("oldfd", Is(777))]).unwrap();
    assert_eq!(failed.fd_info(), None);
}
