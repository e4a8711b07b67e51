//! Bytes of each process's network, asked of the kernel.

use lanner_collect::NetworkBytes;
use lanner_model::loss::{Loss, LossCause};
use lanner_probe::{Probe, ProbeError, SocketBytesReader};
use rustc_hash::FxHashMap;

use crate::network_tally::NetworkTally;
use crate::tally::Tally;

/// What asks, and what came of it so far.
#[derive(Debug)]
pub(crate) struct Network {
    /// `None` where the kernel can not be asked.
    reader: Option<SocketBytesReader>,
    bytes: NetworkTally,
    is_failing: bool,
}

impl Network {
    /// Looks through a probe's reader. Without one the bytes of processes are not known.
    pub(crate) fn of(probe: &Probe) -> Self {
        let reader = probe.socket_bytes().unwrap_or_else(|error| {
            tell_failure(error);
            None
        });
        Self { reader, bytes: NetworkTally::default(), is_failing: false }
    }

    /// The bytes of each process by pid; empty when they are not known at the moment.
    pub(crate) fn look(&mut self, tally: &Tally) -> FxHashMap<u32, NetworkBytes> {
        let Some(reader) = &self.reader else { return FxHashMap::default() };
        match reader.look() {
            Ok(look) => {
                self.is_failing = false;
                self.bytes.add(look);
                let count = self.bytes.cut_looks();
                if count > 0 {
                    tally.set_loss(Loss { cause: LossCause::Budget, place: "sockets".to_owned(), count });
                }
                self.bytes.bytes()
            }
            Err(error) => {
                if !std::mem::replace(&mut self.is_failing, true) {
                    tell_failure(error);
                }
                FxHashMap::default()
            }
        }
    }
}

fn tell_failure(error: ProbeError) {
    tracing::warn!("the network of processes is not known: {:#}", anyhow::Error::new(error));
}
