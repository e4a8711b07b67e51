//! Queries with places for scope and time: `rate(container_cpu_usage_seconds_total{$container}[$window])`.
//!
//! `$` before a name is a place wherever it stands outside of strings and comments. The page fills it in
//! (`web/src/domain/template.ts`); both implementations are held to `template/cases.json`.

/// A matcher of a scope label that is set: the label's name and the values, one of which it has to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScopeMatcher {
    pub(super) label: String,
    pub(super) values: Vec<String>,
}

/// What places are filled with.
pub(super) struct Filling<'a> {
    /// The matchers of a selector; `None` where there is no such selector.
    pub(super) selector: &'a dyn Fn(&str) -> Option<Vec<ScopeMatcher>>,
    /// `$window`, as PromQL writes durations.
    pub(super) window: &'a str,
    /// `$range`.
    pub(super) range: &'a str,
}

/// Names that are no selector's.
pub(super) const TIMES: [&str; 2] = ["window", "range"];

/// A place that nothing is known to fill.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no selector `${name}` (character {at})")]
pub(super) struct UnknownPlace {
    pub(super) name: String,
    /// Where its `$` stands, counted in characters from 1.
    pub(super) at: usize,
}

/// The query with every place filled. A selector without matchers goes away together with the comma
/// behind it, as PromQL allows none at the beginning.
pub(super) fn fill(query: &str, filling: &Filling<'_>) -> Result<String, UnknownPlace> {
    let mut filled = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' | '`' => string_length(rest, first),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '$' => {
                let name = &rest[1..1 + name_length(&rest[1..])];
                let behind = &rest[1 + name.len()..];
                match (name, (filling.selector)(name)) {
                    ("window", _) => filled.push_str(filling.window),
                    ("range", _) => filled.push_str(filling.range),
                    (_, Some(matchers)) if matchers.is_empty() => {
                        let comma = behind.trim_start().strip_prefix(',');
                        rest = comma.map_or(behind, str::trim_start);
                        continue;
                    }
                    (_, Some(matchers)) => filled.push_str(&text_of(&matchers)),
                    (_, None) => {
                        let at = query[..query.len() - rest.len()].chars().count() + 1;
                        return Err(UnknownPlace { name: name.to_owned(), at });
                    }
                }
                rest = behind;
                continue;
            }
            other => other.len_utf8(),
        };
        filled.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Ok(filled)
}

/// Bytes of the string literal at the beginning of `text`; all of it where nothing ends it.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            // Back-ticked strings know no escapes.
            '\\' if quote != '`' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn name_length(text: &str) -> usize {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.find(|character| !is_part(character)).unwrap_or(text.len())
}

fn text_of(matchers: &[ScopeMatcher]) -> String {
    let written = matchers.iter().map(|matcher| match matcher.values.as_slice() {
        [value] => format!("{}=\"{}\"", matcher.label, escaped(value)),
        values => {
            let quoted: Vec<String> = values.iter().map(|value| regex_quoted(value)).collect();
            format!("{}=~\"{}\"", matcher.label, escaped(&quoted.join("|")))
        }
    });
    written.collect::<Vec<_>>().join(",")
}

/// What stands between double quotes for a value.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            other => text.push(other),
        }
    }
    text
}

/// A regular expression that matches the value and nothing else.
fn regex_quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        query: String,
        /// Label and values of each matcher of `$thing`.
        thing: Vec<(String, Vec<String>)>,
        expected: Option<String>,
        unknown: Option<(String, usize)>,
    }

    #[test]
    fn the_cases_that_the_page_has_to_meet_too() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("template/cases.json")).expect("cases");
        assert!(cases.len() > 10);
        for case in cases {
            let matchers: Vec<ScopeMatcher> =
                case.thing.into_iter().map(|(label, values)| ScopeMatcher { label, values }).collect();
            let selector = |name: &str| (name == "thing").then(|| matchers.clone());
            let got = fill(&case.query, &Filling { selector: &selector, window: "60s", range: "3600s" });
            let expected = match (case.expected, case.unknown) {
                (Some(text), None) => Ok(text),
                (None, Some((name, at))) => Err(UnknownPlace { name, at }),
                _ => panic!("{}: either expected or unknown", case.name),
            };
            assert_eq!(got, expected, "{}", case.name);
        }
    }
}
