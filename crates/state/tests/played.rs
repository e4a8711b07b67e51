//! What fields say while a script is played.

use lanner_model::event::flags::{clone_flags, file_flags};
use lanner_model::event::{EventType, FdInfo, SockTuple};
use lanner_model::field::FieldRef;
use lanner_model::source::{Next, Source};
use lanner_rules::Facts;
use lanner_state::{Budget, State};
use lanner_testkit::{Script, file, process, thread};

/// Plays a script and compares what fields say of its events: number of the event, field, value as an
/// output shows it (empty for none).
fn check(script: Script, expectations: &[(u64, &str, &str)]) -> State {
    check_within(Budget::default(), script, expectations)
}

fn check_within(budget: Budget, mut script: Script, expectations: &[(u64, &str, &str)]) -> State {
    let mut state = State::new(budget);
    let mut compared = 0;
    loop {
        match script.next().expect("a script plays") {
            Next::Record(record) => state.record(&record),
            Next::Event(delivery) => {
                let view = state.observe(&delivery);
                for (_, field, want) in expectations.iter().filter(|(number, ..)| *number == delivery.number)
                {
                    let reference = FieldRef::parse(field).unwrap_or_else(|| panic!("no field {field}"));
                    let got = view.value(&reference).to_text().unwrap_or_default();
                    assert_eq!(got, *want, "{field} of event {} ({:?})", delivery.number, delivery.event);
                    compared += 1;
                }
            }
            Next::End => break,
            _ => {}
        }
    }
    assert_eq!(compared, expectations.len(), "an expectation names an event that the script does not have");
    state.settle();
    state
}

fn shell() -> Script {
    Script::new().record(process(1, 0, "init")).record(process(10, 1, "bash"))
}

#[test]
fn a_forked_child_is_its_parent_until_it_executes() {
    let script = shell().fork(10, 11).openat(11, 3, "notes").execve(11, "/usr/bin/tail", &["-n", "5"]);
    check(
        script,
        &[
            (3, "proc.name", "bash"),
            (3, "proc.pid", "11"),
            (3, "proc.ppid", "10"),
            (3, "fd.name", "/notes"),
            (4, "proc.name", "tail"),
            (4, "proc.pname", "bash"),
            (4, "proc.cmdline", "tail -n 5"),
            (4, "proc.exepath", "/usr/bin/tail"),
            (4, "proc.args[1]", "5"),
            (4, "proc.aname[2]", "init"),
            (4, "proc.aname", "(bash,init)"),
            (4, "proc.env[PATH]", "/bin"),
        ],
    );
}

#[test]
fn a_clone_told_by_the_child_first_is_not_told_twice() {
    let script = shell()
        .event(EventType::SYSCALL_CLONE_20_X, 11, |p| {
            p.i64(0);
            for _ in 1..3 {
                p.empty();
            }
            p.i64(11);
            p.i64(11);
            p.i64(10);
            for _ in 6..15 {
                p.empty();
            }
            p.u32(0);
        })
        .execve(11, "/bin/ls", &[])
        .event(EventType::SYSCALL_CLONE_20_X, 10, |p| p.i64(11))
        .openat(11, 3, "/x");
    check(script, &[(4, "proc.name", "ls"), (4, "proc.ppid", "10")]);
}

#[test]
fn exec_closes_close_on_exec_descriptors_only() {
    let open = |script: Script, fd, path: &'static str, flags| {
        script.event(EventType::SYSCALL_OPEN_X, 10, move |p| {
            p.i64(fd);
            p.text(path.as_bytes());
            p.u32(flags);
        })
    };
    let script = open(shell(), 3, "/kept", file_flags::O_RDONLY);
    let script = open(script, 4, "/closed", file_flags::O_RDONLY | file_flags::O_CLOEXEC);
    let script = script.execve(10, "/bin/ls", &[]).close(10, 3).close(10, 4);
    check(script, &[(4, "fd.name", "/kept"), (5, "fd.name", ""), (5, "fd.num", "4")]);
}

#[test]
fn what_an_event_ends_is_there_while_the_event_is_looked_at() {
    let script = shell().openat(10, 3, "/a").close(10, 3).close(10, 3).exit(10).exit(10);
    let state = check(
        script,
        &[
            (2, "fd.name", "/a"),
            (3, "fd.name", ""),
            (4, "proc.name", "bash"),
            (5, "proc.name", ""),
            (5, "thread.tid", "10"),
        ],
    );
    assert_eq!((state.thread_count(), state.fd_count()), (1, 0));
}

