//! AES-256-GCM over the frames of one object.
//!
//! Every object has a data key of its own, drawn at random when it is written and used for that one
//! writing only. So the nonce of a frame can be its number: under one key no number comes twice. The
//! associated data bind a frame to tenant, object, place and end, so none can be cut off, swapped
//! or moved to another object without the tag failing.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use bytes::Bytes;

use crate::header::Header;
use crate::layout::{FRAME, SEALED_FRAME, TAG};

/// The authentication tag did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forged;

/// An AES-256-GCM key ready for use.
pub struct Cipher(LessSafeKey);

impl Cipher {
    /// Prepares a key.
    pub fn new(key: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("an AES-256 key has 32 bytes");
        Self(LessSafeKey::new(key))
    }

    /// Encrypts in place and returns the tag.
    pub fn seal(&self, nonce: [u8; 12], aad: &[u8], bytes: &mut [u8]) -> [u8; 16] {
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), bytes)
            .expect("far below the 64 GiB that one nonce may encrypt");
        let mut out = [0; 16];
        out.copy_from_slice(tag.as_ref());
        out
    }

    /// Decrypts in place bytes followed by their tag; the plain bytes are the front of the slice.
    pub fn open(&self, nonce: [u8; 12], aad: &[u8], bytes: &mut [u8]) -> Result<(), Forged> {
        self.0
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), bytes)
            .map(|_| ())
            .map_err(|_| Forged)
    }
}

/// The key of one object, with what its frames are bound to.
pub struct FrameKey {
    cipher: Cipher,
    context: [u8; 32],
}

impl FrameKey {
    /// For the object that `header` describes.
    pub fn new(key: &[u8; 32], header: &Header) -> Self {
        let mut context = [0; 32];
        context[..16].copy_from_slice(header.tenant.uuid().as_bytes());
        context[16..].copy_from_slice(header.binding.as_bytes());
        Self {
            cipher: Cipher::new(key),
            context,
        }
    }

    /// Tenant, object, number of the frame, whether it is the last: 41 bytes.
    fn aad(&self, frame: u64, last: bool) -> [u8; 41] {
        let mut aad = [0; 41];
        aad[..32].copy_from_slice(&self.context);
        aad[32..40].copy_from_slice(&frame.to_be_bytes());
        aad[40] = u8::from(last);
        aad
    }

    /// Encrypts one frame in place and returns its tag.
    pub fn seal(&self, frame: u64, last: bool, bytes: &mut [u8]) -> [u8; 16] {
        self.cipher
            .seal(frame_nonce(frame), &self.aad(frame, last), bytes)
    }

    /// Decrypts consecutive frames in place, the first of them number `first` and the object's last
    /// number `last`, and returns the plain bytes of each.
    ///
    /// # Errors
    /// The number of the first frame that is not what was written.
    pub fn open_all(&self, first: u64, last: u64, mut body: Vec<u8>) -> Result<Vec<Bytes>, u64> {
        let mut plain = Vec::with_capacity(body.len().div_ceil(SEALED_FRAME as usize));
        for (number, sealed) in (first..).zip(body.chunks_mut(SEALED_FRAME as usize)) {
            self.cipher
                .open(
                    frame_nonce(number),
                    &self.aad(number, number == last),
                    sealed,
                )
                .map_err(|Forged| number)?;
            plain.push(sealed.len() - TAG as usize);
        }
        let body = Bytes::from(body);
        let starts = (0..).step_by(SEALED_FRAME as usize);
        Ok(starts
            .zip(plain)
            .map(|(start, len)| body.slice(start..start + len))
            .collect())
    }
}

fn frame_nonce(frame: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&frame.to_be_bytes());
    nonce
}

/// Turns a stream of plain pieces into the object's bytes, header first.
///
/// Which frame is the last is only known at the end, so a full frame stays open until another byte
/// or the end arrives.
pub struct Sealer {
    key: Option<FrameKey>,
    /// Stored bytes, ready up to `open`; behind it the plain bytes of the open frame.
    out: Vec<u8>,
    open: usize,
    frame: u64,
}

impl Sealer {
    /// Starts an object with its header; without a key the body is written as it comes.
    pub fn new(header: &Header, key: Option<FrameKey>) -> Self {
        let out = header.encode().to_vec();
        Self {
            key,
            open: out.len(),
            out,
            frame: 0,
        }
    }

    /// Takes in plain pieces and gives the stored bytes that are ready.
    pub fn push(&mut self, pieces: &[Bytes]) -> Vec<u8> {
        let incoming: usize = pieces.iter().map(Bytes::len).sum();
        let frames = incoming / FRAME as usize + 2;
        self.out.reserve(incoming + frames * TAG as usize);
        for piece in pieces {
            self.take_in(piece);
        }
        let ready = if self.key.is_some() {
            self.open
        } else {
            self.out.len()
        };
        let rest = self.out.split_off(ready);
        self.open = 0;
        std::mem::replace(&mut self.out, rest)
    }

    /// Takes in the last plain pieces and gives the rest of the stored bytes.
    pub fn finish(mut self, pieces: &[Bytes]) -> Vec<u8> {
        let mut ready = self.push(pieces);
        if self.key.is_some() {
            self.close_frame(true);
        }
        ready.append(&mut self.out);
        ready
    }

    fn take_in(&mut self, mut piece: &[u8]) {
        if self.key.is_none() {
            self.out.extend_from_slice(piece);
            return;
        }
        while !piece.is_empty() {
            let mut room = FRAME as usize - (self.out.len() - self.open);
            if room == 0 {
                self.close_frame(false);
                room = FRAME as usize;
            }
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.out.extend_from_slice(now);
            piece = later;
        }
    }

    fn close_frame(&mut self, last: bool) {
        if let Some(key) = &self.key {
            let tag = key.seal(self.frame, last, &mut self.out[self.open..]);
            self.out.extend_from_slice(&tag);
        }
        self.open = self.out.len();
        self.frame += 1;
    }
}

#[cfg(test)]
mod tests;
