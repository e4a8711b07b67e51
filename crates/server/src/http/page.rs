//! The web UI, embedded in the binary from `web/dist` (read from there while developing).

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::error::ApiError;

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
struct Dist;

/// A file of the page by its path below `web/dist`.
pub(super) fn embedded(path: &str) -> Option<Cow<'static, [u8]>> {
    Dist::get(path).map(|file| file.data)
}

/// The forms in which the page's build leaves a file, the smallest first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The file that a path names. A path without a dot in its last part is one of the page's own
/// addresses: the page itself is the answer and finds out what to show.
pub(super) fn answer(
    files: &dyn Fn(&str) -> Option<Cow<'static, [u8]>>,
    path: &str,
    headers: &HeaderMap,
    base_path: &str,
) -> Response {
    let name = path.trim_start_matches('/');
    let is_address = !name.rsplit('/').next().unwrap_or_default().contains('.');
    if is_address || name == "index.html" {
        return index(files, base_path);
    }
    let Some(content_type) = content_type(name) else {
        return not_there(path);
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let compressed = ENCODINGS
        .into_iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|(encoding, suffix)| Some((Some(encoding), files(&format!("{name}{suffix}"))?)));
    let Some((encoding, data)) = compressed.or_else(|| Some((None, files(name)?))) else {
        return not_there(path);
    };
    // The build puts a hash into the name of everything below `assets`.
    let caching =
        if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::new(Body::from(data.into_owned()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn index(files: &dyn Fn(&str) -> Option<Cow<'static, [u8]>>, base_path: &str) -> Response {
    let caching = [(header::CACHE_CONTROL, "no-cache")];
    match files("index.html") {
        Some(index) => {
            (caching, Html(with_base(&String::from_utf8_lossy(&index), base_path))).into_response()
        }
        None => (StatusCode::NOT_FOUND, caching, Html(NOT_BUILT)).into_response(),
    }
}

/// The page with its own address in it, from which it resolves all others.
fn with_base(index: &str, base_path: &str) -> String {
    let base = format!("<base href=\"{base_path}\">");
    if let Some(begin) = index.find("<base ")
        && let Some(length) = index[begin..].find('>')
    {
        return format!("{}{base}{}", &index[..begin], &index[begin + length + 1..]);
    }
    index.replacen("<head>", &format!("<head>{base}"), 1)
}

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Lanner</title>\
<h1>The page is not built</h1><p>This server was built without its web page. Run <code>make run</code>, or \
<code>npm ci &amp;&amp; npm run build</code> in <code>web</code> and build the server again. \
The API answers: <a href=\"api/v1/status\">api/v1/status</a>.</p></html>";

fn not_there(path: &str) -> Response {
    ApiError::not_found(format!("there is no {}", super::error::shorten(path))).into_response()
}

/// Whether an `Accept-Encoding` header names an encoding without forbidding it.
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

/// The types of files that the build makes; others are not handed out.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(path: &str) -> Option<Cow<'static, [u8]>> {
        let text = match path {
            "index.html" => "<!doctype html><head><base href=\"/\"><title>x</title></head>",
            "favicon.svg" => "<svg/>",
            "assets/app-1a2b.js" => "plain",
            "assets/app-1a2b.js.br" => "brotli",
            "assets/app-1a2b.js.gz" => "gzip",
            _ => return None,
        };
        Some(Cow::Borrowed(text.as_bytes()))
    }

    async fn check(path: &str, accept: &str, status: u16, caching: &str, encoding: Option<&str>, body: &str) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, accept.parse().expect("a value"));
        let response = answer(&files, path, &headers, "/lanner/");
        assert_eq!(response.status().as_u16(), status, "{path}");
        let text = |name: header::HeaderName| {
            response.headers().get(name).map(|value| value.to_str().expect("ASCII").to_owned())
        };
        assert_eq!(text(header::CACHE_CONTROL).unwrap_or_default(), caching, "{path}");
        assert_eq!(text(header::CONTENT_ENCODING).as_deref(), encoding, "{path}");
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        assert!(String::from_utf8_lossy(&bytes).contains(body), "{path}");
    }

    #[tokio::test]
    async fn files_and_addresses_of_the_page_are_answered() {
        let immutable = "public, max-age=31536000, immutable";
        let js = "/assets/app-1a2b.js";
        check(js, "gzip, deflate, br", 200, immutable, Some("br"), "brotli").await;
        check(js, "gzip;q=1.0, br;q=0", 200, immutable, Some("gzip"), "gzip").await;
        check(js, "", 200, immutable, None, "plain").await;
        check("/favicon.svg", "br", 200, "no-cache", None, "<svg/>").await;
        let base = "<base href=\"/lanner/\"><title>";
        check("/", "br", 200, "no-cache", None, base).await;
        check("/index.html", "br", 200, "no-cache", None, base).await;
        check("/explore/anything", "br", 200, "no-cache", None, base).await;
        check("/assets/gone.js", "br", 404, "", None, "there is no /assets/gone.js").await;
        check("/../../etc/passwd.txt", "br", 404, "", None, "not_found").await;
        check("/.env", "br", 404, "", None, "not_found").await;
    }

    #[tokio::test]
    async fn a_page_that_is_not_built_says_how_to_build_it() {
        let response = answer(&|_| None, "/", &HeaderMap::new(), "/");
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        assert!(String::from_utf8_lossy(&bytes).contains("npm run build"));
    }

    #[test]
    fn a_base_is_put_in_where_there_is_none() {
        assert_eq!(with_base("<head><x>", "/a/"), "<head><base href=\"/a/\"><x>");
    }
}
