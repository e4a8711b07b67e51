//! Rules, macros and lists as files define and change them, in the order of the files.

use lanner_model::finding::Priority;
use rustc_hash::FxHashMap;

use crate::action::Action;
use crate::diagnostic::{Code, Report};
use crate::exception::Exception;
use crate::source::{Composed, Location};

#[derive(Clone, Debug)]
pub(crate) struct RuleDefinition {
    pub(crate) name: String,
    pub(crate) at: Location,
    pub(crate) condition: Composed,
    pub(crate) output: Composed,
    pub(crate) description: String,
    pub(crate) priority: Priority,
    pub(crate) tags: Vec<String>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) actions: Vec<Action>,
    pub(crate) enabled: bool,
    /// Whether a rule that has to look at every event is worth a warning.
    pub(crate) warn_every_event: bool,
    /// Whether a rule with an unknown field is left out without an error.
    pub(crate) skip_unknown: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct MacroDefinition {
    pub(crate) name: String,
    pub(crate) condition: Composed,
}

#[derive(Clone, Debug)]
pub(crate) struct ListDefinition {
    pub(crate) name: String,
    pub(crate) at: Location,
    pub(crate) items: Vec<Composed>,
}

/// What one part of an earlier rule becomes.
#[derive(Clone, Debug)]
pub(crate) enum RuleChange {
    AppendCondition(Composed),
    AppendOutput(Composed),
    AppendDescription(String),
    AppendTags(Vec<String>),
    AppendExceptions(Vec<Exception>),
    Condition(Composed),
    Output(Composed),
    Description(String),
    Tags(Vec<String>),
    Exceptions(Vec<Exception>),
    Actions(Vec<Action>),
    Priority(Priority),
    Enabled(bool),
    WarnEveryEvent(bool),
    SkipUnknown(bool),
}

/// Everything that was defined so far.
#[derive(Default)]
pub(crate) struct Definitions {
    pub(crate) rules: Vec<RuleDefinition>,
    pub(crate) macros: Vec<MacroDefinition>,
    pub(crate) lists: Vec<ListDefinition>,
    rule_index: FxHashMap<String, usize>,
    macro_index: FxHashMap<String, usize>,
    list_index: FxHashMap<String, usize>,
}

impl Definitions {
    /// A later definition replaces an earlier one of the same name, at its place.
    pub(crate) fn define_rule(&mut self, rule: RuleDefinition) {
        define(&mut self.rules, &mut self.rule_index, rule.name.clone(), rule);
    }

    pub(crate) fn define_macro(&mut self, definition: MacroDefinition) {
        define(&mut self.macros, &mut self.macro_index, definition.name.clone(), definition);
    }

    pub(crate) fn define_list(&mut self, list: ListDefinition) {
        define(&mut self.lists, &mut self.list_index, list.name.clone(), list);
    }

    pub(crate) fn append_to_macro(
        &mut self,
        addition: &MacroDefinition,
        at: Location,
        report: &mut Report<'_>,
    ) {
        match self.macro_index.get(&addition.name) {
            Some(index) => append(&mut self.macros[*index].condition, &addition.condition),
            None => nothing_to_change("macro", &addition.name, at, report),
        }
    }

    pub(crate) fn append_to_list(&mut self, addition: ListDefinition, report: &mut Report<'_>) {
        match self.list_index.get(&addition.name) {
            Some(index) => self.lists[*index].items.extend(addition.items),
            None => nothing_to_change("list", &addition.name, addition.at, report),
        }
    }

    pub(crate) fn change_rule(
        &mut self,
        name: &str,
        at: Location,
        changes: Vec<RuleChange>,
        report: &mut Report<'_>,
    ) {
        let Some(rule) = self.rule_index.get(name).and_then(|index| self.rules.get_mut(*index)) else {
            nothing_to_change("rule", name, at, report);
            return;
        };
        for change in changes {
            rule.change(change, report);
        }
    }
}

impl RuleDefinition {
    fn change(&mut self, change: RuleChange, report: &mut Report<'_>) {
        match change {
            RuleChange::AppendCondition(more) => append(&mut self.condition, &more),
            RuleChange::AppendOutput(more) => append(&mut self.output, &more),
            RuleChange::AppendDescription(more) => self.description = format!("{} {more}", self.description),
            RuleChange::AppendTags(more) => {
                let new = more.into_iter().filter(|tag| !self.tags.contains(tag)).collect::<Vec<_>>();
                self.tags.extend(new);
            }
            RuleChange::AppendExceptions(more) => self.append_exceptions(more, report),
            RuleChange::Condition(condition) => self.condition = condition,
            RuleChange::Output(output) => self.output = output,
            RuleChange::Description(description) => self.description = description,
            RuleChange::Tags(tags) => self.tags = tags,
            RuleChange::Exceptions(exceptions) => self.exceptions = exceptions,
            RuleChange::Actions(actions) => self.actions = actions,
            RuleChange::Priority(priority) => self.priority = priority,
            RuleChange::Enabled(enabled) => self.enabled = enabled,
            RuleChange::WarnEveryEvent(warn) => self.warn_every_event = warn,
            RuleChange::SkipUnknown(skip) => self.skip_unknown = skip,
        }
    }

    fn append_exceptions(&mut self, more: Vec<Exception>, report: &mut Report<'_>) {
        for exception in more {
            match self.exceptions.iter_mut().find(|existing| existing.name == exception.name) {
                Some(existing) => existing.append(exception, report),
                None => self.exceptions.push(exception),
            }
        }
    }

    /// The condition with its exceptions put in.
    pub(crate) fn narrowed_condition(&self, report: &mut Report<'_>) -> Composed {
        if self.exceptions.is_empty() {
            return self.condition.clone();
        }
        let mut narrowed = Composed::default();
        narrowed.push_glue("(", self.condition.whole());
        narrowed.push(&self.condition);
        narrowed.push_glue(")", self.condition.whole());
        for exception in &self.exceptions {
            exception.narrow(&mut narrowed, report);
        }
        narrowed
    }
}

fn append(text: &mut Composed, more: &Composed) {
    text.push_glue(" ", more.whole());
    text.push(more);
}

fn define<T>(all: &mut Vec<T>, index: &mut FxHashMap<String, usize>, name: String, new: T) {
    match index.get(&name).and_then(|at| all.get_mut(*at)) {
        Some(old) => *old = new,
        None => {
            index.insert(name, all.len());
            all.push(new);
        }
    }
}

fn nothing_to_change(kind: &str, name: &str, at: Location, report: &mut Report<'_>) {
    report.error_with_hint(
        Code::NothingToChange,
        at,
        format!("there is no {kind} `{name}` to change"),
        Some(format!("the file that defines the {kind} must come before")),
    );
}
