//! Tables of descriptors. Threads share one; a forked child starts with its parent's and gets its
//! own copy with the first change.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::budget::{Budget, Losses};
use crate::fd::Descriptor;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableId(u32);

/// All tables.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Descriptors in all tables; one that two tables still share counts twice.
    total: usize,
    /// What they take, in bytes; counted alike.
    total_bytes: usize,
}

#[derive(Debug, Default)]
struct Slot {
    entries: Arc<FxHashMap<i64, Descriptor>>,
    bytes: usize,
    threads: u32,
}

impl Tables {
    /// A new empty table with one user.
    pub(crate) fn create(&mut self) -> TableId {
        self.place(Slot { entries: Arc::default(), bytes: 0, threads: 1 })
    }

    /// One more thread uses the table.
    pub(crate) fn share(&mut self, id: TableId) -> TableId {
        self.slots[id.0 as usize].threads += 1;
        id
    }

    /// A table with the same descriptors, for a child of its own.
    pub(crate) fn copy(&mut self, id: TableId, budget: &Budget, losses: &mut Losses) -> TableId {
        let slot = &self.slots[id.0 as usize];
        let (entries, bytes) = (Arc::clone(&slot.entries), slot.bytes);
        if self.total + entries.len() > budget.fds || self.total_bytes + bytes > budget.fd_bytes {
            losses.fds += entries.len() as u64;
            return self.create();
        }
        self.total += entries.len();
        self.total_bytes += bytes;
        self.place(Slot { entries, bytes, threads: 1 })
    }

    /// A thread stops using the table.
    pub(crate) fn release(&mut self, id: TableId) {
        let slot = &mut self.slots[id.0 as usize];
        slot.threads = slot.threads.saturating_sub(1);
        if slot.threads == 0 {
            self.total -= slot.entries.len();
            self.total_bytes -= slot.bytes;
            slot.bytes = 0;
            slot.entries = Arc::default();
            self.free.push(id.0);
        }
    }

    /// How many threads use the table.
    pub(crate) fn users(&self, id: TableId) -> u32 {
        self.slots[id.0 as usize].threads
    }

    pub(crate) fn get(&self, id: TableId, fd: i64) -> Option<&Descriptor> {
        self.slots[id.0 as usize].entries.get(&fd)
    }

    pub(crate) fn get_mut(&mut self, id: TableId, fd: i64) -> Option<&mut Descriptor> {
        let entries = &mut self.slots[id.0 as usize].entries;
        if !entries.contains_key(&fd) {
            return None;
        }
        Arc::make_mut(entries).get_mut(&fd)
    }

    /// Puts a descriptor in, replacing what had its number. `false` when there is no room.
    pub(crate) fn insert(
        &mut self,
        id: TableId,
        fd: i64,
        mut descriptor: Descriptor,
        budget: &Budget,
        losses: &mut Losses,
    ) -> bool {
        let slot = &mut self.slots[id.0 as usize];
        descriptor.weight = descriptor.size_bytes() as u32;
        let added = descriptor.weight as usize;
        let (replaced, freed) = match slot.entries.get(&fd) {
            Some(before) => (1, before.weight as usize),
            None => (0, 0),
        };
        let is_full =
            replaced == 0 && (self.total >= budget.fds || slot.entries.len() >= budget.fds_per_process);
        if is_full || self.total_bytes - freed + added > budget.fd_bytes {
            losses.fds += 1;
            return false;
        }
        self.total += 1 - replaced;
        self.total_bytes = self.total_bytes - freed + added;
        slot.bytes = slot.bytes - freed + added;
        Arc::make_mut(&mut slot.entries).insert(fd, descriptor);
        true
    }

    pub(crate) fn remove(&mut self, id: TableId, fd: i64) {
        let slot = &mut self.slots[id.0 as usize];
        if slot.entries.contains_key(&fd)
            && let Some(removed) = Arc::make_mut(&mut slot.entries).remove(&fd)
        {
            self.total -= 1;
            self.total_bytes -= removed.weight as usize;
            slot.bytes -= removed.weight as usize;
        }
    }

    /// Removes all descriptors for which `leaves` is true.
    pub(crate) fn remove_if(&mut self, id: TableId, mut leaves: impl FnMut(i64, &Descriptor) -> bool) {
        let slot = &mut self.slots[id.0 as usize];
        if !slot.entries.iter().any(|(fd, descriptor)| leaves(*fd, descriptor)) {
            return;
        }
        let (mut count, mut bytes) = (0, 0);
        Arc::make_mut(&mut slot.entries).retain(|fd, descriptor| {
            let stays = !leaves(*fd, descriptor);
            if !stays {
                count += 1;
                bytes += descriptor.weight as usize;
            }
            stays
        });
        self.total -= count;
        self.total_bytes -= bytes;
        slot.bytes -= bytes;
    }

    /// Changes all descriptors of a table.
    pub(crate) fn for_each_mut(&mut self, id: TableId, mut change: impl FnMut(i64, &mut Descriptor)) {
        let entries = &mut self.slots[id.0 as usize].entries;
        for (fd, descriptor) in Arc::make_mut(entries).iter_mut() {
            change(*fd, descriptor);
        }
    }

    pub(crate) fn iter(&self, id: TableId) -> impl Iterator<Item = (i64, &Descriptor)> {
        self.slots[id.0 as usize].entries.iter().map(|(fd, descriptor)| (*fd, descriptor))
    }

    /// How many descriptors a table has.
    pub(crate) fn len(&self, id: TableId) -> usize {
        self.slots[id.0 as usize].entries.len()
    }

    /// How many descriptors there are in all tables.
    pub(crate) fn total(&self) -> usize {
        self.total
    }

    fn place(&mut self, slot: Slot) -> TableId {
        match self.free.pop() {
            Some(id) => {
                self.slots[id as usize] = slot;
                TableId(id)
            }
            None => {
                self.slots.push(slot);
                TableId((self.slots.len() - 1) as u32)
            }
        }
    }
}
