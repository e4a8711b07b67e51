//! Signing in: sessions, users, API tokens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May look at everything but the content of captures.
    Viewer,
    /// May take and open captures, too.
    Responder,
    /// May change dashboards, alert rules and silences, too.
    Editor,
    /// May change users, tokens and channels, too.
    Admin,
}

/// How a person signs in.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The name.
    pub user: String,
    /// The password, or the one-time password that the server's first start printed.
    pub password: String,
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The user's name, or the token's.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether a person signed in or a program uses a token.
    pub by: SignedInBy,
    /// Whether the password was a one-time one: nothing but setting a new one is answered until then.
    pub must_set_password: bool,
    /// When this sign-in ends without being used further.
    pub expires_ms: Option<i64>,
}

/// What a page asks first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Greeting {
    /// Who is asking; `null`: nobody who signed in.
    pub me: Option<Me>,
}

/// By what somebody is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignedInBy {
    /// A session: a person with a browser.
    Session,
    /// A token: a program.
    Token,
}

/// A new password of one's own.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    pub current: String,
    /// The new one, 12 to 256 bytes.
    pub new: String,
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When the user was made.
    pub created_ms: i64,
    /// When they last signed in.
    pub last_sign_in_ms: Option<i64>,
    /// Whether they have not set a password of their own yet.
    pub must_set_password: bool,
}

/// A user to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// 1 to 64 of: lower-case letters, digits, `.`, `-`, `_`, `@`; begins with a letter or digit.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// A change to a user.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// What they may do from now on.
    pub role: Role,
}

/// A password that is shown once, to be handed over.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct OneTimePassword {
    /// Whose it is.
    pub user: String,
    /// Works until a password of one's own is set.
    pub password: String,
}

/// A program's key to this API. The key itself is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Short and random.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_ms: i64,
    /// When it ends; `null`: when it is revoked.
    pub expires_ms: Option<i64>,
    /// When it was last used, to within a minute.
    pub last_used_ms: Option<i64>,
}

/// A token to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for, 1 to 64 characters.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Days until it ends, 1 to 3650; `null` or absent: it ends when it is revoked.
    #[serde(default)]
    pub expires_in_days: Option<u32>,
}

/// A token with its key.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct MadeToken {
    /// What is known of it from now on.
    pub token: Token,
    /// Sent as `Authorization: Bearer KEY`. It is not kept and cannot be shown again.
    pub key: String,
}

/// Something somebody did that has to do with who may do what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// When.
    pub time_ms: i64,
    /// Who: a user's or token's name as it was given.
    pub actor: String,
    /// What: `sign_in`, `sign_in_refused`, `sign_out`, `password_set`, `user_made` ...
    pub action: String,
    /// On what or whom.
    pub subject: String,
}
