use std::time::Duration;

use super::{LONGEST_PAUSE, judge, pause};
use crate::{SandboxLevel, SandboxPolicy};

#[test]
fn the_first_replacement_comes_at_once_and_later_ones_ever_later() {
    assert_eq!(pause(0), Duration::ZERO);
    assert_eq!(pause(1), Duration::from_millis(100));
    assert_eq!(pause(2), Duration::from_millis(200));
    assert_eq!(pause(40), LONGEST_PAUSE);
}

#[test]
fn a_lesser_sandbox_is_accepted_unless_the_full_one_is_required() {
    let lesser = SandboxLevel {
        landlock: None,
        seccomp: true,
    };
    judge(lesser, SandboxPolicy::BestEffort).unwrap();
    let refusal = judge(lesser, SandboxPolicy::Require).unwrap_err();
    assert!(refusal.to_string().contains("no landlock"), "{refusal}");
    let full = SandboxLevel {
        landlock: Some(1),
        ..lesser
    };
    judge(full, SandboxPolicy::Require).unwrap();
}
