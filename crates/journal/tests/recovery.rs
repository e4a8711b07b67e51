//! What is left of a journal after a power cut, a bad disk, a careless hand.

use std::fs;
use std::path::{Path, PathBuf};

use lanner_journal::{Durability, Entry, Journal, JournalError, Options, Sequence};

fn options() -> Options {
    Options { segment_bytes: 400, durability: Durability::PageCache, ..Options::default() }
}

/// Each record's payload says its number and has its own length.
fn payload(number: u64) -> Vec<u8> {
    let mut bytes = format!("record {number}:").into_bytes();
    bytes.extend((0..number % 23).map(|at| (number * 31 + at) as u8));
    bytes
}

fn filled(folder: &Path, records: u64) {
    let (mut journal, _) = Journal::open(folder, options()).expect("open");
    for number in 1..=records {
        journal.append(&payload(number)).expect("append");
    }
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("list").map(|e| e.expect("entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    paths.sort();
    paths
}

/// All that can be read, each checked to be what was appended; and how many records the damaged
/// stretches took.
fn read(journal: &Journal) -> (Vec<u64>, u64) {
    let (mut good, mut lost) = (Vec::new(), 0);
    for entry in journal.read_from(Sequence::FIRST) {
        match entry {
            Ok(Entry { sequence, payload: found }) => {
                assert_eq!(found, payload(sequence.0));
                good.push(sequence.0);
            }
            Err(JournalError::Damaged(damage)) => lost += damage.records,
            Err(error) => panic!("{error}"),
        }
    }
    (good, lost)
}

/// A copy of a folder with one file's bytes changed.
fn changed(original: &Path, file: &Path, change: impl FnOnce(&mut Vec<u8>)) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("folder");
    for path in segments(original) {
        fs::copy(&path, copy.path().join(path.file_name().expect("name"))).expect("copy");
    }
    let target = copy.path().join(file.file_name().expect("name"));
    let mut bytes = fs::read(&target).expect("read");
    change(&mut bytes);
    fs::write(&target, bytes).expect("write");
    copy
}

#[test]
fn a_tail_cut_anywhere_loses_only_the_records_it_cuts() {
    let original = tempfile::tempdir().expect("folder");
    filled(original.path(), 40);
    let last = segments(original.path()).pop().expect("segment");
    let whole = fs::read(&last).expect("read").len();
    let mut seen_before = 40;
    for length in (0..whole).rev() {
        let copy = changed(original.path(), &last, |bytes| bytes.truncate(length));
        let (mut journal, recovery) = Journal::open(copy.path(), options()).expect("open");
        assert!(recovery.damage.is_empty(), "cut to {length}: {recovery:?}");
        let (good, lost) = read(&journal);
        assert_eq!(lost, 0);
        assert_eq!(good, (1..=good.len() as u64).collect::<Vec<_>>(), "cut to {length}");
        // Byte by byte, at most one record goes at a time, and the cut is told unless it fell
        // between two records.
        assert!(seen_before - good.len() <= 1, "cut to {length}");
        seen_before = good.len();
        if let Some(torn) = &recovery.torn {
            assert_eq!(torn.offset + torn.size_bytes, length as u64);
        }
        // The journal is whole again: what is appended now is found behind the good records.
        let next = good.len() as u64 + 1;
        assert_eq!(journal.append(&payload(next)).expect("append"), Sequence(next));
        drop(journal);
        let (journal, recovery) = Journal::open(copy.path(), options()).expect("open");
        assert!(recovery.is_clean(), "{recovery:?}");
        assert_eq!(read(&journal).0.len() as u64, next);
    }
}

#[test]
fn zeros_behind_the_last_record_are_a_torn_tail() {
    let original = tempfile::tempdir().expect("folder");
    filled(original.path(), 5);
    let last = segments(original.path()).pop().expect("segment");
    let copy = changed(original.path(), &last, |bytes| bytes.extend([0; 5000]));
    let (journal, recovery) = Journal::open(copy.path(), options()).expect("open");
    assert_eq!(recovery.torn.as_ref().map(|torn| torn.size_bytes), Some(5000));
    assert_eq!(read(&journal).0, [1, 2, 3, 4, 5]);
}

#[test]
fn one_flipped_bit_costs_at_most_one_record_and_is_told() {
    let original = tempfile::tempdir().expect("folder");
    filled(original.path(), 40);
    for file in segments(original.path()) {
        let is_last = Some(&file) == segments(original.path()).last();
        for at in 0..fs::read(&file).expect("read").len() {
            let copy = changed(original.path(), &file, |bytes| bytes[at] ^= 1 << (at % 8));
            let (journal, recovery) = match Journal::open(copy.path(), options()) {
                Ok(opened) => opened,
                Err(error) => panic!("byte {at} of {}: {error}", file.display()),
            };
            assert!(!recovery.is_clean(), "byte {at} of {} changed unnoticed", file.display());
            let (good, _) = read(&journal);
            let lost = 40 - good.len() as u64;
            assert!(lost <= 1, "byte {at} of {}: {good:?}", file.display());
            if recovery.torn.is_some() {
                assert!(is_last, "only the last segment has a tail that may be cut");
            } else {
                assert_eq!(recovery.damaged_records(), lost, "byte {at}: {recovery:?}");
                assert!(recovery.damage.iter().all(|damage| damage.path.file_name() == file.file_name()));
                assert!(
                    recovery
                        .damage
                        .iter()
                        .all(|d| (d.offset..d.offset + d.size_bytes).contains(&(at as u64)))
                );
            }
            assert_eq!(recovery.records, good.len() as u64);
        }
    }
}

#[test]
fn damage_that_appears_while_the_journal_is_open_is_told_by_the_reader() {
    let folder = tempfile::tempdir().expect("folder");
    filled(folder.path(), 10);
    let (journal, recovery) = Journal::open(folder.path(), options()).expect("open");
    assert!(recovery.is_clean());
    let first = segments(folder.path()).remove(0);
    let mut bytes = fs::read(&first).expect("read");
    bytes[24 + 17 + 2] ^= 0x40;
    fs::write(&first, bytes).expect("write");
    assert_eq!(read(&journal), ((2..=10).collect(), 1));
}

#[test]
fn a_segment_that_is_gone_is_told_with_the_number_of_its_records() {
    let folder = tempfile::tempdir().expect("folder");
    filled(folder.path(), 40);
    let paths = segments(folder.path());
    fs::remove_file(&paths[1]).expect("remove");
    let (journal, recovery) = Journal::open(folder.path(), options()).expect("open");
    let (good, _) = read(&journal);
    assert_eq!(recovery.damaged_records(), 40 - good.len() as u64);
    assert_eq!(recovery.damage.len(), 1);
    assert_eq!(recovery.damage[0].path.file_name(), paths[2].file_name());
}

#[test]
fn a_closed_segment_cut_short_is_damage_and_not_a_torn_tail() {
    let folder = tempfile::tempdir().expect("folder");
    filled(folder.path(), 40);
    let first = segments(folder.path()).remove(0);
    let bytes = fs::read(&first).expect("read");
    fs::write(&first, &bytes[..bytes.len() - 60]).expect("write");
    let (journal, recovery) = Journal::open(folder.path(), options()).expect("open");
    assert!(recovery.torn.is_none());
    let (good, _) = read(&journal);
    assert_eq!(recovery.damaged_records(), 40 - good.len() as u64);
    assert!(good.len() < 40 && good.last() == Some(&40));
}

#[test]
fn damage_among_forgotten_records_is_no_loss() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) =
        Journal::open(folder.path(), Options { segment_bytes: 10_000, ..options() }).expect("open");
    for number in 1..=10 {
        journal.append(&payload(number)).expect("append");
    }
    journal.forget_before(Sequence(6)).expect("forget");
    drop(journal);
    let only = segments(folder.path()).remove(0);
    let mut bytes = fs::read(&only).expect("read");
    bytes[24 + 20] ^= 1; // in record 1
    fs::write(&only, bytes).expect("write");
    let (journal, recovery) = Journal::open(folder.path(), options()).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    assert_eq!(read(&journal), ((6..=10).collect(), 0));
}

