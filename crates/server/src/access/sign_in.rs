//! Signing in and out, and who a session belongs to.

use std::fmt;
use std::sync::PoisonError;

use lanner_api::http::SignedInBy;
use lanner_model::time::WallMs;
use lanner_store::{Change, ConfigError, Expected, Kind};

use super::accounts::{Accounts, Kept};
use super::audit;
use super::caller::Caller;
use super::error::AccessError;
use super::password::Password;
use super::record::{self, SessionRecord, UserRecord};
use super::secret;

const DAY_MS: i64 = 24 * 3_600_000;
/// A session that is not used so long is over.
const IDLE_MS: i64 = 7 * DAY_MS;
/// A session is over so long after signing in, used or not.
const LONGEST_MS: i64 = 30 * DAY_MS;
/// That a session is used is written down so often.
const USED_EVERY_MS: i64 = 10 * 60_000;
/// Sessions of one user; the one that was used longest ago makes room.
const SESSIONS_PER_USER: usize = 20;

/// What a browser keeps to be known again. It is never printed.
#[derive(Clone)]
pub(crate) struct SessionKey(String);

impl SessionKey {
    /// What a browser sent.
    pub(crate) fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, for the cookie.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    fn id(&self) -> String {
        secret::hash(&self.0)
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

/// Somebody who signed in.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) caller: Caller,
    pub(crate) key: SessionKey,
}

impl Accounts {
    /// Looks at name and password, and begins a session.
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: &Password,
        now: WallMs,
    ) -> Result<SignedIn, AccessError> {
        self.take_try(name, now)?;
        let user = self.user(name).await?;
        let kept = user.as_ref().map(|user| user.record.password.clone());
        if !self.hasher.is_right(password, kept).await? {
            self.refused(name, now).await?;
            return Err(AccessError::WrongPassword);
        }
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner).give_back(name);
        let user = user.ok_or(AccessError::WrongPassword)?;
        let signed_in = self.begin(name, user, now).await?;
        tracing::info!(user = name, "signed in");
        Ok(signed_in)
    }

    /// Ends a session.
    pub(crate) async fn sign_out(
        &self,
        caller: &Caller,
        key: &SessionKey,
        now: WallMs,
    ) -> Result<(), AccessError> {
        let ends = record::delete(Kind::Session, &key.id());
        self.settings.commit(now, &[ends, audit::entry(now, &caller.name, "sign_out", &caller.name)]).await?;
        Ok(())
    }

    /// Who a session belongs to; `None`: it is none, or over.
    pub(crate) async fn caller_of_session(
        &self,
        key: &SessionKey,
        now: WallMs,
    ) -> Result<Option<Caller>, AccessError> {
        let id = key.id();
        let Some(session) = self.get::<SessionRecord>(Kind::Session, &id).await? else { return Ok(None) };
        if is_over(&session.record, now) {
            return Ok(None);
        }
        let Some(user) = self.user(&session.record.user).await? else { return Ok(None) };
        if now.0 - session.record.used_ms > USED_EVERY_MS {
            let expected = session.expected();
            let used = SessionRecord { used_ms: now.0, ..session.record.clone() };
            let used = self.settings.commit(now, &[record::put(Kind::Session, &id, expected, &used)?]).await;
            or_somebody_else_did(used)?;
        }
        Ok(Some(caller(&session.record.user, &user.record, &session.record)))
    }

    /// Sets one's own password. All sessions of the user end, and one begins.
    pub(crate) async fn set_own_password(
        &self,
        name: &str,
        current: &Password,
        new: &Password,
        now: WallMs,
    ) -> Result<SignedIn, AccessError> {
        self.take_try(name, now)?;
        let user = self.user(name).await?.ok_or(AccessError::NoUser)?;
        if !self.hasher.is_right(current, Some(user.record.password.clone())).await? {
            return Err(AccessError::WrongPassword);
        }
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner).give_back(name);
        if current.reveal() == new.reveal() {
            return Err(AccessError::BadPassword("the new password is the present one".to_owned()));
        }
        let password = self.hasher.hash(new).await?;
        let expected = user.expected();
        let user = UserRecord { password, one_time: false, ..user.record };
        let mut changes = self.end_sessions_of(name).await?;
        changes.push(record::put(Kind::User, name, expected, &user)?);
        changes.push(audit::entry(now, name, "password_set", name));
        self.settings.commit(now, &changes).await?;
        let user = self.user(name).await?.ok_or(AccessError::NoUser)?;
        self.begin(name, user, now).await
    }

    /// Takes away sessions that are over.
    pub(crate) async fn maintain(&self, now: WallMs) -> Result<(), AccessError> {
        let sessions = self.all::<SessionRecord>(Kind::Session).await?;
        let over = sessions.iter().filter(|(_, session)| is_over(&session.record, now));
        let changes: Vec<Change> = over.map(|(id, _)| record::delete(Kind::Session, id)).collect();
        if !changes.is_empty() {
            self.settings.commit(now, &changes).await?;
        }
        self.trim_audit(now).await
    }

    /// Changes that end all sessions of a user.
    pub(super) async fn end_sessions_of(&self, name: &str) -> Result<Vec<Change>, AccessError> {
        let sessions = self.all::<SessionRecord>(Kind::Session).await?;
        let of_user = sessions.into_iter().filter(|(_, session)| session.record.user == name);
        Ok(of_user.map(|(id, _)| record::delete(Kind::Session, &id)).collect())
    }

    /// Writes down that somebody was not let in.
    async fn refused(&self, name: &str, now: WallMs) -> Result<(), AccessError> {
        let start: String = name.chars().take(audit::MAX_NAME).collect();
        tracing::warn!(user = %start.escape_debug(), "a sign-in was refused");
        let is_written_down =
            self.throttle.lock().unwrap_or_else(PoisonError::into_inner).is_written_down(now);
        if is_written_down {
            self.settings.commit(now, &[audit::entry(now, name, "sign_in_refused", name)]).await?;
        }
        Ok(())
    }

    fn take_try(&self, name: &str, now: WallMs) -> Result<(), AccessError> {
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.take(name, now).map_err(|wait_s| AccessError::TooManyAttempts { wait_s })
    }

    async fn begin(&self, name: &str, user: Kept<UserRecord>, now: WallMs) -> Result<SignedIn, AccessError> {
        let key = SessionKey(secret::random_key()?);
        let session = SessionRecord { user: name.to_owned(), created_ms: now.0, used_ms: now.0 };
        let mut changes = self.make_room_for_session(name).await?;
        let expected = user.expected();
        let user = UserRecord { last_sign_in_ms: Some(now.0), ..user.record };
        changes.push(record::put(Kind::User, name, expected, &user)?);
        changes.push(record::put(Kind::Session, &key.id(), Expected::Absent, &session)?);
        changes.push(audit::entry(now, name, "sign_in", name));
        self.settings.commit(now, &changes).await?;
        Ok(SignedIn { caller: caller(name, &user, &session), key })
    }

    async fn make_room_for_session(&self, name: &str) -> Result<Vec<Change>, AccessError> {
        let mut sessions = self.all::<SessionRecord>(Kind::Session).await?;
        sessions.retain(|(_, session)| session.record.user == name);
        sessions.sort_by_key(|(_, session)| session.record.used_ms);
        let beyond = (sessions.len() + 1).saturating_sub(SESSIONS_PER_USER);
        Ok(sessions.iter().take(beyond).map(|(id, _)| record::delete(Kind::Session, id)).collect())
    }
}

fn caller(name: &str, user: &UserRecord, session: &SessionRecord) -> Caller {
    Caller {
        name: name.to_owned(),
        role: user.role,
        by: SignedInBy::Session,
        must_set_password: user.one_time,
        expires_ms: Some((session.used_ms + IDLE_MS).min(session.created_ms + LONGEST_MS)),
    }
}

fn is_over(session: &SessionRecord, now: WallMs) -> bool {
    now.0 - session.used_ms > IDLE_MS || now.0 - session.created_ms > LONGEST_MS
}

/// Two requests at once both want to write down that a session or token is used; one is enough.
pub(super) fn or_somebody_else_did(written: Result<(), ConfigError>) -> Result<(), ConfigError> {
    match written {
        Err(ConfigError::Conflict { .. }) => Ok(()),
        written => written,
    }
}
