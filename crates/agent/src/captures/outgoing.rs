//! Captures on their way to the server.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lanner_api::agent::{
    CaptureAck, CaptureEnd, CapturePart, CapturePhase, CaptureRefused, CaptureState, FromAgent,
    MAX_CAPTURE_PART_BYTES,
};
use lanner_model::id::CaptureId;
use lanner_model::loss::LossCause;
use tokio::sync::Notify;
use tokio::task::block_in_place;

use super::file;
use super::shelf::Shelf;
use crate::tally::Tally;

/// Bytes that finished captures may take on disk; the oldest give way.
const MOST_BYTES: u64 = 512 << 20;
/// Captures that are kept.
const MOST_CAPTURES: usize = 256;
/// Parts that are under way at once.
const WINDOW: u64 = 4;
const PART: u64 = MAX_CAPTURE_PART_BYTES as u64;

/// What the server is told of captures and sent of them.
#[derive(Debug)]
pub(crate) struct Outgoing {
    shelf: Shelf,
    tally: Arc<Tally>,
    /// By identity, which begins with the time of those that rules began.
    entries: Mutex<BTreeMap<CaptureId, Entry>>,
    changed: Notify,
}

#[derive(Debug)]
struct Entry {
    state: CaptureState,
    /// Whether the server is to be told.
    is_news: bool,
    /// On how many streams it was told that it failed: nobody answers that.
    failure_told: u32,
    /// The server wants nothing of it.
    is_unwanted: bool,
    /// Bytes the server has, as far as this stream tells.
    acknowledged: Option<u64>,
    sent: u64,
    sha256: Option<[u8; 32]>,
}

impl Outgoing {
    /// With the captures that an agent before left.
    pub(crate) fn new(shelf: Shelf, left_over: Vec<CaptureState>, tally: Arc<Tally>) -> Self {
        let outgoing = Self { shelf, tally, entries: Mutex::default(), changed: Notify::new() };
        left_over.into_iter().for_each(|state| outgoing.tell(state));
        outgoing
    }

    /// How a capture fares has changed.
    pub(crate) fn tell(&self, state: CaptureState) {
        let mut entries = self.entries();
        let entry = entries.entry(state.id.clone()).or_insert_with(|| Entry::of(state.clone()));
        let is_over = state.phase != CapturePhase::Recording;
        (entry.state, entry.is_news) = (state, true);
        if entry.is_unwanted && is_over {
            let id = entry.state.id.clone();
            self.shelf.names(&id).delete();
            entries.remove(&id);
        }
        self.make_room(&mut entries);
        drop(entries);
        self.changed.notify_one();
    }

    /// A new stream: the server is told of all, and says from where it wants the files.
    pub(crate) fn connected(&self) {
        let mut entries = self.entries();
        entries.retain(|_, entry| entry.failure_told < 2);
        for entry in entries.values_mut() {
            (entry.is_news, entry.acknowledged, entry.sent) = (true, None, 0);
        }
        drop(entries);
        self.changed.notify_one();
    }

    /// The next thing to send; waits until there is one. Nothing is lost when the wait is given up.
    pub(crate) async fn next(&self) -> FromAgent {
        loop {
            let changed = self.changed.notified();
            if let Some(message) = block_in_place(|| self.take_next()) {
                return message;
            }
            changed.await;
        }
    }

