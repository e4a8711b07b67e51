//! Everything about alerts, in memory as it stands in the config store.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lanner_alert::{Channel, Condition, Instance, Message, Rule, Silence, shipped};
use lanner_model::time::WallMs;
use lanner_store::{ConfigError, ConfigStore, Kind};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::document::{Commit, read_all};

/// The setting that says since when security events make alerts.
const EVENTS_SINCE: &str = "alerts_events_since";

/// Rules, states, silences and channels, and who waits for what.
#[derive(Debug, Default)]
pub(crate) struct Alerting {
    book: Mutex<Book>,
    /// Held by who changes the book, from reading it until the commit is made: one after the other.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// There is something to send.
    pub(super) outbox: Notify,
    /// Something was changed by somebody: evaluate now.
    pub(super) wake: Notify,
    /// Where people find the server, `http://127.0.0.1:7070/`.
    base: Mutex<String>,
}

/// The book itself.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) rules: BTreeMap<String, KeptRule>,
    /// By rule, then by id.
    pub(super) instances: BTreeMap<String, BTreeMap<String, Instance>>,
    pub(super) silences: BTreeMap<String, Kept<Silence>>,
    pub(super) channels: BTreeMap<String, Kept<Channel>>,
    pub(super) health: BTreeMap<String, Health>,
    /// Messages in the outbox, by channel.
    pub(super) waiting: BTreeMap<String, usize>,
    /// When all rules were evaluated last.
    pub(super) evaluated: Option<WallMs>,
    /// Since when security events make alerts.
    pub(super) events_since: WallMs,
}

/// A document and its place in the store.
#[derive(Clone, Debug)]
pub(super) struct Kept<T> {
    pub(super) document: T,
    pub(super) version: u64,
    pub(super) changed: WallMs,
}

/// A rule and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct KeptRule {
    pub(super) rule: Rule,
    pub(super) is_shipped: bool,
    /// Where it was made or changed here: its place in the store.
    pub(super) stored: Option<(u64, WallMs)>,
}

/// How the last evaluation of a rule went.
#[derive(Clone, Debug, Default)]
pub(super) struct Health {
    pub(super) evaluated: Option<WallMs>,
    pub(super) took_ms: u32,
    pub(super) error: Option<String>,
    pub(super) watched: usize,
    pub(super) over_limit: usize,
}

#[derive(Serialize, Deserialize)]
struct EventsSince {
    ms: i64,
}

impl Alerting {
    /// Reads everything that is kept. `base` is where people find the server.
    pub(crate) async fn load(
        &self,
        store: &dyn ConfigStore,
        base: String,
        now: WallMs,
    ) -> Result<(), ConfigError> {
        let mut book = Book::default();
        for rule in shipped() {
            book.rules.insert(rule.id.clone(), KeptRule { rule, is_shipped: true, stored: None });
        }
        for (place, mut rule) in read_all::<Rule>(store, Kind::AlertRule).await? {
            rule.id.clone_from(&place.id);
            let is_shipped = book.rules.contains_key(&place.id);
            let stored = Some((place.version, place.changed));
            book.rules.insert(place.id, KeptRule { rule, is_shipped, stored });
        }
        for (_, instance) in read_all::<Instance>(store, Kind::AlertState).await? {
            let of_rule = book.instances.entry(instance.rule.clone()).or_default();
            of_rule.insert(instance.id.clone(), instance);
        }
        for (place, document) in read_all::<Silence>(store, Kind::Silence).await? {
            let Kept { version, changed, .. } = place_of(&place);
            book.silences.insert(place.id, Kept { document, version, changed });
        }
        for (place, document) in read_all::<Channel>(store, Kind::Channel).await? {
            let Kept { version, changed, .. } = place_of(&place);
            book.channels.insert(place.id, Kept { document, version, changed });
        }
        for (_, message) in read_all::<Message>(store, Kind::Outbox).await? {
            *book.waiting.entry(message.channel).or_default() += 1;
        }
        let since = store.get(Kind::Setting, EVENTS_SINCE).await?;
        let since = since.and_then(|document| serde_json::from_str::<EventsSince>(&document.body).ok());
        book.events_since = WallMs(since.as_ref().map_or(now.0, |since| since.ms));
        if since.is_none() {
            let mut commit = Commit::default();
            commit.put(Kind::Setting, EVENTS_SINCE, &EventsSince { ms: now.0 });
            commit.make(store, now).await?;
        }
        *self.book() = book;
        *self.base.lock().unwrap_or_else(PoisonError::into_inner) = base;
        Ok(())
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where people find the server.
    pub(super) fn base(&self) -> String {
        self.base.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Book {
    /// The rules that are on, in order of their ids.
    pub(super) fn rules_on(&self) -> Vec<KeptRule> {
        self.rules.values().filter(|kept| kept.rule.enabled).cloned().collect()
    }

    pub(super) fn channel_list(&self) -> Vec<Channel> {
        self.channels.values().map(|kept| kept.document.clone()).collect()
    }

    pub(super) fn silence_list(&self) -> Vec<Silence> {
        self.silences.values().map(|kept| kept.document.clone()).collect()
    }

    pub(super) fn instances_of(&self, rule: &str) -> BTreeMap<String, Instance> {
        self.instances.get(rule).cloned().unwrap_or_default()
    }
}

impl KeptRule {
    pub(super) fn is_of_events(&self) -> bool {
        matches!(self.rule.condition, Condition::SecurityEvent(_))
    }
}

fn place_of(document: &lanner_store::Document) -> Kept<()> {
    Kept { document: (), version: document.version, changed: document.changed }
}
