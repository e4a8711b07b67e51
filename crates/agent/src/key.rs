//! The key by which a server knows its agents.

use anyhow::Context as _;
use tonic::metadata::{Ascii, MetadataValue};

/// The key by which a server on another machine knows its agents. It is never printed.
#[derive(Clone, Debug)]
pub struct AgentKey(MetadataValue<Ascii>);

impl AgentKey {
    /// The key in a text, such as that of the file `agent-key` in the server's data folder.
    ///
    /// # Errors
    /// When no key looks like that.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let key = text.trim();
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        anyhow::ensure!(is_key, "this is no agent key: it is one word, made by the server (data/agent-key)");
        let mut value: MetadataValue<Ascii> =
            format!("Bearer {key}").parse().context("put the key into a request")?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// As it is sent.
    pub(crate) fn authorization(&self) -> MetadataValue<Ascii> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_word_and_is_not_printed() {
        let key = AgentKey::parse(" lna_0123abcd\n").expect("a key");
        assert_eq!(key.authorization().to_str().expect("ASCII"), "Bearer lna_0123abcd");
        assert!(!format!("{key:?}").contains("0123"));
        for bad in ["", " \n", "two words", "a\nb", "ü"] {
            assert!(AgentKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
