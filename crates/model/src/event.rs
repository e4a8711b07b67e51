//! System-call events in the `.scap` layout.
//!
//! An event is one run of bytes (little endian, packed; `struct ppm_evt_hdr` of falcosecurity/libs
//! `driver/ppm_events_public.h`):
//!
//! | bytes | what |
//! |---|---|
//! | 8 | time stamp, nanoseconds since the epoch |
//! | 8 | thread id |
//! | 4 | length of the whole, header included |
//! | 2 | event type: an index into the generated table |
//! | 4 | number of parameters |
//! | 2 each (4 each in `large payload` events) | length of each parameter |
//! | | the parameters, one after another |
//!
//! A parameter of length 0 is absent. Later versions of an event only ever add parameters at its
//! end, so a reader asks by index and takes `None` for an answer. Live events of Lanner may carry
//! one parameter more than the table lists: the resolved descriptor ([`FdInfo`]), see
//! `docs/formats/event.md`.

mod build;
mod fd_info;
mod generated;
mod param;
mod record;
mod sockaddr;

pub use build::{EventBuf, Params};
pub use fd_info::FdInfo;
pub use generated::{EVENTS, flags, syscall, view};
pub use param::{Category, EventFlags, EventInfo, NameValue, ParamInfo, ParamType, PrintFormat};
pub use record::{EventError, EventRef, EventType, HEADER_LEN};
pub use sockaddr::{SockAddr, SockTuple};
