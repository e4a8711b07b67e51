//! Damaged captures: an error that says where, all that came before, and never a panic.
#![allow(clippy::print_stderr, reason = "a test that cannot run says so")]

use std::io::{Cursor, Read};
use std::path::PathBuf;

use lanner_capture::{CaptureError, CaptureReader, CaptureWriter, Compression};
use lanner_model::event::{EventBuf, EventType, FdInfo};
use lanner_model::id::{Fd, Pid, Tid};
use lanner_model::snapshot::{FdRecord, Machine, Record, ThreadRecord};
use lanner_model::source::{Next, Source, SourceError};

/// A small generator with a fixed seed (xorshift), so that a failure can be seen again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit.max(1) as u64) as usize
    }
}

/// A small capture with all kinds of blocks that our writer makes.
fn synthetic() -> Vec<u8> {
    let machine = Machine { hostname: "kestrel".into(), cpus: 2, ..Machine::default() };
    let mut writer = CaptureWriter::create(Vec::new(), &machine, Compression::None).unwrap();
    for tid in 1..4 {
        let thread =
            ThreadRecord { tid: Tid(tid), pid: Pid(tid), comm: b"init".into(), ..ThreadRecord::default() };
        writer.record(&Record::Thread(Box::new(thread))).unwrap();
        let info = FdInfo::File { path: b"/dev/null".into(), open_flags: 1, dev: 2, inode: 3 };
        writer.record(&Record::Fd(FdRecord { tid: Tid(tid), fd: Fd(0), inode: 3, info })).unwrap();
    }
    let mut buf = EventBuf::new();
    for number in 0..8 {
        let event = buf.build(EventType::SYSCALL_CLOSE_X, 1_000 + number, 1, |params| {
            params.i64(0);
            params.i64(3);
            params.bytes(&[0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, b'/']);
        });
        writer.event(0, event).unwrap();
    }
    writer.finish().unwrap()
}

/// Real captures without compression, and the synthetic one.
fn captures() -> Vec<Vec<u8>> {
    let folder = std::env::var("LANNER_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let mut captures = vec![synthetic()];
    let Ok(folder) = std::fs::read_dir(PathBuf::from(folder).join("data/scap")) else {
        assert!(!std::env::var("LANNER_REQUIRE").unwrap_or_default().contains("data"));
        eprintln!("skipped: ../shared/data absent");
        return captures;
    };
    for entry in folder {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "scap") {
            let bytes = std::fs::read(&path).unwrap();
            let mut plain = Vec::new();
            match flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain) {
                Ok(_) => captures.push(plain),
                Err(_) => captures.push(bytes),
            }
        }
    }
    captures
}

/// How a reading went.
#[derive(Default)]
struct Reading {
    items: usize,
    losses: usize,
    error: Option<SourceError>,
}

fn read(reader: Result<CaptureReader, CaptureError>) -> Reading {
    let mut reading = Reading::default();
    let Ok(mut reader) = reader else { return reading };
    loop {
        match reader.next() {
            Ok(Next::Record(_) | Next::Event(_)) => reading.items += 1,
            Ok(Next::Loss(_)) => reading.losses += 1,
            Ok(Next::Idle) => panic!("a file is never idle"),
            Ok(Next::End) => return reading,
            Err(error) => {
                assert!(reading.error.is_none(), "an error is told once");
                reading.error = Some(error);
            }
        }
    }
}

fn open(bytes: &[u8]) -> Reading {
    read(CaptureReader::open(Cursor::new(bytes.to_vec())))
}

fn salvage(bytes: &[u8]) -> Reading {
    read(CaptureReader::salvage(Cursor::new(bytes.to_vec())))
}

/// Changes some bytes, cuts a piece out, doubles one, or cuts the end off.
fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len());
    let len = dice.below(64).min(bytes.len() - at);
    match dice.below(8) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..at + len)),
        2 => {
            let piece = bytes[at..at + len].to_vec();
            bytes.splice(at..at, piece);
        }
        3 => bytes[at..at + len].fill(0xff),
        _ => {
            for _ in 0..=dice.below(4) {
                let at = dice.below(bytes.len());
                bytes[at] = match dice.below(3) {
                    0 => 0xff,
                    1 => 0,
                    _ => dice.roll() as u8,
                };
            }
        }
    }
}

