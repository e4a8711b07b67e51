//! Which end of a link belongs to which: the process behind an address and a port.

use std::collections::{BTreeMap, BTreeSet};

use lanner_model::series::Labels;
use rustc_hash::FxHashMap;

use super::address::Address;
use super::link::{LinkKey, Listener, Place, Side};
use super::traffic::Traffic;

/// What one end of a link saw, with both ends as far as they are known.
#[derive(Clone, Debug)]
pub(crate) struct Flow<'a> {
    /// The clients. More than one when the server cannot tell them apart (they share an address); each of
    /// them has a flow of its own then.
    pub(crate) clients: Vec<End<'a>>,
    pub(crate) server: End<'a>,
    pub(crate) port: u16,
    /// Whose view it is.
    pub(crate) side: Side,
    pub(crate) traffic: &'a Traffic,
}

/// Who is at an end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End<'a> {
    /// A process that is observed, by its labels.
    Owner(&'a Labels),
    /// Whoever has this address.
    Address {
        address: &'a Address,
        /// Of an address that means something there only.
        place: Option<&'a Place>,
    },
}

/// Everything that has an address.
struct Directory<'a> {
    links: &'a BTreeMap<LinkKey, Traffic>,
    listeners: &'a [Listener],
    servers: FxHashMap<(&'a Address, u16), Vec<&'a LinkKey>>,
    clients: FxHashMap<(&'a Address, &'a Address, u16), Vec<&'a LinkKey>>,
    listening: FxHashMap<u16, Vec<&'a Listener>>,
    /// Where an address was seen as somebody's own; loopback addresses are everywhere and not in here.
    places: FxHashMap<&'a Address, BTreeSet<&'a Place>>,
}

/// Finds the other end of every link.
pub(crate) fn flows<'a>(links: &'a BTreeMap<LinkKey, Traffic>, listeners: &'a [Listener]) -> Vec<Flow<'a>> {
    let directory = Directory::new(links, listeners);
    let flow = |(key, traffic): (&'a LinkKey, &'a Traffic)| {
        let own = End::Owner(&key.owner);
        let (clients, server) = match key.side {
            Side::Client => (vec![own], directory.server(key)),
            Side::Server => (directory.clients(key), own),
        };
        Flow { clients, server, port: key.port, side: key.side, traffic }
    };
    links.iter().map(flow).collect()
}

impl<'a> Directory<'a> {
    fn new(links: &'a BTreeMap<LinkKey, Traffic>, listeners: &'a [Listener]) -> Directory<'a> {
        let mut directory = Directory {
            links,
            listeners,
            servers: FxHashMap::default(),
            clients: FxHashMap::default(),
            listening: FxHashMap::default(),
            places: FxHashMap::default(),
        };
        for key in links.keys() {
            match key.side {
                Side::Server => directory.servers.entry((&key.local, key.port)).or_default().push(key),
                Side::Client => {
                    directory.clients.entry((&key.local, &key.peer, key.port)).or_default().push(key);
                }
            }
            directory.is_at(&key.local, &key.place);
        }
        for listener in directory.listeners {
            directory.listening.entry(listener.port).or_default().push(listener);
            directory.is_at(&listener.address, &listener.place);
        }
        directory
    }

    fn is_at(&mut self, address: &'a Address, place: &'a Place) {
        if !address.is_loopback() && !address.is_any() {
            self.places.entry(address).or_default().insert(place);
        }
    }

    /// Where an address may be, for somebody at `from`. An address that several other nodes have (bridges
    /// of container runtimes have the same everywhere) is nowhere.
    fn places(&self, address: &Address, from: &'a Place) -> Vec<&'a Place> {
        if address.is_loopback() {
            return vec![from];
        }
        let Some(places) = self.places.get(address) else { return Vec::new() };
        let near: Vec<&Place> = places.iter().copied().filter(|place| place.node == from.node).collect();
        if !near.is_empty() {
            return near;
        }
        let nodes: BTreeSet<&str> = places.iter().map(|place| &*place.node).collect();
        if nodes.len() == 1 { places.iter().copied().collect() } else { Vec::new() }
    }

    /// Who a client's link leads to.
    fn server(&self, link: &'a LinkKey) -> End<'a> {
        let places = self.places(&link.peer, &link.place);
        let at_port = self.servers.get(&(&link.peer, link.port)).into_iter().flatten().copied();
        let here: Vec<&LinkKey> = at_port.filter(|server| places.contains(&&server.place)).collect();
        let busiest = |from_client_only: bool| {
            let fitting = here.iter().filter(|server| !from_client_only || server.peer == link.local);
            fitting.max_by(|a, b| self.connections(a).total_cmp(&self.connections(b)).then(b.cmp(a))).copied()
        };
        if let Some(server) = busiest(true).or_else(|| busiest(false)) {
            return End::Owner(&server.owner);
        }
        let listening = self.listening.get(&link.port).into_iter().flatten();
        let mut fitting = listening.filter(|listener| {
            places.contains(&&listener.place) && (listener.address == link.peer || listener.address.is_any())
        });
        match fitting.next() {
            Some(listener) => End::Owner(&listener.owner),
            None => End::nameless(&link.peer, &link.place),
        }
    }

    /// Who the clients of a server's link are.
    fn clients(&self, link: &'a LinkKey) -> Vec<End<'a>> {
        let places = self.places(&link.peer, &link.place);
        let from_there = self.clients.get(&(&link.peer, &link.local, link.port)).into_iter().flatten();
        let owners: BTreeSet<&Labels> =
            from_there.filter(|client| places.contains(&&client.place)).map(|client| &client.owner).collect();
        if owners.is_empty() {
            return vec![End::nameless(&link.peer, &link.place)];
        }
        owners.into_iter().map(End::Owner).collect()
    }

    fn connections(&self, link: &LinkKey) -> f64 {
        let Some(traffic) = self.links.get(link) else { return 0.0 };
        traffic.connections.map_or(0.0, |tally| tally.total) + traffic.active.unwrap_or_default()
    }
}

impl<'a> End<'a> {
    fn nameless(address: &'a Address, place: &'a Place) -> End<'a> {
        End::Address { address, place: address.is_loopback().then_some(place) }
    }
}
