//! The collector as others see it.

use lanner_metrics::{SeriesSet, Target};
use lanner_model::id::NodeName;
use lanner_model::loss::{Loss, LossCause};
use lanner_model::resource::LiveTable;
use lanner_model::series::Sample;
use lanner_model::time::{WallMs, WallNs};

use super::agent_counts::AgentCounts;
use super::gather::Gather;
use super::process_samples::ProcessSeries;
use super::{agent_samples, container_samples, host_samples, live};
use crate::clock::{Clock, boot_clock, own_thread_cpu_ns};
use crate::container::layout::CgroupLayout;
use crate::error::CollectError;
use crate::roots::Roots;

/// Series of one node; what is beyond is refused and counted ([`Collector::losses`]). A node with 100
/// containers and the most processes that have series of their own needs 8,000.
const SERIES_BUDGET: usize = 30_000;

/// Reads a node, again and again.
#[derive(Debug)]
pub struct Collector {
    node: NodeName,
    gather: Gather,
    series: SeriesSet,
    process_series: ProcessSeries,
    counts: AgentCounts,
    spent_ns: u64,
}

/// What a collector is told of its surroundings instead of finding it out.
pub struct Surroundings {
    /// Labels of all series beside the node's: `cluster`, `region`, `zone`.
    pub labels: Vec<(String, String)>,
    /// When the machine booted; `None`: it is read, from the clocks where `proc` is this machine's, else
    /// from `/proc/stat`. Hand it on to whoever names processes by their start.
    pub boot: Option<WallNs>,
    /// What says how much time has passed.
    pub clock: Clock,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { labels: Vec::new(), boot: None, clock: boot_clock() }
    }
}

impl Collector {
    /// A collector of this machine. Nothing is read yet but which hierarchies there are.
    ///
    /// # Errors
    /// When there is no procfs. Missing cgroups or a missing sysfs are no errors: what they would say is
    /// not known then.
    pub fn new(roots: Roots, node: NodeName) -> Result<Self, CollectError> {
        Self::within(roots, node, Surroundings::default())
    }

    /// The same with more said beforehand.
    ///
    /// # Errors
    /// As [`Collector::new`].
    pub fn within(roots: Roots, node: NodeName, surroundings: Surroundings) -> Result<Self, CollectError> {
        let target = Target { node: node.clone(), labels: surroundings.labels };
        let gather = Gather::new(&roots, surroundings.boot, surroundings.clock)?;
        Ok(Self {
            node,
            gather,
            series: SeriesSet::new(&target, SERIES_BUDGET),
            process_series: ProcessSeries::default(),
            counts: AgentCounts::default(),
            spent_ns: 0,
        })
    }

    /// The node's name.
    #[must_use]
    pub fn node(&self) -> &NodeName {
        &self.node
    }

    /// When the machine booted, as all starts of processes are counted from.
    #[must_use]
    pub fn boot(&self) -> WallNs {
        self.gather.boot
    }

    /// How cgroups are mounted.
    #[must_use]
    pub fn cgroup_layout(&self) -> CgroupLayout {
        self.gather.containers.layout()
    }

    /// Says what the agent has counted itself; it stands until it is said anew.
    pub fn tell(&mut self, counts: AgentCounts) {
        self.counts = counts;
    }

    /// What this collector left out, cumulative.
    #[must_use]
    pub fn losses(&self) -> Vec<Loss> {
        let loss = |place: &str, count| Loss { cause: LossCause::Budget, place: place.to_owned(), count };
        let all = [
            loss("series", self.series.refused()),
            loss("cgroups", self.gather.containers.skipped()),
            loss("other_processes", self.process_series.refused()),
        ];
        all.into_iter().filter(|loss| loss.count > 0).collect()
    }

    /// The node at this moment. Rates are since the table before, `None` in the first. A process that
    /// began since then counts from its start.
    ///
    /// What was read for the same `now` is not read again, so a table and samples of one moment cost one
    /// reading.
    pub fn table(&mut self, now: WallMs) -> LiveTable {
        let began = own_thread_cpu_ns();
        self.gather.read(now, &self.counts);
        let table = live::table(&mut self.gather, &self.node, now);
        self.spent_ns += own_thread_cpu_ns().saturating_sub(began);
        table
    }

    /// Samples of everything that is measured, all of the time `now`; a series that ended since the samples
    /// before has a stale marker.
    pub fn samples(&mut self, now: WallMs) -> Vec<Sample> {
        let began = own_thread_cpu_ns();
        self.gather.read(now, &self.counts);
        let losses = self.losses();
        let series_alive = self.series.len();
        let mut round = self.series.round(now);
        host_samples::add(&mut round, &mut self.gather, now);
        container_samples::add(&mut round, &self.gather, now);
        self.process_series.add(&mut round, &mut self.gather);
        let agent = agent_samples::Agent {
            counts: &self.counts,
            losses: &losses,
            spent_ns: self.spent_ns,
            series: series_alive,
        };
        agent_samples::add(&mut round, &mut self.gather, &agent);
        let samples = round.finish();
        self.spent_ns += own_thread_cpu_ns().saturating_sub(began);
        samples
    }
}
