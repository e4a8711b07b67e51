//! Which cgroup paths are containers, and whose.
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use std::path::PathBuf;

use lanner_model::cgroup::{container_in, container_of, path_in};
use lanner_model::resource::ContainerRuntime::{self, Containerd, Crio, Docker, Podman, Unknown};

const A: &str = "0445e5bed8806930d6585734509ce8d3b4170e2543d90f3b56e2064ab9bab74b";
const B: &str = "d792c02e4426f5508163d793da6824d2bbf2515de22f6c5387087e9456d144d5";
const POD: &str = "eec5346f-2bf3-405e-8f82-0c0f09a39da3";

/// `A`, `B`, `POD` and `P_D` in a path stand for two ids, a pod's uid, and the uid as systemd writes it.
fn spelled(pattern: &str) -> String {
    let underscored = POD.replace('-', "_");
    pattern.replace("{A}", A).replace("{B}", B).replace("{POD}", POD).replace("{P_D}", &underscored)
}

#[track_caller]
fn check(path: &str, runtime: ContainerRuntime, id: &str, own_path: &str, pod_uid: &str) {
    let container = container_of(&spelled(path)).unwrap_or_else(|| panic!("no container in {path}"));
    assert_eq!(container.runtime, runtime, "{path}");
    assert_eq!(container.id.as_str(), spelled(id), "{path}");
    assert_eq!(container.cgroup_path, spelled(own_path), "{path}");
    assert_eq!(container.pod_uid, spelled(pod_uid), "{path}");
    let is_named = !container.id.as_str().bytes().all(|byte| byte.is_ascii_hexdigit());
    assert_eq!(container.name, if is_named { container.id.as_str() } else { "" }, "{path}");
}

#[track_caller]
fn check_whole(path: &str, runtime: ContainerRuntime, id: &str, pod_uid: &str) {
    check(path, runtime, id, path, pod_uid);
}

#[test]
fn every_runtime_s_path_is_its_container() {
    for (path, runtime, id) in [
        ("/docker/{A}", Docker, "{A}"),
        ("/system.slice/docker-{A}.scope", Docker, "{A}"),
        ("/mine.slice/docker-{A}.scope", Docker, "{A}"),
        ("/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{A}.scope", Docker, "{A}"),
        ("/ecs/4f1c6f1ea2a74a6c9b6a6a3a0e7c8c11/{A}", Unknown, "{A}"),
        (
            "/ecs/4f1c6f1ea2a74a6c9b6a6a3a0e7c8c11/4f1c6f1ea2a74a6c9b6a6a3a0e7c8c11-1234567890",
            Unknown,
            "4f1c6f1ea2a74a6c9b6a6a3a0e7c8c11-1234567890",
        ),
        ("/default/web", Containerd, "web"),
        ("/default/{A}", Containerd, "{A}"),
        ("/k8s.io/{A}", Containerd, "{A}"),
        ("/buildkit/uz6m1v0k8gkq", Containerd, "uz6m1v0k8gkq"),
        ("/system.slice/nerdctl-{A}.scope", Containerd, "{A}"),
        ("/machine.slice/libpod-{A}.scope", Podman, "{A}"),
        ("/libpod_parent/libpod-{A}", Podman, "{A}"),
        ("/libpod_parent/{B}/libpod-{A}", Podman, "{A}"),
        ("/machine.slice/machine-libpod_pod_{B}.slice/libpod-{A}.scope", Podman, "{A}"),
        ("/system.slice/web.service/libpod-payload-{A}", Podman, "{A}"),
        ("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{A}.scope", Podman, "{A}"),
        ("/system.slice/runc-web-1.scope", Unknown, "web-1"),
        ("/build_agents/{A}", Unknown, "{A}"),
        ("/../../{A}", Unknown, "{A}"),
    ] {
        check_whole(path, runtime, id, "");
    }
}

#[test]
fn a_pod_s_uid_is_read_from_the_path_above_its_container() {
    for (path, runtime, id) in [
        ("/kubepods/burstable/pod{POD}/{A}", Unknown, "{A}"),
        ("/kubepods/besteffort/pod{POD}/{A}", Unknown, "{A}"),
        ("/kubepods/pod{POD}/{A}", Unknown, "{A}"),
        ("/kubepods/burstable/pod{POD}/web", Unknown, "web"),
        ("/kubepods/burstable/pod{POD}/crio-{A}", Crio, "{A}"),
        ("/docker/{B}/kubelet/kubepods/burstable/pod{POD}/{A}", Unknown, "{A}"),
        (
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{P_D}.slice/cri-containerd-{A}.scope",
            Containerd,
            "{A}",
        ),
        ("/kubepods.slice/kubepods-pod{P_D}.slice/crio-{A}.scope", Crio, "{A}"),
        (
            "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{P_D}.slice/docker-{A}.scope",
            Docker,
            "{A}",
        ),
        (
            "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{P_D}.slice/cri-containerd-{A}.scope",
            Containerd,
            "{A}",
        ),
        (
            "/system.slice/containerd.service/kubepods-burstable-pod{P_D}.slice:cri-containerd:{A}",
            Containerd,
            "{A}",
        ),
    ] {
        check_whole(path, runtime, id, "{POD}");
    }
    check_whole(
        "/kubepods/burstable/pod985b26f7bf494273b2cab439551f628d/{A}",
        Unknown,
        "{A}",
        "985b26f7bf494273b2cab439551f628d",
    );
}

