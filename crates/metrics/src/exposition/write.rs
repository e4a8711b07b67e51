//! Samples as text.

use std::fmt::Write;

use lanner_model::series::{METRIC_NAME, Sample};

use crate::catalogue::declaration_of;

/// Samples as text: families sorted by name, series by labels, with time stamps, `HELP` and `TYPE` where
/// the metric is declared.
#[must_use]
pub fn write(samples: &[Sample]) -> String {
    let mut sorted: Vec<&Sample> = samples.iter().collect();
    sorted
        .sort_by(|a, b| (a.labels.metric(), &a.labels, a.time).cmp(&(b.labels.metric(), &b.labels, b.time)));
    let mut out = String::with_capacity(samples.len() * 128);
    let mut family = "";
    for sample in sorted {
        let name = sample.labels.metric();
        if name != family {
            family = name;
            head(&mut out, name);
        }
        line(&mut out, sample);
    }
    out
}

fn head(out: &mut String, name: &str) {
    let Some(declaration) = declaration_of(name) else { return };
    let (help, kind) = (escaped_help(declaration.help), declaration.kind.as_str());
    // Writing into a string does not fail.
    let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn line(out: &mut String, sample: &Sample) {
    out.push_str(sample.labels.metric());
    let mut before = '{';
    for (name, value) in sample.labels.iter().filter(|(name, _)| *name != METRIC_NAME) {
        out.push(before);
        out.push_str(name);
        out.push_str("=\"");
        push_escaped(out, value);
        out.push('"');
        before = ',';
    }
    if before == ',' {
        out.push('}');
    }
    out.push(' ');
    push_value(out, sample.value);
    let _ = writeln!(out, " {}", sample.time.0);
}

fn push_escaped(out: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
}

fn escaped_help(help: &str) -> String {
    help.replace('\\', "\\\\").replace('\n', "\\n")
}

fn push_value(out: &mut String, value: f64) {
    if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        let _ = write!(out, "{value}");
    }
}
