//! Which names a blob may have: they become names of files.

use super::store::BlobError;

const MOST_BYTES: usize = 200;
/// What stands behind the name of a part.
pub(super) const PART: &str = ".part";

pub(super) fn check(name: &str) -> Result<(), BlobError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_name = !name.is_empty()
        && name.len() <= MOST_BYTES
        && !name.starts_with('.')
        && !name.ends_with(PART)
        && name.chars().all(is_plain);
    if is_name { Ok(()) } else { Err(BlobError::Name { name: name.chars().take(64).collect() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_no_other_folder_and_hides_nothing() {
        for name in ["a", "0186-node_1.scap", "A..b"] {
            assert!(check(name).is_ok(), "{name}");
        }
        let long = "a".repeat(201);
        for name in ["", ".", "..", ".a", "a/b", "../a", "a\\b", "a\0", "ä", "a b", "a.part", &long] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
