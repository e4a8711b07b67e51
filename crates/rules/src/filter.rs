//! A single condition, as the command line takes it.

use lanner_model::field::FieldRef;

use crate::compiler::Compiler;
use crate::diagnostic::{Diagnostic, Report};
use crate::event_type_set::EventTypeSet;
use crate::facts::Facts;
use crate::list::Lists;
use crate::program::{Memo, NodeId, Program, Run};
use crate::source::{Composed, SourceFile};

/// A condition without macros and lists: `evt.type = openat and fd.name startswith /etc`.
#[derive(Debug)]
pub struct Filter {
    program: Program,
    root: NodeId,
    event_types: EventTypeSet,
}

impl Filter {
    /// Reads a condition.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let sources = [SourceFile::new("filter", text)];
        let mut report = Report::new(&sources);
        let mut compiler = Compiler::new(&[], Lists::default(), &mut report);
        let root = compiler.condition(&Composed::verbatim(0, text));
        let builder = compiler.builder;
        match root {
            Some(root) => Ok(Self { event_types: builder.event_types(root), program: builder.program, root }),
            None => Err(report.diagnostics),
        }
    }

    /// Whether the condition holds for an event.
    #[must_use]
    pub fn matches(&self, facts: &(impl Facts + ?Sized)) -> bool {
        let mut memo = Memo::new(&self.program);
        Run::new(&self.program, facts, None, &mut memo, Vec::new()).holds(self.root)
    }

    /// The event types for which it can hold.
    #[must_use]
    pub fn event_types(&self) -> EventTypeSet {
        self.event_types
    }

    /// The fields it names.
    #[must_use]
    pub fn fields(&self) -> &[FieldRef] {
        &self.program.fields
    }
}
