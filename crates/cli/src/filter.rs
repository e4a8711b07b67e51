//! A filter as it stands on the command line.

use lanner_rules::{Diagnostic, Filter};

/// The filter that `words` make, joined by spaces; `None` when there are none.
pub(crate) fn parse(words: &[String]) -> anyhow::Result<Option<Filter>> {
    if words.is_empty() {
        return Ok(None);
    }
    Filter::parse(&words.join(" ")).map(Some).map_err(|diagnostics| refused("the filter", &diagnostics))
}

/// What is wrong with what a person typed, as one error.
pub(crate) fn refused(what: &str, diagnostics: &[Diagnostic]) -> anyhow::Error {
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("{what} is not understood\n{}", lines.join("\n"))
}
