//! Arithmetic of the frozen layout: a header, then the body. In an encrypted object the body is a
//! row of frames, each [`FRAME`] plain bytes (the last one fewer) followed by its [`TAG`]; there is
//! always at least one frame, so that even emptiness is authenticated.

use std::ops::Range;

/// Bytes before the body.
pub const HEADER: u64 = 128;
/// Plain bytes in every frame but the last.
pub const FRAME: u64 = 64 * 1024;
/// Bytes of the authentication tag after each frame.
pub const TAG: u64 = 16;
/// Bytes a full frame takes in the store.
pub const SEALED_FRAME: u64 = FRAME + TAG;

/// How many frames hold `plain` bytes.
pub const fn frame_count(plain: u64) -> u64 {
    let frames = plain.div_ceil(FRAME);
    if frames == 0 { 1 } else { frames }
}

/// Size of the encrypted object that holds `plain` bytes.
pub const fn sealed_size(plain: u64) -> u64 {
    HEADER + plain + frame_count(plain) * TAG
}

/// How many plain bytes an encrypted object of `stored` bytes holds; `None` when no object has
/// that size.
pub fn plain_size(stored: u64) -> Option<u64> {
    let body = stored.checked_sub(HEADER)?;
    let plain = body.checked_sub(body.div_ceil(SEALED_FRAME) * TAG)?;
    (sealed_size(plain) == stored).then_some(plain)
}

/// Where `frames` lie in an encrypted object of `stored` bytes.
pub fn frame_span(frames: &Range<u64>, stored: u64) -> Range<u64> {
    let at = |frame: u64| (HEADER + frame * SEALED_FRAME).min(stored);
    at(frames.start)..at(frames.end)
}

#[cfg(test)]
mod tests;
