//! A YAML file as a tree of nodes that know where they stand.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::source::{Composed, Location};

/// A node.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) at: Location,
    pub(crate) kind: NodeKind,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    /// Text; what it means is for the reader to say.
    Scalar(Composed),
    Sequence(Vec<Rc<Node>>),
    /// Pairs in the order of the file.
    Mapping(Vec<(Rc<Node>, Rc<Node>)>),
    /// Nothing after the colon, `~` or `null`.
    Null,
}

/// Why a file is no YAML, and where.
#[derive(Debug)]
pub(crate) struct YamlError {
    pub(crate) at: Location,
    pub(crate) message: String,
}

/// How deep nodes may lie in each other. The deepest of the rule language is a value in a list of
/// an exception's values: 7.
const DEPTH_MAX: usize = 32;

impl Node {
    pub(crate) fn scalar(&self) -> Option<&Composed> {
        match &self.kind {
            NodeKind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.scalar().map(Composed::text)
    }

    pub(crate) fn sequence(&self) -> Option<&[Rc<Node>]> {
        match &self.kind {
            NodeKind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn mapping(&self) -> Option<&[(Rc<Node>, Rc<Node>)]> {
        match &self.kind {
            NodeKind::Mapping(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The value of a key of a mapping, the first where there are two.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let pair = self.mapping()?.iter().find(|(name, _)| name.text() == Some(key));
        pair.map(|(_, value)| &**value)
    }
}

/// How often reading begins again in one file, for repairs and behind mistakes.
const RESTARTS_MAX: usize = 64;

/// Reads all documents of a file. A mistake costs the item it is in: reading goes on at the next
/// line that begins an item.
pub(crate) fn parse(file: usize, source: &str) -> (Vec<Rc<Node>>, Vec<YamlError>) {
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    let mut text = source.to_owned();
    for _ in 0..RESTARTS_MAX {
        let (read, error) = parse_once(file, &text);
        let Some(error) = error else {
            documents.extend(read);
            break;
        };
        if let Some(repaired) = join_closing_bracket(&text, error.at.start) {
            text = repaired;
            continue;
        }
        documents.extend(read);
        let next = next_item(&text, error.at.start);
        errors.push(error);
        match next {
            Some(next) => text = blank_before(&text, next),
            None => break,
        }
    }
    (documents, errors)
}

fn parse_once(file: usize, source: &str) -> (Vec<Rc<Node>>, Option<YamlError>) {
    let mut reader = Reader {
        file,
        source,
        byte_of_char: (!source.is_ascii()).then(|| source.char_indices().map(|(at, _)| at).collect()),
        documents: Vec::new(),
        open: Vec::new(),
        anchors: FxHashMap::default(),
    };
    for event in Parser::new_from_str(source) {
        let step = match event {
            Ok((event, span)) => reader.event(event, span.start.index(), span.end.index()),
            Err(error) => {
                let at = reader.location(error.marker().index(), error.marker().index() + 1);
                Err(YamlError { at, message: error.info().to_owned() })
            }
        };
        if let Err(error) = step {
            return (reader.give_up(), Some(error));
        }
    }
    (reader.documents, None)
}

/// Rule files close lists with a bracket that is not indented further than its key. YAML forbids
/// that, but Falco's reader takes it. The bracket is drawn up to the line before, without a byte
/// moving.
fn join_closing_bracket(text: &str, at: usize) -> Option<String> {
    text.get(at..).filter(|rest| rest.starts_with([']', '}']))?;
    let before = text[..at].trim_end();
    let gap = &text[before.len()..at];
    if !gap.contains('\n') {
        return None;
    }
    // A comment at the end of that line would swallow the bracket.
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = &before[line_start..];
    let comment = if line.trim_start().starts_with('#') { Some(0) } else { line.find(" #") };
    let from = line_start + comment.unwrap_or(line.len());
    Some(format!("{}{}{}", &text[..from], blanked(&text[from..at], false), &text[at..]))
}

/// The first line behind `at` that begins an item of a rule file.
fn next_item(text: &str, at: usize) -> Option<usize> {
    let start = (0..=at).rev().find(|at| text.is_char_boundary(*at))?;
    text[start..].find("\n- ").map(|found| start + found + 1)
}

fn blank_before(text: &str, at: usize) -> String {
    blanked(&text[..at], true) + &text[at..]
}

/// As many bytes and, for ASCII, as many characters, all of them blank.
fn blanked(text: &str, keep_newlines: bool) -> String {
    let blank = |c: char| if keep_newlines && c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) };
    text.chars().map(blank).collect()
}

struct Reader<'s> {
    file: usize,
    source: &'s str,
    /// The parser counts characters; this turns them to bytes where that is not the same.
    byte_of_char: Option<Vec<usize>>,
    documents: Vec<Rc<Node>>,
    open: Vec<Open>,
    anchors: FxHashMap<usize, Rc<Node>>,
}

/// A sequence or mapping whose end has not come.
struct Open {
    start: usize,
    anchor: usize,
    children: Vec<Rc<Node>>,
    is_mapping: bool,
}

impl Open {
    fn node(self, file: usize, end: usize) -> Rc<Node> {
        let kind = if self.is_mapping {
            let mut pairs = Vec::with_capacity(self.children.len() / 2);
            let mut children = self.children.into_iter();
            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                pairs.push((key, value));
            }
            NodeKind::Mapping(pairs)
        } else {
            NodeKind::Sequence(self.children)
        };
        Rc::new(Node { at: Location { file, start: self.start, end: end.max(self.start) }, kind })
    }
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<(), YamlError> {
        let at = self.location(start, end);
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let node = Rc::new(Node { at, kind: self.scalar(&value, style, at) });
                self.add(node, anchor);
            }
            Event::SequenceStart(anchor, _) => self.open(at, anchor, false)?,
            Event::MappingStart(anchor, _) => self.open(at, anchor, true)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let anchor = open.anchor;
                    let node = open.node(self.file, at.start);
                    self.add(node, anchor);
                }
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(node) => {
                    let node = Rc::clone(node);
                    self.add(node, 0);
                }
                None => return Err(YamlError { at, message: "an alias inside of what it names".to_owned() }),
            },
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(&mut self, at: Location, anchor: usize, is_mapping: bool) -> Result<(), YamlError> {
        if self.open.len() >= DEPTH_MAX {
            return Err(YamlError { at, message: format!("nested deeper than {DEPTH_MAX} levels") });
        }
        self.open.push(Open { start: at.start, anchor, children: Vec::new(), is_mapping });
        Ok(())
    }

    fn add(&mut self, node: Rc<Node>, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.documents.push(node),
        }
    }

    /// Closes what is open as if the file ended here; the item that was being read is dropped.
    fn give_up(mut self) -> Vec<Rc<Node>> {
        self.open.truncate(1);
        if let Some(outermost) = self.open.pop() {
            let node = outermost.node(self.file, self.source.len());
            self.documents.push(node);
        }
        self.documents
    }

    fn location(&self, start: usize, end: usize) -> Location {
        let byte = |index: usize| match &self.byte_of_char {
            None => index.min(self.source.len()),
            Some(table) => table.get(index).copied().unwrap_or(self.source.len()),
        };
        Location { file: self.file, start: byte(start), end: byte(end) }
    }

    fn scalar(&self, value: &str, style: ScalarStyle, at: Location) -> NodeKind {
        if style == ScalarStyle::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL") {
            return NodeKind::Null;
        }
        let offsets = self.offsets(value, style, at.start);
        NodeKind::Scalar(Composed::mapped(value.to_owned(), offsets, at))
    }

    /// For each byte of a scalar's value its place in the file. Folding changes white space only
    /// and escapes add characters only, so the value's other characters stand in the file in the
    /// same order: walking both at once finds them.
    fn offsets(&self, value: &str, style: ScalarStyle, start: usize) -> Vec<u32> {
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let mut raw = start + usize::from(quoted);
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if is_block && self.source.get(start..).is_some_and(|rest| rest.starts_with(['|', '>'])) {
            // Behind the line with the `|` or `>`.
            raw += self.source[start..].find('\n').unwrap_or(0);
        }
        let mut offsets = Vec::with_capacity(value.len());
        for wanted in value.chars() {
            let rest = self.source.get(raw..).unwrap_or("");
            if !wanted.is_whitespace() {
                raw += rest.len() - rest.trim_start().len();
                let here = self.source.get(raw..).unwrap_or("");
                // `\"` and `''`: the character stands one further. `\x41` stands nowhere as itself.
                if quoted
                    && !here.starts_with(wanted)
                    && here.get(1..).is_some_and(|next| next.starts_with(wanted))
                {
                    raw += 1;
                }
            }
            let place = raw.min(self.source.len()) as u32;
            offsets.extend(std::iter::repeat_n(place, wanted.len_utf8()));
            raw += self.source.get(raw..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
        offsets
    }
}