#[test]
fn orphans_go_to_the_reaper_but_keep_their_maker() {
    let script = shell()
        .fork(10, 11)
        .execve(11, "/usr/bin/setsid", &["daemon"])
        .fork(11, 12)
        .exit(11)
        .execve(12, "/usr/sbin/daemon", &[])
        .openat(12, 3, "/x");
    let state = check(script, &[(8, "proc.ppid", "1"), (8, "proc.pname", "init")]);
    let names: Vec<String> = state.ancestry(12.into()).into_iter().map(|node| node.comm).collect();
    assert_eq!(names, ["daemon", "setsid", "bash", "init"]);
}

#[test]
fn threads_share_the_descriptors_and_the_directory_of_their_process() {
    let script = Script::new()
        .record(process(1, 0, "init"))
        .record(process(20, 1, "java"))
        .record(thread(21, 20, 1, "GC"))
        .record(file(20, 5, "/jar"))
        .event(EventType::SYSCALL_CHDIR_X, 20, |p| {
            p.i64(0);
            p.text(b"/srv/app");
        })
        .openat(21, 6, "conf")
        .close(20, 6)
        .thread(20, 1, 22)
        .close(22, 5)
        .exit(21)
        .openat(22, 7, "log");
    check(
        script,
        &[
            (2, "proc.name", "GC"),
            (2, "proc.pid", "20"),
            (2, "fd.name", "/srv/app/conf"),
            (2, "proc.nthreads", "2"),
            (2, "thread.ismain", "false"),
            (3, "fd.name", "/srv/app/conf"),
            (5, "fd.name", "/jar"),
            (7, "fd.name", "/srv/app/log"),
            (7, "proc.nthreads", "2"),
        ],
    );
}

#[test]
fn the_last_thread_takes_the_process_along() {
    let script = shell().thread(10, 1, 11).exit(10).openat(11, 3, "/x").exit(11);
    let state = check(script, &[(3, "proc.pid", "10"), (3, "proc.ppid", "1")]);
    assert_eq!((state.thread_count(), state.fd_count()), (1, 0));
}

#[test]
fn a_pid_that_is_used_again_is_a_new_process() {
    let script = shell().fork(10, 11).execve(11, "/bin/old", &[]).exit(11).fork(10, 11).openat(11, 3, "/x");
    check(script, &[(3, "proc.name", "old"), (7, "proc.name", "bash"), (7, "proc.exepath", "/bin/bash")]);
}

#[test]
fn a_pid_that_is_used_again_owes_nothing_to_one_whose_exit_was_lost() {
    let script = Script::new()
        .record(process(1, 0, "init"))
        .record(process(10, 1, "bash"))
        .record(process(11, 10, "old"))
        .record(thread(12, 11, 10, "old-worker"))
        .record(process(13, 11, "orphan"))
        .record(file(11, 7, "/old"))
        .fork(10, 11)
        .close(11, 7)
        .openat(13, 3, "/x")
        .openat(12, 3, "/y");
    check(
        script,
        &[
            (3, "proc.name", "bash"),
            (3, "fd.name", ""),
            (3, "proc.nthreads", "1"),
            (4, "proc.ppid", "1"),
            (5, "proc.name", ""),
        ],
    );
}

#[test]
fn descriptors_can_be_shared_without_sharing_the_process() {
    let script = shell()
        .event(EventType::SYSCALL_CLONE_20_X, 11, |p| {
            p.i64(0);
            p.empty();
            p.empty();
            p.i64(11);
            p.i64(11);
            p.i64(10);
            for _ in 6..15 {
                p.empty();
            }
            p.u32(clone_flags::CLONE_FILES);
        })
        .openat(11, 3, "/shared")
        .fork(10, 12)
        .openat(12, 4, "/own")
        .close(10, 3)
        .close(10, 4);
    check(script, &[(6, "fd.name", "/shared"), (7, "fd.name", "")]);
}

