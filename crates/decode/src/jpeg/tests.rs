use media::Limits;
use proptest::prelude::{any, proptest};
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use super::segments::Segments;
use super::{decode, scaling};
use crate::picture::{Layout, Samples};

const LIMITS: Limits = Limits {
    max_pixels: 100_000_000,
    max_memory: 1 << 30,
    max_cpu_seconds: 60,
    max_output: 1 << 20,
};

/// A JPEG of one colour.
fn flat(
    width: usize,
    height: usize,
    format: PixelFormat,
    pixel: &[u8],
    subsamp: Subsamp,
) -> Vec<u8> {
    let pixels = pixel.repeat(width * height);
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(95).unwrap();
    compressor.set_subsamp(subsamp).unwrap();
    compressor
        .compress_to_vec(Image {
            pixels: pixels.as_slice(),
            width,
            pitch: width * format.size(),
            height,
            format,
        })
        .unwrap()
}

#[test]
fn the_scale_leaves_half_as_much_again_as_is_wanted() {
    for (longest, expected) in [
        (1000, 1),
        (4318, 1),
        (4319, 2),
        (8636, 2),
        (8637, 4),
        (17_273, 8),
    ] {
        assert_eq!(scaling(longest, 1440).denom(), expected, "{longest}");
    }
}

/// The colour in the middle of a decoded picture.
fn middle(done: &crate::picture::Decoded) -> Vec<u8> {
    let Samples::Eight(samples) = &done.picture.samples else {
        panic!("a JPEG has eight bits");
    };
    let (width, height) = (done.picture.width as usize, done.picture.height as usize);
    let at = (height / 2 * width + width / 2) * 3;
    samples[at..at + 3].to_vec()
}

#[test]
fn every_way_to_store_chroma_gives_the_same_picture() {
    for subsamp in [
        Subsamp::None,
        Subsamp::Sub2x1,
        Subsamp::Sub2x2,
        Subsamp::Sub1x2,
        Subsamp::Sub4x1,
        Subsamp::Gray,
    ] {
        // Odd sizes, whose planes are padded, whole and at a half and an eighth.
        for (size, long_edge, expected) in [
            ((37, 23), 100, (37, 23)),
            ((803, 401), 200, (200, 100)),
            ((1601, 1207), 100, (100, 75)),
        ] {
            let jpeg = flat(size.0, size.1, PixelFormat::RGB, &[200, 100, 50], subsamp);
            let done = decode(&jpeg, &Segments::read(&jpeg), long_edge, &LIMITS).unwrap();
            assert_eq!(done.full, (size.0 as u32, size.1 as u32));
            assert_eq!((done.picture.width, done.picture.height), expected);
            let wanted = if subsamp == Subsamp::Gray {
                [124, 124, 124]
            } else {
                [200, 100, 50]
            };
            let found = middle(&done);
            let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 4);
            assert!(
                near && done.problem.is_none(),
                "{subsamp:?} {size:?}: {found:?}"
            );
        }
    }
}

#[test]
fn four_inks_are_kept_as_they_are() {
    let jpeg = flat(
        16,
        16,
        PixelFormat::CMYK,
        &[255, 0, 255, 255],
        Subsamp::None,
    );
    let done = decode(&jpeg, &Segments::read(&jpeg), 100, &LIMITS).unwrap();
    assert_eq!(done.picture.layout, Layout::Cmyk);
}

#[test]
fn half_a_file_gives_half_a_picture_and_says_so() {
    let jpeg = flat(640, 640, PixelFormat::RGB, &[250, 10, 10], Subsamp::Sub2x2);
    let half = &jpeg[..jpeg.len() / 2];
    let done = decode(half, &Segments::read(half), 640, &LIMITS).unwrap();
    assert!(done.problem.is_some());
    let Samples::Eight(samples) = done.picture.samples else {
        panic!("a JPEG has eight bits");
    };
    assert!(samples[0] > 240 && samples[1] < 20);
}

#[test]
fn too_many_pixels_are_refused_from_the_header() {
    let jpeg = flat(640, 640, PixelFormat::RGB, &[0, 0, 0], Subsamp::Sub2x2);
    let limits = Limits {
        max_pixels: 100_000,
        ..LIMITS
    };
    let refused = decode(&jpeg, &Segments::read(&jpeg), 640, &limits);
    assert!(matches!(refused, Err(crate::failure::Failure::TooLarge(_))));
}

proptest! {
    #[test]
    fn arbitrary_segments_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        let input = [b"\xff\xd8\xff\xe1".as_slice(), &bytes].concat();
        let segments = Segments::read(&input);
        segments.icc();
        segments.extended_xmp();
        segments.photoshop();
    }
}
