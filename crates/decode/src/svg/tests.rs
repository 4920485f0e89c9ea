use proptest::prelude::proptest;

use super::open;
use crate::failure::Failure;
use crate::picture::Samples;

fn draw(svg: &str) -> Result<(u32, u32, Vec<u8>), Failure> {
    let decoded = open(svg.as_bytes(), 64).picture?;
    let Samples::Eight(samples) = decoded.picture.samples else {
        panic!("a drawing has eight bits");
    };
    Ok((decoded.picture.width, decoded.picture.height, samples))
}

#[test]
fn drawings_come_at_the_wanted_size_with_alpha() {
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4">
        <rect width="4" height="4" fill="#ff0000"/></svg>"##;
    let (width, height, samples) = draw(svg).unwrap();
    assert_eq!((width, height), (64, 32));
    assert_eq!(samples[..4], [255, 0, 0, 255]);
    assert_eq!(samples[63 * 4..64 * 4], [0, 0, 0, 0]);
}

#[test]
fn references_outside_the_file_draw_nothing() {
    for href in [
        "/etc/passwd",
        "file:///etc/hostname",
        "http://127.0.0.1:1/x.png",
    ] {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="{href}" width="8" height="8"/></svg>"#
        );
        let (_, _, samples) = draw(&svg).unwrap();
        assert!(samples.iter().all(|sample| *sample == 0), "{href}");
    }
}

#[test]
fn entity_bombs_are_refused() {
    let mut svg = String::from("<!DOCTYPE svg [<!ENTITY a0 \"ha\">");
    for level in 1..12 {
        let before = format!("&a{};", level - 1).repeat(10);
        svg.push_str(&format!("<!ENTITY a{level} \"{before}\">"));
    }
    svg.push_str("]><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><text>&a11;</text></svg>");
    assert!(matches!(draw(&svg), Err(Failure::Damaged(_))));
}

proptest! {
    #[test]
    fn arbitrary_markup_never_panics(text in "[<>/a-z\"'=&;# 0-9.,()-]{0,200}") {
        // The outcome does not matter, only that there is one.
        let _ = draw(&format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{text}</svg>")).is_ok();
    }
}
