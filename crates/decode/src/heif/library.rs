//! libheif, loaded at run time, behind types that own what they allocate.
//!
//! It is loaded and not linked, so that the program starts on a machine without it and can say what
//! is missing. All `unsafe` of HEIF is in this file; each call's contract is that of `heif.h`.

use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr;

use super::ffi::{
    CHANNEL_INTERLEAVED, CHROMA_RGB, CHROMA_RGBA, CHROMA_RRGGBB_LE, CHROMA_RRGGBBAA_LE,
    COLORSPACE_RGB, Context, Functions, Handle, Image,
};

/// Name of the library on Linux; its number changes when the interface does.
const NAME: &str = "libheif.so.1";
/// 1.15.0, the oldest that was tried, as `heif_get_version_number` gives it.
const OLDEST: u32 = 0x010f_0000;
/// Profiles larger than this are not profiles.
const MAX_PROFILE: usize = 16 << 20;

/// The loaded library.
pub(super) struct Library {
    functions: Functions,
    /// Never unloaded: the functions point into it.
    _loaded: libloading::Library,
}

impl Library {
    /// Loads the library and lets it load its codecs.
    pub(super) fn load() -> Result<Self, String> {
        // SAFETY: loading runs the library's initialisers; it is the one the system's packages
        // provide, and nothing else in this process depends on what they change.
        let loaded =
            unsafe { libloading::Library::new(NAME) }.map_err(|error| error.to_string())?;
        // SAFETY: the major version is in the name, the minor one is checked before use, and
        // `loaded` is kept beside the functions.
        let functions = unsafe { Functions::of(&loaded) }.map_err(|error| error.to_string())?;
        // SAFETY: takes nothing.
        let version = unsafe { (functions.version)() };
        if version < OLDEST {
            return Err(format!(
                "version {}.{} is installed",
                version >> 24,
                version >> 16 & 255
            ));
        }
        // SAFETY: null asks for the defaults.
        unsafe { (functions.init)(ptr::null_mut()) }.check()?;
        Ok(Self {
            functions,
            _loaded: loaded,
        })
    }

    /// Reads the structure of a file and finds its primary picture. Nothing is decoded yet.
    pub(super) fn open<'a>(&'a self, input: &'a [u8]) -> Result<Still<'a>, String> {
        let f = &self.functions;
        // SAFETY: takes nothing; null means that there is no memory.
        let context = unsafe { (f.context_alloc)() };
        if context.is_null() {
            return Err("out of memory".to_owned());
        }
        let mut still = Still {
            f,
            context,
            handle: ptr::null_mut(),
            input: PhantomData,
        };
        // SAFETY: `context` is live; the input is borrowed for as long as `still` lives; `handle`
        // is written before it is used. No threads are started: there may be none in here.
        unsafe {
            (f.max_threads)(context, 0);
            (f.read)(context, input.as_ptr().cast(), input.len(), ptr::null()).check()?;
            (f.primary)(context, &mut still.handle).check()?;
        }
        Ok(still)
    }
}

/// A file whose primary picture was found.
pub(super) struct Still<'a> {
    f: &'a Functions,
    context: *mut Context,
    /// Null until the primary picture was found, and live from then on.
    handle: *mut Handle,
    input: PhantomData<&'a [u8]>,
}

/// Decoded samples, interleaved, rows without padding.
pub(super) struct Pixels {
    pub(super) size: (u32, u32),
    pub(super) alpha: bool,
    /// Bits of a sample; more than eight are stored in two bytes, the lower first.
    pub(super) bits: u32,
    pub(super) bytes: Vec<u8>,
}