#[test]
fn paths_are_relative_to_directories_and_the_working_directory() {
    let openat = |script: Script, fd: i64, dirfd: i64, name: &'static str, flags: u32| {
        script.event(EventType::SYSCALL_OPENAT_2_X, 10, move |p| {
            p.i64(fd);
            p.i64(dirfd);
            p.text(name.as_bytes());
            p.u32(flags);
        })
    };
    let script = shell().event(EventType::SYSCALL_OPEN_X, 10, |p| {
        p.i64(8);
        p.text(b"/dev/x");
        p.u32(file_flags::O_RDWR);
        p.u32(0);
        p.u32(0x0010_0802); // 8:258 as user space has it
        p.u64(17);
    });
    let script = openat(script, 3, -100, "/etc/", file_flags::O_DIRECTORY);
    let script = openat(script, 4, 3, "../etc/./shadow", file_flags::O_RDONLY);
    let script = openat(script, -2, 3, "missing", file_flags::O_RDONLY);
    let script = openat(script, 5, 77, "who/knows", file_flags::O_RDONLY);
    let script = script
        .event(EventType::SYSCALL_FCHDIR_X, 10, |p| {
            p.i64(0);
            p.i64(3);
        })
        .event(EventType::SYSCALL_MKDIRAT_X, 10, |p| {
            p.i64(0);
            p.i64(-100);
            p.text(b"new");
            p.u32(0o755);
        })
        .event(EventType::SYSCALL_RENAMEAT2_X, 10, |p| {
            p.i64(0);
            p.i64(3);
            p.text(b"a");
            p.i64(-100);
            p.text(b"/b");
            p.u32(0);
        });
    check(
        script,
        &[
            (1, "fd.dev.major", "8"),
            (1, "fd.dev.minor", "258"),
            (1, "fd.ino", "17"),
            (1, "evt.is_open_write", "true"),
            (2, "fd.type", "directory"),
            (2, "fd.directory", "/etc"),
            (3, "fd.name", "/etc/shadow"),
            (3, "fd.nameraw", "../etc/./shadow"),
            (3, "fd.directory", "/etc"),
            (3, "fd.filename", "shadow"),
            (3, "evt.is_open_read", "true"),
            (3, "evt.is_open_write", "false"),
            (4, "fd.name", "/etc/missing"),
            (4, "fd.num", ""),
            (4, "evt.res", "ENOENT"),
            (4, "evt.failed", "true"),
            (5, "fd.name", "who/knows"),
            (6, "proc.cwd", "/etc/"),
            (7, "fs.path.name", "/etc/new"),
            (7, "fs.path.nameraw", "new"),
            (8, "fs.path.source", "/etc/a"),
            (8, "fs.path.target", "/b"),
            (8, "evt.abspath.src", "/etc/a"),
            (8, "evt.abspath.dst", "/b"),
        ],
    );
}

#[test]
fn copies_of_a_descriptor_have_its_name() {
    let script = shell()
        .openat(10, 3, "/a")
        .event(EventType::SYSCALL_DUP2_X, 10, |p| {
            p.i64(1);
            p.i64(3);
            p.i64(1);
        })
        .event(EventType::SYSCALL_FCNTL_X, 10, |p| {
            p.i64(9);
            p.i64(3);
            p.u8(26); // F_DUPFD_CLOEXEC
            p.u64(0);
        })
        .close(10, 3)
        .close(10, 1)
        .execve(10, "/bin/ls", &[])
        .close(10, 9);
    check(
        script,
        &[(2, "proc.stdout.name", "/a"), (3, "fd.num", "9"), (5, "fd.name", "/a"), (7, "fd.name", "")],
    );
}

#[test]
fn a_live_event_describes_its_descriptor_and_mends_the_table() {
    let described = |script: Script, info: FdInfo| {
        script.event(EventType::SYSCALL_READ_X, 10, move |p| {
            p.i64(1);
            p.bytes(b"x");
            p.i64(3);
            p.u32(1);
            let mut bytes = Vec::new();
            info.encode(&mut bytes);
            p.bytes(&bytes);
        })
    };
    let file = FdInfo::File { path: b"/really".into(), open_flags: 0, dev: 7, inode: 9 };
    let tuple =
        SockTuple::Inet { source: "10.0.0.1:5".parse().unwrap(), target: "10.0.0.2:80".parse().unwrap() };
    let socket = FdInfo::Socket { tuple, protocol: 6, inode: 1 };
    let script = described(shell().openat(10, 3, "/lied"), file);
    let script = described(script.close(10, 4), socket);
    check(
        script,
        &[
            (1, "fd.name", "/lied"),
            (2, "fd.name", "/really"),
            (2, "fd.ino", "9"),
            (2, "evt.args", "res=1 data=x fd=3(<f>/really) size=1"),
            (4, "fd.name", "10.0.0.1:5->10.0.0.2:80"),
            (4, "fd.type", "ipv4"),
        ],
    );
}

