//! Cases as text.

use lanner_model::series::Labels;
use lanner_model::time::WallMs;
use lanner_topology::{Figures, Known, KnownContainer, Map, Observation};

const FROM: WallMs = WallMs(1_700_000_000_000);
const TO: WallMs = WallMs(FROM.0 + 100_000);

/// What was observed.
pub(crate) struct Case {
    pub(crate) observation: Observation,
    pub(crate) known: Known,
}

impl Case {
    pub(crate) fn read(lines: &[&str]) -> Case {
        let mut case = Case { observation: Observation::new(FROM), known: Known::default() };
        for line in lines.iter().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [side @ ("client" | "server"), who, netns, way, ref facts @ ..] => {
                    case.link(side, who, netns, way, facts);
                }
                ["listen", who, netns, at] => {
                    let (address, port) = at.rsplit_once(':').expect("address:port");
                    let more = [("netns", netns), ("address", address), ("port", port)];
                    case.series("lanner_listener_info", &[&owner(who)[..], &more].concat(), 1.0, 1.0);
                }
                ["cpu", who, seconds] => case.cpu(who, seconds.parse().expect("seconds")),
                ["cores", node, count] => {
                    let count = count.parse().expect("a count");
                    case.series("machine_cpu_cores", &[("node", node)], count, count);
                }
                ["container", who, name, image, limit] => {
                    let (node, id) = who.split_once('/').expect("node/id");
                    let known = KnownContainer {
                        name: name.to_owned(),
                        image: image.to_owned(),
                        cpu_limit_cores: limit.parse().ok(),
                    };
                    case.known.containers.insert((node.to_owned(), id.to_owned()), known);
                }
                _ => panic!("{line} says nothing"),
            }
        }
        case
    }

    fn link(&mut self, side: &str, who: &str, netns: &str, way: &str, facts: &[&str]) {
        let (local, rest) = way.split_once('>').expect("local>peer:port");
        let (peer, port) = rest.rsplit_once(':').expect("peer:port");
        let labels = [
            &owner(who)[..],
            &[("side", side), ("netns", netns), ("local", local), ("peer", peer), ("port", port)],
        ]
        .concat();
        for fact in facts {
            let (name, value) = fact.split_once('=').expect("name=value");
            let value: f64 = value.parse().expect("a number");
            let http = [&labels[..], &[("protocol", "http")]].concat();
            match name {
                "active" => self.series("lanner_link_active_connections", &labels, value, value),
                "rtt" => self.series("lanner_link_rtt_seconds", &labels, value, value),
                "seconds" => self.grown("lanner_l7_request_duration_seconds_sum", &http, value),
                "answered" => self.grown("lanner_l7_request_duration_seconds_count", &http, value),
                "1xx" | "2xx" | "3xx" | "4xx" | "5xx" | "none" => {
                    self.grown("lanner_l7_requests_total", &[&http[..], &[("status", name)]].concat(), value);
                }
                "connections" | "failed_connections" | "sent_bytes" | "received_bytes" => {
                    self.grown(&format!("lanner_link_{name}_total"), &labels, value);
                }
                _ => {
                    let le = name.strip_prefix("le").expect("a fact");
                    let bucket = [&http[..], &[("le", le)]].concat();
                    self.grown("lanner_l7_request_duration_seconds_bucket", &bucket, value);
                }
            }
        }
    }

    fn cpu(&mut self, who: &str, seconds: f64) {
        match who.split('/').collect::<Vec<_>>()[..] {
            [node] => self.grown("node_cpu_seconds_total", &[("node", node), ("mode", "user")], seconds),
            [node, id] => {
                let labels = [("node", node), ("id", "/pods/x"), ("name", id), ("cpu", "total")];
                self.grown("container_cpu_usage_seconds_total", &labels, seconds);
            }
            _ => {
                let labels = [&owner(who)[..], &[("pid", "7")]].concat();
                self.grown("lanner_process_cpu_seconds_total", &labels, seconds);
            }
        }
    }

    fn grown(&mut self, metric: &str, labels: &[(&str, &str)], by: f64) {
        self.series(metric, labels, 1000.0, 1000.0 + by);
    }

    fn series(&mut self, metric: &str, labels: &[(&str, &str)], first: f64, last: f64) {
        // Agents sample every 10 s.
        let steps = (0..=10).map(|step| {
            let part = f64::from(step) / 10.0;
            (WallMs(FROM.0 + i64::from(step) * 10_000), first + (last - first) * part)
        });
        let points: Vec<(WallMs, f64)> = steps.collect();
        assert_eq!(points.last().map(|point| point.0), Some(TO));
        self.observation.add(&Labels::new(metric, labels.iter().copied()), &points);
    }
}

