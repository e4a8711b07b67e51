//! What every config store does, asked of each.

use std::future::Future;
use std::sync::Arc;

use lanner_model::time::WallMs;
use lanner_store::{
    Change, ConfigError, ConfigStore, Document, EmbeddedConfig, Expected, Kind, Listing, MemoryConfig, Order,
};

type Store = Arc<dyn ConfigStore>;

/// Runs a case on each store.
async fn each<F: Future<Output = ()>>(case: impl Fn(Store) -> F) {
    case(Arc::new(MemoryConfig::default())).await;
    let folder = tempfile::tempdir().expect("folder");
    let embedded = EmbeddedConfig::open(folder.path().join("settings.sqlite")).await.expect("open");
    case(Arc::new(embedded)).await;
}

fn put(kind: Kind, id: &str, expected: Expected, body: &str) -> Change {
    Change::Put { kind, id: id.to_owned(), expected, body: body.to_owned() }
}

fn delete(kind: Kind, id: &str, expected: Expected) -> Change {
    Change::Delete { kind, id: id.to_owned(), expected }
}

async fn ids(store: &Store, listing: Listing) -> Vec<String> {
    store.list(&listing).await.expect("listed").into_iter().map(|document| document.id).collect()
}

fn is_conflict_about(result: Result<(), ConfigError>, about: &str) -> bool {
    matches!(result, Err(ConfigError::Conflict { id, .. }) if id == about)
}

