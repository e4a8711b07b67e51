//! The field table as Rust and as a page.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::ensure;
use serde::Deserialize;

use super::{Generated, camel_case, schema};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    field: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    name: String,
    kind: Kind,
    #[serde(default)]
    argument: Argument,
    description: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Text,
    Path,
    Int,
    Uint,
    Bool,
    Ip,
    Net,
    Time,
    Duration,
    Bytes,
    TextList,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Argument {
    #[default]
    None,
    OptionalIndex,
    RequiredKey,
    OptionalKey,
}

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let fields = schema::read::<FieldsFile>(root, "fields.toml")?.field;
    check(&fields)?;
    Ok(vec![
        Generated {
            path: "crates/model/src/field/generated.rs",
            from: "schema/fields.toml",
            text: table(&fields)?,
        },
        Generated { path: "docs/reference/fields.md", from: "schema/fields.toml", text: page(&fields)? },
    ])
}

fn check(fields: &[Field]) -> anyhow::Result<()> {
    let mut variants = BTreeMap::new();
    for field in fields {
        if let Some(other) = variants.insert(camel_case(&field.name), &field.name) {
            ensure!(false, "fields {other} and {} would both be {}", field.name, camel_case(&field.name));
        }
        let text = &field.description;
        ensure!(
            text.ends_with('.') && !text.contains('\n'),
            "{}: a description is one line of prose",
            field.name
        );
    }
    Ok(())
}

fn table(fields: &[Field]) -> anyhow::Result<String> {
    let mut out = String::from(
        "//! Every field.\n\n\
         use crate::field::info::{FieldArgument, FieldInfo, FieldKind};\n\n\
         /// Every field, in the order of its [`FieldId`].\n\
         pub static FIELDS: &[FieldInfo] = &[\n",
    );
    for Field { name, kind, argument, description } in fields {
        writeln!(
            out,
            "FieldInfo {{ name: {name:?}, kind: FieldKind::{kind:?}, argument: FieldArgument::{argument:?}, \
             description: {description:?} }},"
        )?;
    }
    out.push_str(
        "];\n\n/// A field of the table.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n#[repr(u16)]\npub enum FieldId {\n",
    );
    for field in fields {
        writeln!(out, "/// `{}`: {}\n{},", field.name, field.description, camel_case(&field.name))?;
    }
    out.push_str(FUNCTIONS);
    writeln!(out, "\n/// Sorted by name.\nstatic BY_NAME: &[(&str, FieldId)] = &[")?;
    let mut sorted: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    sorted.sort_unstable();
    for name in sorted {
        writeln!(out, "({name:?}, FieldId::{}),", camel_case(name))?;
    }
    out.push_str("];\n");
    Ok(out)
}

const FUNCTIONS: &str = "\
}

impl FieldId {
    /// What the table says of it.
    #[must_use]
    pub fn info(self) -> &'static FieldInfo {
        &FIELDS[self as usize]
    }

    /// The field of a name, without argument.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let at = BY_NAME.binary_search_by(|(other, _)| (*other).cmp(name)).ok()?;
        Some(BY_NAME[at].1)
    }
}
";

fn page(fields: &[Field]) -> anyhow::Result<String> {
    let mut out = String::from(
        "# Fields\n\n\
         What rules, filters and output formats may name. `[N]` is a number that may follow, `[KEY]` a name or\n\
         number that must, `[KEY?]` a name that may.\n",
    );
    let mut family = "";
    for field in fields {
        let first = field.name.split('.').next().unwrap_or_default();
        if first != family {
            family = first;
            writeln!(out, "\n## {family}\n\n| field | kind | meaning |\n|---|---|---|")?;
        }
        let argument = match field.argument {
            Argument::None => "",
            Argument::OptionalIndex => "[N]",
            Argument::RequiredKey => "[KEY]",
            Argument::OptionalKey => "[KEY?]",
        };
        let kind = match field.kind {
            Kind::TextList => "text list".to_owned(),
            kind => format!("{kind:?}").to_lowercase(),
        };
        let meaning = field.description.replace('|', "\\|");
        writeln!(out, "| `{}{argument}` | {kind} | {meaning} |", field.name)?;
    }
    Ok(out)
}
