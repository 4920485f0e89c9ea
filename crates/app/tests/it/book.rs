//! The examples of the user's book, run as they stand.

use std::path::Path;
use std::process::Command;

use testkit::{EMAIL, PASSWORD, fixtures};

use crate::vault;

/// Every block of this language, one after the other: later ones use what earlier ones found out.
fn blocks(page: &str, language: &str) -> String {
    let fence = format!("```{language}\n");
    let blocks = page.split(fence.as_str()).skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_curl_examples_work() {
    let vault = vault().start().await;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
    let page = std::fs::read_to_string(page).expect("docs/api.md");
    let script = blocks(&page, "sh");
    assert!(script.contains("curl"), "the page has examples");

    let place = tempfile::tempdir().expect("a folder");
    let file = |name: &str| place.path().join(name);
    std::fs::write(
        file("photo.jpg"),
        fixtures::named("photos/blue-sea.jpg").bytes(),
    )
    .expect("written");
    // A refusal fails the script, and says what it was.
    std::fs::write(file(".curlrc"), "fail-with-body\nsilent\nshow-error\n").expect("written");
    let out = Command::new("bash")
        .args(["-euxo", "pipefail", "-c", &script])
        .current_dir(place.path())
        .env("CURL_HOME", place.path())
        .env("VAULT", vault.url())
        .env("EMAIL", EMAIL)
        .env("PASSWORD", PASSWORD)
        .output()
        .expect("bash");
    let said = String::from_utf8_lossy(&out.stdout);
    let steps = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{said}\n{steps}");

    let length = |name: &str| std::fs::metadata(file(name)).expect("a file").len();
    assert_eq!(length("beginning"), 100);
    assert!(length("all.zip") > length("photo.jpg"));
    let found = &vault.client().get("/assets?q=tag:sea%20is:favourite").await["items"];
    assert_eq!(found[0]["title"], "Blue sea");
    assert_eq!(found[0]["rating"], 4);
}

/// Where the links of a page lead that are not to other sites.
fn links(page: &str) -> Vec<String> {
    let ends = page.split("](").skip(1);
    let targets = ends.filter_map(|rest| rest.split(')').next());
    let near = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    near.map(|target| target.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn links_in_the_book_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = [root.clone(), root.join("docs"), root.join("docs/adr")];
    let mut followed = 0;
    for folder in folders {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let file = entry.expect("an entry").path();
            if file.extension().is_none_or(|extension| extension != "md") {
                continue;
            }
            for target in links(&std::fs::read_to_string(&file).expect("text")) {
                assert!(
                    folder.join(&target).exists(),
                    "{}: {target}",
                    file.display()
                );
                followed += 1;
            }
        }
    }
    assert!(followed > 20, "only {followed} links");
}
