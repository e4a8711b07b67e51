//! CPU over the last 10 minutes, for the line in each row's cell.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use lanner_metrics::{metric, parse_start_label};
use lanner_model::id::{NodeName, Pid, ProcessKey};
use lanner_model::series::{Labels, METRIC_NAME, Matcher};
use lanner_model::time::WallMs;
use lanner_store::{MetricStore, SeriesData, StoreError};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::history::{Grid, IDLE_MODES, not_matching, rates, sum};
use crate::row::RowId;

/// Values of a line.
const VALUES: i64 = 30;
/// Between two values: 30 of them are 10 minutes.
const STEP_MS: i64 = 20_000;
/// How long lines are shown before they are computed again: as long as agents take for a sample.
const FRESH: Duration = Duration::from_secs(10);

/// The lines of all rows.
pub(crate) type SparkLines = HashMap<RowId, Vec<Option<f64>>>;

/// The lines, computed at most every 10 s for all pages together.
#[derive(Default)]
pub(crate) struct Sparks {
    computed: Mutex<Option<(Instant, Arc<SparkLines>)>>,
}

impl Sparks {
    /// The lines of the rows that have series.
    pub(crate) async fn current(
        &self,
        store: &dyn MetricStore,
        now: WallMs,
    ) -> Result<Arc<SparkLines>, StoreError> {
        let mut computed = self.computed.lock().await;
        if let Some((at, lines)) = &*computed
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(lines));
        }
        let lines = Arc::new(compute(store, now).await?);
        *computed = Some((Instant::now(), Arc::clone(&lines)));
        Ok(lines)
    }
}

async fn compute(store: &dyn MetricStore, now: WallMs) -> Result<SparkLines, StoreError> {
    let grid = Grid::ending_at(now, VALUES, STEP_MS);
    let mut lines = SparkLines::new();
    let hosts = metric::NODE_CPU_SECONDS_TOTAL.declaration().name;
    let busy = not_matching("mode", IDLE_MODES);
    let containers = metric::CONTAINER_CPU_USAGE_SECONDS_TOTAL.declaration().name;
    let processes = metric::LANNER_PROCESS_CPU_SECONDS_TOTAL.declaration().name;
    for (metric, further) in [(hosts, Some(busy)), (containers, None), (processes, None)] {
        let mut matchers = vec![Matcher::equal(METRIC_NAME, metric)];
        matchers.extend(further);
        let series = store.range(&matchers, grid.needs_from(), grid.to).await?;
        lines.extend(draw(series, grid));
    }
    Ok(lines)
}

/// One line for each row: the sum of its series.
fn draw(series: Vec<SeriesData>, grid: Grid) -> SparkLines {
    let mut by_row: HashMap<RowId, Vec<Vec<Option<f64>>>> = HashMap::new();
    for series in series {
        if let Some(row) = row_of(&series.labels) {
            by_row.entry(row).or_default().push(rates(&series.points, grid));
        }
    }
    by_row.into_iter().map(|(row, rates)| (row, sum(rates, grid))).collect()
}

/// The row that a series of CPU time belongs to.
fn row_of(labels: &Labels) -> Option<RowId> {
    let node = labels.value("node")?;
    if let Some(pid) = labels.value("pid") {
        // The rest of a node's processes have `other` here.
        let pid = Pid(pid.parse().ok()?);
        let start = parse_start_label(labels.value("start")?)?;
        return Some(RowId::process(&NodeName::from(node), ProcessKey { pid, start }));
    }
    match labels.value("name") {
        Some(id) => Some(RowId::Container(node.into(), id.into())),
        None => Some(RowId::Host(node.into())),
    }
}

#[cfg(test)]
mod tests {
    use lanner_model::series::Sample;
    use lanner_store::{MemoryMetrics, MetricOptions};

    use super::*;

    #[tokio::test]
    async fn each_row_has_the_rate_of_its_series() {
        let store = MemoryMetrics::new(MetricOptions::default());
        let now = 1_700_000_000_000;
        let labels = |metric: &str, pairs: &[(&'static str, &'static str)]| {
            Labels::new(metric, pairs.iter().copied().chain([("node", "a")]))
        };
        let series = [
            (labels("node_cpu_seconds_total", &[("cpu", "0"), ("mode", "user")]), 0.5),
            (labels("node_cpu_seconds_total", &[("cpu", "1"), ("mode", "system")]), 0.25),
            (labels("node_cpu_seconds_total", &[("cpu", "1"), ("mode", "idle")]), 0.75),
            (
                labels(
                    "container_cpu_usage_seconds_total",
                    &[("name", "x"), ("id", "/pods/x"), ("cpu", "total")],
                ),
                0.125,
            ),
            (
                labels("lanner_process_cpu_seconds_total", &[("pid", "42"), ("start", "1600000000.12")]),
                0.0625,
            ),
            (labels("lanner_process_cpu_seconds_total", &[("pid", "other")]), 9.0),
        ];
        let mut samples = Vec::new();
        for (labels, rate) in &series {
            for second in (0..=600).step_by(10) {
                let time = WallMs(now - 600_000 + second * 1000);
                samples.push(Sample { labels: labels.clone(), time, value: rate * second as f64 });
            }
        }
        store.write(&samples).await.expect("stored");
        let lines = Sparks::default().current(&store, WallMs(now)).await.expect("lines");
        let last = |row: &str| lines[&RowId::parse(row).expect("a row")][29];
        assert_eq!(last("host:a"), Some(0.75));
        assert_eq!(last("container:a:x"), Some(0.125));
        assert_eq!(last("process:a:42:1600000000120"), Some(0.0625));
        assert_eq!(lines.len(), 3);
        assert!(lines.values().all(|line| line.len() == 30));
    }
}
