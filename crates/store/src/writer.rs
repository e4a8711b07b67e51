//! The one thread that changes a store.
//!
//! All changes of an embedded store are jobs for its writer thread, so they need no lock among
//! themselves, file IO stays off the async threads, and jobs that wait together share one sync of
//! the write-ahead log.

use std::thread::JoinHandle;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use crate::error::StoreError;

/// How many jobs may wait; who sends more waits, too.
const QUEUE: usize = 64;

/// Where the answer to a job goes. That nobody waits for it any more is no failure.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the thread does.
pub(crate) trait Engine: Send + 'static {
    /// What it can be asked for.
    type Job: Send;

    /// Does all of these jobs, in order, and answers each.
    fn run(&mut self, jobs: Vec<Self::Job>);
}

/// The writer thread. Dropping it waits until the jobs that were sent are done.
pub(crate) struct Writer<J> {
    jobs: Option<Sender<J>>,
    thread: Option<JoinHandle<()>>,
}

impl<J: Send + 'static> Writer<J> {
    /// Starts the thread.
    pub(crate) fn start(name: &str, mut engine: impl Engine<Job = J>) -> std::io::Result<Writer<J>> {
        let (sender, mut receiver): (Sender<J>, Receiver<J>) = channel(QUEUE);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Some(first) = receiver.blocking_recv() {
                let mut jobs = vec![first];
                while let Ok(next) = receiver.try_recv() {
                    jobs.push(next);
                }
                engine.run(jobs);
            }
        })?;
        Ok(Writer { jobs: Some(sender), thread: Some(thread) })
    }

    /// Sends a job and waits for its answer.
    pub(crate) async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> J) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job(reply)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl<J> Drop for Writer<J> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic in it was printed by the panic hook already.
            let _ = thread.join();
        }
    }
}

/// Runs reading work where it may block.
pub(crate) async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?
}
