//! Dashboards from making to deleting, and what is refused.

use lanner_api::http::{
    ChangedDashboard, DashboardContent, NewDashboard, PanelHeat, PanelThreshold, PanelUnit, ScopeLabel,
};
use lanner_model::time::WallMs;
use lanner_store::{Change, ConfigStore, Expected, Kind, Listing, MemoryConfig};

use super::check::problems;
use super::error::DashboardError;
use super::own::{change, create, dashboard, delete, list};
use super::shipped::shipped;

const NOW: WallMs = WallMs(1_795_400_000_000);
const LATER: WallMs = WallMs(1_795_400_060_000);

fn content() -> DashboardContent {
    serde_json::from_str(
        r#"{
            "title": "Shop",
            "selectors": [
                { "name": "thing", "metric": "up", "labels": [{ "scope": "node", "label": "node" }] }
            ],
            "panels": [
                { "title": "CPU", "kind": "line", "unit": "cores", "width": 6, "height": 3,
                  "queries": [{ "promql": "sum(rate(cpu_seconds_total{$thing}[$window]))" }] }
            ]
        }"#,
    )
    .expect("a content")
}

fn new(content: DashboardContent) -> NewDashboard {
    NewDashboard { content: Some(content), copy_of: None, title: None }
}

/// Changes the content and gives what is said of it.
fn check(spoil: impl FnOnce(&mut DashboardContent)) -> Vec<(String, String)> {
    let mut content = content();
    spoil(&mut content);
    problems(&content).into_iter().map(|problem| (problem.place, problem.message)).collect()
}

fn said(place: &str, message: &str) -> Vec<(String, String)> {
    vec![(place.to_owned(), message.to_owned())]
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    assert_eq!(check(|_| {}), []);
    assert_eq!(check(|content| content.title = " ".into()), said("title", "a title is missing"));
    assert_eq!(
        check(|content| content.panels[0].queries[0].promql = "sum(up{$other})".into()),
        said("panels[0].queries[0].promql", "there is no selector `$other` (character 8)")
    );
    assert_eq!(
        check(|content| content.panels[0].queries[0].promql = " ".into()),
        said("panels[0].queries[0].promql", "a query is missing")
    );
    assert_eq!(
        check(|content| content.panels[0].queries.clear()),
        said("panels[0].queries", "a panel asks at least one query")
    );
    assert_eq!(
        check(|content| content.panels[0].width = 13),
        said("panels[0].width", "a panel is 2 to 12 columns wide")
    );
    assert_eq!(
        check(|content| content.panels[0].queries[0].unit = Some(PanelUnit::Bytes)),
        said("panels[0].queries[0].unit", "only columns of a table have units of their own")
    );
    assert_eq!(
        check(|content| content.panels[0].description = "é".repeat(1_001)),
        said("panels[0].description", "1001 characters are more than 1000")
    );
}

#[test]
fn a_query_that_is_no_promql_is_told_where() {
    let found = check(|content| content.panels[0].queries[0].promql = "sum(up{$thing}".into());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "panels[0].queries[0].promql");
    assert!(found[0].1.contains("parse error"), "{}", found[0].1);
}

#[test]
fn a_place_outside_of_braces_is_refused_before_somebody_sets_a_scope() {
    let found = check(|content| content.panels[0].queries[0].promql = "up $thing".into());
    assert_eq!(found[0].0, "panels[0].queries[0].promql");
}

#[test]
fn selectors_are_named_once_and_take_labels() {
    assert_eq!(
        check(|content| content.selectors.push(content.selectors[0].clone())),
        said("selectors[1].name", "`thing` is there twice")
    );
    let quote = check(|content| {
        content.selectors[0].labels.push(ScopeLabel { scope: "pid".into(), label: "a\"b".into() });
    });
    assert_eq!(quote[..1], said("selectors[0].labels[1].label", "this is no name of a label"));
    let window = check(|content| content.selectors[0].name = "window".into());
    assert_eq!(window[0], ("selectors[0].name".to_owned(), "`$window` stands for a time".to_owned()));
}

#[test]
fn thresholds_rise() {
    let step = |from, heat| PanelThreshold { from, heat };
    let with = |steps: Vec<PanelThreshold>| check(|content| content.panels[0].thresholds = steps);
    assert_eq!(with(vec![step(60.0, PanelHeat::Notice), step(90.0, PanelHeat::Crit)]), []);
    for steps in [
        vec![step(60.0, PanelHeat::Warn), step(90.0, PanelHeat::Notice)],
        vec![step(60.0, PanelHeat::Warn), step(60.0, PanelHeat::Crit)],
        vec![step(f64::NAN, PanelHeat::Warn), step(60.0, PanelHeat::Crit)],
    ] {
        let place = with(steps).first().map(|(place, _)| place.clone());
        assert_eq!(place.as_deref(), Some("panels[0].thresholds[1]"));
    }
}

