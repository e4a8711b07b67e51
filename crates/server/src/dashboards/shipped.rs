//! The dashboards of `dashboards/`, compiled in.

use std::sync::LazyLock;

use lanner_api::http::Dashboard;

/// Id and text of each, in the order in which they are listed.
const FILES: [(&str, &str); 5] = [
    ("host", include_str!("../../../../dashboards/host.json")),
    ("container", include_str!("../../../../dashboards/container.json")),
    ("process", include_str!("../../../../dashboards/process.json")),
    ("network", include_str!("../../../../dashboards/network.json")),
    ("agent", include_str!("../../../../dashboards/agent.json")),
];

/// The shipped dashboards. One that cannot be read is left out and logged; a test reads them all.
pub(super) fn shipped() -> &'static [Dashboard] {
    static SHIPPED: LazyLock<Vec<Dashboard>> = LazyLock::new(|| FILES.into_iter().filter_map(read).collect());
    &SHIPPED
}

fn read((id, text): (&str, &str)) -> Option<Dashboard> {
    match serde_json::from_str(text) {
        Ok(content) => Some(Dashboard {
            id: id.to_owned(),
            built_in: true,
            version: 0,
            changed_ms: None,
            changed_by: None,
            content,
        }),
        Err(error) => {
            tracing::error!(id, %error, "a shipped dashboard cannot be read");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use lanner_metrics::declaration_of;
    use lanner_metrics::promql::{Limits, Moments, Query, plan};
    use lanner_model::series::{METRIC_NAME, MatchOp};
    use lanner_model::time::WallMs;

    use super::*;
    use crate::dashboards::check::{problems, query_as_asked};

    #[test]
    fn every_file_of_the_folder_is_shipped_and_has_no_problem() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dashboards");
        let names: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("a file").path().file_stem().expect("a name").display().to_string())
            .collect();
        assert_eq!(names, FILES.iter().map(|(id, _)| (*id).to_owned()).collect());
        for (id, text) in FILES {
            let content = serde_json::from_str(text).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(problems(&content), [], "{id}");
        }
    }

    /// Names of metrics that a query asks for.
    fn metrics_of(promql: &str) -> Vec<String> {
        let query = Query::parse(promql).unwrap_or_else(|error| panic!("{promql}: {error}"));
        let plan = plan(&query, Moments::instant(WallMs(0)), &Limits::default()).expect("a plan");
        let name = |matchers: &[lanner_model::series::Matcher]| {
            let matcher = matchers.iter().find(|matcher| matcher.name == METRIC_NAME).expect("a name");
            assert_eq!(matcher.op, MatchOp::Equal, "{promql}");
            matcher.value.to_string()
        };
        plan.fetches.iter().map(|fetch| name(&fetch.matchers)).collect()
    }

    #[test]
    fn shipped_queries_ask_for_declared_metrics_only() {
        for dashboard in shipped() {
            for query in dashboard.content.panels.iter().flat_map(|panel| &panel.queries) {
                let asked = query_as_asked(&query.promql, &dashboard.content).expect("its places are known");
                for metric in metrics_of(&asked) {
                    assert!(declaration_of(&metric).is_some(), "{}: {metric} in {asked}", dashboard.id);
                }
            }
            for selector in &dashboard.content.selectors {
                assert!(declaration_of(&selector.metric).is_some(), "{}: {}", dashboard.id, selector.metric);
            }
        }
    }
}
