//! The summaries that were last looked at.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use lanner_inspect::Summary;
use tokio::sync::OnceCell;

use super::ask::Ask;

/// Summaries that are remembered. One takes some megabytes, 20 at the most.
const REMEMBERED: usize = 12;

/// A place for a summary that is made once, however many ask for it meanwhile.
pub(super) type Place = Arc<OnceCell<Arc<Summary>>>;

/// The summaries that were last looked at.
#[derive(Default)]
pub(super) struct Cache {
    /// The one that was looked at last comes last.
    places: Mutex<VecDeque<(Key, Place)>>,
}

/// What a summary is of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    capture: String,
    ask: Ask,
}

impl Cache {
    pub(super) fn place(&self, capture: &str, ask: &Ask) -> Place {
        let key = Key { capture: capture.to_owned(), ask: ask.clone() };
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let known = places.iter().position(|(known, _)| *known == key);
        let place = known.and_then(|at| places.remove(at)).map_or_else(Place::default, |(_, place)| place);
        places.push_back((key, Arc::clone(&place)));
        while places.len() > REMEMBERED {
            places.pop_front();
        }
        place
    }

    /// Forgets what was known of a capture.
    pub(super) fn forget(&self, capture: &str) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|(key, _)| key.capture != capture);
    }
}
