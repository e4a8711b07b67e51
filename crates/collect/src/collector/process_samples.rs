//! Samples of processes.

use lanner_metrics::{Round, metric, start_label};
use lanner_model::resource::ContainerInfo;
use lanner_model::time::MonoNs;
use rustc_hash::{FxHashMap, FxHashSet};

use super::gather::Gather;
use super::top::{self, Weight};
use crate::process::identity::Identity;
use crate::process::reading::Reading;
use crate::process::table::Process;
use crate::rate::per_second;

/// Sums of the others that are kept; what is beyond is refused and counted.
const OTHERS_MAX: usize = 2_000;

/// Which processes had series, and the sums of the others.
#[derive(Debug, Default)]
pub(super) struct ProcessSeries {
    chosen: FxHashSet<u32>,
    others: FxHashMap<OtherKey, Other>,
    round: u64,
    refused: u64,
}

/// Name and container id.
type OtherKey = (String, String);

/// Processes without series of their own, of one name in one container.
#[derive(Debug, Default)]
struct Other {
    container: String,
    seen: u64,
    cpu_ns: u64,
    disk_read_bytes: Option<u64>,
    disk_written_bytes: Option<u64>,
    received_bytes: Option<u64>,
    sent_bytes: Option<u64>,
    resident_bytes: Option<u64>,
    threads: Option<u64>,
    fds: Option<u64>,
}

impl ProcessSeries {
    pub(super) fn refused(&self) -> u64 {
        self.refused
    }

    /// Adds the samples of what was read last, and keeps that as what the next are compared with.
    pub(super) fn add(&mut self, round: &mut Round<'_>, gather: &mut Gather) {
        let last = gather.samples_at;
        let weights: Vec<(u32, Weight)> =
            gather.processes.iter().map(|(pid, process)| (pid, weight(process, last))).collect();
        self.chosen = top::highest(&weights, &self.chosen);
        self.round += 1;
        let by_pid = gather.containers.by_pid();
        for (pid, process) in gather.processes.iter() {
            let container = by_pid.get(&pid).copied().or(process.identity.container.as_ref());
            if self.chosen.contains(&pid) {
                add_one(round, gather, pid, process, container);
            } else {
                self.join_others(process, container, last);
            }
        }
        let now = self.round;
        self.others.retain(|_, other| other.seen == now);
        self.others.iter().for_each(|(key, other)| add_other(round, key, other));

        gather.samples_at = Some(gather.host.counters.cpu.at);
        gather.processes.iter_mut().for_each(|(_, process)| process.before.samples = Some(process.now));
    }

    fn join_others(&mut self, process: &Process, container: Option<&ContainerInfo>, last: Option<MonoNs>) {
        let id = container.map_or("", |info| info.id.as_str());
        let key = (name_of_many(&process.identity).to_owned(), id.to_owned());
        if self.others.len() >= OTHERS_MAX && !self.others.contains_key(&key) {
            self.refused += 1;
            return;
        }
        let other = self.others.entry(key).or_default();
        if other.seen != self.round {
            other.seen = self.round;
            other.container = container.map(|info| info.name.clone()).unwrap_or_default();
            (other.resident_bytes, other.threads, other.fds) = (None, None, None);
        }
        other.join(&process.now, process.base(process.before.samples, last));
    }
}

impl Other {
    /// The sum of counters must not fall when one of those summed ends or gets series of its own, so it is
    /// a sum of what they grew by.
    fn join(&mut self, now: &Reading, before: Option<Reading>) {
        let before = before.unwrap_or(*now);
        self.cpu_ns = self.cpu_ns.saturating_add(now.cpu_ns.saturating_sub(before.cpu_ns));
        grow(&mut self.disk_read_bytes, before.disk_read_bytes, now.disk_read_bytes);
        grow(&mut self.disk_written_bytes, before.disk_written_bytes, now.disk_written_bytes);
        grow(&mut self.received_bytes, before.received_bytes, now.received_bytes);
        grow(&mut self.sent_bytes, before.sent_bytes, now.sent_bytes);
        join(&mut self.resident_bytes, now.resident_bytes);
        join(&mut self.threads, Some(now.threads));
        join(&mut self.fds, now.fds);
    }
}

