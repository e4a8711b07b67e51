//! `lanner record`: system calls of this machine into a file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lanner_agent::{Recording, RecordingConfig};

use crate::args::RecordArgs;
use crate::{filter, serve};

/// Records until the time is over or Ctrl+C.
pub(crate) fn record(args: &RecordArgs) -> anyhow::Result<()> {
    let config = RecordingConfig {
        file: args.file.clone(),
        filter: filter::parse(&args.filter)?,
        scope: serve::scope(args.watch_only),
        snaplen: args.snaplen,
        duration: args.seconds.map(Duration::from_secs),
    };
    let stop = Arc::new(AtomicBool::new(false));
    serve::on_interrupt({
        let stop = Arc::clone(&stop);
        move || stop.store(true, Ordering::Relaxed)
    })?;
    let recorded = Recording::start(config)?.run(&stop)?;
    println!(
        "{}: {} events, {} bytes, {} lost",
        args.file.display(),
        recorded.events,
        recorded.bytes,
        recorded.lost
    );
    Ok(())
}
