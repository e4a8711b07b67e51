//! Alerts: rules are evaluated here, states kept, messages written and sent.
//!
//! What happens to an alert and who is told is decided by [`lanner_alert`]; here is what asks the
//! stores, keeps the outcome and sends. The `book` has everything in memory as it stands in the
//! config store. An evaluation ends in ONE commit: the changed states, the history, and the messages
//! that have to be sent (the outbox). So a server that is killed at any moment either has neither
//! state nor message, and finds the change again, or has both, and `sender` sends the message after
//! the start. A message leaves the outbox in the commit that logs its delivery, after the other side
//! took it: it goes out at least once.
//!
//! Security events come as they are stored; after a start those of the last day are read again, and
//! what was taken in before is known by the states (see [`lanner_alert::take_events`]).

mod book;
mod change;
mod channels;
mod document;
mod error;
mod evaluator;
mod http_client;
mod id;
mod intake;
mod observe;
mod preview;
mod rules;
mod send;
mod send_error;
mod sender;
mod silences;
mod smtp;
mod spec;
mod view;

pub(crate) use book::Alerting;
pub(crate) use channels::{change_channel, create_channel, delete_channel, test_channel};
pub(crate) use error::AlertingError;
pub(crate) use evaluator::evaluate_always;
pub(crate) use preview::preview;
pub(crate) use rules::{change_rule, create_rule, delete_rule};
pub(crate) use sender::send_always;
pub(crate) use silences::{change_silence, create_silence, expire_silence, preview_silence};
pub(crate) use view::{alerts, channels, deliveries, history, rule, rules, silences};
