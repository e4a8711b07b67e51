//! Rules that were compiled together, and what evaluates them.

use std::sync::Arc;

use lanner_model::event::{EVENTS, EventType};
use lanner_model::field::FieldRef;
use lanner_model::finding::{MatchedCondition, Priority};

use crate::action::Action;
use crate::compiler::Compiler;
use crate::definition::{Definitions, RuleDefinition};
use crate::diagnostic::{Code, Diagnostic, Level, Report};
use crate::event_type_set::EventTypeSet;
use crate::explain;
use crate::facts::Facts;
use crate::list::Lists;
use crate::program::{Memo, NodeId, Program, Run};
use crate::reader;
use crate::source::SourceFile;
use crate::template::Template;
use crate::value::Value;

/// A rule file: its name for messages, and its text.
#[derive(Clone, Copy, Debug)]
pub struct RuleFile<'t> {
    /// The file's name.
    pub name: &'t str,
    /// Its YAML.
    pub text: &'t str,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it looks for, in words.
    pub description: String,
    /// How grave a hit is.
    pub priority: Priority,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its condition as it was written, appended parts included.
    pub condition_text: String,
    /// What a hit is told as.
    pub output: Template,
    /// The file that defines it.
    pub file: String,
    /// The line its definition begins on, from 1.
    pub line: usize,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// What is done on a hit beside telling it.
    pub actions: Vec<Action>,
    program: Arc<Program>,
    root: NodeId,
    event_types: EventTypeSet,
    fields: Vec<FieldRef>,
}

impl Rule {
    /// The parts of the condition that held, each with its field's value: first what is so, then
    /// what is not. To be asked for an event that the rule has hit.
    #[must_use]
    pub fn explain(&self, facts: &(impl Facts + ?Sized)) -> Vec<MatchedCondition> {
        explain::explain(&self.program, self.root, facts)
    }

    /// The event types for which it can hit.
    #[must_use]
    pub fn event_types(&self) -> EventTypeSet {
        self.event_types
    }

    /// The fields of its condition and its output, each once.
    #[must_use]
    pub fn fields(&self) -> &[FieldRef] {
        &self.fields
    }
}

/// What came of compiling rule files.
#[derive(Debug)]
pub struct Compiled {
    /// The rules without mistakes.
    pub rules: RuleSet,
    /// The mistakes in the others, and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Rules compiled together.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    program: Arc<Program>,
    event_types: EventTypeSet,
    /// For each event type the rules that can hit, in the order of the files; last the rules for
    /// types that are newer than the table.
    by_type: Vec<Box<[u32]>>,
}

impl RuleSet {
    /// Compiles rule files in their order: a later file may change what an earlier one defines.
    ///
    /// Mistakes never stop it: a rule with one is left out, all others work.
    #[must_use]
    pub fn compile(files: &[RuleFile<'_>]) -> Compiled {
        let sources: Vec<SourceFile> =
            files.iter().map(|file| SourceFile::new(file.name, file.text)).collect();
        let mut report = Report::new(&sources);
        let definitions = reader::read(&sources, &mut report);
        let rules = compile(&definitions, &sources, &mut report);
        let mut diagnostics = report.diagnostics;
        diagnostics.sort_by_key(|diagnostic| {
            let file = sources.iter().position(|source| source.name == diagnostic.file);
            (file, diagnostic.start)
        });
        Compiled { rules, diagnostics }
    }

    /// All rules, the disabled ones too, in the order of their definition.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The event types that an enabled rule can hit: what the probe must deliver.
    #[must_use]
    pub fn event_types(&self) -> EventTypeSet {
        self.event_types
    }

    /// The fields that conditions and outputs of enabled rules name, each once.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldRef> {
        let mut seen = rustc_hash::FxHashSet::default();
        let fields = self.rules.iter().filter(|rule| rule.enabled).flat_map(Rule::fields);
        fields.filter(|field| seen.insert(*field)).cloned().collect()
    }

    fn rules_for(&self, event_type: EventType) -> &[u32] {
        let newer = self.by_type.last();
        self.by_type
            .get(..EVENTS.len())
            .and_then(|known| known.get(usize::from(event_type.0)))
            .or(newer)
            .map_or(&[], |rules| rules)
    }
}

/// Evaluates rules, one event after another. It keeps memory between events, so make one per
/// thread and keep it.
#[derive(Debug)]
pub struct Evaluator {
    rules: Arc<RuleSet>,
    memo: Memo,
    /// Empty between events; only its memory is of use.
    values: Vec<Value<'static>>,
}

impl Evaluator {
    /// An evaluator for `rules`.
    #[must_use]
    pub fn new(rules: Arc<RuleSet>) -> Self {
        Self { memo: Memo::new(&rules.program), values: Vec::new(), rules }
    }

    /// The rules it evaluates.
    #[must_use]
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// Calls `hit` for each rule whose condition holds for an event, in the order of the rules.
    pub fn evaluate<F: Facts + ?Sized>(
        &mut self,
        event_type: EventType,
        facts: &F,
        mut hit: impl FnMut(&Rule),
    ) {
        let candidates = self.rules.rules_for(event_type);
        if candidates.is_empty() {
            return;
        }
        let values = std::mem::take(&mut self.values);
        let mut run = Run::new(&self.rules.program, facts, Some(event_type), &mut self.memo, values);
        for index in candidates {
            let rule = &self.rules.rules[*index as usize];
            if run.holds(rule.root) {
                hit(rule);
            }
        }
        self.values = emptied(run.values);
    }
}

