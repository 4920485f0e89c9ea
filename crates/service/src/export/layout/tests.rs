use std::collections::HashMap;

use domain::{AssetId, Sha256, Timestamp};
use serde_json::json;

use super::Layout;
use crate::export::record::{Earlier, File, Record};

fn file(role: &str, bytes: &str, mime_type: &str) -> File {
    File {
        role: role.to_owned(),
        path: String::new(),
        sha256: Sha256::of(bytes.as_bytes()),
        size: bytes.len() as u64,
        mime_type: mime_type.to_owned(),
    }
}

fn record(number: u128, file_name: &str) -> Record {
    Record {
        id: AssetId::from_uuid(uuid::Uuid::from_u128(number)),
        path: String::new(),
        file_name: file_name.to_owned(),
        sha256: Sha256::of(number.to_string().as_bytes()),
        size: 1,
        mime_type: "image/heic".to_owned(),
        version: 1,
        // 15 June 2024
        created_at: Timestamp::from_millis(1_718_409_600_000),
        captured_at: None,
        location: None,
        title: None,
        description: None,
        tags: Vec::new(),
        rating: None,
        collections: Vec::new(),
        said: json!({}),
        files: Vec::new(),
        versions: Vec::new(),
        revisions: Vec::new(),
    }
}

#[test]
fn what_belongs_together_lies_together_and_nothing_lies_on_another() {
    let mut layout = Layout::default();
    let mut first = record(1, "IMG_1.HEIC");
    first.files = vec![
        file("motion", "moving", "video/quicktime"),
        file("sidecar", "x", "application/rdf+xml"),
    ];
    first.versions = vec![Earlier {
        number: 1,
        file_name: "IMG_1.HEIC".to_owned(),
        created_at: first.created_at,
        files: vec![
            file("original", "old", "image/heic"),
            file("motion", "moving", "video/quicktime"),
        ],
    }];
    layout.place(&mut first);
    assert_eq!(first.path, "originals/2024/06/IMG_1.HEIC");
    assert_eq!(first.files[0].path, "originals/2024/06/IMG_1.mov");
    assert!(first.files[1].path.starts_with("beside/"), "{first:?}");
    let earlier = &first.versions[0].files;
    assert!(earlier[0].path.starts_with("versions/"), "{earlier:?}");
    assert_eq!(
        earlier[1].path, first.files[0].path,
        "the same bytes lie there once"
    );
    assert_eq!(first.all_files().len(), 4);

    let mut second = record(2, "img_1.jpg");
    second.files = vec![file("motion", "other", "video/quicktime")];
    layout.place(&mut second);
    assert_eq!(second.path, "originals/2024/06/img_1.jpg");
    assert!(second.files[0].path.starts_with("beside/"), "{second:?}");
    let mut third = record(3, "IMG_1.heic");
    layout.place(&mut third);
    assert_eq!(third.path, "originals/2024/06/IMG_1 (2).heic");
}

#[test]
fn an_original_keeps_its_place() {
    let mut first = record(1, "a.jpg");
    let kept = HashMap::from([(first.id, "originals/2020/01/old.jpg".to_owned())]);
    let mut layout = Layout::keeping(kept);
    layout.place(&mut first);
    assert_eq!(first.path, "originals/2020/01/old.jpg");
    let mut second = record(2, "old.jpg");
    layout.place(&mut second);
    assert_eq!(second.path, "originals/2024/06/old (2).jpg");
}
