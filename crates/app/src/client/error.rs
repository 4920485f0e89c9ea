//! Why a request brought nothing, by what to do next.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};

use super::answer::Problem;

/// Why a request brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Called wrongly; nothing was sent.
    #[error("{0}")]
    Usage(String),
    /// No answer: not there, or the connection broke.
    #[error("{}", innermost(.0))]
    Unreachable(#[source] reqwest::Error),
    /// The vault asks to come back later.
    #[error("{problem}")]
    Later {
        /// What it says.
        problem: Box<Problem>,
        /// When.
        after: Option<Duration>,
    },
    /// The credential is missing, no longer good, or not enough.
    #[error("{0}")]
    Denied(Box<Problem>),
    /// The vault says no, and will again.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// An answer that is not what the API promises.
    #[error("not an answer of a Media Vault: {0}")]
    Garbled(#[source] reqwest::Error),
}

impl ClientError {
    /// Worth another attempt.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Later { .. })
    }

    /// How long the vault asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Later { after, .. } => *after,
            _ => None,
        }
    }

    /// Reads an unsuccessful answer.
    pub async fn from_answer(answer: Response) -> Self {
        let status = answer.status();
        let after = answer.headers().get(RETRY_AFTER);
        let after = after
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs);
        let problem = match answer.json::<Problem>().await {
            Ok(problem) => problem,
            Err(_) => Problem::bare(
                status.as_u16(),
                status.canonical_reason().unwrap_or("failed"),
            ),
        };
        let problem = Box::new(problem);
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Denied(problem),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                Self::Later { problem, after }
            }
            // Another request for the same upload is ending, or has gone on with it.
            StatusCode::LOCKED => Self::Later { problem, after },
            _ if problem.code == "offset_mismatch" => Self::Later { problem, after },
            StatusCode::INSUFFICIENT_STORAGE => Self::Refused(problem),
            // A body that broke off on its way may arrive whole the next time.
            _ if problem.code == "upload_interrupted" => Self::Later { problem, after },
            status if status.is_server_error() => Self::Later { problem, after },
            _ => Self::Refused(problem),
        }
    }
}

/// The cause that says most; the outer ones only repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_connect() {
        format!("cannot connect: {cause}")
    } else if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        cause.to_string()
    }
}
