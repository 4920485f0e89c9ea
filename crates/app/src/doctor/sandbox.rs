//! What this kernel offers for locking decoders in: starts one and asks.

use media::{SandboxPolicy, Workshop};

use super::Finding;
use crate::config::Config;

const SUBJECT: &str = "sandbox";

const REMEDY: &str = "Linux 5.13 or newer with landlock enabled (lsm=…,landlock) locks decoders in fully; \
                      inside a container its seccomp profile must allow landlock";

pub async fn look(config: &Config) -> Finding {
    let settings = media::Config {
        sandbox: SandboxPolicy::BestEffort,
        ..config.media.clone()
    };
    match Workshop::start(settings, "/proc/self/exe".into(), vec!["sandbox".into()]).await {
        Ok(workshop) => {
            let level = workshop.state().level;
            if level.is_full() {
                Finding::fine(SUBJECT, format!("decoders are locked in ({level})"))
            } else if config.media.sandbox == SandboxPolicy::Require {
                Finding::broken(
                    SUBJECT,
                    format!("sandbox = require, but there is {level}"),
                    REMEDY,
                )
            } else {
                Finding::limited(
                    SUBJECT,
                    format!("decoders are limited, but not fully locked in ({level})"),
                    REMEDY,
                )
            }
        }
        Err(error) => Finding::broken(
            SUBJECT,
            format!("no decoder could be started: {error}"),
            REMEDY,
        ),
    }
}
