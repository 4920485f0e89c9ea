use domain::Facts;

use crate::tiff::Tiff;

pub(super) fn read(tiff: &[u8], facts: &mut Facts) {
    let Some(directory) = Tiff::open(tiff).and_then(|tiff| tiff.first()) else {
        return;
    };
    facts.orientation = directory
        .number(0x0112)
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value));
}
