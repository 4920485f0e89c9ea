//! Camera RAW: the facts of the file and the largest preview its camera put in. Sensor data is not
//! developed.

mod ciff;
mod cr3;
mod raf;

use domain::MediaType;
use media::Limits;

use crate::embedded;
use crate::failure::Failure;
use crate::formats::Opened;
use crate::metadata::Carriers;
use crate::tiff::{Directory, Tiff, tag};

/// Reads a camera RAW file.
pub(crate) fn open(kind: MediaType, input: &[u8], long_edge: u32, limits: &Limits) -> Opened {
    let mut carriers = match kind {
        MediaType::Cr3 => cr3::carriers(input),
        MediaType::Raf => raf::carriers(input),
        MediaType::Crw => ciff::carriers(input),
        _ => tiff_carriers(kind, input),
    };
    let found = embedded::largest(input, 0, long_edge, limits);
    let picture = match found {
        Some(found) => {
            // The preview often knows what the RAW directories leave to the maker's notes.
            let preview = Carriers::of_jpeg(&found.segments);
            carriers.exif.extend(preview.exif);
            if carriers.xmp.is_empty() {
                carriers.xmp = preview.xmp;
            }
            carriers.size = carriers.size.or(Some(found.decoded.full));
            Ok(found.decoded)
        }
        None => Err(Failure::NoPicture(format!(
            "the {} file holds no preview that can be shown; sensor data is not developed",
            kind.extension().to_ascii_uppercase()
        ))),
    };
    Opened { carriers, picture }
}

fn tiff_carriers(kind: MediaType, input: &[u8]) -> Carriers {
    let Some(tiff) = Tiff::open(input) else {
        return Carriers::default();
    };
    Carriers {
        size: match kind {
            MediaType::Rw2 => tiff.first().as_ref().and_then(panasonic_size),
            MediaType::Cr2 => exif_size(&tiff).or_else(|| sensor_size(&tiff.directories())),
            _ => sensor_size(&tiff.directories()),
        },
        ..Carriers::of_tiff(&tiff)
    }
}

/// The size of the picture itself: the largest directory that is not a reduced copy; when all say
/// they are, the largest.
fn sensor_size(directories: &[Directory<'_>]) -> Option<(u32, u32)> {
    let largest = |only_full: bool| {
        directories
            .iter()
            .filter(|directory| {
                !only_full || directory.number(tag::NEW_SUBFILE_TYPE).unwrap_or(0) & 1 == 0
            })
            .filter_map(|directory| {
                let width = directory.number(tag::IMAGE_WIDTH)?;
                Some((width, directory.number(tag::IMAGE_LENGTH)?))
            })
            .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
    };
    largest(true).or_else(|| largest(false))
}

/// Canon describes its sensor data in notes of its own, the picture's size in EXIF.
fn exif_size(tiff: &Tiff<'_>) -> Option<(u32, u32)> {
    let exif = tiff.directory(tiff.first()?.number(tag::EXIF_IFD)?)?;
    Some((exif.number(0xa002)?, exif.number(0xa003)?))
}

/// Panasonic states the borders of the picture on the sensor.
fn panasonic_size(main: &Directory<'_>) -> Option<(u32, u32)> {
    let [top, left, bottom, right] = [4, 5, 6, 7].map(|tag| main.number(tag));
    Some((right?.checked_sub(left?)?, bottom?.checked_sub(top?)?))
}

#[cfg(test)]
mod tests;
