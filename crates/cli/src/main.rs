//! The binary `lanner`: server, agent, and the tools around captures.

#![allow(clippy::print_stdout, reason = "a command line program")]

mod args;
mod filter;
mod log;
mod promql;
mod read;
mod record;
mod serve;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};

fn main() -> ExitCode {
    let command = Cli::parse().command;
    log::start(match command {
        Command::Up(_) | Command::Agent(_) | Command::Server(_) => "info",
        Command::Doctor(_) | Command::Record(_) | Command::Read(_) | Command::Promql(_) => "warn",
    });
    let ended = match command {
        Command::Up(args) => serve::up(args),
        Command::Agent(args) => serve::agent(args),
        Command::Server(args) => serve::server(args),
        Command::Doctor(args) => doctor(&args),
        Command::Record(args) => record::record(&args),
        Command::Read(args) => read::read(&args),
        Command::Promql(args) => promql::promql(&args),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprint_chain(&error);
            ExitCode::FAILURE
        }
    }
}

fn doctor(args: &args::DoctorArgs) -> anyhow::Result<()> {
    let report = lanner_agent::doctor();
    if args.json {
        writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&report.to_json())?)?;
    } else {
        write!(std::io::stdout(), "{report}")?;
    }
    anyhow::ensure!(report.can_watch(), "this machine can not be watched: see what is missing above");
    Ok(())
}

/// Whether the reader of our output went away (`lanner read ... | head`): no error of ours.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.into_iter().any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

/// The error and what is underneath, one line each; a cause that its error repeats is left out.
#[expect(clippy::print_stderr, reason = "where errors of a command line program go")]
fn eprint_chain(error: &anyhow::Error) {
    eprintln!("lanner: {error}");
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !said.contains(&cause) {
            eprintln!("  because: {cause}");
        }
        said = cause;
    }
}