#[test]
fn the_innermost_container_wins_and_what_lies_below_it_is_cut() {
    check("/docker/{A}/init.scope", Docker, "{A}", "/docker/{A}", "");
    check("/docker/{A}/system.slice/ssh.service", Docker, "{A}", "/docker/{A}", "");
    check("/docker/{A}/docker/{B}", Docker, "{B}", "/docker/{A}/docker/{B}", "");
    check("/docker/{A}/k8s.io/web/deeper", Containerd, "web", "/docker/{A}/k8s.io/web", "");
    check("/machine.slice/libpod-{A}.scope/container", Podman, "{A}", "/machine.slice/libpod-{A}.scope", "");
    check("/docker/{A}/crio-conmon-{B}.scope", Docker, "{A}", "/docker/{A}", "");
    check("/default/web/init.scope", Containerd, "web", "/default/web", "");
    check("/docker/{A} (deleted)", Docker, "{A}", "/docker/{A}", "");
    check(
        "/system.slice/docker-{B}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{P_D}.slice/cri-containerd-{A}.scope/app",
        Containerd,
        "{A}",
        "/system.slice/docker-{B}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{P_D}.slice/cri-containerd-{A}.scope",
        "{POD}",
    );
}

#[test]
fn sessions_services_and_monitors_are_no_containers() {
    for path in [
        "",
        "/",
        "//",
        "no slash",
        "/init.scope",
        "/system.slice",
        "/system.slice/docker.service",
        "/system.slice/containerd.service",
        "/system.slice/ssh.service",
        "/user.slice/user-1000.slice/session-3.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/docker-desktop.scope",
        "/docker",
        "/docker/buildkit",
        "/default",
        "/some/default/web",
        "/kubepods",
        "/kubepods/burstable",
        "/kubepods/burstable/pod{POD}",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{P_D}.slice",
        "/kubepods.slice/kubepods-pod{P_D}.slice/crio-conmon-{A}.scope",
        "/machine.slice/libpod-conmon-{A}.scope",
        "/libpod_parent",
        "/libpod_parent/{A}",
        "/libpod_parent/conmon",
        "/process_api/0d43cc02b77e7a14d53349d3441f71cc",
        "/system.slice/var-lib-docker-{A}.mount",
        "/a:b",
        "/a:b:",
        "/docker-.scope",
        "/cri-containerd-.scope",
        "/default/..",
        "/default/with space",
    ] {
        assert_eq!(container_of(&spelled(path)), None, "{path}");
    }
}

#[test]
fn the_hierarchy_that_knows_the_container_is_chosen() {
    for (lines, path) in [
        ("0::/system.slice/ssh.service\n", "/system.slice/ssh.service"),
        ("0::/docker/{A}\n", "/docker/{A}"),
        ("4:memory:/docker/{A}\n1:name=systemd:/system.slice/docker.service\n0::/\n", "/docker/{A}"),
        ("9:name=systemd:/docker/{A}\n4:memory:/\n0::/\n", "/docker/{A}"),
        ("12:pids:/user.slice\n4:memory:/user.slice/user-0.slice\n", "/user.slice/user-0.slice"),
        ("2:cpu,cpuacct:/docker/{A}\n0::/docker/{B}\n", "/docker/{A}"),
        ("3:cpuset:/\n0::/\n", "/"),
        ("garbage\n:::\n7:memory\nx:memory:/a\n0::/good\n", "/good"),
    ] {
        let lines = spelled(lines);
        assert_eq!(path_in(&lines), Some(&*spelled(path)), "{lines}");
        assert_eq!(container_in(&lines), container_of(&spelled(path)), "{lines}");
    }
    assert_eq!(path_in(""), None);
}

#[test]
fn a_hostile_path_costs_no_more_than_its_length() {
    assert_eq!(container_of(&format!("/x{}", "/default".repeat(500))), None);
    assert_eq!(container_of(&"/".repeat(4096)), None);
    assert_eq!(container_of(&"/pod/kubepods:".repeat(300)), None);
}

#[test]
fn a_real_node_s_processes_are_all_in_containers_of_pods() {
    let Some(text) = shared("data/kubernetes/cgroup/proc-cgroup.txt") else { return };
    let mut seen = 0;
    for process in text.split("== ").skip(1) {
        let (command, lines) = process.split_once('\n').unwrap();
        let container = container_in(lines).unwrap_or_else(|| panic!("{command} is in no container"));
        assert_eq!(container.id.as_str().len(), 64, "{command}");
        assert_eq!(container.pod_uid.len(), 36, "{command}");
        assert_eq!(path_in(lines), Some(&*container.cgroup_path), "{command}");
        seen += 1;
    }
    assert_eq!(seen, 24);
}

/// A file of `../shared`; `None`, said aloud, where the folder is absent.
fn shared(path: &str) -> Option<String> {
    let root = std::env::var_os("LANNER_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    if !root.join("data").is_dir() {
        let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
        assert!(
            !required.split(',').any(|part| part.trim() == "data"),
            "../shared/data is required and absent"
        );
        println!("skipped: ../shared/data absent");
        return None;
    }
    Some(std::fs::read_to_string(root.join(path)).unwrap())
}
