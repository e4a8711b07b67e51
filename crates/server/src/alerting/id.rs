//! Identities of what is made here.

use std::sync::atomic::{AtomicU32, Ordering};

use lanner_model::time::WallMs;
use ring::rand::{SecureRandom, SystemRandom};

/// A short random one, for what has a page of its own.
pub(super) fn random() -> String {
    let mut bytes = [0; 8];
    // Without the system's randomness there would be no TLS either; the number below keeps ids apart.
    let _ = SystemRandom::new().fill(&mut bytes);
    if bytes == [0; 8] {
        bytes[..4].copy_from_slice(&next().to_be_bytes());
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One that sorts by time, then by when it was made.
pub(super) fn timed(now: WallMs) -> String {
    format!("{:013}-{:08x}", now.0.max(0), next())
}

fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
