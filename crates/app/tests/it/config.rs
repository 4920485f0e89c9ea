//! Settings, as the binary reads them.

use std::process::{Command, Output};

use serde_json::Value;

/// Runs `mediavault config …` in a folder of its own, with nothing but these variables.
fn run(file: &str, variables: &[(&str, &str)], args: &[&str]) -> Output {
    let home = tempfile::tempdir().expect("a temporary directory");
    std::fs::create_dir(home.path().join("mediavault")).expect("the folder");
    std::fs::write(home.path().join("mediavault/config.toml"), file).expect("the file");
    Command::new(env!("CARGO_BIN_EXE_mediavault"))
        .arg("config")
        .args(args)
        .env_clear()
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path())
        .envs(variables.iter().copied())
        .output()
        .expect("the program runs")
}

fn shown(file: &str, variables: &[(&str, &str)], args: &[&str]) -> Value {
    let args: Vec<&str> = ["show", "--json"].iter().chain(args).copied().collect();
    let output = run(file, variables, &args);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn file_environment_and_flags_are_layered_under_the_same_names() {
    let file = "listen = \"127.0.0.1:1\"\nworkers = 1\ntrash_days = 1\n";
    let variables = [("MEDIAVAULT_WORKERS", "2"), ("MEDIAVAULT_TRASH_DAYS", "2")];
    let all = shown(file, &variables, &["--trash-days", "3"]);
    assert_eq!(all["listen"]["value"], "127.0.0.1:1");
    assert!(
        all["listen"]["source"]
            .as_str()
            .expect("a source")
            .contains("config.toml")
    );
    assert_eq!(all["workers"]["value"], "2");
    assert_eq!(all["workers"]["source"], "from MEDIAVAULT_WORKERS");
    assert_eq!(all["trash_days"]["value"], "3");
    assert_eq!(all["trash_days"]["source"], "from --trash-days");
    assert_eq!(all["encryption"]["source"], "default");
}

#[test]
fn secrets_are_hidden() {
    let variables = [(
        "MEDIAVAULT_DATABASE_URL",
        "postgres://user:hunter2@db/vault",
    )];
    let output = run("master_key = \"hunter2\"\n", &variables, &["show"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        text.contains("(secret)") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn a_mistake_is_named_with_its_source_and_ends_with_2() {
    let refused = |file, variables: &[(&str, &str)]| {
        let output = run(file, variables, &["check"]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let words = refused("lissten = \"127.0.0.1:1\"\n", &[]);
    assert!(
        words.contains("there is no setting lissten; did you mean listen?"),
        "{words}"
    );
    let words = refused("", &[("MEDIAVAULT_MAX_UPLOAD_SIZE", "many")]);
    assert!(
        words.contains("max_upload_size (from MEDIAVAULT_MAX_UPLOAD_SIZE)"),
        "{words}"
    );
    assert_eq!(run("", &[], &["check"]).status.code(), Some(0));
}
