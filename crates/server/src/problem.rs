//! The one shape of every refusal: problem details (RFC 9457) with a stable code.
//!
//! A handler returns a [`Problem`]; [`crate::frame::problems`] writes it out at the very end, where
//! the request id is known, and turns whatever plain error the framework made into one as well.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Code;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was refused or failed, fit for the client to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    detail: Option<String>,
    field: Option<String>,
    retry_after: Option<u64>,
    request_id: Option<String>,
}

impl Problem {
    /// A problem with nothing to add to its title.
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            detail: None,
            field: None,
            retry_after: None,
            request_id: None,
        }
    }

    /// The named field is not valid, and why.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Code::InvalidField).in_field(field).detail(detail)
    }

    /// Says what is wrong this time, in a sentence for a person.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Names the field to correct.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Seconds after which the same request may succeed.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The stable code.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn with_request_id(mut self, id: &str) -> Self {
        self.request_id = Some(id.to_owned());
        self
    }

    /// The body a client reads. Serialising strings cannot fail, hence no error.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Problem", 7)?;
        object.serialize_field("type", "about:blank")?;
        object.serialize_field("title", self.code.title())?;
        object.serialize_field("status", &self.code.status())?;
        object.serialize_field("code", &self.code)?;
        object.serialize_field(
            "detail",
            self.detail.as_deref().unwrap_or(self.code.title()),
        )?;
        match &self.field {
            Some(field) => object.serialize_field("field", field)?,
            None => object.skip_field("field")?,
        }
        match &self.request_id {
            Some(id) => object.serialize_field("request_id", id)?,
            None => object.skip_field("request_id")?,
        }
        object.end()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            // No scheme that makes a browser ask by itself: the page has its own sign-in.
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"mediavault\""),
            );
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<identity::Error> for Problem {
    fn from(error: identity::Error) -> Self {
        let code = error.code();
        let mut problem = Self::new(code);
        if code.status() >= 500 {
            // The client learns nothing about our inside; the log, with the request id, does.
            tracing::error!(error = &error as &dyn std::error::Error, %code, "identity failed");
        }
        problem = match &error {
            identity::Error::Field { reason, .. } => problem.detail(reason.clone()),
            identity::Error::NotAllowed(permission) => {
                problem.detail(format!("This needs the permission {permission}."))
            }
            identity::Error::LastHolder(permission) => problem.detail(format!(
                "No other account that may sign in holds {permission}: give it to somebody first."
            )),
            identity::Error::InUse(words) => problem.detail(*words),
            identity::Error::Invitation => problem.detail(
                "This invitation is not (or no longer) good: ask whoever invited you for another.",
            ),
            identity::Error::InPerson => problem.detail("Sign in to do this: an API key may not."),
            _ => problem,
        };
        if let Some(field) = error.field_name() {
            problem = problem.in_field(field);
        }
        match error.retry_after() {
            Some(seconds) => problem.retry_after(seconds),
            None => problem,
        }
    }
}

impl From<service::Error> for Problem {
    fn from(error: service::Error) -> Self {
        let problem = Self::new(error.code());
        match error {
            service::Error::Refused { detail, field, .. } => {
                let problem = problem.detail(detail);
                match field {
                    Some(field) => problem.in_field(field),
                    None => problem,
                }
            }
            service::Error::TooMany {
                retry_after,
                detail,
            } => problem.detail(detail).retry_after(retry_after),
            service::Error::Unavailable {
                retry_after,
                source,
            } => {
                tracing::warn!(error = &*source as &dyn std::error::Error, "unavailable");
                problem.retry_after(retry_after.into())
            }
            service::Error::StorageFull(source) => {
                tracing::error!(
                    error = &*source as &dyn std::error::Error,
                    "storage is full"
                );
                problem
            }
            service::Error::Internal(source) => {
                tracing::error!(error = &*source as &dyn std::error::Error, "a verb failed");
                problem
            }
        }
    }
}
