//! Who asks.

use lanner_api::http::{Role, SignedInBy};

/// Who asks: a person that signed in, or a program with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The user's name, or `token:` and the token's: as it stands in what they change.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
    /// Whether it is a person or a program.
    pub(crate) by: SignedInBy,
    /// Whether a password of their own is to be set before anything else.
    pub(crate) must_set_password: bool,
    /// When this sign-in ends if it is not used further.
    pub(crate) expires_ms: Option<i64>,
}
