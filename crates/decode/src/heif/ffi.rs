//! The part of libheif's C interface that is used, as declared in `libheif/heif.h` of 1.15.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::marker::{PhantomData, PhantomPinned};

/// Opaque things of the library.
macro_rules! opaque {
    ($($name:ident),*) => {$(
        #[repr(C)]
        pub(super) struct $name {
            nothing: [u8; 0],
            unshared: PhantomData<(*mut u8, PhantomPinned)>,
        }
    )*};
}
opaque!(Context, Handle, Image, DecodingOptions);

/// `struct heif_error`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Error {
    code: c_int,
    subcode: c_int,
    message: *const c_char,
}

impl Error {
    /// The library's words, when this is an error.
    pub(super) fn check(self) -> Result<(), String> {
        if self.code == 0 {
            return Ok(());
        }
        if self.message.is_null() {
            return Err(format!("error {}.{}", self.code, self.subcode));
        }
        // SAFETY: the library documents the message as always defined: a string that outlives the
        // context it came from.
        Err(unsafe { CStr::from_ptr(self.message) }
            .to_string_lossy()
            .into_owned())
    }
}

/// The beginning of `struct heif_color_profile_nclx`, version 1.
#[repr(C)]
pub(super) struct Nclx {
    pub(super) version: u8,
    pub(super) primaries: c_int,
    pub(super) transfer: c_int,
    pub(super) matrix: c_int,
    pub(super) full_range: u8,
}

pub(super) const COLORSPACE_RGB: c_int = 1;
pub(super) const CHROMA_RGB: c_int = 10;
pub(super) const CHROMA_RGBA: c_int = 11;
pub(super) const CHROMA_RRGGBB_LE: c_int = 14;
pub(super) const CHROMA_RRGGBBAA_LE: c_int = 15;
pub(super) const CHANNEL_INTERLEAVED: c_int = 10;

/// Declares the functions and how they are looked up.
macro_rules! functions {
    ($($field:ident: $symbol:literal = fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// Entry points of the library.
        pub(super) struct Functions {
            $(pub(super) $field: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Functions {
            /// Looks every function up.
            ///
            /// # Safety
            /// `library` must be libheif 1.15 or later of the same major version, and must stay
            /// loaded for as long as the functions are used.
            pub(super) unsafe fn of(library: &libloading::Library) -> Result<Self, libloading::Error> {
                // SAFETY: the caller vouches for the library; the types are those of its header.
                unsafe {
                    Ok(Self { $($field: *library.get($symbol)?,)* })
                }
            }
        }
    };
}

functions! {
    init: b"heif_init" = fn(*mut c_void) -> Error;
    version: b"heif_get_version_number" = fn() -> u32;
    context_alloc: b"heif_context_alloc" = fn() -> *mut Context;
    context_free: b"heif_context_free" = fn(*mut Context);
    read: b"heif_context_read_from_memory_without_copy" = fn(*mut Context, *const c_void, usize, *const c_void) -> Error;
    max_threads: b"heif_context_set_max_decoding_threads" = fn(*mut Context, c_int);
    pictures: b"heif_context_get_number_of_top_level_images" = fn(*mut Context) -> c_int;
    primary: b"heif_context_get_primary_image_handle" = fn(*mut Context, *mut *mut Handle) -> Error;
    handle_release: b"heif_image_handle_release" = fn(*const Handle);
    handle_width: b"heif_image_handle_get_width" = fn(*const Handle) -> c_int;
    handle_height: b"heif_image_handle_get_height" = fn(*const Handle) -> c_int;
    handle_alpha: b"heif_image_handle_has_alpha_channel" = fn(*const Handle) -> c_int;
    handle_bits: b"heif_image_handle_get_luma_bits_per_pixel" = fn(*const Handle) -> c_int;
    icc_size: b"heif_image_handle_get_raw_color_profile_size" = fn(*const Handle) -> usize;
    icc: b"heif_image_handle_get_raw_color_profile" = fn(*const Handle, *mut c_void) -> Error;
    nclx: b"heif_image_handle_get_nclx_color_profile" = fn(*const Handle, *mut *mut Nclx) -> Error;
    nclx_free: b"heif_nclx_color_profile_free" = fn(*mut Nclx);
    decode: b"heif_decode_image" = fn(*const Handle, *mut *mut Image, c_int, c_int, *const DecodingOptions) -> Error;
    image_release: b"heif_image_release" = fn(*const Image);
    image_width: b"heif_image_get_width" = fn(*const Image, c_int) -> c_int;
    image_height: b"heif_image_get_height" = fn(*const Image, c_int) -> c_int;
    image_bits: b"heif_image_get_bits_per_pixel_range" = fn(*const Image, c_int) -> c_int;
    plane: b"heif_image_get_plane_readonly" = fn(*const Image, c_int, *mut c_int) -> *const u8;
}
