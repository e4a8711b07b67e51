//! The one writer of the spool: takes what is durable, many at a time, and puts it on disk at once.

use std::sync::Arc;

use lanner_model::finding::Finding;
use lanner_model::loss::LossCause;
use lanner_model::series::Sample;
use tokio::sync::mpsc;
use tokio::task::block_in_place;

use crate::outbox::Outbox;
use crate::tally::Tally;

/// What must not be lost.
#[derive(Debug)]
pub(crate) enum Durable {
    /// A round of samples.
    Samples(Vec<Sample>),
    /// A rule hit.
    Finding(Box<Finding>),
}

/// How many are written by one sync at most.
const GROUP: usize = 256;

/// Runs until all senders are gone.
pub(crate) async fn run(mut queue: mpsc::Receiver<Durable>, outbox: Arc<Outbox>, tally: Arc<Tally>) {
    let mut group = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let (mut samples, mut findings) = (Vec::new(), Vec::new());
        for durable in group.drain(..) {
            match durable {
                Durable::Samples(more) => samples.extend(more),
                Durable::Finding(finding) => findings.push(*finding),
            }
        }
        if let Err(error) = block_in_place(|| outbox.store(&samples, &findings, &tally)) {
            // A full or broken disk: what can not be kept is counted, the agent goes on watching.
            tracing::error!("the spool takes nothing: {error:#}");
            tally.lose(LossCause::SpoolFull, "spool", (samples.len() + findings.len()) as u64);
        }
    }
}
