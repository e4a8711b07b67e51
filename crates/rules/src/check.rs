//! Types: which operators a field has, which values it can have, and the matcher that results.

use aho_corasick::AhoCorasick;
use lanner_model::event::{EVENTS, EventType, syscall};
use lanner_model::field::FieldKind;
use memchr::memmem::Finder;
use regex::RegexBuilder;

use crate::ast::{Check, Literal, Operator, Quantifier};
use crate::diagnostic::{Code, Report};
use crate::event_type_set::{EventTypeSet, generic_calls};
use crate::glob::Glob;
use crate::matcher::{Constant, ConstantSet, Matcher};
use crate::operand::Operand;
use crate::path_set::PathSet;
use crate::suggestion;
use crate::value::Value;

/// A compiled regular expression may take so many bytes.
const REGEX_SIZE_MAX: usize = 1 << 20;

/// Components of a `pmatch` path.
const PATH_DEPTH_MAX: usize = 64;

/// Whether a field's type has the operator; if not, that is reported.
pub(crate) fn takes_operator(subject: &Operand, check: &Check, report: &mut Report<'_>) -> bool {
    let operators = operators_of(subject.kind);
    if operators.contains(&check.operator) {
        return true;
    }
    let names =
        operators.iter().map(|operator| format!("`{}`", operator.word())).collect::<Vec<_>>().join(", ");
    report.error_with_hint(
        Code::Operator,
        check.operator_at,
        format!(
            "`{}` is {}, it has no operator `{}`",
            subject.text,
            kind_words(subject.kind),
            check.operator.word()
        ),
        format!("use one of {names}"),
    );
    false
}

fn operators_of(kind: FieldKind) -> &'static [Operator] {
    use Operator::*;
    match kind {
        FieldKind::Text | FieldKind::Path => &[
            Equal,
            NotEqual,
            In,
            Contains,
            Icontains,
            Startswith,
            Endswith,
            Glob,
            Iglob,
            Regex,
            Pmatch,
            Intersects,
            Exists,
            Less,
            LessOrEqual,
            Greater,
            GreaterOrEqual,
        ],
        FieldKind::Int | FieldKind::Uint | FieldKind::Time | FieldKind::Duration => {
            &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, In, Intersects, Exists]
        }
        FieldKind::Bool | FieldKind::Ip | FieldKind::Net => &[Equal, NotEqual, In, Intersects, Exists],
        FieldKind::Bytes => {
            &[Equal, NotEqual, In, Contains, Startswith, Endswith, Bcontains, Bstartswith, Intersects, Exists]
        }
        FieldKind::TextList => &[In, Intersects, Exists],
    }
}

fn kind_words(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Path => "a path",
        FieldKind::Int | FieldKind::Uint => "a number",
        FieldKind::Bool => "true or false",
        FieldKind::Ip => "an IP address",
        FieldKind::Net => "an IP network",
        FieldKind::Time => "a time in nanoseconds",
        FieldKind::Duration => "a duration in nanoseconds",
        FieldKind::Bytes => "bytes",
        FieldKind::TextList => "a list of texts",
    }
}

/// Checks that two fields can be compared.
pub(crate) fn comparable(
    left: &Operand,
    right: &Operand,
    check: &Check,
    report: &mut Report<'_>,
) -> Option<()> {
    if matches!(check.operator, Operator::Regex | Operator::Pmatch) {
        let message = format!("the right side of `{}` cannot be a field", check.operator.word());
        report.error(Code::Operator, check.at, message);
        return None;
    }
    if class(left.kind) == class(right.kind) || right.kind == FieldKind::TextList {
        return Some(());
    }
    let message = format!(
        "`{}` is {}, `{}` is {}: they cannot be compared",
        left.text,
        kind_words(left.kind),
        right.text,
        kind_words(right.kind)
    );
    report.error(Code::Value, check.at, message);
    None
}

/// Kinds that can be compared with each other have the same class.
fn class(kind: FieldKind) -> u8 {
    match kind {
        FieldKind::Text | FieldKind::Path | FieldKind::Bytes | FieldKind::TextList => 0,
        FieldKind::Int | FieldKind::Uint | FieldKind::Time | FieldKind::Duration => 1,
        FieldKind::Bool => 2,
        FieldKind::Ip | FieldKind::Net => 3,
    }
}

