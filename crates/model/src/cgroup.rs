//! From a cgroup's path to the container that it is, without asking any runtime.
//!
//! Every runtime puts a container's id into the path of its cgroup, and Kubernetes the pod's uid into
//! the path above it. So the path alone says who a process belongs to, at its first event. What a path
//! cannot say (name, image, labels) is asked for later, by id.
//!
//! ```
//! use lanner_model::cgroup::container_of;
//!
//! let id = "0445e5bed8806930d6585734509ce8d3b4170e2543d90f3b56e2064ab9bab74b";
//! let container = container_of(&format!(
//!     "/kubepods.slice/kubepods-podeec5346f_2bf3_405e_8f82_0c0f09a39da3.slice/cri-containerd-{id}.scope/init.scope"
//! ))
//! .unwrap();
//! assert_eq!(container.id.short(), "0445e5bed880");
//! assert_eq!(container.pod_uid, "eec5346f-2bf3-405e-8f82-0c0f09a39da3");
//! assert_eq!(container_of("/system.slice/ssh.service"), None);
//! ```
//!
//! Known forms (`<id>` is 64 hexadecimal digits where nothing else is said):
//!
//! | path | written by |
//! |---|---|
//! | `/docker/<id>`, `docker-<id>.scope` | Docker |
//! | `cri-containerd-<id>.scope`, `nerdctl-<id>.scope`, `<slice>:cri-containerd:<id>` | containerd |
//! | `/default/<name>`, `/k8s.io/<name>`, `/moby/<name>`, ... | containerd, by the name of its namespace |
//! | `crio-<id>.scope`, `/crio-<id>` | CRI-O |
//! | `libpod-<id>.scope`, `libpod-payload-<id>`, `/libpod_parent/libpod-<id>` | podman |
//! | `/kubepods/<class>/pod<uid>/<name>` | any CRI runtime with the cgroupfs driver, or plain runc |
//! | `runc-<name>.scope` | runc with the systemd driver |
//! | `/ecs/<task>/<id>`, `/ecs/<task>/<task>-<number>` | Amazon ECS on EC2, and Fargate |
//! | `<id>` anywhere | a runtime whose parent cgroup somebody chose |
//!
//! A containerd namespace of any other name cannot be told from other people's cgroups: a non-hexadecimal
//! id below it is no container here.

use crate::id::{CgroupId, ContainerId};
use crate::resource::{ContainerInfo, ContainerRuntime};

/// The innermost container that a cgroup's path lies in; `None` on the host.
///
/// `path` is below the hierarchy's root, as in `/proc/PID/cgroup` or as a walk of the tree gives it. The
/// result's `cgroup_path` is the container's own cgroup: what lies deeper (systemd inside a container)
/// is cut. `name` is the id where that is no hash but a name somebody chose; `cgroup` and `image` are
/// not known here.
#[must_use]
pub fn container_of(path: &str) -> Option<ContainerInfo> {
    let path = path.strip_suffix(" (deleted)").unwrap_or(path);
    let mut inner_end = path.len();
    loop {
        let above = path[..inner_end].trim_end_matches('/');
        if above.is_empty() {
            return None;
        }
        let parent_end = above.rfind('/').map_or(0, |slash| slash + 1);
        let (parent, component) = above.split_at(parent_end);
        if let Some((runtime, id)) = container_at(parent, component) {
            return Some(ContainerInfo {
                id: ContainerId::from(id),
                runtime,
                name: if is_hash(id) { String::new() } else { id.to_owned() },
                image: String::new(),
                pod_uid: pod_uid(above),
                cgroup_path: above.to_owned(),
                cgroup: CgroupId::default(),
            });
        }
        inner_end = parent_end;
    }
}

/// The container that a process is in, from the text of its `/proc/PID/cgroup`.
///
/// Of several hierarchies the first in which the path is a container's decides, in this order: memory,
/// pids, cpu, unified (v2), systemd, others. On hybrid machines the unified path often is `/` while
/// the v1 hierarchies have the container's, and with Docker's cgroupfs driver below systemd the named
/// hierarchy knows only the daemon's unit.
#[must_use]
pub fn container_in(proc_cgroup: &str) -> Option<ContainerInfo> {
    by_preference(proc_cgroup).find_map(|hierarchy| container_of(hierarchy.path))
}

