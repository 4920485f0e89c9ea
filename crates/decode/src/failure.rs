//! Why a picture could not be made, by what the owner is told.

use media::{Problem, ProblemCode};

/// A step that could not be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is no decoder for this; the original is kept as it is.
    #[error("{0}")]
    Unsupported(String),
    /// The bytes are not what the format demands.
    #[error("{0}")]
    Damaged(String),
    /// It would take more than the limits allow.
    #[error("{0}")]
    TooLarge(String),
    /// A sound file that holds no picture.
    #[error("{0}")]
    NoPicture(String),
    /// A library of the system is missing.
    #[error("{0}")]
    Unavailable(String),
}

impl Failure {
    /// A decoder's complaint about the file, with the decoder's own words.
    pub(crate) fn damaged(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Damaged(format!("the {what} is damaged: {error}"))
    }

    /// What the caller is told.
    pub(crate) fn into_problem(self) -> Problem {
        let (code, message) = match self {
            Self::Unsupported(message) => (ProblemCode::Unsupported, message),
            Self::Damaged(message) => (ProblemCode::Damaged, message),
            Self::TooLarge(message) => (ProblemCode::TooLarge, message),
            Self::NoPicture(message) => (ProblemCode::NoPicture, message),
            Self::Unavailable(message) => (ProblemCode::Unavailable, message),
        };
        Problem { code, message }
    }
}
