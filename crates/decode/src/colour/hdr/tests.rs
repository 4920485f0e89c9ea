use super::{Hdr, to_srgb};
use crate::picture::{Layout, Samples};

fn gray(hdr: Hdr, signal: f32) -> u8 {
    let sample = (signal * 65535.0) as u16;
    let samples = Samples::Sixteen(vec![sample; 3]);
    let out = to_srgb(&samples, Layout::Rgb, hdr, 9);
    assert!(out.iter().all(|part| part.abs_diff(out[0]) <= 1), "{out:?}");
    out[0]
}

#[test]
fn reference_white_is_nearly_white_and_order_is_kept() {
    // BT.2408 table 1: HDR reference white is 58 % of PQ and 75 % of HLG; mid gray 38 % of both.
    for (hdr, white, middle) in [(Hdr::Pq, 0.58, 0.38), (Hdr::Hlg, 0.75, 0.38)] {
        assert!(
            (225..=250).contains(&gray(hdr, white)),
            "{hdr:?} {}",
            gray(hdr, white)
        );
        assert!(
            (90..=150).contains(&gray(hdr, middle)),
            "{hdr:?} {}",
            gray(hdr, middle)
        );
        assert_eq!(gray(hdr, 0.0), 0);
        assert!(gray(hdr, 1.0) >= 250);
        let ramp: Vec<u8> = (0..=20).map(|step| gray(hdr, step as f32 / 20.0)).collect();
        assert!(ramp.is_sorted(), "{ramp:?}");
    }
}

#[test]
fn alpha_passes_through() {
    let samples = Samples::Eight(vec![0, 0, 0, 77]);
    assert_eq!(to_srgb(&samples, Layout::Rgba, Hdr::Pq, 9), [0, 0, 0, 77]);
}
