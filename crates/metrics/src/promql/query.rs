//! A query that was understood.

use std::fmt;

use lanner_model::series::{METRIC_NAME, Matcher};

use super::error::ParseError;
use super::expr::Expr;
use super::parse::{parse, parse_selector};
use super::value::ValueType;

/// A query that was understood. Its `Display` is the query again, in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// As it was written: places in messages are those of this text.
    text: String,
    expr: Expr,
}

impl Query {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Query, ParseError> {
        let expr = parse(text).map_err(|fault| fault.in_text(text))?;
        Ok(Query { text: text.to_owned(), expr })
    }

    /// The same query over those series only that match: the matchers are added to each selector.
    #[must_use]
    pub fn with_matchers(mut self, matchers: &[Matcher]) -> Query {
        self.expr.each_selector(&mut |selector| selector.matchers.extend_from_slice(matchers));
        self
    }

    /// Of which type the answer to it is.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.expr.value_type()
    }

    /// The names of the metrics it selects, as far as it says them; each once, in the order of the text.
    #[must_use]
    pub fn metric_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.expr.clone().each_selector(&mut |selector| {
            let name = selector.matchers.iter().find(|matcher| matcher.name == METRIC_NAME);
            names.extend(name.map(|matcher| matcher.value.clone()).filter(|name| !names.contains(name)));
        });
        names
    }

    pub(crate) fn expr(&self) -> &Expr {
        &self.expr
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

/// Reads a duration (`1h30m`), in milliseconds; `None` when it is none.
#[must_use]
pub fn duration_ms(text: &str) -> Option<i64> {
    super::lex::duration_ms(text)
}

/// Reads a series selector (`up{job="x"}`), as `match[]` of the HTTP API has them.
pub fn matchers(text: &str) -> Result<Vec<Matcher>, ParseError> {
    parse_selector(text).map_err(|fault| fault.in_text(text))
}
