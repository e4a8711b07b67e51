//! How much memory a series takes. One test only: it looks at the whole process.

use std::fs;

use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;
use lanner_store::{EmbeddedMetrics, MetricOptions, MetricStore};

const START: i64 = 1_700_000_000_000;
const SERIES: u64 = 1000;
/// Two hours of one sample every ten seconds.
const SAMPLES: i64 = 720;

#[tokio::test]
async fn a_series_takes_two_kilobytes_beside_its_chunks() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = EmbeddedMetrics::open(folder.path(), MetricOptions::default()).expect("open");
    // What the process needs in any case is there after these.
    write_two_hours(&store, &labels("warm", SERIES / 4)).await;
    let labels = labels("real", SERIES);
    let (before, stats_before) = (resident_bytes(), store.stats().await);
    write_two_hours(&store, &labels).await;
    let stats = store.stats().await;
    let chunk_bytes = (stats.chunk_bytes - stats_before.chunk_bytes) / SERIES;
    let resident = resident_bytes().saturating_sub(before) / SERIES;
    let per_sample = chunk_bytes as f64 / SAMPLES as f64;
    let told = format!(
        "{per_sample:.2} bytes a sample, {chunk_bytes} bytes of chunks and {resident} resident a series"
    );
    // Measured: 3.21, 2310 and 4210; a build without optimisation is no larger.
    assert!(per_sample < 3.5, "{told}");
    assert!(resident < chunk_bytes + 2200, "{told}");
}

/// Labels as an agent sends them.
fn labels(namespace: &str, series: u64) -> Vec<Labels> {
    let metrics = ["cpu_seconds_total", "memory_bytes", "net_bytes_total", "threads"];
    (0..series)
        .map(|n| {
            let pod = format!("frontend-7d9f{:04x}-x", n / 4);
            let pairs = [
                ("cluster", "prod"),
                ("region", "eu-central-1"),
                ("zone", "eu-central-1a"),
                ("node", "ip-10-0-12-34.internal"),
                ("namespace", namespace),
                ("workload", "frontend"),
                ("workload_kind", "Deployment"),
                ("container", "app"),
                ("job", "node"),
                ("instance", "10.0.12.34:9100"),
                ("pod", pod.as_str()),
            ];
            Labels::new(metrics[n as usize % 4], pairs)
        })
        .collect()
}

/// A quarter each of a measured second count, of memory in pages, of a counter of bytes, and of a
/// number that does not change.
async fn write_two_hours(store: &EmbeddedMetrics, labels: &[Labels]) {
    let mut random = 99u64;
    for at in 1..=SAMPLES {
        let samples: Vec<Sample> = labels
            .iter()
            .enumerate()
            .map(|(n, labels)| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let noise = random >> 40;
                let value = match n % 4 {
                    0 => at as f64 * 0.37 + (noise % 100) as f64 / 100.0,
                    1 => (300_000_000 + noise % 1024 * 4096) as f64,
                    2 => (at * 150_000 + (noise % 9000) as i64) as f64,
                    _ => 17.0,
                };
                Sample { labels: labels.clone(), time: WallMs(START + at * 10_000), value }
            })
            .collect();
        assert_eq!(store.write(&samples).await.expect("write").accepted, labels.len() as u64);
    }
}

fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").expect("statm");
    text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).expect("pages") * 4096
}
