//! A map before it is told: boxes and edges with sums that can still be put together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::level::{Level, Shared};
use super::link::Side;
use super::map::{Folded, Status};
use super::request::Focus;
use super::resolve::{End, Flow};
use super::traffic::Traffic;

/// A server's port may have so many external clients that stand on their own.
const CLIENTS_SHOWN: usize = 5;
/// So many edges between two boxes can be read.
const PORTS_SHOWN: usize = 3;

/// What a box is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    /// What has these labels.
    Observed(Shared),
    /// An address; with node and network namespace where it means something there only.
    External { address: String, within: Option<(String, String)> },
    /// The external clients of a server's port.
    Clients { server: Box<Place>, port: u16 },
    /// The rest.
    Others,
}

/// From, to, port; no port where there are several.
pub(crate) type Way = (Place, Place, Option<u16>);

/// What both ends of an edge saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Views {
    pub(crate) client: Option<Traffic>,
    pub(crate) server: Option<Traffic>,
    /// The worst of what was put together: errors of one are not lost among the traffic of others.
    worst: Status,
}

/// Boxes and edges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    pub(crate) edges: BTreeMap<Way, Views>,
    /// How many boxes or addresses a box stands for, where it is not one.
    pub(crate) stands_for: BTreeMap<Place, usize>,
    pub(crate) folded: Folded,
}

impl Place {
    fn of(end: &End<'_>, level: &Level) -> Place {
        match end {
            End::Owner(labels) => Place::Observed(level.of(labels)),
            End::Address { address, place } => Place::External {
                address: address.to_string(),
                within: place.map(|place| (place.node.to_string(), place.netns.to_string())),
            },
        }
    }

    pub(crate) fn id(&self) -> String {
        match self {
            Place::Observed(shared) => shared.id(),
            Place::External { address, within: None } => format!("external:{address}"),
            Place::External { address, within: Some((node, netns)) } => {
                format!("external:{node}/{netns}/{address}")
            }
            Place::Clients { server, port } => format!("clients:{port}:{}", server.id()),
            Place::Others => "others".to_owned(),
        }
    }
}

impl Views {
    /// What is known of the edge.
    pub(crate) fn both(&self) -> Traffic {
        match (&self.client, &self.server) {
            (Some(client), Some(server)) => client.or(server),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => Traffic::default(),
        }
    }

    /// How it fares.
    pub(crate) fn status(&self) -> Status {
        Status::of(&self.both().figures()).max(self.worst)
    }

    fn add(&mut self, other: &Views) {
        self.worst = self.worst.max(other.status());
        add_view(&mut self.client, other.client.as_ref());
        add_view(&mut self.server, other.server.as_ref());
    }
}

fn add_view(view: &mut Option<Traffic>, more: Option<&Traffic>) {
    if let Some(more) = more {
        view.get_or_insert_default().add(more);
    }
}

