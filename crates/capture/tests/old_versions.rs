//! Blocks of every version are read: files made by hand, a byte at a time.

use std::io::Cursor;

use lanner_capture::CaptureReader;
use lanner_model::event::{EventType, FdInfo};
use lanner_model::snapshot::Record;
use lanner_model::source::{Next, Source};

/// A file: the section header, then blocks of these types and bodies.
fn file(blocks: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut section = 0x1a2b_3c4d_u32.to_le_bytes().to_vec();
    section.extend([1, 0, 0, 0]);
    section.extend([0xff; 8]);
    // An option, as pcapng allows: passed over.
    section.extend([1, 0, 4, 0, b'n', b'o', b't', b'e', 0, 0, 0, 0]);
    let mut out = Vec::new();
    for (block_type, body) in std::iter::once(&(0x0a0d_0d0a, section)).chain(blocks) {
        let padded = body.len().next_multiple_of(4);
        let total = (padded as u32 + 12).to_le_bytes();
        out.extend(block_type.to_le_bytes());
        out.extend(total);
        out.extend(body);
        out.extend(vec![0; padded - body.len()]);
        out.extend(total);
    }
    out
}

fn text(text: &str) -> Vec<u8> {
    let mut out = (text.len() as u16).to_le_bytes().to_vec();
    out.extend(text.as_bytes());
    out
}

/// The records and, as text, the events of a file.
fn read(bytes: Vec<u8>) -> (Vec<Record>, Vec<String>) {
    let mut reader = CaptureReader::open(Cursor::new(bytes)).unwrap();
    let (mut records, mut events) = (Vec::new(), Vec::new());
    loop {
        match reader.next().unwrap() {
            Next::Record(record) => records.push(record),
            Next::Event(delivery) => {
                let params: Vec<String> = (0..delivery.event.param_count())
                    .map(|index| format!("{:?}", delivery.event.i64(index)))
                    .collect();
                let event_type = delivery.event.event_type();
                events.push(format!(
                    "{} cpu {} {event_type:?} {}",
                    delivery.number,
                    delivery.cpu,
                    params.join(" ")
                ));
            }
            Next::End => return (records, events),
            other => panic!("{other:?}"),
        }
    }
}

/// An entry of a process list of this version, without a length.
fn process(version: u8) -> Vec<u8> {
    let mut out = Vec::new();
    for id in [11_i64, 10, 1] {
        out.extend(id.to_le_bytes());
    }
    if version >= 6 {
        out.extend(9_i64.to_le_bytes());
    }
    if version >= 8 {
        out.extend(8_i64.to_le_bytes());
    }
    out.extend(text("cat"));
    out.extend(text("/bin/cat"));
    if version >= 7 {
        out.extend(text("/usr/bin/cat"));
    }
    out.extend(text("-n\0/etc/passwd")); // the last NUL left out
    out.extend(text("/root/"));
    out.extend(1024_i64.to_le_bytes());
    for number in [0x2000_u32, 1000, 100] {
        out.extend(number.to_le_bytes());
    }
    if version >= 2 {
        for number in [1_u32, 2, 3] {
            out.extend(number.to_le_bytes());
        }
        out.extend(4_u64.to_le_bytes());
        out.extend(5_u64.to_le_bytes());
    }
    if version >= 3 {
        out.extend(text("HOME=/root\0"));
    }
    if version >= 4 {
        out.extend(7_i64.to_le_bytes());
        out.extend(6_i64.to_le_bytes());
        out.extend(text("pids=/x\0"));
    }
    if version >= 5 {
        out.extend(text("/"));
    }
    out
}

