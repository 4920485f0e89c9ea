//! What can keep media work from being set up at all. What is wrong with a file is a
//! [`Problem`](crate::Problem) instead.

use std::io;

/// Variants are named by what the caller does next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Correct the configuration; the sentence names the setting.
    #[error("{0}")]
    Configure(String),
    /// Decode nothing on this machine, or allow less of a sandbox.
    #[error("no sandbox: {0}")]
    Unprotected(String),
    /// Refuse the input: it would never fit.
    #[error("an input of {size} bytes is more than the {most} bytes allowed")]
    TooLarge {
        /// Bytes announced.
        size: u64,
        /// Bytes allowed.
        most: u64,
    },
    /// Read the input again: the bytes given were not as many as announced.
    #[error("{given} bytes were given where {announced} were announced")]
    WrongSize {
        /// Bytes announced.
        announced: u64,
        /// Bytes given.
        given: u64,
    },
    /// Look at the machine: memory, disk or descriptors have run out.
    #[error("{doing}: {source}")]
    Machine {
        /// What was being done.
        doing: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: the machine failed us while `doing`.
    pub(crate) fn machine<E: Into<io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Machine {
            doing,
            source: source.into(),
        }
    }
}