impl Sketch {
    /// Puts flows together that are between the same boxes, and leaves out what is dead.
    pub(crate) fn draw<'a>(flows: impl IntoIterator<Item = &'a Flow<'a>>, level: &Level) -> Sketch {
        let mut edges: BTreeMap<Way, Views> = BTreeMap::new();
        for flow in flows {
            let clients: BTreeSet<Place> = flow.clients.iter().map(|end| Place::of(end, level)).collect();
            // What several boxes have in common cannot be said of one; each of them told its own view.
            let [client] = &Vec::from_iter(clients)[..] else { continue };
            let way = (client.clone(), Place::of(&flow.server, level), Some(flow.port));
            let views = edges.entry(way).or_default();
            let view = match flow.side {
                Side::Client => &mut views.client,
                Side::Server => &mut views.server,
            };
            add_view(view, Some(flow.traffic));
        }
        edges.retain(|_, views| views.both().is_alive());
        let mut sketch = Sketch { edges, ..Sketch::default() };
        sketch.folded.nodes_total = sketch.places().len();
        sketch.folded.edges_total = sketch.edges.len();
        sketch
    }

    /// All boxes.
    pub(crate) fn places(&self) -> BTreeSet<&Place> {
        self.edges.keys().flat_map(|(from, to, _)| [from, to]).collect()
    }

    /// Puts the external clients of a port together where there are many.
    pub(crate) fn gather_clients(&mut self) {
        let mut clients: BTreeMap<(&Place, Option<u16>), Vec<&Place>> = BTreeMap::new();
        for (from, to, port) in self.edges.keys() {
            if matches!(from, Place::External { .. }) && matches!(to, Place::Observed(_)) {
                clients.entry((to, *port)).or_default().push(from);
            }
        }
        let mut moves = BTreeMap::new();
        for ((to, port), from) in clients {
            let Some(port_number) = port.filter(|_| from.len() > CLIENTS_SHOWN) else { continue };
            let gathered = Place::Clients { server: Box::new(to.clone()), port: port_number };
            self.stands_for.insert(gathered.clone(), from.len());
            self.folded.clients += from.len();
            for client in from {
                moves.insert((client.clone(), to.clone(), port), (gathered.clone(), to.clone(), port));
            }
        }
        self.reroute(|way| moves.get(&way).cloned().unwrap_or(way));
    }

    /// Makes one edge of those between two boxes where there are many.
    pub(crate) fn bundle_ports(&mut self) {
        let mut ports: BTreeMap<(&Place, &Place), usize> = BTreeMap::new();
        for (from, to, _) in self.edges.keys() {
            *ports.entry((from, to)).or_default() += 1;
        }
        let is_many = |((from, to), ports): &((&Place, &Place), usize)| {
            *ports > if from == to { 1 } else { PORTS_SHOWN }
        };
        let many: BTreeSet<(Place, Place)> =
            ports.into_iter().filter(is_many).map(|((from, to), _)| (from.clone(), to.clone())).collect();
        self.reroute(|(from, to, port)| {
            let ends = (from, to);
            let port = port.filter(|_| !many.contains(&ends));
            (ends.0, ends.1, port)
        });
    }

    fn reroute(&mut self, new: impl Fn(Way) -> Way) {
        for (way, views) in std::mem::take(&mut self.edges) {
            self.edges.entry(new(way)).or_default().add(&views);
        }
    }

    /// Keeps the edges that are wanted, and counts the boxes that go.
    fn keep(&mut self, is_wanted: impl Fn(&Way, &Views) -> bool) {
        let before = self.places().len();
        self.edges.retain(|way, views| is_wanted(way, views));
        self.folded.filtered += before - self.places().len();
    }

    /// Keeps edges that have a problem, and those of boxes that have one.
    pub(crate) fn keep_problems(&mut self, has_problem: impl Fn(&Place) -> bool) {
        self.keep(|(from, to, _), views| views.status().is_problem() || has_problem(from) || has_problem(to));
    }

    /// Keeps what is near a box.
    pub(crate) fn keep_near(&mut self, focus: &Focus) {
        let mut neighbours: BTreeMap<&Place, BTreeSet<&Place>> = BTreeMap::new();
        for (from, to, _) in self.edges.keys() {
            neighbours.entry(from).or_default().insert(to);
            neighbours.entry(to).or_default().insert(from);
        }
        let mut near: BTreeMap<&Place, u32> = BTreeMap::new();
        let mut next: VecDeque<(&Place, u32)> =
            neighbours.keys().filter(|place| place.id() == focus.id).map(|place| (*place, 0)).collect();
        while let Some((place, distance)) = next.pop_front() {
            if near.contains_key(place) {
                continue;
            }
            near.insert(place, distance);
            if distance < focus.depth {
                next.extend(neighbours[place].iter().map(|place| (*place, distance + 1)));
            }
        }
        let near: BTreeSet<Place> = near.into_keys().cloned().collect();
        self.keep(|(from, to, _), _| near.contains(from) && near.contains(to));
    }

    /// Puts the least busy boxes together, so that there are at most `limit`. What has a problem comes
    /// before what is busy.
    pub(crate) fn fold(&mut self, limit: usize, focus: Option<&Focus>, has_problem: impl Fn(&Place) -> bool) {
        let mut weights: BTreeMap<&Place, (bool, bool, f64)> = BTreeMap::new();
        for ((from, to, _), views) in &self.edges {
            let both = views.both();
            let is_bad = views.status().is_problem();
            for place in [from, to] {
                let weight = weights.entry(place).or_insert_with(|| {
                    (focus.is_some_and(|focus| focus.id == place.id()), has_problem(place), 0.0)
                });
                weight.1 |= is_bad;
                weight.2 += both.busyness();
            }
        }
        if weights.len() <= limit {
            return;
        }
        let mut order: Vec<(&Place, (bool, bool, f64))> = weights.into_iter().collect();
        order.sort_by(|(a, (a_focus, a_bad, a_busy)), (b, (b_focus, b_bad, b_busy))| {
            (b_focus, b_bad).cmp(&(a_focus, a_bad)).then(b_busy.total_cmp(a_busy)).then(a.cmp(b))
        });
        let folded: BTreeSet<Place> =
            order.drain(limit.saturating_sub(1)..).map(|(place, _)| place.clone()).collect();
        self.folded.others = folded.len();
        self.stands_for.insert(Place::Others, folded.len());
        self.reroute(|(from, to, port)| {
            let is_folded = folded.contains(&from) || folded.contains(&to);
            let new = |place| if folded.contains(&place) { Place::Others } else { place };
            (new(from), new(to), if is_folded { None } else { port })
        });
    }
}
