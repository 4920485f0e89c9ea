use moxcms::ColorProfile;

use super::{Colour, profile_name, to_srgb};
use crate::picture::{Layout, Picture, Samples};

fn pixel(layout: Layout, samples: &[u8]) -> Picture {
    Picture::new((1, 1), layout, Samples::Eight(samples.to_vec())).unwrap()
}

#[test]
fn nothing_stated_means_srgb() {
    let (out, layout) = to_srgb(pixel(Layout::Rgba, &[1, 2, 3, 4]), &Colour::Srgb).unwrap();
    assert_eq!(
        (out.as_slice(), layout),
        ([1, 2, 3, 4].as_slice(), Layout::Rgba)
    );
}

#[test]
fn display_p3_red_is_redder_than_srgb_can_show() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let colour = Colour::Icc(icc);
    let (red, _) = to_srgb(pixel(Layout::Rgb, &[200, 30, 30]), &colour).unwrap();
    // ICC.1 by way of D50: (218, 0, 17) within rounding; red grows, the others shrink.
    assert!(red[0] > 212 && red[1] < 10 && red[2] < 26, "{red:?}");
    let (gray, _) = to_srgb(pixel(Layout::Rgb, &[128, 128, 128]), &colour).unwrap();
    assert!(
        gray.iter().all(|sample| sample.abs_diff(128) <= 1),
        "{gray:?}"
    );
    let cicp = Colour::Cicp {
        primaries: 12,
        transfer: 13,
    };
    let (same, _) = to_srgb(pixel(Layout::Rgb, &[200, 30, 30]), &cicp).unwrap();
    assert!(
        same.iter().zip(&red).all(|(a, b)| a.abs_diff(*b) <= 2),
        "{same:?} {red:?}"
    );
}

#[test]
fn srgb_profiles_change_nothing() {
    let icc = ColorProfile::new_srgb().encode().unwrap();
    let (out, _) = to_srgb(pixel(Layout::Rgb, &[200, 30, 30]), &Colour::Icc(icc)).unwrap();
    assert_eq!(out, [200, 30, 30]);
}

#[test]
fn a_broken_profile_leaves_the_samples_alone() {
    let colour = Colour::Icc(vec![0; 40]);
    let (out, _) = to_srgb(pixel(Layout::Rgb, &[9, 8, 7]), &colour).unwrap();
    assert_eq!(out, [9, 8, 7]);
    assert_eq!(profile_name(&[1, 2, 3]), None);
}

#[test]
fn paper_is_white_and_black_ink_black() {
    let rgb = |samples: [u8; 4]| {
        to_srgb(pixel(Layout::Cmyk, &samples), &Colour::Srgb)
            .unwrap()
            .0
    };
    assert_eq!(rgb([255, 255, 255, 255]), [255, 255, 255]);
    assert_eq!(rgb([255, 255, 255, 0]), [0, 0, 0]);
    assert_eq!(rgb([0, 255, 255, 255]), [0, 255, 255]);
}

#[test]
fn sixteen_bits_round_to_eight() {
    let samples = Samples::Sixteen(vec![0, 65535, 32896]);
    let picture = Picture::new((1, 1), Layout::Rgb, samples).unwrap();
    assert_eq!(to_srgb(picture, &Colour::Srgb).unwrap().0, [0, 255, 128]);
}
