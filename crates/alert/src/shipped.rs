//! The rules that are there from the first start: `alerts/*.json` at the root of the repository.

use serde::Deserialize;

use super::rule::Rule;

const FORMAT: &str = "lanner-alerts/1";
const FILES: [(&str, &str); 4] = [
    ("agent.json", include_str!("../../../alerts/agent.json")),
    ("container.json", include_str!("../../../alerts/container.json")),
    ("host.json", include_str!("../../../alerts/host.json")),
    ("security.json", include_str!("../../../alerts/security.json")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    rules: Vec<Rule>,
}

/// The shipped rules, by id. A file that cannot be read gives none; a test reads them all.
#[must_use]
pub fn shipped() -> Vec<Rule> {
    let mut rules: Vec<Rule> = FILES.iter().filter_map(|(_, text)| read(text).ok()).flatten().collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

fn read(text: &str) -> Result<Vec<Rule>, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if file.format == FORMAT { Ok(file.rules) } else { Err(format!("the format is {}", file.format)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_is_read() {
        for (name, text) in FILES {
            let rules = read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            for rule in &rules {
                assert_eq!(rule.check(), Ok(()), "{name}: {}", rule.id);
                assert_eq!(super::super::rule::slug(&rule.id), rule.id);
                assert!(rule.enabled && !rule.description.is_empty(), "{name}: {}", rule.id);
            }
        }
    }
}
