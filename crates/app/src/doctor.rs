//! Looks at what a vault stands on and changes none of it. One file per thing looked at.

mod database;
mod directory;
mod machine;
mod running;
mod sandbox;
mod store;

use crate::config::Config;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// The vault works, with something missing.
    Limited,
    /// The vault cannot work like this.
    Broken,
}

impl Verdict {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Limited => "limited",
            Self::Broken => "broken",
        }
    }
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which thing.
    pub subject: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found.
    pub words: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Finding {
    fn fine(subject: &'static str, words: impl Into<String>) -> Self {
        Self {
            subject,
            verdict: Verdict::Fine,
            words: words.into(),
            remedy: None,
        }
    }

    fn limited(subject: &'static str, words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            subject,
            verdict: Verdict::Limited,
            words: words.into(),
            remedy: Some(remedy.into()),
        }
    }

    fn broken(subject: &'static str, words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            subject,
            verdict: Verdict::Broken,
            words: words.into(),
            remedy: Some(remedy.into()),
        }
    }
}

/// Looks at the one thing that only a request shows: whether the settings of a bucket open it.
pub async fn examine_store(config: &Config) -> Finding {
    store::look(config).await
}

/// Looks at everything.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![directory::look(&config.data_dir)];
    findings.push(running::look(config).await);
    findings.push(database::look(config).await);
    findings.push(store::look(config).await);
    findings.push(machine::space(config));
    findings.push(sandbox::look(config).await);
    findings.push(machine::libheif());
    findings.push(machine::fonts());
    findings.push(machine::clock());
    findings
}

#[cfg(test)]
mod tests;
