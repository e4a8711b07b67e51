//! Reading Rust just closely enough: text without comments, strings and tests, and the paths in it.

/// `text` with comments, string contents and `#[cfg(test)]` items blanked.
pub(super) fn code_only(text: &str) -> String {
    without_tests(&without_comments_and_strings(text))
}

fn without_comments_and_strings(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") {
            at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        } else if rest.starts_with(b"/*") {
            at += find(rest, b"*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(hashes) = raw_string_hashes(rest) {
            let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
            let body = 2 + hashes;
            at += body + find(&rest[body..], &close).map_or(rest.len() - body, |end| end + close.len());
            out.extend_from_slice(b"\"\"");
        } else if rest[0] == b'"' {
            let mut end = 1;
            while end < rest.len() && rest[end] != b'"' {
                end += if rest[end] == b'\\' { 2 } else { 1 };
            }
            at += (end + 1).min(rest.len());
            out.extend_from_slice(b"\"\"");
        } else if rest.starts_with(b"'\"'") || rest.starts_with(b"'{'") || rest.starts_with(b"'}'") {
            at += 3;
        } else {
            out.push(rest[0]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn raw_string_hashes(rest: &[u8]) -> Option<usize> {
    let after = rest.strip_prefix(b"r")?;
    let hashes = after.iter().take_while(|byte| **byte == b'#').count();
    (after.get(hashes) == Some(&b'"')).then_some(hashes)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = match (item.find('{'), item.find(';')) {
            (Some(open), semicolon) if semicolon.is_none_or(|semicolon| open < semicolon) => {
                closing_brace(item, open)
            }
            (_, Some(semicolon)) => semicolon + 1,
            _ => item.len(),
        };
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

fn closing_brace(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// A path that code names, and whether it is handed on (`pub use`).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamedPath {
    pub(super) segments: Vec<String>,
    pub(super) re_exported: bool,
}

/// All paths in `use` items and all that begin with `crate`, `super` or `self` elsewhere.
pub(super) fn paths(code: &str) -> Vec<NamedPath> {
    let mut found = Vec::new();
    let mut body = String::new();
    let mut statement_start = true;
    let mut rest = code;
    // Items begin where a line does: rustfmt sees to that.
    while !rest.is_empty() {
        let line_end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest[..line_end].trim_start();
        let visible = line.starts_with("pub");
        let item = if visible {
            line.split_once("use ")
                .filter(|(before, _)| before.trim_end().ends_with([')', 'b']))
                .map(|(_, tree)| tree)
        } else {
            line.strip_prefix("use ")
        };
        if statement_start && item.is_some() {
            let end = rest.find(';').unwrap_or(rest.len());
            let at = rest.find("use ").unwrap_or(0) + 4;
            let tree: String = rest[at..end.max(at)].split_whitespace().collect::<Vec<_>>().join(" ");
            tree_paths(&tree, &mut Vec::new(), visible, &mut found);
            rest = rest.get(end + 1..).unwrap_or("");
        } else {
            body.push_str(&rest[..line_end]);
            rest = &rest[line_end..];
        }
        statement_start = true;
    }
    inline_paths(&body, &mut found);
    found
}

fn tree_paths(tree: &str, prefix: &mut Vec<String>, re_exported: bool, into: &mut Vec<NamedPath>) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let before = tree[..open].trim_end_matches("::");
        let depth = prefix.len();
        prefix.extend(before.split("::").filter(|part| !part.is_empty()).map(|part| part.trim().to_owned()));
        let close = tree.rfind('}').unwrap_or(tree.len());
        for part in split_top(&tree[open + 1..close.max(open + 1)]) {
            tree_paths(part, prefix, re_exported, into);
        }
        prefix.truncate(depth);
    } else if !tree.is_empty() {
        let name = tree.split(" as ").next().unwrap_or(tree);
        let segments = prefix.iter().cloned().chain(name.split("::").map(|part| part.trim().to_owned()));
        into.push(NamedPath { segments: segments.filter(|part| !part.is_empty()).collect(), re_exported });
    }
}

fn split_top(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

fn inline_paths(code: &str, into: &mut Vec<NamedPath>) {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|character| is_word(character) || character == ':' || character == '$') {
                continue;
            }
            let end = code[at..].find(|character: char| !is_word(character) && character != ':');
            let path = &code[at..end.map_or(code.len(), |end| at + end)];
            let segments = path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            into.push(NamedPath { segments, re_exported: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(code: &str) -> Vec<String> {
        paths(&code_only(code)).iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn use_trees_are_taken_apart() {
        let code = "use crate::a::{b::C, d as e};\npub(crate) use x::Y;\nfn f() { super::g::h(1) }\n";
        assert_eq!(named(code), ["crate::a::b::C", "crate::a::d", "x::Y", "super::g::h"]);
    }

    #[test]
    fn comments_strings_and_tests_do_not_count() {
        let code = "// use crate::a;\nfn f() { \"crate::b\"; }\n#[cfg(test)]\nmod tests { use super::c; }\nuse crate::d;\n";
        assert_eq!(named(code), ["crate::d"]);
    }
}
