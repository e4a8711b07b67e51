//! The notation of series: `name{label="value"} 1 2+3x4 _ stale`.

use lanner_model::series::Labels;

use super::command::{Point, Sequence};
use crate::promql::parse::parse_selector;

/// The most points that one item may stand for.
const MAX_REPEATS: usize = 1_000_000;

/// A series and its points.
pub(super) fn sequence(line: &str) -> Result<Sequence, String> {
    let end = head_end(line);
    let labels = labels(line[..end].trim())?;
    let mut points = Vec::new();
    let mut rest = line[end..].trim_start();
    while !rest.is_empty() {
        let end = item_end(rest);
        item(&rest[..end], &mut points)?;
        rest = rest[end..].trim_start();
    }
    Ok(Sequence { labels, points })
}

/// Where the name and the braces end.
fn head_end(line: &str) -> usize {
    let (mut braces, mut quote, mut is_escaped) = (0, None, false);
    for (at, character) in line.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if quote.is_some() => is_escaped = true,
            _ if quote == Some(character) => quote = None,
            '"' | '\'' | '`' if quote.is_none() => quote = Some(character),
            '{' if quote.is_none() => braces += 1,
            '}' if quote.is_none() => braces -= 1,
            _ if character.is_whitespace() && braces == 0 && quote.is_none() && !goes_on(&line[at..]) => {
                return at;
            }
            _ => {}
        }
    }
    line.len()
}

/// Whether braces follow after blanks: `name {label="value"} 1`. A histogram's are double.
fn goes_on(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with('{') && !rest.starts_with("{{")
}

fn labels(head: &str) -> Result<Labels, String> {
    let inner = head.strip_prefix('{').and_then(|head| head.strip_suffix('}'));
    if inner.is_some_and(|inner| inner.trim().is_empty()) {
        return Ok(Labels::default());
    }
    let matchers =
        parse_selector(head).map_err(|fault| format!("{head:?} is no series: {}", fault.message))?;
    Ok(Labels::from_pairs(matchers.into_iter().map(|matcher| (matcher.name.into(), matcher.value.into()))))
}

/// Where the first item ends; blanks within `{{ }}` belong to it.
fn item_end(text: &str) -> usize {
    let mut depth: i32 = 0;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if character.is_whitespace() && depth <= 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// `_`, `_x3`, `stale`, `1`, `1x3`, `1+2x3`, `{{...}}`, `{{...}}+{{...}}x3`.
fn item(item: &str, points: &mut Vec<Point>) -> Result<(), String> {
    let wrong = || format!("{item:?} is no point");
    let times =
        |text: &str| text.parse::<usize>().ok().filter(|times| *times <= MAX_REPEATS).ok_or_else(wrong);
    if item.starts_with("{{") {
        let after = item.rfind("}}").ok_or_else(wrong)? + 2;
        let repeats = match &item[after..] {
            "" => 0,
            more => times(more.strip_prefix('x').ok_or_else(wrong)?)?,
        };
        points.extend(std::iter::repeat_n(Point::Histogram, repeats + 1));
        return Ok(());
    }
    let (first, repeats) = match item.rsplit_once('x') {
        Some((first, repeats)) => (first, Some(times(repeats)?)),
        None => (item, None),
    };
    match first {
        "_" => points.extend(std::iter::repeat_n(Point::None, repeats.unwrap_or(1))),
        "stale" => points.extend(std::iter::repeat_n(Point::Stale, repeats.unwrap_or(0) + 1)),
        _ => {
            let (first, step) = match (repeats, sign_at(first)) {
                (Some(_), Some(at)) => (&first[..at], number(&first[at..]).ok_or_else(wrong)?),
                _ => (first, 0.0),
            };
            let mut value = number(first).ok_or_else(wrong)?;
            for _ in 0..=repeats.unwrap_or(0) {
                points.push(Point::Value(value));
                value += step;
            }
        }
    }
    Ok(())
}

/// Where the step of `1-2` begins: a sign that is neither the first nor an exponent's.
fn sign_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (1..bytes.len()).find(|at| {
        let (sign, before) = (bytes[*at], bytes[*at - 1]);
        matches!(sign, b'+' | b'-') && !matches!(before, b'e' | b'E')
    })
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}
