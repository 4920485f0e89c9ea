//! WebP (RFC 9649), lossy with lossless alpha, by libwebp.

use std::mem::MaybeUninit;

use libwebp_sys::{
    WebPConfig, WebPEncode, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterClear,
    WebPMemoryWriterInit, WebPPicture, WebPPictureFree, WebPPictureImportRGB,
    WebPPictureImportRGBA, WebPPreset,
};

use crate::failure::Failure;
use crate::picture::Finished;

/// Effort, 0 to 6. For a preview 2 takes half the time of 4, the library's default, for 2 % more
/// bytes at the same quality (docs/adr/0004).
const METHOD: i32 = 2;
/// For pictures up to this many pixels time does not matter and bytes do. The grid's thumbnail is
/// larger on purpose: there effort 4 would cost 4 % of all the time a photo takes.
const SMALL: u32 = 256 * 256;
const METHOD_SMALL: i32 = 4;

/// Encodes at `quality`, 1 to 100.
pub(crate) fn encode(picture: &Finished, quality: u8) -> Result<Vec<u8>, Failure> {
    let failed = |what: &str| Failure::Damaged(format!("the preview could not be written: {what}"));
    let mut config =
        WebPConfig::new_with_preset(WebPPreset::WEBP_PRESET_DEFAULT, f32::from(quality))
            .map_err(|()| failed("version of libwebp"))?;
    config.method = if picture.width * picture.height <= SMALL {
        METHOD_SMALL
    } else {
        METHOD
    };
    let edge = |pixels: u32| i32::try_from(pixels).map_err(|_| failed("too large"));
    let (width, height) = (edge(picture.width)?, edge(picture.height)?);
    let stride = width * picture.channels() as i32;
    let wanted = stride as usize * height as usize;
    if picture.samples.len() < wanted {
        return Err(failed("too few samples"));
    }
    let mut job = Job::new().ok_or_else(|| failed("version of libwebp"))?;
    job.picture.width = width;
    job.picture.height = height;
    // SAFETY: `samples` holds `stride * height` bytes, as checked above; the library copies them.
    let imported = unsafe {
        if picture.alpha {
            WebPPictureImportRGBA(&mut job.picture, picture.samples.as_ptr(), stride)
        } else {
            WebPPictureImportRGB(&mut job.picture, picture.samples.as_ptr(), stride)
        }
    };
    if imported == 0 {
        return Err(failed("out of memory"));
    }
    job.picture.writer = Some(WebPMemoryWrite);
    job.picture.custom_ptr = (&raw mut job.writer).cast();
    // SAFETY: both structures were initialised by the library, and `job.writer`, which the callback
    // writes to, lives as long as `job` and is not moved before the call returns.
    if unsafe { WebPEncode(&config, &mut job.picture) } == 0 {
        return Err(failed(&format!("{:?}", job.picture.error_code)));
    }
    // SAFETY: the writer owns `size` initialised bytes at `mem`.
    let bytes = unsafe { std::slice::from_raw_parts(job.writer.mem, job.writer.size) };
    Ok(bytes.to_vec())
}

/// What the library allocates during one encoding; freed on every way out.
struct Job {
    picture: WebPPicture,
    writer: WebPMemoryWriter,
}

impl Job {
    fn new() -> Option<Self> {
        let picture = WebPPicture::new().ok()?;
        let mut writer = MaybeUninit::uninit();
        // SAFETY: the call initialises every field.
        let writer = unsafe {
            WebPMemoryWriterInit(writer.as_mut_ptr());
            writer.assume_init()
        };
        Some(Self { picture, writer })
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        // SAFETY: both were initialised in `new`, and freeing an unused one does nothing.
        unsafe {
            WebPPictureFree(&mut self.picture);
            WebPMemoryWriterClear(&mut self.writer);
        }
    }
}
