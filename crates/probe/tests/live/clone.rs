//! `fork`, `vfork`, `clone`, `clone3`: both sides.

use lanner_model::event::{EventRef, EventType};

use crate::expect::{Contains, Expect, Is, Within, check, text};
use crate::watch::{Run, watch};

/// Values of `PPM_CL_*`.
const FILES: i64 = 0x1;
const SIGHAND: i64 = 0x800;
const THREAD: i64 = 0x2000;
const VM: i64 = 0x8000;
const VFORK: i64 = 0x0800_0000;
const IN_PIDNS: i64 = 0x2000_0000;

/// What the events of both sides have in common.
fn check_side(run: &Run, event: &EventRef<'_>, differing: Side) {
    let dir = run.dir().to_str().unwrap();
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    check(
        event,
        &[
            ("res", Is(differing.res)),
            ("exe", text("clone")),
            ("args", text("one\0two words")),
            ("tid", Is(differing.tid)),
            ("pid", Is(differing.pid)),
            ("ptid", Is(differing.parent)),
            ("cwd", text(dir)),
            ("fdlimit", Within(1, i64::MAX)),
            ("pgft_maj", Within(0, 1_000)),
            ("pgft_min", Within(1, 100_000)),
            ("vm_size", Within(100, 1_000_000)),
            ("vm_rss", Within(0, 100_000)),
            ("vm_swap", Is(0)),
            ("comm", text("clone")),
            ("cgroups", Contains("memory=/".into())),
            ("flags", differing.flags),
            ("uid", Is(i64::from(uid))),
            ("gid", Is(i64::from(gid))),
            ("vtid", Is(differing.vtid)),
            ("vpid", Is(differing.vpid)),
            ("pidns_init_start_ts", differing.namespace_start),
        ],
    )
    .unwrap();
}

struct Side {
    res: i64,
    tid: i64,
    pid: i64,
    parent: i64,
    flags: Expect,
    vtid: i64,
    vpid: i64,
    namespace_start: Expect,
}

#[test]
fn parent_and_child_tell_of_every_new_task() {
    let Some(run) = watch("clone") else { return };
    let me = run.pid;
    let own = i64::from(std::process::id());
    let parent = |res, flags| Side {
        res,
        tid: me,
        pid: me,
        parent: own,
        flags: Is(flags),
        vtid: me,
        vpid: me,
        namespace_start: Is(0),
    };
    let child = |tid, flags| Side {
        res: 0,
        tid,
        pid: tid,
        parent: me,
        flags: Is(flags),
        vtid: tid,
        vpid: tid,
        namespace_start: Within(1, i64::MAX),
    };
    let born =
        |tid| run.only(EventType::SYSCALL_CLONE_20_X, |e| e.i64(0) == Some(0) && e.tid().0 == tid).unwrap();

    let forked = run.number("forked");
    check_side(&run, &run.only(EventType::SYSCALL_FORK_20_X, |_| true).unwrap(), parent(forked, 0));
    check_side(&run, &born(forked), child(forked, 0));

    let vforked = run.number("vforked");
    check_side(
        &run,
        &run.only(EventType::SYSCALL_VFORK_20_X, |_| true).unwrap(),
        parent(vforked, VM | VFORK),
    );
    check_side(&run, &born(vforked), child(vforked, 0));

    let thread = run.number("thread");
    let side = Side { pid: me, parent: own, vpid: me, ..child(thread, THREAD | SIGHAND | VM | FILES) };
    check_side(&run, &born(thread), side);
    let made = run
        .only(EventType::SYSCALL_CLONE3_X, |e| e.i64(0) == Some(thread))
        .or_else(|_| run.only(EventType::SYSCALL_CLONE_20_X, |e| e.i64(0) == Some(thread)))
        .unwrap();
    // Which flags a thread library sets beside these is its own affair.
    assert_eq!(made.i64(15).unwrap() & (THREAD | SIGHAND | VM | FILES), THREAD | SIGHAND | VM | FILES);

    let first = run.number("first");
    let maker = run.only(EventType::SYSCALL_CLONE_20_X, |e| e.i64(0) == Some(first)).unwrap();
    check_side(&run, &maker, parent(first, IN_PIDNS));
    check_side(&run, &born(first), Side { vtid: 1, vpid: 1, ..child(first, IN_PIDNS) });

    for (tid, status) in [(forked, 3), (vforked, 4), (first, 5)] {
        let ended = run.only(EventType::PROCEXIT_1_E, |e| e.tid().0 == tid).unwrap();
        assert_eq!(ended.i64(1), Some(status));
    }
    let at = |tid| run.events.iter().position(|event| event.event().tid().0 == tid).unwrap();
    let first_of_child = run.events[at(forked)].event();
    assert_eq!(first_of_child.event_type(), EventType::SYSCALL_CLONE_20_X, "a child is known before it runs");
}
