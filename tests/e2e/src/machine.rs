//! What this machine can give.

/// A part that not every machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Root, and a kernel with BTF that takes BPF programs.
    Bpf,
    /// `runc` and a static busybox.
    Containers,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Bpf => "bpf",
            Part::Containers => "containers",
        }
    }

    /// Why the machine can not give it; `None` when it can.
    fn missing(self) -> Option<String> {
        match self {
            Part::Bpf if !rustix::process::geteuid().is_root() => Some("not root".to_owned()),
            Part::Bpf if !std::path::Path::new("/sys/kernel/btf/vmlinux").exists() => {
                Some("no /sys/kernel/btf/vmlinux".to_owned())
            }
            Part::Bpf => None,
            Part::Containers => ["runc", "busybox", "python3"]
                .into_iter()
                .find(|program| !in_path(program))
                .map(|program| format!("no {program} in PATH"))
                .or_else(|| Part::Bpf.missing()),
        }
    }
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Whether the machine has all `parts`. Where one is missing it prints `skipped: ...`.
///
/// # Panics
/// When a missing part is named in `LANNER_REQUIRE`.
#[must_use]
pub fn machine_has(parts: &[Part]) -> bool {
    let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
    for part in parts {
        let Some(fact) = part.missing() else { continue };
        assert!(
            !required.split(',').any(|required| required == part.name()),
            "LANNER_REQUIRE names `{}`, but: {fact}",
            part.name()
        );
        println!("skipped: {}: {fact}", part.name());
        return false;
    }
    true
}
