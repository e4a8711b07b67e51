//! How messages of HTTP/1.x begin (RFC 9112).

/// The longest path that is kept, in bytes as sent.
const MAX_PATH_BYTES: usize = 128;

/// The methods of RFC 9110 and 5789, and of WebDAV (RFC 4918, 3253, 5323).
const METHODS: &[&str] = &[
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "CONNECT",
    "TRACE",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "SEARCH",
    "REPORT",
];

const VERSION: &[u8] = b"HTTP/1.";

/// What data begins with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    Request(Request),
    Response(Response),
    /// Data ended before it could be told.
    Unclear,
    Other,
}

/// The beginning of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: Box<str>,
    /// Whether the path goes on beyond what is seen.
    pub(crate) is_cut: bool,
    /// Whether a body follows this data, so that what comes next is no request.
    pub(crate) has_more: bool,
}

/// The beginning of a response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    /// 100 to 599.
    pub(crate) status: u16,
}

/// Looks at the beginning of what a call carried.
pub(crate) fn beginning(data: &[u8]) -> Beginning {
    match response(data) {
        Beginning::Other => {}
        found => return found,
    }
    for method in METHODS {
        match after(method.as_bytes(), data) {
            Some([b' ', rest @ ..]) => return request(method, rest),
            Some([]) => return Beginning::Unclear,
            _ => {}
        }
    }
    Beginning::Other
}

/// What follows `word` in `data`; nothing when the data ends within the word.
fn after<'a>(word: &[u8], data: &'a [u8]) -> Option<&'a [u8]> {
    if data.len() <= word.len() { word.starts_with(data).then_some(&[]) } else { data.strip_prefix(word) }
}

fn response(data: &[u8]) -> Beginning {
    match after(VERSION, data) {
        None => Beginning::Other,
        Some([]) => Beginning::Unclear,
        Some(
            &[
                b'0'..=b'9',
                b' ',
                hundreds @ b'1'..=b'5',
                tens @ b'0'..=b'9',
                ones @ b'0'..=b'9',
                ref rest @ ..,
            ],
        ) if matches!(rest, [] | [b' ' | b'\r' | b'\n', ..]) => {
            let digit = |byte: u8| u16::from(byte - b'0');
            Beginning::Response(Response { status: digit(hundreds) * 100 + digit(tens) * 10 + digit(ones) })
        }
        Some(rest) if rest.len() < b"1 200".len() && is_cut_status(rest) => Beginning::Unclear,
        Some(_) => Beginning::Other,
    }
}

fn is_cut_status(rest: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        1 => *byte == b' ',
        2 => (b'1'..=b'5').contains(byte),
        _ => byte.is_ascii_digit(),
    };
    rest.iter().enumerate().all(fits)
}

/// `rest` begins with the target.
fn request(method: &'static str, rest: &[u8]) -> Beginning {
    if rest.is_empty() {
        return Beginning::Unclear;
    }
    let end = rest.iter().position(|byte| !is_of_target(*byte));
    let target = &rest[..end.unwrap_or(rest.len())];
    if !is_target(method, target) {
        return Beginning::Other;
    }
    let Some(end) = end else {
        let request = Request { method, path: path(target), is_cut: true, has_more: has_body(method, &[]) };
        return Beginning::Request(request);
    };
    let is_right = match after(VERSION, rest[end..].strip_prefix(b" ").unwrap_or(b"?")) {
        None => false,
        Some([] | [b'0'..=b'9']) => true,
        Some([b'0'..=b'9', tail @ ..]) => matches!(tail, [b'\r' | b'\n', ..]),
        Some(_) => false,
    };
    if !is_right {
        return Beginning::Other;
    }
    let request =
        Request { method, path: path(target), is_cut: false, has_more: has_body(method, &rest[end..]) };
    Beginning::Request(request)
}

fn is_of_target(byte: u8) -> bool {
    // Browsers and scripts send bytes above 0x7f as they are, though RFC 3986 has them escaped.
    byte.is_ascii_graphic() || byte >= 0x80
}

fn is_target(method: &str, target: &[u8]) -> bool {
    match target {
        [] => false,
        [b'/', ..] | b"*" => true,
        _ if method == "CONNECT" => true,
        _ => after(b"http://", target).is_some() || after(b"https://", target).is_some(),
    }
}

/// The path of a target: without scheme and authority (as a proxy is asked), without query.
fn path(target: &[u8]) -> Box<str> {
    let scheme = [&b"http://"[..], b"https://"].into_iter().find_map(|scheme| target.strip_prefix(scheme));
    let target = match scheme {
        Some(rest) => rest.iter().position(|byte| *byte == b'/').map_or(&b"/"[..], |at| &rest[at..]),
        None => target,
    };
    let end = target.iter().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(target.len());
    String::from_utf8_lossy(&target[..end.min(MAX_PATH_BYTES)]).into()
}

