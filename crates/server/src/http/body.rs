//! JSON that requests carry, read; what is wrong with it is an answer in our form.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::error::ApiError;

/// The most bytes that a request may carry where nothing else is said.
const DEFAULT_BYTES: usize = 64 << 10;

/// A JSON body of at most `MAX` bytes. Its content type has to say that it is JSON: a form on
/// another site's page cannot send that.
pub(super) struct Body<T, const MAX: usize = DEFAULT_BYTES>(pub(super) T);

impl<T: DeserializeOwned, S: Sync, const MAX: usize> FromRequest<S> for Body<T, MAX> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::new(status, "unsupported_media_type", "the body is not said to be JSON")
                .hint("send the header Content-Type: application/json"));
        }
        parse(&read(request, MAX).await?).map(Self)
    }
}

/// The whole body, if it has at most `most` bytes. One that says that it is larger is not read.
async fn read(request: Request, most: usize) -> Result<Vec<u8>, ApiError> {
    let too_large = || {
        let message = format!("the body has more than {most} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    };
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    let mut parts = request.into_body().into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| ApiError::bad_request("the body ended before all of it was there"))?;
        if body.len() + part.len() > most {
            return Err(too_large());
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            Category::Data => "the body is not what this path takes",
            Category::Io | Category::Syntax | Category::Eof => "the body is no JSON",
        };
        // The text ends with line and column.
        ApiError::bad_request(format!("{what}: {error}"))
            .hint("/api/v1/openapi.json lists what each path takes")
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[derive(Debug, serde::Deserialize)]
    struct Named {
        name: String,
    }

    /// What comes of a body: the name in it, or status and message.
    async fn check(content_type: &str, body: &str) -> Result<String, (u16, String)> {
        let request = Request::post("/").header(header::CONTENT_TYPE, content_type);
        let request = request.body(axum::body::Body::from(body.to_owned())).expect("a request");
        match Body::<Named, 32>::from_request(request, &()).await {
            Ok(Body(named)) => Ok(named.name),
            Err(error) => {
                let response = error.into_response();
                let status = response.status().as_u16();
                let bytes = axum::body::to_bytes(response.into_body(), 1 << 16).await.expect("a body");
                let error: lanner_api::http::ErrorBody = serde_json::from_slice(&bytes).expect("our form");
                Err((status, error.error.message))
            }
        }
    }

    #[tokio::test]
    async fn json_is_read_and_what_is_wrong_with_it_is_said() {
        let json = "application/json";
        assert_eq!(check(json, r#"{"name":"a"}"#).await, Ok("a".to_owned()));
        assert_eq!(check("Application/JSON; charset=utf-8", r#"{"name":"a"}"#).await, Ok("a".to_owned()));
        let refused = |status, message: &str| Err((status, message.to_owned()));
        assert_eq!(
            check("text/plain", r#"{"name":"a"}"#).await,
            refused(415, "the body is not said to be JSON")
        );
        assert_eq!(
            check(json, "{\"name\":\n 1}").await,
            refused(
                400,
                "the body is not what this path takes: invalid type: integer `1`, expected a string at line 2 column 2"
            )
        );
        assert_eq!(
            check(json, "{\"name\"").await,
            refused(400, "the body is no JSON: EOF while parsing an object at line 1 column 7")
        );
        let long = format!(r#"{{"name":"{}"}}"#, "a".repeat(32));
        assert_eq!(check(json, &long).await, refused(413, "the body has more than 32 bytes"));
    }

    #[tokio::test]
    async fn a_body_without_a_length_is_bounded_too() {
        let parts = (0..1_000_000).map(|_| Ok::<_, std::io::Error>("a".repeat(10)));
        let endless = axum::body::Body::from_stream(futures_util::stream::iter(parts));
        let error = read(Request::new(endless), 32).await.expect_err("too large");
        assert_eq!(error.into_response().status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
