//! Paths as bytes, joined and cleaned without asking a file system.

/// `path` as seen from `base`, cleaned: no `.`, no `..`, no doubled or trailing slash. An absolute
/// `path` does not look at `base`. `base` must end with a slash to be a directory.
pub(crate) fn join(base: &[u8], path: &[u8]) -> Vec<u8> {
    let relative = path.first().is_some_and(|first| *first != b'/');
    let mut out = Vec::with_capacity(path.len() + if relative { base.len() } else { 0 });
    if relative {
        out.extend_from_slice(base);
    }
    let had_base = !out.is_empty();
    let mut rest = path;
    while let Some(first) = rest.first() {
        let at_start_of_name = out.last().is_none_or(|last| *last == b'/');
        if *first == b'.' && at_start_of_name {
            match rest {
                [b'.', b'.', b'/', tail @ ..] => {
                    leave(&mut out);
                    rest = tail;
                    continue;
                }
                [b'.', b'.'] => {
                    leave(&mut out);
                    break;
                }
                [b'.', b'/', tail @ ..] => {
                    rest = tail;
                    continue;
                }
                [b'.'] => break,
                _ => {}
            }
        }
        let swallowed = *first == b'/' && (out.last() == Some(&b'/') || (out.is_empty() && had_base));
        if !swallowed {
            out.push(*first);
        }
        rest = &rest[1..];
    }
    if out.len() > 1 && out.last() == Some(&b'/') {
        out.pop();
    }
    out
}

/// Takes the last name off a path that ends with a slash.
fn leave(out: &mut Vec<u8>) {
    if out.len() <= 1 {
        return;
    }
    out.pop();
    while out.last().is_some_and(|last| *last != b'/') {
        out.pop();
    }
}

/// The part before the last slash; `/` for what lies at the top. A path that ends in a slash is
/// its own directory.
pub(crate) fn directory(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(0) | None => b"/",
        Some(at) if at + 1 == path.len() => path,
        Some(at) => &path[..at],
    }
}

/// The part behind the last slash.
pub(crate) fn file_name(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|byte| *byte == b'/') {
        None => b"/",
        Some(at) if at + 1 == path.len() => path,
        Some(at) => &path[at + 1..],
    }
}

/// A path without doubled slashes.
pub(crate) fn without_doubled_slashes(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    for byte in path {
        if *byte != b'/' || out.last() != Some(&b'/') {
            out.push(*byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, path: &str, want: &str) {
        let got = join(base.as_bytes(), path.as_bytes());
        assert_eq!(String::from_utf8_lossy(&got), want, "{base:?} + {path:?}");
    }

    #[test]
    fn paths_are_cleaned_as_the_kernel_walks_them() {
        check("/home/a/", "b", "/home/a/b");
        check("/home/a/", "../b//c/", "/home/b/c");
        check("/home/a/", "./././b/.", "/home/a/b");
        check("/home/a/", "../../../../etc/passwd", "/etc/passwd");
        check("/home/a/", "/etc/./passwd", "/etc/passwd");
        check("/home/a/", "..", "/home");
        check("/home/a/", ".", "/home/a");
        check("/", "/", "/");
        check("", "a/../b", "b");
        check("", "/foo/../a", "/a");
        check("/x/", "..hidden/...", "/x/..hidden/...");
        check("/x/", "", "");
    }

    #[test]
    fn a_path_has_a_directory_and_a_name() {
        assert_eq!(directory(b"/etc/passwd"), b"/etc");
        assert_eq!(directory(b"/passwd"), b"/");
        assert_eq!(directory(b"passwd"), b"/");
        assert_eq!(file_name(b"/etc/passwd"), b"passwd");
        assert_eq!(without_doubled_slashes(b"//etc///x"), b"/etc/x");
    }
}