#[tokio::test]
async fn a_document_is_there_with_its_version_and_time() {
    each(async |store: Store| {
        assert_eq!(store.get(Kind::User, "a").await.expect("read"), None);
        store.commit(WallMs(5), &[put(Kind::User, "a", Expected::Absent, "{}")]).await.expect("made");
        store.commit(WallMs(7), &[put(Kind::User, "a", Expected::Any, "[1]")]).await.expect("changed");
        let expected = Document {
            kind: Kind::User,
            id: "a".to_owned(),
            version: 2,
            changed: WallMs(7),
            body: "[1]".to_owned(),
        };
        assert_eq!(store.get(Kind::User, "a").await.expect("read"), Some(expected));
        assert_eq!(store.get(Kind::Token, "a").await.expect("read"), None);
        store.commit(WallMs(8), &[delete(Kind::User, "a", Expected::Any)]).await.expect("deleted");
        store.commit(WallMs(9), &[delete(Kind::User, "a", Expected::Any)]).await.expect("no harm");
        assert_eq!(store.get(Kind::User, "a").await.expect("read"), None);
        store.commit(WallMs(9), &[put(Kind::User, "a", Expected::Any, "{}")]).await.expect("made anew");
        assert_eq!(store.get(Kind::User, "a").await.expect("read").map(|document| document.version), Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_commit_is_all_or_nothing() {
    each(async |store: Store| {
        store.commit(WallMs(1), &[put(Kind::User, "there", Expected::Absent, "1")]).await.expect("made");
        let refused = store
            .commit(
                WallMs(2),
                &[
                    put(Kind::Token, "new", Expected::Absent, "1"),
                    delete(Kind::User, "there", Expected::Any),
                    put(Kind::User, "gone", Expected::Version(1), "2"),
                ],
            )
            .await;
        assert!(is_conflict_about(refused, "gone"));
        assert_eq!(store.get(Kind::Token, "new").await.expect("read"), None);
        let there = store.get(Kind::User, "there").await.expect("read").expect("untouched");
        assert_eq!((there.version, there.changed), (1, WallMs(1)));
    })
    .await;
}

#[tokio::test]
async fn what_was_expected_must_stand_there() {
    each(async |store: Store| {
        let commit = async |change| store.commit(WallMs(1), &[change]).await;
        let kind = Kind::Dashboard;
        commit(put(kind, "a", Expected::Absent, "1")).await.expect("made");
        assert!(is_conflict_about(commit(put(kind, "a", Expected::Absent, "2")).await, "a"));
        assert!(is_conflict_about(commit(put(kind, "a", Expected::Version(2), "2")).await, "a"));
        assert!(is_conflict_about(commit(delete(kind, "a", Expected::Version(2))).await, "a"));
        assert!(is_conflict_about(commit(delete(kind, "a", Expected::Absent)).await, "a"));
        commit(put(kind, "a", Expected::Version(1), "2")).await.expect("version 1 stood there");
        commit(delete(kind, "a", Expected::Version(2))).await.expect("version 2 stood there");
    })
    .await;
}

#[tokio::test]
async fn changes_of_one_commit_see_those_before_them() {
    each(async |store: Store| {
        let changes = [
            put(Kind::Setting, "a", Expected::Absent, "1"),
            put(Kind::Setting, "a", Expected::Version(1), "2"),
            delete(Kind::Setting, "a", Expected::Version(2)),
            put(Kind::Setting, "a", Expected::Absent, "3"),
        ];
        store.commit(WallMs(1), &changes).await.expect("each follows the one before");
        let document = store.get(Kind::Setting, "a").await.expect("read").expect("there");
        assert_eq!((document.version, document.body.as_str()), (1, "3"));
    })
    .await;
}

#[tokio::test]
async fn lists_are_in_order_of_ids_within_a_prefix() {
    each(async |store: Store| {
        let names = ["b", "a/2", "a/10", "a/1", "a", "ä", "a0", "\u{10ffff}z", "A", "a/\u{10ffff}"];
        let changes: Vec<Change> =
            names.iter().map(|name| put(Kind::Outbox, name, Expected::Absent, "0")).collect();
        store.commit(WallMs(1), &changes).await.expect("made");
        store.commit(WallMs(1), &[put(Kind::Audit, "a/1", Expected::Any, "0")]).await.expect("made");

        let all = Listing::all(Kind::Outbox);
        let sorted = ["A", "a", "a/1", "a/10", "a/2", "a/\u{10ffff}", "a0", "b", "ä", "\u{10ffff}z"];
        assert_eq!(ids(&store, all.clone()).await, sorted);
        let within = Listing { prefix: "a/".to_owned(), ..all };
        assert_eq!(ids(&store, within.clone()).await, ["a/1", "a/10", "a/2", "a/\u{10ffff}"]);
        let after = Listing { after: Some("a/1".to_owned()), limit: 2, ..within.clone() };
        assert_eq!(ids(&store, after).await, ["a/10", "a/2"]);
        let descending = Listing { order: Order::Descending, limit: 2, ..within };
        assert_eq!(ids(&store, descending.clone()).await, ["a/\u{10ffff}", "a/2"]);
        let next = Listing { after: Some("a/2".to_owned()), ..descending.clone() };
        assert_eq!(ids(&store, next).await, ["a/10", "a/1"]);
        let none = Listing { after: Some("a/1".to_owned()), ..descending };
        assert!(ids(&store, none.clone()).await.is_empty());
        assert!(ids(&store, Listing { limit: 0, after: None, ..none }).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn text_comes_back_as_it_was() {
    each(async |store: Store| {
        for id in ["", "'; DROP TABLE document; --", "日本語", "a\0b"] {
            let body = format!("{{\"text\":\"{id}\"}}");
            store.commit(WallMs(1), &[put(Kind::Channel, id, Expected::Absent, &body)]).await.expect("made");
            let document = store.get(Kind::Channel, id).await.expect("read").expect("there");
            assert_eq!((document.id.as_str(), document.body), (id, body));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_that_change_the_same_at_once_each_change_counts() {
    each(async |store: Store| {
        store.commit(WallMs(1), &[put(Kind::Setting, "sum", Expected::Absent, "0")]).await.expect("made");
        let add = async |store: Store| {
            for _ in 0..20 {
                loop {
                    let sum = store.get(Kind::Setting, "sum").await.expect("read").expect("there");
                    let more = (sum.body.parse::<u32>().expect("a number") + 1).to_string();
                    let change = put(Kind::Setting, "sum", Expected::Version(sum.version), &more);
                    match store.commit(WallMs(1), &[change]).await {
                        Ok(()) => break,
                        Err(ConfigError::Conflict { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        };
        let tasks: Vec<_> = (0..4).map(|_| tokio::spawn(add(Arc::clone(&store)))).collect();
        for task in tasks {
            task.await.expect("ended");
        }
        let sum = store.get(Kind::Setting, "sum").await.expect("read").expect("there");
        assert_eq!((sum.body.as_str(), sum.version), ("80", 81));
    })
    .await;
}
