//! Reads rule files: the YAML tree to definitions.

use lanner_model::finding::Priority;

use crate::action;
use crate::definition::{Definitions, ListDefinition, MacroDefinition, RuleChange, RuleDefinition};
use crate::diagnostic::{Code, Report};
use crate::exception;
use crate::source::{Composed, Location, SourceFile};
use crate::suggestion;
use crate::yaml::{self, Node, NodeKind};

const RULE_KEYS: &[&str] = &[
    "rule",
    "desc",
    "condition",
    "output",
    "priority",
    "tags",
    "exceptions",
    "actions",
    "enabled",
    "source",
    "append",
    "override",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "capture",
    "capture_duration",
];
const MACRO_KEYS: &[&str] = &["macro", "condition", "append", "override"];
const LIST_KEYS: &[&str] = &["list", "items", "append", "override"];
const ITEM_KEYS: &[&str] = &["rule", "macro", "list", "required_engine_version", "required_plugin_versions"];

/// Reads all files, in their order.
pub(crate) fn read(sources: &[SourceFile], report: &mut Report<'_>) -> Definitions {
    let mut reader = Reader { definitions: Definitions::default(), report };
    for (file, source) in sources.iter().enumerate() {
        let (documents, errors) = yaml::parse(file, &source.text);
        for document in documents {
            reader.document(&document);
        }
        for error in errors {
            let hint = "the item that this stands in is not read".to_owned();
            reader.report.error_with_hint(Code::Yaml, error.at, error.message, Some(hint));
        }
    }
    reader.definitions
}

struct Reader<'r, 's> {
    definitions: Definitions,
    report: &'r mut Report<'s>,
}

impl Reader<'_, '_> {
    fn document(&mut self, document: &Node) {
        match &document.kind {
            NodeKind::Null => {}
            NodeKind::Sequence(items) => {
                for item in items {
                    self.item(item);
                    self.report.leave();
                }
            }
            _ => self.report.error_with_hint(
                Code::Item,
                first_line(document.at),
                "a rule file is a list",
                Some("each item begins with `- rule:`, `- macro:` or `- list:`".to_owned()),
            ),
        }
    }

    fn item(&mut self, item: &Node) {
        if item.mapping().is_none() {
            self.report.error(Code::Item, item.at, "an item must have keys, such as `rule: name`");
        } else if item.get("rule").is_some() {
            self.named(item, "rule", RULE_KEYS, Self::rule);
        } else if item.get("macro").is_some() {
            self.named(item, "macro", MACRO_KEYS, Self::macro_item);
        } else if item.get("list").is_some() {
            self.named(item, "list", LIST_KEYS, Self::list);
        } else if item.get("required_engine_version").is_none()
            && item.get("required_plugin_versions").is_none()
        {
            let key = item.mapping().and_then(|pairs| pairs.first()).map(|(key, _)| key);
            let name = key.and_then(|key| key.text()).unwrap_or("");
            self.report.error_with_hint(
                Code::Item,
                key.map_or(item.at, |key| key.at),
                format!("`{name}` begins no item"),
                suggestion::closest(name, ITEM_KEYS.iter().copied())
                    .map_or("an item begins with `rule`, `macro` or `list`".to_owned(), did_you_mean),
            );
        }
    }

    fn named(
        &mut self,
        item: &Node,
        kind: &str,
        keys: &[&str],
        read: fn(&mut Self, &Node, &str) -> Option<()>,
    ) {
        let Some(name) = self.required(item, kind).map(|name| name.text().to_owned()) else {
            return;
        };
        self.report.enter(kind, &name);
        for (key, _) in item.mapping().unwrap_or_default() {
            let Some(text) = key.text().filter(|text| !keys.contains(text)) else {
                continue;
            };
            let hint = suggestion::closest(text, keys.iter().copied()).map(did_you_mean);
            self.report.warning(
                Code::UnknownKey,
                key.at,
                format!("`{text}` means nothing in a {kind}"),
                hint,
            );
        }
        read(self, item, &name);
    }

