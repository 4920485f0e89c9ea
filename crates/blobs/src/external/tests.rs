//! On a real folder, with what people and attackers put there.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use futures::TryStreamExt;

use super::{ExternalFolder, Met};
use crate::BlobError;

fn folder() -> (tempfile::TempDir, ExternalFolder) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let folder = ExternalFolder::at(dir.path());
    (dir, folder)
}

fn write(root: &Path, path: &str, content: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
    fs::write(path, content).expect("a file");
}

async fn met(folder: &ExternalFolder) -> Vec<Met> {
    let batches: Vec<Vec<Met>> = folder.walk().try_collect().await.expect("it can be read");
    batches.concat()
}

async fn paths(folder: &ExternalFolder) -> Vec<String> {
    met(folder)
        .await
        .into_iter()
        .map(|met| match met {
            Met::File { path, .. } => path,
            other => format!("{other:?}"),
        })
        .collect()
}

async fn content(folder: &ExternalFolder, path: &str) -> Option<Vec<u8>> {
    let file = folder.open(path).await.expect("it can be read")?;
    let range = 0..file.stamp().size;
    let pieces: Vec<_> = file.stream(range).try_collect().await.expect("its bytes");
    Some(pieces.concat())
}

#[tokio::test]
async fn files_are_met_in_order_and_read() {
    let (dir, folder) = folder();
    let large = vec![7; (3 << 20) + 11];
    write(dir.path(), "b/2.jpg", b"two");
    write(dir.path(), "a.jpg", b"one");
    write(dir.path(), "b/1.jpg", &large);
    write(dir.path(), "b/deep/er/3.jpg", b"");
    assert_eq!(
        paths(&folder).await,
        ["a.jpg", "b/1.jpg", "b/2.jpg", "b/deep/er/3.jpg"]
    );
    assert_eq!(content(&folder, "b/1.jpg").await, Some(large));
    assert_eq!(content(&folder, "b/deep/er/3.jpg").await, Some(Vec::new()));
    let file = folder
        .open("a.jpg")
        .await
        .expect("readable")
        .expect("there");
    let part: Vec<_> = file.stream(1..3).try_collect().await.expect("its bytes");
    assert_eq!(part.concat(), b"ne");
}

#[tokio::test]
async fn more_files_than_one_batch_are_all_met() {
    let (dir, folder) = folder();
    for number in 0..1_000 {
        write(dir.path(), &format!("{:02}/{number:04}", number % 7), b"x");
    }
    assert_eq!(paths(&folder).await.len(), 1_000);
}

#[tokio::test]
async fn hidden_files_and_those_of_other_programs_are_left_out() {
    let (dir, folder) = folder();
    write(dir.path(), ".hidden.jpg", b"x");
    write(dir.path(), ".trash/1.jpg", b"x");
    write(dir.path(), "@eaDir/1.jpg", b"x");
    write(dir.path(), "seen.jpg", b"x");
    assert_eq!(paths(&folder).await, ["seen.jpg"]);
}

#[tokio::test]
async fn no_way_leads_out_of_the_folder() {
    let (dir, folder) = folder();
    let outside = tempfile::tempdir().expect("a temporary directory");
    write(outside.path(), "secret.jpg", b"secret");
    write(dir.path(), "own.jpg", b"own");
    symlink(
        outside.path().join("secret.jpg"),
        dir.path().join("link.jpg"),
    )
    .expect("a link");
    symlink(outside.path(), dir.path().join("linked")).expect("a link");
    symlink(".", dir.path().join("loop")).expect("a link");
    assert_eq!(paths(&folder).await, ["own.jpg"]);
    let secret = outside.path().join("secret.jpg");
    let up = format!(
        "../{}/secret.jpg",
        outside
            .path()
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name")
    );
    for path in [
        "link.jpg",
        "linked/secret.jpg",
        "loop/own.jpg",
        secret.to_str().expect("UTF-8"),
        up.as_str(),
        "..",
        ".",
    ] {
        assert_eq!(content(&folder, path).await, None, "{path}");
    }
}

#[tokio::test]
async fn a_pipe_is_no_file_and_does_not_make_us_wait() {
    let (dir, folder) = folder();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        dir.path().join("pipe.jpg"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .expect("a pipe");
    assert_eq!(paths(&folder).await, [""; 0]);
    assert_eq!(content(&folder, "pipe.jpg").await, None);
}

#[tokio::test]
async fn names_that_are_not_text_are_told() {
    let (dir, folder) = folder();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.jpg");
    fs::write(dir.path().join(name), b"x").expect("a file");
    assert_eq!(
        met(&folder).await,
        [Met::Misnamed {
            path: "caf\u{fffd}.jpg".to_owned()
        }]
    );
}

#[tokio::test]
async fn a_directory_that_cannot_be_read_is_told_and_the_others_are_met() {
    let (dir, folder) = folder();
    write(dir.path(), "a/1.jpg", b"x");
    write(dir.path(), "b/1.jpg", b"x");
    // Permissions do not hold back root; a directory replaced by a link on the way would not either.
    if rustix::process::getuid().is_root() {
        return;
    }
    let closed = fs::Permissions::from_mode(0o000);
    fs::set_permissions(dir.path().join("a"), closed).expect("a closed directory");
    let met = met(&folder).await;
    fs::set_permissions(dir.path().join("a"), fs::Permissions::from_mode(0o755)).expect("opened");
    assert!(matches!(&met[0], Met::Unreadable { path, .. } if path == "a"));
    assert!(matches!(&met[1], Met::File { path, .. } if path == "b/1.jpg"));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let (dir, _) = folder();
    let gone = ExternalFolder::at(dir.path().join("gone"));
    let walked = gone.walk().try_collect::<Vec<_>>().await;
    assert!(matches!(walked, Err(BlobError::Unavailable { .. })));
    assert!(gone.open("x").await.is_err());
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_ends_in_an_error() {
    let (dir, folder) = folder();
    write(dir.path(), "a.jpg", b"before");
    let file = folder
        .open("a.jpg")
        .await
        .expect("readable")
        .expect("there");
    write(dir.path(), "a.jpg", b"behind and longer");
    let read = file.stream(0..6).try_collect::<Vec<_>>().await;
    assert!(matches!(read, Err(BlobError::Damaged { .. })));
}
