//! Bytes per process out of bytes per socket.

use lanner_collect::NetworkBytes;
use lanner_model::time::MonoNs;
use lanner_probe::{SocketBytes, SocketLook};
use rustc_hash::FxHashMap;

/// What each process's TCP sockets have carried since the agent began.
///
/// A socket counts by what it grew between two looks. One that was not there at the look before counts
/// from nothing, but at the first look, where nobody knows whose the bytes were. A socket that several
/// processes hold counts for each of them, as the kernel does not say who read or wrote; within one process
/// it counts once, however many descriptors refer to it. What a closed socket has added stays; a process
/// that has ended is forgotten.
///
/// A connection that begins and ends between two looks is not seen.
///
/// It holds no more than a look does, and a look is bounded.
#[derive(Debug, Default)]
pub(crate) struct NetworkTally {
    processes: FxHashMap<u32, Process>,
    /// Received and sent of each socket at the last look.
    sockets: FxHashMap<u64, NetworkBytes>,
    /// Whether a socket that is not in `sockets` is new since then.
    knows_all: bool,
    cut_looks: u64,
}

/// One process that lives.
#[derive(Debug)]
struct Process {
    start: MonoNs,
    bytes: NetworkBytes,
}

impl NetworkTally {
    /// Adds what sockets grew by since the look before.
    pub(crate) fn add(&mut self, mut look: SocketLook) {
        let mut before = std::mem::take(&mut self.processes);
        for living in &look.processes {
            let known = before.remove(&living.pid).filter(|known| known.start == living.start);
            let process = known.unwrap_or(Process { start: living.start, bytes: NetworkBytes::default() });
            self.processes.insert(living.pid, process);
        }
        look.sockets.sort_unstable_by_key(|one| (one.inode, one.pid));
        look.sockets.dedup_by_key(|one| (one.inode, one.pid));
        let mut now: FxHashMap<u64, NetworkBytes> = FxHashMap::default();
        for socket in &look.sockets {
            let grown = self.growth(socket);
            if let Some(process) = self.processes.get_mut(&socket.pid) {
                process.bytes.received = process.bytes.received.saturating_add(grown.received);
                process.bytes.sent = process.bytes.sent.saturating_add(grown.sent);
            }
            // Its holders were asked one after the other: the highest, so that nothing counts twice.
            let latest = now.entry(socket.inode).or_default();
            latest.received = latest.received.max(socket.received);
            latest.sent = latest.sent.max(socket.sent);
        }
        self.sockets = now;
        self.knows_all = look.is_complete;
        self.cut_looks += u64::from(!look.is_complete);
    }

    fn growth(&self, socket: &SocketBytes) -> NetworkBytes {
        match self.sockets.get(&socket.inode) {
            // A count that fell began anew: the socket was disconnected, or its number given to another.
            Some(before) => NetworkBytes {
                received: socket.received.checked_sub(before.received).unwrap_or(socket.received),
                sent: socket.sent.checked_sub(before.sent).unwrap_or(socket.sent),
            },
            None if self.knows_all => NetworkBytes { received: socket.received, sent: socket.sent },
            None => NetworkBytes::default(),
        }
    }

    /// The bytes of every process that was there at the last look, by pid.
    pub(crate) fn bytes(&self) -> FxHashMap<u32, NetworkBytes> {
        self.processes.iter().map(|(pid, process)| (*pid, process.bytes)).collect()
    }

    /// Looks that did not get to see every socket or process, because there were too many.
    pub(crate) fn cut_looks(&self) -> u64 {
        self.cut_looks
    }
}

#[cfg(test)]
mod tests {
    use lanner_probe::LivingProcess;

    use super::*;

    /// Processes as pid and start, sockets as pid, inode, received and sent.
    type Look<'a> = (&'a [(u32, u64)], &'a [(u32, u64, u64, u64)]);

    fn look((processes, sockets): Look<'_>) -> SocketLook {
        let process = |&(pid, start): &(u32, u64)| LivingProcess { pid, start: MonoNs(start) };
        let socket =
            |&(pid, inode, received, sent): &(u32, u64, u64, u64)| SocketBytes { pid, inode, received, sent };
        SocketLook {
            processes: processes.iter().map(process).collect(),
            sockets: sockets.iter().map(socket).collect(),
            is_complete: true,
        }
    }

