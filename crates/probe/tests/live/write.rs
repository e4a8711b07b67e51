//! The write family.

use lanner_model::event::EventType;

use crate::expect::{Is, bytes, check, check_file};
use crate::watch::watch;

#[test]
fn writes_tell_their_data_and_the_file_they_write() {
    let Some(run) = watch("write") else { return };
    let fd = run.number("fd");
    let path = run.dir().join("data");
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&path).unwrap()).cast_signed();
    let file = |event: &_| check_file(event, path.to_str().unwrap(), inode).unwrap();
    let much: Vec<u8> = (0..80).map(|i| b'a' + i % 26).collect();

    let write = run.only(EventType::SYSCALL_WRITE_X, |e| e.i64(2) == Some(fd)).unwrap();
    check(&write, &[("res", Is(100)), ("data", bytes(&much)), ("fd", Is(fd)), ("size", Is(100))]).unwrap();
    file(&write);

    let at = run.only(EventType::SYSCALL_PWRITE_X, |_| true).unwrap();
    let expected =
        [("res", Is(8)), ("data", bytes(b"at seven")), ("fd", Is(fd)), ("size", Is(8)), ("pos", Is(7))];
    check(&at, &expected).unwrap();
    file(&at);

    let vector = run.only(EventType::SYSCALL_WRITEV_X, |_| true).unwrap();
    check(&vector, &[("res", Is(6)), ("data", bytes(b"onetwo")), ("fd", Is(fd)), ("size", Is(6))]).unwrap();
    file(&vector);

    let vector = run.only(EventType::SYSCALL_PWRITEV_X, |_| true).unwrap();
    let expected =
        [("res", Is(6)), ("data", bytes(b"onetwo")), ("fd", Is(fd)), ("size", Is(6)), ("pos", Is(40))];
    check(&vector, &expected).unwrap();
    file(&vector);

    let lost = run.only(EventType::SYSCALL_WRITE_X, |e| e.i64(2) == Some(777)).unwrap();
    check(&lost, &[("res", Is(-9)), ("data", bytes(b"lost")), ("fd", Is(777)), ("size", Is(4))]).unwrap();
    assert_eq!(lost.fd_info(), None);
}
