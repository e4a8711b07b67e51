//! Series begin, live and end.

use lanner_metrics::{SeriesSet, Target, declaration_of, metric};
use lanner_model::series::{Labels, STALE_NAN, Sample};
use lanner_model::time::WallMs;

fn target() -> Target {
    Target { node: "n1".into(), labels: vec![("cluster".into(), "lab".into())] }
}

/// One round of loads: which of the three averages have a value.
fn round(series: &mut SeriesSet, time: i64, minutes: &[u32]) -> Vec<(String, f64)> {
    let mut round = series.round(WallMs(time));
    for minute in minutes {
        match minute {
            1 => round.add(&metric::NODE_LOAD1, [], 1.0),
            5 => round.add(&metric::NODE_LOAD5, [], 5.0),
            _ => round.add(&metric::NODE_LOAD15, [], 15.0),
        }
    }
    let samples = round.finish();
    assert!(samples.iter().all(|sample| sample.time == WallMs(time)));
    samples.into_iter().map(|sample| (sample.labels.metric().to_owned(), sample.value)).collect()
}

fn ended(samples: &[(String, f64)]) -> Vec<&str> {
    let is_stale = |value: f64| value.to_bits() == STALE_NAN;
    samples.iter().filter(|(_, value)| is_stale(*value)).map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_series_without_a_value_ends_once_and_may_begin_again() {
    let mut series = SeriesSet::new(&target(), 10);
    assert!(ended(&round(&mut series, 1, &[1, 5])).is_empty());
    assert_eq!(ended(&round(&mut series, 2, &[5])), ["node_load1"]);
    assert!(ended(&round(&mut series, 3, &[5])).is_empty());
    assert_eq!(round(&mut series, 4, &[1, 5]).len(), 2);
    assert_eq!(ended(&round(&mut series, 5, &[])).len(), 2);
    assert!(series.is_empty());
}

#[test]
fn of_two_values_in_a_round_the_first_counts() {
    let mut series = SeriesSet::new(&target(), 10);
    let mut round = series.round(WallMs(1));
    round.add(&metric::NODE_DISK_IO_NOW, ["vda"], 1.0);
    round.add(&metric::NODE_DISK_IO_NOW, ["vda"], 2.0);
    round.add_known(&metric::NODE_DISK_IO_NOW, ["vdb"], None);
    let samples = round.finish();
    assert_eq!(samples.len(), 1);
    assert_eq!(samples[0].value, 1.0);
}

#[test]
fn what_is_beyond_the_budget_is_refused_and_counted() {
    let mut series = SeriesSet::new(&target(), 2);
    assert_eq!(round(&mut series, 1, &[1, 5, 15]).len(), 2);
    assert_eq!((series.len(), series.refused()), (2, 1));
    assert_eq!(round(&mut series, 2, &[1, 5, 15]).len(), 2);
    assert_eq!(series.refused(), 2);
}

#[test]
fn a_source_s_labels_are_those_that_public_rules_select_on() {
    let mut series = SeriesSet::new(&target(), 10);
    let mut round = series.round(WallMs(1));
    round.add(&metric::NODE_LOAD1, [], 0.0);
    round.add(&metric::CONTAINER_PROCESSES, ["", "/docker/a", "", "a", "", ""], 0.0);
    round.add(&metric::LANNER_AGENT_SERIES, [], 0.0);
    let samples: Vec<Sample> = round.finish();
    let own = [("node", "n1"), ("instance", "n1"), ("cluster", "lab")];
    let with =
        |metric, more: &[(&'static str, &'static str)]| Labels::new(metric, own.iter().chain(more).copied());
    assert_eq!(samples[0].labels, with("node_load1", &[("job", "node-exporter")]));
    assert_eq!(
        samples[1].labels,
        with(
            "container_processes",
            &[("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("id", "/docker/a"), ("name", "a")]
        )
    );
    assert_eq!(samples[2].labels, with("lanner_agent_series", &[("job", "lanner-agent")]));
}

#[test]
fn every_declaration_is_found_by_its_name_and_no_other_is() {
    for declaration in metric::ALL {
        assert_eq!(declaration_of(declaration.name), Some(*declaration));
    }
    assert_eq!(declaration_of("node_cpu"), None);
    let (key, memory) = &metric::MEMINFO_BYTES[0];
    assert_eq!((*key, memory.declaration().name), ("Active", "node_memory_Active_bytes"));
    assert!(declaration_of("node_memory_Active_anon_bytes").is_some());
}

#[test]
fn a_counter_that_is_new_has_grown_from_nothing() {
    let mut series = SeriesSet::new(&target(), 10);
    let mut told = |time, since, value| -> Vec<(i64, f64)> {
        let mut round = series.round(WallMs(time));
        round.add_counter(&metric::LANNER_AGENT_EVENTS_TOTAL, [], value, WallMs(since));
        round.finish().iter().map(|sample| (sample.time.0, sample.value)).collect()
    };
    assert_eq!(told(20, 11, 5.0), [(11, 0.0), (20, 5.0)]);
    assert_eq!(told(30, 21, 7.0), [(30, 7.0)]);
}