/// The same memory for values of another event: an empty vector has no lifetime to keep.
fn emptied(mut values: Vec<Value<'_>>) -> Vec<Value<'static>> {
    values.clear();
    values.into_iter().map(|_| Value::None).collect()
}

fn compile(definitions: &Definitions, sources: &[SourceFile], report: &mut Report<'_>) -> RuleSet {
    let lists = Lists::new(&definitions.lists, report);
    let mut compiler = Compiler::new(&definitions.macros, lists, report);
    let mut compiled = Vec::new();
    for definition in &definitions.rules {
        compiler.report.enter("rule", &definition.name);
        if let Some((root, output)) = compile_rule(definition, &mut compiler) {
            compiled.push((definition, root, output));
        }
        compiler.report.leave();
    }
    let used = compiler.report.diagnostics.len();
    compiler.check_unused_macros();
    let builder = compiler.builder;
    // No rule is worse for them.
    report.diagnostics[used..].iter_mut().for_each(|diagnostic| diagnostic.level = Level::Warning);

    let event_types: Vec<EventTypeSet> =
        compiled.iter().map(|(_, root, _)| builder.event_types(*root)).collect();
    let program = Arc::new(builder.program);
    let rules: Vec<Rule> = compiled
        .into_iter()
        .zip(event_types)
        .map(|((definition, root, output), event_types)| {
            let source = sources.get(definition.at.file);
            Rule {
                name: definition.name.clone(),
                description: definition.description.clone(),
                priority: definition.priority,
                tags: definition.tags.clone(),
                condition_text: definition.condition.text().trim().to_owned(),
                file: source.map_or(String::new(), |source| source.name.clone()),
                line: source.map_or(1, |source| source.position(definition.at.start).0),
                enabled: definition.enabled,
                actions: definition.actions.clone(),
                fields: fields_of(&program, root, &output),
                output,
                program: Arc::clone(&program),
                root,
                event_types,
            }
        })
        .collect();
    index(rules, program)
}

fn compile_rule(
    definition: &RuleDefinition,
    compiler: &mut Compiler<'_, '_, '_>,
) -> Option<(NodeId, Template)> {
    let reported = compiler.report.diagnostics.len();
    let errors = compiler.report.errors();
    let condition = definition.narrowed_condition(compiler.report);
    let root = compiler.condition(&condition);
    let output = Template::compile(&definition.output, compiler.report);
    if definition.skip_unknown {
        forgive_unknown(&mut compiler.report.diagnostics[reported..]);
    }
    let (root, output) = (root?, output?);
    if compiler.report.errors() > errors {
        return None;
    }
    if definition.warn_every_event
        && definition.enabled
        && concerns_most_events(compiler.builder.event_types(root))
    {
        let hint = Some("name the events it is about, such as `evt.type in (open, openat)`".to_owned());
        let message = "the rule has to look at nearly every event, which is slow";
        compiler.report.warning(Code::EveryEvent, definition.at, message, hint);
    }
    Some((root, output))
}

/// Opens of all kinds are 8 types, all that works on a descriptor some 60.
fn concerns_most_events(types: EventTypeSet) -> bool {
    types.iter().count() > 100
}

/// With `skip-if-unknown-filter`, a rule that only lacks fields is left out without an error.
fn forgive_unknown(diagnostics: &mut [Diagnostic]) {
    let only_unknown = diagnostics.iter().all(|diagnostic| {
        diagnostic.level == Level::Warning || matches!(diagnostic.code, Code::UnknownField | Code::EventType)
    });
    if only_unknown {
        diagnostics.iter_mut().for_each(|diagnostic| diagnostic.level = Level::Warning);
    }
}

fn index(rules: Vec<Rule>, program: Arc<Program>) -> RuleSet {
    let mut by_type: Vec<Vec<u32>> = vec![Vec::new(); EVENTS.len() + 1];
    let mut event_types = EventTypeSet::NONE;
    for (position, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.enabled) {
        event_types = event_types.union(&rule.event_types);
        for event_type in rule.event_types.iter().chain([EventType(u16::MAX)]) {
            let slot = usize::from(event_type.0).min(EVENTS.len());
            if rule.event_types.contains(event_type) {
                by_type[slot].push(position as u32);
            }
        }
    }
    let by_type = by_type.into_iter().map(Vec::into_boxed_slice).collect();
    RuleSet { rules, program, event_types, by_type }
}

/// The fields below a node, then those of the output, each once.
fn fields_of(program: &Program, root: NodeId, output: &Template) -> Vec<FieldRef> {
    let slots = program.slots_below(root);
    let condition = slots.into_iter().map(|slot| &program.fields[usize::from(slot.0)]);
    let mut seen = rustc_hash::FxHashSet::default();
    condition.chain(output.fields()).filter(|field| seen.insert(*field)).cloned().collect()
}
