//! What a config store keeps: small JSON documents by kind and id.

use lanner_model::time::WallMs;

/// What a document is about; documents of different kinds know nothing of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody who signs in. Id: the name.
    User,
    /// A browser that is signed in. Id: the hash of its secret.
    Session,
    /// A program's key to the HTTP API. Id: short and random; its secret only as a hash in the body.
    Token,
    /// An agent that was seen. Id: the agent's.
    Agent,
    /// A dashboard that somebody made. Id: short and random.
    Dashboard,
    /// An alert rule. Id: its name as a slug.
    AlertRule,
    /// The state of one thing an alert rule watches. Id: rule and hash of the labels.
    AlertState,
    /// A change of such a state. Id: time and number, so that order is the order of time.
    AlertHistory,
    /// A silence. Id: short and random.
    Silence,
    /// Where alerts are sent. Id: short and random.
    Channel,
    /// A message that has to be sent. Id: time and number.
    Outbox,
    /// A message that was sent or given up. Id: time and number.
    Delivery,
    /// A capture: who asked, of what, how far it is. Id: the capture's.
    Capture,
    /// Who changed or opened what. Id: time and number.
    Audit,
    /// A value that exists once. Id: its name.
    Setting,
}

impl Kind {
    /// The word that stands in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Session => "session",
            Kind::Token => "token",
            Kind::Agent => "agent",
            Kind::Dashboard => "dashboard",
            Kind::AlertRule => "alert_rule",
            Kind::AlertState => "alert_state",
            Kind::AlertHistory => "alert_history",
            Kind::Silence => "silence",
            Kind::Channel => "channel",
            Kind::Outbox => "outbox",
            Kind::Delivery => "delivery",
            Kind::Capture => "capture",
            Kind::Audit => "audit",
            Kind::Setting => "setting",
        }
    }
}

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is about.
    pub kind: Kind,
    /// Its name within its kind.
    pub id: String,
    /// 1 when it is made, one more with every change.
    pub version: u64,
    /// When it was last changed.
    pub changed: WallMs,
    /// JSON text.
    pub body: String,
}

/// One step of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Makes or replaces a document.
    Put {
        /// What it is about.
        kind: Kind,
        /// Its name.
        id: String,
        /// What must stand there.
        expected: Expected,
        /// JSON text.
        body: String,
    },
    /// Takes a document away; one that is not there is no harm with [`Expected::Any`].
    Delete {
        /// What it is about.
        kind: Kind,
        /// Its name.
        id: String,
        /// What must stand there.
        expected: Expected,
    },
}

/// What must stand in the place of a change, or the whole commit is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever there is.
    Any,
    /// Nothing.
    Absent,
    /// The document of this version.
    Version(u64),
}

/// Which documents of a kind are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Of which kind.
    pub kind: Kind,
    /// Only ids that begin so.
    pub prefix: String,
    /// Only ids behind this one, in the order asked for.
    pub after: Option<String>,
    /// By id.
    pub order: Order,
    /// At most so many.
    pub limit: usize,
}

impl Listing {
    /// All of a kind, by id.
    #[must_use]
    pub fn all(kind: Kind) -> Self {
        Self { kind, prefix: String::new(), after: None, order: Order::Ascending, limit: usize::MAX }
    }
}

/// Order of ids, compared byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The smallest first.
    Ascending,
    /// The largest first: of ids that begin with a time, the newest.
    Descending,
}