/// The cgroup path that says most about a process, from the text of its `/proc/PID/cgroup`: its
/// container's where it is in one (see [`container_in`]), else the one of the first hierarchy that has
/// a path other than `/`.
#[must_use]
pub fn path_in(proc_cgroup: &str) -> Option<&str> {
    by_preference(proc_cgroup)
        .find(|hierarchy| container_of(hierarchy.path).is_some())
        .or_else(|| by_preference(proc_cgroup).find(|hierarchy| hierarchy.path != "/"))
        .or_else(|| by_preference(proc_cgroup).next())
        .map(|hierarchy| hierarchy.path)
}

/// One line of `/proc/PID/cgroup` (`man 7 cgroups`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hierarchy<'a> {
    /// The hierarchy's number; 0 is the unified one (v2).
    pub number: u32,
    /// Its controllers separated by commas, or `name=NAME`; empty for the unified one.
    pub controllers: &'a str,
    /// The process's cgroup in it.
    pub path: &'a str,
}

impl Hierarchy<'_> {
    /// Whether a controller is bound to it.
    #[must_use]
    pub fn has(&self, controller: &str) -> bool {
        self.controllers.split(',').any(|one| one == controller)
    }

    fn rank(&self) -> u32 {
        const ORDER: [&str; 3] = ["memory", "pids", "cpu"];
        match ORDER.iter().position(|controller| self.has(controller)) {
            Some(at) => at as u32,
            None if self.number == 0 => 3,
            None if self.controllers == "name=systemd" => 4,
            None => 5,
        }
    }
}

/// The hierarchies of a `/proc/PID/cgroup`; lines of another form are skipped.
pub fn hierarchies(proc_cgroup: &str) -> impl Iterator<Item = Hierarchy<'_>> {
    proc_cgroup.lines().filter_map(|line| {
        let (number, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        path.starts_with('/').then_some(Hierarchy { number: number.parse().ok()?, controllers, path })
    })
}

fn by_preference(proc_cgroup: &str) -> impl Iterator<Item = Hierarchy<'_>> {
    (0..=5).flat_map(move |rank| hierarchies(proc_cgroup).filter(move |one| one.rank() == rank))
}

type IdTest = fn(&str) -> bool;

/// What makes a component a container: prefix of its name, who writes it, which ids it takes.
const UNIT_PREFIXES: &[(&str, ContainerRuntime, IdTest)] = &[
    ("cri-containerd-", ContainerRuntime::Containerd, is_name),
    ("nerdctl-", ContainerRuntime::Containerd, is_hash),
    ("docker-", ContainerRuntime::Docker, is_hash),
    ("crio-", ContainerRuntime::Crio, is_hash),
    ("libpod-payload-", ContainerRuntime::Podman, is_hash),
    ("libpod-", ContainerRuntime::Podman, is_hash),
    ("runc-", ContainerRuntime::Unknown, is_name),
];

/// The namespaces that containerd's usual clients use: ctr and nerdctl, kubelet, dockerd, buildkitd,
/// Finch.
const CONTAINERD_NAMESPACES: &[&str] = &["default", "k8s.io", "moby", "buildkit", "finch"];

/// The container that `component` is, below `parent` (which ends with a slash, or is empty).
fn container_at<'a>(parent: &str, component: &'a str) -> Option<(ContainerRuntime, &'a str)> {
    let in_namespace = CONTAINERD_NAMESPACES.contains(&last_component(parent));
    if in_namespace && is_name(component) && !is_unit(component) && is_root_or_container(above(parent)) {
        return Some((ContainerRuntime::Containerd, component));
    }
    written_by_runtime(parent, component)
}

