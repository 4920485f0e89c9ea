use super::of;
use crate::picture::Finished;

/// A picture with structure: a bright disc on a slanted gradient.
fn scene(width: u32, height: u32, disc: (f32, f32)) -> Finished {
    let mut samples = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
            let inside = (u - disc.0).powi(2) + (v - disc.1).powi(2) < 0.04;
            let base = (u * 120.0 + v * 60.0) as u8;
            let sample = if inside { 250 } else { base };
            samples.extend([sample, sample / 2 + 20, 255 - sample]);
        }
    }
    Finished {
        width,
        height,
        alpha: false,
        samples,
    }
}

fn distance(a: &str, b: &str) -> u32 {
    let number = |text| u64::from_str_radix(text, 16).unwrap();
    (number(a) ^ number(b)).count_ones()
}

#[test]
fn scaling_and_re_encoding_change_few_bits() {
    let hash = of(&scene(640, 480, (0.3, 0.4))).unwrap();
    assert_eq!(hash.len(), 16);
    let small = of(&scene(160, 120, (0.3, 0.4))).unwrap();
    assert!(distance(&hash, &small) <= 6, "{hash} {small}");
    let jpeg = crate::jpeg_out::encode(&scene(640, 480, (0.3, 0.4)), 40).unwrap();
    let segments = crate::jpeg::segments::Segments::read(&jpeg);
    let limits = media::Limits {
        max_pixels: 1 << 20,
        max_memory: 1 << 30,
        max_cpu_seconds: 9,
        max_output: 1 << 20,
    };
    let decoded = crate::jpeg::decode(&jpeg, &segments, 640, &limits).unwrap();
    let crate::picture::Samples::Eight(samples) = decoded.picture.samples else {
        panic!("a JPEG has eight bits");
    };
    let again = of(&Finished {
        width: 640,
        height: 480,
        alpha: false,
        samples,
    })
    .unwrap();
    assert!(distance(&hash, &again) <= 4, "{hash} {again}");
}

#[test]
fn other_pictures_are_far_away() {
    let one = of(&scene(640, 480, (0.3, 0.4))).unwrap();
    let other = of(&scene(640, 480, (0.8, 0.8))).unwrap();
    assert!(distance(&one, &other) > 12, "{one} {other}");
}