/// What a check says whatever the event is. Numbers of events begin with 1; rule files use
/// `evt.num=0` for "never", in macros that are there to be replaced.
pub(crate) fn known_truth(subject: &Operand, operator: Operator, literal: &Literal) -> Option<bool> {
    if !subject.is_field("evt.num") {
        return None;
    }
    let number = Constant::new(&literal.bytes).number?;
    match operator {
        Operator::Equal if number <= 0 => Some(false),
        Operator::NotEqual if number <= 0 => Some(true),
        Operator::Less if number <= 1 => Some(false),
        Operator::LessOrEqual if number <= 0 => Some(false),
        Operator::Greater if number <= 0 => Some(true),
        Operator::GreaterOrEqual if number <= 1 => Some(true),
        _ => None,
    }
}

/// The matcher of a check with constants on its right side.
pub(crate) fn matcher(
    subject: &Operand,
    check: &Check,
    literals: &[Literal],
    report: &mut Report<'_>,
) -> Option<Matcher> {
    let mut fits = true;
    for literal in literals {
        fits &= check_value(subject, check.operator, literal, report);
    }
    if !fits {
        return None;
    }
    match (check.operator, check.quantifier) {
        (Operator::In | Operator::Intersects, _) | (Operator::Equal, Some(Quantifier::Any)) => {
            Some(Matcher::In(ConstantSet::new(literals.iter().map(|literal| Constant::new(&literal.bytes)))))
        }
        (Operator::Pmatch, _) => {
            Some(Matcher::Below(PathSet::new(literals.iter().map(|literal| &*literal.bytes))))
        }
        (Operator::Contains | Operator::Icontains, Some(Quantifier::Any)) if !literals.is_empty() => {
            contains_one_of(literals, check.operator == Operator::Icontains)
        }
        (operator, Some(quantifier)) => {
            let matchers: Option<Vec<_>> =
                literals.iter().map(|literal| single(operator, literal, report)).collect();
            matchers.map(|matchers| Matcher::Several(quantifier, matchers))
        }
        (operator, None) => literals.first().and_then(|literal| single(operator, literal, report)),
    }
}

fn contains_one_of(literals: &[Literal], ignore_case: bool) -> Option<Matcher> {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(ignore_case);
    builder.build(literals.iter().map(|literal| &literal.bytes)).ok().map(Matcher::ContainsOneOf)
}

fn single(operator: Operator, literal: &Literal, report: &mut Report<'_>) -> Option<Matcher> {
    let bytes = literal.bytes.as_slice();
    Some(match operator {
        Operator::Equal => Matcher::Equal(Constant::new(bytes)),
        Operator::NotEqual => Matcher::NotEqual(Constant::new(bytes)),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            Matcher::Ordered(operator, Constant::new(bytes))
        }
        Operator::Contains => Matcher::Contains(Box::new(Finder::new(bytes).into_owned())),
        Operator::Icontains => return contains_one_of(std::slice::from_ref(literal), true),
        Operator::Bcontains => {
            Matcher::Contains(Box::new(Finder::new(&from_hex(literal, report)?).into_owned()))
        }
        Operator::Startswith => Matcher::StartsWith(bytes.into()),
        Operator::Bstartswith => Matcher::StartsWith(from_hex(literal, report)?.into()),
        Operator::Endswith => Matcher::EndsWith(bytes.into()),
        Operator::Glob => Matcher::Glob(Glob::new(bytes, false)),
        Operator::Iglob => Matcher::Glob(Glob::new(bytes, true)),
        Operator::Regex => return regex(literal, report),
        Operator::In | Operator::Intersects | Operator::Pmatch | Operator::Exists => return None,
    })
}

