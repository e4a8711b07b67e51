//! `init_module`, `finit_module`.

use lanner_model::event::EventType;

use crate::expect::{Is, bytes, check, check_file, text};
use crate::watch::watch;

#[test]
fn attempts_to_load_a_module_tell_the_image_and_the_file() {
    let Some(run) = watch("module") else { return };
    // The kernel refuses both; how depends on how it was configured.
    let init = run.only(EventType::SYSCALL_INIT_MODULE_X, |_| true).unwrap();
    let res = init.i64(0).unwrap();
    assert!(res < 0, "loaded `no module`");
    let expected =
        [("res", Is(res)), ("img", bytes(b"no module")), ("length", Is(9)), ("uargs", text("option=1"))];
    check(&init, &expected).unwrap();
    let finit = run.only(EventType::SYSCALL_FINIT_MODULE_X, |_| true).unwrap();
    let res = finit.i64(0).unwrap();
    assert!(res < 0, "loaded /dev/null");
    let expected =
        [("res", Is(res)), ("fd", Is(run.number("fd"))), ("uargs", text("option=2")), ("flags", Is(1))];
    check(&finit, &expected).unwrap();
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata("/dev/null").unwrap()).cast_signed();
    check_file(&finit, "/dev/null", inode).unwrap();
}
