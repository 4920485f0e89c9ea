//! JSON bodies.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use domain::Code;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A JSON body as `T`. An empty body is read as `{}`, so that a missing field is what is reported.
///
/// Anything but `application/json` is refused, which also keeps plain HTML forms of other sites out.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        if bytes.is_empty() {
            return parse(b"{}").map(Self);
        }
        if !is_json {
            return Err(Problem::new(Code::InvalidBody)
                .detail("Send JSON with the header Content-Type: application/json."));
        }
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase());
    essence.is_some_and(|essence| {
        essence == "application/json"
            || (essence.starts_with("application/") && essence.ends_with("+json"))
    })
}

fn unread(rejection: BytesRejection) -> Problem {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(Code::TooLarge)
    } else {
        Problem::new(Code::UploadInterrupted)
    }
}

/// A JSON object that says which field does not fit.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Serde would fill the fields from an array as well, in an order that nobody was told.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Problem::new(Code::InvalidBody).detail("Send a JSON object."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let inner = error.inner();
        if inner.is_data() {
            describe(&error.path().to_string(), &inner.to_string())
        } else {
            Problem::new(Code::InvalidBody).detail(format!("Not valid JSON: {inner}."))
        }
    })?;
    reader.end().map_err(|error| {
        Problem::new(Code::InvalidBody).detail(format!("Not valid JSON: {error}."))
    })?;
    Ok(value)
}

/// Says which field does not fit and why. Serde reports a missing or unknown field at its parent
/// and names it in the message only.
pub(super) fn describe(path: &str, message: &str) -> Problem {
    let named = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|lead| message.strip_prefix(lead))
        .and_then(|rest| rest.split('`').next());
    let parent = if path == "." { "" } else { path };
    let field = match (parent, named) {
        ("", Some(name)) => name.to_owned(),
        (parent, Some(name)) if parent.rsplit('.').next() != Some(name) => {
            format!("{parent}.{name}")
        }
        ("", None) => return Problem::new(Code::InvalidBody).detail(sentence(message)),
        (parent, _) => parent.to_owned(),
    };
    Problem::field(field, sentence(message))
}

/// The message without serde_json's position, as a sentence.
fn sentence(message: &str) -> String {
    let end = message.find(" at line ").unwrap_or(message.len());
    let mut characters = message[..end].chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}
