//! What captures show, in the form of the API.

use lanner_api::http::{
    InspectAncestor, InspectCategory, InspectCell, InspectColumn, InspectColumnKind, InspectEvent,
    InspectEventDetail, InspectEvents, InspectField, InspectOverview, InspectParam, InspectRow, InspectTable,
    InspectTile, InspectUnit, InspectViewCount, LossCount,
};
use lanner_inspect::{
    Category, Cell, Choice, ColumnKind, EventDetail, EventLine, EventList, Param, Row, Summary, Table, Tile,
    Unit, ViewName,
};
use lanner_model::finding::ProcessNode;
use lanner_model::id::{Pid, ProcessKey};
use lanner_model::time::WallNs;

use super::ask::api_view;

/// The overview; `window` is the summary of the window of time, where there is one.
pub(super) fn overview(
    whole: &Summary,
    window: Option<&Summary>,
    size_bytes: u64,
    steps: usize,
) -> InspectOverview {
    let tiles = whole.tiles(steps);
    let selected = window.map(|window| window.tiles(1).tiles);
    let of_window = |at: usize| selected.as_ref().and_then(|tiles| tiles.get(at)).map(|tile| tile.total);
    let span = whole.span();
    let shown = window.unwrap_or(whole);
    let ended = whole.ended();
    InspectOverview {
        first_ns: span.map(|(first, _)| first.to_string()),
        last_ns: span.map(|(_, last)| last.to_string()),
        steps_from_ns: span.map(|_| tiles.steps.from_ns.to_string()),
        step_ns: tiles.steps.step_ns as f64,
        events: whole.events(),
        matched: whole.matched(),
        selected: window.map(Summary::matched),
        tiles: tiles.tiles.iter().enumerate().map(|(at, tile)| tile_of(tile, of_window(at))).collect(),
        views: ViewName::ALL
            .into_iter()
            .map(|view| InspectViewCount { name: api_view(view), rows: shown.rows(view) })
            .collect(),
        size_bytes,
        losses: ended
            .losses
            .iter()
            .map(|loss| LossCount {
                cause: loss.cause.as_str().to_owned(),
                place: loss.place.clone(),
                count: loss.count,
            })
            .collect(),
        cut: ended.cut.clone(),
        hostname: Some(ended.hostname.clone()).filter(|name| !name.is_empty()),
    }
}

fn tile_of(tile: &Tile, selected: Option<u64>) -> InspectTile {
    InspectTile {
        name: tile.info.name.to_owned(),
        category: match tile.info.category {
            Category::General => InspectCategory::General,
            Category::Security => InspectCategory::Security,
            Category::File => InspectCategory::File,
            Category::Network => InspectCategory::Network,
            Category::Performance => InspectCategory::Performance,
        },
        unit: match tile.info.unit {
            Unit::Count => InspectUnit::Count,
            Unit::Bytes => InspectUnit::Bytes,
        },
        total: tile.total,
        selected,
        values: tile.values.clone(),
        noteworthy: tile.info.is_noteworthy && tile.total > 0,
        empty: tile.total == 0,
        view: tile.info.view.to_owned(),
        sort: tile.info.sort.to_owned(),
        filter: tile.info.filter.to_owned(),
    }
}

/// A table with at most `limit` of its rows.
pub(super) fn table(view: ViewName, table: Table, limit: usize) -> InspectTable {
    let more = table.beyond + table.rows.len().saturating_sub(limit) as u64;
    let column = |column: &lanner_inspect::Column| InspectColumn {
        name: column.name.to_owned(),
        kind: match column.kind {
            ColumnKind::Text => InspectColumnKind::Text,
            ColumnKind::Code => InspectColumnKind::Code,
            ColumnKind::Word => InspectColumnKind::Word,
            ColumnKind::Id => InspectColumnKind::Id,
            ColumnKind::Count => InspectColumnKind::Count,
            ColumnKind::Bytes => InspectColumnKind::Bytes,
            ColumnKind::Time => InspectColumnKind::Time,
            ColumnKind::Event => InspectColumnKind::Event,
        },
    };
    InspectTable {
        view: api_view(view),
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows.into_iter().take(limit).map(row).collect(),
        more,
        sort: table.sort,
    }
}

fn row(row: Row) -> InspectRow {
    let cell = |cell| match cell {
        Cell::Unknown => None,
        Cell::Number(number) => Some(InspectCell::Number(number)),
        Cell::Text(text) => Some(InspectCell::Text(text)),
    };
    InspectRow {
        select: row.choice.to_string(),
        parent: row.parent.map(|parent| parent.to_string()),
        cells: row.cells.into_iter().map(cell).collect(),
    }
}

/// A page of events.
pub(super) fn events(list: EventList) -> InspectEvents {
    let number = |event: Option<&EventLine>| event.map(|event| event.number);
    InspectEvents {
        before: number(list.events.first()).filter(|_| list.has_before),
        after: number(list.events.last()).filter(|_| list.has_after),
        events: list.events.into_iter().map(line).collect(),
    }
}

fn line(line: EventLine) -> InspectEvent {
    InspectEvent {
        number: line.number,
        time_ns: line.time_ns.to_string(),
        cpu: line.cpu,
        tid: line.tid,
        process: line.process.map(|process| process.to_string()),
        comm: line.comm,
        container: line.container,
        event_type: line.event_type,
        direction: line.direction,
        args: line.args,
        failed: line.failed,
    }
}

/// One event.
pub(super) fn event(detail: EventDetail) -> InspectEventDetail {
    InspectEventDetail {
        event: line(detail.line),
        params: detail.params.into_iter().map(param).collect(),
        fields: detail.fields.into_iter().map(|(name, value)| InspectField { name, value }).collect(),
        ancestry: detail.ancestry.iter().rev().map(ancestor).collect(),
    }
}

fn param(param: Param) -> InspectParam {
    InspectParam {
        name: param.name,
        param_type: param.param_type,
        text: param.text,
        hex: param.data.map(|data| hex(&data)),
        size_bytes: param.size_bytes,
    }
}

fn hex(data: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * data.len());
    for byte in data {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn ancestor(process: &ProcessNode) -> InspectAncestor {
    const TICK_NS: u64 = 10_000_000;
    let start = process.start.0;
    let key = ProcessKey { pid: Pid(process.pid), start: WallNs(start - start % TICK_NS) };
    InspectAncestor {
        pid: process.pid,
        comm: process.comm.clone(),
        cmdline: process.cmdline.clone(),
        select: Choice::Process(key).to_string(),
    }
}
