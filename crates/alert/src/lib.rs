//! Alert rules, the states of what they watch, silences and messages.
//!
//! A [`Rule`] watches things: one per set of labels. Whoever evaluates it says what was seen
//! ([`Observed`]) and when; [`evaluate`] moves the [`Instance`]s of the rule on and gives the
//! [`Change`]s. [`due`] then says which channel has to be told what, with silences, severities and
//! repetition in mind, and [`render`] puts it into words. Nothing here sends, stores or reads a clock.
//!
//! The documents ([`Rule`], [`Instance`], [`Change`], [`Silence`], [`Channel`], [`Message`],
//! [`Delivery`]) are what a server stores as JSON; `docs/formats/alerts.md` describes them and a
//! golden file pins them.
//!
//! ```
//! use std::collections::BTreeMap;
//! use lanner_alert::{Condition, Observed, State, evaluate, labels, shipped};
//! use lanner_model::time::WallMs;
//!
//! let rule = shipped().into_iter().find(|rule| rule.id == "host-cpu").unwrap();
//! let Condition::Metric(metric) = &rule.condition else { panic!() };
//! let seen = [metric.observe(labels([("node", "node-1")]), 97.0)];
//!
//! let mut instances = BTreeMap::new();
//! let first = evaluate(&rule, &mut instances, &seen, WallMs(0));
//! assert!(first.changes.is_empty());
//! let later = evaluate(&rule, &mut instances, &seen, WallMs(300_000));
//! assert_eq!(later.changes[0].to, State::Firing);
//! ```
#![forbid(unsafe_code)]

mod channel;
mod condition;
mod delivery;
mod due;
mod evaluate;
mod instance;
mod message;
mod outline;
mod payload;
mod quantity;
mod replay;
mod rule;
mod severity_word;
mod shipped;
mod silence;
mod utc;

pub use channel::{Channel, Language, Secret, SmtpSecurity, Target};
pub use condition::{AgentDown, Comparison, Condition, Metric, SecurityEvents, Unit};
pub use delivery::{Delivery, Message, Notice, Outcome, Status, backoff_ms};
pub use due::{Due, due};
pub use evaluate::{Evaluation, MAX_INSTANCES, evaluate, switch_off, take_events};
pub use instance::{Change, EventNote, Instance, Labels, Observed, Reason, State, Told, instance_id, labels};
pub use message::{Rendered, render, test_message};
pub use payload::{pagerduty, slack, webhook};
pub use quantity::quantity;
pub use replay::{Firing, Replay};
pub use rule::{MAX_RULES, Rule, RuleError, slug};
pub use shipped::shipped;
pub use silence::{MatchError, Op, Silence, SilenceMatcher, SilencePhase};
pub use utc::utc;
