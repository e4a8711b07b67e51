//! Whatever text a query is: an answer or an error, never a panic.

use lanner_metrics::promql::{
    Column, EvalError, Limits, Moments, Plan, Query, Value, evaluate_instant, evaluate_range, plan,
};
use lanner_model::series::{Labels, STALE_NAN};
use lanner_model::time::WallMs;
use proptest::prelude::*;

/// Pieces that queries are made of, also such as do not fit.
const PIECES: &[&str] = &[
    "x",
    "y_total",
    "x{a=\"1\"}",
    "x{a=~\"1|2\"}",
    "{__name__=~\".+\"}",
    "1",
    "0",
    "-1",
    "1e308",
    "NaN",
    "Inf",
    "9223372036854775807",
    "5m",
    "1ms",
    "292y",
    "\"text\"",
    "(",
    ")",
    "[",
    "]",
    "[5m]",
    "[1y]",
    "[5m:1ms]",
    "[1h:7s]",
    "[9223372036854775s]",
    " offset 1y",
    " offset -292y",
    " @ 1",
    " @ start()",
    " @ end()",
    " @ -1e15",
    " + ",
    " - ",
    " * ",
    " / ",
    " % ",
    " ^ ",
    " == bool ",
    " > ",
    " and ",
    " or ",
    " unless ",
    " on(a) ",
    " ignoring(a) ",
    " group_left ",
    " group_right(b) ",
    " atan2 ",
    "sum",
    "avg",
    "topk",
    "quantile",
    "count_values",
    "stddev",
    "by (a)",
    " without (a) ",
    "rate",
    "increase",
    "irate",
    "deriv",
    "predict_linear",
    "quantile_over_time",
    "max_over_time",
    "double_exponential_smoothing",
    "histogram_quantile",
    "histogram_fraction",
    "label_replace",
    "label_join",
    "absent",
    "absent_over_time",
    "scalar",
    "vector",
    "time",
    "year",
    "round",
    "clamp",
    "sort",
    "timestamp",
    ",",
    "{",
    "}",
    "=",
    "=~",
    "\"",
    "`",
    "\\",
    "#",
    "\n",
    "é",
    ":",
    "\u{0}",
    "</",
    ">/",
];

fn columns(plan: &Plan) -> Vec<Vec<Column>> {
    let column = |name: &str, a: &str, points: &[(i64, f64)]| Column {
        labels: Labels::new(name, [("a", a), ("le", "1")]),
        points: points.iter().map(|(time, value)| (WallMs(*time), *value)).collect(),
    };
    let columns = vec![
        column("x", "1", &[(0, 1.0), (15_000, f64::NAN), (30_000, f64::INFINITY), (60_000, -5.0)]),
        column("x", "2", &[(i64::MIN / 4, 0.0), (10, 1e308), (20, 1e308), (i64::MAX / 4, 2.0)]),
        column(
            "y_total",
            "1",
            &[(1_000, 5.0), (2_000, f64::from_bits(STALE_NAN)), (3_000, 1.0), (4_000, -0.0)],
        ),
    ];
    vec![columns; plan.fetches.len()]
}

fn ask(text: &str) {
    let Ok(query) = Query::parse(text) else { return };
    let shown = query.to_string();
    let again = Query::parse(&shown).unwrap_or_else(|error| panic!("{text:?} as {shown:?}: {error}"));
    assert_eq!(again.to_string(), shown, "{text:?}");
    let limits = Limits { max_samples: 20_000, ..Limits::default() };
    for at in [0, 60_000, -1, i64::MAX / 4, i64::MIN / 4, i64::MAX, i64::MIN] {
        let moments = Moments::instant(WallMs(at));
        if let Ok(plan) = plan(&query, moments, &limits) {
            let _ = evaluate_instant(&query, WallMs(at), &plan, &columns(&plan), &limits, &stop_soon());
        }
    }
    for (from, to, step_ms) in [(0, 90_000, 15_000), (-5, 5, 1), (0, i64::MAX / 4, i64::MAX / 8), (0, -1, 1)]
    {
        let moments = Moments { from: WallMs(from), to: WallMs(to), step_ms };
        if let Ok(plan) = plan(&query, moments, &limits) {
            let _ = evaluate_range(&query, moments, &plan, &columns(&plan), &limits, &stop_soon());
        }
    }
}

