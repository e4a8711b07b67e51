//! What every blob store keeps to.

use std::io::Read as _;

use lanner_store::{BlobError, BlobStore, FolderBlobs, MemoryBlobs};

async fn all_of(store: &dyn BlobStore, name: &str) -> Vec<u8> {
    let mut blob = store.open(name).await.expect("it is there");
    let mut bytes = Vec::new();
    blob.bytes.read_to_end(&mut bytes).expect("it is read");
    assert_eq!(blob.size, bytes.len() as u64);
    bytes
}

async fn names(store: &dyn BlobStore) -> Vec<(String, u64, bool)> {
    let listed = store.list().await.expect("a list");
    listed.into_iter().map(|blob| (blob.name, blob.size, blob.is_whole)).collect()
}

async fn check(store: &dyn BlobStore) {
    // What comes twice or too early is told where it stands.
    assert_eq!(store.append("a.scap", 0, b"one ".to_vec()).await.expect("the first part"), 4);
    for offset in [0, 3, 9] {
        let error = store.append("a.scap", offset, b"x".to_vec()).await.expect_err("a gap or a repetition");
        assert!(matches!(error, BlobError::Offset { written: 4, .. }), "{error}");
    }
    let error = store.append("b.scap", 4, b"x".to_vec()).await.expect_err("nothing is there");
    assert!(matches!(error, BlobError::Offset { written: 0, .. }), "{error}");

    // A part can be read before it is whole.
    assert_eq!(all_of(store, "a.scap").await, b"one ");
    assert_eq!(store.append("a.scap", 4, b"two".to_vec()).await.expect("the next part"), 7);
    assert_eq!(names(store).await, [("a.scap".to_owned(), 7, false)]);

    store.finish("a.scap").await.expect("it is whole");
    assert_eq!(names(store).await, [("a.scap".to_owned(), 7, true)]);
    assert_eq!(all_of(store, "a.scap").await, b"one two");
    assert_eq!(store.written("a.scap").await.expect("no part"), 0);
    assert!(matches!(store.finish("a.scap").await, Err(BlobError::Missing { .. })));

    store.delete("a.scap").await.expect("it goes");
    store.delete("a.scap").await.expect("it is gone already");
    assert!(matches!(store.open("a.scap").await, Err(BlobError::Missing { .. })));
    assert!(matches!(store.open("../a").await, Err(BlobError::Name { .. })));
}

#[tokio::test]
async fn blobs_in_memory_are_whole_or_parts() {
    check(&MemoryBlobs::default()).await;
}

#[tokio::test]
async fn blobs_in_a_folder_are_whole_or_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    check(&FolderBlobs::at(folder.path().join("captures"))).await;
}

#[tokio::test]
async fn a_part_goes_on_where_it_was_after_the_store_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = FolderBlobs::at(folder.path());
    store.append("a", 0, vec![1; 1_000]).await.expect("a part");
    drop(store);
    let store = FolderBlobs::at(folder.path());
    assert_eq!(store.written("a").await.expect("its length"), 1_000);
    assert_eq!(store.append("a", 1_000, vec![2; 10]).await.expect("a part"), 1_010);
}

#[tokio::test]
async fn nobody_else_on_the_machine_reads_a_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let store = FolderBlobs::at(folder.path());
    store.append("a.scap", 0, b"shadow".to_vec()).await.expect("written");
    store.finish("a.scap").await.expect("finished");
    let mode = folder.path().join("a.scap").metadata().expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
