//! `docs/reference/events.md`.

use std::fmt::Write;
use std::path::Path;

use super::Generated;
use super::schema::{Event, Events, Flag, Source};

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = Events::read(root)?;
    let mut out = String::from(HEAD);
    let current: Vec<&Event> = schema.events.iter().filter(|event| event.is_current()).collect();
    section(&mut out, "Live", LIVE, current.iter().copied().filter(|event| event.live))?;
    section(
        &mut out,
        "Other system calls and tracepoints",
        "In captures of other programs. Live, these system calls are told as `syscall`, with code and native number.",
        current.iter().copied().filter(|event| !event.live && is_kernel(event)),
    )?;
    section(
        &mut out,
        "Made by programs",
        "Not of the kernel: about the stream, containers, users and plugins.",
        current.iter().copied().filter(|event| !event.live && !is_kernel(event)),
    )?;
    section(
        &mut out,
        "Old",
        "Only in old captures. The reader upgrades them: nothing behind it sees one, except those without a successor.",
        schema.events.iter().filter(|event| event.name != "NA" && event.has(Flag::OldVersion)),
    )?;
    Ok(vec![Generated { path: "docs/reference/events.md", from: "schema/events.toml", text: out }])
}

const HEAD: &str = "\
# Events

Every event type of the `.scap` format. `>` is an enter event, `<` an exit event; rules know both by the name
alone (`evt.type`). Parameters are `evt.arg.NAME`, or `evt.arg[N]` by their place from 0. Types are described in
[the format](../formats/event.md).
";

const LIVE: &str = "\
Lanner's probe makes these. One marked with a descriptor carries what that descriptor refers to, resolved in the
kernel at that moment.";

fn is_kernel(event: &Event) -> bool {
    matches!(event.source, Source::Syscall | Source::Tracepoint)
}

fn section<'a>(
    out: &mut String,
    title: &str,
    about: &str,
    events: impl Iterator<Item = &'a Event>,
) -> anyhow::Result<()> {
    writeln!(out, "\n## {title}\n\n{about}\n\n| number | event | parameters |\n|--:|---|---|")?;
    let mut events: Vec<&Event> = events.collect();
    events.sort_by(|a, b| a.name.cmp(&b.name).then(a.number.cmp(&b.number)));
    for event in events {
        let direction = if event.is_enter() { "&gt;" } else { "&lt;" };
        let params: Vec<String> =
            event.params.iter().map(|param| format!("{} **{}**", param.param_type, param.name)).collect();
        let resolved = event.fd_info.as_ref().map(|fd| format!("; resolved: {fd}")).unwrap_or_default();
        writeln!(out, "| {} | {direction} {} | {}{resolved} |", event.number, event.name, params.join(", "))?;
    }
    Ok(())
}
