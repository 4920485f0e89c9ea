use domain::MediaType;
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, Rgba, RgbaImage};
use media::Limits;
use proptest::prelude::{any, proptest};

use super::{frames, open};
use crate::picture::{Layout, Samples};

const LIMITS: Limits = Limits {
    max_pixels: 1 << 24,
    max_memory: 1 << 30,
    max_cpu_seconds: 9,
    max_output: 1 << 20,
};

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn every_sample_kind_becomes_three_or_four_samples() {
    let images = [
        (DynamicImage::new_luma8(5, 3), Layout::Rgb, false),
        (DynamicImage::new_luma_a8(5, 3), Layout::Rgba, false),
        (DynamicImage::new_rgb8(5, 3), Layout::Rgb, false),
        (DynamicImage::new_rgba8(5, 3), Layout::Rgba, false),
        (DynamicImage::new_luma16(5, 3), Layout::Rgb, true),
        (DynamicImage::new_rgb16(5, 3), Layout::Rgb, true),
        (DynamicImage::new_rgba16(5, 3), Layout::Rgba, true),
    ];
    for (image, layout, wide) in images {
        let opened = open(MediaType::Png, &encode(&image, ImageFormat::Png), &LIMITS);
        let picture = opened.picture.unwrap().picture;
        assert_eq!(
            (picture.width, picture.height, picture.layout),
            (5, 3, layout)
        );
        assert_eq!(matches!(picture.samples, Samples::Sixteen(_)), wide);
        assert_eq!(opened.carriers.size, Some((5, 3)));
    }
}

#[test]
fn colours_survive_each_container() {
    let mut image = DynamicImage::new_rgb8(8, 8).into_rgb8();
    image
        .pixels_mut()
        .for_each(|pixel| *pixel = Rgb([200, 100, 50]));
    let image = DynamicImage::ImageRgb8(image);
    for (kind, format) in [
        (MediaType::Png, ImageFormat::Png),
        (MediaType::Bmp, ImageFormat::Bmp),
        (MediaType::Tiff, ImageFormat::Tiff),
        (MediaType::WebP, ImageFormat::WebP),
        (MediaType::Gif, ImageFormat::Gif),
    ] {
        let opened = open(kind, &encode(&image, format), &LIMITS);
        let Samples::Eight(samples) = opened.picture.unwrap().picture.samples else {
            panic!("{kind} has eight bits");
        };
        assert!(
            samples[0].abs_diff(200) < 4 && samples[1].abs_diff(100) < 4,
            "{kind}"
        );
    }
}

#[test]
fn frames_are_counted_without_decoding() {
    let mut bytes = Vec::new();
    let frame = || Frame::new(RgbaImage::from_pixel(9, 9, Rgba([1, 2, 3, 255])));
    GifEncoder::new(&mut bytes)
        .encode_frames((0..7).map(|_| frame()))
        .unwrap();
    assert_eq!(frames::count(MediaType::Gif, &bytes), Some(7));
    let one = encode(&DynamicImage::new_rgb8(2, 2), ImageFormat::Gif);
    assert_eq!(frames::count(MediaType::Gif, &one), None);
}

#[test]
fn a_cut_off_png_shows_what_is_there() {
    let noise = |x: u32, y: u32| Rgb([(x * 7 + y * 13) as u8 | 1, (x * y) as u8, 77]);
    let image = DynamicImage::ImageRgb8(image::RgbImage::from_fn(300, 300, noise));
    let bytes = encode(&image, ImageFormat::Png);
    let decoded = open(MediaType::Png, &bytes[..bytes.len() / 2], &LIMITS)
        .picture
        .unwrap();
    assert!(decoded.problem.is_some());
}

proptest! {
    #[test]
    fn counting_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let starts: [(MediaType, &[u8]); 4] = [
            (MediaType::Gif, b"GIF89a"),
            (MediaType::Png, b"\x89PNG\r\n\x1a\n"),
            (MediaType::WebP, b"RIFF\0\0\0\0WEBP"),
            (MediaType::Tiff, b"II*\0\x08\0\0\0"),
        ];
        for (kind, start) in starts {
            frames::count(kind, &[start, &bytes].concat());
        }
    }
}