/// The bytes of a `SOCKTUPLE` of IPv4 addresses.
fn ipv4_tuple(source: ([u8; 4], u16), target: ([u8; 4], u16)) -> Vec<u8> {
    let mut bytes = vec![2];
    for (ip, port) in [source, target] {
        bytes.extend_from_slice(&ip);
        bytes.extend_from_slice(&port.to_le_bytes());
    }
    bytes
}

fn socket(script: Script, fd: i64, family: u32, kind: u32) -> Script {
    script.event(EventType::SOCKET_SOCKET_X, 10, move |p| {
        p.i64(fd);
        p.u32(family);
        p.u32(kind);
        p.u32(0);
    })
}

#[test]
fn a_client_socket_is_named_after_its_connection() {
    let connect = |script: Script, result: i64| {
        script.event(EventType::SOCKET_CONNECT_X, 10, move |p| {
            p.i64(result);
            p.bytes(&ipv4_tuple(([10, 0, 0, 1], 40_000), ([1, 2, 3, 4], 443)));
            p.i64(3);
        })
    };
    let script = socket(shell(), 3, 2, 1);
    let script = connect(script, -111);
    let script = connect(script, -115);
    check(
        script,
        &[
            (1, "fd.type", "ipv4"),
            (1, "fd.name", ""),
            (1, "fd.l4proto", ""),
            (2, "fd.name", ""),
            (2, "evt.res", "ECONNREFUSED"),
            (3, "fd.name", "10.0.0.1:40000->1.2.3.4:443"),
            (3, "fd.name_changed", "true"),
            (3, "fd.l4proto", "tcp"),
            (3, "fd.sip", "1.2.3.4"),
            (3, "fd.sport", "443"),
            (3, "fd.cip", "10.0.0.1"),
            (3, "fd.lport", "40000"),
            (3, "fd.rip", "1.2.3.4"),
            (3, "fd.is_server", "false"),
            (3, "fd.connected", "true"),
            (3, "fd.net", "(10.0.0.1,1.2.3.4)"),
            (3, "fd.sockfamily", "ip"),
        ],
    );
}

#[test]
fn a_server_is_the_target_of_what_it_accepts() {
    let script = socket(shell(), 3, 2, 1)
        .event(EventType::SOCKET_BIND_X, 10, |p| {
            p.i64(0);
            p.bytes(&[2, 0, 0, 0, 0, 0x90, 0x1f]); // 0.0.0.0:8080
            p.i64(3);
        })
        .event(EventType::SOCKET_ACCEPT4_6_X, 10, |p| {
            p.i64(4);
            p.bytes(&ipv4_tuple(([10, 0, 0, 9], 5_000), ([10, 0, 0, 1], 8_080)));
        });
    check(
        script,
        &[
            (2, "fd.name", "0.0.0.0:8080"),
            (2, "fd.is_server", "true"),
            (2, "fd.sport", "8080"),
            (3, "fd.num", "4"),
            (3, "fd.name", "10.0.0.9:5000->10.0.0.1:8080"),
            (3, "fd.lport", "8080"),
            (3, "fd.rip", "10.0.0.9"),
            (3, "fd.is_server", "true"),
        ],
    );
}

#[test]
fn a_datagram_names_its_ends_and_the_missing_one_is_completed() {
    let script = shell()
        .record(lanner_model::snapshot::Record::Interface(lanner_model::snapshot::InterfaceRecord {
            name: "eth0".into(),
            address: "10.0.2.15".parse().unwrap(),
            netmask: "255.255.255.0".parse().unwrap(),
            speed_bits: 0,
        }))
        .event(EventType::SOCKET_SENDTO_X, 10, |p| {
            p.i64(4);
            p.bytes(b"ping");
            p.i64(3);
            p.u32(4);
            p.bytes(&ipv4_tuple(([0, 0, 0, 0], 6_000), ([8, 8, 8, 8], 53)));
        });
    check(
        script,
        &[
            (1, "fd.name", "10.0.2.15:6000->8.8.8.8:53"),
            (1, "fd.l4proto", "udp"),
            (1, "fd.sport", "53"),
            (1, "fd.name_changed", "true"),
        ],
    );
}

