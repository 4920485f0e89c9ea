//! How well this machine can lock a decoder in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What holds a child beside its resource limits, which are always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxLevel {
    /// The version of the kernel's landlock that is in force (landlock(7)); it keeps children from
    /// files, and from version 4 from TCP. `None` where the kernel has none (before 5.13, or not
    /// enabled).
    pub landlock: Option<u32>,
    /// Whether system calls are filtered (seccomp(2)).
    pub seccomp: bool,
}

impl SandboxLevel {
    /// Whether nothing is missing.
    pub fn is_full(self) -> bool {
        self.landlock.is_some() && self.seccomp
    }
}

impl fmt::Display for SandboxLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.landlock {
            Some(version) => write!(f, "landlock {version}")?,
            None => f.write_str("no landlock")?,
        }
        f.write_str(if self.seccomp {
            ", seccomp"
        } else {
            ", no seccomp"
        })
    }
}
