//! Asks the kernel what has become of links.

use std::fmt;

use lanner_model::id::CgroupId;
use lanner_model::loss::{Loss, LossCause};
use libbpf_rs::{Link, MapCore, MapFlags, MapHandle};

use super::address::address;
use super::key::Name;
use super::look::{LinkLook, Listener};
use super::paths::CgroupPaths;
use super::record::{KeyRecord, ListenerRecord, LookRecord, LossesRecord, SocketRecord, TotalsRecord, mode};
use super::table::LinkTable;
use crate::bytes::Plain;
use crate::clock;
use crate::error::ProbeError;
use crate::iterate;
use crate::loader::Loaded;
use crate::program;

/// Entries that are read of a table at a time.
const BATCH: u32 = 1024;

/// Reads what has become of links. It works on any thread, and as long as the probe lives.
///
/// A connection belongs to the process that connected or accepted, whoever uses it later. What it carries
/// is what the kernel counts of its socket: each byte sent once, bytes received without the end of the
/// stream. Connections that stood before the first look count by what they carry from then on.
pub struct LinkReader {
    sockets: MapHandle,
    links: MapHandle,
    mode: MapHandle,
    losses: MapHandle,
    /// `None` where the kernel has no iterators: then open connections are told when they end, and those
    /// that were there before, as all listeners, not at all.
    iterator: Option<Link>,
    paths: CgroupPaths,
    table: LinkTable,
    has_looked: bool,
    /// Counts looks, 1 to 255.
    generation: u8,
}

impl LinkReader {
    /// `None` where the programs of links are not loaded.
    pub(crate) fn of(loaded: &Loaded, paths: CgroupPaths) -> Result<Option<Self>, ProbeError> {
        let programs = loaded.programs();
        if !program::LINKS.iter().all(|wanted| programs.iter().any(|name| name == wanted)) {
            return Ok(None);
        }
        Ok(Some(Self {
            sockets: loaded.map("link_sockets")?,
            links: loaded.map("links")?,
            mode: loaded.map(".data.link_look")?,
            losses: loaded.map(".data.link_losses")?,
            iterator: loaded.iterator(program::LINK_LOOK).transpose()?,
            paths,
            table: LinkTable::default(),
            has_looked: false,
            generation: 1,
        }))
    }

    /// Where control groups are.
    #[must_use]
    pub fn paths(&self) -> &CgroupPaths {
        &self.paths
    }

    /// Looks at all links.
    ///
    /// # Errors
    /// When the kernel does not run the iterator or read its tables; what has grown is in the next look.
    pub fn look(&mut self) -> Result<LinkLook, ProbeError> {
        let listeners = self.look_at_sockets()?;
        let sockets: Vec<(u64, SocketRecord)> = entries(&self.sockets)?
            .filter_map(|(key, value)| {
                Some((u64::from_ne_bytes(key.try_into().ok()?), SocketRecord::read(&value)?))
            })
            .collect();
        let totals: Vec<(KeyRecord, TotalsRecord)> = entries(&self.links)?
            .filter_map(|(key, value)| Some((KeyRecord::read(&key)?, TotalsRecord::read(&value)?)))
            .collect();
        let mut grown = self.table.look(&sockets, &totals, clock::boot_ns());
        for socket in std::mem::take(&mut grown.lost) {
            // One that has ended meanwhile is not there any more.
            let _ = self.sockets.delete(&socket.to_ne_bytes());
        }
        for link in std::mem::take(&mut grown.idle) {
            let last = self.take_out(&link)?;
            self.table.taken_out(&link, last, &mut grown);
        }
        Ok(LinkLook { links: grown.links(), listeners, losses: self.read_losses() })
    }

    /// Takes a link out of the kernel's table, with what happened to it until then.
    fn take_out(&self, link: &KeyRecord) -> Result<Option<TotalsRecord>, ProbeError> {
        let taken = self.links.lookup_and_delete(link.bytes()).or_else(|_| {
            // At once only since Linux 5.14: before, what happens between the two is lost.
            let last = self.links.lookup(link.bytes(), MapFlags::ANY)?;
            self.links.delete(link.bytes()).map(|()| last)
        });
        let last = taken.map_err(|cause| failed("read", &self.links, cause))?;
        Ok(last.and_then(|bytes| TotalsRecord::read(&bytes)))
    }

    /// Has open connections counted, and tells who listens.
    fn look_at_sockets(&mut self) -> Result<Vec<Listener>, ProbeError> {
        let Some(iterator) = &self.iterator else { return Ok(Vec::new()) };
        self.generation = self.generation % u8::MAX + 1;
        let run = || iterate::run::<ListenerRecord>(iterator, program::LINK_LOOK);
        if !self.has_looked {
            // Ports first: they tell who serves in the connections that stand.
            self.set_mode(mode::PORTS)?;
            run()?;
        }
        self.set_mode(if self.has_looked { mode::NEW } else { mode::STANDING })?;
        let (records, _) = run()?;
        self.has_looked = true;
        Ok(records.iter().map(Listener::from).collect())
    }

    fn set_mode(&self, mode: u32) -> Result<(), ProbeError> {
        let record = LookRecord { mode, generation: self.generation.into() };
        self.mode
            .update(&0u32.to_ne_bytes(), record.bytes(), MapFlags::ANY)
            .map_err(|cause| failed("write", &self.mode, cause))
    }

    fn read_losses(&self) -> Vec<Loss> {
        let read = self.losses.lookup(&0u32.to_ne_bytes(), MapFlags::ANY).ok().flatten();
        let losses = read.and_then(|bytes| LossesRecord::read(&bytes)).unwrap_or_default();
        let loss = |cause, place: &str, count| Loss { cause, place: place.to_owned(), count };
        let all = [
            loss(LossCause::MapFull, "links", losses.links),
            loss(LossCause::MapFull, "link_sockets", losses.sockets),
            loss(LossCause::RingFull, "link_ends", losses.ends),
            loss(LossCause::Recursion, "link_ends", self.table.lost()),
        ];
        all.into_iter().filter(|loss| loss.count > 0).collect()
    }
}

impl From<&ListenerRecord> for Listener {
    fn from(record: &ListenerRecord) -> Self {
        Self {
            comm: Name::of(record.comm),
            cgroup: CgroupId(record.cgroup),
            netns: record.netns,
            address: address(record.address),
            port: record.port,
        }
    }
}

/// All entries of a table, as far as they do not come and go meanwhile.
fn entries(map: &MapHandle) -> Result<impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_, ProbeError> {
    map.lookup_batch(BATCH, MapFlags::ANY, MapFlags::ANY).map_err(|cause| failed("read", map, cause))
}

fn failed(operation: &'static str, map: &MapHandle, cause: libbpf_rs::Error) -> ProbeError {
    ProbeError::Map { operation, map: map.name().to_string_lossy().into_owned(), cause }
}

impl fmt::Debug for LinkReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkReader").field("has_looked", &self.has_looked).finish_non_exhaustive()
    }
}
