//! What can go wrong with a caller, named by what happens next.

use domain::{Code, Permission};

/// Why a verb of this crate refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Correct the field and send again.
    #[error("{field}: {reason}")]
    Field {
        /// Name of the field as the API spells it.
        field: &'static str,
        /// What is wrong with it, for a person.
        reason: String,
    },
    /// Sign in: there is no credential, or it is not (or no longer) good.
    #[error("no valid credential")]
    SignIn,
    /// Try another e-mail or password.
    #[error("e-mail or password is wrong")]
    BadCredentials,
    /// Sign in again: a spent refresh token came back, so the session was ended.
    #[error("a spent refresh token came back")]
    TokenReused,
    /// Ask somebody who holds the permission.
    #[error("the permission {0} is missing")]
    NotAllowed(Permission),
    /// Sign in: an API key may not make or end credentials, so that a stolen one cannot outlive
    /// its revocation.
    #[error("this takes a sign-in, not an API key")]
    InPerson,
    /// Ask for another invitation: this one is unknown, was used, withdrawn, or is past its time.
    #[error("this invitation is not (or no longer) good")]
    Invitation,
    /// Give the permission to somebody else first: this is the last account that holds it.
    #[error("nobody else could do what {0} allows")]
    LastHolder(Permission),
    /// Remove first what stands in the way.
    #[error("{0}")]
    InUse(&'static str),
    /// Ask an administrator for an account.
    #[error("registration is closed")]
    RegistrationClosed,
    /// Send the set-up code that was printed at start.
    #[error("the set-up code is missing or wrong")]
    SetupCode,
    /// Choose another value: this one is somebody's already.
    #[error("{field} is taken")]
    Taken {
        /// Name of the field as the API spells it.
        field: &'static str,
    },
    /// Come back later.
    #[error("too many attempts; wait {seconds} s")]
    Wait {
        /// Whole seconds until the next attempt may succeed.
        seconds: u64,
    },
    /// Come back in a moment: too many passwords are being checked.
    #[error("too many passwords are being checked at once")]
    Busy,
    /// Look at the database.
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    /// Report a defect.
    #[error("{0}")]
    Defect(&'static str),
}

impl Error {
    pub(crate) fn field(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Field {
            field,
            reason: reason.into(),
        }
    }

    /// The public code this is answered with.
    pub fn code(&self) -> Code {
        match self {
            Self::Field { .. } => Code::InvalidField,
            Self::SignIn => Code::Unauthenticated,
            Self::BadCredentials => Code::BadCredentials,
            Self::TokenReused => Code::TokenReused,
            Self::NotAllowed(_) | Self::InPerson => Code::Forbidden,
            Self::RegistrationClosed | Self::Invitation => Code::RegistrationClosed,
            Self::LastHolder(_) | Self::InUse(_) => Code::WrongState,
            Self::SetupCode => Code::SetupCode,
            Self::Taken { .. } => Code::Conflict,
            Self::Wait { .. } => Code::TooManyRequests,
            Self::Busy => Code::Unavailable,
            Self::Catalog(error) => of_catalog(error),
            Self::Defect(_) => Code::Internal,
        }
    }

    /// The field to correct, when there is one.
    pub fn field_name(&self) -> Option<&'static str> {
        match self {
            Self::Field { field, .. } | Self::Taken { field } => Some(field),
            _ => None,
        }
    }

    /// Seconds after which the same request may succeed, when that is known.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Wait { seconds } => Some(*seconds),
            Self::Busy => Some(1),
            Self::Catalog(_) if self.code() == Code::Unavailable => Some(5),
            _ => None,
        }
    }
}

fn of_catalog(error: &catalog::Error) -> Code {
    use catalog::Error as E;
    match error {
        E::StorageFull => Code::StorageFull,
        E::Busy | E::ReadOnly | E::Unavailable(_) => Code::Unavailable,
        E::Conflict { .. } => Code::Conflict,
        E::InUse(_) | E::Schema(_) | E::Inconsistent { .. } | E::Database(_) => Code::Internal,
    }
}