#[test]
fn who_runs_a_thread_follows_setuid() {
    let script = shell()
        .record(lanner_model::snapshot::Record::User(lanner_model::snapshot::UserRecord {
            uid: 1000.into(),
            gid: 1000.into(),
            name: "ann".into(),
            home: "/home/ann".into(),
            shell: "/bin/sh".into(),
        }))
        .event(EventType::SYSCALL_SETUID_X, 10, |p| {
            p.i64(-1);
            p.u32(1000);
        })
        .event(EventType::SYSCALL_SETUID_X, 10, |p| {
            p.i64(0);
            p.u32(1000);
        })
        .event(EventType::SYSCALL_SETRESGID_X, 10, |p| {
            p.i64(0);
            p.u32(1000);
            p.u32(1000);
            p.u32(1000);
        });
    check(
        script,
        &[
            (1, "user.name", "root"),
            (2, "user.name", "ann"),
            (2, "user.uid", "1000"),
            (2, "user.homedir", "/home/ann"),
            (2, "user.loginuid", "-1"),
            (2, "user.loginname", ""),
            (2, "evt.args", "res=0 uid=1000(ann)"),
            (3, "group.gid", "1000"),
            (3, "group.name", ""),
        ],
    );
}

#[test]
fn a_container_is_known_from_the_cgroup_of_its_first_process() {
    let id = "0445e5bed8806930d6585734509ce8d3b4170e2543d90f3b56e2064ab9bab74b";
    let cgroup = format!(
        "memory=/kubepods.slice/kubepods-podeec5346f_2bf3_405e_8f82_0c0f09a39da3.slice/cri-containerd-{id}.scope"
    );
    let script = shell().fork(10, 11).event(EventType::SYSCALL_EXECVE_19_X, 11, |p| {
        p.i64(0);
        p.text(b"/bin/sh");
        p.empty();
        p.i64(11);
        p.i64(11);
        for _ in 5..13 {
            p.empty();
        }
        p.text(b"sh");
        p.texts([cgroup.as_bytes()]);
    });
    let mut state = check(
        script,
        &[
            (1, "container.id", "host"),
            (1, "container.name", "host"),
            (3, "container.id", "0445e5bed880"),
            (3, "container.full_id", id),
            (3, "container.type", "containerd"),
            (3, "container.name", ""),
            (3, "container.image.repository", ""),
            (3, "k8s.pod.uid", "eec5346f-2bf3-405e-8f82-0c0f09a39da3"),
            (3, "thread.cgroup.memory", &cgroup["memory=".len()..]),
        ],
    );
    let mut learned = state.container_of(11.into()).expect("in a container").clone();
    learned.name = "web".into();
    learned.image = "docker.io/library/nginx:1.27".into();
    state.learn_container(learned);
    assert_eq!(state.container_of(11.into()).map(|info| info.name.as_str()), Some("web"));
    assert_eq!(state.ancestry(11.into())[0].container.short(), "0445e5bed880");
}

#[test]
fn a_captures_own_words_on_containers_count() {
    let id = "25c8ce27e4e3e74be54dfc3918484f84f27f21f18aa4a5cb8654cd848713db1a";
    let json = br#"{"container":{"id":"25c8ce27e4e3","image":"nginx","imagerepo":"nginx","imagetag":"1.27","name":"web","type":0}}"#;
    let script = shell()
        .event(EventType::CONTAINER_JSON_2_E, -1, |p| p.text(json))
        .event(EventType::CONTAINER_JSON_2_E, -1, |p| p.text(b"{not json"))
        .fork(10, 11)
        .event(EventType::SYSCALL_EXECVE_19_X, 11, |p| {
            p.i64(0);
            p.text(b"sh");
            p.empty();
            p.i64(11);
            p.i64(11);
            for _ in 5..14 {
                p.empty();
            }
            p.texts([format!("cpu=/system.slice/docker-{id}.scope").as_bytes()]);
        });
    check(
        script,
        &[
            (5, "container.name", "web"),
            (5, "container.image", "nginx:1.27"),
            (5, "container.image.repository", "nginx"),
            (5, "container.full_id", id),
            (5, "container.type", "docker"),
        ],
    );
}

