//! What is written is read back.
#![allow(clippy::print_stderr, reason = "a test that cannot run says so")]

use std::io::Cursor;
use std::path::PathBuf;

use lanner_capture::{CaptureReader, CaptureWriter, Compression};
use lanner_model::event::{EventBuf, EventRef, EventType, FdInfo, SockTuple};
use lanner_model::id::{Fd, Gid, Pid, Tid, Uid};
use lanner_model::snapshot::{
    FdRecord, GroupRecord, InterfaceRecord, Machine, Record, ThreadRecord, UserRecord,
};
use lanner_model::source::{Next, Source};
use lanner_model::time::WallNs;

/// A capture's contents.
#[derive(Debug, Default, PartialEq)]
struct Contents {
    records: Vec<Record>,
    /// Number, CPU and bytes.
    events: Vec<(u64, u16, Vec<u8>)>,
}

fn read(mut reader: CaptureReader) -> Contents {
    let mut contents = Contents::default();
    loop {
        match reader.next().unwrap() {
            Next::Record(record) => contents.records.push(record),
            Next::Event(delivery) => {
                let bytes = delivery.event.bytes().to_vec();
                contents.events.push((delivery.number, delivery.cpu, bytes));
            }
            Next::Loss(loss) => panic!("{loss:?}"),
            Next::End => return contents,
            Next::Idle => panic!("a file is never idle"),
        }
    }
}

fn write(contents: &Contents, compression: Compression) -> Vec<u8> {
    let machine = contents.records.iter().find_map(|record| match record {
        Record::Machine(machine) => Some(machine.clone()),
        _ => None,
    });
    let mut writer = CaptureWriter::create(Vec::new(), &machine.unwrap_or_default(), compression).unwrap();
    for record in &contents.records {
        writer.record(record).unwrap();
    }
    for (_, cpu, bytes) in &contents.events {
        let event = EventRef::parse(bytes).or_else(|_| EventRef::parse_wide(bytes)).unwrap();
        writer.event(*cpu, event).unwrap();
    }
    writer.finish().unwrap()
}

/// Records in the order in which a file has them.
fn in_order(mut records: Vec<Record>) -> Vec<Record> {
    records.sort_by_key(|record| match record {
        Record::Machine(_) => 0,
        Record::Thread(_) | Record::Fd(_) => 1,
        Record::Interface(_) => 2,
        Record::User(_) | Record::Group(_) => 3,
    });
    records
}

fn check(contents: &Contents) {
    for compression in [Compression::None, Compression::Gzip] {
        let file = write(contents, compression);
        assert_eq!(file.starts_with(&[0x1f, 0x8b]), compression == Compression::Gzip);
        let back = read(CaptureReader::open(Cursor::new(file)).unwrap());
        assert_eq!(back.events, contents.events);
        assert_eq!(back.records, in_order(contents.records.clone()));
    }
}

fn file(path: &str) -> FdInfo {
    FdInfo::File { path: path.into(), open_flags: 1, dev: 0x80_0001, inode: 77 }
}

fn records() -> Vec<Record> {
    let thread = ThreadRecord {
        tid: Tid(41),
        pid: Pid(40),
        parent: Tid(1),
        sid: 39,
        vpgid: 2,
        pgid: 38,
        comm: b"worker".into(),
        exe: b"nginx: worker".into(),
        exepath: b"/usr/sbin/nginx".into(),
        args: vec![b"-g".into(), b"".into(), b"daemon off;".into()],
        env: vec![b"HOME=/root".into()],
        cwd: b"/var/www/".into(),
        root: b"/".into(),
        tty: 0x8801,
        uid: Uid(33),
        gid: Gid(34),
        loginuid: Uid(u32::MAX),
        vtid: 5,
        vpid: 4,
        pidns_init_start: WallNs(1_700_000_000_000_000_000),
        flags: 0x2000,
        fd_limit: 1024,
        cap_permitted: 1,
        cap_effective: 2,
        cap_inheritable: 3,
        cgroups: vec![b"memory=/kubepods/x".into(), b"pids=/".into()],
        vm_size_kb: 1,
        vm_rss_kb: 2,
        vm_swap_kb: 3,
        major_faults: 4,
        minor_faults: 5,
        exe_inode: 6,
        exe_ctime: 7,
        exe_mtime: 8,
        exe_writable: true,
        exe_upper_layer: false,
        exe_lower_layer: true,
        exe_from_memfd: true,
        ..ThreadRecord::default()
    };
    let unknown = ThreadRecord { tid: Tid(1), pid: Pid(1), ..ThreadRecord::default() };
    let fd = |fd, info: FdInfo| Record::Fd(FdRecord { tid: Tid(41), fd: Fd(fd), inode: info.inode(), info });
    let inet = |source: &str, target: &str| FdInfo::Socket {
        tuple: SockTuple::Inet { source: source.parse().unwrap(), target: target.parse().unwrap() },
        protocol: 6,
        inode: 5,
    };
    let unix = SockTuple::Unix { source: 1, target: 2, path: b"/run/x".into() };
    vec![
        Record::Machine(Machine {
            hostname: "kestrel".into(),
            cpus: 8,
            memory_bytes: 1 << 34,
            boot: WallNs(1_690_000_000_000_000_000),
            arch: "x86_64".into(),
            kernel: "6.18.0".into(),
        }),
        Record::Thread(Box::new(thread)),
        Record::Thread(Box::new(unknown)),
        fd(0, file("/dev/null")),
        fd(1, FdInfo::Directory { path: b"/etc".into(), inode: 9 }),
        fd(2, inet("10.0.0.1:80", "10.0.0.2:4000")),
        fd(3, inet("[::1]:80", "[fe80::2]:4000")),
        fd(4, FdInfo::Socket { tuple: unix, protocol: 0, inode: 3 }),
        fd(5, FdInfo::Listener { address: "0.0.0.0:80".parse().unwrap(), protocol: 17, inode: 0 }),
        fd(6, FdInfo::Other { kind: FdInfo::MEMFD, name: b"memfd:x".into(), inode: 77 }),
        Record::Interface(InterfaceRecord {
            name: "eth0".into(),
            address: "10.0.0.1".parse().unwrap(),
            netmask: "255.255.255.0".parse().unwrap(),
            speed_bits: 1_000_000_000,
        }),
        Record::Interface(InterfaceRecord {
            name: "eth0".into(),
            address: "fe80::1".parse().unwrap(),
            netmask: "ffff:ffff:ffff:ffff::".parse().unwrap(),
            speed_bits: 0,
        }),
        Record::User(UserRecord {
            uid: Uid(0),
            gid: Gid(0),
            name: "root".into(),
            home: "/root".into(),
            shell: "/bin/sh".into(),
        }),
        Record::Group(GroupRecord { gid: Gid(4), name: "adm".into() }),
    ]
}

