//! JPEG XL (ISO/IEC 18181), by jxl-oxide: the first frame, turned upright by the decoder.

use jxl_oxide::{
    AllocTracker, AuxBoxData, EnumColourEncoding, InitializeResult, JxlImage, JxlThreadPool,
    PixelFormat, RenderingIntent,
};
use media::Limits;

use crate::colour::Colour;
use crate::failure::Failure;
use crate::formats::Opened;
use crate::metadata::{Carriers, ExifBlock};
use crate::orient::Orientation;
use crate::picture::{Decoded, Layout, Picture, Samples, check_size};

/// Bytes a pixel costs at the peak: three or four planes of 32 bits and the working copies.
const BYTES_PER_PIXEL: u64 = 24;

/// Reads a JPEG XL file.
pub(crate) fn open(input: &[u8], limits: &Limits) -> Opened {
    let mut carriers = Carriers {
        turned_by_container: true,
        ..Carriers::default()
    };
    let picture = read(input, &mut carriers, limits);
    Opened { carriers, picture }
}

fn read(input: &[u8], carriers: &mut Carriers, limits: &Limits) -> Result<Decoded, Failure> {
    let mut image = header(input, limits)?;
    let full = (image.width(), image.height());
    carriers.size = Some(full);
    check_size(full, BYTES_PER_PIXEL, limits)?;
    // Everything was fed with the header; this tells the decoder that nothing follows.
    let ended = image.finalize();
    take_metadata(&image, carriers);
    ended.map_err(damaged)?;
    if image.num_loaded_keyframes() > 1 {
        carriers.frames = u32::try_from(image.num_loaded_keyframes()).ok();
    }
    carriers.icc = image.original_icc().map(<[u8]>::to_vec);
    if carriers.icc.is_none() {
        // The decoder converts between spaces it can name; profiles are left to us.
        image.request_color_encoding(EnumColourEncoding::srgb(RenderingIntent::Relative));
    }
    let colour = Colour::from_icc(Some(image.rendered_icc()));
    let picture = paint(&image)?;
    Ok(Decoded {
        full: (picture.width, picture.height),
        picture,
        colour,
        orientation: Orientation::UPRIGHT,
        frames: carriers.frames,
        problem: None,
    })
}

/// Reads up to the image header, so that the size is known before anything is spent on pixels.
fn header(input: &[u8], limits: &Limits) -> Result<JxlImage, Failure> {
    let memory = usize::try_from(limits.max_memory / 4 * 3).unwrap_or(usize::MAX);
    let mut waiting = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(memory))
        .build_uninit();
    waiting.feed_bytes(input).map_err(damaged)?;
    match waiting.try_init().map_err(damaged)? {
        InitializeResult::Initialized(image) => Ok(image),
        InitializeResult::NeedMoreData(_) => Err(Failure::Damaged(
            "the JPEG XL file ends before its picture begins".to_owned(),
        )),
    }
}

fn take_metadata(image: &JxlImage, carriers: &mut Carriers) {
    let boxes = image.aux_boxes();
    if let Ok(AuxBoxData::Data(exif)) = boxes.first_exif() {
        let at = exif.tiff_header_offset() as usize;
        let tiff = exif.payload().get(at..).unwrap_or_default();
        carriers.exif.push(ExifBlock::Whole(tiff.to_vec()));
    }
    if let AuxBoxData::Data(xmp) = boxes.first_xml() {
        carriers.xmp.push(xmp.to_vec());
    }
}

fn paint(image: &JxlImage) -> Result<Picture, Failure> {
    if image.num_loaded_keyframes() == 0 {
        return Err(Failure::Damaged(
            "the JPEG XL file has no whole frame".to_owned(),
        ));
    }
    let frame = image.render_frame(0).map_err(damaged)?;
    let mut stream = frame.stream();
    let size = (stream.width(), stream.height());
    let channels = stream.channels() as usize;
    let mut samples = vec![0_u16; size.0 as usize * size.1 as usize * channels];
    stream.write_to_buffer(&mut samples);
    let (layout, samples) = match (image.pixel_format(), channels) {
        (PixelFormat::Gray, 1) => (Layout::Rgb, spread::<1, 3>(&samples)),
        (PixelFormat::Graya, 2) => (Layout::Rgba, spread::<2, 4>(&samples)),
        (PixelFormat::Rgb, 3) => (Layout::Rgb, samples),
        (PixelFormat::Rgba, 4) => (Layout::Rgba, samples),
        // Here, too, the largest value is no ink.
        (PixelFormat::Cmyk, 4) => (Layout::Cmyk, samples),
        (other, _) => {
            return Err(Failure::Unsupported(format!(
                "JPEG XL with samples of kind {other:?} cannot be shown yet"
            )));
        }
    };
    Picture::new(size, layout, Samples::Sixteen(samples))
}

fn spread<const FROM: usize, const TO: usize>(samples: &[u16]) -> Vec<u16> {
    let (pixels, _) = samples.as_chunks::<FROM>();
    pixels
        .iter()
        .flat_map(|pixel| {
            std::array::from_fn::<u16, TO, _>(|at| pixel[if at < 3 { 0 } else { FROM - 1 }])
        })
        .collect()
}

fn damaged(error: Box<dyn std::error::Error + Send + Sync>) -> Failure {
    Failure::damaged("JPEG XL file", error)
}
