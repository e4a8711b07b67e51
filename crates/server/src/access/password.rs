//! Passwords: what may be one, and how they are kept.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::error::AccessError;
use super::secret;

/// Fewer bytes are guessed too easily; more only cost time.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=256;
/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 30 ms.
const MEMORY_KIB: u32 = 19 << 10;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Passwords that are looked at at a time: 19 MiB and a CPU each.
const AT_A_TIME: usize = 2;
/// Groups of a one-time password, four letters of 5 bits each: 100 bits.
const GROUPS: usize = 5;

/// A password as somebody typed it. It is never printed.
#[derive(Clone)]
pub(crate) struct Password(String);

impl Password {
    /// One that somebody chose.
    pub(crate) fn chosen(text: String) -> Result<Self, AccessError> {
        let refused = |what: &str| Err(AccessError::BadPassword(what.to_owned()));
        if text.len() < *LENGTH.start() {
            return refused("a password has at least 12 characters");
        }
        if text.len() > *LENGTH.end() {
            return refused("a password has at most 256 bytes");
        }
        let first = text.chars().next();
        if text.chars().all(|c| Some(c) == first) {
            return refused("a password is more than one character, repeated");
        }
        Ok(Self(text))
    }

    /// One that somebody says is theirs.
    pub(crate) fn typed(text: String) -> Self {
        Self(text)
    }

    /// A random one, to be used until another is chosen.
    pub(crate) fn one_time() -> Result<Self, AccessError> {
        let groups = (0..GROUPS).map(|_| secret::random_text(4)).collect::<Result<Vec<String>, _>>()?;
        Ok(Self(groups.join("-")))
    }

    /// The text, to be shown once.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// Hashes and compares, a few at a time, off the async threads.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    places: Arc<Semaphore>,
    /// A hash of nothing anybody knows: what is compared when there is no such user, so that the
    /// answer takes as long.
    nobody: Arc<str>,
}

impl Hasher {
    pub(super) fn new() -> Result<Self, AccessError> {
        let nobody = hash(&Password(secret::random_key()?))?;
        Ok(Self { places: Arc::new(Semaphore::new(AT_A_TIME)), nobody: nobody.into() })
    }

    /// What is kept of a password: a PHC string.
    pub(super) async fn hash(&self, password: &Password) -> Result<String, AccessError> {
        let password = password.clone();
        self.work(move || hash(&password)).await?
    }

    /// Whether a password is the one that is kept; never, when none is.
    pub(super) async fn is_right(
        &self,
        password: &Password,
        kept: Option<String>,
    ) -> Result<bool, AccessError> {
        if password.0.len() > *LENGTH.end() {
            return Ok(false);
        }
        let (password, nobody) = (password.clone(), Arc::clone(&self.nobody));
        self.work(move || {
            let hash = kept.as_deref().unwrap_or(&nobody);
            let is_same = Argon2::default().verify_password(password.0.as_bytes(), hash).is_ok();
            is_same && kept.is_some()
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccessError> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|error| AccessError::Hashing(error.into()))?;
        let worked = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(place);
            result
        });
        worked.await.map_err(|error| AccessError::Hashing(error.into()))
    }
}

fn hash(password: &Password) -> Result<String, AccessError> {
    let mut salt = [0; 16];
    secret::fill(&mut salt)?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|error| AccessError::Hashing(error.to_string().into()))?;
    let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(password.0.as_bytes(), &salt);
    let hashed = hashed.map_err(|error| AccessError::Hashing(error.to_string().into()))?;
    Ok(hashed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_short_too_long_and_too_plain_passwords_are_refused() {
        for (text, expected) in [
            ("short", Err("a password has at least 12 characters".to_owned())),
            (&"ab".repeat(129), Err("a password has at most 256 bytes".to_owned())),
            ("aaaaaaaaaaaaa", Err("a password is more than one character, repeated".to_owned())),
            ("correct horse", Ok(())),
            ("パスワード", Ok(())),
        ] {
            let chosen = Password::chosen(text.to_owned()).map(drop).map_err(|error| error.to_string());
            assert_eq!(chosen, expected, "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_salted_and_has_its_parameters() {
        let hasher = Hasher::new().expect("a hasher");
        let password = Password::typed("correct horse".to_owned());
        let kept = hasher.hash(&password).await.expect("hashed");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, hasher.hash(&password).await.expect("hashed"));
        assert!(hasher.is_right(&password, Some(kept.clone())).await.expect("compared"));
        let wrong = Password::typed("correct horsf".to_owned());
        assert!(!hasher.is_right(&wrong, Some(kept)).await.expect("compared"));
        assert!(!hasher.is_right(&password, None).await.expect("compared"));
        assert!(!hasher.is_right(&password, Some("no hash".to_owned())).await.expect("compared"));
    }

    #[test]
    fn a_password_is_not_printed() {
        let one_time = Password::one_time().expect("random");
        assert_eq!(one_time.reveal().len(), 24);
        assert_eq!(format!("{one_time:?}"), "Password(..)");
    }
}
