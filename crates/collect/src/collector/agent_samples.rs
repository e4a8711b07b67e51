//! Samples of the agent itself.

use lanner_metrics::{Round, metric};
use lanner_model::loss::Loss;

use super::agent_counts::AgentCounts;
use super::gather::Gather;
use crate::clock::own_process_cpu_ns;
use crate::process::reading;
use crate::text::{number, words};

/// What the agent says of itself.
pub(super) struct Agent<'a> {
    pub(super) counts: &'a AgentCounts,
    /// What the collector left out.
    pub(super) losses: &'a [Loss],
    /// CPU time spent on collecting.
    pub(super) spent_ns: u64,
    pub(super) series: usize,
}

pub(super) fn add(round: &mut Round<'_>, gather: &mut Gather, agent: &Agent<'_>) {
    let counts = agent.counts;
    round.add(&metric::LANNER_AGENT_CPU_SECONDS_TOTAL, [], own_process_cpu_ns() as f64 / 1e9);
    let statm = gather.proc.read_short("self/statm", &mut gather.buffer);
    let pages = statm.and_then(|file| words(file).nth(1).and_then(number));
    let bytes = pages.map(|pages| (pages * rustix::param::page_size() as u64) as f64);
    round.add_known(&metric::LANNER_AGENT_RESIDENT_MEMORY_BYTES, [], bytes);
    let mut path = reading::Path::default();
    path.enter_self();
    let fds = gather.processes.fd_count().count(&gather.proc, &mut path, &mut gather.buffer);
    round.add_known(&metric::LANNER_AGENT_OPEN_FDS, [], fds.map(|fds| fds as f64));
    round.add(&metric::LANNER_AGENT_COLLECT_SECONDS_TOTAL, [], agent.spent_ns as f64 / 1e9);
    round.add(&metric::LANNER_AGENT_EVENTS_TOTAL, [], counts.events as f64);
    round.add(&metric::LANNER_AGENT_FINDINGS_TOTAL, [], counts.findings as f64);
    for loss in counts.losses.iter().chain(agent.losses) {
        round.add(&metric::LANNER_AGENT_LOST_TOTAL, [loss.cause.as_str(), &loss.place], loss.count as f64);
    }
    round.add(&metric::LANNER_AGENT_PROCESSES, [], gather.processes.len() as f64);
    round.add(&metric::LANNER_AGENT_CONTAINERS, [], gather.containers.len() as f64);
    round.add(&metric::LANNER_AGENT_SERIES, [], agent.series as f64);
}
