//! Running a script.

use lanner_model::time::WallMs;

use super::check::{check_annotations, check_error, check_instant, check_moment, check_range};
use super::command::{Action, Evaluation, Expect, ScriptError};
use super::data::Data;
use super::read::read;
use crate::promql::evaluate::{evaluate_instant, evaluate_range};
use crate::promql::plan::{Limits, Moments, Plan, plan};
use crate::promql::query::Query;
use crate::promql::value::{Answer, Column, Value, ValueType};

/// What came of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Evaluations that gave what was expected.
    pub passed: usize,
    /// Those that did not.
    pub failures: Vec<Failure>,
    /// Those that need what is not there yet; neither passed nor failed.
    pub not_yet: Vec<NotYet>,
}

/// An evaluation that did not give what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line it begins in, from 1.
    pub line: usize,
    /// Its query.
    pub query: String,
    /// What was wrong.
    pub reason: String,
}

/// An evaluation of something that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotYet {
    /// The line it begins in, from 1.
    pub line: usize,
    /// Its query.
    pub query: String,
    /// What it needs.
    pub reason: String,
}

/// Functions that look at nothing but native histograms, or at what is not stored.
const FUNCTIONS_NOT_YET: [(&str, &str); 7] = [
    ("histogram_avg", "native histograms"),
    ("histogram_count", "native histograms"),
    ("histogram_sum", "native histograms"),
    ("histogram_stddev", "native histograms"),
    ("histogram_stdvar", "native histograms"),
    ("info", "the function info"),
    ("start_timestamp", "start timestamps of samples"),
];

/// Runs a script. An error means that it was not understood; what failed is in the report.
pub fn run(script: &str) -> Result<Report, ScriptError> {
    let mut data = Data::default();
    let mut report = Report::default();
    for command in read(script)? {
        match command.action {
            Action::Clear => data.clear(),
            Action::Load { step_ms, series, with_histograms } => data.load(step_ms, &series, with_histograms),
            Action::Evaluate(evaluation) => {
                let (line, query) = (command.line, evaluation.query.clone());
                match evaluate(&data, &evaluation) {
                    Ok(()) => report.passed += 1,
                    Err(Outcome::Failed(reason)) => report.failures.push(Failure { line, query, reason }),
                    Err(Outcome::NotYet(reason)) => report.not_yet.push(NotYet { line, query, reason }),
                }
            }
        }
    }
    Ok(report)
}

enum Outcome {
    Failed(String),
    NotYet(String),
}

fn evaluate(data: &Data, evaluation: &Evaluation) -> Result<(), Outcome> {
    if let Some(needed) = needs(&evaluation.query) {
        return Err(Outcome::NotYet(format!("needs {needed}")));
    }
    let query = match Query::parse(&evaluation.query) {
        Ok(query) => query,
        Err(error) => return check_error(evaluation, &error.to_string()).map_err(Outcome::Failed),
    };
    let moments = Moments {
        from: WallMs(evaluation.from_ms),
        to: WallMs(evaluation.to_ms),
        step_ms: evaluation.step_ms,
    };
    let limits = Limits::default();
    let plan = match plan(&query, moments, &limits) {
        Ok(plan) => plan,
        Err(error) => return check_error(evaluation, &error.to_string()).map_err(Outcome::Failed),
    };
    if let Some(labels) = plan.fetches.iter().find_map(|fetch| data.histogram_in(fetch)) {
        return Err(Outcome::NotYet(format!("{labels:?} has native histograms")));
    }
    let columns = fetch(data, &plan);
    let checked = if moments.step_ms == 0 {
        let answer = evaluate_instant(&query, moments.from, &plan, &columns, &limits, &|| false);
        check_answer(evaluation, answer, |value| {
            check_instant(evaluation, value)?;
            check_as_range(data, evaluation, &query, value)
        })
    } else {
        let answer = evaluate_range(&query, moments, &plan, &columns, &limits, &|| false);
        check_answer(evaluation, answer, |series| check_range(evaluation, series))
    };
    checked.map_err(Outcome::Failed)
}

/// What a query needs that is not there yet.
fn needs(query: &str) -> Option<&'static str> {
    let calls = |name: &str| {
        query.match_indices(name).any(|(at, _)| {
            let before = query[..at].chars().next_back();
            let is_start = !before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
            is_start && query[at + name.len()..].trim_start().starts_with('(')
        })
    };
    FUNCTIONS_NOT_YET.iter().find(|(name, _)| calls(name)).map(|(_, needed)| *needed)
}

fn fetch(data: &Data, plan: &Plan) -> Vec<Vec<Column>> {
    plan.fetches.iter().map(|fetch| data.fetch(fetch)).collect()
}

fn check_answer<T>(
    evaluation: &Evaluation,
    answer: Result<Answer<T>, crate::promql::error::EvalError>,
    check: impl FnOnce(&T) -> Result<(), String>,
) -> Result<(), String> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return check_error(evaluation, &error.to_string()),
    };
    if evaluation.expects.iter().any(|expect| matches!(expect, Expect::Fail(_))) {
        return Err("the query should fail, and has an answer".to_owned());
    }
    check_annotations(evaluation, &answer)?;
    check(&answer.value)
}

/// Asks an instant query as a range query around its moment, which must give the same at that moment.
fn check_as_range(data: &Data, evaluation: &Evaluation, query: &Query, value: &Value) -> Result<(), String> {
    const AROUND_MS: i64 = 60_000;
    // What asks for the range itself has another answer then.
    let asks_for_range =
        ["start()", "end()", "range()", "step()"].iter().any(|word| evaluation.query.contains(word));
    let is_over_time = matches!(query.value_type(), ValueType::Vector | ValueType::Scalar);
    if asks_for_range || !is_over_time || matches!(value, Value::Text(..) | Value::Matrix(_)) {
        return Ok(());
    }
    let at = WallMs(evaluation.from_ms);
    let (from, to) = (WallMs(at.0 - AROUND_MS), WallMs(at.0 + AROUND_MS));
    let moments = Moments { from, to, step_ms: AROUND_MS };
    let limits = Limits::default();
    let as_range = |error: String| format!("as a range query: {error}");
    let plan = plan(query, moments, &limits).map_err(|error| as_range(error.to_string()))?;
    let columns = fetch(data, &plan);
    let answer = evaluate_range(query, moments, &plan, &columns, &limits, &|| false);
    let answer = answer.map_err(|error| as_range(error.to_string()))?;
    check_moment(evaluation, &answer.value, at).map_err(as_range)
}
