//! libbpf's messages go to tracing, and those of a failed load are kept to be read.

use std::cell::RefCell;

use libbpf_rs::{PrintLevel, set_print};

/// Most text kept of one load: the verifier's log of a large program is megabytes.
const KEPT_BYTES: usize = 64 * 1024;

thread_local! {
    // libbpf calls back on the thread that called it.
    static KEPT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work` and gives what it gave and what libbpf said meanwhile.
pub(crate) fn listen<T>(work: impl FnOnce() -> T) -> (T, String) {
    set_print(Some((PrintLevel::Debug, take)));
    KEPT.set(Some(String::new()));
    let result = work();
    (result, KEPT.take().unwrap_or_default())
}

fn take(level: PrintLevel, text: String) {
    let line = text.trim_end();
    match level {
        PrintLevel::Warn => tracing::debug!(target: "libbpf", "{line}"),
        PrintLevel::Info | PrintLevel::Debug => tracing::trace!(target: "libbpf", "{line}"),
    }
    if !matches!(level, PrintLevel::Warn) {
        return;
    }
    KEPT.with_borrow_mut(|kept| {
        if let Some(kept) = kept {
            kept.push_str(&text);
            if kept.len() > KEPT_BYTES {
                // The end of a verifier's log says why.
                let cut = kept.ceil_char_boundary(kept.len() - KEPT_BYTES / 2);
                kept.drain(..cut);
            }
        }
    });
}
