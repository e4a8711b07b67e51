//! What is wrong with what a person typed, and where.

use std::fmt;

use crate::source::{Location, SourceFile};

/// What kind of mistake it is. The numbers do not change and are listed in `docs/rules.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// LR001: the file is no YAML.
    Yaml,
    /// LR002: an item of the file is no rule, macro or list.
    Item,
    /// LR003: a key is missing, empty or of the wrong shape.
    Key,
    /// LR004: a key that means nothing here.
    UnknownKey,
    /// LR005: a priority that does not exist.
    Priority,
    /// LR006: a rule for another source than system calls.
    Source,
    /// LR007: `append` or `override` of something that is not there.
    NothingToChange,
    /// LR008: `override` and the keys beside it do not fit.
    Override,
    /// LR009: an exception whose fields, comparisons and values do not fit.
    Exception,
    /// LR010: a condition that does not follow the grammar.
    Syntax,
    /// LR011: a condition, or macros in macros, too deep.
    Depth,
    /// LR012: a string without an end or with a wrong escape.
    Text,
    /// LR020: a field that does not exist.
    UnknownField,
    /// LR021: a field's argument is missing, wrong or not allowed.
    FieldArgument,
    /// LR022: a macro that does not exist.
    UnknownMacro,
    /// LR023: a macro or a list that contains itself.
    Circle,
    /// LR024: a list that does not exist, or a list where one value is wanted.
    List,
    /// LR025: an operator that the field's type does not have.
    Operator,
    /// LR026: a value that the field cannot have.
    Value,
    /// LR027: a regular expression that is wrong or too large.
    Regex,
    /// LR028: an event type that does not exist.
    EventType,
    /// LR029: a transformer used wrongly.
    Transformer,
    /// LR030: an output or a format that cannot be read.
    Template,
    /// LR031: a rule that uses a macro with an error.
    BrokenMacro,
    /// LR032: a rule that has to look at nearly every event.
    EveryEvent,
    /// LR033: an action that does not exist, or is not as it must be.
    Action,
}

impl Code {
    /// The code as it is printed, `LR020`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Yaml => "LR001",
            Code::Item => "LR002",
            Code::Key => "LR003",
            Code::UnknownKey => "LR004",
            Code::Priority => "LR005",
            Code::Source => "LR006",
            Code::NothingToChange => "LR007",
            Code::Override => "LR008",
            Code::Exception => "LR009",
            Code::Syntax => "LR010",
            Code::Depth => "LR011",
            Code::Text => "LR012",
            Code::UnknownField => "LR020",
            Code::FieldArgument => "LR021",
            Code::UnknownMacro => "LR022",
            Code::Circle => "LR023",
            Code::List => "LR024",
            Code::Operator => "LR025",
            Code::Value => "LR026",
            Code::Regex => "LR027",
            Code::EventType => "LR028",
            Code::Transformer => "LR029",
            Code::Template => "LR030",
            Code::BrokenMacro => "LR031",
            Code::EveryEvent => "LR032",
            Code::Action => "LR033",
        }
    }
}

/// Whether something was left out because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The rule works, but perhaps not as meant.
    Warning,
    /// The rule (or the file) is left out.
    Error,
}

/// A place in a file: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One mistake, with all that is needed to show it. [`fmt::Display`] gives several lines with the
/// source line and a mark below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, one line.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The rule, macro or list it is in: `rule "Shell in a container"`.
    pub item: Option<String>,
    /// The file's name as it was given.
    pub file: String,
    /// Where it begins.
    pub start: Position,
    /// Just behind its end.
    pub end: Position,
    /// The line it begins on.
    pub source_line: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let gutter = self.start.line.to_string().len();
        writeln!(f, "{level}[{}]: {}", self.code.as_str(), self.message)?;
        writeln!(f, "{:gutter$}--> {}:{}:{}", "", self.file, self.start.line, self.start.column)?;
        if !self.source_line.trim().is_empty() {
            let (line, before, width) = self.visible_line();
            writeln!(f, "{:gutter$} |", "")?;
            writeln!(f, "{} | {line}", self.start.line)?;
            writeln!(f, "{:gutter$} | {:before$}{}", "", "", "^".repeat(width))?;
        }
        if let Some(hint) = &self.hint {
            writeln!(f, "{:gutter$} = help: {hint}", "")?;
        }
        if let Some(item) = &self.item {
            writeln!(f, "{:gutter$} = in {item}", "")?;
        }
        Ok(())
    }
}

