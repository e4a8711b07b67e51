//! What every store of series must do, asked of each.

use lanner_model::series::{Labels, MatchOp, Matcher, STALE_NAN, Sample};
use lanner_model::time::WallMs;
use lanner_store::{
    EmbeddedMetrics, MemoryMetrics, MetricOptions, MetricStore, SeriesData, StoreError, WriteReport,
};
use proptest::prelude::*;

const START: i64 = 1_700_000_000_000;
const ALWAYS: (WallMs, WallMs) = (WallMs(i64::MIN), WallMs(i64::MAX));

fn options() -> MetricOptions {
    MetricOptions { max_series: 100, max_label_bytes: 200, max_points: 10_000, ..MetricOptions::default() }
}

/// Runs a case on each kind of store.
fn on_each(case: impl AsyncFn(&dyn MetricStore)) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(async {
        case(&MemoryMetrics::new(options())).await;
        let folder = tempfile::tempdir().expect("folder");
        let (store, recovery) = EmbeddedMetrics::open(folder.path(), options()).expect("open");
        assert!(recovery.is_clean());
        case(&store).await;
    });
}

/// A sample `seconds` after the start.
fn sample(metric: &str, labels: &[(&str, &str)], seconds: i64, value: f64) -> Sample {
    let labels = Labels::new(metric, labels.iter().copied());
    Sample { labels, time: WallMs(START + seconds * 1000), value }
}

fn matcher(name: &str, op: MatchOp, value: &str) -> Matcher {
    Matcher { name: name.to_owned(), op, value: value.to_owned() }
}

fn named(metric: &str) -> Vec<Matcher> {
    vec![Matcher::equal("__name__", metric)]
}

fn seconds(data: &SeriesData) -> Vec<i64> {
    data.points.iter().map(|(time, _)| (time.0 - START) / 1000).collect()
}

#[test]
fn samples_come_back_by_name_and_range_with_both_ends() {
    on_each(async |store| {
        let samples: Vec<Sample> =
            (0..1000).map(|n| sample("cpu", &[("node", "a")], n * 10, n as f64)).collect();
        let report = store.write(&samples).await.expect("write");
        assert_eq!(report, WriteReport { accepted: 1000, ..WriteReport::default() });
        let at = |seconds: i64| WallMs(START + seconds * 1000);
        let found = store.range(&named("cpu"), at(5000), at(5020)).await.expect("range");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].labels, samples[0].labels);
        assert_eq!(found[0].points, [(at(5000), 500.0), (at(5010), 501.0), (at(5020), 502.0)]);
        assert!(store.range(&named("cpu"), at(10_000), at(11_000)).await.expect("range").is_empty());
        assert!(store.range(&named("other"), ALWAYS.0, ALWAYS.1).await.expect("range").is_empty());
    });
}

#[test]
fn a_sample_given_twice_is_stored_once() {
    on_each(async |store| {
        let batch: Vec<Sample> = (0..300).map(|n| sample("cpu", &[], n, n as f64)).collect();
        store.write(&batch).await.expect("write");
        let again = store.write(&batch).await.expect("write");
        assert_eq!(again, WriteReport { duplicates: 300, ..WriteReport::default() });
        let found = store.range(&named("cpu"), ALWAYS.0, ALWAYS.1).await.expect("range");
        assert_eq!(found[0].points.len(), 300);
    });
}

#[test]
fn a_sample_out_of_order_is_left_out_and_counted() {
    on_each(async |store| {
        let report = store
            .write(&[
                sample("cpu", &[], 10, 1.0),
                sample("cpu", &[], 20, 2.0),
                sample("cpu", &[], 15, 1.5), // too late
                sample("cpu", &[], 20, 9.0), // another value at the same time
                sample("cpu", &[], 20, 2.0), // the same again
                sample("cpu", &[], 30, 3.0),
            ])
            .await
            .expect("write");
        assert_eq!(
            report,
            WriteReport { accepted: 3, duplicates: 1, out_of_order: 2, ..WriteReport::default() }
        );
        assert_eq!(report.rejected(), 2);
        let found = store.range(&named("cpu"), ALWAYS.0, ALWAYS.1).await.expect("range");
        assert_eq!(seconds(&found[0]), [10, 20, 30]);
    });
}

#[test]
fn series_over_the_budget_are_refused_and_counted() {
    on_each(async |store| {
        let samples: Vec<Sample> =
            (0..130).map(|n| sample("cpu", &[("pid", &n.to_string())], 0, 1.0)).collect();
        let report = store.write(&samples).await.expect("write");
        assert_eq!(report, WriteReport { accepted: 100, over_budget: 30, ..WriteReport::default() });
        // Those that are there go on.
        let next = store.write(&[sample("cpu", &[("pid", "5")], 10, 1.0)]).await.expect("write");
        assert_eq!(next.accepted, 1);
        let stats = store.stats().await;
        assert_eq!((stats.series, stats.series_limit), (100, 100));
        assert_eq!(stats.written.over_budget, 30);
    });
}