/// Stops a query that looks at too much.
fn stop_soon() -> impl Fn() -> bool {
    let looks = std::cell::Cell::new(0);
    move || {
        looks.set(looks.get() + 1);
        looks.get() > 20
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_queries_in_any_order_are_answered_or_refused(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14),
    ) {
        ask(&pieces.concat());
    }

    #[test]
    fn calls_and_operators_on_anything_are_answered_or_refused(
        function in prop::sample::select(&["sum", "rate", "abs", "topk", "avg_over_time", "histogram_quantile", "label_join"][..]),
        left in prop::sample::select(PIECES), operator in prop::sample::select(PIECES), right in prop::sample::select(PIECES),
        range in prop::sample::select(&["", "[5m]", "[1m:10s]", "[100y:1ms]", " offset 3m"][..]),
    ) {
        ask(&format!("{function}({left}{range})"));
        ask(&format!("{function}({left}{range}){operator}{right}"));
        ask(&format!("{function}({left}, {right}{range})"));
        ask(&format!("{left}{operator}{right}"));
        ask(&format!("max_over_time(({left}{operator}{right})[5m:30s])"));
    }

    #[test]
    fn any_text_is_answered_or_refused(text in any::<String>()) {
        ask(&text);
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_exhaust_the_stack() {
    for deep in [
        "(".repeat(30_000) + "1" + &")".repeat(30_000),
        "-".repeat(60_000) + "x",
        "sum(".repeat(10_000) + "x" + &")".repeat(10_000),
        "x".to_owned() + &"[5m:]".repeat(10_000),
        vec!["x"; 15_000].join("+"),
        vec!["x"; 15_000].join("^"),
        "x".to_owned() + &" offset 5m".repeat(5_000),
        "x{".to_owned() + &"a=\"b\",".repeat(9_000) + "}",
        "(".repeat(70_000),
    ] {
        ask(&deep);
    }
    for deepest in [
        "sum(".repeat(99) + "x" + &")".repeat(99),
        vec!["sum(x)"; 248].join(" + "),
        "sum(x)".to_owned() + &" ^ sum(x)".repeat(97),
    ] {
        ask(&deepest);
        let limits = Limits::default();
        let query = Query::parse(&deepest).unwrap_or_else(|error| panic!("{error}: {deepest}"));
        let (plan_at, at) = (Moments::instant(WallMs(30_000)), WallMs(30_000));
        let plan = plan(&query, plan_at, &limits).expect("a plan");
        let answer = evaluate_instant(&query, at, &plan, &columns(&plan), &limits, &|| false);
        assert!(matches!(answer.expect("an answer").value, Value::Vector(_)));
    }
}

#[test]
fn huge_regular_expressions_are_refused_with_their_place() {
    let error = Query::parse("sum(x{a=~\"(a{1000}){1000}\"})").expect_err("too large");
    assert_eq!(
        error.to_string(),
        "1:10: parse error: the regular expression is too large when compiled; make it simpler"
    );
}

#[test]
fn a_query_ends_when_it_is_told_to_stop_or_holds_too_much() {
    let query = Query::parse("sum(max_over_time(sum_over_time(x[1d:1s])[1d:1s]))").expect("a query");
    let (at, limits) = (WallMs(30_000), Limits::default());
    let plan = plan(&query, Moments::instant(at), &limits).expect("a plan");
    let ask = |limits: &Limits, stops: bool| {
        evaluate_instant(&query, at, &plan, &columns(&plan), limits, &|| stops).map(|answer| answer.value)
    };
    assert_eq!(ask(&limits, true), Err(EvalError::Canceled));
    let limits = Limits { max_samples: 100, ..limits };
    assert_eq!(ask(&limits, false), Err(EvalError::TooManySamples { limit: 100 }));
    let limits = Limits { max_samples: 10, ..limits };
    assert_eq!(ask(&limits, false), Err(EvalError::TooManySamples { limit: 10 }));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, message) in [
        ("sum(rate(x[5m])", "1:16: parse error: unclosed left parenthesis"),
        ("x y", "1:3: parse error: unexpected identifier \"y\""),
        ("x +\n  nosuch(y)", "2:3: parse error: unknown function with name \"nosuch\""),
        (
            "rate(x)",
            "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
        ),
        ("rate(x[5m], 1)", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 2"),
        ("x[5m", "1:5: parse error: unexpected end of input in range selector, expected \"]\""),
        ("x[-5m]", "1:3: parse error: unexpected \"-\" in range or subquery, expected number or duration"),
        ("x[0]", "1:3: parse error: duration must be greater than 0"),
        (
            "x[99999999999999999999y]",
            "1:3: parse error: bad number or duration syntax: \"99999999999999999999y\"",
        ),
        ("x{a=b}", "1:5: parse error: unexpected identifier \"b\" in label matching, expected string"),
        ("x{a=~\"(\"}", "1:6: parse error: error parsing regexp: unclosed group: `(`"),
        ("x offset 5m offset 1m", "1:1: parse error: offset may not be set multiple times"),
        (
            "(x) offset 5m",
            "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery",
        ),
        (
            "topk(x)",
            "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1",
        ),
        (
            "sum by (a b) (x)",
            "1:11: parse error: unexpected identifier \"b\" in grouping opts, expected \",\" or \")\"",
        ),
        ("x and on(a) group_left y", "1:1: parse error: no grouping allowed for \"and\" operation"),
        ("1 + bool 2", "1:1: parse error: bool modifier can only be used on comparison operators"),
        ("é", "1:1: parse error: unexpected character: 'é'"),
        ("\"abc", "1:1: parse error: unterminated quoted string"),
        ("", "1:1: parse error: no expression found in input"),
    ] {
        assert_eq!(Query::parse(text).expect_err(text).to_string(), message, "{text}");
    }
}
