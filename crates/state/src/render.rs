//! Parameters as people read them: `fd=3(<f>/etc/passwd) flags=4097(O_RDONLY|O_CLOEXEC)`.
//!
//! Each has a plain form (`3`) and often a resolved one (`<f>/etc/passwd`). The forms are those of
//! Falco, since rules compare with them and people know them by sight.

use std::io::Write as _;

use lanner_model::event::{
    EventRef, NameValue, ParamInfo, ParamType, PrintFormat, SockAddr, SockTuple, syscall,
};

use crate::fd;
use crate::fd::Protocol;
use crate::moment;
use crate::names;
use crate::view::View;

/// A parameter as text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) plain: Vec<u8>,
    /// Empty where there is nothing to resolve.
    pub(crate) resolved: Vec<u8>,
}

impl Rendered {
    /// What says most.
    pub(crate) fn best(self) -> Vec<u8> {
        if self.resolved.is_empty() { self.plain } else { self.resolved }
    }
}

/// All parameters: `name=plain(resolved)`, one space between.
pub(crate) fn all(view: &View<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let Some(info) = view.event().event_type().info() else { return out };
    for (index, (param, bytes)) in info.params.iter().zip(view.event().params()).enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(param.name.as_bytes());
        out.push(b'=');
        let rendered = one(view, index, param, bytes);
        out.extend_from_slice(&rendered.plain);
        if !rendered.resolved.is_empty() {
            out.push(b'(');
            out.extend_from_slice(&rendered.resolved);
            out.push(b')');
        }
    }
    out
}

/// One parameter. `bytes` is `None` for one that is there but empty.
pub(crate) fn one(view: &View<'_>, index: usize, param: &ParamInfo, bytes: Option<&[u8]>) -> Rendered {
    let Some(bytes) = bytes else {
        let absent: &[u8] = match param.param_type {
            ParamType::Bytebuf
            | ParamType::Socktuple
            | ParamType::Fdlist
            | ParamType::Charbufarray
            | ParamType::CharbufPairArray
            | ParamType::Dyn => b"NULL",
            _ => b"<NA>",
        };
        return Rendered { plain: absent.to_vec(), ..Rendered::default() };
    };
    if param.param_type == ParamType::Dyn {
        // The first byte says what follows.
        let chosen = bytes
            .split_first()
            .and_then(|(choice, rest)| Some((param.variants.get(usize::from(*choice))?, rest)));
        return match chosen {
            Some((kind, rest)) => of_type(view, index, param, *kind, rest),
            None => Rendered::default(),
        };
    }
    of_type(view, index, param, param.param_type, bytes)
}

