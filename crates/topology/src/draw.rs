//! From what was observed to the map.

use std::collections::{BTreeMap, BTreeSet};

use lanner_model::series::Labels;

use super::cpu::CpuByBox;
use super::known::Known;
use super::level::{Level, Shared};
use super::link::{LinkKey, Listener, Side};
use super::map::{Edge, Kind, Map, Node, Status};
use super::observation::Observation;
use super::request::{Ports, Request, Shown};
use super::resolve::{End, Flow, flows};
use super::sketch::{Place, Sketch, Way};
use super::traffic::{Figures, Traffic};

/// Addresses of a box that are told.
const MAX_ADDRESSES: usize = 16;

impl Observation {
    /// The map of what was observed.
    #[must_use]
    pub fn map(&self, known: &Known, request: &Request) -> Map {
        let (links, listeners) = (self.links(), self.listeners());
        let flows = flows(&links, &listeners);
        let asked = flows.iter().filter(|flow| is_in_scope(flow, &request.scope));
        let cpu = CpuByBox::of(self, known, &request.level);
        let has_problem = |place: &Place| match place {
            Place::Observed(shared) => cpu_status(shared, cpu.percent(shared)).is_problem(),
            _ => false,
        };
        let mut sketch = Sketch::draw(asked, &request.level);
        sketch.gather_clients();
        if request.ports == Ports::Together {
            sketch.bundle_ports();
        }
        if request.shown == Shown::Problems {
            sketch.keep_problems(has_problem);
        }
        if let Some(focus) = &request.focus {
            sketch.keep_near(focus);
        }
        sketch.fold(request.limit.max(2), request.focus.as_ref(), has_problem);
        let facts = facts(links.keys(), &listeners, known, &request.level);
        Drawing { sketch: &sketch, cpu: &cpu, known, facts: &facts }.map()
    }
}

/// Hosts and containers become a problem by load; a busy process is what they are for.
fn cpu_status(shared: &Shared, percent: Option<f64>) -> Status {
    if shared.is_process() { Status::Unknown } else { Status::of_cpu(percent) }
}

/// Whether one of those who talk has all these labels.
fn is_in_scope(flow: &Flow<'_>, scope: &[(String, Vec<String>)]) -> bool {
    let has_one = |labels: &Labels, name: &str, values: &[String]| {
        values.iter().any(|v| labels.value(name).unwrap_or_default() == v)
    };
    let has_all = |end: &End<'_>| match end {
        End::Owner(labels) => scope.iter().all(|(name, values)| has_one(labels, name, values)),
        End::Address { .. } => false,
    };
    scope.is_empty() || has_all(&flow.server) || flow.clients.iter().any(has_all)
}

/// What is known of the things in a box.
#[derive(Default)]
struct BoxFacts {
    container: Option<String>,
    addresses: BTreeSet<String>,
    listens: BTreeSet<u16>,
    processes: Option<u32>,
}

fn facts<'a>(
    links: impl Iterator<Item = &'a LinkKey>,
    listeners: &[Listener],
    known: &Known,
    level: &Level,
) -> BTreeMap<Shared, BoxFacts> {
    let mut facts: BTreeMap<Shared, BoxFacts> = BTreeMap::new();
    fn of<'f>(facts: &'f mut BTreeMap<Shared, BoxFacts>, level: &Level, owner: &Labels) -> &'f mut BoxFacts {
        let facts = facts.entry(level.of(owner)).or_default();
        if facts.container.is_none() {
            facts.container = owner.value("container").map(str::to_owned);
        }
        facts
    }
    for link in links {
        let facts = of(&mut facts, level, &link.owner);
        facts.addresses.insert(link.local.to_string());
        if link.side == Side::Server {
            facts.listens.insert(link.port);
        }
    }
    for listener in listeners {
        of(&mut facts, level, &listener.owner).listens.insert(listener.port);
    }
    let has_table = |shared: &Shared| shared.value("node").is_some_and(|node| known.cpus.contains_key(node));
    for (shared, facts) in &mut facts {
        facts.processes = has_table(shared).then_some(0);
    }
    for (labels, count) in &known.processes {
        if let Some(facts) = facts.get_mut(&level.of(labels)) {
            facts.processes = Some(facts.processes.unwrap_or_default() + count);
        }
    }
    facts
}

/// A sketch and all that is told of its boxes.
struct Drawing<'a> {
    sketch: &'a Sketch,
    cpu: &'a CpuByBox,
    known: &'a Known,
    facts: &'a BTreeMap<Shared, BoxFacts>,
}

