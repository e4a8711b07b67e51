//! Waiting for a thing itself, with a deadline that only says "never".

use std::time::{Duration, Instant};

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none after 60 s: `what` did not come.
pub fn eventually<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    eventually_within(Duration::from_secs(60), what, ask)
}

/// Like [`eventually`] with a deadline of its own.
///
/// # Panics
/// When there is no answer by then.
pub fn eventually_within<T>(deadline: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < deadline, "this did not come within {deadline:?}: {what}");
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that polls")]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}