#[test]
fn a_segment_of_a_newer_format_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    filled(folder.path(), 3);
    let only = segments(folder.path()).remove(0);
    let mut bytes = fs::read(&only).expect("read");
    bytes[8..12].copy_from_slice(&2u32.to_le_bytes());
    let checksum = crc32fast::hash(&bytes[..20]);
    bytes[20..24].copy_from_slice(&checksum.to_le_bytes());
    fs::write(&only, &bytes).expect("write");
    let refused = Journal::open(folder.path(), options()).expect_err("newer");
    assert!(matches!(refused, JournalError::Version { version: 2, .. }), "{refused}");
    assert_eq!(fs::read(&only).expect("read"), bytes);
}

#[test]
fn a_file_of_noise_is_no_reason_to_panic() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for length in [0, 1, 23, 24, 25, 41, 1000, 30_000] {
        let folder = tempfile::tempdir().expect("folder");
        let noise: Vec<u8> = (0..length)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as u8
            })
            .collect();
        fs::write(folder.path().join("00000000000000000001.log"), noise).expect("write");
        fs::write(folder.path().join("unrelated.txt"), b"kept").expect("write");
        let (mut journal, recovery) = Journal::open(folder.path(), options()).expect("open");
        assert_eq!(recovery.records, 0);
        assert!(!recovery.is_clean());
        assert_eq!(journal.append(&payload(1)).expect("append"), Sequence(1));
        assert!(folder.path().join("unrelated.txt").exists());
    }
}

#[test]
fn the_bytes_on_disk_are_those_of_the_format_page() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), options()).expect("open");
    journal.append(b"hello").expect("append");
    journal.append(b"").expect("append");
    journal.forget_before(Sequence(2)).expect("forget");
    drop(journal);
    let bytes = fs::read(segments(folder.path()).remove(0)).expect("read");
    // docs/formats/journal.md, "An example".
    let expected = [
        "4c414e4e45524a0a01000000010000000000000079ecd540",
        "e2cd80250500000001000000000000000168656c6c6f",
        "925e855600000000020000000000000001",
        "82b8bf5b080000000300000000000000020200000000000000",
    ];
    assert_eq!(hex(&bytes), expected.concat());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
