//! What is asked, again and again: samples for the store, a live table for pages that look.

use std::sync::Arc;
use std::time::Duration;

use lanner_api::agent::Status;
use lanner_collect::{AgentCounts, Collector};
use lanner_model::resource::LiveTable;
use tokio::sync::{mpsc, watch};
use tokio::task::block_in_place;
use tokio::time::Instant;

use crate::clock;
use crate::links::Links;
use crate::network::Network;
use crate::own_state::OwnState;
use crate::spooler::Durable;
use crate::tally::Tally;

/// The sampler's ends of the agent's channels.
pub(crate) struct Sampler {
    pub(crate) collector: Collector,
    pub(crate) network: Network,
    pub(crate) links: Links,
    pub(crate) tally: Arc<Tally>,
    pub(crate) own: OwnState,
    /// Between two rounds of samples.
    pub(crate) sample_interval: Duration,
    /// Between two live tables, as the server wants it at the moment.
    pub(crate) interest: watch::Receiver<Duration>,
    pub(crate) tables: watch::Sender<Option<LiveTable>>,
    pub(crate) status: watch::Sender<Option<Status>>,
    pub(crate) spool: mpsc::Sender<Durable>,
    pub(crate) stop: watch::Receiver<bool>,
}

impl Sampler {
    /// Runs until the agent ends.
    pub(crate) async fn run(mut self) {
        let mut next_samples = Instant::now();
        let mut last_table: Option<Instant> = None;
        while !*self.stop.borrow() {
            let now = Instant::now();
            let next_table = last_table.map_or(now, |last| last + *self.interest.borrow());
            if next_table <= now {
                let table = block_in_place(|| {
                    self.tell();
                    self.collector.table(clock::now().millis())
                });
                self.tables.send_replace(Some(table));
                self.status.send_replace(Some(self.own.status(&self.tally)));
                last_table = Some(now);
                continue;
            }
            if next_samples <= now {
                let samples = block_in_place(|| {
                    let now = clock::now();
                    let links = self.links.samples(now, &self.tally);
                    self.tell();
                    let mut samples = self.collector.samples(now.millis());
                    samples.extend(links);
                    samples
                });
                if self.spool.send(Durable::Samples(samples)).await.is_err() {
                    return;
                }
                next_samples = (next_samples + self.sample_interval).max(now);
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep_until(next_table.min(next_samples)) => {}
                _ = self.interest.changed() => {}
                _ = self.stop.changed() => {}
            }
        }
    }

    /// Says what the collector can not read from any file.
    fn tell(&mut self) {
        let network = self.network.look(&self.tally);
        self.collector.tell(AgentCounts {
            network,
            events: self.tally.events(),
            findings: self.tally.findings(),
            losses: self.tally.all_losses(),
        });
    }
}
