//! One way through a capture, from its beginning.

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use lanner_capture::{CaptureError, CaptureReader};
use lanner_model::loss::{Loss, LossCause};
use lanner_model::source::{Next, Source};
use lanner_state::{Budget, State, View};

/// Events after which it is asked whether anybody still waits.
const EVENTS_BETWEEN_LOOKS: u32 = 1_024;
/// Kinds of loss that are told apart.
const MOST_LOSSES: usize = 64;

/// Nobody waits for the answer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("reading the capture was given up")]
pub struct Cancelled;

/// How a pass ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// What the reader and the state could not take in.
    pub losses: Vec<Loss>,
    /// Why reading ended before the end of the file; `None` for a whole one.
    pub cut: Option<String>,
    /// The machine's name; empty where the file does not say it.
    pub hostname: String,
}

/// Opens a capture so that damage costs what is damaged and no more.
///
/// # Errors
/// When the bytes do not begin as a capture that can be read.
pub fn open(reader: impl Read + Send + 'static) -> Result<CaptureReader, CaptureError> {
    CaptureReader::salvage(reader)
}

/// Shows each event that is one for people, until `each` breaks off or nothing is left.
pub(crate) fn each_event(
    source: &mut dyn Source,
    cancelled: &AtomicBool,
    mut each: impl FnMut(&View<'_>) -> ControlFlow<()>,
) -> Result<Ended, Cancelled> {
    let mut state = State::new(Budget::default());
    let mut ended = Ended::default();
    let mut until_look = EVENTS_BETWEEN_LOOKS;
    // Damage behind which nothing more comes.
    let mut at_last = None;
    loop {
        match source.next() {
            Ok(Next::Event(delivery)) => {
                at_last = None;
                let view = state.observe(&delivery);
                if view.is_shown() && each(&view).is_break() {
                    break;
                }
            }
            Ok(Next::Record(record)) => state.record(&record),
            Ok(Next::Loss(loss)) => {
                at_last = (loss.cause == LossCause::Decode).then(|| loss.place.clone());
                note(&mut ended.losses, loss);
            }
            Ok(Next::Idle) => {}
            Ok(Next::End) => {
                ended.cut = at_last;
                break;
            }
            Err(error) => {
                let cause = error.cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default();
                ended.cut = Some(format!("{}{cause}", error.what));
                break;
            }
        }
        until_look -= 1;
        if until_look == 0 {
            until_look = EVENTS_BETWEEN_LOOKS;
            if cancelled.load(Ordering::Relaxed) {
                return Err(Cancelled);
            }
        }
    }
    ended.losses.extend(state.losses());
    ended.hostname.clone_from(&state.machine().hostname);
    Ok(ended)
}

/// Counts are cumulative: the newest of a cause and place is all of it. Damage is told with its place in
/// the file, so there may be many places.
fn note(losses: &mut Vec<Loss>, loss: Loss) {
    if let Some(known) =
        losses.iter_mut().find(|known| known.cause == loss.cause && known.place == loss.place)
    {
        known.count = loss.count;
    } else if losses.len() < MOST_LOSSES {
        losses.push(loss);
    }
}
