//! `make bench`: what Lanner costs the programs it watches, and itself.
//!
//! Every load runs in a process of its own, pinned to CPU 0 (the mix on all CPUs), and says how
//! much CPU time it took per operation. It runs without Lanner, with the floor (an empty
//! `tp_btf/sys_exit` program that checks a bitmap), and with `lanner up`, whose threads are pinned
//! to CPU 1; the three take turns, and medians over the rounds are printed, so that a machine whose
//! speed drifts harms all three alike.

#![allow(clippy::print_stdout, reason = "a command line program")]

mod load;
mod report;
mod subject;

use anyhow::Context as _;

use load::Load;
use report::{Measured, Report};
use subject::Subject;

/// Rounds; medians of fewer than five are noise.
const ROUNDS: usize = 6;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("load"), Some(name)) => {
            let load = Load::by_name(&name).with_context(|| format!("no load is called {name}"))?;
            println!("{}", load.run_here()?);
            Ok(())
        }
        (Some("--rounds"), Some(rounds)) => bench(rounds.parse().context("--rounds takes a number")?),
        (None, _) => bench(ROUNDS),
        (Some(other), _) => anyhow::bail!("`{other}` is not understood: lanner-bench [--rounds N]"),
    }
}

fn bench(rounds: usize) -> anyhow::Result<()> {
    let mut report = Report::new(rounds);
    for round in 0..rounds {
        for subject in Subject::ALL {
            let running = subject.start()?;
            for load in Load::ALL {
                let nanoseconds = load.run_apart()?;
                report.add(load, subject, Measured { nanoseconds });
            }
            if let Some(own) = running.own_usage()? {
                report.add_own(own);
            }
            running.stop();
        }
        println!("round {} of {rounds}", round + 1);
    }
    report.print();
    report.write(std::path::Path::new("bench/results/latest.json"))
}