    /// The server has so much of a file.
    pub(crate) fn acknowledged(&self, ack: &CaptureAck) {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&ack.id) else { return };
        match entry.state.phase {
            CapturePhase::Recording => {}
            CapturePhase::Done if ack.offset < entry.state.bytes => {
                if entry.acknowledged.is_none() {
                    entry.sent = ack.offset;
                }
                entry.acknowledged = Some(ack.offset);
                entry.sent = entry.sent.max(ack.offset);
            }
            CapturePhase::Done | CapturePhase::Failed => {
                entries.remove(&ack.id);
                self.shelf.names(&ack.id).delete();
            }
        }
        drop(entries);
        self.changed.notify_one();
    }

    /// The server does not take it. One that still records is let go when it ends.
    pub(crate) fn refused(&self, refused: &CaptureRefused) {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&refused.id) else { return };
        tracing::warn!(id = %refused.id, "the server does not take a capture: {}", refused.reason);
        if entry.state.phase == CapturePhase::Recording {
            entry.is_unwanted = true;
            return;
        }
        entries.remove(&refused.id);
        self.shelf.names(&refused.id).delete();
        self.tally.lose(LossCause::Budget, "captures", 1);
    }

    fn take_next(&self) -> Option<FromAgent> {
        let mut entries = self.entries();
        if let Some(entry) = entries.values_mut().find(|entry| entry.is_news) {
            entry.is_news = false;
            entry.failure_told += u32::from(entry.state.phase == CapturePhase::Failed);
            return Some(FromAgent::CaptureState(entry.state.clone()));
        }
        let entry = entries.values_mut().find(|entry| entry.has_part())?;
        match self.part(entry) {
            Ok(part) => Some(FromAgent::CapturePart(part)),
            Err(error) => {
                tracing::error!(id = %entry.state.id, "a capture can not be read: {error}");
                self.tally.lose(LossCause::Decode, "captures", 1);
                self.shelf.names(&entry.state.id).delete();
                entry.fail(format!("its file could not be read on the node: {error}"));
                entry.failure_told = 1;
                entry.is_news = false;
                Some(FromAgent::CaptureState(entry.state.clone()))
            }
        }
    }

    fn part(&self, entry: &mut Entry) -> io::Result<CapturePart> {
        let path = self.shelf.names(&entry.state.id).whole;
        let sha256 = match entry.sha256 {
            Some(sha256) => sha256,
            None => *entry.sha256.insert(file::sha256(&path)?),
        };
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(entry.sent))?;
        let length = (entry.state.bytes - entry.sent).min(PART);
        let mut data = vec![0; length as usize];
        file.read_exact(&mut data)?;
        let offset = entry.sent;
        entry.sent += length;
        let size = entry.state.bytes;
        let end = (entry.sent == size).then_some(CaptureEnd { size, sha256 });
        Ok(CapturePart { id: entry.state.id.clone(), offset, data, end })
    }

    /// Gives up the oldest that are whole while there are too many or too large ones.
    fn make_room(&self, entries: &mut BTreeMap<CaptureId, Entry>) {
        loop {
            let bytes: u64 = entries.values().map(Entry::bytes_on_disk).sum();
            if bytes <= MOST_BYTES && entries.len() <= MOST_CAPTURES {
                return;
            }
            if entries.len() > MOST_CAPTURES
                && let Some(id) = first(entries, CapturePhase::Failed)
            {
                entries.remove(&id);
                continue;
            }
            let oldest = first(entries, CapturePhase::Done);
            let Some(entry) = oldest.and_then(|id| entries.get_mut(&id)) else { return };
            tracing::warn!(id = %entry.state.id, "a capture that the server has not taken gives way to newer ones");
            self.tally.lose(LossCause::Budget, "captures", 1);
            self.shelf.names(&entry.state.id).delete();
            entry
                .fail("the server did not take it in time: it gave way to newer ones on the node".to_owned());
        }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<CaptureId, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn first(entries: &BTreeMap<CaptureId, Entry>, phase: CapturePhase) -> Option<CaptureId> {
    entries.iter().find(|(_, entry)| entry.state.phase == phase).map(|(id, _)| id.clone())
}

impl Entry {
    fn of(state: CaptureState) -> Self {
        Self {
            state,
            is_news: true,
            failure_told: 0,
            is_unwanted: false,
            acknowledged: None,
            sent: 0,
            sha256: None,
        }
    }

    fn has_part(&self) -> bool {
        let is_wanted =
            |acknowledged| self.sent < self.state.bytes && self.sent - acknowledged < WINDOW * PART;
        self.state.phase == CapturePhase::Done && self.acknowledged.is_some_and(is_wanted)
    }

    fn bytes_on_disk(&self) -> u64 {
        if self.state.phase == CapturePhase::Failed { 0 } else { self.state.bytes }
    }

    fn fail(&mut self, why: String) {
        self.state.phase = CapturePhase::Failed;
        self.state.error = why;
        self.is_news = true;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use lanner_api::agent::{CaptureReason, CaptureScope};
    use lanner_model::time::WallNs;

    use super::super::order::CaptureOrder;
    use super::*;

    fn state(id: &str, phase: CapturePhase, bytes: u64) -> CaptureState {
        let order = CaptureOrder {
            id: id.into(),
            reason: CaptureReason::Person,
            finding: None,
            scope: CaptureScope::Host,
            container: None,
            command: String::new(),
            trigger: WallNs(1_000),
            before_ms: 0,
            after_ms: 1,
            max_bytes: None,
        };
        CaptureState { phase, bytes, ..order.state() }
    }

    struct Subject {
        folder: tempfile::TempDir,
        outgoing: Outgoing,
        tally: Arc<Tally>,
    }

    fn subject() -> Subject {
        let folder = tempfile::tempdir().unwrap();
        let tally = Arc::new(Tally::default());
        let outgoing = Outgoing::new(Shelf::open(folder.path()).unwrap(), Vec::new(), Arc::clone(&tally));
        Subject { folder, outgoing, tally }
    }

    impl Subject {
        /// A capture of so many bytes that is whole.
        fn done(&self, id: &str, bytes: u64) {
            let file = File::create(self.folder.path().join(format!("{id}.scap"))).unwrap();
            file.set_len(bytes).unwrap();
            self.outgoing.tell(state(id, CapturePhase::Done, bytes));
        }

        fn ack(&self, id: &str, offset: u64) {
            self.outgoing.acknowledged(&CaptureAck { id: id.into(), offset });
        }

        /// What would be sent: `id phase`, `id offset+length`, a point behind the last part.
        fn sent(&self) -> Vec<String> {
            std::iter::from_fn(|| self.outgoing.take_next())
                .map(|message| match message {
                    FromAgent::CaptureState(state) => format!("{} {:?}", state.id, state.phase),
                    FromAgent::CapturePart(part) => {
                        let end = if part.end.is_some() { "." } else { "" };
                        format!("{} {}+{}{end}", part.id, part.offset, part.data.len())
                    }
                    other => panic!("{other:?}"),
                })
                .collect()
        }

        fn files(&self) -> usize {
            fs::read_dir(self.folder.path()).unwrap().count()
        }
    }

    #[test]
    fn a_capture_is_sent_in_parts_a_few_at_a_time_and_then_deleted() {
        let subject = subject();
        subject.outgoing.tell(state("a", CapturePhase::Recording, 10));
        assert_eq!(subject.sent(), ["a Recording"]);
        subject.done("a", 5 * PART + 7);
        assert_eq!(subject.sent(), ["a Done"], "nothing before the server says from where");
        subject.ack("a", 0);
        let parts = |numbers: std::ops::Range<u64>| {
            numbers.map(|n| format!("a {}+{PART}", n * PART)).collect::<Vec<_>>()
        };
        assert_eq!(subject.sent(), parts(0..4));
        subject.ack("a", PART);
        assert_eq!(subject.sent(), parts(4..5));
        subject.ack("a", 5 * PART);
        assert_eq!(subject.sent(), [format!("a {}+7.", 5 * PART)]);
        subject.ack("a", 5 * PART + 7);
        assert_eq!((subject.sent(), subject.files()), (Vec::new(), 0));
    }

    #[test]
    fn a_new_stream_goes_on_where_the_server_says() {
        let subject = subject();
        subject.done("a", 2 * PART);
        subject.sent();
        subject.ack("a", 0);
        assert_eq!(subject.sent().len(), 2);
        subject.outgoing.connected();
        assert_eq!(subject.sent(), ["a Done"]);
        subject.ack("a", PART);
        assert_eq!(subject.sent(), [format!("a {PART}+{PART}.")]);
    }

    #[test]
    fn one_that_the_server_does_not_want_is_deleted() {
        let subject = subject();
        subject.done("a", 9);
        subject.outgoing.tell(state("b", CapturePhase::Recording, 0));
        for id in ["a", "b", "unknown"] {
            subject.outgoing.refused(&CaptureRefused { id: id.into(), reason: "no room".into() });
        }
        subject.done("b", 9);
        assert_eq!((subject.sent(), subject.files()), (Vec::new(), 0));
    }

    #[test]
    fn a_failure_is_told_on_two_streams() {
        let subject = subject();
        subject.outgoing.tell(state("a", CapturePhase::Failed, 0));
        assert_eq!(subject.sent(), ["a Failed"]);
        subject.outgoing.connected();
        assert_eq!(subject.sent(), ["a Failed"]);
        subject.outgoing.connected();
        assert_eq!(subject.sent(), Vec::<String>::new());
    }

    #[test]
    fn the_oldest_gives_way_when_the_disk_has_its_share() {
        let subject = subject();
        for id in ["a", "b", "c"] {
            // The files have no bytes of their own: only their size counts.
            subject.done(id, MOST_BYTES / 2);
        }
        assert_eq!(subject.sent(), ["a Failed", "b Done", "c Done"]);
        assert_eq!(subject.files(), 2);
        assert_eq!(subject.tally.all_losses()[0].place, "captures");
    }

    #[test]
    fn a_file_that_is_gone_is_a_failure() {
        let subject = subject();
        subject.done("a", 9);
        subject.sent();
        fs::remove_file(subject.folder.path().join("a.scap")).unwrap();
        subject.ack("a", 0);
        assert_eq!(subject.sent(), ["a Failed"]);
    }
}