fn of_type(view: &View<'_>, index: usize, param: &ParamInfo, kind: ParamType, bytes: &[u8]) -> Rendered {
    let plain = |plain: Vec<u8>| Rendered { plain, ..Rendered::default() };
    let unsigned = || unsigned(bytes).unwrap_or(0);
    let signed = || signed(bytes).unwrap_or(0);
    match kind {
        ParamType::Int8 | ParamType::Int16 | ParamType::Int32 | ParamType::Int64 => {
            plain(number(signed(), unsigned(), param.format))
        }
        // Unsigned numbers of 32 and 64 bits are shown as if they were signed.
        ParamType::Uint32 | ParamType::Uint64 => plain(number(signed(), unsigned(), param.format)),
        ParamType::Uint8
        | ParamType::Uint16
        | ParamType::Port
        | ParamType::L4proto
        | ParamType::Sockfamily => plain(number(unsigned() as i64, unsigned(), param.format)),
        ParamType::Bool => plain(if unsigned() != 0 { b"true".to_vec() } else { b"false".to_vec() }),
        ParamType::Fd | ParamType::Fd32 => descriptor(view, signed()),
        ParamType::Pid | ParamType::Pid32 => Rendered {
            plain: decimal(signed()),
            resolved: view.state().leader(signed()).map(|thread| thread.comm.to_vec()).unwrap_or_default(),
        },
        ParamType::Errno => {
            let resolved = signed().checked_neg().and_then(|code| names::error(u64::try_from(code).ok()?));
            Rendered { plain: decimal(signed()), resolved: resolved.unwrap_or_default().into() }
        }
        ParamType::Charbuf => plain(text(bytes).to_vec()),
        ParamType::Fspath | ParamType::Fsrelpath => {
            let path = text(bytes);
            let resolved = match path.first() {
                None | Some(b'/') => None,
                Some(_) => view.absolute_param(index),
            };
            Rendered { plain: path.to_vec(), resolved: resolved.unwrap_or_default() }
        }
        ParamType::Bytebuf => plain(bytes.iter().map(|byte| printable(*byte)).collect()),
        ParamType::Sockaddr => plain(address(bytes)),
        ParamType::Socktuple => plain(tuple(bytes)),
        ParamType::Fdlist => plain(fd_list(view, bytes)),
        ParamType::Syscallid => Rendered {
            plain: decimal(unsigned()),
            resolved: syscall::name(unsigned() as u16).unwrap_or_default().into(),
        },
        ParamType::Sigtype => Rendered {
            plain: decimal(unsigned()),
            resolved: names::signal(unsigned() as u8).unwrap_or_default().into(),
        },
        ParamType::Reltime if unsigned() == u64::MAX => plain(b"none".to_vec()),
        ParamType::Reltime => {
            let mut resolved = shortest(unsigned() as f64 / 1e9);
            resolved.push('s');
            Rendered { plain: decimal(unsigned()), resolved: resolved.into() }
        }
        ParamType::Abstime => {
            let time = unsigned();
            plain(format!("{} {}", moment::date(time), moment::clock_ns(time)).into())
        }
        ParamType::Flags8 | ParamType::Flags16 | ParamType::Flags32 => {
            Rendered { plain: decimal(unsigned()), resolved: flags(param.names, unsigned() as u32) }
        }
        ParamType::Enumflags8 | ParamType::Enumflags16 | ParamType::Enumflags32 => {
            Rendered { plain: decimal(unsigned()), resolved: exact(param.names, unsigned() as u32) }
        }
        ParamType::Mode => Rendered {
            plain: number(signed(), unsigned(), param.format),
            resolved: mode(param.names, unsigned() as u32),
        },
        ParamType::Uid | ParamType::Gid => owner(view, kind, unsigned() as u32),
        ParamType::Sigset => {
            let set = unsigned() as u32;
            let all = (1..=31).filter(|signal| set & (1 << (signal - 1)) != 0).filter_map(names::signal);
            plain(all.collect::<Vec<_>>().join(" ").into())
        }
        ParamType::Charbufarray => {
            plain(text(bytes).iter().map(|byte| if *byte == 0 { b'.' } else { *byte }).collect())
        }
        ParamType::CharbufPairArray
        | ParamType::None
        | ParamType::Dyn
        | ParamType::Double
        | ParamType::Ipv4addr
        | ParamType::Ipv4net
        | ParamType::Ipv6addr
        | ParamType::Ipv6net
        | ParamType::Ipaddr
        | ParamType::Ipnet => plain(b"(n.a.)".to_vec()),
    }
}

fn descriptor(view: &View<'_>, fd: i64) -> Rendered {
    let mut resolved = Vec::new();
    if fd == crate::fold::AT_FDCWD {
        resolved.extend_from_slice(b"AT_FDCWD");
    } else if fd < 0 {
        let name = fd.checked_neg().and_then(|code| names::error(u64::try_from(code).ok()?));
        resolved.extend_from_slice(name.unwrap_or_default().as_bytes());
    } else if let Some(descriptor) = view.descriptor_by_number(fd) {
        resolved.extend_from_slice(&[b'<', descriptor.type_char()]);
        if descriptor.is_inet() {
            resolved.extend_from_slice(match descriptor.spoken() {
                Protocol::Tcp => b"t",
                Protocol::Udp => b"u",
                Protocol::Icmp => b"i",
                Protocol::Raw => b"r",
                Protocol::Unknown => b"",
            });
        }
        resolved.push(b'>');
        resolved.extend_from_slice(&descriptor.name);
    }
    Rendered { plain: decimal(fd), resolved }
}

