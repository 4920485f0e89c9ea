//! How every request to the store is made: with a time-out, tried again after a growing pause, and
//! not at all while the store is known to be down.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Clock, Entropy};
use outside::breaker::{Breaker, Limits};

use super::fault::{Fault, Kind};

/// How often a request is made at most.
const ATTEMPTS: u32 = 4;
/// Pause before the second attempt; doubled before each further one, and spread.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Slowest line that is waited for: 128 KiB a second.
const SLOWEST: u64 = 128 * 1024;

/// Five failures in a row are no hiccup. Pauses are short, because the one that tries is one cheap
/// request, and everybody waits for it.
const LIMITS: Limits = Limits {
    failures: 5,
    first_pause_millis: 500,
    longest_pause_millis: 10_000,
};

/// Makes requests.
pub struct Calls {
    breaker: Breaker,
    entropy: Arc<dyn Entropy>,
    timeout: Duration,
}

impl Calls {
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, timeout: Duration) -> Self {
        Self {
            breaker: Breaker::new(clock, LIMITS),
            entropy,
            timeout,
        }
    }

    /// Makes a request that carries up to `bytes` bytes. `attempt` is told its number, from 0.
    pub async fn run<T, F>(
        &self,
        bytes: u64,
        mut attempt: impl FnMut(u32) -> F + Send,
    ) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let limit = self.timeout + Duration::from_secs(bytes / SLOWEST);
        let begun = Instant::now();
        let mut number = 0;
        loop {
            let pass = self
                .breaker
                .pass()
                .map_err(|open| Fault::silent(open.to_string()))?;
            let fault = match tokio::time::timeout(limit, attempt(number)).await {
                Ok(Ok(answer)) => {
                    pass.answered();
                    return Ok(answer);
                }
                Ok(Err(fault)) => fault,
                Err(_) => Fault::silent(format!("it did not answer within {} s", limit.as_secs())),
            };
            if fault.kind != Kind::Unwell {
                pass.answered();
                return Err(fault);
            }
            pass.failed();
            number += 1;
            // Whoever has waited for a whole time-out and more is told, and may come again.
            if number == ATTEMPTS || begun.elapsed() > limit {
                return Err(fault);
            }
            tracing::debug!(number, fault = fault.words, "the store is asked again");
            tokio::time::sleep(self.pause(number)).await;
        }
    }

    /// Between one and two times the step, so that those who failed together do not return together.
    fn pause(&self, number: u32) -> Duration {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        let step = FIRST_PAUSE * 2_u32.pow(number - 1);
        step + step * u32::from(byte[0]) / 256
    }
}
