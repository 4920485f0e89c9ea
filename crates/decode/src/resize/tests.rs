use super::{fit, shrink};
use crate::picture::{Layout, Picture, Samples};

#[test]
fn sizes_keep_their_proportions() {
    assert_eq!(fit((4000, 3000), 1440), (1440, 1080));
    assert_eq!(fit((3000, 4000), 250), (188, 250));
    assert_eq!(fit((100, 80), 250), (100, 80));
    assert_eq!(fit((60_000, 1), 250), (250, 1));
    assert_eq!(fit((1, 1), 1), (1, 1));
    assert_eq!(fit((u32::MAX, u32::MAX), 1440), (1440, 1440));
}

#[test]
fn a_flat_colour_stays_flat_in_every_layout_and_depth() {
    for layout in [Layout::Rgb, Layout::Rgba, Layout::Cmyk] {
        let count = 64 * 32 * layout.channels();
        for samples in [
            Samples::Eight(vec![255; count]),
            Samples::Sixteen(vec![65535; count]),
        ] {
            let picture = Picture::new((64, 32), layout, samples).unwrap();
            let small = shrink(picture, 16).unwrap();
            assert_eq!((small.width, small.height), (16, 8));
            match small.samples {
                Samples::Eight(samples) => assert!(samples.iter().all(|s| *s == 255)),
                Samples::Sixteen(samples) => assert!(samples.iter().all(|s| *s == 65535)),
            }
        }
    }
}
