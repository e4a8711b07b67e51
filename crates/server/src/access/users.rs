//! Who may sign in.

use lanner_api::http::{OneTimePassword, Role, User};
use lanner_model::time::WallMs;
use lanner_store::{Change, Expected, Kind};

use super::accounts::{Accounts, Kept};
use super::audit;
use super::caller::Caller;
use super::error::AccessError;
use super::password::Password;
use super::record::{self, TokenRecord, UserRecord};

/// Users that may be.
const MAX_USERS: usize = 1_000;
const MAX_NAME: usize = 64;

impl Accounts {
    /// All users, by name.
    pub(crate) async fn users(&self) -> Result<Vec<User>, AccessError> {
        let users = self.all::<UserRecord>(Kind::User).await?;
        Ok(users.iter().map(|(name, user)| user.record.describe(name)).collect())
    }

    /// Makes a user; gives the password for the first sign-in.
    pub(crate) async fn make_user(
        &self,
        by: &Caller,
        name: &str,
        role: Role,
        now: WallMs,
    ) -> Result<OneTimePassword, AccessError> {
        check_name(name)?;
        let _changing = self.changing_users.lock().await;
        if self.user(name).await?.is_some() {
            return Err(AccessError::UserExists);
        }
        if self.all::<UserRecord>(Kind::User).await?.len() >= MAX_USERS {
            return Err(AccessError::TooMany("users"));
        }
        let password = Password::one_time()?;
        let made = self.new_user(name, role, &password, true, now).await?;
        self.settings.commit(now, &[made, audit::entry(now, &by.name, "user_made", name)]).await?;
        Ok(OneTimePassword { user: name.to_owned(), password: password.reveal().to_owned() })
    }

    /// Changes what a user may do. Tokens that they made and that may do more are revoked.
    pub(crate) async fn change_role(
        &self,
        by: &Caller,
        name: &str,
        role: Role,
        now: WallMs,
    ) -> Result<User, AccessError> {
        let _changing = self.changing_users.lock().await;
        let user = self.user(name).await?.ok_or(AccessError::NoUser)?;
        if role != Role::Admin {
            self.check_another_admin(name).await?;
        }
        let expected = user.expected();
        let user = UserRecord { role, ..user.record };
        let mut changes = self.revoke_tokens_of(name, |token| token.role > role).await?;
        changes.push(record::put(Kind::User, name, expected, &user)?);
        changes.push(audit::entry(now, &by.name, &format!("role_{}", word(role)), name));
        self.settings.commit(now, &changes).await?;
        Ok(user.describe(name))
    }

    /// Deletes a user, with the sessions they have and the tokens they made.
    pub(crate) async fn delete_user(&self, by: &Caller, name: &str, now: WallMs) -> Result<(), AccessError> {
        let _changing = self.changing_users.lock().await;
        self.user(name).await?.ok_or(AccessError::NoUser)?;
        self.check_another_admin(name).await?;
        let mut changes = self.end_sessions_of(name).await?;
        changes.append(&mut self.revoke_tokens_of(name, |_| true).await?);
        changes.push(record::delete(Kind::User, name));
        changes.push(audit::entry(now, &by.name, "user_deleted", name));
        self.settings.commit(now, &changes).await?;
        Ok(())
    }

    /// Gives a user a new one-time password and ends their sessions.
    pub(crate) async fn reset_password(
        &self,
        by: &str,
        name: &str,
        now: WallMs,
    ) -> Result<OneTimePassword, AccessError> {
        let _changing = self.changing_users.lock().await;
        let user = self.user(name).await?.ok_or(AccessError::NoUser)?;
        let one_time = Password::one_time()?;
        let password = self.hasher.hash(&one_time).await?;
        let expected = user.expected();
        let user = UserRecord { password, one_time: true, ..user.record };
        let mut changes = self.end_sessions_of(name).await?;
        changes.push(record::put(Kind::User, name, expected, &user)?);
        changes.push(audit::entry(now, by, "password_reset", name));
        self.settings.commit(now, &changes).await?;
        Ok(OneTimePassword { user: name.to_owned(), password: one_time.reveal().to_owned() })
    }

    /// Changes that revoke tokens that a user made.
    async fn revoke_tokens_of(
        &self,
        name: &str,
        is_meant: impl Fn(&TokenRecord) -> bool,
    ) -> Result<Vec<Change>, AccessError> {
        let tokens = self.all::<TokenRecord>(Kind::Token).await?;
        let meant =
            tokens.iter().filter(|(_, token)| token.record.created_by == name && is_meant(&token.record));
        Ok(meant.map(|(id, _)| record::delete(Kind::Token, id)).collect())
    }

    /// The change that makes a user.
    pub(super) async fn new_user(
        &self,
        name: &str,
        role: Role,
        password: &Password,
        one_time: bool,
        now: WallMs,
    ) -> Result<Change, AccessError> {
        let user = UserRecord {
            role,
            password: self.hasher.hash(password).await?,
            one_time,
            created_ms: now.0,
            last_sign_in_ms: None,
        };
        record::put(Kind::User, name, Expected::Absent, &user)
    }

    /// Whether an admin is left when this user is none.
    async fn check_another_admin(&self, name: &str) -> Result<(), AccessError> {
        let users = self.all::<UserRecord>(Kind::User).await?;
        let is_admin = |(_, user): &&(String, Kept<UserRecord>)| user.record.role == Role::Admin;
        let mut admins = users.iter().filter(is_admin).map(|(name, _)| name.as_str());
        let is_one = admins.clone().any(|admin| admin == name);
        match is_one && admins.all(|admin| admin == name) {
            true => Err(AccessError::LastAdmin),
            false => Ok(()),
        }
    }
}

fn check_name(name: &str) -> Result<(), AccessError> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if begins && name.len() <= MAX_NAME && name.chars().all(is_plain) {
        return Ok(());
    }
    Err(AccessError::BadName(
        "a name has 1 to 64 of: lower-case letters, digits, `.`, `-`, `_`, `@`; it begins with a letter or digit",
    ))
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Responder => "responder",
        Role::Editor => "editor",
        Role::Admin => "admin",
    }
}
