use super::{Config, SandboxPolicy};

#[test]
fn defaults_are_valid() {
    Config::default().validate().unwrap();
}

#[test]
fn what_is_wrong_is_named() {
    let config = Config {
        max_children: Some(0),
        ..Config::default()
    };
    assert_eq!(
        config.validate().unwrap_err(),
        "max_children must be more than 0"
    );
    let config = Config {
        max_memory: 1,
        ..Config::default()
    };
    assert!(config.validate().unwrap_err().starts_with("max_memory"));
}

#[test]
fn a_budget_that_was_set_is_kept() {
    let config = Config {
        memory_budget: Some(5 << 30),
        max_children: Some(3),
        sandbox: SandboxPolicy::Require,
        ..Config::default()
    };
    assert_eq!(config.memory_budget(), 5 << 30);
    assert_eq!(config.max_children(), 3);
    config.validate().unwrap();
}
