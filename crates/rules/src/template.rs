//! Output lines with fields in them.

use std::fmt::Write as _;

use lanner_model::field::{FieldId, FieldRef};

use crate::builder::Builder;
use crate::computed::Computed;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::facts::Facts;
use crate::field_slot::FieldSlot;
use crate::operand::Operand;
use crate::parser;
use crate::program::{Memo, Program, Run};
use crate::source::{Composed, SourceFile};
use crate::value::Value;

/// What stands where a field has no value.
const MISSING: &str = "<NA>";

/// A text with fields in it: `%proc.name opened %fd.name`.
///
/// `%field`, `%field[argument]` and `%tolower(field)` stand for a value, `%%` for a percent sign.
/// A number before the field (`%20proc.name`) cuts or fills the value to so many characters. A `*`
/// at the beginning means: render even if a field has no value (see [`Template::render_complete`]).
#[derive(Debug, Default)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
    program: Program,
    renders_missing: bool,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Value { computed: Computed, width: Option<usize> },
}

/// A width beyond this is a typing error.
const WIDTH_MAX: usize = 4096;

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it: an unknown field, a percent sign without one.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let sources = [SourceFile::new("format", text)];
        let mut report = Report::new(&sources);
        let template = Self::compile(&Composed::verbatim(0, text), &mut report);
        template.ok_or(report.diagnostics)
    }

    pub(crate) fn compile(source: &Composed, report: &mut Report<'_>) -> Option<Self> {
        let text = source.text().trim_end();
        let mut builder = Builder::default();
        let renders_missing = text.starts_with('*');
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut at = usize::from(renders_missing);
        let mut complete = true;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let percent = memchr::memchr(b'%', rest.as_bytes()).unwrap_or(rest.len());
            literal.push_str(&rest[..percent]);
            at += percent;
            let Some(behind) = rest.get(percent + 1..) else {
                break;
            };
            if behind.starts_with('%') {
                literal.push('%');
                at += 2;
                continue;
            }
            let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let width = behind[..digits].parse().ok().map(|width: usize| width.min(WIDTH_MAX));
            match value(source, at + 1 + digits, &mut builder, report) {
                Some((computed, end)) => {
                    if !literal.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut literal)));
                    }
                    // Some rule files still carry a field that became empty long ago.
                    if let Some(computed) = computed {
                        parts.push(Part::Value { computed, width });
                    }
                    at = end;
                }
                None => {
                    complete = false;
                    at += 1 + digits;
                }
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        complete.then(|| Self { text: text.to_owned(), parts, program: builder.program, renders_missing })
    }

    /// The template as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fields it names, each once, in their order.
    #[must_use]
    pub fn fields(&self) -> &[FieldRef] {
        &self.program.fields
    }

    /// Appends the text with its fields filled in, `<NA>` where one has no value.
    pub fn render(&self, facts: &(impl Facts + ?Sized), out: &mut String) {
        self.fill(facts, out, true);
    }

    /// As sysdig's `-p`: appends nothing and says `false` when a field has no value, unless the
    /// template begins with `*`.
    pub fn render_complete(&self, facts: &(impl Facts + ?Sized), out: &mut String) -> bool {
        let length = out.len();
        let complete = self.fill(facts, out, self.renders_missing);
        if !complete {
            out.truncate(length);
        }
        complete
    }

    /// Stops at the first missing value unless `fill_missing`; says whether it came to the end.
    fn fill(&self, facts: &(impl Facts + ?Sized), out: &mut String, fill_missing: bool) -> bool {
        let mut memo = Memo::new(&self.program);
        let mut run =
            Run::new(&self.program, facts, None, &mut memo, Vec::with_capacity(self.program.fields.len()));
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Value { computed, width } => {
                    let start = out.len();
                    let is_missing = match computed {
                        Computed::Field(slot) => render_value(run.field(*slot), out),
                        computed => {
                            render_value(&computed.value(&mut |slot: FieldSlot| run.field(slot).clone()), out)
                        }
                    };
                    if is_missing && !fill_missing {
                        return false;
                    }
                    if is_missing {
                        out.push_str(MISSING);
                    }
                    if let Some(width) = width {
                        fit(out, start, *width);
                    }
                }
            }
        }
        true
    }
}

/// Says whether there was no value.
fn render_value(value: &Value<'_>, out: &mut String) -> bool {
    value.render(out);
    value.is_none()
}

/// Cuts or fills what stands behind `start` to `width` characters.
fn fit(out: &mut String, start: usize, width: usize) {
    let cut = out[start..].char_indices().nth(width).map(|(at, _)| start + at);
    match cut {
        Some(cut) => out.truncate(cut),
        None => {
            let missing = width - out[start..].chars().count();
            let _ = write!(out, "{:missing$}", "");
        }
    }
}

/// The value that stands at byte `start` and the byte behind it; no value for `%container.info`.
fn value(
    source: &Composed,
    start: usize,
    builder: &mut Builder,
    report: &mut Report<'_>,
) -> Option<(Option<Computed>, usize)> {
    let text = source.text();
    if let Some(rest) = text.get(start..)
        && rest.starts_with("container.info")
        && FieldId::by_name("container.info").is_none()
    {
        return Some((None, start + "container.info".len()));
    }
    let known = longest_field(text, start);
    let errors = report.errors();
    let Some((term, end)) = parser::parse_term(source, start, report) else {
        if report.errors() == errors {
            let at = source.locate(start.saturating_sub(1)..start + 1);
            let hint = "write `%%` for a percent sign".to_owned();
            report.error_with_hint(Code::Template, at, "expected a field behind `%`", hint);
        }
        return None;
    };
    let (term, end) = match (term, known) {
        // `%proc.name.` and `%evt.type.txt`: the field ends where the table's longest name does.
        (crate::ast::Term::Field { argument: None, name, at }, Some(known)) if known < end => {
            let name = name.get(..known - start).unwrap_or(&name).to_owned();
            (crate::ast::Term::Field { name, argument: None, at }, known)
        }
        (term, _) => (term, end),
    };
    Operand::resolve(&term, builder, report).map(|operand| (Some(operand.computed), end))
}

/// The end of the longest run of dotted words from `start` that is a field.
fn longest_field(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let run =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
    let mut candidate = &rest[..run];
    loop {
        if FieldRef::parse(candidate).is_some() {
            return Some(start + candidate.len());
        }
        candidate = candidate.rsplit_once('.')?.0;
    }
}