#[test]
fn labels_that_are_too_long_or_missing_are_refused() {
    on_each(async |store| {
        let long = "x".repeat(300);
        let nothing = Sample { labels: Labels::default(), time: WallMs(START), value: 1.0 };
        let report = store.write(&[sample("cpu", &[("a", &long)], 0, 1.0), nothing]).await.expect("write");
        assert_eq!(report, WriteReport { invalid: 2, ..WriteReport::default() });
        assert_eq!(store.stats().await.series, 0);
    });
}

#[test]
fn matchers_choose_as_in_prometheus() {
    on_each(async |store| {
        store
            .write(&[
                sample("http", &[("code", "200"), ("job", "web")], 0, 1.0),
                sample("http", &[("code", "404"), ("job", "web")], 0, 1.0),
                sample("http", &[("code", "500")], 0, 1.0),
                sample("up", &[("job", "web\nend")], 0, 1.0),
            ])
            .await
            .expect("write");
        use MatchOp::{Equal, NotEqual, NotRegex, Regex};
        type Case<'a> = (&'a [(&'a str, MatchOp, &'a str)], usize);
        let cases: &[Case<'_>] = &[
            (&[], 4),
            (&[("__name__", Equal, "http")], 3),
            (&[("__name__", Equal, "http"), ("code", Equal, "404")], 1),
            (&[("job", Equal, "")], 1),
            (&[("job", NotEqual, "")], 3),
            (&[("job", NotEqual, "web")], 2),
            (&[("code", Regex, "4..|5..")], 2),
            (&[("code", Regex, "4")], 0),    // anchored
            (&[("code", Regex, "4.*|")], 2), // also where it is missing
            (&[("code", Regex, ".*")], 4),
            (&[("code", Regex, ".+")], 3),
            (&[("code", NotRegex, "4..")], 3),
            (&[("job", Regex, "web.*")], 3), // a dot is any character
            (&[("code", NotEqual, "200"), ("job", Equal, "web")], 1),
            (&[("nothing", Equal, "x")], 0),
            (&[("nothing", Equal, "")], 4),
        ];
        for (matchers, expected) in cases {
            let matchers: Vec<Matcher> = matchers.iter().map(|(n, op, v)| matcher(n, *op, v)).collect();
            let found = store.series(&matchers, ALWAYS.0, ALWAYS.1).await.expect("series");
            assert_eq!(found.len(), *expected, "{matchers:?}");
        }
        let bad = store.series(&[matcher("code", Regex, "(")], ALWAYS.0, ALWAYS.1).await;
        assert!(matches!(bad, Err(StoreError::Matcher { .. })), "{bad:?}");
    });
}

#[test]
fn names_and_values_come_sorted_and_once() {
    on_each(async |store| {
        store
            .write(&[
                sample("b", &[("node", "n2"), ("zone", "z")], 0, 1.0),
                sample("a", &[("node", "n1")], 0, 1.0),
                sample("a", &[("node", "n2")], 0, 1.0),
            ])
            .await
            .expect("write");
        let (from, to) = ALWAYS;
        assert_eq!(store.label_names(&[], from, to).await.expect("names"), ["__name__", "node", "zone"]);
        assert_eq!(store.label_names(&named("a"), from, to).await.expect("names"), ["__name__", "node"]);
        assert_eq!(store.label_values("node", &[], from, to).await.expect("values"), ["n1", "n2"]);
        assert_eq!(store.label_values("node", &named("b"), from, to).await.expect("values"), ["n2"]);
        let series = store.series(&[], from, to).await.expect("series");
        assert!(series.windows(2).all(|pair| pair[0] < pair[1]), "{series:?}");
    });
}

#[test]
fn an_instant_is_the_newest_sample_within_the_look_back() {
    on_each(async |store| {
        let stale = f64::from_bits(STALE_NAN);
        store
            .write(&[
                sample("up", &[("node", "a")], 0, 1.0),
                sample("up", &[("node", "a")], 10, 2.0),
                sample("up", &[("node", "b")], 0, 5.0),
                sample("up", &[("node", "b")], 5, stale),
            ])
            .await
            .expect("write");
        let ask = async |at: i64, lookback: i64| -> Vec<f64> {
            let at = WallMs(START + at * 1000);
            let found = store.instant(&named("up"), at, lookback * 1000).await.expect("instant");
            found.iter().map(|sample| sample.value).collect()
        };
        assert_eq!(ask(-1, 300).await, [0.0; 0]);
        assert_eq!(ask(0, 300).await, [1.0, 5.0]);
        assert_eq!(ask(9, 300).await, [1.0], "b has ended");
        assert_eq!(ask(10, 300).await, [2.0]);
        assert_eq!(ask(310, 300).await, [2.0]);
        assert_eq!(ask(311, 300).await, [0.0; 0]);
        // A range shows the marker itself.
        let raw = store.range(&[Matcher::equal("node", "b")], ALWAYS.0, ALWAYS.1).await.expect("range");
        assert_eq!(raw[0].points[1].1.to_bits(), STALE_NAN);
    });
}

