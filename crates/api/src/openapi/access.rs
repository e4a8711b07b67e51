//! Paths: signing in: sessions, users, API tokens.

use utoipa::OpenApi;

use crate::http::{
    AuditEntry, ErrorBody, Greeting, MadeToken, Me, NewToken, NewUser, OneTimePassword, PasswordChange,
    SignIn, Token, User, UserChange,
};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(
    greeting,
    sign_in,
    sign_out,
    me,
    set_password,
    users,
    make_user,
    change_user,
    delete_user,
    reset_password,
    tokens,
    make_token,
    revoke_token,
    audit
))]
pub(super) struct Access;

/// Whether somebody is signed in; answered to everybody, so that a page can ask without being refused.
#[utoipa::path(get, path = "/api/v1/login", responses(
    (status = 200, body = Greeting, description = "who is asking"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn greeting() {}

/// Signs a person in: sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/login", request_body = SignIn, responses(
    (status = 200, body = Me, description = "signed in"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn sign_in() {}

/// Ends the session that asks.
#[utoipa::path(post, path = "/api/v1/logout", responses(
    (status = 204, description = "signed out"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn sign_out() {}

/// Who is asking.
#[utoipa::path(get, path = "/api/v1/me", responses(
    (status = 200, body = Me, description = "who is asking"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn me() {}

/// Sets one's own password; all other sessions of the user end.
#[utoipa::path(post, path = "/api/v1/me/password", request_body = PasswordChange, responses(
    (status = 200, body = Me, description = "the password is set"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn set_password() {}

/// Who may sign in, by name.
#[utoipa::path(get, path = "/api/v1/users", responses(
    (status = 200, body = Vec<User>, description = "the users"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn users() {}

/// Makes a user; the answer has the password for the first sign-in.
#[utoipa::path(post, path = "/api/v1/users", request_body = NewUser, responses(
    (status = 201, body = OneTimePassword, description = "the user is there"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn make_user() {}

/// Changes what a user may do; holds from the user's next request on.
#[utoipa::path(put, path = "/api/v1/users/{name}", params(
    ("name" = String, Path, description = "the user's name"),
), request_body = UserChange, responses(
    (status = 200, body = User, description = "the user as they are now"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn change_user() {}

/// Deletes a user and their sessions.
#[utoipa::path(delete, path = "/api/v1/users/{name}", params(
    ("name" = String, Path, description = "the user's name"),
), responses(
    (status = 204, description = "the user is gone"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn delete_user() {}

/// Gives a user a new one-time password and ends their sessions.
#[utoipa::path(post, path = "/api/v1/users/{name}/password", params(
    ("name" = String, Path, description = "the user's name"),
), responses(
    (status = 200, body = OneTimePassword, description = "the password for the next sign-in"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn reset_password() {}

/// Programs' keys, the newest first.
#[utoipa::path(get, path = "/api/v1/tokens", responses(
    (status = 200, body = Vec<Token>, description = "the tokens"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn tokens() {}

/// Makes a token; only this answer has its key.
#[utoipa::path(post, path = "/api/v1/tokens", request_body = NewToken, responses(
    (status = 201, body = MadeToken, description = "the token is there"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn make_token() {}

/// Revokes a token.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", params(
    ("id" = String, Path, description = "the token's id"),
), responses(
    (status = 204, description = "the token is gone"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn revoke_token() {}

/// The last 200 things that had to do with who may do what, the newest first.
#[utoipa::path(get, path = "/api/v1/audit", responses(
    (status = 200, body = Vec<AuditEntry>, description = "what was done"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn audit() {}
