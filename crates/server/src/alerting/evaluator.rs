//! Evaluates the rules, again and again.

use std::sync::Arc;
use std::time::Instant;

use lanner_alert::{Condition, Evaluation, Observed, evaluate, switch_off, take_events};
use lanner_model::finding::Finding;
use lanner_model::time::WallMs;
use lanner_store::{ConfigError, Kind};
use tokio::time::MissedTickBehavior;

use super::book::KeptRule;
use super::change::{take_over, write_down};
use super::document::{Commit, trim};
use super::error::AlertingError;
use super::intake::{Batch, Intake};
use super::observe;
use crate::app::App;
use crate::clock;
use crate::ending::Ending;
use crate::error_chain::chain;

/// Security events that come within so long are taken in together.
const GATHER: std::time::Duration = std::time::Duration::from_millis(300);
/// Changes of states that are kept, the newest.
const HISTORY_KEPT: usize = 10_000;
/// Deliveries that are kept, the newest.
const DELIVERIES_KEPT: usize = 2_000;
/// How often what is over is deleted.
const TRIM_MS: i64 = 600_000;
/// Silences stay for so long after their end.
pub(super) const SILENCE_KEPT_MS: i64 = 5 * 86_400_000;

/// Evaluates until the server ends.
pub(crate) async fn evaluate_always(app: Arc<App>, mut ending: Ending) {
    let mut intake = Intake::new(&app);
    let mut interval = tokio::time::interval(app.config.alert_interval);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut trimmed = WallMs(0);
    loop {
        let is_only_events = tokio::select! {
            _ = interval.tick() => false,
            () = app.alerting.wake.notified() => false,
            () = intake.arrived() => true,
            () = ending.announced() => return,
        };
        if is_only_events {
            tokio::time::sleep(GATHER).await;
        }
        let now = clock::now();
        events(&app, &mut intake, now).await;
        if is_only_events {
            continue;
        }
        all(&app, now).await;
        if now.0 - trimmed.0 >= TRIM_MS {
            trimmed = now;
            if let Err(error) = tidy_up(&app, now).await {
                tracing::error!(error = %chain(&error), "old alert documents could not be deleted");
            }
        }
    }
}

/// Takes security events in for all rules, in one commit.
async fn events(app: &App, intake: &mut Intake, now: WallMs) {
    let batch = match intake.batch(app, now).await {
        Ok(batch) => batch,
        Err(error) => {
            tracing::error!(error = %chain(&error), "security events could not be read for alerts");
            return;
        }
    };
    if let Err(error) = take_in(app, &batch, now).await {
        tracing::error!(error = %chain(&error), "alerts of security events could not be kept; they are tried again");
        intake.keep(batch);
    }
}

async fn take_in(app: &App, batch: &Batch, now: WallMs) -> Result<(), ConfigError> {
    let alerting = &app.alerting;
    let _turn = alerting.turn.lock().await;
    let mut commit = Commit::default();
    let mut done = Vec::new();
    {
        let book = alerting.book();
        for kept in book.rules_on().iter().filter(|kept| kept.is_of_events()) {
            // What happened before a rule was made is none of its business.
            let made = kept.stored.map_or(WallMs(0), |(_, changed)| changed);
            let is_after = |finding: &&Finding| !batch.is_again || finding.time.millis() >= made;
            let findings: Vec<&Finding> = batch.findings.iter().map(|one| &**one).filter(is_after).collect();
            let mut instances = book.instances_of(&kept.rule.id);
            let evaluation = take_events(&kept.rule, &mut instances, &findings, batch.is_again, now);
            let outcomes = write_down(&book, &kept.rule, instances, &evaluation.changes, now, &mut commit);
            done.push((kept.rule.id.clone(), outcomes, evaluation.over_limit));
        }
    }
    commit.make(&*app.settings, now).await?;
    let mut book = alerting.book();
    for (rule, outcomes, over_limit) in done {
        if outcomes.has_messages {
            alerting.outbox.notify_one();
        }
        take_over(&mut book, outcomes);
        let watched = book.instances.get(&rule).map_or(0, std::collections::BTreeMap::len);
        let health = book.health.entry(rule).or_default();
        health.evaluated = Some(now);
        health.watched = watched;
        health.over_limit = over_limit;
    }
    Ok(())
}