    fn list(&mut self, item: &Node, name: &str) -> Option<()> {
        let Some(items) = item.get("items") else {
            self.missing(item, "items");
            return None;
        };
        let items = self.texts(items, "items")?;
        let list = ListDefinition { name: name.to_owned(), at: key_location(item), items };
        let changes = self.changes(item, &["items"], &["items"])?;
        if self.flag(item, "append")?.unwrap_or(false) || changes.appends("items") {
            self.definitions.append_to_list(list, self.report);
        } else {
            self.definitions.define_list(list);
        }
        Some(())
    }

    fn macro_item(&mut self, item: &Node, name: &str) -> Option<()> {
        let condition = self.required(item, "condition")?;
        let definition = MacroDefinition { name: name.to_owned(), condition };
        let changes = self.changes(item, &["condition"], &["condition"])?;
        if self.flag(item, "append")?.unwrap_or(false) || changes.appends("condition") {
            self.definitions.append_to_macro(&definition, key_location(item), self.report);
        } else {
            self.definitions.define_macro(definition);
        }
        Some(())
    }

    fn rule(&mut self, item: &Node, name: &str) -> Option<()> {
        let at = key_location(item);
        if let Some(source) =
            item.get("source").filter(|source| !matches!(source.text(), None | Some("syscall")))
        {
            let name = source.text().unwrap_or("");
            let hint = Some("only rules for system calls (`source: syscall`) are read".to_owned());
            self.report.warning(Code::Source, source.at, format!("source `{name}` is left out"), hint);
            return None;
        }
        if item.get("override").is_some() {
            let changes = self.overrides(item)?;
            self.definitions.change_rule(name, at, changes, self.report);
            return Some(());
        }
        if self.flag(item, "append")?.unwrap_or(false) {
            let mut changes = Vec::new();
            if item.get("condition").is_some() {
                changes.push(RuleChange::AppendCondition(self.required(item, "condition")?));
            }
            if let Some(node) = item.get("exceptions") {
                changes.push(RuleChange::AppendExceptions(exception::read(node, self.report)));
            }
            if changes.is_empty() {
                self.report.error(Code::Override, at, "an appended rule needs a `condition` or `exceptions`");
                return None;
            }
            self.definitions.change_rule(name, at, changes, self.report);
            return Some(());
        }
        let describes = ["condition", "output", "desc", "priority"].iter().any(|key| item.get(key).is_some());
        if !describes && let Some(enabled) = self.flag(item, "enabled")? {
            self.definitions.change_rule(name, at, vec![RuleChange::Enabled(enabled)], self.report);
            return Some(());
        }
        let rule = self.whole_rule(item, name, at)?;
        self.definitions.define_rule(rule);
        Some(())
    }

    fn whole_rule(&mut self, item: &Node, name: &str, at: Location) -> Option<RuleDefinition> {
        // Each is read before any of them gives up, so that all mistakes are told at once.
        let condition = self.required(item, "condition");
        let output = self.required(item, "output");
        let priority = self.required(item, "priority");
        let priority = priority.and_then(|text| self.priority(&text));
        let tags = item.get("tags").map_or(Some(Vec::new()), |node| self.strings(node, "tags"));
        let enabled = self.flag(item, "enabled");
        let warn = self.flag(item, "warn_evttypes");
        let skip = self.flag(item, "skip-if-unknown-filter");
        let exceptions = item.get("exceptions").map_or(Vec::new(), |node| exception::read(node, self.report));
        let actions = item.get("actions").map_or(Some(Vec::new()), |node| action::read(node, self.report));
        Some(RuleDefinition {
            name: name.to_owned(),
            at,
            condition: condition?,
            output: output?,
            description: item.get("desc").and_then(Node::text).unwrap_or("").trim().to_owned(),
            priority: priority?,
            tags: tags?,
            exceptions,
            actions: actions?,
            enabled: enabled?.unwrap_or(true),
            warn_every_event: warn?.unwrap_or(true),
            skip_unknown: skip?.unwrap_or(false),
        })
    }

