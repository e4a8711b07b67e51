//! `openapi.json` is what the code says. `UPDATE_EXPECT=1` writes it anew.

#[test]
fn openapi_json_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let now = lanner_api::openapi_json();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &now).expect("openapi.json is written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == now, "openapi.json is stale: run the test again with UPDATE_EXPECT=1");
}

/// Generated clients name their functions by it.
#[test]
fn every_operation_has_a_name_of_its_own() {
    let document: serde_json::Value = serde_json::from_str(&lanner_api::openapi_json()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().filter_map(serde_json::Value::as_object).flat_map(|path| path.values());
    let mut names: Vec<&str> = operations.filter_map(|one| one["operationId"].as_str()).collect();
    names.sort_unstable();
    let twice: Vec<&[&str]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