impl Still<'_> {
    /// Pixels across and down, turned as the container says.
    pub(super) fn size(&self) -> (u32, u32) {
        // SAFETY: `handle` is live.
        let (width, height) = unsafe {
            (
                (self.f.handle_width)(self.handle),
                (self.f.handle_height)(self.handle),
            )
        };
        (edge(width), edge(height))
    }

    /// How many pictures the file shows side by side.
    pub(super) fn pictures(&self) -> u32 {
        // SAFETY: `context` is live.
        edge(unsafe { (self.f.pictures)(self.context) })
    }

    /// The colour profile, when it is an ICC one.
    pub(super) fn icc(&self) -> Option<Vec<u8>> {
        // SAFETY: `handle` is live.
        let size = unsafe { (self.f.icc_size)(self.handle) };
        if size == 0 || size > MAX_PROFILE {
            return None;
        }
        let mut profile = vec![0; size];
        // SAFETY: `profile` has the size the library asked for.
        let read = unsafe { (self.f.icc)(self.handle, profile.as_mut_ptr().cast()) };
        read.check().ok().map(|()| profile)
    }

    /// Primaries and transfer of ITU-T H.273, when the container states them.
    pub(super) fn cicp(&self) -> Option<(u8, u8)> {
        let mut nclx = ptr::null_mut();
        // SAFETY: `handle` is live and `nclx` takes a structure that is freed below.
        unsafe { (self.f.nclx)(self.handle, &mut nclx) }
            .check()
            .ok()?;
        if nclx.is_null() {
            return None;
        }
        // SAFETY: the library made it, with at least the fields of version 1.
        let (primaries, transfer) = unsafe { ((*nclx).primaries, (*nclx).transfer) };
        // SAFETY: it is freed once and not used again.
        unsafe { (self.f.nclx_free)(nclx) };
        Some((u8::try_from(primaries).ok()?, u8::try_from(transfer).ok()?))
    }

    /// Decodes and turns the picture.
    pub(super) fn decode(&self) -> Result<Pixels, String> {
        // SAFETY: `handle` is live.
        let (alpha, bits) = unsafe {
            (
                (self.f.handle_alpha)(self.handle) != 0,
                (self.f.handle_bits)(self.handle),
            )
        };
        let chroma = match (bits > 8, alpha) {
            (false, false) => CHROMA_RGB,
            (false, true) => CHROMA_RGBA,
            (true, false) => CHROMA_RRGGBB_LE,
            (true, true) => CHROMA_RRGGBBAA_LE,
        };
        let mut image = ptr::null_mut();
        // SAFETY: `handle` is live, `image` is owned by `Painted` from here on, and null asks for
        // the default options.
        let ended = unsafe {
            (self.f.decode)(self.handle, &mut image, COLORSPACE_RGB, chroma, ptr::null())
        };
        let painted = Painted { f: self.f, image };
        ended.check()?;
        painted.copy(alpha)
    }
}

impl Drop for Still<'_> {
    fn drop(&mut self) {
        // SAFETY: both are released once; the handle is null when there never was one.
        unsafe {
            if !self.handle.is_null() {
                (self.f.handle_release)(self.handle);
            }
            (self.f.context_free)(self.context);
        }
    }
}

/// A decoded picture that the library owns.
struct Painted<'a> {
    f: &'a Functions,
    image: *mut Image,
}

impl Painted<'_> {
    fn copy(&self, alpha: bool) -> Result<Pixels, String> {
        if self.image.is_null() {
            return Err("no picture came back".to_owned());
        }
        let mut stride: c_int = 0;
        // SAFETY: `image` is live and `stride` is written.
        let (plane, width, height, bits) = unsafe {
            (
                (self.f.plane)(self.image, CHANNEL_INTERLEAVED, &mut stride),
                (self.f.image_width)(self.image, CHANNEL_INTERLEAVED),
                (self.f.image_height)(self.image, CHANNEL_INTERLEAVED),
                (self.f.image_bits)(self.image, CHANNEL_INTERLEAVED),
            )
        };
        let (size, bits) = ((edge(width), edge(height)), edge(bits));
        let sample = if bits > 8 { 2 } else { 1 };
        let row = size.0 as usize * if alpha { 4 } else { 3 } * sample;
        let stride = edge(stride) as usize;
        if plane.is_null() || size.0 == 0 || size.1 == 0 || stride < row || bits > 16 {
            return Err("an impossible picture came back".to_owned());
        }
        let mut bytes = Vec::with_capacity(row * size.1 as usize);
        for y in 0..size.1 as usize {
            // SAFETY: the plane has `height` rows of `stride` bytes, of which `row` are pixels.
            let line = unsafe { std::slice::from_raw_parts(plane.add(y * stride), row) };
            bytes.extend_from_slice(line);
        }
        Ok(Pixels {
            size,
            alpha,
            bits,
            bytes,
        })
    }
}

impl Drop for Painted<'_> {
    fn drop(&mut self) {
        if !self.image.is_null() {
            // SAFETY: it is released once.
            unsafe { (self.f.image_release)(self.image) };
        }
    }
}

/// A number the library gives as signed and never means so.
fn edge(value: c_int) -> u32 {
    u32::try_from(value).unwrap_or(0)
}