/// Longer lines are cut: a rule's output is often one line of 500 characters.
const WIDTH: usize = 100;

impl Diagnostic {
    /// The source line cut to what fits, how far in the mark begins, and how long it is.
    fn visible_line(&self) -> (String, usize, usize) {
        let characters: Vec<char> =
            self.source_line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let start = (self.start.column - 1).min(characters.len());
        let end = if self.end.line == self.start.line { self.end.column - 1 } else { characters.len() };
        let end = end.clamp(start + 1, characters.len().max(start + 1));
        let from = if end <= WIDTH { 0 } else { start.saturating_sub(WIDTH / 3) };
        let to = characters.len().min(from + WIDTH);
        let (left, right) =
            (if from > 0 { "..." } else { "" }, if to < characters.len() { "..." } else { "" });
        let shown: String = characters[from..to].iter().collect();
        let width = (end - start).min(to.saturating_sub(start).max(1));
        (format!("{left}{shown}{right}"), left.len() + start - from, width)
    }
}

/// Collects diagnostics of several files.
pub(crate) struct Report<'s> {
    sources: &'s [SourceFile],
    /// The rule, macro or list that is being read.
    item: Option<String>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// More than so many are a wrong file, not a file with mistakes.
const DIAGNOSTICS_MAX: usize = 1000;

impl<'s> Report<'s> {
    pub(crate) fn new(sources: &'s [SourceFile]) -> Self {
        Self { sources, item: None, diagnostics: Vec::new() }
    }

    /// What the next diagnostics are about, such as `rule "X"`.
    pub(crate) fn enter(&mut self, kind: &str, name: &str) {
        self.item = Some(format!("{kind} \"{name}\""));
    }

    pub(crate) fn leave(&mut self) {
        self.item = None;
    }

    /// Turns to another item for a while; gives the one before.
    pub(crate) fn replace_item(&mut self, item: Option<String>) -> Option<String> {
        std::mem::replace(&mut self.item, item)
    }

    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count()
    }

    pub(crate) fn error(&mut self, code: Code, at: Location, message: impl Into<String>) {
        self.add(Level::Error, code, at, message.into(), None);
    }

    pub(crate) fn error_with_hint(
        &mut self,
        code: Code,
        at: Location,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        self.add(Level::Error, code, at, message.into(), hint.into());
    }

    pub(crate) fn warning(
        &mut self,
        code: Code,
        at: Location,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.add(Level::Warning, code, at, message.into(), hint);
    }

    fn add(&mut self, level: Level, code: Code, at: Location, message: String, hint: Option<String>) {
        if self.diagnostics.len() >= DIAGNOSTICS_MAX {
            return;
        }
        let (file, start, end, source_line) = match self.sources.get(at.file) {
            Some(source) => {
                let (line, column) = source.position(at.start);
                let (end_line, end_column) = source.position(at.end);
                let source_line = source.line(line).to_owned();
                (source.name.clone(), (line, column), (end_line, end_column), source_line)
            }
            None => (String::new(), (1, 1), (1, 1), String::new()),
        };
        self.diagnostics.push(Diagnostic {
            code,
            level,
            message,
            hint,
            item: self.item.clone(),
            file,
            start: Position { line: start.0, column: start.1 },
            end: Position { line: end.0, column: end.1 },
            source_line,
        });
    }
}