fn owner(view: &View<'_>, kind: ParamType, id: u32) -> Rendered {
    if id == u32::MAX {
        return Rendered { plain: b"-1".to_vec(), resolved: b"<NONE>".to_vec() };
    }
    let container = view.container().map(|info| &info.id);
    let users = &view.state().users;
    let name = match kind {
        ParamType::Uid => users.user_name(container, id),
        _ => users.group_name(container, id),
    };
    Rendered { plain: decimal(id), resolved: name.unwrap_or("<NA>").into() }
}

fn address(bytes: &[u8]) -> Vec<u8> {
    match SockAddr::decode(bytes) {
        Some(SockAddr::Inet(address)) => fd::address_text(address),
        Some(SockAddr::Unix(path)) => path,
        Some(SockAddr::Other(family)) => format!("family {family}").into(),
        None => Vec::new(),
    }
}

fn tuple(bytes: &[u8]) -> Vec<u8> {
    match SockTuple::decode(bytes) {
        Some(SockTuple::Inet { source, target }) => {
            let mut socket = fd::Descriptor::new(0);
            socket.pair(source, target);
            let (source, target) = socket.both_ends().unwrap_or((source, target));
            fd::pair_text(source, target)
        }
        Some(SockTuple::Unix { source, target, path }) => fd::unix_text(source, target, &path),
        None => bytes.first().map(|family| format!("family {family}").into()).unwrap_or_default(),
    }
}

/// `4:64 5:?1`: number, kind and event bits of each descriptor of a poll.
fn fd_list(view: &View<'_>, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, (fd, bits)) in polled(bytes).enumerate() {
        let kind = view.descriptor_by_number(fd).map_or(b'?', fd::Descriptor::type_char);
        if index > 0 {
            out.push(b' ');
        }
        let _ = write!(out, "{fd}:{}{bits:x}", char::from(kind));
    }
    out
}

/// The descriptors of a poll with their event bits.
pub(crate) fn polled(bytes: &[u8]) -> impl Iterator<Item = (i64, u16)> {
    let (count, rest) =
        bytes.split_first_chunk::<2>().map_or((0, bytes), |(count, rest)| (u16::from_le_bytes(*count), rest));
    rest.as_chunks::<10>().0.iter().take(usize::from(count)).map(|entry| {
        let (fd, bits) = entry.split_at(8);
        let fd = i64::from_le_bytes(fd.try_into().unwrap_or_default());
        (fd, u16::from_le_bytes(bits.try_into().unwrap_or_default()))
    })
}

/// The names of all flags that are set, `|` between.
fn flags(known: &[NameValue], value: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut left = value;
    for flag in known {
        let set = if flag.value == 0 { value == 0 } else { left & flag.value == flag.value };
        if !set {
            continue;
        }
        // What a flag stands for is used up, so that O_RDWR is not told as O_RDONLY, too.
        left &= !flag.value;
        push_name(&mut out, flag.name);
        if flag.value == value {
            break;
        }
    }
    out
}

/// The names of a value; several may stand for the same.
fn exact(known: &[NameValue], value: u32) -> Vec<u8> {
    let mut out = Vec::new();
    for name in known.iter().filter(|name| name.value == value) {
        push_name(&mut out, name.name);
    }
    out
}

/// A file mode: the parts of it that have names, or the one name of the whole.
fn mode(known: &[NameValue], value: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut left = value;
    for part in known {
        if part.value == value {
            push_name(&mut out, part.name);
            break;
        }
        if part.value != 0 && left & part.value == part.value {
            left &= !part.value;
            push_name(&mut out, part.name);
        }
    }
    out
}

