//! ThumbHash (Evan Wallace, 2023): about 25 bytes from which a blurred picture can be painted while
//! the real one loads.

use crate::failure::Failure;
use crate::picture::Finished;
use crate::resize;

/// The largest edge the algorithm takes.
const LONG_EDGE: u32 = 100;

/// The hash, base64 (RFC 4648 §4).
pub(crate) fn of(picture: &Finished) -> Result<String, Failure> {
    let size = resize::fit((picture.width, picture.height), LONG_EDGE);
    let small = resize::to_size(picture, size)?;
    let rgba = if small.alpha {
        small.samples
    } else {
        let (pixels, _) = small.samples.as_chunks::<3>();
        pixels
            .iter()
            .flat_map(|[r, g, b]| [*r, *g, *b, 255])
            .collect()
    };
    let hash = fast_thumbhash::rgba_to_thumb_hash(size.0 as usize, size.1 as usize, &rgba);
    Ok(base64(&hash))
}

/// Twenty lines here are less than one more dependency in the process that meets hostile bytes.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..4 {
            if place <= chunk.len() {
                let six = bits >> (18 - 6 * place) & 63;
                text.push(char::from(ALPHABET[six as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
