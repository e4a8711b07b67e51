//! Texts that are kept once, however many series have them.

use std::collections::HashSet;
use std::sync::Arc;

use lanner_model::series::Labels;

/// Label names and values.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    texts: HashSet<Arc<str>>,
}

impl Symbols {
    /// The labels' pairs with texts that are shared with all other series.
    pub(crate) fn intern(&mut self, labels: &Labels) -> Vec<(Arc<str>, Arc<str>)> {
        labels.iter().map(|(name, value)| (self.text(name), self.text(value))).collect()
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.texts.insert(new.clone());
        new
    }

    /// Forgets texts that nobody has any more.
    pub(crate) fn forget_unused(&mut self) {
        self.texts.retain(|text| Arc::strong_count(text) > 1);
    }
}
