//! The parameters of a request: of its address, and of a form in its body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use lanner_metrics::promql::{Query, matchers};
use lanner_model::series::{MatchOp, Matcher};
use lanner_model::time::WallMs;

use super::failure::Failure;
use super::time::{parse_duration, parse_time};

/// More are not read.
const MAX_PARAMETERS: usize = 1_000;
/// Of a number of things where none is given.
const UNLIMITED: usize = usize::MAX;

/// Names and values in their order; a name may come several times.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_form = content_type.starts_with("application/x-www-form-urlencoded");
        let body = if is_form {
            let body = Bytes::from_request(request, state).await;
            body.map_err(|rejection| Failure::too_large(rejection.body_text()))?
        } else {
            Bytes::new()
        };
        Parameters::parse(&body, query.as_bytes())
    }
}

impl Parameters {
    /// Those of the body come first: where one is needed, it counts.
    fn parse(body: &[u8], query: &[u8]) -> Result<Parameters, Failure> {
        let pairs = form_urlencoded::parse(body).chain(form_urlencoded::parse(query));
        let pairs: Vec<(String, String)> = pairs
            .take(MAX_PARAMETERS + 1)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if pairs.len() > MAX_PARAMETERS {
            return Err(Failure::bad_data(format!("more than {MAX_PARAMETERS} parameters")));
        }
        Ok(Parameters(pairs))
    }

    /// A parameter's value; an empty one is none.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).find(|value| !value.is_empty())
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The query, restricted to the scope.
    pub(super) fn query(&self) -> Result<Query, Failure> {
        let text = self.value("query").unwrap_or_default();
        let query = Query::parse(text).map_err(|error| Failure::not_a_query("query", &error))?;
        Ok(query.with_matchers(&self.scope()?))
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<WallMs>, Failure> {
        let parse = |text| parse_time(text).ok_or_else(|| Failure::not_a(name, text, "timestamp"));
        self.value(name).map(parse).transpose()
    }

    pub(super) fn needed_time(&self, name: &str) -> Result<WallMs, Failure> {
        self.time(name)?.ok_or_else(|| Failure::not_a(name, "", "timestamp"))
    }

    /// In milliseconds.
    pub(super) fn duration(&self, name: &str) -> Result<Option<i64>, Failure> {
        let parse = |text| parse_duration(text).ok_or_else(|| Failure::not_a(name, text, "duration"));
        self.value(name).map(parse).transpose()
    }

    pub(super) fn step_ms(&self) -> Result<i64, Failure> {
        let step_ms = self.duration("step")?.ok_or_else(|| Failure::not_a("step", "", "duration"))?;
        if step_ms <= 0 {
            let reason =
                "zero or negative query resolution step widths are not accepted. Try a positive integer";
            return Err(Failure::bad_parameter("step", reason));
        }
        Ok(step_ms)
    }

    /// How many are given at most.
    pub(super) fn limit(&self, name: &str) -> Result<usize, Failure> {
        let parse = |text: &str| text.parse::<usize>().map_err(|_| Failure::not_a(name, text, "number"));
        let limit = self.value(name).map(parse).transpose()?;
        Ok(limit.filter(|limit| *limit > 0).unwrap_or(UNLIMITED))
    }

    /// The range of time of `start` and `end`; without them, all time.
    pub(super) fn range(&self, now: WallMs) -> Result<(WallMs, WallMs), Failure> {
        let (start, end) = (self.time("start")?.unwrap_or(WallMs(0)), self.time("end")?.unwrap_or(now));
        if end < start {
            return Err(Failure::bad_parameter("end", "end timestamp must not be before start time"));
        }
        Ok((start, end))
    }

    /// The selectors of `match[]`, each restricted to the scope.
    pub(super) fn selectors(&self) -> Result<Vec<Vec<Matcher>>, Failure> {
        let scope = self.scope()?;
        let parse = |text| {
            let mut matchers = matchers(text).map_err(|error| Failure::not_a_query("match[]", &error))?;
            matchers.extend_from_slice(&scope);
            Ok(matchers)
        };
        self.values("match[]").map(parse).collect()
    }

    /// What every series must match.
    pub(super) fn scope(&self) -> Result<Vec<Matcher>, Failure> {
        let mut scope: Vec<(&str, Vec<&str>)> = Vec::new();
        for text in self.values("scope").filter(|text| !text.is_empty()) {
            let pair = text.split_once(':').filter(|(label, _)| !label.is_empty());
            let (label, value) =
                pair.ok_or_else(|| Failure::bad_parameter("scope", "it must have the form LABEL:VALUE"))?;
            match scope.iter_mut().find(|(known, _)| *known == label) {
                Some((_, values)) => values.push(value),
                None => scope.push((label, vec![value])),
            }
        }
        Ok(scope.into_iter().map(|(label, values)| any_of(label, &values)).collect())
    }
}

/// A matcher for any of some values.
fn any_of(label: &str, values: &[&str]) -> Matcher {
    match values {
        [value] => Matcher::equal(label, *value),
        values => {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            Matcher { name: label.to_owned(), op: MatchOp::Regex, value: values.join("|") }
        }
    }
}

/// A regular expression for just this text.
fn literal(text: &str) -> String {
    let mut literal = String::new();
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            literal.push('\\');
        }
        literal.push(character);
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(query: &str) -> Parameters {
        Parameters::parse(b"", query.as_bytes()).expect("parameters")
    }

    #[test]
    fn a_scope_is_added_to_every_selector() {
        for (query, restricted) in [
            ("query=up", "up"),
            ("query=up&scope=node:a", r#"up{node="a"}"#),
            ("query=up%2Brate(x%5B5m%5D)&scope=node:a", r#"up{node="a"} + rate(x{node="a"}[5m])"#),
            ("query=up&scope=node:a&scope=ns:b:c", r#"up{node="a",ns="b:c"}"#),
            ("query=up&scope=node:a.b&scope=node:c%7Cd", r#"up{node=~"a\\.b|c\\|d"}"#),
            ("query=up&scope=container:", r#"up{container=""}"#),
        ] {
            assert_eq!(parameters(query).query().expect(query).to_string(), restricted, "{query}");
        }
        assert!(parameters("query=up&scope=node").query().is_err());
        assert!(parameters("query=up&scope=:a").query().is_err());
    }

    #[test]
    fn a_form_in_the_body_counts_before_the_address() {
        let both = Parameters::parse(b"query=a%20or%20b", b"query=c&time=5").expect("parameters");
        assert_eq!(both.value("query"), Some("a or b"));
        assert_eq!(both.time("time").expect("a time"), Some(WallMs(5_000)));
        let many = "x=1&".repeat(MAX_PARAMETERS + 1);
        assert!(Parameters::parse(many.as_bytes(), b"").is_err());
    }
}
