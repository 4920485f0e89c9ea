//! What an operator may set about media work.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::memory::installed_memory;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Limits of one job, and how much may go on at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Pixels of one decoded frame.
    pub max_pixels: u64,
    /// Bytes of memory one child may take for itself.
    pub max_memory: u64,
    /// Seconds of CPU time of one child.
    pub max_cpu_seconds: u32,
    /// Seconds from a child's start to its end.
    pub max_wall_seconds: u32,
    /// Bytes of one derived picture.
    pub max_output: u64,
    /// Bytes that all children may take together; a quarter of the machine's memory, at most 2 GiB,
    /// when absent.
    pub memory_budget: Option<u64>,
    /// Children at a time; as many as the machine has cores when absent.
    pub max_children: Option<usize>,
    /// Jobs that may wait for memory before more are turned away.
    pub max_waiting: usize,
    /// Bytes of disk for inputs that are too large to be held in memory.
    pub spool_budget: u64,
    /// What to do where the kernel lacks landlock or seccomp.
    pub sandbox: SandboxPolicy,
}

/// What to do where the kernel cannot lock a decoder in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SandboxPolicy {
    /// Decode with what there is, and say so loudly.
    #[default]
    BestEffort,
    /// Decode nothing.
    Require,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_pixels: 200_000_000,
            max_memory: GIB,
            max_cpu_seconds: 30,
            max_wall_seconds: 60,
            max_output: 16 * MIB,
            memory_budget: None,
            max_children: None,
            max_waiting: 256,
            spool_budget: 8 * GIB,
            sandbox: SandboxPolicy::default(),
        }
    }
}

impl Config {
    /// The first thing wrong with it, as a sentence that begins with the setting's name.
    pub fn validate(&self) -> Result<(), String> {
        let positive = [
            ("max_pixels", self.max_pixels),
            ("max_cpu_seconds", self.max_cpu_seconds.into()),
            ("max_wall_seconds", self.max_wall_seconds.into()),
            ("max_children", self.max_children.unwrap_or(1) as u64),
            ("max_waiting", self.max_waiting as u64),
            ("spool_budget", self.spool_budget),
        ];
        if let Some((name, _)) = positive.iter().find(|(_, value)| *value == 0) {
            return Err(format!("{name} must be more than 0"));
        }
        let at_least = [
            ("max_memory", self.max_memory, 64 * MIB),
            ("max_output", self.max_output, MIB),
            ("memory_budget", self.memory_budget(), 128 * MIB),
        ];
        if let Some((name, _, least)) = at_least.iter().find(|(_, value, least)| value < least) {
            return Err(format!("{name} must be at least {least} bytes"));
        }
        Ok(())
    }

    /// What a task is told of it.
    pub fn limits(&self) -> Limits {
        Limits {
            max_pixels: self.max_pixels,
            max_memory: self.max_memory,
            max_cpu_seconds: self.max_cpu_seconds,
            max_output: self.max_output,
        }
    }

    /// Time from a child's start to its end.
    pub(crate) fn max_wall(&self) -> Duration {
        Duration::from_secs(self.max_wall_seconds.into())
    }

    /// Bytes that all children may take together.
    pub fn memory_budget(&self) -> u64 {
        self.memory_budget
            .unwrap_or_else(|| (installed_memory() / 4).clamp(128 * MIB, 2 * GIB))
    }

    /// Children at a time.
    pub fn max_children(&self) -> usize {
        self.max_children.unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
        })
    }
}

#[cfg(test)]
mod tests;
