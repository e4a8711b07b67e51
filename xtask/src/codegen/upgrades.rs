//! The table by which the capture reader upgrades events of old captures.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use super::Generated;
use super::schema::{self, Event, Events};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpgradesFile {
    upgrades: Vec<Upgrade>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Upgrade {
    event: String,
    params: u32,
    #[serde(rename = "do")]
    action: Option<Action>,
    append: Option<Vec<String>>,
    r#become: Option<String>,
    with: Option<Vec<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Pass,
    Store,
    StoreAndPass,
}

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = Events::read(root)?;
    let mut out = String::from(HEAD);
    let mut sorted = Vec::new();
    let mut keys = BTreeSet::new();
    for upgrade in schema::read::<UpgradesFile>(root, "upgrades.toml")?.upgrades {
        let event = schema.event(&upgrade.event)?;
        let key = (event.number, upgrade.params);
        ensure!(keys.insert(key), "two upgrades of {} with {} parameters", event.id, upgrade.params);
        let step = step(&schema, event, &upgrade)
            .with_context(|| format!("upgrade of {} with {} parameters", event.id, upgrade.params))?;
        sorted.push((key, event, step));
    }
    sorted.sort_by_key(|(key, ..)| *key);
    for ((number, params), event, step) in sorted {
        writeln!(out, "    Upgrade {{ event: {number}, params: {params}, step: {step} }}, // {}", event.id)?;
    }
    out.push_str("];\n");
    Ok(vec![Generated {
        path: "crates/capture/src/upgrade/generated.rs",
        from: "schema/upgrades.toml",
        text: out,
    }])
}

const HEAD: &str = "\
//! What becomes of an event of a type with so many parameters.

use super::step::Origin::{Absent, ContainerJson, Enter, EnterOrAbsent, Old, Zero};
use super::step::{Step, Upgrade};

/// Sorted by event type and number of parameters.
pub(super) static UPGRADES: &[Upgrade] = &[
";

fn step(schema: &Events, event: &Event, upgrade: &Upgrade) -> anyhow::Result<String> {
    match (upgrade.action, &upgrade.append, &upgrade.r#become, &upgrade.with) {
        (Some(action), None, None, None) => Ok(format!("Step::{action:?}")),
        (None, Some(sources), None, None) => {
            let origins = origins(schema, event, sources)?;
            let count = upgrade.params as usize + origins.len();
            ensure!(count <= event.params.len(), "it would have {count} parameters");
            Ok(format!("Step::Append(&[{}])", origins.join(", ")))
        }
        (None, None, Some(id), Some(sources)) => {
            let target = schema.event(id)?;
            let origins = origins(schema, event, sources)?;
            ensure!(origins.len() <= target.params.len(), "{id} has fewer parameters");
            Ok(format!("Step::Become({}, &[{}])", target.number, origins.join(", ")))
        }
        _ => bail!("one of `do`, `append`, or `become` and `with`"),
    }
}

fn origins(schema: &Events, event: &Event, sources: &[String]) -> anyhow::Result<Vec<String>> {
    let index = |event: &Event, name: &str| {
        event.param_index(name).with_context(|| format!("{} has no parameter {name}", event.id))
    };
    let mut out = Vec::new();
    for source in sources {
        match source.split_once('.') {
            None => out.push(match source.as_str() {
                "zero" => "Zero".to_owned(),
                "absent" => "Absent".to_owned(),
                "container_json" => "ContainerJson".to_owned(),
                _ => bail!("unknown source {source}"),
            }),
            Some(("old", names)) => {
                let (first, last) = names.split_once("..").unwrap_or((names, names));
                let (first, last) = (index(event, first)?, index(event, last)?);
                ensure!(first <= last, "{source} runs backwards");
                out.extend((first..=last).map(|index| format!("Old({index})")));
            }
            Some(("enter", name)) => {
                ensure!(!event.is_enter(), "an enter event has no enter event");
                let enter = &schema.events[usize::from(event.number) - 1];
                out.push(match name.strip_suffix('?') {
                    Some(name) => format!("EnterOrAbsent({})", index(enter, name)?),
                    None => format!("Enter({})", index(enter, name)?),
                });
            }
            Some(_) => bail!("unknown source {source}"),
        }
    }
    Ok(out)
}
