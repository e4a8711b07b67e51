//! What an evaluation changes: states, history and messages, in one commit.

use std::collections::BTreeMap;

use lanner_alert::{
    Change, Channel, Delivery, Due, Instance, Message, Outcome, Rule, Silence, State, due, render,
};
use lanner_model::time::WallMs;
use lanner_store::Kind;

use super::book::Book;
use super::document::Commit;
use super::id;

/// Messages that may wait for one channel. A channel that is away for a day with more alerts than
/// that loses some; the delivery log says which.
const MAX_WAITING: usize = 1_000;
/// What changed only in its value is written so often.
const VALUES_WRITTEN_MS: i64 = 60_000;

/// The states of a rule after an evaluation, and what has to be kept of it.
pub(super) struct Outcomes {
    rule: String,
    instances: BTreeMap<String, Instance>,
    /// Messages by channel.
    waiting: BTreeMap<String, usize>,
    pub(super) has_messages: bool,
}

impl Outcomes {
    /// The ids of the states.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.instances.keys().map(String::as_str)
    }
}

/// Writes down what became of a rule's things: `instances` are they after the evaluation.
pub(super) fn write_down(
    book: &Book,
    rule: &Rule,
    mut instances: BTreeMap<String, Instance>,
    changes: &[Change],
    now: WallMs,
    commit: &mut Commit,
) -> Outcomes {
    let channels = book.channel_list();
    let told = tell(rule, &mut instances, &channels, &book.silence_list(), now);
    let before = book.instances.get(&rule.id);
    for (id, instance) in &instances {
        let known = before.and_then(|before| before.get(id));
        if known.is_none_or(|known| is_worth_writing(known, instance)) {
            commit.put(Kind::AlertState, id.clone(), instance);
        }
    }
    for id in before.iter().flat_map(|before| before.keys()).filter(|id| !instances.contains_key(*id)) {
        commit.delete(Kind::AlertState, id.clone());
    }
    for change in changes {
        commit.put(Kind::AlertHistory, id::timed(now), change);
    }
    let mut waiting = BTreeMap::new();
    for (channel, messages) in messages(rule, told, &channels, now) {
        for message in messages {
            let there = book.waiting.get(&channel.id).copied().unwrap_or(0);
            let count = waiting.entry(channel.id.clone()).or_insert(0);
            if there + *count < MAX_WAITING {
                commit.put(Kind::Outbox, message.id.clone(), &message);
                *count += 1;
            } else {
                commit.put(Kind::Delivery, message.id.clone(), &not_kept(&message, channel));
            }
        }
    }
    let has_messages = !waiting.is_empty();
    Outcomes { rule: rule.id.clone(), instances, waiting, has_messages }
}

/// Takes over what a commit has made durable.
pub(super) fn take_over(book: &mut Book, outcomes: Outcomes) {
    for (channel, count) in outcomes.waiting {
        *book.waiting.entry(channel).or_default() += count;
    }
    let known = book.instances.entry(outcomes.rule).or_default();
    *known = outcomes.instances;
}

fn tell(
    rule: &Rule,
    instances: &mut BTreeMap<String, Instance>,
    channels: &[Channel],
    silences: &[Silence],
    now: WallMs,
) -> Vec<Due> {
    let mut told = Vec::new();
    for instance in instances.values_mut() {
        let is_silenced = Silence::of(silences, rule, instance, now).is_some();
        told.extend(due(rule, instance, channels, is_silenced, now));
    }
    told
}

/// A value moves with every evaluation; the store need not.
fn is_worth_writing(known: &Instance, instance: &Instance) -> bool {
    let mut same = instance.clone();
    same.value = known.value;
    same.seen = known.seen;
    let is_due = instance.seen / VALUES_WRITTEN_MS != known.seen / VALUES_WRITTEN_MS;
    same != *known || (instance.state != State::Resolved && is_due)
}

/// One message for each channel, or one for each alert where the channel takes no more.
fn messages<'a>(
    rule: &Rule,
    told: Vec<Due>,
    channels: &'a [Channel],
    now: WallMs,
) -> Vec<(&'a Channel, Vec<Message>)> {
    let mut by_channel: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for due in told {
        by_channel.entry(due.channel).or_default().push(due.notice);
    }
    let mut all = Vec::new();
    for channel in channels {
        let Some(notices) = by_channel.remove(&channel.id) else { continue };
        let parts: Vec<Vec<_>> = if channel.target.takes_one_at_a_time() {
            notices.into_iter().map(|notice| vec![notice]).collect()
        } else {
            vec![notices]
        };
        let message = |notices| Message {
            id: id::timed(now),
            made: now.0,
            channel: channel.id.clone(),
            channel_name: channel.name.clone(),
            rule: rule.id.clone(),
            rule_name: rule.name.clone(),
            description: rule.description.clone(),
            notices,
            attempts: 0,
            tried: None,
            next: now.0,
            answer: None,
        };
        all.push((channel, parts.into_iter().map(message).collect()));
    }
    all
}

fn not_kept(message: &Message, channel: &Channel) -> Delivery {
    Delivery {
        id: message.id.clone(),
        made: message.made,
        tried: None,
        channel: message.channel.clone(),
        channel_name: message.channel_name.clone(),
        title: render(message, channel.language, "").title,
        outcome: Outcome::GivenUp,
        attempts: 0,
        answer: Some(format!("{MAX_WAITING} messages wait for this channel already")),
    }
}