    /// The changes that a rule with `override` makes.
    fn overrides(&mut self, item: &Node) -> Option<Vec<RuleChange>> {
        const APPENDABLE: &[&str] = &["condition", "output", "desc", "tags", "exceptions"];
        const REPLACEABLE: &[&str] = &[
            "condition",
            "output",
            "desc",
            "priority",
            "tags",
            "exceptions",
            "actions",
            "enabled",
            "warn_evttypes",
            "skip-if-unknown-filter",
            "capture",
            "capture_duration",
        ];
        if let Some(append) = item.get("append") {
            self.report.error(Code::Override, append.at, "`append` and `override` exclude each other");
            return None;
        }
        let overrides = self.changes(item, APPENDABLE, REPLACEABLE)?;
        for (key, _) in item.mapping().unwrap_or_default() {
            let Some(name) = key.text().filter(|name| REPLACEABLE.contains(name)) else {
                continue;
            };
            if !overrides.0.iter().any(|(changed, _)| changed == name) {
                let message = format!("`{name}` is given, but `override` does not say what to do with it");
                let hint = format!("add `{name}: replace` or `{name}: append` below `override`");
                self.report.error_with_hint(Code::Override, key.at, message, hint);
                return None;
            }
        }
        let mut changes = Vec::new();
        for (key, appends) in &overrides.0 {
            let Some(node) = item.get(key) else {
                let message = format!("`override` names `{key}`, but there is no `{key}`");
                self.report.error(
                    Code::Override,
                    item.get("override").map_or(item.at, |node| node.at),
                    message,
                );
                return None;
            };
            changes.push(match (key.as_str(), *appends) {
                ("condition", true) => RuleChange::AppendCondition(self.required(item, key)?),
                ("condition", false) => RuleChange::Condition(self.required(item, key)?),
                ("output", true) => RuleChange::AppendOutput(self.required(item, key)?),
                ("output", false) => RuleChange::Output(self.required(item, key)?),
                ("desc", true) => {
                    RuleChange::AppendDescription(self.required(item, key)?.text().trim().to_owned())
                }
                ("desc", false) => {
                    RuleChange::Description(self.required(item, key)?.text().trim().to_owned())
                }
                ("tags", true) => RuleChange::AppendTags(self.strings(node, key)?),
                ("tags", false) => RuleChange::Tags(self.strings(node, key)?),
                ("exceptions", true) => RuleChange::AppendExceptions(exception::read(node, self.report)),
                ("exceptions", false) => RuleChange::Exceptions(exception::read(node, self.report)),
                ("actions", _) => RuleChange::Actions(action::read(node, self.report)?),
                ("priority", _) => {
                    let text = self.required(item, key)?;
                    RuleChange::Priority(self.priority(&text)?)
                }
                ("enabled", _) => RuleChange::Enabled(self.flag(item, key)?.unwrap_or(true)),
                ("warn_evttypes", _) => RuleChange::WarnEveryEvent(self.flag(item, key)?.unwrap_or(true)),
                ("skip-if-unknown-filter", _) => {
                    RuleChange::SkipUnknown(self.flag(item, key)?.unwrap_or(false))
                }
                // Upstream's own captures; ours are `actions`.
                _ => continue,
            });
        }
        Some(changes)
    }