/// Whether a body follows that is not all in this data. `head` is what is seen of the message after its target.
fn has_body(method: &str, head: &[u8]) -> bool {
    let (fields, body) = match head.windows(4).position(|four| four == b"\r\n\r\n") {
        Some(end) => (&head[..end], Some(&head[end + 4..])),
        None => (head, None),
    };
    let mut length = None;
    for line in fields.split(|byte| *byte == b'\n').skip(1) {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            return true;
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            length = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse::<u64>().ok());
        }
    }
    match (length, body) {
        (Some(length), Some(body)) => length > body.len() as u64,
        (Some(length), None) => length > 0,
        (None, Some(_)) => false,
        // The fields that say so may be beyond what is seen.
        (None, None) => matches!(method, "POST" | "PUT" | "PATCH"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_of(data: &str) -> Option<(&'static str, String, bool, bool)> {
        match beginning(data.as_bytes()) {
            Beginning::Request(request) => {
                Some((request.method, request.path.into(), request.is_cut, request.has_more))
            }
            _ => None,
        }
    }

    #[test]
    fn requests_are_told_with_their_path() {
        for (data, method, path, is_cut, has_more) in [
            ("GET / HTTP/1.1\r\n", "GET", "/", false, false),
            ("GET /a/b?secret=1 HTTP/1.0\r\n\r\n", "GET", "/a/b", false, false),
            ("GET /a HTTP/1.1\n\n", "GET", "/a", false, false),
            ("GET /long/pa", "GET", "/long/pa", true, false),
            ("GET /a HT", "GET", "/a", false, false),
            ("GET http://shop:80/a?b HTTP/1.1\r\n", "GET", "/a", false, false),
            ("GET http://shop HTTP/1.1\r\n", "GET", "/", false, false),
            ("CONNECT shop:443 HTTP/1.1\r\n", "CONNECT", "shop:443", false, false),
            ("OPTIONS * HTTP/1.1\r\n", "OPTIONS", "*", false, false),
            ("POST /a HTTP/1.1\r\nHost: b", "POST", "/a", false, true),
            ("POST /a HTTP/1.1\r\nHost: b\r\n\r\n", "POST", "/a", false, false),
            ("POST /a HTTP/1.1\r\ncontent-length: 2\r\n\r\nab", "POST", "/a", false, false),
            ("POST /a HTTP/1.1\r\ncontent-length: 3\r\n\r\nab", "POST", "/a", false, true),
            ("GET /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "GET", "/a", false, true),
        ] {
            assert_eq!(request_of(data), Some((method, path.to_owned(), is_cut, has_more)), "{data:?}");
        }
    }

    #[test]
    fn what_is_no_message_is_left_alone() {
        for data in [
            "GET / HTTP/2.0\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET key\r\n",
            "GET /key\r\n",
            "GETTING / HTTP/1.1\r\n",
            "get / HTTP/1.1\r\n",
            "GET  / HTTP/1.1\r\n",
            "HTTP/2 200\r\n",
            "HTTP/1.1 099 x\r\n",
            "HTTP/1.1 600 x\r\n",
            "HTTP/1.1 2000\r\n",
            "*1\r\n$4\r\nPING\r\n",
            "\u{16}\u{3}\u{1}",
        ] {
            assert_eq!(beginning(data.as_bytes()), Beginning::Other, "{data:?}");
        }
    }

    #[test]
    fn the_status_is_told_once_it_is_there() {
        for (data, status) in [("HTTP/1.1 200 OK\r\n", 200), ("HTTP/1.0 404", 404), ("HTTP/1.1 503\r\n", 503)]
        {
            assert_eq!(beginning(data.as_bytes()), Beginning::Response(Response { status }), "{data}");
        }
        for data in
            ["", "H", "HTTP/1.", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 2", "HTTP/1.1 20", "G", "GET", "GET "]
        {
            assert_eq!(beginning(data.as_bytes()), Beginning::Unclear, "{data:?}");
        }
    }

    #[test]
    fn a_path_is_bounded_and_text() {
        let data = [b"GET /".as_slice(), &[0xff; 4], &[b'a'; 400], b" HTTP/1.1\r\n"].concat();
        let Beginning::Request(request) = beginning(&data) else { panic!("a request") };
        assert!(request.path.starts_with("/\u{fffd}\u{fffd}\u{fffd}\u{fffd}aaa"));
        assert!(request.path.len() <= 3 * MAX_PATH_BYTES);
    }
}
