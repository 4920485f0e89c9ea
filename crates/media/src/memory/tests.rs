use super::{installed_memory, machine_memory};

#[test]
fn total_is_read_in_bytes() {
    let text = "MemTotal:       24590000 kB\nMemFree:  1 kB\n";
    assert_eq!(machine_memory(text), Some(24_590_000 * 1024));
    assert_eq!(machine_memory("MemFree: 1 kB\n"), None);
}

#[test]
fn this_machine_has_some() {
    assert!(installed_memory() > 64 << 20);
}
