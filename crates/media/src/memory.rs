//! How much memory this machine, or the container we are in, has.

use std::fs;

/// Bytes of memory: the machine's, or the control group's where that is less. 1 GiB when neither
/// can be read, which errs on the side of doing less at a time.
pub(crate) fn installed_memory() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| machine_memory(&text));
    let group = fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    [machine, group]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(1 << 30)
}

/// `MemTotal` of proc(5) `/proc/meminfo`, in bytes.
fn machine_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests;
