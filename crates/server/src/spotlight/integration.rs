//! Services found running, and whether their requests are seen.

use std::collections::{BTreeMap, BTreeSet};

use lanner_api::http::{Integration, IntegrationState};
use lanner_model::series::{Labels, Sample};

use super::known_service::{KnownService, recognise};
use super::trend::Increase;

/// One service: its processes in one container (or on one host).
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    service: &'static str,
    node: &'a str,
    container_id: &'a str,
}

struct Found<'a> {
    known: &'static KnownService,
    comm: &'a str,
    container: &'a str,
    ports: BTreeSet<u16>,
}

/// Services among the programs that listen (`lanner_listener_info`), with the requests that were
/// counted at their ports: those that are not monitored first.
pub(super) fn integrations(listeners: &[Sample], requests: &[Increase], range_s: f64) -> Vec<Integration> {
    let mut found: BTreeMap<Place<'_>, Found<'_>> = BTreeMap::new();
    for Sample { labels, .. } in listeners {
        let (comm, port) = (text(labels, "comm"), text(labels, "port").parse().ok());
        let Some((known, port)) = port.and_then(|port| Some((recognise(comm, port)?, port))) else {
            continue;
        };
        let (node, container_id) = (text(labels, "node"), text(labels, "container_id"));
        let at = found.entry(Place { service: known.name, node, container_id });
        let container = text(labels, "container");
        at.or_insert(Found { known, comm, container, ports: BTreeSet::new() }).ports.insert(port);
    }
    let mut listed: Vec<Integration> =
        found.into_iter().map(|(place, found)| describe(&place, found, requests, range_s)).collect();
    listed.sort_by(|a, b| order(a).cmp(&order(b)));
    listed
}

fn describe(place: &Place<'_>, found: Found<'_>, requests: &[Increase], range_s: f64) -> Integration {
    let is_here = |labels: &Labels| {
        let port = text(labels, "port").parse().ok();
        text(labels, "side") == "server"
            && text(labels, "node") == place.node
            && text(labels, "container_id") == place.container_id
            && port.is_some_and(|port| found.ports.contains(&port))
    };
    let of_it = requests.iter().filter(|increase| is_here(&increase.labels));
    let count: f64 = of_it.map(|increase| increase.amount).sum();
    let monitored = match (count > 0.0, found.known.speaks_http) {
        (true, _) => IntegrationState::Monitored,
        (false, true) => IntegrationState::NoTraffic,
        (false, false) => IntegrationState::UnknownProtocol,
    };
    Integration {
        service: place.service.to_owned(),
        comm: found.comm.to_owned(),
        node: place.node.to_owned(),
        container: Some(found.container).filter(|name| !name.is_empty()).map(str::to_owned),
        ports: found.ports.into_iter().collect(),
        monitored,
        requests_per_second: (count > 0.0).then_some(count / range_s),
    }
}

fn order(it: &Integration) -> (bool, &str, &str, &Option<String>) {
    (it.monitored == IntegrationState::Monitored, &it.service, &it.node, &it.container)
}

fn text<'a>(labels: &'a Labels, name: &str) -> &'a str {
    labels.value(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanner_model::time::WallMs;

    fn listener(comm: &str, port: &str, container: &str) -> Sample {
        let labels = [
            ("node", "a"),
            ("comm", comm),
            ("port", port),
            ("container", container),
            ("container_id", container),
        ];
        let labels =
            Labels::new("lanner_listener_info", labels.into_iter().filter(|(_, value)| !value.is_empty()));
        Sample { labels, time: WallMs(1), value: 1.0 }
    }

    fn requests(port: &str, container: &str, side: &str, amount: f64) -> Increase {
        let labels = [("node", "a"), ("port", port), ("container_id", container), ("side", side)];
        let labels = Labels::new(
            "lanner_l7_requests_total",
            labels.into_iter().filter(|(_, value)| !value.is_empty()),
        );
        Increase { labels, amount, began: None }
    }

    #[test]
    fn a_service_is_one_line_however_many_sockets_it_has() {
        let listeners = [
            listener("nginx", "80", "web"),
            listener("nginx", "443", "web"),
            listener("redis-server", "6379", ""),
            listener("sshd", "22", ""),
            listener("httpd", "8080", "idle"),
            listener("nginx", "not a port", "web"),
        ];
        let counted = [
            requests("80", "web", "server", 60.0),
            requests("443", "web", "server", 30.0),
            requests("80", "web", "client", 1000.0),
            requests("8080", "web", "server", 1000.0),
        ];
        let listed = integrations(&listeners, &counted, 300.0);
        let seen: Vec<_> = listed
            .iter()
            .map(|it| (it.service.as_str(), it.container.as_deref(), it.ports.as_slice(), it.monitored))
            .collect();
        assert_eq!(
            seen,
            [
                ("httpd", Some("idle"), &[8080][..], IntegrationState::NoTraffic),
                ("redis", None, &[6379], IntegrationState::UnknownProtocol),
                ("nginx", Some("web"), &[80, 443], IntegrationState::Monitored),
            ]
        );
        assert_eq!(listed[2].requests_per_second, Some(0.3));
        assert_eq!(listed[0].requests_per_second, None);
    }
}