    fn told(tally: &NetworkTally) -> Vec<(u32, u64, u64)> {
        let mut told: Vec<(u32, u64, u64)> =
            tally.bytes().into_iter().map(|(pid, bytes)| (pid, bytes.received, bytes.sent)).collect();
        told.sort_unstable();
        told
    }

    /// Looks one after the other, and what each process (pid, received, sent) is said to have after the last.
    fn check(looks: &[Look<'_>], expected: &[(u32, u64, u64)]) {
        let mut tally = NetworkTally::default();
        looks.iter().for_each(|one| tally.add(look(*one)));
        assert_eq!(told(&tally), expected, "{looks:?}");
    }

    const ONE: &[(u32, u64)] = &[(7, 1)];
    const TWO: &[(u32, u64)] = &[(7, 1), (8, 2)];

    #[test]
    fn what_was_carried_before_the_first_look_does_not_count() {
        check(&[(TWO, &[(7, 50, 900, 90)])], &[(7, 0, 0), (8, 0, 0)]);
        check(&[(ONE, &[(7, 50, 900, 90)]), (ONE, &[(7, 50, 1_000, 95)])], &[(7, 100, 5)]);
    }

    #[test]
    fn a_new_socket_counts_from_nothing() {
        check(&[(ONE, &[]), (ONE, &[(7, 50, 900, 90)])], &[(7, 900, 90)]);
        check(&[(ONE, &[]), (TWO, &[(8, 51, 4, 3)])], &[(7, 0, 0), (8, 4, 3)]);
    }

    #[test]
    fn a_closed_socket_keeps_what_it_had_added() {
        let looks: [Look<'_>; 4] =
            [(ONE, &[]), (ONE, &[(7, 50, 10, 1)]), (ONE, &[(7, 51, 20, 2)]), (ONE, &[])];
        check(&looks, &[(7, 30, 3)]);
    }

    #[test]
    fn a_process_that_has_ended_is_forgotten() {
        check(&[(TWO, &[]), (TWO, &[(8, 50, 10, 1)]), (ONE, &[])], &[(7, 0, 0)]);
        // Its last socket was seen, but not the process itself any more.
        check(&[(TWO, &[]), (ONE, &[(8, 50, 10, 1)])], &[(7, 0, 0)]);
    }

    #[test]
    fn a_pid_that_was_given_out_again_begins_anew() {
        check(&[(ONE, &[]), (ONE, &[(7, 50, 10, 1)]), (&[(7, 5)], &[(7, 51, 2, 3)])], &[(7, 2, 3)]);
    }

    #[test]
    fn several_descriptors_of_one_process_count_once() {
        check(&[(ONE, &[]), (ONE, &[(7, 50, 10, 1), (7, 51, 5, 5), (7, 50, 10, 1)])], &[(7, 15, 6)]);
    }

    #[test]
    fn a_socket_of_several_processes_counts_for_each_from_when_they_hold_it() {
        let looks: [Look<'_>; 4] = [
            (ONE, &[]),
            (ONE, &[(7, 50, 100, 10)]),
            (TWO, &[(7, 50, 110, 11), (8, 50, 112, 11)]),
            (TWO, &[(7, 50, 120, 12), (8, 50, 120, 12)]),
        ];
        check(&looks, &[(7, 118, 12), (8, 20, 2)]);
    }

    #[test]
    fn a_count_that_fell_began_anew() {
        check(&[(ONE, &[(7, 50, 900, 90)]), (ONE, &[(7, 50, 5, 4)])], &[(7, 5, 4)]);
    }

    #[test]
    fn after_a_look_that_was_cut_unknown_sockets_are_not_new() {
        let mut tally = NetworkTally::default();
        tally.add(look((ONE, &[])));
        tally.add(SocketLook { is_complete: false, ..look((ONE, &[(7, 50, 10, 1)])) });
        tally.add(look((ONE, &[(7, 50, 11, 1), (7, 51, 900, 90)])));
        tally.add(look((ONE, &[(7, 50, 11, 1), (7, 51, 901, 90), (7, 52, 5, 0)])));
        assert_eq!(told(&tally), [(7, 17, 1)]);
        assert_eq!(tally.cut_looks(), 1);
    }
}
