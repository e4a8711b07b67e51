//! Samples in, values at equal steps out.

use lanner_model::series::{Labels, STALE_NAN};
use lanner_model::time::WallMs;
use lanner_store::SeriesData;

use super::step::{means, rates, sum};
use super::*;
use crate::range::TimeRange;
use crate::row::RowId;

/// Moments at 60, 90 and 120 s.
const GRID: Grid = Grid { from: WallMs(60_000), to: WallMs(120_000), step_ms: 30_000 };

fn points(seconds_and_values: &[(i64, f64)]) -> Vec<(WallMs, f64)> {
    seconds_and_values.iter().map(|(second, value)| (WallMs(second * 1000), *value)).collect()
}

fn check_rates(samples: &[(i64, f64)], expected: [Option<f64>; 3]) {
    assert_eq!(rates(&points(samples), GRID), expected, "{samples:?}");
}

fn check_means(samples: &[(i64, f64)], grid: Grid, expected: &[Option<f64>]) {
    assert_eq!(means(&points(samples), grid), expected, "{samples:?}");
}

#[test]
fn a_rate_is_growth_over_the_time_between_samples() {
    let steady: Vec<(i64, f64)> = (3..=12).map(|n| (n * 10, n as f64 * 5.0)).collect();
    check_rates(&steady, [Some(0.5); 3]);
    // Only what lies in the window counts: (30, 60], (60, 90], (90, 120].
    check_rates(&[(40, 0.0), (60, 20.0), (70, 20.0), (90, 20.0)], [Some(1.0), Some(0.0), None]);
}

#[test]
fn a_counter_that_falls_began_anew() {
    check_rates(&[(40, 100.0), (50, 110.0), (60, 4.0)], [Some(0.7), None, None]);
}

#[test]
fn one_sample_is_no_rate() {
    check_rates(&[(60, 5.0), (90, 6.0)], [None, None, None]);
    check_rates(&[], [None, None, None]);
}

#[test]
fn a_stale_marker_ends_a_series() {
    let stale = f64::from_bits(STALE_NAN);
    check_rates(&[(40, 0.0), (50, 10.0), (60, stale)], [None, None, None]);
    check_means(&[(40, 7.0), (50, stale)], GRID, &[None, None, None]);
}

#[test]
fn a_gauge_is_averaged_over_each_step() {
    check_means(&[(40, 1.0), (50, 2.0), (60, 3.0), (70, 9.0)], GRID, &[Some(2.0), Some(9.0), None]);
    // Steps shorter than the interval of samples take the last one.
    let fine = Grid { from: WallMs(60_000), to: WallMs(80_000), step_ms: 10_000 };
    check_means(&[(55, 4.0)], fine, &[Some(4.0), Some(4.0), Some(4.0)]);
}

#[test]
fn a_sum_is_of_what_is_known() {
    let series = [vec![Some(1.0), None, None], vec![Some(2.0), Some(3.0), None]];
    assert_eq!(sum(series, GRID), [Some(3.0), Some(3.0), None]);
}

#[test]
fn a_grid_covers_its_range_with_few_points_at_round_times() {
    for (length_s, points, step_s) in [
        (3600, 300, 15),
        (600, 300, 10),
        (86_400, 300, 300),
        (7 * 86_400, 300, 3600),
        (400 * 86_400, 10, 4_838_400),
    ] {
        let to = WallMs(1_700_000_003_123);
        let range = TimeRange { from: WallMs(to.0 - length_s * 1000), to };
        let grid = Grid::covering(range, points);
        assert_eq!(grid.step_ms, step_s * 1000);
        assert!(grid.from <= range.from && grid.to >= range.to);
        assert!(grid.len() <= i64::from(points), "{} points", grid.len());
        assert_eq!((grid.from.0 % grid.step_ms, grid.to.0 % grid.step_ms), (0, 0));
        assert_eq!(grid.times().count() as i64, grid.len());
    }
    let spark = Grid::ending_at(WallMs(1_700_000_003_123), 30, 20_000);
    assert_eq!((spark.len(), spark.to), (30, WallMs(1_700_000_000_000)));
}

/// The charts of a row: name, then each line with what it selects.
fn check_plan(row: &str, expected: &[&str]) {
    let describe = |select: &Select| {
        let matchers: Vec<String> = select.matchers[1..]
            .iter()
            .map(|matcher| format!("{} {:?} {}", matcher.name, matcher.op, matcher.value))
            .collect();
        format!("{}{{{}}}", select.metric, matchers.join(", "))
    };
    let mut lines = Vec::new();
    for chart in charts(&RowId::parse(row).expect("a row")) {
        for line in &chart.lines {
            let second =
                line.second.as_ref().map_or(String::new(), |(_, second)| format!(" with {}", second.metric));
            lines.push(format!("{} {} {}{second}", chart.name, line.name, describe(&line.first)));
        }
    }
    let found: Vec<&str> = lines.iter().map(String::as_str).filter(|line| expected.contains(line)).collect();
    assert_eq!(found, expected, "of {lines:#?}");
}

#[test]
fn each_kind_of_row_has_its_metrics() {
    check_plan(
        "host:a",
        &[
            "cpu used node_cpu_seconds_total{node Equal a, mode NotRegex idle|iowait}",
            "memory used node_memory_MemTotal_bytes{node Equal a} with node_memory_MemAvailable_bytes",
        ],
    );
    check_plan(
        "container:a:web.1",
        &[
            "cpu used container_cpu_usage_seconds_total{node Equal a, name Equal web.1}",
            "cpu limit container_spec_cpu_quota{node Equal a, name Equal web.1} with container_spec_cpu_period",
        ],
    );
    check_plan(
        "process:a:42:1700000000120",
        &[
            "cpu used lanner_process_cpu_seconds_total{node Equal a, pid Equal 42, start Equal 1700000000.12}",
            "fds count lanner_process_open_fds{node Equal a, pid Equal 42, start Equal 1700000000.12}",
        ],
    );
}

#[test]
fn lines_subtract_divide_and_know_no_limit() {
    let line = |row: &str, chart: usize, line: usize| {
        let mut charts = charts(&RowId::parse(row).expect("a row"));
        charts.swap_remove(chart).lines.swap_remove(line)
    };
    let constant = |value: f64| {
        let points = points(&[(60, value), (90, value), (120, value)]);
        vec![SeriesData { labels: Labels::default(), points }]
    };
    let used = line("host:a", 1, 0);
    assert_eq!(used.values(&constant(10.0), &constant(4.0), GRID), [Some(6.0); 3]);
    assert_eq!(used.values(&constant(10.0), &[], GRID), [None; 3]);
    let limit = line("container:a:b", 0, 1);
    assert_eq!(limit.values(&constant(50_000.0), &constant(100_000.0), GRID), [Some(0.5); 3]);
    assert_eq!(limit.values(&constant(50_000.0), &constant(0.0), GRID), [None; 3]);
    let memory = line("container:a:b", 1, 1);
    assert_eq!(memory.values(&constant(0.0), &[], GRID), [None; 3]);
}
