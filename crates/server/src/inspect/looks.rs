//! Who looks at which capture.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use lanner_model::time::WallMs;

/// Who has not looked for so long opens it again.
const LOOK_MS: i64 = 10 * 60_000;
/// Looks that are remembered; when there are more, all are forgotten and count again.
const MOST: usize = 10_000;

/// Who looked at which capture, and when last. A page asks for a capture many times while somebody looks.
#[derive(Debug, Default)]
pub(super) struct Looks {
    last: Mutex<HashMap<(String, String), WallMs>>,
}

impl Looks {
    /// Whether this look is the first for a while.
    pub(super) fn begins(&self, who: &str, id: &str, now: WallMs) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() >= MOST {
            last.clear();
        }
        let before = last.insert((who.to_owned(), id.to_owned()), now);
        before.is_none_or(|before| now.0 - before.0 > LOOK_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_begins_once_for_each_person_and_capture() {
        let looks = Looks::default();
        assert!(looks.begins("ada", "1", WallMs(0)));
        assert!(!looks.begins("ada", "1", WallMs(LOOK_MS)));
        assert!(looks.begins("bob", "1", WallMs(LOOK_MS)));
        assert!(looks.begins("ada", "2", WallMs(LOOK_MS)));
        assert!(looks.begins("ada", "1", WallMs(2 * LOOK_MS + 1)));
    }
}