/// A read with so much data, with a resolved descriptor or without one.
fn read_event(data: &[u8], fd_info: Option<&FdInfo>) -> Vec<u8> {
    let mut buf = EventBuf::new();
    let event = buf.build(EventType::SYSCALL_READ_X, 1_700_000_000_000_000_000, 41, |params| {
        params.i64(data.len() as i64);
        params.bytes(data);
        params.i64(3);
        params.u32(4096);
        if let Some(fd_info) = fd_info {
            let mut bytes = Vec::new();
            fd_info.encode(&mut bytes);
            params.bytes(&bytes);
        }
    });
    event.bytes().to_vec()
}

#[test]
fn records_of_every_kind_are_read_back() {
    check(&Contents { records: records(), events: Vec::new() });
}

#[test]
fn resolved_descriptors_are_read_back_with_their_events() {
    let path = format!("/{}", "long/".repeat(50));
    let infos = [None, Some(file("/etc/passwd")), Some(file(&path)), None];
    let mut events = Vec::new();
    for (info, data) in infos.iter().zip(["", "a", "ab", "abc"]) {
        events.push((events.len() as u64 + 1, 3, read_event(data.as_bytes(), info.as_ref())));
    }
    check(&Contents { records: records(), events });
}

#[test]
fn events_longer_than_other_readers_take_are_cut_at_their_longest_parameter() {
    let bytes = read_event(&vec![7; 70_000], Some(&file("/etc/passwd")));
    let contents = Contents { records: Vec::new(), events: vec![(1, 0, bytes)] };
    let file = write(&contents, Compression::None);
    let back = read(CaptureReader::open(Cursor::new(file)).unwrap());
    let event = EventRef::parse(&back.events[0].2).unwrap();
    assert_eq!(event.event_type(), EventType::SYSCALL_READ_X);
    assert_eq!((event.i64(0), event.i64(2), event.u64(3)), (Some(70_000), Some(3), Some(4096)));
    assert!((65_000..65_536).contains(&event.param(1).unwrap().len()));
}

#[test]
fn records_after_the_first_event_are_refused() {
    let mut writer = CaptureWriter::create(Vec::new(), &Machine::default(), Compression::None).unwrap();
    let bytes = read_event(b"", None);
    writer.event(0, EventRef::parse(&bytes).unwrap()).unwrap();
    assert!(writer.record(&records()[1]).is_err());
}

#[test]
fn captures_put_behind_one_another_are_read_as_one() {
    let one = Contents { records: records(), events: vec![(1, 0, read_event(b"x", None))] };
    let file = write(&one, Compression::Gzip);
    let twice = [file.clone(), file].concat();
    let back = read(CaptureReader::open(Cursor::new(twice)).unwrap());
    assert_eq!(back.events.iter().map(|event| event.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(back.records.len(), 2 * one.records.len());
}

#[test]
fn real_captures_written_anew_say_the_same() {
    let folder = std::env::var("LANNER_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let Ok(folder) = std::fs::read_dir(PathBuf::from(folder).join("data/scap")) else {
        assert!(!std::env::var("LANNER_REQUIRE").unwrap_or_default().contains("data"));
        eprintln!("skipped: ../shared/data absent");
        return;
    };
    for entry in folder {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "scap") {
            let first = read(CaptureReader::open(std::fs::File::open(&path).unwrap()).unwrap());
            let file = write(&first, Compression::Gzip);
            let again = read(CaptureReader::open(Cursor::new(file)).unwrap());
            assert_eq!(again.events.len(), first.events.len(), "{}", path.display());
            for (again, first) in again.events.iter().zip(&first.events) {
                assert_eq!(again, first, "{}", path.display());
            }
            let records = in_order(first.records);
            assert_eq!(again.records.len(), records.len(), "{}", path.display());
            for (again, first) in again.records.iter().zip(&records) {
                assert_eq!(again, first, "{}", path.display());
            }
        }
    }
}