#[test]
fn a_thread_nobody_knows_still_has_descriptors() {
    let script = Script::new().openat(99, 3, "/etc/hosts").close(99, 3);
    check(
        script,
        &[
            (2, "fd.name", "/etc/hosts"),
            (2, "thread.tid", "99"),
            (2, "proc.pid", ""),
            (2, "proc.name", ""),
            (2, "user.uid", ""),
            (2, "container.id", ""),
            (2, "proc.aname", ""),
        ],
    );
}

#[test]
fn a_full_table_lets_the_silent_go_and_counts() {
    let budget = Budget { threads: 32, fds: 8, ..Budget::default() };
    let script = (100..200).fold(Script::new(), |script, tid| script.openat(tid, 3, "/x"));
    let state = check_within(budget, script, &[(100, "fd.name", "/x")]);
    assert!(state.thread_count() <= 32);
    assert!(state.fd_count() <= 8);
    let losses = state.losses();
    assert!(losses.iter().any(|loss| loss.place == "threads" && loss.count >= 68), "{losses:?}");
    assert!(losses.iter().any(|loss| loss.place == "fds"), "{losses:?}");
}

#[test]
fn texts_over_their_budget_are_left_out_and_counted() {
    let budget = Budget { total_text_bytes: 100, ..Budget::default() };
    let script = shell().fork(10, 11).execve(11, "/bin/ls", &["-l"]).fork(10, 12).execve(
        12,
        "/bin/ls",
        &[&"x".repeat(90)],
    );
    let state = check_within(
        budget,
        script,
        &[(3, "proc.cmdline", "ls -l"), (6, "proc.cmdline", "ls"), (6, "proc.env", "")],
    );
    assert!(state.losses().iter().any(|loss| loss.place == "texts"), "{:?}", state.losses());
}

#[test]
fn sessions_and_groups_have_leaders() {
    let script = shell()
        .fork(10, 11)
        .event(EventType::SYSCALL_SETSID_X, 11, |p| p.i64(11))
        .execve(11, "/usr/sbin/sshd", &[])
        .fork(11, 12)
        .execve(12, "/bin/sh", &["-c", "id"])
        .fork(12, 13)
        .openat(13, 3, "/x");
    check(
        script,
        &[
            (3, "proc.is_sid_leader", "true"),
            (7, "proc.sid", "11"),
            (7, "proc.sname", "sshd"),
            (7, "proc.is_sid_leader", "false"),
            (10, "proc.loginshellid", "10"),
            (10, "proc.vpgid.name", "sh"),
            (10, "proc.apid[1]", "12"),
            (10, "proc.acmdline[1]", "sh -c id"),
            (10, "proc.pcmdline", "sh -c id"),
            (10, "proc.duration", "2000000"),
        ],
    );
}

#[test]
fn events_tell_of_themselves() {
    let script = shell()
        .event(EventType::GENERIC_X, 10, |p| {
            p.u16(lanner_model::event::syscall::code("getrandom").unwrap());
            p.u16(0);
        })
        .event(EventType::SYSCALL_WRITE_X, 10, |p| {
            p.i64(5);
            p.bytes(b"hi\0\n!");
            p.i64(1);
            p.u32(5);
        })
        .event(EventType::PROCINFO_E, 10, |p| {
            p.u64(2);
            p.u64(3);
        })
        .event(EventType::SYSCALL_KILL_X, 10, |p| {
            p.i64(-3);
            p.i64(10);
            p.u8(9);
        });
    check(
        script,
        &[
            (1, "evt.type", "getrandom"),
            (1, "syscall.type", "getrandom"),
            (1, "evt.args", ""),
            (1, "evt.res", ""),
            (2, "evt.type", "write"),
            (2, "evt.type.is.write", "1"),
            (2, "evt.args", "res=5 data=hi..! fd=1 size=5"),
            (2, "evt.buffer", "hi..!"),
            (2, "evt.is_io_write", "true"),
            (2, "evt.io_dir", "write"),
            (2, "evt.time", "22:13:20.001000000"),
            (2, "evt.time.iso8601", "2023-11-14T22:13:20.001000000+0000"),
            (2, "evt.reltime", "1000000"),
            (2, "evt.deltatime", "1000000"),
            (2, "evt.dir", "<"),
            (3, "proc.name", "bash"),
            (3, "syscall.type", ""),
            (4, "evt.res", "ESRCH"),
            (4, "evt.rawres", "-3"),
            (4, "evt.args", "res=-3(ESRCH) pid=10(bash) sig=9(SIGKILL)"),
            (4, "evt.arg.sig", "SIGKILL"),
            (4, "evt.rawarg.sig", "9"),
            (4, "evt.category", "signal"),
        ],
    );
}

