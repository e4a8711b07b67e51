//! A process with a known appetite: `worker BUSY_PERCENT MEMORY_MIB THREADS FILES`.
//!
//! Uses about so much of one CPU, holds so much memory, so many threads (its first among them) and
//! so many files open beyond the usual three, until its standard input closes.

use std::io::Read as _;
use std::time::{Duration, Instant};

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let [busy_percent, memory_mib, threads, files] = numbers[..] else {
        panic!("usage: worker BUSY_PERCENT MEMORY_MIB THREADS FILES");
    };
    let memory = vec![1_u8; (memory_mib << 20) as usize];
    let open: Vec<_> = (0..files).map(|_| std::fs::File::open("/dev/null").expect("/dev/null")).collect();
    // One thread waits for the end, this one works, the others park.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    for _ in 2..threads {
        std::thread::spawn(|| {
            loop {
                std::thread::park();
            }
        });
    }
    let slice = Duration::from_millis(10);
    let mut worked = Duration::ZERO;
    let begun = Instant::now();
    loop {
        // Work owed so far is done in one go, then a slice is slept: the share holds over time.
        let owed = begun.elapsed() * busy_percent as u32 / 100;
        let start = Instant::now();
        while worked + start.elapsed() < owed {
            std::hint::black_box((&memory, &open));
        }
        worked += start.elapsed();
        #[expect(clippy::disallowed_methods, reason = "a load that is partly idle")]
        std::thread::sleep(slice);
    }
}
