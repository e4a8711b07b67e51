//! Which crate imports which: as `deps.toml` allows, no other way.

use super::house::House;

pub(super) fn check(house: &House) -> Vec<String> {
    let mut problems = Vec::new();
    for found in &house.crates {
        let manifest = format!("crates/{}/Cargo.toml", found.name);
        let Some(allowed) = house.allowed.get(&found.name) else {
            problems.push(format!(
                "{manifest}: deps.toml does not name this crate: add it with what it may import"
            ));
            continue;
        };
        let dependencies = found.manifest.get("dependencies").and_then(toml::Value::as_table);
        for name in dependencies.into_iter().flat_map(toml::Table::keys) {
            let Some(name) = name.strip_prefix("lanner-") else { continue };
            if !allowed.iter().any(|allowed| allowed == name) {
                problems.push(format!("{manifest}: imports `{name}`, which deps.toml does not allow"));
            }
        }
    }
    for (name, allowed) in &house.allowed {
        for other in allowed {
            if house.allowed.get(other).is_some_and(|back| back.contains(name)) {
                problems.push(format!("deps.toml: `{name}` and `{other}` may import each other"));
            }
        }
    }
    problems
}
