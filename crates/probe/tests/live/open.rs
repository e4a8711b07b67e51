//! The open family.

use lanner_model::event::{EventType, FdInfo};

use crate::expect::{Is, check, check_file, text};
use crate::watch::{Run, watch};

#[test]
fn opens_tell_the_callers_string_and_the_resolved_file() {
    if let Some(run) = watch("open") {
        verify(&run).unwrap();
    }
}

pub(crate) fn verify(run: &Run) -> Result<(), String> {
    let made = format!("{}/sub/made", run.dir().display());
    let (ino, dev) = (run.number("ino"), run.number("dev"));
    let named =
        |name: &'static [u8]| move |event: &lanner_model::event::EventRef<'_>| event.text(2) == Some(name);

    let absent = run.only(EventType::SYSCALL_OPENAT_2_X, named(b"no/such/file"))?;
    check(
        &absent,
        &[
            ("fd", Is(-2)),
            ("dirfd", Is(-100)),
            ("name", text("no/such/file")),
            ("flags", Is(1)),
            ("mode", Is(0)),
            ("dev", Is(0)),
            ("ino", Is(0)),
        ],
    )?;
    if absent.fd_info().is_some() {
        return Err("a failed open has a descriptor".into());
    }

    let opened = run.only(EventType::SYSCALL_OPENAT_2_X, named(b"sub/made"))?;
    // O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, and that the file was made.
    let made_flags = 0x3 | 0x4 | 0x20 | 0x1000 | 0x4000;
    check(
        &opened,
        &[
            ("fd", Is(run.number("made"))),
            ("dirfd", Is(run.number("dir"))),
            ("name", text("sub/made")),
            ("flags", Is(made_flags)),
            ("mode", Is(0o640)),
            ("dev", Is(dev)),
            ("ino", Is(ino)),
        ],
    )?;
    check_file(&opened, &made, ino)?;

    let through = run.only(EventType::SYSCALL_OPEN_X, |event| event.text(1) == Some(b"link/made"))?;
    check(
        &through,
        &[
            ("fd", Is(run.number("through"))),
            ("name", text("link/made")),
            ("flags", Is(0x2 | 0x8)),
            ("mode", Is(0)),
            ("dev", Is(dev)),
            ("ino", Is(ino)),
        ],
    )?;
    // The symbolic link is resolved.
    check_file(&through, &made, ino)?;

    let by_how = run.only(EventType::SYSCALL_OPENAT2_X, |_| true)?;
    check(
        &by_how,
        &[
            ("fd", Is(run.number("by_how"))),
            ("dirfd", Is(run.number("dir"))),
            ("name", text("sub/made")),
            ("flags", Is(1)),
            ("mode", Is(0)),
            ("resolve", Is(1)),
            ("dev", Is(dev)),
            ("ino", Is(ino)),
        ],
    )?;
    check_file(&by_how, &made, ino)?;

    let created = run.only(EventType::SYSCALL_CREAT_X, |_| true)?;
    let Some(FdInfo::File { path, inode, .. }) = created.fd_info() else {
        return Err(format!("creat gave {:?}", created.fd_info()));
    };
    if !path.ends_with(b"/sub/by_creat") {
        return Err(format!("creat made {}", String::from_utf8_lossy(&path)));
    }
    check(
        &created,
        &[
            ("fd", Is(created.i64(0).unwrap_or(-1).max(3))),
            ("name", text("sub/by_creat")),
            ("mode", Is(0o600)),
            ("dev", Is(dev)),
            ("ino", Is(inode.cast_signed())),
            ("creat_flags", Is(0)),
        ],
    )?;
    let dir = run.only(EventType::SYSCALL_OPENAT_2_X, |event| event.text(2) == Some(b"."))?;
    let inode = dir.u64(6).unwrap_or(0);
    let expected = FdInfo::Directory { path: run.dir().to_str().unwrap().into(), inode };
    if dir.fd_info() != Some(expected) {
        return Err(format!("the folder is {:?}", dir.fd_info()));
    }
    Ok(())
}
