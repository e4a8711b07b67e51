//! How many passwords may be tried. Nothing here reads a clock.

use std::hash::{BuildHasher as _, RandomState};

use lanner_model::time::WallMs;

/// Wrong passwords that one name may have at once, and how long until it has one more.
const PER_NAME: Refill = Refill { most: 6.0, every_ms: 10_000.0 };
/// The same for all names together.
const FOR_ALL: Refill = Refill { most: 60.0, every_ms: 500.0 };
/// Refused sign-ins that the audit has: else who tries passwords would push out all that is in it. (The
/// log has all of them.)
const WRITTEN_DOWN: Refill = Refill { most: 20.0, every_ms: 600_000.0 };
/// Names share so many buckets: memory stays what it is whatever names are tried.
const BUCKETS: usize = 4096;

#[derive(Clone, Copy)]
struct Refill {
    most: f64,
    every_ms: f64,
}

/// Tries that are left, when they were counted.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: WallMs,
}

/// Counts wrong passwords by name and in all.
#[derive(Debug)]
pub(super) struct Throttle {
    names: Vec<Bucket>,
    all: Bucket,
    written_down: Bucket,
    /// Keyed anew by each start, so that nobody can choose names that share a bucket.
    hasher: RandomState,
}

impl Throttle {
    pub(super) fn new() -> Self {
        let full = |refill: Refill| Bucket { left: refill.most, at: WallMs(0) };
        Self {
            names: vec![full(PER_NAME); BUCKETS],
            all: full(FOR_ALL),
            written_down: full(WRITTEN_DOWN),
            hasher: RandomState::new(),
        }
    }

    /// Takes a try, or says how many seconds to wait for one. A right password gives it back.
    pub(super) fn take(&mut self, name: &str, now: WallMs) -> Result<(), u64> {
        let index = self.index(name);
        let (of_name, of_all) = (self.names[index].filled(PER_NAME, now), self.all.filled(FOR_ALL, now));
        let wait = of_name.wait_ms(PER_NAME).max(of_all.wait_ms(FOR_ALL));
        if wait > 0.0 {
            return Err((wait / 1000.0).ceil() as u64);
        }
        self.names[index] = Bucket { left: of_name.left - 1.0, ..of_name };
        self.all = Bucket { left: of_all.left - 1.0, ..of_all };
        Ok(())
    }

    /// The password was right.
    pub(super) fn give_back(&mut self, name: &str) {
        let index = self.index(name);
        self.names[index].left = (self.names[index].left + 1.0).min(PER_NAME.most);
        self.all.left = (self.all.left + 1.0).min(FOR_ALL.most);
    }

    /// Whether a refused sign-in is one that the audit has.
    pub(super) fn is_written_down(&mut self, now: WallMs) -> bool {
        let left = self.written_down.filled(WRITTEN_DOWN, now);
        let is = left.wait_ms(WRITTEN_DOWN) <= 0.0;
        self.written_down = Bucket { left: left.left - if is { 1.0 } else { 0.0 }, ..left };
        is
    }

    fn index(&self, name: &str) -> usize {
        (self.hasher.hash_one(name) % BUCKETS as u64) as usize
    }
}

impl Bucket {
    fn filled(self, refill: Refill, now: WallMs) -> Self {
        // A clock that went back refills nothing.
        let passed = now.0.saturating_sub(self.at.0).max(0) as f64;
        Self { left: (self.left + passed / refill.every_ms).min(refill.most), at: now }
    }

    fn wait_ms(self, refill: Refill) -> f64 {
        ((1.0 - self.left) * refill.every_ms).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_six_tries_and_then_one_each_ten_seconds() {
        let mut throttle = Throttle::new();
        let now = WallMs(1_700_000_000_000);
        for _ in 0..6 {
            assert_eq!(throttle.take("a", now), Ok(()));
        }
        assert_eq!(throttle.take("a", now), Err(10));
        assert_eq!(throttle.take("a", WallMs(now.0 + 9_000)), Err(1));
        assert_eq!(throttle.take("a", WallMs(now.0 + 10_000)), Ok(()));
        assert_eq!(throttle.take("a", WallMs(now.0 + 10_000)), Err(10));
    }

    #[test]
    fn right_passwords_cost_nothing() {
        let mut throttle = Throttle::new();
        for _ in 0..1000 {
            assert_eq!(throttle.take("a", WallMs(0)), Ok(()));
            throttle.give_back("a");
        }
    }

    #[test]
    fn many_names_together_are_held_up_too() {
        let mut throttle = Throttle::new();
        let tried = (0..10_000).filter(|n| throttle.take(&n.to_string(), WallMs(5)).is_ok()).count();
        assert_eq!(tried, 60);
        assert_eq!(throttle.take("another", WallMs(505)), Ok(()));
    }

    #[test]
    fn who_tries_passwords_for_a_day_does_not_fill_the_audit() {
        let mut throttle = Throttle::new();
        let day = (0..86_400).map(|second| WallMs(1_700_000_000_000 + second * 1_000));
        assert_eq!(day.filter(|now| throttle.is_written_down(*now)).count(), 20 + 143);
    }

    #[test]
    fn a_clock_that_goes_back_opens_nothing() {
        let mut throttle = Throttle::new();
        for _ in 0..6 {
            assert_eq!(throttle.take("a", WallMs(50_000)), Ok(()));
        }
        assert!(throttle.take("a", WallMs(10_000)).is_err());
    }
}