fn push_name(out: &mut Vec<u8>, name: &str) {
    if !out.is_empty() {
        out.push(b'|');
    }
    out.extend_from_slice(name.as_bytes());
}

fn number(signed: i64, unsigned: u64, format: PrintFormat) -> Vec<u8> {
    match format {
        PrintFormat::Hex => format!("{unsigned:X}").into(),
        PrintFormat::Oct if unsigned == 0 => b"0".to_vec(),
        PrintFormat::Oct => format!("0{unsigned:o}").into(),
        PrintFormat::PaddedDec => format!("{signed:09}").into(),
        PrintFormat::Dec | PrintFormat::Na | PrintFormat::Id | PrintFormat::Dir => decimal(signed),
    }
}

/// A number with six significant digits and no zeros at its end, as C's `%g` has it.
pub(crate) fn shortest(number: f64) -> String {
    if number == 0.0 {
        return "0".to_string();
    }
    let exponent = number.abs().log10().floor() as i32;
    // Rounding to six digits may carry into the next power of ten.
    let rounded = format!("{number:.5e}");
    let exponent = rounded.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(exponent);
    let trim = |digits: &str| {
        if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.').to_string()
        } else {
            digits.to_string()
        }
    };
    if (-4..6).contains(&exponent) {
        trim(&format!("{number:.*}", (5 - exponent).max(0) as usize))
    } else {
        let mantissa = rounded.split_once('e').map_or(rounded.as_str(), |(mantissa, _)| mantissa);
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
    }
}

fn printable(byte: u8) -> u8 {
    if (0x20..0x7f).contains(&byte) { byte } else { b'.' }
}

/// Text up to its NUL. Old captures wrote `(NULL)` where there was none.
pub(crate) fn text(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    match &bytes[..end] {
        b"(NULL)" => b"<NA>",
        text => text,
    }
}

fn decimal(number: impl std::fmt::Display) -> Vec<u8> {
    number.to_string().into_bytes()
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    Some(match bytes.len() {
        1 => u64::from(bytes[0]),
        2 => u64::from(u16::from_le_bytes(bytes.try_into().ok()?)),
        4 => u64::from(u32::from_le_bytes(bytes.try_into().ok()?)),
        8 => u64::from_le_bytes(bytes.try_into().ok()?),
        _ => return None,
    })
}

fn signed(bytes: &[u8]) -> Option<i64> {
    Some(match bytes.len() {
        1 => i64::from(bytes[0].cast_signed()),
        2 => i64::from(i16::from_le_bytes(bytes.try_into().ok()?)),
        4 => i64::from(i32::from_le_bytes(bytes.try_into().ok()?)),
        8 => i64::from_le_bytes(bytes.try_into().ok()?),
        _ => return None,
    })
}

/// Where a parameter of that name is.
pub(crate) fn place(event: EventRef<'_>, name: &str) -> Option<usize> {
    event.event_type().info()?.params.iter().position(|param| param.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_as_short_as_c_prints_them() {
        for (number, want) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.5, "0.5"),
            (1234567.0, "1.23457e+06"),
            (0.00001, "1e-05"),
            (0.0001234567, "0.000123457"),
            (999999.9, "1e+06"),
            (60.0, "60"),
        ] {
            assert_eq!(shortest(number), want, "{number}");
        }
    }

    #[test]
    fn flags_are_told_once_each() {
        let known = [
            NameValue { name: "RDWR", value: 3 },
            NameValue { name: "WRONLY", value: 2 },
            NameValue { name: "RDONLY", value: 1 },
            NameValue { name: "NONE", value: 0 },
            NameValue { name: "CREAT", value: 4 },
        ];
        assert_eq!(flags(&known, 3), b"RDWR");
        assert_eq!(flags(&known, 6), b"WRONLY|CREAT");
        assert_eq!(flags(&known, 0), b"NONE");
        assert_eq!(exact(&known, 2), b"WRONLY");
    }
}
