//! What the grammar allows and the language does not.

use lanner_model::series::{MatchOp, Matcher};
use regex::RegexBuilder;

use super::error::Fault;
use super::expr::{Binary, Expr, Group, Node};
use super::function::Function;
use super::position::Span;
use super::value::ValueType;

/// A regular expression from a query may not take more than this when compiled.
const REGEX_BYTES: usize = 1 << 20;

/// Checks an expression whose parts were checked before.
pub(crate) fn check(expr: &Expr) -> Result<(), Fault> {
    match &expr.node {
        Node::Selector(selector) | Node::Window(selector, _) => {
            if selector.matchers.iter().all(matches_empty) {
                let message = "vector selector must contain at least one non-empty matcher";
                return Err(Fault::new(expr.span, message));
            }
            Ok(())
        }
        Node::Subquery(subquery) => {
            let inner = subquery.expr.value_type();
            if inner != ValueType::Vector {
                let message =
                    format!("subquery is only allowed on instant vector, got {} instead", inner.as_str());
                return Err(Fault::new(expr.span, message));
            }
            Ok(())
        }
        Node::Negate(inner) => check_sign(inner, expr.span),
        Node::Binary(binary) => check_binary(binary, expr.span),
        Node::Aggregate(aggregate) => {
            expect(&aggregate.expr, ValueType::Vector, "aggregation expression")?;
            match (&aggregate.parameter, aggregate.operator.parameter()) {
                (Some(parameter), Some(wanted)) => expect(parameter, wanted, "aggregation parameter"),
                _ => Ok(()),
            }
        }
        Node::Call(function, arguments) => check_call(function, arguments, expr.span),
        Node::Number(_) | Node::Text(_) | Node::Paren(_) => Ok(()),
    }
}

/// Whether a sign may stand before an expression.
pub(crate) fn check_sign(inner: &Expr, span: Span) -> Result<(), Fault> {
    match inner.value_type() {
        ValueType::Scalar | ValueType::Vector => Ok(()),
        other => Err(Fault::new(
            span,
            format!(
                "unary expression only allowed on expressions of type scalar or instant vector, got {:?}",
                other.as_str()
            ),
        )),
    }
}

/// Checks a matcher's regular expression.
pub(crate) fn check_matcher(matcher: &Matcher, span: Span) -> Result<(), Fault> {
    if matches!(matcher.op, MatchOp::Equal | MatchOp::NotEqual) {
        return Ok(());
    }
    match regex(&matcher.value) {
        Ok(_) => Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => {
            Err(Fault::new(span, "the regular expression is too large when compiled; make it simpler"))
        }
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Err(Fault::new(span, format!("error parsing regexp: {reason}: `{}`", matcher.value)))
        }
    }
}

/// A regular expression of the language: anchored at both ends, a dot is any character.
pub(crate) fn regex(text: &str) -> Result<regex::Regex, regex::Error> {
    RegexBuilder::new(&format!("^(?s:{text})$")).size_limit(REGEX_BYTES).build()
}

fn matches_empty(matcher: &Matcher) -> bool {
    match matcher.op {
        MatchOp::Equal => matcher.value.is_empty(),
        MatchOp::NotEqual => !matcher.value.is_empty(),
        MatchOp::Regex => regex(&matcher.value).is_ok_and(|regex| regex.is_match("")),
        MatchOp::NotRegex => regex(&matcher.value).is_ok_and(|regex| !regex.is_match("")),
    }
}

fn check_binary(binary: &Binary, span: Span) -> Result<(), Fault> {
    let word = binary.operator.as_str();
    let (left, right) = (binary.left.value_type(), binary.right.value_type());
    let fault = |message: String| Err(Fault::new(span, message));
    if binary.returns_bool && !binary.operator.is_comparison() {
        return fault("bool modifier can only be used on comparison operators".to_owned());
    }
    for (side, value_type) in [(&binary.left, left), (&binary.right, right)] {
        if !matches!(value_type, ValueType::Scalar | ValueType::Vector) {
            let message = "binary expression must contain only scalar and instant vector types";
            return Err(Fault::new(side.span, message));
        }
    }
    let is_between_vectors = left == ValueType::Vector && right == ValueType::Vector;
    let is_between_scalars = left == ValueType::Scalar && right == ValueType::Scalar;
    if is_between_scalars && binary.operator.is_comparison() && !binary.returns_bool {
        return fault("comparisons between scalars must use BOOL modifier".to_owned());
    }
    if binary.operator.is_set() && !is_between_vectors {
        return fault(format!("set operator {word:?} not allowed in binary scalar expression"));
    }
    let matching = &binary.matching;
    if !is_between_vectors && (matching.on || !matching.labels.is_empty() || matching.group.is_some()) {
        return fault("vector matching only allowed between instant vectors".to_owned());
    }
    let Some(Group { include, .. }) = &matching.group else { return Ok(()) };
    if binary.operator.is_set() {
        return fault(format!("no grouping allowed for {word:?} operation"));
    }
    match matching.labels.iter().find(|label| matching.on && include.contains(label)) {
        Some(label) => fault(format!("label {label:?} must not occur in ON and GROUP clause at once")),
        None => Ok(()),
    }
}

fn check_call(function: &Function, arguments: &[Expr], span: Span) -> Result<(), Fault> {
    let (least, most) = function.counts();
    let got = arguments.len();
    let expected = match () {
        () if least == most && got != least => format!("{least}"),
        () if got < least => format!("at least {least}"),
        () if got > most => format!("at most {most}"),
        () => {
            let call = format!("call to function {:?}", function.name);
            let mut typed = arguments.iter().enumerate();
            return typed.try_for_each(|(at, argument)| expect(argument, function.argument(at), &call));
        }
    };
    Err(Fault::new(
        span,
        format!("expected {expected} argument(s) in call to {:?}, got {got}", function.name),
    ))
}

fn expect(expr: &Expr, wanted: ValueType, context: &str) -> Result<(), Fault> {
    let found = expr.value_type();
    if found == wanted {
        return Ok(());
    }
    let message = format!("expected type {} in {context}, got {}", wanted.as_str(), found.as_str());
    Err(Fault::new(expr.span, message))
}
