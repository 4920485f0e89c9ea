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
fn flat(width: usize, height: usize, format: PixelFormat, pixel: &[u8]) -> Vec<u8> {
    let pixels = pixel.repeat(width * height);
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(95).unwrap();
    if format == PixelFormat::RGB {
        compressor.set_subsamp(Subsamp::Sub2x2).unwrap();
    }
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
fn the_scale_leaves_a_quarter_more_than_is_wanted() {
    for (longest, expected) in [
        (1000, 1),
        (3598, 1),
        (3599, 2),
        (7196, 2),
        (7197, 4),
        (14_393, 8),
    ] {
        assert_eq!(scaling(longest, 1440).denom(), expected, "{longest}");
    }
}

#[test]
fn a_large_picture_is_decoded_small() {
    let jpeg = flat(803, 401, PixelFormat::RGB, &[200, 100, 50]);
    let done = decode(&jpeg, &Segments::read(&jpeg), 100, &LIMITS).unwrap();
    assert_eq!(done.full, (803, 401));
    assert_eq!((done.picture.width, done.picture.height), (201, 101));
    let Samples::Eight(samples) = done.picture.samples else {
        panic!("a JPEG has eight bits");
    };
    assert!(
        samples[..3]
            .iter()
            .zip([200, 100, 50])
            .all(|(a, b)| a.abs_diff(b) < 4)
    );
}

#[test]
fn four_inks_are_kept_as_they_are() {
    let jpeg = flat(16, 16, PixelFormat::CMYK, &[255, 0, 255, 255]);
    let done = decode(&jpeg, &Segments::read(&jpeg), 100, &LIMITS).unwrap();
    assert_eq!(done.picture.layout, Layout::Cmyk);
}

#[test]
fn half_a_file_gives_half_a_picture_and_says_so() {
    let jpeg = flat(640, 640, PixelFormat::RGB, &[250, 10, 10]);
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
    let jpeg = flat(640, 640, PixelFormat::RGB, &[0, 0, 0]);
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
