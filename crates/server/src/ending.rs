//! How everything that goes on learns that the server ends.

use tokio::sync::watch;

/// Announces the end.
#[derive(Debug)]
pub(crate) struct Announcer(watch::Sender<bool>);

/// Waits for the end.
#[derive(Clone, Debug)]
pub(crate) struct Ending(watch::Receiver<bool>);

impl Announcer {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(crate) fn ending(&self) -> Ending {
        Ending(self.0.subscribe())
    }

    pub(crate) fn announce(&self) {
        self.0.send_replace(true);
    }
}

impl Ending {
    /// Returns when the server ends.
    pub(crate) async fn announced(&mut self) {
        // That the announcer is gone is an end, too.
        let _ = self.0.wait_for(|over| *over).await;
    }
}
