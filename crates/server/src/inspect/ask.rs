//! What is asked of a capture, checked.

use lanner_api::http::InspectView;
use lanner_inspect::{Selection, ViewName};

use super::error::InspectError;

/// The texts of a selection, as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ask {
    path: String,
    filter: String,
    t0: Option<u64>,
    t1: Option<u64>,
}

impl Ask {
    /// From the parameters that all paths of the room take.
    pub(crate) fn new(
        path: Option<String>,
        filter: Option<String>,
        t0: Option<String>,
        t1: Option<String>,
    ) -> Result<Self, InspectError> {
        let ask = Self {
            path: path.unwrap_or_default(),
            filter: filter.unwrap_or_default(),
            t0: moment("t0", t0)?,
            t1: moment("t1", t1)?,
        };
        // What is wrong with it is told before the capture is read.
        ask.selection()?;
        Ok(ask)
    }

    /// What it selects.
    pub(crate) fn selection(&self) -> Result<Selection, InspectError> {
        Ok(Selection::parse(&self.path, &self.filter)?.within(self.t0, self.t1))
    }

    /// The same over the whole time.
    pub(crate) fn whole(&self) -> Self {
        Self { t0: None, t1: None, ..self.clone() }
    }

    pub(crate) fn has_window(&self) -> bool {
        self.t0.is_some() || self.t1.is_some()
    }
}

/// A moment in nanoseconds.
pub(crate) fn moment(what: &'static str, text: Option<String>) -> Result<Option<u64>, InspectError> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| InspectError::Moment { what })).transpose()
}

/// The view that a path of the API names.
pub(crate) fn view_of(name: &str) -> Result<ViewName, InspectError> {
    let named = |view: &ViewName| word(*view) == name;
    let view = ViewName::ALL.into_iter().find(named);
    view.ok_or_else(|| InspectError::View { view: name.chars().take(64).collect() })
}

/// The word for a view, as it stands in JSON.
pub(super) fn word(view: ViewName) -> &'static str {
    match view {
        ViewName::Processes => "processes",
        ViewName::Containers => "containers",
        ViewName::Commands => "commands",
        ViewName::Files => "files",
        ViewName::Connections => "connections",
        ViewName::Ports => "ports",
        ViewName::Syscalls => "syscalls",
        ViewName::Errors => "errors",
    }
}

/// The view as the API has it.
pub(super) fn api_view(view: ViewName) -> InspectView {
    match view {
        ViewName::Processes => InspectView::Processes,
        ViewName::Containers => InspectView::Containers,
        ViewName::Commands => InspectView::Commands,
        ViewName::Files => InspectView::Files,
        ViewName::Connections => InspectView::Connections,
        ViewName::Ports => InspectView::Ports,
        ViewName::Syscalls => InspectView::Syscalls,
        ViewName::Errors => InspectView::Errors,
    }
}
