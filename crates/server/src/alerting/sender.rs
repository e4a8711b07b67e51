//! Sends what is in the outbox, again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use lanner_alert::{Channel, Delivery, Message, Outcome, backoff_ms, render};
use lanner_model::time::WallMs;
use lanner_store::{ConfigError, Kind};
use tokio::task::JoinSet;

use super::document::{Commit, read_all};
use super::http_client::HttpClient;
use super::send::send;
use super::send_error::SendError;
use crate::app::App;
use crate::clock;
use crate::ending::Ending;
use crate::error_chain::chain;

/// A message is given up after so long.
const GIVEN_UP_MS: i64 = 24 * 3_600_000;
/// Tries of one channel that may fail before the rest of its messages wait, too.
const FAILURES_AT_ONCE: usize = 3;
/// How often the outbox is looked at when nothing was said of it.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What is being sent when the server ends has so long.
const LAST_TIME: Duration = Duration::from_secs(3);

/// Sends until the server ends. Each channel has its messages one after the other, a rule's in their
/// order; channels do not wait for one another.
pub(crate) async fn send_always(app: Arc<App>, mut ending: Ending) {
    let http = loop {
        match HttpClient::new() {
            Ok(http) => break http,
            Err(error) => tracing::error!(error = %error.answer, "alerts cannot be sent; it is tried again"),
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(60)) => {}
            () = ending.announced() => return,
        }
    };
    let mut rounds: JoinSet<String> = JoinSet::new();
    let mut busy = BTreeSet::new();
    loop {
        match waiting(&app).await {
            Ok(waiting) => {
                for (channel, messages) in waiting {
                    if busy.insert(channel.clone()) {
                        rounds.spawn(round(Arc::clone(&app), http.clone(), channel, messages));
                    }
                }
            }
            Err(error) => tracing::error!(error = %chain(&error), "the outbox cannot be read"),
        }
        tokio::select! {
            Some(done) = rounds.join_next() => match done {
                Ok(channel) => drop(busy.remove(&channel)),
                Err(_) => busy.clear(),
            },
            () = app.alerting.outbox.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = ending.announced() => break,
        }
    }
    // What is cut off here stays in the outbox.
    let _ = tokio::time::timeout(LAST_TIME, async { while rounds.join_next().await.is_some() {} }).await;
}

/// The messages that are due, by channel, the oldest first.
async fn waiting(app: &App) -> Result<BTreeMap<String, Vec<Message>>, ConfigError> {
    let is_empty = app.alerting.book().waiting.values().all(|count| *count == 0);
    if is_empty {
        return Ok(BTreeMap::new());
    }
    let now = clock::now();
    let messages = read_all::<Message>(&*app.settings, Kind::Outbox).await?;
    let book = app.alerting.book();
    let mut due: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    let mut held: BTreeSet<(String, String)> = BTreeSet::new();
    for (_, message) in messages {
        // A change of the channel is a reason to try at once.
        let changed = book.channels.get(&message.channel).map(|kept| kept.changed.0);
        let is_changed = changed.is_none_or(|changed| message.tried.is_some_and(|tried| tried < changed));
        let of_rule = (message.channel.clone(), message.rule.clone());
        if held.contains(&of_rule) {
            continue;
        }
        if message.next <= now.0 || is_changed {
            due.entry(message.channel.clone()).or_default().push(message);
        } else {
            held.insert(of_rule);
        }
    }
    Ok(due)
}

/// Sends what is due for one channel; gives its id back.
async fn round(app: Arc<App>, http: HttpClient, channel: String, messages: Vec<Message>) -> String {
    let mut failed_rules = BTreeSet::new();
    for message in messages {
        // A rule's end must not be told before its beginning.
        if failed_rules.contains(&message.rule) || failed_rules.len() >= FAILURES_AT_ONCE {
            continue;
        }
        let rule = message.rule.clone();
        match one(&app, &http, message).await {
            Ok(true) => {}
            Ok(false) => drop(failed_rules.insert(rule)),
            Err(error) => {
                tracing::error!(error = %chain(&error), "what became of an alert message could not be kept");
                failed_rules.insert(rule);
            }
        }
    }
    channel
}

/// Sends one message and writes down what became of it; gives whether it is done.
async fn one(app: &App, http: &HttpClient, mut message: Message) -> Result<bool, ConfigError> {
    let kept = app.alerting.book().channels.get(&message.channel).map(|kept| kept.document.clone());
    let base = app.alerting.base();
    let sent = match &kept {
        None => Err(SendError::refused("the channel was deleted")),
        Some(channel) if !channel.enabled => Err(SendError::refused("the channel was switched off")),
        Some(channel) => send(http, channel, Some(&message), &base).await,
    };
    let now = clock::now();
    message.attempts += 1;
    message.tried = Some(now.0);
    match sent {
        Ok(answer) => {
            app.own_metrics.alerts_sent.add(1);
            finish(app, kept.as_ref(), message, Outcome::Sent, answer, now).await?;
            Ok(true)
        }
        Err(error) if !error.may_work_later || now.0 - message.made >= GIVEN_UP_MS => {
            app.own_metrics.alerts_given_up.add(1);
            tracing::warn!(channel = %message.channel_name, answer = %error.answer, "an alert message is given up");
            finish(app, kept.as_ref(), message, Outcome::GivenUp, error.answer, now).await?;
            Ok(true)
        }
        Err(error) => {
            app.own_metrics.alerts_not_sent.add(1);
            if message.attempts == 1 {
                tracing::warn!(channel = %message.channel_name, answer = %error.answer, "an alert message is not taken; it is tried again");
            }
            let asked = i64::from(error.retry_after_s.unwrap_or(0).min(3_600)) * 1_000;
            message.next = now.0 + backoff_ms(message.attempts).max(asked);
            message.answer = Some(error.answer);
            let mut commit = Commit::default();
            commit.put(Kind::Outbox, message.id.clone(), &message);
            commit.make(&*app.settings, now).await?;
            Ok(false)
        }
    }
}

/// Out of the outbox and into the log, at once.
async fn finish(
    app: &App,
    channel: Option<&Channel>,
    message: Message,
    outcome: Outcome,
    answer: String,
    now: WallMs,
) -> Result<(), ConfigError> {
    let language = channel.map_or(lanner_alert::Language::En, |channel| channel.language);
    let delivery = Delivery {
        id: message.id.clone(),
        made: message.made,
        tried: message.tried,
        title: render(&message, language, "").title,
        channel: message.channel.clone(),
        channel_name: message.channel_name,
        outcome,
        attempts: message.attempts,
        answer: Some(answer),
    };
    let mut commit = Commit::default();
    commit.delete(Kind::Outbox, message.id.clone());
    commit.put(Kind::Delivery, message.id, &delivery);
    commit.make(&*app.settings, now).await?;
    let mut book = app.alerting.book();
    if let Some(count) = book.waiting.get_mut(&message.channel) {
        *count = count.saturating_sub(1);
    }
    Ok(())
}