#[tokio::test]
async fn a_dashboard_is_made_changed_and_deleted() {
    let store = MemoryConfig::default();
    let made = create(&store, new(content()), "ann", NOW).await.expect("made");
    assert_eq!((made.version, made.changed_by.as_deref(), made.changed_ms), (1, Some("ann"), Some(NOW.0)));
    assert_eq!(dashboard(&store, &made.id).await.expect("there").content, content());

    let renamed = DashboardContent { title: "Shop 2".into(), ..content() };
    let changed = ChangedDashboard { version: 1, content: renamed };
    let saved = change(&store, &made.id, changed, "bob", LATER).await.expect("changed");
    assert_eq!((saved.version, saved.content.title.as_str()), (2, "Shop 2"));

    let listed = list(&store).await.expect("a list").dashboards;
    assert_eq!(listed.len(), shipped().len() + 1);
    let last = listed.last().expect("own ones come last");
    assert_eq!((last.title.as_str(), last.built_in, last.panels), ("Shop 2", false, 1));
    assert_eq!(last.scope, ["node"]);

    delete(&store, &made.id, None, "bob", LATER).await.expect("deleted");
    let audit = store.list(&Listing::all(Kind::Audit)).await.expect("a list");
    let audit: Vec<&str> = audit.iter().map(|document| document.body.as_str()).collect();
    assert_eq!(
        audit,
        [
            r#"{"action":"dashboard_made","actor":"ann","subject":"Shop"}"#,
            r#"{"action":"dashboard_changed","actor":"bob","subject":"Shop 2"}"#,
            r#"{"action":"dashboard_deleted","actor":"bob","subject":"Shop 2"}"#,
        ]
    );
    assert!(matches!(dashboard(&store, &made.id).await, Err(DashboardError::Unknown)));
}

#[tokio::test]
async fn of_two_who_save_the_second_is_told_of_the_first() {
    let store = MemoryConfig::default();
    let made = create(&store, new(content()), "ann", NOW).await.expect("made");
    let save = |by: &'static str, now| {
        change(&store, &made.id, ChangedDashboard { version: 1, content: content() }, by, now)
    };
    save("bob", LATER).await.expect("the first");
    match save("ann", LATER).await {
        Err(error @ DashboardError::Changed { .. }) => {
            assert_eq!(error.to_string(), "bob saved it meanwhile");
        }
        other => panic!("{other:?}"),
    }
    delete(&store, &made.id, Some(2), "bob", LATER).await.expect("deleted");
    assert!(matches!(save("ann", LATER).await, Err(DashboardError::Unknown)));
}

#[tokio::test]
async fn shipped_dashboards_are_copied_and_not_changed() {
    let store = MemoryConfig::default();
    let copy = NewDashboard { content: None, copy_of: Some("host".into()), title: Some("My hosts".into()) };
    let made = create(&store, copy, "ann", NOW).await.expect("a copy");
    assert_eq!((made.built_in, made.content.title.as_str()), (false, "My hosts"));
    assert_eq!(made.content.panels, shipped()[0].content.panels);

    let changed = ChangedDashboard { version: 0, content: content() };
    assert!(matches!(change(&store, "host", changed, "ann", NOW).await, Err(DashboardError::BuiltIn)));
    assert!(matches!(delete(&store, "host", None, "ann", NOW).await, Err(DashboardError::BuiltIn)));
    let none = NewDashboard { content: None, copy_of: Some("nothing".into()), title: None };
    assert!(matches!(create(&store, none, "ann", NOW).await, Err(DashboardError::Unknown)));
}

#[tokio::test]
async fn what_has_problems_or_is_too_large_is_not_stored() {
    let store = MemoryConfig::default();
    let untitled = DashboardContent { title: String::new(), ..content() };
    let refused = create(&store, new(untitled), "ann", NOW).await.expect_err("refused");
    assert_eq!(refused.to_string(), "title: a title is missing");

    let mut large = content();
    let mut panel = large.panels[0].clone();
    panel.queries[0].promql = format!("up # {}", "a".repeat(3_990));
    panel.queries = vec![panel.queries[0].clone(); 6];
    large.panels = vec![panel; 60];
    let refused = create(&store, new(large), "ann", NOW).await.expect_err("too large");
    assert!(matches!(refused, DashboardError::TooLarge { .. }), "{refused}");
    assert_eq!(list(&store).await.expect("a list").dashboards.len(), shipped().len());
}

#[tokio::test]
async fn a_document_that_cannot_be_read_does_not_hide_the_others() {
    let store = MemoryConfig::default();
    let spoilt = Change::Put {
        kind: Kind::Dashboard,
        id: "spoilt".into(),
        expected: Expected::Absent,
        body: "{}".into(),
    };
    store.commit(NOW, &[spoilt]).await.expect("stored");
    assert_eq!(list(&store).await.expect("a list").dashboards.len(), shipped().len());
    let error = dashboard(&store, "spoilt").await.expect_err("unreadable");
    assert!(matches!(error, DashboardError::Unreadable { .. }), "{error}");
}
