//! Random secrets and their hashes.

use sha2::{Digest as _, Sha256};

use super::error::AccessError;

/// Digits of what people copy: no two look alike.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

/// 256 random bits from the system, as 64 hexadecimal digits.
pub(super) fn random_key() -> Result<String, AccessError> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// A random text of `length` letters and digits, 5 bits each.
pub(super) fn random_text(length: usize) -> Result<String, AccessError> {
    let mut bytes = vec![0; length];
    fill(&mut bytes)?;
    Ok(bytes.into_iter().map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])).collect())
}

/// Random bytes from the system.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), AccessError> {
    getrandom::fill(bytes).map_err(|error| AccessError::NoRandomness(error.to_string()))
}

/// What is stored of a random secret. (A slow hash would be no safer: nobody guesses 256 bits.)
pub(super) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    let differs = a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    a.len() == b.len() && std::hint::black_box(differs) == 0
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_random_and_their_hash_is_sha_256() {
        let (a, b) = (random_key().expect("random"), random_key().expect("random"));
        assert!(a.len() == 64 && a != b);
        // FIPS 180-2, appendix B.1.
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn texts_that_differ_anywhere_are_not_the_same() {
        assert!(is_same("", "") && is_same("abc", "abc"));
        for other in ["", "ab", "abd", "bbc", "abcd"] {
            assert!(!is_same("abc", other), "{other}");
        }
    }

    #[test]
    fn text_for_people_has_its_length() {
        let text = random_text(20).expect("random");
        assert!(text.len() == 20 && text.bytes().all(|byte| ALPHABET.contains(&byte)));
    }
}
