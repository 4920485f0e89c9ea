use media::Limits;

use super::largest;
use crate::picture::Finished;

const LIMITS: Limits = Limits {
    max_pixels: 1 << 24,
    max_memory: 1 << 30,
    max_cpu_seconds: 9,
    max_output: 1 << 20,
};

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let samples = [90, 120, 200].repeat((width * height) as usize);
    let picture = Finished {
        width,
        height,
        alpha: false,
        samples,
    };
    crate::jpeg_out::encode(&picture, 80).unwrap()
}

#[test]
fn the_largest_picture_wins_unless_it_is_cut_off() {
    let file = [b"RAW?".as_slice(), &jpeg(16, 8), b"....", &jpeg(64, 48)].concat();
    let found = largest(&file, 0, 64, &LIMITS).unwrap();
    assert_eq!(found.decoded.full, (64, 48));
    let cut = &file[..file.len() - 20];
    let found = largest(cut, 0, 64, &LIMITS).unwrap();
    assert_eq!(found.decoded.full, (16, 8));
    assert!(largest(b"\xff\xd8\xff\xe0 nothing", 0, 64, &LIMITS).is_none());
}