fn grow(sum: &mut Option<u64>, before: Option<u64>, now: Option<u64>) {
    join(sum, now.map(|now| now.saturating_sub(before.unwrap_or(now))));
}

fn join(sum: &mut Option<u64>, value: Option<u64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}

/// The name under which processes are summed. A kernel thread's says the CPU and what it does at the moment
/// (`kworker/0:1-events`), which would make new series all the time.
fn name_of_many(identity: &Identity) -> &str {
    let comm = identity.comm.as_str();
    if identity.is_kernel_thread { comm.split_once('/').map_or(comm, |(name, _)| name) } else { comm }
}

fn weight(process: &Process, last: Option<MonoNs>) -> Weight {
    let now = &process.now;
    let base = process.base(process.before.samples, last);
    let rate = |of: fn(&Reading) -> crate::rate::Counted| per_second(of(&base?), of(now));
    let both = |a: Option<f64>, b: Option<f64>| a.or(b).map(|_| a.unwrap_or(0.0) + b.unwrap_or(0.0));
    Weight {
        cpu: rate(Reading::cpu),
        memory: now.resident_bytes.map(|bytes| bytes as f64),
        disk: both(rate(Reading::disk_read), rate(Reading::disk_written)),
        network: both(rate(Reading::received), rate(Reading::sent)),
    }
}

fn add_one(
    round: &mut Round<'_>,
    gather: &Gather,
    pid: u32,
    process: &Process,
    container: Option<&ContainerInfo>,
) {
    let identity = &process.identity;
    let pid = pid.to_string();
    let start = start_label(process.start(gather.boot));
    let (name, id) = container.map_or(("", ""), |info| (info.name.as_str(), info.id.as_str()));
    let labels = [identity.comm.as_str(), identity.exepath.as_str(), &pid, &start, name, id];
    let now = &process.now;
    let float = |value: Option<u64>| value.map(|value| value as f64);
    round.add(&metric::LANNER_PROCESS_CPU_SECONDS_TOTAL, labels, now.cpu_ns as f64 / 1e9);
    round.add(&metric::LANNER_PROCESS_THREADS, labels, now.threads as f64);
    round.add_known(&metric::LANNER_PROCESS_RESIDENT_MEMORY_BYTES, labels, float(now.resident_bytes));
    round.add_known(&metric::LANNER_PROCESS_OPEN_FDS, labels, float(now.fds));
    round.add_known(&metric::LANNER_PROCESS_DISK_READ_BYTES_TOTAL, labels, float(now.disk_read_bytes));
    round.add_known(&metric::LANNER_PROCESS_DISK_WRITTEN_BYTES_TOTAL, labels, float(now.disk_written_bytes));
    round.add_known(&metric::LANNER_PROCESS_NETWORK_RECEIVE_BYTES_TOTAL, labels, float(now.received_bytes));
    round.add_known(&metric::LANNER_PROCESS_NETWORK_TRANSMIT_BYTES_TOTAL, labels, float(now.sent_bytes));
}

fn add_other(round: &mut Round<'_>, (comm, id): &OtherKey, other: &Other) {
    let labels = [comm.as_str(), "", "other", "", other.container.as_str(), id.as_str()];
    let float = |value: Option<u64>| value.map(|value| value as f64);
    round.add(&metric::LANNER_PROCESS_CPU_SECONDS_TOTAL, labels, other.cpu_ns as f64 / 1e9);
    round.add_known(&metric::LANNER_PROCESS_THREADS, labels, float(other.threads));
    round.add_known(&metric::LANNER_PROCESS_RESIDENT_MEMORY_BYTES, labels, float(other.resident_bytes));
    round.add_known(&metric::LANNER_PROCESS_OPEN_FDS, labels, float(other.fds));
    round.add_known(&metric::LANNER_PROCESS_DISK_READ_BYTES_TOTAL, labels, float(other.disk_read_bytes));
    round.add_known(
        &metric::LANNER_PROCESS_DISK_WRITTEN_BYTES_TOTAL,
        labels,
        float(other.disk_written_bytes),
    );
    round.add_known(&metric::LANNER_PROCESS_NETWORK_RECEIVE_BYTES_TOTAL, labels, float(other.received_bytes));
    round.add_known(&metric::LANNER_PROCESS_NETWORK_TRANSMIT_BYTES_TOTAL, labels, float(other.sent_bytes));
}
