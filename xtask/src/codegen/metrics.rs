//! The declared metrics as Rust and as a page.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::ensure;
use serde::Deserialize;

use super::{Generated, schema};

const FROM: &str = "schema/metrics.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetricsFile {
    group: Vec<Group>,
    table: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    title: String,
    source: Source,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    about: String,
    metrics: Vec<Metric>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Metric {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    unit: Unit,
    #[serde(default)]
    labels: Vec<String>,
    help: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    title: String,
    rust: String,
    source: Source,
    prefix: String,
    #[serde(default)]
    suffix: String,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    unit: Unit,
    help: String,
    keys: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    NodeExporter,
    Cadvisor,
    Process,
    Agent,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Counter,
    Gauge,
    Untyped,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    #[default]
    None,
    Seconds,
    Bytes,
}

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let mut file = schema::read::<MetricsFile>(root, "metrics.toml")?;
    for group in &mut file.group {
        let shared = &group.labels;
        for metric in &mut group.metrics {
            metric.labels = shared.iter().chain(&metric.labels).cloned().collect();
        }
    }
    check(&file)?;
    Ok(vec![
        Generated { path: "crates/metrics/src/generated.rs", from: FROM, text: declarations(&file)? },
        Generated { path: "docs/reference/metrics.md", from: FROM, text: page(&file)? },
    ])
}

impl Table {
    fn metric(&self, key: &str) -> Metric {
        let name = format!("{}{}{}", self.prefix, key.replace('(', "_").replace(')', ""), self.suffix);
        let help = self.help.replace("{key}", key);
        Metric { name, kind: self.kind, unit: self.unit, labels: Vec::new(), help }
    }

    fn metrics(&self) -> impl Iterator<Item = Metric> {
        self.keys.iter().map(|key| self.metric(key))
    }
}

fn check(file: &MetricsFile) -> anyhow::Result<()> {
    let mut names = BTreeSet::new();
    let grouped = file.group.iter().flat_map(|group| group.metrics.iter().cloned());
    for metric in grouped.chain(file.table.iter().flat_map(Table::metrics)) {
        let name = &metric.name;
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        ensure!(is_name && !name.starts_with(|c: char| c.is_ascii_digit()), "{name} is no metric's name");
        ensure!(names.insert(name.clone()), "{name} is declared twice");
        let labels: BTreeSet<&String> = metric.labels.iter().collect();
        ensure!(labels.len() == metric.labels.len(), "{name} has a label twice");
        ensure!(
            metric.help.ends_with('.') && !metric.help.contains('\n'),
            "{name}: help is one line of prose"
        );
    }
    Ok(())
}

fn declarations(file: &MetricsFile) -> anyhow::Result<String> {
    let mut out = String::from(
        "//! Every metric the agent makes.\n\nuse crate::declaration::{Declaration, Kind, Metric, Source, Unit};\n",
    );
    // Names with the expression that leads to the declaration, for the sorted list.
    let mut all = Vec::new();
    for group in &file.group {
        for metric in &group.metrics {
            let rust = metric.name.to_uppercase();
            writeln!(
                out,
                "\n/// `{}`: {}\npub static {rust}: Metric<{}> = {};",
                metric.name,
                metric.help,
                metric.labels.len(),
                declaration(metric, group.source)
            )?;
            all.push((metric.name.clone(), format!("{rust}.declaration()")));
        }
    }
    for table in &file.table {
        let mut keys = table.keys.clone();
        keys.sort_unstable();
        let rust = &table.rust;
        let subject = table.title.replace(": ", ", ").to_lowercase();
        writeln!(
            out,
            "\n/// Metrics of the {subject}, by the kernel's word for them, sorted.\n\
             pub static {rust}: [(&str, Metric<0>); {}] = [",
            keys.len()
        )?;
        for (place, key) in keys.iter().enumerate() {
            let metric = table.metric(key);
            writeln!(out, "({key:?}, {}),", declaration(&metric, table.source))?;
            all.push((metric.name, format!("{rust}[{place}].1.declaration()")));
        }
        out.push_str("];\n");
    }
    all.sort_unstable();
    out.push_str("\n/// Every declaration, sorted by name.\npub static ALL: &[&Declaration] = &[\n");
    for (_, expression) in all {
        writeln!(out, "{expression},")?;
    }
    out.push_str("];\n");
    Ok(out)
}

fn declaration(metric: &Metric, source: Source) -> String {
    let Metric { name, kind, unit, labels, help } = metric;
    format!(
        "Metric::declared(Declaration {{ name: {name:?}, kind: Kind::{kind:?}, unit: Unit::{unit:?}, \
         labels: &{labels:?}, source: Source::{source:?}, help: {help:?} }})"
    )
}

fn page(file: &MetricsFile) -> anyhow::Result<String> {
    let mut out = String::from(
        "# Metrics\n\n\
         What the agent of a node measures every 10 seconds. Every series also has `node`, `instance` (the node's\n\
         name) and `job`.\n",
    );
    for group in &file.group {
        heading(&mut out, &group.title, group.source, &group.about)?;
        for metric in &group.metrics {
            row(&mut out, metric)?;
        }
    }
    for table in &file.table {
        heading(&mut out, &table.title, table.source, "")?;
        for metric in table.metrics() {
            row(&mut out, &metric)?;
        }
    }
    Ok(out)
}

fn heading(out: &mut String, title: &str, source: Source, about: &str) -> anyhow::Result<()> {
    let job = match source {
        Source::NodeExporter => "Names and labels as node_exporter has them; `job=\"node-exporter\"`.",
        Source::Cadvisor => {
            "Names and labels as cAdvisor has them; `job=\"kubelet\"`, `metrics_path=\"/metrics/cadvisor\"`."
        }
        Source::Process | Source::Agent => "`job=\"lanner-agent\"`.",
    };
    writeln!(out, "\n## {title}\n\n{job}")?;
    if !about.is_empty() {
        writeln!(out, "{}", about.trim())?;
    }
    writeln!(out, "\n| metric | type | unit | labels | meaning |\n|---|---|---|---|---|")?;
    Ok(())
}

fn row(out: &mut String, metric: &Metric) -> anyhow::Result<()> {
    let unit = match metric.unit {
        Unit::None => "",
        Unit::Seconds => "seconds",
        Unit::Bytes => "bytes",
    };
    let kind = format!("{:?}", metric.kind).to_lowercase();
    let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
    let help = metric.help.replace('|', "\\|");
    writeln!(out, "| `{}` | {kind} | {unit} | {} | {help} |", metric.name, labels.join(" "))?;
    Ok(())
}
