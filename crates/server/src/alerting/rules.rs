//! Rules that are made, changed and deleted.

use lanner_alert::{Condition, MAX_RULES, Rule, slug};
use lanner_api::http::AlertRuleSpec;
use lanner_model::time::WallMs;
use lanner_store::{ConfigError, Expected, Kind};

use super::book::{Alerting, KeptRule};
use super::change::take_over;
use super::document::Commit;
use super::error::AlertingError;
use super::evaluator::end_rule;
use super::{id, observe, spec as said};
use crate::app::App;

const WHAT: &str = "rule";
/// Words that stand for something else in the place of a rule's id.
const RESERVED: [&str; 2] = ["new", "preview"];

/// Makes a rule; gives its id.
pub(crate) async fn create_rule(
    app: &App,
    spec: &AlertRuleSpec,
    by: &str,
    now: WallMs,
) -> Result<String, AlertingError> {
    let _turn = app.alerting.turn.lock().await;
    let rule = {
        let book = app.alerting.book();
        if book.rules.len() >= MAX_RULES {
            return Err(AlertingError::TooMany { what: "rules", most: MAX_RULES });
        }
        let mut id = slug(&spec.name);
        if book.rules.contains_key(&id) || RESERVED.contains(&id.as_str()) {
            id = format!("{id}-{}", id::random());
        }
        checked(said::rule_of(id, spec))?
    };
    let mut commit = Commit::default();
    commit.put_if(Kind::AlertRule, rule.id.clone(), &rule, Expected::Absent);
    commit.note(now, by, "rule_made", &rule.name);
    commit.make(&*app.settings, now).await?;
    let id = rule.id.clone();
    app.alerting
        .book()
        .rules
        .insert(id.clone(), KeptRule { rule, is_shipped: false, stored: Some((1, now)) });
    app.alerting.wake.notify_one();
    Ok(id)
}

/// Changes a rule. A shipped one gets a changed copy; `version` 0 is the one as shipped.
pub(crate) async fn change_rule(
    app: &App,
    id: &str,
    spec: &AlertRuleSpec,
    version: Option<u64>,
    by: &str,
    now: WallMs,
) -> Result<(), AlertingError> {
    let _turn = app.alerting.turn.lock().await;
    let mut commit = Commit::default();
    let (rule, ended, is_shipped, next) = {
        let book = app.alerting.book();
        let kept = book.rules.get(id).ok_or(AlertingError::Unknown { what: WHAT })?;
        let there = kept.stored.map_or(0, |(version, _)| version);
        if version.is_some_and(|version| version != there) {
            return Err(AlertingError::Changed { what: WHAT });
        }
        let rule = checked(said::rule_of(id.to_owned(), spec))?;
        let ends = kept.rule.enabled && (!rule.enabled || !rule.watches_the_same(&kept.rule));
        let ended = ends.then(|| end_rule(&book, &kept.rule, now, &mut commit));
        let expected = if there == 0 { Expected::Absent } else { Expected::Version(there) };
        commit.put_if(Kind::AlertRule, id, &rule, expected);
        let action = match (kept.rule.enabled, rule.enabled) {
            (true, false) => "rule_switched_off",
            (false, true) => "rule_switched_on",
            _ => "rule_changed",
        };
        commit.note(now, by, action, &rule.name);
        (rule, ended, kept.is_shipped, there + 1)
    };
    commit.make(&*app.settings, now).await.map_err(changed)?;
    let mut book = app.alerting.book();
    if let Some(ended) = ended {
        take_over(&mut book, ended);
    }
    book.health.remove(id);
    book.rules.insert(id.to_owned(), KeptRule { rule, is_shipped, stored: Some((next, now)) });
    drop(book);
    wake(&app.alerting);
    Ok(())
}

/// Deletes a rule, or takes back what was changed of a shipped one. Its alerts end.
pub(crate) async fn delete_rule(app: &App, id: &str, by: &str, now: WallMs) -> Result<(), AlertingError> {
    let _turn = app.alerting.turn.lock().await;
    let shipped = lanner_alert::shipped().into_iter().find(|rule| rule.id == id);
    let mut commit = Commit::default();
    let ended = {
        let book = app.alerting.book();
        let kept = book.rules.get(id).ok_or(AlertingError::Unknown { what: WHAT })?;
        if kept.stored.is_none() {
            return Ok(()); // It is as shipped.
        }
        let ended = end_rule(&book, &kept.rule, now, &mut commit);
        ended.ids().for_each(|id| commit.delete(Kind::AlertState, id));
        commit.delete(Kind::AlertRule, id);
        commit.note(now, by, if kept.is_shipped { "rule_reset" } else { "rule_deleted" }, &kept.rule.name);
        ended
    };
    commit.make(&*app.settings, now).await?;
    let mut book = app.alerting.book();
    take_over(&mut book, ended);
    book.instances.remove(id);
    book.health.remove(id);
    book.rules.remove(id);
    if let Some(rule) = shipped {
        book.rules.insert(id.to_owned(), KeptRule { rule, is_shipped: true, stored: None });
    }
    drop(book);
    wake(&app.alerting);
    Ok(())
}

/// A rule that may be kept.
pub(super) fn checked(rule: Rule) -> Result<Rule, AlertingError> {
    rule.check()?;
    if let Condition::Metric(metric) = &rule.condition {
        observe::query(metric)?;
    }
    Ok(rule)
}

fn wake(alerting: &Alerting) {
    alerting.wake.notify_one();
    alerting.outbox.notify_one();
}

fn changed(error: ConfigError) -> AlertingError {
    match error {
        ConfigError::Conflict { .. } => AlertingError::Changed { what: WHAT },
        error => error.into(),
    }
}
