//! Channels that are made, changed, deleted and tried.

use std::time::Instant;

use lanner_alert::{Channel, Delivery, Outcome, Target, test_message};
use lanner_api::http::{ChannelSpec, ChannelTest};
use lanner_model::time::WallMs;
use lanner_store::{ConfigError, Expected, Kind};

use super::book::Kept;
use super::document::Commit;
use super::error::AlertingError;
use super::http_client::{HttpClient, check_url};
use super::send::send;
use super::smtp::check_address;
use super::{id, spec as said};
use crate::app::App;

const MAX_CHANNELS: usize = 50;
const MAX_RECIPIENTS: usize = 50;
const MAX_TEXT_BYTES: usize = 1_024;
const NAME_CHARS: usize = 80;
const WHAT: &str = "channel";

/// Makes a channel; gives its id.
pub(crate) async fn create_channel(
    app: &App,
    spec: &ChannelSpec,
    by: &str,
    now: WallMs,
) -> Result<String, AlertingError> {
    let channel = checked(id::random(), spec, None)?;
    let _turn = app.alerting.turn.lock().await;
    if app.alerting.book().channels.len() >= MAX_CHANNELS {
        return Err(AlertingError::TooMany { what: "channels", most: MAX_CHANNELS });
    }
    let mut commit = Commit::default();
    commit.put_if(Kind::Channel, channel.id.clone(), &channel, Expected::Absent);
    commit.note(now, by, "channel_made", &channel.name);
    commit.make(&*app.settings, now).await?;
    let id = channel.id.clone();
    let kept = Kept { document: channel, version: 1, changed: now };
    app.alerting.book().channels.insert(id.clone(), kept);
    // What fires already is told to it.
    app.alerting.wake.notify_one();
    Ok(id)
}

/// Changes a channel.
pub(crate) async fn change_channel(
    app: &App,
    id: &str,
    spec: &ChannelSpec,
    version: Option<u64>,
    by: &str,
    now: WallMs,
) -> Result<(), AlertingError> {
    let _turn = app.alerting.turn.lock().await;
    let kept = app.alerting.book().channels.get(id).cloned();
    let kept = kept.ok_or(AlertingError::Unknown { what: WHAT })?;
    if version.is_some_and(|version| version != kept.version) {
        return Err(AlertingError::Changed { what: WHAT });
    }
    let channel = checked(id.to_owned(), spec, Some(&kept.document.target))?;
    let mut commit = Commit::default();
    commit.put_if(Kind::Channel, id, &channel, Expected::Version(kept.version));
    commit.note(now, by, "channel_changed", &channel.name);
    commit.make(&*app.settings, now).await.map_err(|error| match error {
        ConfigError::Conflict { .. } => AlertingError::Changed { what: WHAT },
        error => error.into(),
    })?;
    let kept = Kept { document: channel, version: kept.version + 1, changed: now };
    app.alerting.book().channels.insert(id.to_owned(), kept);
    app.alerting.wake.notify_one();
    app.alerting.outbox.notify_one();
    Ok(())
}

/// Deletes a channel. What waits for it is given up by the sender, with a line in the log.
pub(crate) async fn delete_channel(app: &App, id: &str, by: &str, now: WallMs) -> Result<(), AlertingError> {
    let _turn = app.alerting.turn.lock().await;
    let kept = app.alerting.book().channels.get(id).cloned();
    let kept = kept.ok_or(AlertingError::Unknown { what: WHAT })?;
    let mut commit = Commit::default();
    commit.delete(Kind::Channel, id);
    commit.note(now, by, "channel_deleted", &kept.document.name);
    commit.make(&*app.settings, now).await?;
    app.alerting.book().channels.remove(id);
    app.alerting.outbox.notify_one();
    Ok(())
}

/// Sends a test message and gives what the other side said.
pub(crate) async fn test_channel(app: &App, id: &str, now: WallMs) -> Result<ChannelTest, AlertingError> {
    let kept = app.alerting.book().channels.get(id).cloned();
    let channel = kept.ok_or(AlertingError::Unknown { what: WHAT })?.document;
    let base = app.alerting.base();
    let began = Instant::now();
    let sent = match HttpClient::new() {
        Ok(http) => send(&http, &channel, None, &base).await,
        Err(error) => Err(error),
    };
    let delivered = sent.is_ok();
    let answer = sent.unwrap_or_else(|error| error.answer);
    let delivery = Delivery {
        id: id::timed(now),
        made: now.0,
        tried: Some(now.0),
        channel: channel.id.clone(),
        channel_name: channel.name.clone(),
        title: test_message(&channel.name, channel.language, &base).title,
        outcome: if delivered { Outcome::Sent } else { Outcome::GivenUp },
        attempts: 1,
        answer: Some(answer.clone()),
    };
    let mut commit = Commit::default();
    commit.put(Kind::Delivery, delivery.id.clone(), &delivery);
    commit.make(&*app.settings, now).await?;
    let took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
    Ok(ChannelTest { delivered, answer, took_ms })
}

/// A channel that may be kept.
fn checked(id: String, spec: &ChannelSpec, before: Option<&Target>) -> Result<Channel, AlertingError> {
    let wrong = |problem: &str| AlertingError::Channel { problem: problem.to_owned() };
    let channel = said::channel_of(id, spec, before).map_err(wrong)?;
    if channel.name.is_empty() || channel.name.chars().count() > NAME_CHARS {
        return Err(wrong("the name is empty or longer than 80 characters"));
    }
    check_target(&channel.target).map_err(|problem| AlertingError::Channel { problem })?;
    Ok(channel)
}

fn check_target(target: &Target) -> Result<(), String> {
    match target {
        Target::Email { host, port, username, password, from, to, .. } => {
            let is_host = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
            if host.is_empty() || host.len() > 253 || !host.chars().all(is_host) {
                return Err("the mail server is no host name or address".to_owned());
            }
            if *port == 0 {
                return Err("0 is no port".to_owned());
            }
            let secret = password.as_ref().map_or("", |password| &password.0);
            if username.as_ref().is_some_and(|name| name.len() > MAX_TEXT_BYTES)
                || secret.len() > MAX_TEXT_BYTES
            {
                return Err(format!("user or password is longer than {MAX_TEXT_BYTES} bytes"));
            }
            if to.is_empty() || to.len() > MAX_RECIPIENTS {
                return Err(format!("a mail has 1 to {MAX_RECIPIENTS} recipients"));
            }
            check_address(from)?;
            to.iter().try_for_each(|to| check_address(to).map(drop))
        }
        Target::Slack { url } => check_url(&url.0).map(drop),
        Target::Pagerduty { routing_key, url } => {
            let key = &routing_key.0;
            if key.len() > 128 || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err("the routing key is letters and digits, 128 at most".to_owned());
            }
            url.as_deref().map_or(Ok(()), |url| check_url(url).map(drop))
        }
        Target::Webhook { url, secret } => {
            if secret.as_ref().is_some_and(|secret| secret.0.len() > MAX_TEXT_BYTES) {
                return Err(format!("the secret is longer than {MAX_TEXT_BYTES} bytes"));
            }
            check_url(url).map(drop)
        }
    }
}