#[test]
fn process_lists_of_every_version_are_read() {
    let types = [
        (1, 0x202),
        (1, 0x8000_abcd),
        (2, 0x207),
        (2, 0x8013_abcd),
        (3, 0x209),
        (3, 0x8014_abcd),
        (4, 0x210),
        (5, 0x211),
        (6, 0x212),
        (7, 0x213),
        (8, 0x214),
    ];
    for (version, block_type) in types {
        let body = [process(version), process(version)].concat();
        let (records, _) = read(file(&[(block_type, body)]));
        assert_eq!(records.len(), 2, "{block_type:#x}");
        let Record::Thread(thread) = &records[1] else { panic!("{:?}", records[1]) };
        assert_eq!((thread.tid.0, thread.pid.0, thread.parent.0), (11, 10, 1));
        assert_eq!(thread.args, [b"-n".to_vec(), b"/etc/passwd".to_vec()]);
        assert_eq!((thread.uid.0, thread.gid.0, thread.loginuid.0), (1000, 100, u32::MAX));
        assert_eq!(thread.sid, if version >= 6 { 9 } else { -1 });
        assert_eq!(thread.vpgid, if version >= 8 { 8 } else { -1 });
        assert_eq!(thread.exepath, if version >= 7 { &b"/usr/bin/cat"[..] } else { b"" });
        assert_eq!(thread.minor_faults, if version >= 2 { 5 } else { 0 });
        assert_eq!(thread.env.len(), usize::from(version >= 3));
        assert_eq!((thread.vtid, thread.vpid), if version >= 4 { (7, 6) } else { (-1, -1) });
        assert_eq!(thread.root, if version >= 5 { &b"/"[..] } else { b"" });
    }
}

#[test]
fn process_entries_of_version_nine_say_how_much_they_have() {
    let mut bodies = Vec::new();
    // Nothing behind the root; the fields of 2021; those of today; more than we know.
    let of_2021 = [1000_u32.to_le_bytes().to_vec(), vec![1], vec![0; 24]].concat();
    let mut today = 77_u64.to_le_bytes().to_vec(); // start of the pid namespace
    today.extend(0x8801_u32.to_le_bytes()); // terminal
    today.extend(&of_2021);
    today.push(1); // upper layer
    today.extend(
        [[3_u64, 4, 5].map(u64::to_le_bytes).concat(), vec![0, 1], 42_i64.to_le_bytes().to_vec()].concat(),
    );
    let future = [today.clone(), vec![9; 13]].concat();
    for additions in [Vec::new(), of_2021, today, future] {
        let mut entry = process(9);
        entry.extend(additions);
        let mut body = (entry.len() as u32 + 4).to_le_bytes().to_vec();
        body.extend(entry);
        bodies.extend(body);
    }
    let (records, _) = read(file(&[(0x215, bodies)]));
    let facts: Vec<_> = records
        .iter()
        .map(|record| match record {
            Record::Thread(thread) => {
                (thread.pidns_init_start.0, thread.tty, thread.loginuid.0, thread.exe_inode, thread.pgid)
            }
            _ => panic!("{record:?}"),
        })
        .collect();
    let whole = (77, 0x8801, 1000, 3, 42);
    assert_eq!(facts, [(0, 0, u32::MAX, 0, -1), (0, 0, 1000, 0, -1), whole, whole]);
}

#[test]
fn descriptors_that_do_not_say_their_length_are_read_by_their_kind() {
    let mut body = 10_i64.to_le_bytes().to_vec();
    let mut add = |fd: i64, kind: u8, rest: &[u8]| {
        body.extend(fd.to_le_bytes());
        body.extend(33_u64.to_le_bytes());
        body.push(kind);
        body.extend(rest);
    };
    add(0, FdInfo::FILE, &text("/dev/null"));
    add(1, FdInfo::IPV4_SOCK, &[10, 0, 0, 1, 10, 0, 0, 2, 80, 0, 0x90, 0x1f, 2]);
    add(2, FdInfo::IPV6_SERVSOCK, &[&[0; 16][..], &[80, 0, 3]].concat());
    add(3, FdInfo::UNIX_SOCK, &[&[1; 16][..], &text("/run/x")].concat());
    add(4, FdInfo::FILE_V2, &[&[1, 0, 0, 0][..], &text("/etc/passwd")].concat());
    add(5, FdInfo::UNKNOWN, &[]);
    add(6, 99, &[]); // from the future: without a length nothing is known of its body
    add(7, FdInfo::FIFO, &text("pipe"));
    let (records, _) = read(file(&[(0x203, body)]));
    let infos: Vec<(i64, u8, String)> = records
        .iter()
        .map(|record| match record {
            Record::Fd(record) => {
                assert_eq!((record.tid.0, record.inode), (10, 33));
                (record.fd.0, record.info.kind(), format!("{:?}", record.info))
            }
            _ => panic!("{record:?}"),
        })
        .collect();
    let kinds: Vec<(i64, u8)> = infos.iter().map(|(fd, kind, _)| (*fd, *kind)).collect();
    let file = FdInfo::FILE_V2;
    let (socket, listener) = (FdInfo::IPV4_SOCK, FdInfo::IPV6_SERVSOCK);
    let expected =
        [(0, file), (1, socket), (2, listener), (3, FdInfo::UNIX_SOCK), (4, file), (5, 0), (6, 99), (7, 7)];
    assert_eq!(kinds, expected);
    assert!(infos[1].2.contains("source: 10.0.0.1:80, target: 10.0.0.2:8080"), "{}", infos[1].2);
    assert!(infos[1].2.contains("protocol: 6"), "{}", infos[1].2);
    assert!(infos[2].2.contains("protocol: 17"), "{}", infos[2].2);
}

