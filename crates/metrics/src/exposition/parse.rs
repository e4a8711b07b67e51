//! Text as samples.

use std::collections::HashSet;
use std::str::Chars;

use lanner_model::series::{Labels, METRIC_NAME};
use lanner_model::time::WallMs;
use std::sync::Arc;

use super::family::{Family, FamilyKind, Value};

/// Why a text is not in the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

/// Reads a whole text.
///
/// # Errors
/// At the first line that is not in the format, that gives a series a second value, or that puts a
/// metric's lines in two places.
pub fn parse(text: &str) -> Result<Vec<Family>, ParseError> {
    let mut reader = Reader::default();
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        reader.line(line).map_err(|what| ParseError { line: index + 1, what })?;
    }
    Ok(reader.families)
}

#[derive(Default)]
struct Reader {
    families: Vec<Family>,
    names: HashSet<String>,
    series: HashSet<Labels>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        let line = line.trim_matches([' ', '\t']);
        if line.is_empty() {
            return Ok(());
        }
        match line.strip_prefix('#') {
            Some(comment) => self.comment(comment),
            None => self.value(line),
        }
    }

    fn comment(&mut self, comment: &str) -> Result<(), &'static str> {
        let comment = comment.trim_start_matches([' ', '\t']);
        let (word, rest) = split_blank(comment);
        if word != "HELP" && word != "TYPE" {
            return Ok(());
        }
        let (name, text) = split_blank(rest);
        if !is_metric_name(name) {
            return Err("no metric's name after HELP or TYPE");
        }
        let family = self.family(name)?;
        if !family.values.is_empty() {
            return Err("HELP and TYPE stand before the metric's values");
        }
        if word == "HELP" {
            family.help = unescaped_help(text);
            return Ok(());
        }
        family.kind = match text {
            "counter" => FamilyKind::Counter,
            "gauge" => FamilyKind::Gauge,
            "histogram" => FamilyKind::Histogram,
            "summary" => FamilyKind::Summary,
            "untyped" => FamilyKind::Untyped,
            _ => return Err("a type is counter, gauge, histogram, summary or untyped"),
        };
        Ok(())
    }

    fn value(&mut self, line: &str) -> Result<(), &'static str> {
        let name_end = line.find(|c: char| !is_name_char(c)).ok_or("no value after the metric's name")?;
        let (name, rest) = line.split_at(name_end);
        if !is_metric_name(name) {
            return Err("a line begins with a metric's name");
        }
        let rest = rest.trim_start_matches([' ', '\t']);
        let (pairs, rest) = match rest.strip_prefix('{') {
            Some(inside) => labels(inside)?,
            None => (Vec::new(), rest),
        };
        let mut names = HashSet::new();
        if !pairs.iter().all(|(name, _)| names.insert(name.clone())) {
            return Err("a label stands twice");
        }
        let labels = Labels::from_pairs(pairs.into_iter().chain([(Arc::from(METRIC_NAME), Arc::from(name))]));
        let mut words = rest.split_ascii_whitespace();
        let value = number(words.next().ok_or("no value after the metric's name")?)?;
        let time = words.next().map(|time| time.parse().map(WallMs)).transpose();
        let time = time.map_err(|_| "a time stamp is a whole number of milliseconds")?;
        if words.next().is_some() {
            return Err("something stands after the time stamp");
        }
        if !self.series.insert(labels.clone()) {
            return Err("a series has a second value");
        }
        self.family_of_value(name)?.values.push(Value { labels, value, time });
        Ok(())
    }

    /// The family of a value's name: for `x_bucket` a histogram `x` before it.
    fn family_of_value(&mut self, name: &str) -> Result<&mut Family, &'static str> {
        let belongs = self.families.last().is_some_and(|family| {
            let suffix = name.strip_prefix(family.name.as_str());
            match family.kind {
                FamilyKind::Histogram => matches!(suffix, Some("_bucket" | "_sum" | "_count")),
                FamilyKind::Summary => matches!(suffix, Some("" | "_sum" | "_count")),
                _ => suffix == Some(""),
            }
        });
        if belongs {
            return self.families.last_mut().ok_or("no family");
        }
        self.family(name)
    }

    fn family(&mut self, name: &str) -> Result<&mut Family, &'static str> {
        if self.families.last().is_none_or(|last| last.name != name) {
            if !self.names.insert(name.to_owned()) {
                return Err("a metric's lines stand together");
            }
            self.families.push(Family {
                name: name.to_owned(),
                kind: FamilyKind::default(),
                help: String::new(),
                values: Vec::new(),
            });
        }
        self.families.last_mut().ok_or("no family")
    }
}

type Pairs = Vec<(Arc<str>, Arc<str>)>;

/// The labels after an opening brace, and what stands after the closing one.
fn labels(mut rest: &str) -> Result<(Pairs, &str), &'static str> {
    let mut pairs = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if let Some(after) = rest.strip_prefix('}') {
            return Ok((pairs, after));
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').ok_or("labels have no end")?;
        let (name, after) = rest.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err("a label's name is of letters, digits and _");
        }
        let after = after.trim_start_matches([' ', '\t']);
        let after = after.strip_prefix('=').ok_or("= stands after a label's name")?;
        let after = after.trim_start_matches([' ', '\t']);
        let after = after.strip_prefix('"').ok_or("a label's value begins with a quotation mark")?;
        let (value, after) = quoted(after)?;
        pairs.push((name.into(), value.into()));
        let after = after.trim_start_matches([' ', '\t']);
        rest = match after.strip_prefix(',') {
            Some(next) => next,
            None if after.starts_with('}') => after,
            None => return Err("a comma or } stands after a label"),
        };
    }
}

fn quoted(text: &str) -> Result<(String, &str), &'static str> {
    let mut value = String::new();
    let mut chars: Chars<'_> = text.chars();
    while let Some(character) = chars.next() {
        match character {
            '"' => return Ok((value, chars.as_str())),
            '\\' => value.push(match chars.next() {
                Some('n') => '\n',
                Some('\\') => '\\',
                Some('"') => '"',
                _ => return Err("a backslash stands before n, \\ or \" only"),
            }),
            other => value.push(other),
        }
    }
    Err("a label's value has no end")
}

fn unescaped_help(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(character) = chars.next() {
        match (character, chars.clone().next()) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('\\')) => out.push('\\'),
            (other, _) => {
                out.push(other);
                continue;
            }
        }
        chars.next();
    }
    out
}

fn number(word: &str) -> Result<f64, &'static str> {
    match word {
        "NaN" => Ok(f64::NAN),
        "+Inf" | "Inf" => Ok(f64::INFINITY),
        "-Inf" => Ok(f64::NEG_INFINITY),
        // Rust would also take "infinity" and "nan".
        _ if word.bytes().any(|byte| byte.is_ascii_alphabetic() && !byte.eq_ignore_ascii_case(&b'e')) => {
            Err("a value is a number")
        }
        _ => word.parse().map_err(|_| "a value is a number"),
    }
}

fn split_blank(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    (word, rest.trim_start_matches([' ', '\t']))
}

fn is_name_char(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == ':'
}

fn is_metric_name(name: &str) -> bool {
    name.chars().all(is_name_char) && name.starts_with(|c: char| !c.is_ascii_digit())
}
