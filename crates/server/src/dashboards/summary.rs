//! A dashboard as a list shows it.

use lanner_api::http::{Dashboard, DashboardContent, DashboardSummary};

pub(super) fn summary(dashboard: &Dashboard) -> DashboardSummary {
    let content = &dashboard.content;
    DashboardSummary {
        id: dashboard.id.clone(),
        title: content.title.clone(),
        description: content.description.clone(),
        built_in: dashboard.built_in,
        panels: u32::try_from(content.panels.len()).unwrap_or(u32::MAX),
        scope: scope_labels(content),
        changed_ms: dashboard.changed_ms,
        changed_by: dashboard.changed_by.clone(),
    }
}

/// Scope labels of all selectors, each once, in the order of the selectors.
fn scope_labels(content: &DashboardContent) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in content.selectors.iter().flat_map(|selector| &selector.labels) {
        if !labels.contains(&label.scope) {
            labels.push(label.scope.clone());
        }
    }
    labels
}
