//! `lanner promql`: queries without a server.

use std::io::Write as _;

use anyhow::Context as _;
use lanner_metrics::promql::script::{self, Report};

use crate::args::{PromqlArgs, PromqlCommand, PromqlTestArgs};

pub(crate) fn promql(args: &PromqlArgs) -> anyhow::Result<()> {
    match &args.command {
        PromqlCommand::Test(args) => test(args),
    }
}

/// Runs test scripts; an error when any evaluation failed.
fn test(args: &PromqlTestArgs) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut total = Report::default();
    for path in &args.files {
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
        let report = script::run(&text).with_context(|| format!("cannot run {shown}"))?;
        for failure in &report.failures {
            writeln!(out, "{shown}:{}: {}\n    {}", failure.line, failure.query, failure.reason)?;
        }
        for skipped in report.not_yet.iter().filter(|_| args.verbose) {
            writeln!(out, "{shown}:{}: {}\n    not yet: {}", skipped.line, skipped.query, skipped.reason)?;
        }
        total.passed += report.passed;
        total.failures.extend(report.failures);
        total.not_yet.extend(report.not_yet);
    }
    if !total.not_yet.is_empty() {
        writeln!(out, "{} need what is not there yet (-v lists them)", total.not_yet.len())?;
    }
    let failed = total.failures.len();
    writeln!(out, "{} passed, {failed} failed", total.passed)?;
    out.flush()?;
    anyhow::ensure!(failed == 0, "{failed} evaluations did not give what was expected");
    Ok(())
}
