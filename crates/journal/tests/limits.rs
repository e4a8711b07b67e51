//! Size caps and what is refused.

use lanner_journal::{Durability, Journal, JournalError, Options, Sequence, WhenFull};

fn capped(when_full: WhenFull) -> Options {
    Options {
        max_bytes: Some(2000),
        max_record_bytes: 1000,
        when_full,
        durability: Durability::PageCache,
        ..Options::default()
    }
}

fn readable(journal: &Journal) -> Vec<u64> {
    journal.read_from(Sequence::FIRST).map(|entry| entry.expect("good").sequence.0).collect()
}

#[test]
fn the_oldest_records_give_way_and_are_counted() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), capped(WhenFull::DropOldest)).expect("open");
    for n in 1..=300u64 {
        journal.append(&[1; 60]).expect("append");
        assert!(journal.size_bytes() <= 2000);
        let left = readable(&journal);
        assert_eq!(left.last(), Some(&n));
        assert_eq!(left.len() as u64 + journal.dropped_records(), n);
        assert_eq!(left.first(), Some(&(journal.first_sequence().0)));
    }
    // A part was given up at a time, not all.
    assert!(readable(&journal).len() > 12, "{:?}", readable(&journal));
}

#[test]
fn forgotten_records_are_not_counted_as_dropped() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), capped(WhenFull::DropOldest)).expect("open");
    for n in 1..=300u64 {
        journal.append(&[1; 60]).expect("append");
        journal.forget_before(Sequence(n)).expect("forget");
    }
    assert_eq!(journal.dropped_records(), 0);
    assert_eq!(readable(&journal), [300]);
}

#[test]
fn a_large_record_may_take_the_place_of_all_others() {
    let folder = tempfile::tempdir().expect("folder");
    let options = Options { max_record_bytes: 5000, ..capped(WhenFull::DropOldest) };
    let (mut journal, _) = Journal::open(folder.path(), options).expect("open");
    for _ in 0..10 {
        journal.append(&[1; 60]).expect("append");
    }
    journal.append(&[2; 1900]).expect("append");
    assert_eq!(readable(&journal), [11]);
    assert_eq!(journal.dropped_records(), 10);
    assert!(journal.size_bytes() <= 2000);
}

#[test]
fn a_full_journal_refuses_until_something_is_forgotten() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), capped(WhenFull::Refuse)).expect("open");
    let mut appended = 0;
    let refused = loop {
        match journal.append(&[1; 60]) {
            Ok(_) => appended += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, JournalError::Full { limit_bytes: 2000, .. }), "{refused}");
    assert_eq!(readable(&journal), (1..=appended).collect::<Vec<_>>());
    assert_eq!(journal.dropped_records(), 0);

    journal.forget_before(Sequence(appended)).expect("forget");
    journal.append(&[1; 60]).expect("there is room again");
    assert_eq!(readable(&journal), [appended, appended + 1]);
}

#[test]
fn a_full_journal_that_is_all_forgotten_has_room() {
    let folder = tempfile::tempdir().expect("folder");
    let options = Options { segment_bytes: 10_000, max_bytes: Some(400), ..capped(WhenFull::Refuse) };
    let (mut journal, _) = Journal::open(folder.path(), options).expect("open");
    for n in 1..=100u64 {
        journal.append(&[1; 200]).expect("append");
        journal.forget_before(Sequence(n + 1)).expect("forget");
    }
}

#[test]
fn a_record_over_the_limit_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let (mut journal, _) = Journal::open(folder.path(), capped(WhenFull::DropOldest)).expect("open");
    journal.append(b"small").expect("append");
    let before = journal.size_bytes();
    let refused = journal.append(&[1; 1001]).expect_err("too large");
    assert!(matches!(refused, JournalError::TooLarge { size_bytes: 1001, limit_bytes: 1000 }), "{refused}");
    assert_eq!(journal.size_bytes(), before);
    assert_eq!(readable(&journal), [1]);
}