    /// What `override` says: each key and whether it is appended to.
    fn changes(&mut self, item: &Node, appendable: &[&str], replaceable: &[&str]) -> Option<Overrides> {
        let Some(node) = item.get("override") else {
            return Some(Overrides(Vec::new()));
        };
        let Some(pairs) = node.mapping() else {
            self.report.error(
                Code::Override,
                node.at,
                "`override` must have keys, such as `condition: append`",
            );
            return None;
        };
        let mut changes = Vec::new();
        for (key, operation) in pairs {
            let (name, word) = (key.text().unwrap_or(""), operation.text().unwrap_or(""));
            let appends = word == "append";
            let allowed = if appends { appendable } else { replaceable };
            if !appends && word != "replace" {
                let message = format!("`{word}` is no operation");
                let hint = "`append` or `replace`".to_owned();
                self.report.error_with_hint(Code::Override, operation.at, message, hint);
                return None;
            }
            if !allowed.contains(&name) {
                let message =
                    format!("`{name}` cannot be {}", if appends { "appended to" } else { "replaced" });
                let hint = suggestion::closest(name, allowed.iter().copied()).map(did_you_mean);
                self.report.error_with_hint(Code::Override, key.at, message, hint);
                return None;
            }
            changes.push((name.to_owned(), appends));
        }
        Some(Overrides(changes))
    }

    fn priority(&mut self, text: &Composed) -> Option<Priority> {
        let priority = Priority::parse(text.text().trim());
        if priority.is_none() {
            let names = Priority::ALL.map(Priority::as_str).join(", ");
            let message = format!("unknown priority `{}`", text.text().trim());
            self.report.error_with_hint(Code::Priority, text.whole(), message, format!("one of {names}"));
        }
        priority
    }

    /// Text that must be there and not be empty.
    fn required(&mut self, item: &Node, key: &str) -> Option<Composed> {
        let Some(node) = item.get(key) else {
            self.missing(item, key);
            return None;
        };
        match node.scalar() {
            Some(text) if !text.text().trim().is_empty() => Some(text.clone()),
            Some(_) => {
                self.report.error(Code::Key, node.at, format!("`{key}` is empty"));
                None
            }
            None => {
                let what = if matches!(node.kind, NodeKind::Null) { "is empty" } else { "must be text" };
                self.report.error(Code::Key, first_line(node.at), format!("`{key}` {what}"));
                None
            }
        }
    }

    fn missing(&mut self, item: &Node, key: &str) {
        self.report.error(Code::Key, key_location(item), format!("`{key}` is missing"));
    }

    /// `Some(None)` when the key is not there, `None` after a mistake.
    fn flag(&mut self, item: &Node, key: &str) -> Option<Option<bool>> {
        let Some(node) = item.get(key) else {
            return Some(None);
        };
        match node.text() {
            Some("true" | "True" | "TRUE" | "yes" | "on") => Some(Some(true)),
            Some("false" | "False" | "FALSE" | "no" | "off") => Some(Some(false)),
            _ => {
                self.report.error(Code::Key, node.at, format!("`{key}` must be `true` or `false`"));
                None
            }
        }
    }

    fn texts(&mut self, node: &Node, key: &str) -> Option<Vec<Composed>> {
        let Some(items) = node.sequence() else {
            if matches!(node.kind, NodeKind::Null) {
                return Some(Vec::new());
            }
            self.report.error(Code::Key, first_line(node.at), format!("`{key}` must be a list"));
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.scalar() {
                Some(text) => texts.push(text.clone()),
                None => self.report.error(Code::Key, item.at, format!("an entry of `{key}` must be text")),
            }
        }
        Some(texts)
    }

    fn strings(&mut self, node: &Node, key: &str) -> Option<Vec<String>> {
        let texts = self.texts(node, key)?;
        Some(texts.iter().map(|text| text.text().to_owned()).collect())
    }
}

/// Keys and whether they are appended to.
struct Overrides(Vec<(String, bool)>);

impl Overrides {
    fn appends(&self, key: &str) -> bool {
        self.0.iter().any(|(name, appends)| name == key && *appends)
    }
}

/// Where an item's first key and its value stand.
fn key_location(item: &Node) -> Location {
    match item.mapping().and_then(|pairs| pairs.first()) {
        Some((key, value)) => key.at.to(value.at),
        None => item.at,
    }
}

fn first_line(at: Location) -> Location {
    Location { end: at.start + 1, ..at }
}

fn did_you_mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}
