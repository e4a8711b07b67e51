//! Findings in memory, in the order of pages.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use lanner_journal::Sequence;
use lanner_model::finding::Finding;
use lanner_model::time::WallNs;

use super::spec::{Cursor, EventFilter};

/// Findings in memory.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    findings: BTreeMap<Cursor, Buffered>,
    times: HashMap<String, WallNs>,
    size_bytes: usize,
}

#[derive(Debug)]
struct Buffered {
    finding: Arc<Finding>,
    /// The record of the write-ahead log that has it.
    sequence: Sequence,
    size_bytes: usize,
}

impl Buffer {
    /// Adds a finding; `false` when one with its id is there.
    pub(crate) fn insert(&mut self, finding: Finding, sequence: Sequence, size_bytes: usize) -> bool {
        if self.has(&finding.id) {
            return false;
        }
        self.times.insert(finding.id.clone(), finding.time);
        self.size_bytes += size_bytes;
        let key = Cursor::of(&finding);
        self.findings.insert(key, Buffered { finding: Arc::new(finding), sequence, size_bytes });
        true
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.times.contains_key(id)
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<Finding>> {
        let key = Cursor { time: *self.times.get(id)?, id: id.to_owned() };
        self.findings.get(&key).map(|buffered| buffered.finding.clone())
    }

    /// The findings that are asked for and come after the cursor, the newest first.
    pub(crate) fn matching(
        &self,
        filter: &EventFilter,
        after: Option<&Cursor>,
    ) -> impl Iterator<Item = &Arc<Finding>> {
        let end = match after {
            Some(after) => Bound::Excluded(after.clone()),
            None => Bound::Unbounded,
        };
        let newest_first = self.findings.range((Bound::Unbounded, end)).rev();
        newest_first.map(|(_, buffered)| &buffered.finding).filter(|finding| filter.matches(finding))
    }

    /// The findings from before that time, the oldest first.
    pub(crate) fn before(&self, time: WallNs) -> impl Iterator<Item = &Arc<Finding>> {
        let end = Cursor { time, id: String::new() };
        self.findings.range(..end).map(|(_, buffered)| &buffered.finding)
    }

    /// Removes the findings from before that time; gives how many.
    pub(crate) fn remove_before(&mut self, time: WallNs) -> u64 {
        let kept = self.findings.split_off(&Cursor { time, id: String::new() });
        let removed = std::mem::replace(&mut self.findings, kept);
        for (key, buffered) in &removed {
            self.times.remove(&key.id);
            self.size_bytes -= buffered.size_bytes;
        }
        removed.len() as u64
    }

    /// The first record of the write-ahead log that is still needed; `None` when none is.
    pub(crate) fn first_sequence(&self) -> Option<Sequence> {
        self.findings.values().map(|buffered| buffered.sequence).min()
    }

    pub(crate) fn len(&self) -> usize {
        self.findings.len()
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    pub(crate) fn oldest(&self) -> Option<WallNs> {
        self.findings.first_key_value().map(|(key, _)| key.time)
    }

    pub(crate) fn newest(&self) -> Option<WallNs> {
        self.findings.last_key_value().map(|(key, _)| key.time)
    }
}
