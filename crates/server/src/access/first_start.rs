//! The first admin.

use lanner_api::http::{OneTimePassword, Role};
use lanner_model::time::WallMs;
use lanner_store::Kind;

use super::accounts::Accounts;
use super::audit;
use super::error::AccessError;
use super::password::Password;
use super::record::UserRecord;

/// The name of the first admin.
const ADMIN: &str = "admin";
/// Who is said to have done what the server does by itself.
const SERVER: &str = "server";

/// What a start is told about the first admin.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirstStart {
    /// The password to give it; without one, a one-time password is made.
    pub(crate) admin_password: Option<String>,
    /// Whether it gets a new one-time password although there is one.
    pub(crate) reset_admin: bool,
}

impl Accounts {
    /// Sees to it that there is somebody who can sign in; gives the one-time password that it made
    /// for that.
    pub(crate) async fn see_to_an_admin(
        &self,
        start: FirstStart,
        now: WallMs,
    ) -> Result<Option<OneTimePassword>, AccessError> {
        let there_are_users = !self.all::<UserRecord>(Kind::User).await?.is_empty();
        if there_are_users && !start.reset_admin {
            return Ok(None);
        }
        if self.user(ADMIN).await?.is_some() {
            return self.reset_password(SERVER, ADMIN, now).await.map(Some);
        }
        let (password, one_time) = match start.admin_password {
            Some(chosen) => (Password::chosen(chosen)?, false),
            None => (Password::one_time()?, true),
        };
        let made = self.new_user(ADMIN, Role::Admin, &password, one_time, now).await?;
        self.settings.commit(now, &[made, audit::entry(now, SERVER, "user_made", ADMIN)]).await?;
        let shown = OneTimePassword { user: ADMIN.to_owned(), password: password.reveal().to_owned() };
        Ok(Some(shown).filter(|_| one_time))
    }
}
