//! The read family.

use lanner_model::event::{EventType, FdInfo};

use crate::expect::{Absent, Is, bytes, check, check_descriptor, check_file};
use crate::watch::{Setup, watch, watch_with};

#[test]
fn reads_tell_their_data_and_the_file_they_read() {
    let Some(run) = watch("read") else { return };
    let fd = run.number("fd");
    let path = run.dir().join("data");
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&path).unwrap()).cast_signed();
    let file = |event: &_| check_file(event, path.to_str().unwrap(), inode).unwrap();

    let read = run.only(EventType::SYSCALL_READ_X, |e| e.i64(2) == Some(fd) && e.i64(0) == Some(5)).unwrap();
    check(&read, &[("res", Is(5)), ("data", bytes(b"23456")), ("fd", Is(fd)), ("size", Is(5))]).unwrap();
    file(&read);

    // The dynamic loader reads libraries under the same number.
    let at = run.only(EventType::SYSCALL_PREAD_X, |e| e.i64(0) == Some(3)).unwrap();
    check(&at, &[("res", Is(3)), ("data", bytes(b"abc")), ("fd", Is(fd)), ("size", Is(3)), ("pos", Is(10))])
        .unwrap();
    file(&at);

    let all = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let vector = run.only(EventType::SYSCALL_READV_X, |_| true).unwrap();
    check(&vector, &[("res", Is(36)), ("size", Is(36)), ("data", bytes(all)), ("fd", Is(fd))]).unwrap();
    file(&vector);

    let vector = run.only(EventType::SYSCALL_PREADV_X, |_| true).unwrap();
    let expected =
        [("res", Is(4)), ("size", Is(4)), ("data", bytes(b"uvwx")), ("fd", Is(fd)), ("pos", Is(30))];
    check(&vector, &expected).unwrap();
    file(&vector);

    let end = run.only(EventType::SYSCALL_READ_X, |e| e.i64(2) == Some(fd) && e.i64(0) == Some(0)).unwrap();
    check(&end, &[("res", Is(0)), ("data", Absent), ("fd", Is(fd)), ("size", Is(100))]).unwrap();

    let wrong = run.only(EventType::SYSCALL_READ_X, |e| e.i64(2) == Some(777)).unwrap();
    check(&wrong, &[("res", Is(-9)), ("data", Absent), ("fd", Is(777)), ("size", Is(7))]).unwrap();
    assert_eq!(wrong.fd_info(), None);

    let pipe = run.only(EventType::SYSCALL_READ_X, |e| e.param(1) == Some(b"through")).unwrap();
    let end = run.number("read_end");
    check(&pipe, &[("res", Is(7)), ("data", bytes(b"through")), ("fd", Is(end)), ("size", Is(50))]).unwrap();
    let inode = pipe.fd_info().unwrap().inode();
    assert_ne!(inode, 0);
    check_descriptor(&pipe, &FdInfo::Other { kind: FdInfo::FIFO, name: Vec::new(), inode }).unwrap();
}

#[test]
fn data_is_cut_to_the_snaplen_also_across_buffers() {
    let setup = Setup { snaplen: Some(6), ..Setup::default() };
    let Some(run) = watch_with("read", &setup) else { return };
    let vector = run.only(EventType::SYSCALL_READV_X, |_| true).unwrap();
    assert_eq!(vector.param(2), Some(&b"012345"[..]));
    let pipe = run.only(EventType::SYSCALL_READ_X, |e| e.i64(0) == Some(7)).unwrap();
    assert_eq!(pipe.param(1), Some(&b"throug"[..]));
}