#[test]
fn users_and_interfaces_of_the_first_version_are_read() {
    let user = [
        vec![0],
        5_u32.to_le_bytes().to_vec(),
        6_u32.to_le_bytes().to_vec(),
        text("ann"),
        text("/a"),
        text("sh"),
    ];
    let group = [vec![1], 6_u32.to_le_bytes().to_vec(), text("staff")];
    let users = [user.concat(), group.concat()].concat();
    let mut interfaces = Vec::new();
    for kind in [1_u8, 3] {
        interfaces.extend([kind, 0, 2, 0, 10, 0, 0, 1, 255, 0, 0, 0, 10, 255, 255, 255]);
        if kind == 1 {
            interfaces.extend(1_000_u64.to_le_bytes());
        }
        interfaces.extend(b"lo");
    }
    let (records, _) =
        read(file(&[(0x8012_abcd, users), (0x8011_abcd, interfaces), (0x0bad_0bad, vec![1; 7])]));
    let seen: Vec<String> = records
        .iter()
        .map(|record| match record {
            Record::User(user) => format!("user {} {} {}", user.uid, user.name, user.shell),
            Record::Group(group) => format!("group {} {}", group.gid, group.name),
            Record::Interface(interface) => {
                format!(
                    "{} {}/{} {}",
                    interface.name, interface.address, interface.netmask, interface.speed_bits
                )
            }
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        seen,
        ["user 5 ann sh", "group 6 staff", "lo 10.0.0.1/255.0.0.0 1000", "lo 10.0.0.1/255.0.0.0 0"]
    );
}

/// An event's bytes; without the number of parameters as in blocks of the first version.
fn event(event_type: EventType, params: &[i64], counted: bool) -> Vec<u8> {
    let mut out = 1_000_u64.to_le_bytes().to_vec();
    out.extend(5_i64.to_le_bytes());
    let header = if counted { 26 } else { 22 };
    out.extend((header + 10 * params.len() as u32).to_le_bytes());
    out.extend(event_type.0.to_le_bytes());
    if counted {
        out.extend((params.len() as u32).to_le_bytes());
    }
    params.iter().for_each(|_| out.extend([8, 0]));
    params.iter().for_each(|param| out.extend(param.to_le_bytes()));
    out
}

#[test]
fn events_of_every_block_type_are_read() {
    let check = |block_type: u32, flagged: bool, counted: bool| {
        let body = |event_type, params: &[i64]| {
            let flags: &[u8] = if flagged { &[1, 0, 0, 0] } else { &[] };
            [&[3, 0], flags, &event(event_type, params, counted)].concat()
        };
        let blocks = [
            (block_type, body(EventType::SYSCALL_CLOSE_E, &[9])),
            (block_type, body(EventType(9_999), &[1, 2, 3])), // from the future
            (block_type, body(EventType::SYSCALL_CLOSE_X, &[-9])),
            (block_type, body(EventType::SYSCALL_CLOSE_X, &[0, 4])),
        ];
        let (_, events) = read(file(&blocks));
        let merged = "1 cpu 3 5(close<) Some(-9) Some(9)";
        assert_eq!(events, [merged, "2 cpu 3 5(close<) Some(0) Some(4)"], "{block_type:#x}");
    };
    check(0x204, false, false);
    check(0x8010_abcd, false, false);
    check(0x208, true, false);
    check(0x216, false, true);
    check(0x217, true, true);
    check(0x221, false, true);
    check(0x222, true, true);
}
