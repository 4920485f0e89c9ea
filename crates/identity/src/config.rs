//! Settings of accounts and sign-in, with their defaults and limits.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Who may make an account once the first one exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Anybody.
    Open,
    /// Whoever an administrator makes an account for.
    #[default]
    Invite,
    /// Nobody, not even by invitation.
    Closed,
}

impl Registration {
    /// The word used in the API and in configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }
}

/// How accounts are made: what may change while the vault runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Who may register after the first account.
    pub registration: Registration,
    /// Bytes a new account may own; 0: no limit.
    pub default_quota: u64,
}

impl Policy {
    /// Bytes a new account may own; `None`: no limit.
    pub fn quota(self) -> Option<u64> {
        (self.default_quota > 0).then_some(self.default_quota)
    }
}

/// How accounts, passwords, sessions and throttling behave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Who may register after the first account.
    pub registration: Registration,
    /// Bytes a new account may own; 0: no limit.
    pub default_quota: u64,
    /// `iss` and `aud` of access tokens: the public address of the vault.
    pub issuer: String,
    /// Life of an access token, in seconds.
    pub access_seconds: u32,
    /// A session unused for this many days ends.
    pub idle_days: u16,
    /// A session ends after this many days, used or not.
    pub session_days: u16,
    /// Argon2id memory, in KiB.
    pub password_memory_kib: u32,
    /// Argon2id passes.
    pub password_passes: u32,
    /// Passwords hashed at the same time.
    pub password_parallel: usize,
    /// Failed sign-ins of one account within the window before it has to wait.
    pub account_failures: usize,
    /// Failed sign-ins from one address within the window before it has to wait.
    pub address_failures: usize,
    /// The window in which failures count, in seconds.
    pub failure_window_seconds: u32,
}

impl Default for Config {
    /// Argon2id as OWASP's Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            registration: Registration::default(),
            default_quota: 0,
            issuer: "mediavault".to_owned(),
            access_seconds: 15 * 60,
            idle_days: 30,
            session_days: 365,
            password_memory_kib: 19 * 1024,
            password_passes: 2,
            password_parallel: 4,
            account_failures: 10,
            address_failures: 30,
            failure_window_seconds: 15 * 60,
        }
    }
}

impl Config {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`Error::Field`] naming the first setting that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        let within = |field, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(Error::field(
                    field,
                    format!("must lie between {low} and {high}"),
                ))
            }
        };
        within("access_seconds", self.access_seconds.into(), 60, 86_400)?;
        within("idle_days", self.idle_days.into(), 1, 365)?;
        within("session_days", self.session_days.into(), 1, 3_650)?;
        within(
            "password_memory_kib",
            self.password_memory_kib.into(),
            8,
            1 << 20,
        )?;
        within("password_passes", self.password_passes.into(), 1, 16)?;
        within("password_parallel", self.password_parallel as u64, 1, 256)?;
        within("account_failures", self.account_failures as u64, 1, 10_000)?;
        within("address_failures", self.address_failures as u64, 1, 10_000)?;
        within(
            "failure_window_seconds",
            self.failure_window_seconds.into(),
            1,
            86_400,
        )?;
        if self.issuer.is_empty() {
            return Err(Error::field("issuer", "must not be empty"));
        }
        Ok(())
    }

    /// The part of it that may change while the vault runs.
    pub(crate) fn policy(&self) -> Policy {
        Policy {
            registration: self.registration,
            default_quota: self.default_quota,
        }
    }

    pub(crate) fn idle_millis(&self) -> i64 {
        i64::from(self.idle_days) * DAY
    }

    pub(crate) fn session_millis(&self) -> i64 {
        i64::from(self.session_days) * DAY
    }
}

pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;
