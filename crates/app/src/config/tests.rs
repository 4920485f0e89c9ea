use std::path::Path;

use super::settings::{closest, named};
use super::{Config, ConfigError, Encryption, Layers, SETTINGS, size};

/// Settings from a file's text, variables and flags.
fn read(
    file: &str,
    variables: &[(&str, &str)],
    flags: &[(&str, &str)],
) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("config.toml");
    std::fs::write(&path, file).expect("the file");
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let flags: Vec<_> = flags
        .iter()
        .map(|(name, value)| (named(name).expect("a setting"), (*value).to_owned()))
        .collect();
    let layers = Layers::read(Some(&path), variables, &flags)?;
    Config::assemble(&layers)
}

fn complaint(file: &str, variables: &[(&str, &str)]) -> String {
    read(file, variables, &[])
        .expect_err("must be refused")
        .to_string()
}

#[test]
fn flags_win_over_environment_over_file_over_default() {
    let file = "trash_days = 1\nworkers = 1\nmax_attempts = 2\n";
    let variables = [
        ("MEDIAVAULT_WORKERS", "2"),
        ("MEDIAVAULT_MAX_ATTEMPTS", "3"),
    ];
    let config = read(file, &variables, &[("max_attempts", "4")]).expect("valid");
    assert_eq!(config.service.trash_days, 1);
    assert_eq!(config.service.workers, 2);
    assert_eq!(config.service.max_attempts, 4);
    assert_eq!(
        config.service.lease_seconds,
        service::Config::default().lease_seconds
    );
}

#[test]
fn a_file_may_use_toml_types() {
    let file = "encryption = false\nallowed_types = [\"image/*\", \"video/*\"]\nmax_upload_size = \"2 GiB\"\n";
    let config = read(file, &[], &[]).expect("valid");
    assert_eq!(config.encryption, Encryption::Off);
    assert_eq!(config.service.allowed_types, ["image/*", "video/*"]);
    assert_eq!(config.service.max_upload_size, 2 << 30);
}

#[test]
fn secrets_come_from_files_without_the_line_end() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("code");
    std::fs::write(&path, "tulip\n").expect("the file");
    let path = path.display().to_string();

    let config = read("", &[("MEDIAVAULT_SETUP_CODE_FILE", &path)], &[]).expect("valid");
    assert_eq!(config.setup_code.expect("set").reveal(), "tulip");
    let config = read(&format!("setup_code_file = {path:?}\n"), &[], &[]).expect("valid");
    assert_eq!(config.setup_code.expect("set").reveal(), "tulip");
}

#[test]
fn an_unknown_setting_names_the_one_that_was_meant() {
    let found = complaint("lisen = \"127.0.0.1:1\"\n", &[]);
    assert!(
        found.ends_with("there is no setting lisen; did you mean listen?"),
        "{found}"
    );
    let found = complaint("", &[("MEDIAVAULT_DATADIR", "/tmp")]);
    assert!(found.ends_with("did you mean data_dir?"), "{found}");
}

#[test]
fn variables_that_only_share_the_prefix_are_left_alone() {
    let variables = [
        ("MEDIAVAULT_PORT", "tcp://10.0.0.7:8080"),
        ("MEDIAVAULT_SERVICE_HOST", "10.0.0.7"),
    ];
    assert!(read("", &variables, &[]).is_ok());
}

#[test]
fn a_complaint_names_setting_and_source() {
    let found = complaint("", &[("MEDIAVAULT_LISTEN", "8080")]);
    assert!(
        found.starts_with("listen (from MEDIAVAULT_LISTEN): "),
        "{found}"
    );
    let found = complaint("max_upload_size = 0\n", &[]);
    assert!(
        found.starts_with("max_upload_size (in ") && found.ends_with("must be more than 0"),
        "{found}"
    );
    let found = complaint("", &[("MEDIAVAULT_DATABASE_URL", "mysql://a")]);
    assert_eq!(
        found,
        "database_url (from MEDIAVAULT_DATABASE_URL): must begin with postgres://"
    );
    let found = complaint("", &[("MEDIAVAULT_MAX_PIXELS", "0")]);
    assert_eq!(
        found,
        "max_pixels (from MEDIAVAULT_MAX_PIXELS): must be more than 0"
    );
    let found = complaint("", &[("MEDIAVAULT_IDLE_DAYS", "0")]);
    assert!(
        found.starts_with("idle_days (from MEDIAVAULT_IDLE_DAYS): "),
        "{found}"
    );
    let found = complaint("", &[("MEDIAVAULT_PUBLIC_URL", "photos.example/a")]);
    assert!(
        found.starts_with("public_url (from MEDIAVAULT_PUBLIC_URL): "),
        "{found}"
    );
}

#[test]
fn secrets_are_never_shown() {
    let variables = [
        ("MEDIAVAULT_DATABASE_URL", "postgres://u:hunter2@db/v"),
        ("MEDIAVAULT_MASTER_KEY", "hunter2"),
        ("MEDIAVAULT_SETUP_CODE", "hunter2"),
    ];
    let config = read("", &variables, &[]).expect("valid");
    assert!(!format!("{config:?}").contains("hunter2"));
    for setting in SETTINGS {
        assert!(
            !(setting.show)(&config).contains("hunter2"),
            "{}",
            setting.name
        );
    }
}

#[test]
fn what_is_shown_can_be_read_again() {
    let config = Config::default();
    for setting in SETTINGS.iter().filter(|setting| !setting.secret) {
        let shown = (setting.show)(&config);
        let mut again = Config::default();
        (setting.apply)(&mut again, &shown)
            .unwrap_or_else(|error| panic!("{}: {error}", setting.name));
        assert_eq!((setting.show)(&again), shown, "{}", setting.name);
    }
}

#[test]
fn the_public_address_follows_listen() {
    let at = |listen: &str| {
        read("", &[("MEDIAVAULT_LISTEN", listen)], &[])
            .expect("valid")
            .public_url()
    };
    assert_eq!(at("127.0.0.1:9000"), "http://localhost:9000");
    assert_eq!(at("0.0.0.0:80"), "http://localhost:80");
    assert_eq!(at("[fd00::1]:81"), "http://[fd00::1]:81");
}

#[test]
fn sizes_are_read_as_people_write_them() {
    assert_eq!(size::parse("512"), Ok(512));
    assert_eq!(size::parse("64 MiB"), Ok(64 << 20));
    assert_eq!(size::parse("10GB"), Ok(10_000_000_000));
    assert_eq!(size::parse("1.5g"), Ok(3 << 29));
    assert!(size::parse("many").is_err());
    assert!(size::parse("5 parsecs").is_err());
    assert_eq!(size::show(64 << 30), "64 GiB");
    assert_eq!(size::show(1000), "1000");
}

#[test]
fn a_missing_file_that_was_asked_for_is_an_error() {
    let missing = Path::new("/nowhere/config.toml");
    let found = Layers::read(Some(missing), std::iter::empty(), &[]).expect_err("must fail");
    assert!(found.to_string().starts_with("/nowhere/config.toml: "));
}

#[test]
fn far_names_are_not_guessed() {
    assert_eq!(closest("colour_of_the_sky"), None);
    assert_eq!(closest("max_uploads_size"), Some("max_upload_size"));
}

#[test]
fn every_setting_is_in_the_book() {
    let book = include_str!("../../../../docs/configure.md");
    let described: Vec<&str> = book
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let settings: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(described, settings);
}
