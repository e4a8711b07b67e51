//! What an owner sees while nothing goes wrong.

use lanner_journal::{Durability, Entry, Journal, JournalError, Options, Sequence};

/// Small segments, so that a few records fill several.
fn small() -> Options {
    Options { segment_bytes: 200, durability: Durability::PageCache, ..Options::default() }
}

fn numbers(journal: &Journal, from: u64) -> Vec<u64> {
    journal.read_from(Sequence(from)).map(|entry| entry.expect("undamaged").sequence.0).collect()
}

fn segment_count(journal: &Journal) -> usize {
    let names = std::fs::read_dir(journal.folder()).expect("list").map(|entry| entry.expect("entry").path());
    names.filter(|path| path.extension().is_some_and(|ext| ext == "log")).count()
}

#[test]
fn records_come_back_in_order_with_their_numbers() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, recovery) = Journal::open(folder.path(), small()).expect("open");
    assert_eq!(recovery.records, 0);
    for n in 1..=50u64 {
        assert_eq!(journal.append(format!("record {n}").as_bytes()).expect("append"), Sequence(n));
    }
    assert_eq!(journal.sync().expect("sync"), Sequence(50));
    assert!(segment_count(&journal) > 5);
    let entries: Vec<Entry> = journal.read_from(Sequence(48)).map(|entry| entry.expect("read")).collect();
    let texts: Vec<&str> = entries.iter().map(|e| std::str::from_utf8(&e.payload).expect("text")).collect();
    assert_eq!(texts, ["record 48", "record 49", "record 50"]);
}

#[test]
fn an_empty_payload_is_a_record() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), small()).expect("open");
    journal.append(b"").expect("append");
    assert_eq!(numbers(&journal, 1), [1]);
}

#[test]
fn a_journal_goes_on_where_it_was_when_it_is_opened_again() {
    let folder = tempfile::tempdir().expect("folder");
    for round in 0..5u64 {
        let (mut journal, recovery) = Journal::open(folder.path(), small()).expect("open");
        assert!(recovery.is_clean(), "{recovery:?}");
        assert_eq!(recovery.records, round * 7);
        for n in 1..=7 {
            assert_eq!(journal.append(&[9; 30]).expect("append"), Sequence(round * 7 + n));
        }
    }
}

#[test]
fn what_is_forgotten_stays_forgotten_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), small()).expect("open");
    for _ in 0..20 {
        journal.append(&[1; 40]).expect("append");
    }
    journal.forget_before(Sequence(11)).expect("forget");
    assert_eq!(numbers(&journal, 1), (11..=20).collect::<Vec<_>>());
    drop(journal);
    let (mut journal, recovery) = Journal::open(folder.path(), small()).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    assert_eq!(journal.first_sequence(), Sequence(11));
    assert_eq!(numbers(&journal, 1), (11..=20).collect::<Vec<_>>());

    // All of it, and numbers go on nevertheless.
    journal.forget_before(Sequence(1000)).expect("forget");
    assert_eq!(segment_count(&journal), 1);
    drop(journal);
    let (mut journal, _) = Journal::open(folder.path(), small()).expect("open");
    assert!(numbers(&journal, 1).is_empty());
    assert_eq!(journal.append(b"next").expect("append"), Sequence(21));
}

#[test]
fn forgetting_after_every_record_keeps_the_folder_small() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), small()).expect("open");
    for n in 1..=500u64 {
        journal.append(&[7; 20]).expect("append");
        journal.forget_before(Sequence(n + 1)).expect("forget");
        assert!(journal.size_bytes() < 500, "{} bytes after {n}", journal.size_bytes());
    }
    drop(journal);
    let (journal, recovery) = Journal::open(folder.path(), small()).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    assert_eq!(journal.next_sequence(), Sequence(501));
    assert_eq!(journal.first_sequence(), Sequence(501));
}

#[test]
fn a_reader_sees_what_was_there_when_it_was_made() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), small()).expect("open");
    for _ in 0..10 {
        journal.append(&[2; 50]).expect("append");
    }
    let mut reader = journal.read_from(Sequence::FIRST);
    for _ in 0..10 {
        journal.append(&[3; 50]).expect("append");
    }
    assert_eq!(reader.next().expect("one").expect("good").sequence, Sequence(1));
    // Segments that go away meanwhile are left out; what was opened already is read on.
    journal.forget_before(Sequence(9)).expect("forget");
    let rest: Vec<u64> = reader.map(|entry| entry.expect("good").sequence.0).collect();
    assert_eq!(rest.last(), Some(&10));
    assert!(rest.windows(2).all(|pair| pair[0] < pair[1]), "{rest:?}");
}

#[test]
fn reading_from_a_late_number_works_in_a_long_segment() {
    let folder = tempfile::tempdir().expect("folder");
    let options = Options { durability: Durability::PageCache, ..Options::default() };
    let (mut journal, _) = Journal::open(folder.path(), options.clone()).expect("open");
    for _ in 0..5000 {
        journal.append(&[5; 100]).expect("append");
    }
    for from in [1, 2, 559, 560, 561, 2500, 4999, 5000] {
        assert_eq!(numbers(&journal, from), (from..=5000).collect::<Vec<_>>(), "from {from}");
    }
    assert!(numbers(&journal, 5001).is_empty());
    drop(journal);
    let (journal, _) = Journal::open(folder.path(), options).expect("open");
    assert_eq!(numbers(&journal, 4990), (4990..=5000).collect::<Vec<_>>());
}

#[test]
fn a_journal_is_open_once() {
    let folder = tempfile::tempdir().expect("folder");
    let (journal, _) = Journal::open(folder.path(), small()).expect("open");
    let second = Journal::open(folder.path(), small());
    assert!(matches!(second, Err(JournalError::InUse { .. })), "{second:?}");
    drop(journal);
    Journal::open(folder.path(), small()).expect("open after the first is gone");
}

#[test]
fn numbers_can_be_advanced_past_those_used_elsewhere() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), small()).expect("open");
    journal.append(b"old").expect("append");
    journal.advance_to(Sequence(100)).expect("advance");
    assert!(numbers(&journal, 1).is_empty());
    assert_eq!(journal.append(b"new").expect("append"), Sequence(100));
    journal.advance_to(Sequence(50)).expect("nothing to do");
    drop(journal);
    let (journal, recovery) = Journal::open(folder.path(), small()).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    assert_eq!(numbers(&journal, 1), [100]);
}