/// A regular expression that must match the whole value, as in Falco.
fn regex(literal: &Literal, report: &mut Report<'_>) -> Option<Matcher> {
    let pattern = literal.text();
    let compile =
        |pattern: &str| RegexBuilder::new(pattern).size_limit(REGEX_SIZE_MAX).nest_limit(64).build();
    // First as it stands: `a)(b` must not become right by being put into a group.
    match compile(&pattern).and_then(|_| compile(&format!(r"\A(?:{pattern})\z"))) {
        Ok(regex) => Some(Matcher::Regex(Box::new(regex))),
        Err(error) => {
            let message = match &error {
                regex::Error::CompiledTooBig(_) => "this regular expression is too large".to_owned(),
                _ => {
                    let text = error.to_string();
                    let reason =
                        text.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_owned();
                    format!("wrong regular expression: {reason}")
                }
            };
            report.error(Code::Regex, literal.at, message);
            None
        }
    }
}

fn from_hex(literal: &Literal, report: &mut Report<'_>) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = literal.bytes.chunks_exact(2);
    let whole = pairs.remainder().is_empty() && !literal.bytes.is_empty();
    let bytes: Option<Vec<u8>> = pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect();
    let bytes = bytes.filter(|_| whole);
    if bytes.is_none() {
        let message = format!("`{}` is no sequence of hexadecimal bytes", literal.text());
        report.error_with_hint(Code::Value, literal.at, message, "such as `cafe01`".to_owned());
    }
    bytes
}

/// Whether a field can have such a value.
fn check_value(subject: &Operand, operator: Operator, literal: &Literal, report: &mut Report<'_>) -> bool {
    let constant = Constant::new(&literal.bytes);
    let example = match subject.kind {
        // Its values have the type of the event's parameter.
        _ if subject.is_field("evt.rawarg") => None,
        FieldKind::Int | FieldKind::Uint => {
            constant.number.is_none().then_some("a number, such as `80` or `0x1f`")
        }
        FieldKind::Time | FieldKind::Duration => {
            constant.number.is_none().then_some("a number of nanoseconds")
        }
        FieldKind::Bool => constant.truth.is_none().then_some("`true` or `false`"),
        FieldKind::Ip | FieldKind::Net => {
            constant.network.is_none().then_some("an address or a network, such as `10.0.0.0/8`")
        }
        FieldKind::Text | FieldKind::Path | FieldKind::Bytes | FieldKind::TextList => None,
    };
    if let Some(example) = example {
        let message =
            format!("`{}` is {}, it cannot be `{}`", subject.text, kind_words(subject.kind), literal.text());
        report.error_with_hint(Code::Value, literal.at, message, format!("write {example}"));
        return false;
    }
    if operator == Operator::Pmatch && literal.bytes.split(|byte| *byte == b'/').count() > PATH_DEPTH_MAX {
        report.error(Code::Value, literal.at, format!("a path of more than {PATH_DEPTH_MAX} components"));
        return false;
    }
    let names_type = matches!(operator, Operator::Equal | Operator::NotEqual | Operator::In);
    !(names_type && subject.is_event_type()) || check_event_type(literal, report)
}

fn check_event_type(literal: &Literal, report: &mut Report<'_>) -> bool {
    let name = literal.text();
    if EVENTS.iter().any(|event| event.name == name) || syscall::code(&name).is_some() {
        return true;
    }
    let hint = suggestion::closest(&name, EVENTS.iter().map(|event| event.name));
    report.error_with_hint(
        Code::EventType,
        literal.at,
        format!("unknown event type `{name}`"),
        hint.map(|meant| format!("did you mean `{meant}`?")),
    );
    false
}

/// The event types whose name a matcher takes, and those whose name it does not take.
pub(crate) fn event_types(matcher: &Matcher) -> (EventTypeSet, EventTypeSet) {
    let takes = |name: &str| matcher.matches(&Value::text(name));
    let (mut taken, mut others) = (EventTypeSet::NONE, EventTypeSet::NONE);
    // The last stands for all types that are newer than the table.
    let types = EventTypeSet::ALL.iter().chain([EventType(u16::MAX)]);
    for event_type in
        types.filter(|event_type| !matches!(*event_type, EventType::GENERIC_E | EventType::GENERIC_X))
    {
        let set = if takes(event_type.name()) { &mut taken } else { &mut others };
        set.insert(event_type);
    }
    for (code, name) in generic_calls() {
        let set = if takes(name) { &mut taken } else { &mut others };
        set.insert_call(code);
    }
    (taken, others)
}
