use super::{Orientation, upright};

/// A 3 × 2 picture whose upright form reads 1 2 3 / 4 5 6, as each orientation stores it
/// (EXIF 2.32 §4.6.4, "Orientation": where the 0th row and column lie).
const STORED: [(u8, (u32, u32), [u8; 6]); 8] = [
    (1, (3, 2), [1, 2, 3, 4, 5, 6]),
    (2, (3, 2), [3, 2, 1, 6, 5, 4]),
    (3, (3, 2), [6, 5, 4, 3, 2, 1]),
    (4, (3, 2), [4, 5, 6, 1, 2, 3]),
    (5, (2, 3), [1, 4, 2, 5, 3, 6]),
    (6, (2, 3), [3, 6, 2, 5, 1, 4]),
    (7, (2, 3), [6, 3, 5, 2, 4, 1]),
    (8, (2, 3), [4, 1, 5, 2, 6, 3]),
];

#[test]
fn every_orientation_comes_out_upright() {
    for channels in [3, 4] {
        let spread = |values: &[u8]| -> Vec<u8> {
            values
                .iter()
                .flat_map(|value| std::iter::repeat_n(*value, channels))
                .collect()
        };
        for (tag, size, stored) in STORED {
            let orientation = Orientation::from_tag(tag);
            let turned = upright(spread(&stored), size, channels, orientation);
            assert_eq!(turned, spread(&[1, 2, 3, 4, 5, 6]), "orientation {tag}");
            assert_eq!(orientation.displayed(size), (3, 2));
        }
    }
}

#[test]
fn nonsense_means_upright() {
    assert_eq!(Orientation::from_tag(0), Orientation::UPRIGHT);
    assert_eq!(Orientation::from_tag(9), Orientation::UPRIGHT);
}