/// `NODE/COMM` or `NODE/CONTAINER/COMM`, where `-` is no container.
fn owner(text: &str) -> Vec<(&str, &str)> {
    match text.split('/').collect::<Vec<_>>()[..] {
        [node, comm] | [node, "-", comm] => vec![("node", node), ("comm", comm)],
        [node, container, comm] => {
            vec![("node", node), ("container_id", container), ("container", container), ("comm", comm)]
        }
        _ => panic!("{text} is nobody"),
    }
}

/// The map as text: boxes, edges, what is folded.
pub(crate) fn told(map: &Map) -> String {
    let mut lines = Vec::new();
    for node in &map.nodes {
        let mut line = format!("{} {:?} {:?}", node.id, node.kind, node.name);
        let mut add = |name: &str, value: String| line += &format!(" {name}={value}");
        if node.stands_for > 1 {
            add("stands_for", node.stands_for.to_string());
        }
        if let Some(container) = &node.container {
            add("container", container.clone());
        }
        if let Some(image) = &node.image {
            add("image", image.clone());
        }
        if !node.listens.is_empty() {
            add("listens", format!("{:?}", node.listens).replace(' ', ""));
        }
        if let Some(cores) = node.cpu_cores {
            add("cpu", number(cores));
        }
        if let Some(percent) = node.cpu_percent {
            add("cpu%", number(percent));
        }
        line += &format!(" {:?}", node.status);
        lines.push(line);
    }
    for edge in &map.edges {
        let port = edge.port.map_or("*".to_owned(), |port| port.to_string());
        let protocol = edge.protocol.as_deref().unwrap_or("-");
        lines.push(format!("{} -> {} :{port} {protocol} {:?}", edge.from, edge.to, edge.status));
        lines.push(format!("  both   {}", figures(&edge.figures)));
        for (side, view) in [("client", &edge.client), ("server", &edge.server)] {
            lines.extend(view.as_ref().map(|view| format!("  {side} {}", figures(view))));
        }
    }
    let folded = &map.folded;
    lines.push(format!(
        "of {} boxes, {} edges; clients {}, others {}, filtered {}",
        folded.nodes_total, folded.edges_total, folded.clients, folded.others, folded.filtered
    ));
    lines.join("\n") + "\n"
}

fn figures(figures: &Figures) -> String {
    let known = [
        ("conn/s", figures.connections_per_second),
        ("failed/s", figures.failed_connections_per_second),
        ("active", figures.active_connections),
        ("sent/s", figures.sent_bytes_per_second),
        ("received/s", figures.received_bytes_per_second),
        ("rtt", figures.rtt_ms),
        ("req/s", figures.requests_per_second),
        ("requests", figures.requests),
        ("errors", figures.error_ratio),
        ("4xx", figures.client_error_ratio),
        ("mean", figures.mean_ms),
        ("p50", figures.p50_ms),
        ("p95", figures.p95_ms),
    ];
    let known = known.iter().filter_map(|(name, value)| Some(format!("{name}={}", number((*value)?))));
    known.collect::<Vec<_>>().join(" ")
}

fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
