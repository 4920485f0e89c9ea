use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use super::{InputWriter, LARGEST_IN_MEMORY, Spool, UNIT, briefly_named};
use crate::Error;

const LARGE: u64 = LARGEST_IN_MEMORY + 1;

fn spool(dir: &Path, inputs: u64) -> Spool {
    Spool::new(dir.to_owned(), inputs * LARGE.next_multiple_of(UNIT))
}

fn fill(mut writer: InputWriter, size: u64) -> super::Input {
    let block = vec![7; 1 << 20];
    let mut left = size;
    while left > 0 {
        let n = left.min(block.len() as u64);
        writer.write(&block[..n as usize]).unwrap();
        left -= n;
    }
    writer.seal().unwrap()
}

fn is_empty(dir: &Path) -> bool {
    std::fs::read_dir(dir).unwrap().next().is_none()
}

#[tokio::test]
async fn a_small_input_is_sealed_in_memory() {
    let spool = Spool::new("/nowhere".into(), 0);
    let mut writer = spool.begin(6).await.unwrap();
    writer.write(b"abc").unwrap();
    writer.write(b"def").unwrap();
    let input = writer.seal().unwrap();
    assert_eq!(input.size(), 6);
    let error = input.file().write(b"x").unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    assert!(input.file().set_len(0).is_err());
}

#[tokio::test]
async fn a_large_input_lies_on_disk_without_a_name_and_is_read_only() {
    let dir = tempfile::tempdir().unwrap();
    let spool = spool(dir.path(), 1);
    let input = fill(spool.begin(LARGE).await.unwrap(), LARGE);
    assert!(is_empty(dir.path()));
    assert!(input.file().write(b"x").is_err());
    let mut first = [0; 4];
    let mut file: &File = input.file();
    file.read_exact(&mut first).unwrap();
    assert_eq!(first, [7; 4]);
}

#[tokio::test]
async fn disk_is_given_back_with_the_input() {
    let dir = tempfile::tempdir().unwrap();
    let spool = spool(dir.path(), 1);
    let first = spool.begin(LARGE).await.unwrap();
    let mut second = std::pin::pin!(spool.begin(LARGE));
    tokio::select! {
        biased;
        _ = &mut second => panic!("there was no room"),
        () = tokio::task::yield_now() => {}
    }
    drop(first);
    second.await.unwrap();
}

#[tokio::test]
async fn what_can_never_fit_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let refused = spool(dir.path(), 1).begin(2 * LARGE).await;
    assert!(
        matches!(refused, Err(Error::TooLarge { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_announced_size_is_kept_to() {
    let spool = Spool::new("/nowhere".into(), 0);
    let mut writer = spool.begin(3).await.unwrap();
    let refused = writer.write(b"four");
    assert!(matches!(
        refused,
        Err(Error::WrongSize {
            announced: 3,
            given: 4
        })
    ));
    let refused = spool.begin(3).await.unwrap().seal();
    assert!(matches!(
        refused,
        Err(Error::WrongSize {
            announced: 3,
            given: 0
        })
    ));
}

#[test]
fn a_briefly_named_file_leaves_no_name() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = briefly_named(dir.path()).unwrap();
    file.write_all(b"x").unwrap();
    assert!(is_empty(dir.path()));
}
