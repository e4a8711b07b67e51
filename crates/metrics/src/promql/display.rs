//! A tree as text again; parsing the text gives the same tree.

use std::fmt;

use lanner_model::series::{METRIC_NAME, MatchOp, Matcher};

use super::expr::{Aggregate, At, Binary, Expr, Grouping, Node, Selector, Shift, Side};

const UNITS: [(i64, &str); 6] =
    [(7 * 86_400_000, "w"), (86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")];

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Number(number) => f.write_str(&number_text(*number)),
            Node::Text(text) => f.write_str(&quoted(text)),
            Node::Selector(selector) => write!(f, "{}{}", Name(selector), selector.shift),
            Node::Window(selector, range_ms) => {
                write!(f, "{}[{}]{}", Name(selector), duration_text(*range_ms), selector.shift)
            }
            Node::Subquery(subquery) => {
                let step = subquery.step_ms.map(duration_text).unwrap_or_default();
                write!(f, "{}[{}:{step}]{}", subquery.expr, duration_text(subquery.range_ms), subquery.shift)
            }
            Node::Paren(inner) => write!(f, "({inner})"),
            Node::Negate(inner) => write!(f, "-{inner}"),
            Node::Binary(binary) => fmt_binary(binary, f),
            Node::Aggregate(aggregate) => fmt_aggregate(aggregate, f),
            Node::Call(function, arguments) => {
                write!(f, "{}(", function.name)?;
                fmt_list(arguments, f)?;
                f.write_str(")")
            }
        }
    }
}

/// A duration as the language writes it: `1h30m`.
pub(crate) fn duration_text(ms: i64) -> String {
    if ms == 0 {
        return "0s".to_owned();
    }
    let mut text = if ms < 0 { "-".to_owned() } else { String::new() };
    let mut rest = ms.unsigned_abs();
    for (unit_ms, unit) in UNITS {
        let unit_ms = unit_ms.unsigned_abs();
        // Weeks only where nothing smaller is needed: 8d, not 1w1d.
        if rest >= unit_ms && (unit != "w" || rest.is_multiple_of(unit_ms)) {
            text.push_str(&format!("{}{unit}", rest / unit_ms));
            rest %= unit_ms;
        }
    }
    text
}

/// A number as the language writes it.
pub(crate) fn number_text(number: f64) -> String {
    match number {
        _ if number.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => number.to_string(),
    }
}

fn fmt_binary(binary: &Binary, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{} {}", binary.left, binary.operator.as_str())?;
    if binary.returns_bool {
        f.write_str(" bool")?;
    }
    let matching = &binary.matching;
    if matching.on || !matching.labels.is_empty() || matching.group.is_some() {
        let word = if matching.on { "on" } else { "ignoring" };
        write!(f, " {word} ({})", labels_text(&matching.labels))?;
    }
    if let Some(group) = &matching.group {
        let word = if group.many == Side::Left { "group_left" } else { "group_right" };
        write!(f, " {word} ({})", labels_text(&group.include))?;
    }
    write!(f, " {}", binary.right)
}

fn fmt_aggregate(aggregate: &Aggregate, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(aggregate.operator.as_str())?;
    let Grouping { without, labels } = &aggregate.grouping;
    if *without {
        write!(f, " without ({}) ", labels_text(labels))?;
    } else if !labels.is_empty() {
        write!(f, " by ({}) ", labels_text(labels))?;
    }
    f.write_str("(")?;
    if let Some(parameter) = &aggregate.parameter {
        write!(f, "{parameter}, ")?;
    }
    write!(f, "{})", aggregate.expr)
}

fn fmt_list(exprs: &[Expr], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, expr) in exprs.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        write!(f, "{comma}{expr}")?;
    }
    Ok(())
}

fn labels_text(labels: &[String]) -> String {
    labels.iter().map(|label| label_text(label)).collect::<Vec<String>>().join(", ")
}

fn label_text(label: &str) -> String {
    if is_plain(label, "_") { label.to_owned() } else { quoted(label) }
}

fn is_plain(name: &str, further: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || further.contains(c))
        && name.chars().next().is_some_and(|first| !first.is_ascii_digit())
}

/// A text between quotes, with what can not stand there escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if character.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A selector without its place in time.
struct Name<'a>(&'a Selector);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Selector { name, matchers, .. } = self.0;
        let is_outside = |name: &&String| is_plain(name, "_:");
        let outside = name.as_ref().filter(is_outside);
        f.write_str(outside.map_or("", String::as_str))?;
        let is_shown = |matcher: &&Matcher| {
            let is_name = matcher.name == METRIC_NAME && matcher.op == MatchOp::Equal;
            !is_name || Some(&matcher.value) != outside
        };
        let mut comma = "{";
        for matcher in matchers.iter().filter(is_shown) {
            let op = match matcher.op {
                MatchOp::Equal => "=",
                MatchOp::NotEqual => "!=",
                MatchOp::Regex => "=~",
                MatchOp::NotRegex => "!~",
            };
            write!(f, "{comma}{}{op}{}", label_text(&matcher.name), quoted(&matcher.value))?;
            comma = ",";
        }
        f.write_str(if comma == "," { "}" } else { "" })
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            None => {}
            Some(At::Start) => f.write_str(" @ start()")?,
            Some(At::End) => f.write_str(" @ end()")?,
            Some(At::Time(ms)) => {
                let sign = if ms < 0 { "-" } else { "" };
                write!(f, " @ {sign}{}.{:03}", ms.unsigned_abs() / 1000, ms.unsigned_abs() % 1000)?;
            }
        }
        match self.offset_ms {
            Some(ms) => write!(f, " offset {}", duration_text(ms)),
            None => Ok(()),
        }
    }
}
