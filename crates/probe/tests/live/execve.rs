//! `execve`: one that fails, one that works; and what process events have in common.

use std::os::unix::fs::MetadataExt;

use lanner_model::event::EventType;

use crate::expect::{Absent, Contains, Expect, Is, Within, check, text};
use crate::watch::{Run, watch};

#[test]
fn exec_tells_the_new_program_with_its_arguments_and_facts() {
    if let Some(run) = watch("execve") {
        verify(&run).unwrap();
    }
}

pub(crate) fn verify(run: &Run) -> Result<(), String> {
    let exe = std::fs::metadata(&run.program).unwrap();
    // Field 7 of /proc/self/stat: the program inherits this test's terminal.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let tty: i64 = stat.rsplit(')').next().unwrap().split_whitespace().nth(4).unwrap().parse().unwrap();
    let time = |s: i64, ns: i64| s * 1_000_000_000 + ns;
    let dir = run.dir().to_str().unwrap();
    let program = run.program.to_str().unwrap();
    let facts = |res, exe_name: &str, args: Expect, cwd: &str, env: Expect, comm: &str, filename| {
        let file = exe.clone();
        [
            ("res", Is(res)),
            ("exe", text(exe_name)),
            ("args", args),
            ("tid", Is(run.pid)),
            ("pid", Is(run.pid)),
            ("ptid", Is(run.number("ppid"))),
            ("cwd", text(cwd)),
            ("fdlimit", Within(1, i64::MAX)),
            ("pgft_maj", Within(0, 1_000)),
            ("pgft_min", Within(1, 100_000)),
            ("vm_size", Within(100, 100_000)),
            ("vm_rss", Within(0, 100_000)),
            ("vm_swap", Is(0)),
            ("comm", text(comm)),
            ("cgroups", Contains("memory=/".into())),
            ("env", env),
            ("tty", Is(tty)),
            ("vpgid", Is(run.number("pgid"))),
            ("loginuid", Within(-1, -1)),
            // The one who runs it owns it.
            ("flags", Is(1)),
            ("cap_inheritable", Is(0)),
            ("cap_permitted", Within(i64::MIN, i64::MAX)),
            ("cap_effective", Within(i64::MIN, i64::MAX)),
            ("exe_ino", Is(file.ino().cast_signed())),
            ("exe_ino_ctime", Is(time(file.ctime(), file.ctime_nsec()))),
            ("exe_ino_mtime", Is(time(file.mtime(), file.mtime_nsec()))),
            ("uid", Is(run.number("uid"))),
            ("trusted_exepath", text(program)),
            ("pgid", Is(run.number("pgid"))),
            ("gid", Is(run.number("gid"))),
            ("filename", filename),
        ]
    };
    let started = run.only(EventType::SYSCALL_EXECVE_19_X, |event| event.text(1) == Some(b"execve"))?;
    let env = text("LANNER_TEST=execve");
    check(&started, &facts(0, "execve", text("one\0two words"), dir, env, "execve", Absent))?;

    let env = || text("LANNER=here\0EMPTY=");
    let args = || text("again\0two words");
    let failed = run.only(EventType::SYSCALL_EXECVE_19_X, |event| event.i64(0) == Some(-2))?;
    check(&failed, &facts(-2, "renamed", args(), "/", env(), "execve", text("/no/such/program")))?;

    let again = run.only(EventType::SYSCALL_EXECVE_19_X, |event| {
        event.text(1) == Some(b"renamed") && event.i64(0) == Some(0)
    })?;
    // The kernel takes the new name from the path that was executed.
    check(&again, &facts(0, "renamed", args(), "/", env(), "exe", Absent))?;

    let ended = run.only(EventType::PROCEXIT_1_E, |_| true)?;
    let end =
        [("status", Is(7 << 8)), ("ret", Is(7)), ("sig", Is(0)), ("core", Is(0)), ("reaper_tid", Is(0))];
    check(&ended, &end)?;
    Ok(())
}
