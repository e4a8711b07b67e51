//! `lanner read`: the events of a capture as lines or JSON.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use anyhow::Context as _;
use lanner_capture::CaptureReader;
use lanner_model::field::FieldRef;
use lanner_model::source::{Next, Source as _};
use lanner_rules::{Facts, Template, Value};
use lanner_state::{Budget, State, View};

use crate::args::ReadArgs;
use crate::filter;

/// What a line holds when nobody says: as sysdig prints.
const DEFAULT_FORMAT: &str =
    "*%evt.num %evt.time %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info";

/// The fields of a JSON object.
const JSON_FIELDS: [&str; 21] = [
    "evt.num",
    "evt.rawtime",
    "evt.time.iso8601",
    "evt.cpu",
    "evt.type",
    "evt.dir",
    "evt.args",
    "evt.res",
    "thread.tid",
    "proc.pid",
    "proc.name",
    "proc.exepath",
    "proc.cmdline",
    "proc.ppid",
    "proc.pname",
    "user.uid",
    "user.name",
    "container.id",
    "fd.num",
    "fd.name",
    "fd.type",
];

/// Prints the events of a capture.
pub(crate) fn read(args: &ReadArgs) -> anyhow::Result<()> {
    let filter = filter::parse(&args.filter)?;
    let printer = Printer::new(args)?;
    let file = File::open(&args.file).with_context(|| format!("open {}", args.file.display()))?;
    let open = if args.salvage { CaptureReader::salvage } else { CaptureReader::open };
    let mut source = open(file).with_context(|| format!("read {}", args.file.display()))?;
    let mut state = State::new(Budget::default());
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    loop {
        match source.next() {
            Ok(Next::Event(delivery)) => {
                let view = state.observe(&delivery);
                if view.is_shown() && filter.as_ref().is_none_or(|filter| filter.matches(&view)) {
                    printer.print(&view, &mut out)?;
                }
            }
            Ok(Next::Record(record)) => state.record(&record),
            Ok(Next::Loss(loss)) => {
                tracing::warn!("{}: {} left out ({})", args.file.display(), loss.count, loss.cause.as_str())
            }
            Ok(Next::Idle) => {}
            Ok(Next::End) => return Ok(out.flush()?),
            Err(error) => {
                out.flush()?;
                return Err(error).with_context(|| format!("read {}", args.file.display()));
            }
        }
    }
}

/// How an event is printed.
enum Printer {
    Lines(Template),
    Json(Vec<FieldRef>),
}

impl Printer {
    fn new(args: &ReadArgs) -> anyhow::Result<Self> {
        if args.json {
            let fields = JSON_FIELDS
                .into_iter()
                .map(|name| FieldRef::parse(name).with_context(|| format!("no field `{name}`")));
            return Ok(Printer::Json(fields.collect::<anyhow::Result<_>>()?));
        }
        let format = args.format.as_deref().unwrap_or(DEFAULT_FORMAT);
        Template::parse(format)
            .map(Printer::Lines)
            .map_err(|diagnostics| filter::refused("the format", &diagnostics))
    }

    fn print(&self, view: &View<'_>, out: &mut impl Write) -> io::Result<()> {
        match self {
            Printer::Lines(template) => {
                let mut line = String::new();
                if !template.render_complete(view, &mut line) {
                    return Ok(());
                }
                line.push('\n');
                out.write_all(line.as_bytes())
            }
            Printer::Json(fields) => {
                let of = |field: &FieldRef| (field.to_string(), json(&view.value(field)));
                let object: serde_json::Map<String, serde_json::Value> = fields.iter().map(of).collect();
                serde_json::to_writer(&mut *out, &object)?;
                out.write_all(b"\n")
            }
        }
    }
}

/// A value as JSON: numbers as numbers, lists as arrays, everything else as its text; `null` for none.
fn json(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::None => serde_json::Value::Null,
        Value::Int(number) => (*number).into(),
        Value::Uint(number) | Value::Time(number) | Value::Duration(number) => (*number).into(),
        Value::Bool(yes) => (*yes).into(),
        Value::List(values) => values.iter().map(json).collect(),
        Value::Text(_) | Value::Ip(_) => value.to_text().into(),
    }
}
