//! The parts of captures put together.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use anyhow::Context as _;
use lanner_api::agent::StartCapture;
use lanner_model::id::AgentId;
use lanner_model::time::WallNs;
use lanner_probe::Probe;
use tokio::sync::watch;

use super::desk::CaptureDesk;
use super::outgoing::Outgoing;
use super::recording::Recorder;
use super::shelf::Shelf;
use crate::tally::Tally;

/// Orders that may wait.
const ORDERS: usize = 64;

/// Where captures are ordered, where they go, and the thread that makes them.
pub(crate) struct Captures {
    pub(crate) desk: Arc<CaptureDesk>,
    pub(crate) outgoing: Arc<Outgoing>,
    /// `None` where nothing can be captured.
    pub(crate) thread: Option<JoinHandle<()>>,
}

impl Captures {
    /// Takes the probe's flight recorder. Without one every order is refused, and what lies in `folder`
    /// is sent all the same.
    ///
    /// # Errors
    /// When the folder can not be used or a thread not be started.
    pub(crate) fn start(
        probe: &mut Probe,
        folder: &Path,
        agent: AgentId,
        tally: &Arc<Tally>,
        stop: watch::Receiver<bool>,
    ) -> anyhow::Result<Self> {
        let shelf = Shelf::open(folder)?;
        let outgoing = Arc::new(Outgoing::new(shelf.clone(), shelf.left_over(), Arc::clone(tally)));
        let Some(flight) = probe.flight_recorder() else {
            let desk = Arc::new(CaptureDesk::closed(agent, probe.flight_note().1));
            return Ok(Self { desk, outgoing, thread: None });
        };
        let (orders, taken) = sync_channel(ORDERS);
        let desk = Arc::new(CaptureDesk::new(agent, orders));
        let recorder = Recorder {
            flight,
            snapshots: probe.snapshots().context("read who is there")?,
            desk: Arc::clone(&desk),
            outgoing: Arc::clone(&outgoing),
            shelf,
            tally: Arc::clone(tally),
            orders: taken,
        };
        let run = move || recorder.run(|| *stop.borrow());
        let thread = std::thread::Builder::new().name("captures".to_owned()).spawn(run);
        Ok(Self { desk, outgoing, thread: Some(thread.context("start the thread of captures")?) })
    }
}

/// Begins what a person wants, and tells the server where that can not be.
pub(crate) fn begin_for_person(desk: &CaptureDesk, outgoing: &Outgoing, start: StartCapture, now: WallNs) {
    if let Err(refused) = desk.begin_for_person(start, now) {
        let (order, why) = *refused;
        tracing::warn!(id = %order.id, "a capture is not begun: {why}");
        outgoing.tell(order.failed(why));
    }
}
