//! SVG, by resvg: drawn at the wanted size. Nothing outside the file is ever read: references to
//! files and addresses draw nothing, only `data:` pictures are shown, and entities of a document
//! type are bounded by the parser.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb::Database};

use crate::colour::Colour;
use crate::failure::Failure;
use crate::formats::Opened;
use crate::metadata::Carriers;
use crate::orient::Orientation;
use crate::picture::{Decoded, Layout, Picture, Samples};

mod fonts;

static FONTS: OnceLock<Arc<Database>> = OnceLock::new();

/// Reads the system's fonts while there is a file system; without, text is not drawn.
pub(crate) fn warm_up() {
    FONTS.get_or_init(|| Arc::new(fonts::of_the_system()));
}

/// Larger files are data, not drawings.
const MAX_BYTES: usize = 32 << 20;

/// Draws an SVG file with a longer edge of `long_edge`.
pub(crate) fn open(input: &[u8], long_edge: u32) -> Opened {
    let mut carriers = Carriers::default();
    let picture = draw(input, long_edge, &mut carriers);
    Opened { carriers, picture }
}

fn draw(input: &[u8], long_edge: u32, carriers: &mut Carriers) -> Result<Decoded, Failure> {
    if input.len() > MAX_BYTES {
        return Err(Failure::TooLarge(
            "the SVG is larger than 32 MiB".to_owned(),
        ));
    }
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        fontdb: FONTS.get().cloned().unwrap_or_default(),
        font_family: "DejaVu Sans".to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_data(input, &options).map_err(|error| Failure::damaged("SVG", error))?;
    let size = tree.size();
    let full = (pixels(size.width()), pixels(size.height()));
    carriers.size = Some(full);
    // A drawing has no pixels of its own, so it may be drawn larger than it says.
    let scale = long_edge as f32 / size.width().max(size.height());
    let width = pixels(size.width() * scale).min(long_edge);
    let height = pixels(size.height() * scale).min(long_edge);
    let mut canvas = Pixmap::new(width, height)
        .ok_or_else(|| Failure::TooLarge("the SVG is too large to draw".to_owned()))?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut canvas.as_mut(),
    );
    let samples = Samples::Eight(canvas.take_demultiplied());
    Ok(Decoded {
        picture: Picture::new((width, height), Layout::Rgba, samples)?,
        colour: Colour::Srgb,
        orientation: Orientation::UPRIGHT,
        full,
        frames: None,
        problem: None,
    })
}

/// A length as a number of pixels, at least one.
fn pixels(length: f32) -> u32 {
    (length.round() as u32).max(1)
}

#[cfg(test)]
mod tests;