/// The same, but for containerd's namespaces.
fn written_by_runtime<'a>(parent: &str, component: &'a str) -> Option<(ContainerRuntime, &'a str)> {
    let parent_name = last_component(parent);
    if let Some(scope) = component.strip_suffix(".scope") {
        return prefixed_id(scope);
    }
    // runc's systemd notation handed to its cgroupfs driver: a misconfiguration seen on real nodes.
    if let Some((slice_and_runtime, id)) = component.rsplit_once(':') {
        let (_, runtime) = slice_and_runtime.rsplit_once(':')?;
        let runtime = match runtime {
            "cri-containerd" | "nerdctl" => ContainerRuntime::Containerd,
            "crio" => ContainerRuntime::Crio,
            "docker" => ContainerRuntime::Docker,
            "libpod" => ContainerRuntime::Podman,
            _ => ContainerRuntime::Unknown,
        };
        return is_name(id).then_some((runtime, id));
    }
    if is_unit(component) {
        return None;
    }
    // Without the systemd driver podman and CRI-O use the same names, only without `.scope`.
    if component.starts_with("libpod-") || component.starts_with("crio-") {
        return prefixed_id(component);
    }
    if parent_name == "docker" && is_hash(component) {
        return Some((ContainerRuntime::Docker, component));
    }
    if pod_uid_of(parent_name).is_some() && parent.contains("kubepods") {
        return is_name(component).then_some((ContainerRuntime::Unknown, component));
    }
    if last_component(above(parent)) == "ecs" && is_fargate_id(parent_name, component) {
        return Some((ContainerRuntime::Unknown, component));
    }
    // A podman pod's own cgroup has the pod's id for its name: no container.
    let is_long_hash = component.len() == 64 && is_hash(component);
    (is_long_hash && parent_name != "libpod_parent").then_some((ContainerRuntime::Unknown, component))
}

fn prefixed_id(name: &str) -> Option<(ContainerRuntime, &str)> {
    UNIT_PREFIXES.iter().find_map(|&(prefix, runtime, takes)| {
        let id = name.strip_prefix(prefix)?;
        takes(id).then_some((runtime, id))
    })
}

/// Whether a containerd namespace may begin here: at the hierarchy's root or at a container's own
/// cgroup (containerd inside a container). That container is not itself looked for below a namespace:
/// paths made of `default/default/...` by an unprivileged user would cost exponential time.
fn is_root_or_container(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.is_empty() || written_by_runtime(above(path), last_component(path)).is_some()
}

/// The uid of the innermost pod in a path; empty where there is none.
fn pod_uid(path: &str) -> String {
    let mut rest = path;
    while !rest.is_empty() {
        let name = last_component(rest);
        let name = name.split_once(':').map_or(name, |(slice, _)| slice);
        if let Some(uid) = pod_uid_of(name)
            && rest.contains("kubepods")
        {
            return uid.replace('_', "-");
        }
        rest = above(rest);
    }
    String::new()
}

/// The uid in a pod's component: `pod<uid>` or `<anything>kubepods<anything>-pod<uid>.slice`. Static
/// pods have 32 hexadecimal digits without dashes.
fn pod_uid_of(component: &str) -> Option<&str> {
    let uid = match component.strip_suffix(".slice") {
        Some(slice) => slice.rsplit_once("-pod").filter(|(class, _)| class.contains("kubepods"))?.1,
        None => component.strip_prefix("pod")?,
    };
    let is_uid_byte = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-' || byte == b'_';
    let digits = uid.bytes().filter(u8::is_ascii_hexdigit).count();
    (digits >= 8 && uid.bytes().all(is_uid_byte)).then_some(uid)
}

/// Fargate names a task's containers `<task>-<number>`.
fn is_fargate_id(task: &str, component: &str) -> bool {
    component
        .strip_prefix(task)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn last_component(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rfind('/').map_or(path, |slash| &path[slash + 1..])
}

fn above(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

/// Whether systemd made it.
fn is_unit(component: &str) -> bool {
    [".slice", ".scope", ".service", ".mount", ".swap", ".socket"]
        .iter()
        .any(|kind| component.ends_with(kind))
}

/// Twelve to 64 hexadecimal digits.
fn is_hash(id: &str) -> bool {
    (12..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What runc and containerd take for an id: letters, digits and `_ . + -`.
fn is_name(id: &str) -> bool {
    !id.is_empty()
        && id != "."
        && id != ".."
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.+-".contains(&byte))
}