#[test]
fn thousands_of_damaged_captures_are_read_without_panic() {
    let mut dice = Dice(0x005e_ed0f_1a77);
    let captures = captures();
    let (mut whole, mut refused) = (0, 0);
    for round in 0..6_000 {
        // Mostly small ones: a round of a large capture takes a hundred times longer.
        let capture = &captures[if round % 20 == 0 { dice.below(captures.len()) } else { 0 }];
        let mut bytes = capture.clone();
        // The heads of large captures hold what is read with the most care.
        if bytes.len() > 200_000 {
            bytes.truncate(200_000);
        }
        mutate(&mut bytes, &mut dice);
        let strict = open(&bytes);
        let salvaged = salvage(&bytes);
        assert!(salvaged.error.is_none(), "salvage ends without an error");
        assert!(salvaged.items >= strict.items, "round {round}: salvage gives at least as much");
        assert!(strict.error.is_none() || salvaged.losses > 0, "round {round}: damage is told");
        if strict.error.is_some() { refused += 1 } else { whole += 1 }
    }
    assert!(refused > 1_000 && whole > 100, "{refused} refused, {whole} read to the end");
}

#[test]
fn damaged_gzip_streams_are_told() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &synthetic()).unwrap();
    let packed = encoder.finish().unwrap();
    let whole = open(&packed);
    assert!(whole.error.is_none() && whole.items > 0);
    for cut in 0..packed.len() {
        let cut = open(&packed[..cut]);
        assert!(cut.items <= whole.items);
    }
    let mut dice = Dice(7);
    for _ in 0..500 {
        let mut bytes = packed.clone();
        mutate(&mut bytes, &mut dice);
        salvage(&bytes);
    }
}

#[test]
fn a_cut_capture_gives_what_came_before_and_says_where_it_ends() {
    let bytes = synthetic();
    let whole = open(&bytes).items;
    let mut before = 0;
    for cut in 28..bytes.len() {
        let strict = open(&bytes[..cut]);
        assert!(strict.items >= before && strict.items <= whole);
        before = strict.items;
        if let Some(error) = &strict.error {
            let cause = error.cause.as_ref().unwrap().to_string();
            assert!(cause.starts_with(&format!("the capture is cut at byte {cut}: ")), "{cause}");
        }
        let salvaged = salvage(&bytes[..cut]);
        assert_eq!(salvaged.items, strict.items);
        assert_eq!(salvaged.losses > 0, strict.error.is_some());
    }
}

#[test]
fn a_damaged_event_costs_only_itself_when_salvaged() {
    let mut bytes = synthetic();
    let whole = open(&bytes).items;
    // The number of parameters of the third event from the end.
    let block = (bytes.len() - 3 * event_block_len(&bytes)) + 8 + 2;
    bytes[block + 22] = 200;
    let strict = open(&bytes);
    assert_eq!(strict.items, whole - 3);
    let salvaged = salvage(&bytes);
    assert_eq!((salvaged.items, salvaged.losses), (whole - 1, 1));
}

/// All events of the synthetic capture are alike: the last four bytes are a block's length.
fn event_block_len(bytes: &[u8]) -> usize {
    let last: [u8; 4] = bytes[bytes.len() - 4..].try_into().unwrap();
    u32::from_le_bytes(last) as usize
}

#[test]
fn claimed_lengths_allocate_nothing() {
    let section = synthetic()[..28].to_vec();
    // Every list and event type with a block of 4 GiB, and one entry of 4 GiB in it.
    for block_type in
        [0x201_u32, 0x202, 0x203, 0x204, 0x205, 0x206, 0x215, 0x216, 0x218, 0x219, 0x220, 0x221, 0x222]
    {
        let mut bytes = section.clone();
        bytes.extend(block_type.to_le_bytes());
        bytes.extend(u32::MAX.to_le_bytes());
        bytes.extend([0xff; 64]);
        assert!(open(&bytes).error.is_some(), "{block_type:#x}");
        assert!(salvage(&bytes).losses > 0, "{block_type:#x}");
    }
}

#[test]
fn what_is_no_capture_is_refused_with_a_reason() {
    let message = |bytes: &[u8]| match CaptureReader::open(Cursor::new(bytes.to_vec())) {
        Ok(_) => "opened".to_owned(),
        Err(error) => error.to_string(),
    };
    let none = "this is no .scap capture: it begins with [], a section header was expected";
    assert_eq!(message(b""), none);
    let text = "this is no .scap capture: it begins with [68, 65, 6c, 6c, 6f], a section header was expected";
    assert_eq!(message(b"hello"), text);
    let mut bytes = synthetic();
    bytes[8..12].copy_from_slice(&0x1a2b_3c4d_u32.to_be_bytes());
    assert!(message(&bytes).contains("big-endian"), "{}", message(&bytes));
    let mut bytes = synthetic();
    bytes[12] = 2;
    assert_eq!(message(&bytes), "the capture has format version 2.2; versions up to 1.x can be read");
}
