//! From what the kernel's tables hold to what has grown.

use std::collections::HashMap;

use super::key::LinkKey;
use super::look::{LinkCounts, LinkGrowth};
use super::record::{KeyRecord, STANDS, SocketRecord, TotalsRecord};

/// After so long without being found open, a socket is taken to have ended unseen. One that no process
/// holds any more waits for its last acknowledgements, but for minutes only.
const LOST_AFTER_NS: u64 = 15 * 60 * 1_000_000_000;

/// The totals of each link at the look before.
#[derive(Debug, Default)]
pub(crate) struct LinkTable {
    last: HashMap<KeyRecord, TotalsRecord>,
    /// Sockets whose end was missed.
    lost: u64,
}

/// What a look comes to.
#[derive(Debug, Default)]
pub(crate) struct Grown {
    links: HashMap<KeyRecord, LinkGrowth>,
    /// Links to take out of the kernel's table.
    pub(crate) idle: Vec<KeyRecord>,
    /// Sockets to take out.
    pub(crate) lost: Vec<u64>,
}

impl LinkTable {
    /// Compares with the look before. Sockets were read before totals.
    pub(crate) fn look(
        &mut self,
        sockets: &[(u64, SocketRecord)],
        totals: &[(KeyRecord, TotalsRecord)],
        now_ns: u64,
    ) -> Grown {
        let mut grown = Grown::default();
        for (address, socket) in sockets {
            if now_ns.saturating_sub(socket.seen_ns) > LOST_AFTER_NS {
                grown.lost.push(*address);
                self.lost += 1;
                grown.of(&socket.link).grown.closed += u64::from(socket.flags & STANDS);
                continue;
            }
            let link = grown.of(&socket.link);
            if socket.flags & STANDS == 0 {
                continue;
            }
            link.active += 1;
            if socket.rtt_us > 0 {
                link.rtt_sum_us += u64::from(socket.rtt_us);
                link.rtt_count += 1;
            }
        }
        for (key, now) in totals {
            let before = self.last.insert(*key, *now).unwrap_or_default();
            let has_sockets = grown.links.contains_key(key);
            if *now == before && !has_sockets {
                grown.idle.push(*key);
            } else {
                grown.of(key).grow(&before, now);
            }
        }
        grown
    }

    /// A link was taken out of the kernel's table, which held `last` of it.
    pub(crate) fn taken_out(&mut self, key: &KeyRecord, last: Option<TotalsRecord>, grown: &mut Grown) {
        let before = self.last.remove(key).unwrap_or_default();
        if let Some(last) = last.filter(|last| *last != before) {
            grown.of(key).grow(&before, &last);
        }
    }

    /// Sockets whose end was missed, since the beginning.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }
}

impl Grown {
    /// Each link that has a connection or that something happened to.
    pub(crate) fn links(self) -> Vec<LinkGrowth> {
        let happened = |one: &LinkGrowth| one.active > 0 || one.grown != LinkCounts::default();
        self.links.into_values().filter(happened).collect()
    }

    fn of(&mut self, key: &KeyRecord) -> &mut LinkGrowth {
        self.links.entry(*key).or_insert_with(|| LinkGrowth {
            link: LinkKey::from(key),
            grown: LinkCounts::default(),
            active: 0,
            rtt_sum_us: 0,
            rtt_count: 0,
        })
    }
}

impl LinkGrowth {
    fn grow(&mut self, before: &TotalsRecord, now: &TotalsRecord) {
        let grown = &mut self.grown;
        grown.connections += now.connections.saturating_sub(before.connections);
        grown.failed += now.failed.saturating_sub(before.failed);
        grown.closed += now.closed.saturating_sub(before.closed);
        grown.sent += now.sent.saturating_sub(before.sent);
        grown.received += now.received.saturating_sub(before.received);
        self.rtt_sum_us += now.rtt_us.saturating_sub(before.rtt_us);
        self.rtt_count += now.rtt_count.saturating_sub(before.rtt_count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: KeyRecord =
        KeyRecord { cgroup: 1, comm: [0; 16], local: [0; 16], peer: [1; 16], netns: 1, port: 80, side: 0 };

    fn socket(seen_ns: u64, rtt_us: u32) -> (u64, SocketRecord) {
        (9, SocketRecord { link: KEY, seen_ns, rtt_us, flags: STANDS, ..SocketRecord::default() })
    }

    fn totals(connections: u64, sent: u64) -> (KeyRecord, TotalsRecord) {
        (KEY, TotalsRecord { connections, sent, ..TotalsRecord::default() })
    }

    #[test]
    fn a_look_tells_what_has_grown_since_the_one_before() {
        let mut table = LinkTable::default();
        let first = table.look(&[], &[totals(2, 100)], 0).links();
        assert_eq!((first[0].grown.connections, first[0].grown.sent, first[0].active), (2, 100, 0));
        let second = table.look(&[socket(0, 40)], &[totals(3, 150)], 0).links();
        assert_eq!((second[0].grown.connections, second[0].grown.sent), (1, 50));
        assert_eq!((second[0].active, second[0].rtt_sum_us, second[0].rtt_count), (1, 40, 1));
        let third = table.look(&[socket(0, 40)], &[totals(3, 150)], 0);
        assert!(third.idle.is_empty(), "it has a connection");
        assert_eq!(third.links()[0].grown, LinkCounts::default());
    }

    #[test]
    fn a_link_without_connections_and_growth_is_taken_out_with_what_it_has() {
        let mut table = LinkTable::default();
        table.look(&[], &[totals(2, 100)], 0);
        let mut grown = table.look(&[], &[totals(2, 100)], 0);
        assert_eq!(grown.idle, [KEY]);
        // Something happened between the look and the taking.
        table.taken_out(&KEY, Some(totals(3, 101).1), &mut grown);
        assert_eq!(grown.links()[0].grown.connections, 1);
        // It begins from nothing again.
        assert_eq!(table.look(&[], &[totals(1, 7)], 0).links()[0].grown.sent, 7);
    }

    #[test]
    fn a_socket_that_nobody_holds_for_long_has_ended() {
        let mut table = LinkTable::default();
        let now = LOST_AFTER_NS + 2;
        let grown = table.look(&[socket(1, 40)], &[totals(1, 0)], now);
        assert_eq!((grown.lost.as_slice(), table.lost()), (&[9][..], 1));
        let links = grown.links();
        assert_eq!((links[0].active, links[0].grown.closed), (0, 1));
    }
}