/// An event with the descriptor it carries behind its own parameters.
fn described(
    script: Script,
    event_type: EventType,
    info: &FdInfo,
    fill: impl FnOnce(&mut lanner_model::event::Params),
) -> Script {
    script.event(event_type, 10, |p| {
        fill(p);
        let mut bytes = Vec::new();
        info.encode(&mut bytes);
        p.bytes(&bytes);
    })
}

fn live_socket(source: &str, target: &str, protocol: u8) -> FdInfo {
    let tuple = SockTuple::Inet { source: source.parse().unwrap(), target: target.parse().unwrap() };
    FdInfo::Socket { tuple, protocol, inode: 8 }
}

#[test]
fn who_called_connect_began_whatever_the_socket_looks_like() {
    // Its own port is below 32768 and the other's above, so the probe takes it for the server.
    let looks = live_socket("10.0.0.2:40000", "10.0.0.1:1000", 6);
    let script = described(shell(), EventType::SOCKET_CONNECT_X, &looks, |p| {
        p.i64(0);
        p.bytes(&ipv4_tuple(([10, 0, 0, 1], 1_000), ([10, 0, 0, 2], 40_000)));
        p.i64(3);
        p.empty();
    });
    let also_looks = live_socket("10.0.0.2:40000", "10.0.0.1:1000", 6);
    let script = described(script, EventType::SYSCALL_WRITE_X, &also_looks, |p| {
        p.i64(1);
        p.bytes(b"x");
        p.i64(3);
        p.u32(1);
    });
    let expected = "10.0.0.1:1000->10.0.0.2:40000";
    check(
        script,
        &[
            (1, "fd.name", expected),
            (1, "fd.rip", "10.0.0.2"),
            (2, "fd.name", expected),
            (2, "fd.sport", "40000"),
        ],
    );
}

#[test]
fn a_datagram_socket_without_a_target_is_named_after_each_message() {
    let anywhere = live_socket("0.0.0.0:5353", "0.0.0.0:0", 17);
    let send = |script: Script, target: [u8; 4]| {
        described(script, EventType::SOCKET_SENDTO_X, &anywhere, move |p| {
            p.i64(1);
            p.bytes(b"?");
            p.i64(3);
            p.u32(1);
            p.bytes(&ipv4_tuple(([10, 0, 0, 1], 5_353), (target, 53)));
        })
    };
    let script = send(send(shell(), [8, 8, 8, 8]), [9, 9, 9, 9]);
    check(
        script,
        &[
            (1, "fd.name", "10.0.0.1:5353->8.8.8.8:53"),
            (2, "fd.name", "10.0.0.1:5353->9.9.9.9:53"),
            (2, "fd.sip", "9.9.9.9"),
            (2, "fd.name_changed", "true"),
        ],
    );
}

#[test]
fn a_server_that_was_there_before_is_known_by_its_listener() {
    let record = |fd: i64, info: FdInfo| {
        lanner_model::snapshot::Record::Fd(lanner_model::snapshot::FdRecord {
            tid: 10.into(),
            fd: fd.into(),
            inode: 8,
            info,
        })
    };
    let listener = FdInfo::Listener { address: "0.0.0.0:8080".parse().unwrap(), protocol: 6, inode: 7 };
    let connection = live_socket("10.0.0.9:40000", "10.0.0.1:8080", 6);
    let script = shell().record(record(3, listener)).record(record(4, connection.clone()));
    let script = described(script, EventType::SYSCALL_READ_X, &connection, |p| {
        p.i64(1);
        p.bytes(b"x");
        p.i64(4);
        p.u32(1);
    });
    check(script, &[(1, "fd.is_server", "true"), (1, "fd.lport", "8080"), (1, "fd.rip", "10.0.0.9")]);
}

#[test]
fn the_working_directory_that_an_exec_tells_counts() {
    let script = shell()
        .event(EventType::SYSCALL_EXECVE_19_X, 10, |p| {
            p.i64(0);
            p.text(b"ls");
            p.empty();
            p.i64(10);
            p.i64(10);
            p.i64(1);
            p.text(b"/srv");
        })
        .openat(10, 3, "x");
    check(script, &[(1, "proc.cwd", "/srv/"), (2, "fd.name", "/srv/x")]);
}
