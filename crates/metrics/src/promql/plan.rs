//! What a query needs from the store.

use lanner_model::series::Matcher;
use lanner_model::time::WallMs;

use super::error::EvalError;
use super::expr::{Expr, Node, Selector, Shift};
use super::query::Query;

/// The step of a subquery that says none.
pub(crate) const SUBQUERY_STEP_MS: i64 = 60_000;

/// The moments a query is evaluated at: `from`, `from + step_ms` ... up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    /// The first.
    pub from: WallMs,
    /// None is later.
    pub to: WallMs,
    /// How far they are apart; 0 when there is just one.
    pub step_ms: i64,
}

/// What a query may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Samples that it holds at a time: those that were fetched, and its answer.
    pub max_samples: u64,
    /// Moments it is evaluated at.
    pub max_steps: u64,
    /// How old a series' newest sample may be to be its value.
    pub lookback_ms: i64,
}

/// What a query needs: each part is fetched once, however often the query names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What to fetch.
    pub fetches: Vec<Fetch>,
}

/// Series and the range of time they are needed in; both ends belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// What they match.
    pub matchers: Vec<Matcher>,
    /// The oldest sample that is needed.
    pub from: WallMs,
    /// The newest one.
    pub to: WallMs,
}

impl Default for Limits {
    /// Those of Prometheus.
    fn default() -> Self {
        Limits { max_samples: 50_000_000, max_steps: 11_000, lookback_ms: 300_000 }
    }
}

impl Moments {
    /// One moment.
    #[must_use]
    pub fn instant(at: WallMs) -> Moments {
        Moments { from: at, to: at, step_ms: 0 }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        match u64::try_from(self.step_ms) {
            Ok(step) if step > 0 && self.to >= self.from => self.to.0.abs_diff(self.from.0) / step + 1,
            _ => 1,
        }
    }

    pub(crate) fn check(&self, limits: &Limits) -> Result<(), EvalError> {
        // Room enough for any offset and range that a query can say, so that no time overflows.
        const FARTHEST: i64 = i64::MAX / 4;
        if self.from.0.saturating_abs() > FARTHEST || self.to.0.saturating_abs() > FARTHEST {
            return Err(EvalError::Range("the time is too far away"));
        }
        if self.to < self.from {
            return Err(EvalError::Range("end timestamp must not be before start time"));
        }
        if self.step_ms < 0 || self.step_ms == 0 && self.from != self.to {
            return Err(EvalError::Range(
                "zero or negative query resolution step widths are not accepted. Try a positive integer",
            ));
        }
        let limit = limits.max_steps;
        if self.count() > limit { Err(EvalError::TooManySteps { limit }) } else { Ok(()) }
    }
}

/// What a query needs to be evaluated at these moments.
pub fn plan(query: &Query, moments: Moments, limits: &Limits) -> Result<Plan, EvalError> {
    moments.check(limits)?;
    let whole = (moments.from.0, moments.to.0);
    let mut plan = Plan { fetches: Vec::new() };
    let mut add = |fetch: Fetch| {
        // What is far apart (`x - x offset 1w`) is fetched apart.
        let overlaps = |known: &&mut Fetch| {
            known.matchers == fetch.matchers && known.from <= fetch.to && fetch.from <= known.to
        };
        match plan.fetches.iter_mut().find(overlaps) {
            Some(known) => {
                known.from = known.from.min(fetch.from);
                known.to = known.to.max(fetch.to);
            }
            None => plan.fetches.push(fetch),
        }
    };
    collect(query.expr(), whole, whole, limits.lookback_ms, &mut add);
    Ok(plan)
}

/// Adds what an expression needs that is evaluated from `range.0` to `range.1`.
fn collect(expr: &Expr, range: (i64, i64), whole: (i64, i64), lookback_ms: i64, add: &mut impl FnMut(Fetch)) {
    let mut select = |selector: &Selector, range_ms: i64| {
        let (from, to) = needed(selector.shift, range_ms, range, whole);
        add(Fetch { matchers: selector.matchers.clone(), from, to });
    };
    match &expr.node {
        Node::Selector(selector) => select(selector, lookback_ms),
        Node::Window(selector, range_ms) => select(selector, *range_ms),
        Node::Subquery(subquery) => {
            let from = subquery.shift.moment(range.0, whole).saturating_sub(subquery.range_ms);
            let to = subquery.shift.moment(range.1, whole);
            collect(&subquery.expr, (from, to), whole, lookback_ms, add);
        }
        _ => {
            for part in expr.parts() {
                collect(part, range, whole, lookback_ms, add);
            }
        }
    }
}

/// The oldest and newest sample that a window of `range_ms` sees which moves over `range`.
pub(crate) fn needed(shift: Shift, range_ms: i64, range: (i64, i64), whole: (i64, i64)) -> (WallMs, WallMs) {
    let to = shift.moment(range.1, whole);
    // What is as old as the range is outside of it.
    let from = shift.moment(range.0, whole).saturating_sub(range_ms).saturating_add(1);
    (WallMs(from.min(to)), WallMs(to))
}