/// Evaluates all rules that look at values and agents.
async fn all(app: &App, now: WallMs) {
    let rules = app.alerting.book().rules_on();
    for kept in rules.iter().filter(|kept| !kept.is_of_events()) {
        let began = Instant::now();
        let observed = observe(app, kept, now).await;
        let outcome = match observed {
            Ok(observed) => {
                let watched = observed.len();
                apply(app, kept, &observed, now)
                    .await
                    .map(|over_limit| (watched, over_limit))
                    .map_err(Into::into)
            }
            Err(error) => Err(error),
        };
        note_health(app, kept, outcome, began, now);
    }
    app.alerting.book().evaluated = Some(now);
}

async fn observe(app: &App, kept: &KeptRule, now: WallMs) -> Result<Vec<Observed>, AlertingError> {
    match &kept.rule.condition {
        Condition::Metric(metric) => observe::values(app, metric, now).await,
        Condition::AgentDown(down) => Ok(observe::agents(&app.registry.agents(), down, app.started(), now)),
        Condition::SecurityEvent(_) => Ok(Vec::new()),
    }
}

/// Moves a rule's states on and makes that durable; gives how many things were left out.
async fn apply(app: &App, kept: &KeptRule, observed: &[Observed], now: WallMs) -> Result<usize, ConfigError> {
    let rule = &kept.rule;
    let alerting = &app.alerting;
    let _turn = alerting.turn.lock().await;
    let mut commit = Commit::default();
    let (outcomes, over_limit) = {
        let book = alerting.book();
        if book.rules.get(&rule.id).is_none_or(|current| current.rule != *rule) {
            return Ok(0); // It was changed while the stores were asked.
        }
        let mut instances = book.instances_of(&rule.id);
        let done = evaluate(rule, &mut instances, observed, now);
        (write_down(&book, rule, instances, &done.changes, now, &mut commit), done.over_limit)
    };
    commit.make(&*app.settings, now).await?;
    let has_messages = outcomes.has_messages;
    take_over(&mut alerting.book(), outcomes);
    // Only now: who is woken looks in the book whether anything waits.
    if has_messages {
        alerting.outbox.notify_one();
    }
    Ok(over_limit)
}

fn note_health(
    app: &App,
    kept: &KeptRule,
    outcome: Result<(usize, usize), AlertingError>,
    began: Instant,
    now: WallMs,
) {
    let mut book = app.alerting.book();
    let health = book.health.entry(kept.rule.id.clone()).or_default();
    health.evaluated = Some(now);
    health.took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
    match outcome {
        Ok((watched, over_limit)) => {
            health.error = None;
            health.watched = watched;
            health.over_limit = over_limit;
        }
        Err(error) => {
            let text = chain(&error);
            if health.error.as_ref() != Some(&text) {
                tracing::warn!(rule = %kept.rule.id, error = %text, "an alert rule could not be evaluated");
            }
            health.error = Some(text);
        }
    }
}

/// Ends what a rule watched, with everything that follows; the caller holds the turn and makes the commit.
pub(super) fn end_rule(
    book: &super::book::Book,
    rule: &lanner_alert::Rule,
    now: WallMs,
    commit: &mut Commit,
) -> super::change::Outcomes {
    let mut instances = book.instances_of(&rule.id);
    let Evaluation { changes, .. } = switch_off(rule, &mut instances, now);
    write_down(book, rule, instances, &changes, now, commit)
}

/// Deletes what is over.
async fn tidy_up(app: &App, now: WallMs) -> Result<(), ConfigError> {
    trim(&*app.settings, Kind::AlertHistory, HISTORY_KEPT, now).await?;
    trim(&*app.settings, Kind::Delivery, DELIVERIES_KEPT, now).await?;
    let _turn = app.alerting.turn.lock().await;
    let over: Vec<String> = {
        let book = app.alerting.book();
        let silences = book.silences.iter();
        let over = silences.filter(|(_, kept)| now.0 - kept.document.to > SILENCE_KEPT_MS);
        over.map(|(id, _)| id.clone()).collect()
    };
    let mut commit = Commit::default();
    over.iter().for_each(|id| commit.delete(Kind::Silence, id.clone()));
    commit.make(&*app.settings, now).await?;
    app.alerting.book().silences.retain(|id, _| !over.contains(id));
    Ok(())
}
