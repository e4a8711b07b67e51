//! Silences that are made, changed and ended.

use lanner_alert::{Op, Silence, SilenceMatcher};
use lanner_api::http::{Alert, SilenceSpec};
use lanner_model::time::WallMs;
use lanner_store::Kind;

use super::book::Kept;
use super::document::Commit;
use super::error::AlertingError;
use super::{id, view};
use crate::app::App;

const MAX_SILENCES: usize = 1_000;
const COMMENT_CHARS: usize = 500;
const WHAT: &str = "silence";

/// Makes a silence; gives its id.
pub(crate) async fn create_silence(
    app: &App,
    spec: &SilenceSpec,
    author: &str,
    now: WallMs,
) -> Result<String, AlertingError> {
    let silence = checked(id::random(), spec, author)?;
    let _turn = app.alerting.turn.lock().await;
    if app.alerting.book().silences.len() >= MAX_SILENCES {
        return Err(AlertingError::TooMany { what: "silences", most: MAX_SILENCES });
    }
    let id = silence.id.clone();
    keep(app, silence, (author, "silence_made"), now).await?;
    Ok(id)
}

/// Changes a silence.
pub(crate) async fn change_silence(
    app: &App,
    id: &str,
    spec: &SilenceSpec,
    author: &str,
    now: WallMs,
) -> Result<(), AlertingError> {
    let _turn = app.alerting.turn.lock().await;
    if !app.alerting.book().silences.contains_key(id) {
        return Err(AlertingError::Unknown { what: WHAT });
    }
    keep(app, checked(id.to_owned(), spec, author)?, (author, "silence_changed"), now).await
}

/// Ends a silence now.
pub(crate) async fn expire_silence(app: &App, id: &str, by: &str, now: WallMs) -> Result<(), AlertingError> {
    let _turn = app.alerting.turn.lock().await;
    let kept = app.alerting.book().silences.get(id).cloned();
    let mut silence = kept.ok_or(AlertingError::Unknown { what: WHAT })?.document;
    if silence.to <= now.0 {
        return Ok(());
    }
    silence.to = now.0;
    silence.from = silence.from.min(now.0);
    keep(app, silence, (by, "silence_ended"), now).await
}

/// The alerts that a silence would keep back now.
pub(crate) fn preview_silence(
    app: &App,
    spec: &SilenceSpec,
    now: WallMs,
) -> Result<Vec<Alert>, AlertingError> {
    let silence = checked(String::new(), spec, "")?;
    Ok(view::matching(&app.alerting.book(), &silence, now))
}

async fn keep(
    app: &App,
    silence: Silence,
    (by, action): (&str, &str),
    now: WallMs,
) -> Result<(), AlertingError> {
    let mut commit = Commit::default();
    commit.put(Kind::Silence, silence.id.clone(), &silence);
    commit.note(now, by, action, &conditions(&silence));
    commit.make(&*app.settings, now).await?;
    let mut book = app.alerting.book();
    let version = book.silences.get(&silence.id).map_or(1, |kept| kept.version + 1);
    book.silences.insert(silence.id.clone(), Kept { document: silence, version, changed: now });
    drop(book);
    // Who was kept back may have to be told now.
    app.alerting.wake.notify_one();
    Ok(())
}

/// What it silences, in the words of its conditions.
fn conditions(silence: &Silence) -> String {
    let words = silence.matchers.iter().map(|one| format!("{}{}{}", one.label, one.op.sign(), one.value));
    words.collect::<Vec<String>>().join(", ")
}

fn checked(id: String, spec: &SilenceSpec, author: &str) -> Result<Silence, AlertingError> {
    let matchers = spec.matchers.iter().map(|matcher| {
        let op =
            Op::parse(&matcher.op).ok_or(lanner_alert::MatchError::Label { label: matcher.label.clone() })?;
        Ok(SilenceMatcher { label: matcher.label.trim().to_owned(), op, value: matcher.value.clone() })
    });
    let silence = Silence {
        id,
        matchers: matchers.collect::<Result<_, AlertingError>>()?,
        from: spec.from_ms,
        to: spec.to_ms,
        comment: spec.comment.chars().take(COMMENT_CHARS).collect(),
        author: author.to_owned(),
    };
    silence.check()?;
    Ok(silence)
}