impl Drawing<'_> {
    fn map(&self) -> Map {
        let mut inbound: BTreeMap<&Place, (Traffic, Status)> = BTreeMap::new();
        let mut outbound: BTreeMap<&Place, Traffic> = BTreeMap::new();
        let mut edges = Vec::with_capacity(self.sketch.edges.len());
        for (way, views) in &self.sketch.edges {
            let (from, to, _) = way;
            let both = views.both();
            let figures = both.figures();
            let status = views.status();
            let of_server = inbound.entry(to).or_default();
            of_server.1 = of_server.1.max(status);
            if from != to {
                of_server.0.add(&both);
                outbound.entry(from).or_default().add(&both);
            }
            let told = |view: &Option<Traffic>| view.as_ref().map(Traffic::figures);
            let (client, server) = (told(&views.client), told(&views.server));
            edges.push(edge(way, both.protocol.as_deref(), figures, client, server, status));
        }
        let told = |place: &Place| {
            let outbound = outbound.get(place).map(Traffic::figures);
            let (inbound, status) = match inbound.get(place) {
                Some((traffic, status)) => (traffic.figures(), *status),
                None => (Figures::default(), Status::Ok),
            };
            Node { inbound, outbound: outbound.unwrap_or_default(), ..self.node(place, status) }
        };
        let mut nodes: Vec<Node> = self.sketch.places().into_iter().map(told).collect();
        nodes.sort_by(|a, b| a.id.cmp(&b.id));
        edges.sort_by(|a, b| a.id.cmp(&b.id));
        Map { nodes, edges, folded: self.sketch.folded }
    }

    fn node(&self, place: &Place, status: Status) -> Node {
        let stands_for = self.sketch.stands_for.get(place).copied().unwrap_or(1);
        let node = Node { id: place.id(), stands_for, status, ..Node::default() };
        match place {
            Place::Observed(shared) => self.observed(shared, node),
            Place::External { address, .. } => {
                Node { kind: Kind::External, name: address.clone(), addresses: vec![address.clone()], ..node }
            }
            Place::Clients { .. } => Node { kind: Kind::Clients, ..node },
            Place::Others => Node { kind: Kind::Others, ..node },
        }
    }

    fn observed(&self, shared: &Shared, node: Node) -> Node {
        let nothing = BoxFacts::default();
        let facts = self.facts.get(shared).unwrap_or(&nothing);
        let container_id = shared.value("container_id");
        let known = container_id.and_then(|id| {
            let key = (shared.value("node").unwrap_or_default().to_owned(), id.to_owned());
            self.known.containers.get(&key)
        });
        let named = known.map(|known| known.name.clone()).filter(|name| !name.is_empty());
        let container = facts.container.clone().filter(|_| container_id.is_some()).or(named);
        let (kind, name) = if shared.is_host() {
            (Kind::Host, shared.value("node").map(str::to_owned))
        } else if shared.is_container() {
            let short = container_id.map(|id| id.get(..12).unwrap_or(id).to_owned());
            (Kind::Container, container.clone().or(short))
        } else if shared.is_process() {
            (Kind::Process, shared.value("comm").map(str::to_owned))
        } else {
            (Kind::Group, shared.0.last().map(|(_, value)| value.clone()))
        };
        let cpu_percent = self.cpu.percent(shared);
        Node {
            kind,
            name: name.unwrap_or_default(),
            labels: shared.0.clone(),
            container,
            image: known.map(|known| known.image.clone()).filter(|image| !image.is_empty()),
            processes: facts.processes,
            listens: facts.listens.iter().copied().collect(),
            addresses: facts.addresses.iter().take(MAX_ADDRESSES).cloned().collect(),
            cpu_cores: self.cpu.cores(shared),
            cpu_percent,
            status: node.status.max(cpu_status(shared, cpu_percent)),
            ..node
        }
    }
}

fn edge(
    (from, to, port): &Way,
    protocol: Option<&str>,
    figures: Figures,
    client: Option<Figures>,
    server: Option<Figures>,
    status: Status,
) -> Edge {
    let (from, to) = (from.id(), to.id());
    let port_text = port.map_or("*".to_owned(), |port| port.to_string());
    Edge {
        id: format!("{from}>{to}>{port_text}"),
        from,
        to,
        port: *port,
        protocol: protocol.map(str::to_owned),
        figures,
        client,
        server,
        status,
    }
}
