use super::tree::Tree;
use super::{Finding, Rule, ambient, drivers, imports, lockfiles, migrations, names, shape, words};

/// What a rule says of one file.
fn says(rule: Rule, path: &str, text: &str) -> Vec<(usize, String)> {
    let found = rule(&Tree::of(&[(path, text)]));
    found
        .into_iter()
        .map(|Finding { line, message, .. }| (line, message))
        .collect()
}

/// Lines a rule complains about.
fn lines(rule: Rule, path: &str, text: &str) -> Vec<usize> {
    says(rule, path, text)
        .into_iter()
        .map(|(line, _)| line)
        .collect()
}

#[test]
fn the_real_clock_belongs_to_app() {
    let text = "fn f() {\n    let now = SystemTime::now();\n    // SystemTime::now in words\n}\n";
    assert_eq!(lines(ambient::check, "crates/service/src/a.rs", text), [2]);
    assert_eq!(
        lines(ambient::check, "crates/service/src/a/tests.rs", text),
        [2]
    );
    assert!(lines(ambient::check, "crates/app/src/wiring.rs", text).is_empty());
}

#[test]
fn durations_are_measured_where_the_outside_is_met() {
    let text = "let start = Instant::now();\n";
    assert_eq!(lines(ambient::check, "crates/service/src/a.rs", text), [1]);
    assert!(lines(ambient::check, "crates/outside/src/process.rs", text).is_empty());
    assert!(lines(ambient::check, "crates/service/src/a/tests.rs", text).is_empty());
}

#[test]
fn drivers_stay_behind_the_seam() {
    let text = "use rusqlite::Connection;\n";
    assert_eq!(lines(drivers::check, "crates/service/src/a.rs", text), [1]);
    assert_eq!(
        lines(drivers::check, "crates/catalog/src/assets.rs", text),
        [1]
    );
    assert!(lines(drivers::check, "crates/catalog/src/sql/sqlite.rs", text).is_empty());
}

#[test]
fn imports_follow_the_table() {
    let map = "# Map\n\n| crate | may import |\n|---|---|\n| domain | nothing of ours |\n\
               | blobs, catalog | domain; never one another |\n| server | domain |\n| app | everything |\n\nEnd.\n";
    let workspace = serde_json::from_str(
        r#"{"packages": [
            {"name": "domain", "dependencies": [{"name": "serde", "kind": null}]},
            {"name": "catalog", "dependencies": [{"name": "domain", "kind": null}, {"name": "blobs", "kind": null}]},
            {"name": "blobs", "dependencies": []},
            {"name": "testkit", "dependencies": [{"name": "domain", "kind": null}]},
            {"name": "server", "dependencies": [
                {"name": "catalog", "kind": null}, {"name": "testkit", "kind": "dev"}]},
            {"name": "app", "dependencies": [{"name": "server", "kind": null}, {"name": "testkit", "kind": null}]},
            {"name": "newcomer", "dependencies": []}
        ]}"#,
    )
    .expect("well-formed");
    let found: Vec<String> = imports::check(&workspace, map)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "catalog: may not import blobs",
            "server: may not import catalog",
            "app: may not import testkit",
            "newcomer: is not in the import table of ARCHITECTURE.md",
        ]
    );
}

#[test]
fn lock_files_name_no_registry() {
    let lock = "{\n  \"a\": {\n    \"resolved\": \"https://example.org/a.tgz\"\n  }\n}\n";
    assert_eq!(lines(lockfiles::check, "web/package-lock.json", lock), [3]);
    assert!(lines(lockfiles::check, "web/other.json", lock).is_empty());
    assert_eq!(
        lines(
            lockfiles::check,
            ".npmrc",
            "registry=https://registry.npmjs.example/\n"
        ),
        [1]
    );
}

#[test]
fn migrations_are_frozen() {
    let sql = "crates/catalog/src/migrations/0001.sql";
    let frozen = "xtask/frozen-migrations.sha256";
    let text = "CREATE TABLE a (b INTEGER);\n";
    let line = format!("{}  0001.sql\n", domain::Sha256::of(text.as_bytes()));

    let found = |files: &[(&str, &str)]| -> Vec<String> {
        migrations::check(&Tree::of(files))
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    };
    assert!(found(&[(sql, text), (frozen, &line)]).is_empty());
    assert_eq!(
        found(&[(sql, "DROP TABLE a;\n"), (frozen, &line)]),
        ["is frozen: write a new migration instead"]
    );
    assert_eq!(found(&[(frozen, &line)]), ["0001.sql is frozen but gone"]);
    assert!(found(&[(sql, text)])[0].starts_with("add to xtask/frozen-migrations.sha256: "));
}

#[test]
fn modules_have_telling_names() {
    assert_eq!(
        says(names::check, "crates/media/src/utils/mod.rs", "").len(),
        1
    );
    assert_eq!(says(names::check, "web/src/lib/common.ts", "").len(), 1);
    assert!(says(names::check, "crates/media/src/score.rs", "").is_empty());
}

#[test]
fn files_are_short_and_introduce_themselves() {
    let long = "// x\n".repeat(801);
    assert_eq!(lines(shape::check, "crates/a/src/b.rs", &long), [0]);
    assert!(lines(shape::check, "sdk/typescript/src/schema.ts", &long).is_empty());
    assert_eq!(lines(shape::check, "crates/a/src/lib.rs", "mod b;\n"), [1]);
    assert!(lines(shape::check, "crates/a/src/lib.rs", "//! A.\nmod b;\n").is_empty());
}

#[test]
fn exceptions_give_their_reason() {
    let bare = "#[allow(dead_code)]\nfn f() {}\n";
    assert_eq!(lines(shape::check, "crates/a/src/b.rs", bare), [1]);
    let reasoned = "// Called by the macro only.\n#[allow(dead_code)]\nfn f() {}\n";
    assert!(lines(shape::check, "crates/a/src/b.rs", reasoned).is_empty());
    let long =
        "#[allow(\n    dead_code,\n    reason = \"called by the macro only\"\n)]\nfn f() {}\n";
    assert!(lines(shape::check, "crates/a/src/b.rs", long).is_empty());
    assert_eq!(lines(shape::check, "crates/a/src/b.rs", "#[ignore]\n"), [1]);
    assert_eq!(
        lines(shape::check, "crates/a/src/b.rs", "mod tests {\n"),
        [1]
    );
}

#[test]
fn nothing_is_left_for_later() {
    assert_eq!(
        lines(words::check, "docs/use.md", "fine\nTODO: write\n"),
        [2]
    );
    assert!(
        lines(
            words::check,
            "crates/a/src/b.rs",
            "let key = \"aXXXb\"; const XXX_A: u8 = 1;\n"
        )
        .is_empty()
    );
    assert_eq!(
        lines(words::check, "crates/a/src/b.rs", "unimplemented!(\"x\")\n"),
        [1]
    );
}
