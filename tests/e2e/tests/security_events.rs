//! Security events over HTTP: what a rule must see is there, with its process tree.

use std::process::{Command, Stdio};

use lanner_e2e::{Container, Lanner, Part, eventually, machine_has};
use serde_json::Value;

/// The event of a rule that names `/etc/shadow` and process `pid`.
fn event_of(lanner: &Lanner, pid: i64) -> Value {
    let id = eventually("a security event", || {
        let page = lanner.get("/api/v1/events?from=now-10m&limit=100")?;
        let events = page["events"].as_array()?;
        let mut wanted = events.iter().filter(|event| {
            event["pid"] == pid
                && event["output"].as_str().is_some_and(|output| output.contains("/etc/shadow"))
        });
        wanted.next()?["id"].as_str().map(str::to_owned)
    });
    eventually("its detail", || lanner.get(&format!("/api/v1/events/{id}")))
}

fn wait_until_rules_watch(lanner: &Lanner) {
    eventually("an agent with rules", || {
        let status = lanner.get("/api/v1/status")?;
        (status["rules_loaded"].as_u64()? >= 10 && status["agents"][0]["state"] == "connected").then_some(())
    });
}

fn pids(detail: &Value) -> Vec<i64> {
    detail["process_tree"].as_array().unwrap().iter().map(|node| node["pid"].as_i64().unwrap()).collect()
}

#[test]
fn cat_of_etc_shadow_on_the_host_is_an_event_with_its_tree() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let lanner = Lanner::up(&[]);
    wait_until_rules_watch(&lanner);
    let mut cat = Command::new("cat").arg("/etc/shadow").stdout(Stdio::null()).spawn().unwrap();
    let pid = i64::from(cat.id());
    cat.wait().unwrap();
    let detail = event_of(&lanner, pid);
    assert_eq!(detail["process"], "cat");
    assert_eq!(detail["container"], Value::Null);
    assert!(detail["matched"].as_array().unwrap().iter().any(|part| part["field"] == "fd.name"), "{detail}");
    let tree = pids(&detail);
    assert_eq!(tree.last(), Some(&pid), "the process is last: {detail}");
    assert!(tree.contains(&i64::from(std::process::id())), "this test is an ancestor: {detail}");
    assert_eq!(tree.first(), Some(&1), "init is first: {detail}");
}

#[test]
fn cat_of_etc_shadow_in_a_container_is_an_event_with_its_container() {
    if !machine_has(&[Part::Bpf, Part::Containers]) {
        return;
    }
    let lanner = Lanner::up(&[]);
    wait_until_rules_watch(&lanner);
    let container = Container::start(&["sh", "-c", "cat /etc/shadow >/dev/null; exec sleep 1000"]);
    let detail = eventually("a security event of the container", || {
        let page = lanner.get(&format!("/api/v1/events?container={}&q=shadow", container.id()))?;
        let id = page["events"].as_array()?.first()?["id"].as_str()?.to_owned();
        lanner.get(&format!("/api/v1/events/{id}"))
    });
    assert_eq!(detail["container"]["id"], container.id());
    assert!(detail["container"]["cgroup_path"].as_str().unwrap().starts_with("/kubepods/"), "{detail}");
    assert!(detail["container"]["pod_uid"].as_str().unwrap().starts_with("6f1e9a52-"), "{detail}");
    let tree = detail["process_tree"].as_array().unwrap();
    let subject = tree.last().unwrap();
    assert_eq!(subject["container_id"], container.id());
    assert!(
        tree.iter().any(|node| node["pid"] == container.pid()),
        "the container's first process is an ancestor: {detail}"
    );
}

#[test]
fn events_come_on_the_stream() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let lanner = Lanner::up(&[]);
    wait_until_rules_watch(&lanner);
    let mut events = lanner.events("/api/v1/events/stream");
    let mut cat = Command::new("cat").arg("/etc/shadow").stdout(Stdio::null()).spawn().unwrap();
    let pid = i64::from(cat.id());
    cat.wait().unwrap();
    assert!(events.any(|event| event["pid"] == pid), "the event came on the stream");
}

#[test]
fn the_process_of_an_event_is_a_row_of_explore() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let lanner = Lanner::up(&[]);
    wait_until_rules_watch(&lanner);
    // Reads the file and lives on.
    let mut tail = Command::new("tail").args(["-f", "/etc/shadow"]).stdout(Stdio::null()).spawn().unwrap();
    let detail = event_of(&lanner, i64::from(tail.id()));
    let row = eventually("its row in Explore", || {
        let table = lanner.get(&format!("/api/v1/explore?view=flat&limit=10000&q={}", tail.id()))?;
        table["rows"].as_array()?.iter().find(|row| row["pid"] == tail.id()).cloned()
    });
    let _ = tail.kill();
    let _ = tail.wait();
    assert_eq!(detail["process_row"], row["id"]);
    assert_eq!(row["findings"][0]["count"], 1, "the row counts its events: {row}");
}
