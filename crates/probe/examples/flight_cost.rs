//! What the flight recorder costs a process that is recorded, and one that is not: nanoseconds per
//! operation without the probe, with it, with the recorder, and with data recorded too.
//!
//! `cargo run -p lanner-probe --example flight_cost`, as root, on a machine that does nothing else.
#![allow(clippy::print_stdout, reason = "that is what it is for")]

use lanner_model::event::EventType;
use lanner_probe::{Facts, Flight, Interest, OwnEvents, Probe, ProbeConfig, Roots, Snapshot, Wishes, decide};

const ROUNDS: u32 = 2_000;
const REPEATS: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let decisions = decide(&Facts::read(&Roots::default()), &Wishes::default());
    let start = |interest: Interest, flight| {
        let config = ProbeConfig {
            interest,
            own_events: OwnEvents::Told,
            snapshot: Snapshot::None,
            flight,
            ..ProbeConfig::default()
        };
        Probe::start(&decisions, &config)
    };
    let rules = || Interest::lives().with(EventType::SYSCALL_OPENAT_2_X);
    println!("{:<52} getppid  open+read+close  read", "");
    line("nobody watches");
    {
        let _probe = start(Interest::lives(), Flight::Off)?;
        line("lives of processes");
    }
    {
        let _probe = start(rules(), Flight::Off)?;
        line("lives and openat (ring full, as nobody reads it)");
    }
    {
        let _probe = start(Interest::lives(), Flight::On)?;
        line("lives, recorder");
    }
    {
        let _probe = start(rules(), Flight::On)?;
        line("lives and openat, recorder");
    }
    let mut probe = start(rules(), Flight::On)?;
    let recorder = probe.flight_recorder().ok_or("there is no recorder")?;
    recorder.sources().record_processes(&[lanner_model::id::Pid(1)])?;
    line("the same, data recorded of another process");
    recorder.sources().forget_processes()?;
    recorder.sources().record_everybody(true)?;
    line("the same, data recorded of everybody");
    Ok(())
}

fn line(what: &str) {
    let least = |run: fn()| {
        let nanoseconds = (0..REPEATS).map(|_| {
            let begun = cpu_ns();
            run();
            (cpu_ns() - begun) / f64::from(ROUNDS)
        });
        nanoseconds.fold(f64::INFINITY, f64::min)
    };
    println!("{what:<52} {:>7.0} {:>16.0} {:>5.0}", least(getppid), least(open_read_close), least(read));
}

/// CPU time of this thread: what others do meanwhile counts less.
fn cpu_ns() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn getppid() {
    for _ in 0..ROUNDS {
        // SAFETY: it takes no pointers.
        unsafe { libc::getppid() };
    }
}

fn open_read_close() {
    let mut buffer = [0u8; 200];
    for _ in 0..ROUNDS {
        // SAFETY: the path ends with a NUL and the buffer is as long as said.
        unsafe {
            let fd = libc::open(c"/etc/passwd".as_ptr(), libc::O_RDONLY);
            libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len());
            libc::close(fd);
        }
    }
}

fn read() {
    let mut buffer = [0u8; 200];
    // SAFETY: as above.
    let fd = unsafe { libc::open(c"/dev/zero".as_ptr(), libc::O_RDONLY) };
    for _ in 0..ROUNDS {
        // SAFETY: the buffer is as long as said.
        unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) };
    }
    // SAFETY: it is ours.
    unsafe { libc::close(fd) };
}