#[test]
fn what_is_older_than_the_retention_goes_and_makes_room() {
    on_each(async |store| {
        let day = 24 * 3600;
        let old: Vec<Sample> = (0..100).map(|n| sample("old", &[("n", &n.to_string())], 0, 1.0)).collect();
        store.write(&old).await.expect("write");
        assert_eq!(store.write(&[sample("new", &[], day, 1.0)]).await.expect("write").over_budget, 1);
        let done = store.maintain(WallMs(START + (day + 1) * 1000)).await.expect("maintain");
        assert_eq!((done.dropped_series, done.dropped_samples), (100, 100));
        assert_eq!(store.write(&[sample("new", &[], day, 1.0)]).await.expect("write").accepted, 1);
        assert!(store.series(&named("old"), ALWAYS.0, ALWAYS.1).await.expect("series").is_empty());
        assert_eq!(store.label_values("n", &[], ALWAYS.0, ALWAYS.1).await.expect("values").len(), 0);
        // A series may come back.
        assert_eq!(store.write(&old[..1]).await.expect("write").accepted, 1);
        assert_eq!(store.series(&named("old"), ALWAYS.0, ALWAYS.1).await.expect("series").len(), 1);
    });
}

#[test]
fn a_query_for_too_many_points_is_refused() {
    on_each(async |store| {
        let samples: Vec<Sample> = (0..10_001).map(|n| sample("cpu", &[], n, 1.0)).collect();
        store.write(&samples).await.expect("write");
        let refused = store.range(&[], ALWAYS.0, ALWAYS.1).await;
        assert!(matches!(refused, Err(StoreError::TooManyPoints { limit: 10_000 })), "{refused:?}");
        let to = WallMs(START + 9_999_000);
        assert_eq!(store.range(&[], ALWAYS.0, to).await.expect("just enough")[0].points.len(), 10_000);
    });
}

#[test]
fn stats_say_what_is_there() {
    on_each(async |store| {
        assert_eq!(store.stats().await.oldest, None);
        store.write(&[sample("a", &[], 5, 1.0), sample("b", &[], 9, 1.0)]).await.expect("write");
        let stats = store.stats().await;
        assert_eq!((stats.series, stats.samples), (2, 2));
        assert_eq!(stats.oldest, Some(WallMs(START + 5000)));
        assert_eq!(stats.newest, Some(WallMs(START + 9000)));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is written, both stores say the same of it.
    #[test]
    fn both_stores_answer_alike(
        batches in prop::collection::vec(
            prop::collection::vec((0u8..6, 0u8..3, 0i64..4000, 0u8..4), 0..60),
            1..8,
        ),
        from in 0i64..4000,
        span in 0i64..4000,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        runtime.block_on(async {
            let folder = tempfile::tempdir().expect("folder");
            let memory = MemoryMetrics::new(options());
            let (embedded, _) = EmbeddedMetrics::open(folder.path(), options()).expect("open");
            for batch in batches {
                let batch: Vec<Sample> = batch.into_iter().map(|(node, zone, time, value)| {
                    let labels = [("node", format!("n{node}")), ("zone", format!("z{zone}"))];
                    let labels = [(labels[0].0, labels[0].1.as_str()), (labels[1].0, labels[1].1.as_str())];
                    sample("m", &labels, time, f64::from(value))
                }).collect();
                assert_eq!(memory.write(&batch).await.expect("write"), embedded.write(&batch).await.expect("write"));
            }
            let (from, to) = (WallMs(START + from * 1000), WallMs(START + (from + span) * 1000));
            for matchers in [
                vec![],
                vec![Matcher::equal("node", "n1")],
                vec![matcher("zone", MatchOp::Regex, "z[12]"), matcher("node", MatchOp::NotEqual, "n2")],
                vec![matcher("node", MatchOp::NotRegex, "n[0-3]")],
            ] {
                assert_eq!(
                    memory.range(&matchers, from, to).await.expect("range"),
                    embedded.range(&matchers, from, to).await.expect("range")
                );
                assert_eq!(
                    memory.instant(&matchers, to, span * 500).await.expect("instant"),
                    embedded.instant(&matchers, to, span * 500).await.expect("instant")
                );
            }
        });
    }
}
