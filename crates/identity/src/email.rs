//! E-mail addresses as names of accounts.
//!
//! Only what would make an address useless as a name is refused; whether mail arrives is not for a
//! pattern to say. The domain is written in lower case; the catalog compares the whole address
//! without regard to case.

#[cfg(test)]
mod tests;

use crate::error::Error;

/// Longest address, in bytes (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const MAX: usize = 254;

/// Longest part before the `@`, in bytes.
const MAX_LOCAL: usize = 64;

/// An address fit to name an account, trimmed and with its domain in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Email(String);

impl Email {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// [`Error::Field`] for `email`.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |reason| Err(Error::field("email", reason));
        let text = text.trim();
        if text.is_empty() {
            return wrong("An e-mail address is needed.");
        }
        if text.len() > MAX {
            return wrong("An e-mail address has at most 254 bytes.");
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return wrong("An e-mail address has no spaces.");
        }
        match text.rsplit_once('@') {
            Some((local, domain))
                if (1..=MAX_LOCAL).contains(&local.len())
                    && !domain.is_empty()
                    && !local.contains('@') =>
            {
                Ok(Self(format!("{local}@{}", domain.to_lowercase())))
            }
            _ => wrong("An e-mail address looks like name@example.org."),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which two spellings are the same account.
    pub(crate) fn key(&self) -> String {
        self.0.to_lowercase()
    }
}
