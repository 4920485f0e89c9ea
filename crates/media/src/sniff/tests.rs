//! Signatures by hand-made beginnings; the media corpus when one is at hand; and arbitrary bytes.

use domain::MediaType;
use proptest::prelude::{ProptestConfig, any, proptest};

use super::{SNIFF_LEN, sniff};

#[test]
fn short_and_empty_files_are_unknown_or_text() {
    assert_eq!(sniff(b""), MediaType::Unknown);
    assert_eq!(sniff(b"a"), MediaType::Text);
    assert_eq!(sniff(b"\x00\x01\x02"), MediaType::Unknown);
}

#[test]
fn brands_tell_iso_base_media_apart() {
    let file = |major: &[u8; 4], compatible: &[u8]| {
        let size = 16 + compatible.len() as u32;
        let mut bytes = size.to_be_bytes().to_vec();
        bytes.extend(b"ftyp");
        bytes.extend(major);
        bytes.extend([0; 4]);
        bytes.extend(compatible);
        bytes
    };
    for (major, compatible, expected) in [
        (b"heic", b"mif1".as_slice(), MediaType::Heic),
        (b"mif1", b"heic", MediaType::Heif),
        (b"mif1", b"miafavif", MediaType::Avif),
        (b"avis", b"", MediaType::Avif),
        (b"crx ", b"isom", MediaType::Cr3),
        (b"qt  ", b"", MediaType::QuickTime),
        (b"3gp5", b"isom", MediaType::ThreeGp),
        (b"M4A ", b"isom", MediaType::M4a),
        (b"isom", b"mp41", MediaType::Mp4),
    ] {
        assert_eq!(sniff(&file(major, compatible)), expected, "{major:?}");
    }
}

#[test]
fn a_makers_name_alone_does_not_make_a_raw_file() {
    // One directory: Make, and NewSubfileType + SubIFDs only when asked for.
    let file = |raw: bool| {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            [
                tag.to_le_bytes().as_slice(),
                &kind.to_le_bytes(),
                &count.to_le_bytes(),
                &value.to_le_bytes(),
            ]
            .concat()
        };
        bytes.extend(3_u16.to_le_bytes());
        bytes.extend(entry(0x00fe, 4, 1, u32::from(raw)));
        bytes.extend(entry(0x010f, 2, 6, 50));
        bytes.extend(entry(if raw { 0x014a } else { 0x0150 }, 4, 1, 0));
        bytes.extend([0; 4]);
        bytes.extend(b"NIKON\0");
        bytes
    };
    assert_eq!(sniff(&file(true)), MediaType::Nef);
    assert_eq!(sniff(&file(false)), MediaType::Tiff);
}

#[test]
fn markup_is_told_by_its_root() {
    for (text, expected) in [
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", MediaType::Svg),
        (
            "<?xml version='1.0'?><!-- <html> --><svg:svg/>",
            MediaType::Svg,
        ),
        (
            "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a '>]'>]><svg/>",
            MediaType::Svg,
        ),
        ("<!DOCTYPE html><svg/>", MediaType::Html),
        ("\u{feff}  <HTML>", MediaType::Html),
        ("<script>alert(1)</script>", MediaType::Html),
        ("<?xml version='1.0'?><note/>", MediaType::Xml),
        ("<x:xmpmeta/>", MediaType::Xmp),
        ("<not markup, just text", MediaType::Text),
        ("{\"a\": [1, true, null]}", MediaType::Json),
        ("{\"a\": [1, tr", MediaType::Json),
        ("[network]\nkey = 1", MediaType::Text),
        ("{curly} words", MediaType::Text),
        ("#!/bin/sh\n", MediaType::Executable),
        ("#!AMR\n", MediaType::Amr),
        ("MZ is how this sentence starts", MediaType::Text),
        (
            "BM is how this sentence starts, and it goes on",
            MediaType::Text,
        ),
    ] {
        assert_eq!(sniff(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn zip_entries_tell_documents_apart() {
    let entry = |name: &str, data: &str| {
        let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(data.as_bytes());
        bytes
    };
    let types = entry("[Content_Types].xml", "x");
    let office = |name| [types.clone(), entry(name, "y")].concat();
    assert_eq!(sniff(&office("word/document.xml")), MediaType::Docx);
    assert_eq!(sniff(&office("xl/workbook.xml")), MediaType::Xlsx);
    assert_eq!(sniff(&office("ppt/slides/1.xml")), MediaType::Pptx);
    assert_eq!(sniff(&entry("word/holiday.jpg", "x")), MediaType::Zip);
    let epub = entry("mimetype", "application/epub+zip");
    assert_eq!(sniff(&epub), MediaType::Epub);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        sniff(&bytes);
    }

    #[test]
    fn arbitrary_bytes_behind_a_signature_never_panic(
        which in 0_usize..16,
        bytes in proptest::collection::vec(any::<u8>(), 0..1024),
    ) {
        const STARTS: [&[u8]; 16] = [
            b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"\0\0\0\x20ftypmif1", b"PK\x03\x04", b"OggS",
            b"ID3\x03", b"\xff\xfb", b"\xff\xf1", b"<!DOCTYPE", b"{\"", b"RIFF", b"\x1a\x45\xdf\xa3",
            b"\xff\xfe", b"<?xml", b"\0\0\0\x10free", b"\x30\x26\xb2\x75",
        ];
        sniff(&[STARTS[which], &bytes].concat());
    }
}

/// Names our table and the reference's tools give differently for the same thing.
const SAME_THING: &[(&str, &str)] = &[
    ("audio/wav", "audio/x-wav"),
    (
        "image/vnd.adobe.photoshop",
        "application/vnd.adobe.photoshop",
    ),
    ("image/png", "image/apng"),
    ("application/x-executable", "application/octet-stream"),
    ("application/octet-stream", "inode/x-empty"),
];

/// With `MEDIAVAULT_CORPUS` naming the media test set, every file of it must be recognised as its
/// `expected.jsonl` says; without, the types the vault itself writes down must come back.
#[test]
fn the_corpus_is_recognised() {
    let Some(root) = std::env::var_os("MEDIAVAULT_CORPUS").map(std::path::PathBuf::from) else {
        println!("MEDIAVAULT_CORPUS is not set: the table of types is checked instead");
        for kind in MediaType::ALL {
            assert_eq!(kind.mime().parse::<MediaType>().as_ref(), Ok(kind));
        }
        return;
    };
    let expected = std::fs::read_to_string(root.join("expected.jsonl")).unwrap();
    let mut wrong = Vec::new();
    for line in expected.lines() {
        let field = |name: &str| {
            let (_, rest) = line.split_once(&format!("\"{name}\": \""))?;
            Some(rest.split('"').next().unwrap().to_owned())
        };
        let path = field("path").unwrap();
        let bytes = std::fs::read(root.join(&path)).unwrap();
        let found = sniff(&bytes[..bytes.len().min(SNIFF_LEN)]).mime();
        let agreed = [field("mime"), field("mime_libmagic")]
            .into_iter()
            .flatten()
            .any(|mime| mime == found || SAME_THING.contains(&(found, &mime)));
        if !agreed {
            wrong.push(format!(
                "{path}: found {found}, expected {:?}",
                field("mime")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
