//! Checksums of single requests (the extension `checksum`): what does not match is not kept.

use aws_lc_rs::digest::{Algorithm, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Code;

use crate::error::{Error, Result};

/// By their names in the protocol, which demands SHA-1 of every server.
pub const ALGORITHMS: [&str; 2] = ["sha256", "sha1"];

/// The header it is sent in.
const HEADER: &str = "Upload-Checksum";

/// A checksum as it was announced.
#[derive(Debug, Clone)]
pub struct Checksum {
    algorithm: &'static Algorithm,
    expected: Vec<u8>,
}

impl Checksum {
    /// Reads `sha256 <base64>`.
    ///
    /// # Errors
    /// A problem of the header.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |what: &'static str| Error::field(HEADER, what);
        let (name, encoded) = text
            .trim()
            .split_once(' ')
            .ok_or_else(|| wrong("an algorithm, a space, and the checksum in base64"))?;
        let algorithm = match name {
            "sha256" => &SHA256,
            "sha1" => &SHA1_FOR_LEGACY_USE_ONLY,
            _ => return Err(wrong("the algorithms are sha256 and sha1")),
        };
        let expected = STANDARD.decode(encoded.trim()).unwrap_or_default();
        if expected.len() != algorithm.output_len() {
            return Err(wrong("the checksum is not base64 of the right length"));
        }
        Ok(Self {
            algorithm,
            expected,
        })
    }
}

/// A checksum as the bytes give it.
pub(super) struct Running {
    context: Context,
    expected: Vec<u8>,
}

impl Running {
    pub(super) fn new(checksum: &Checksum) -> Self {
        Self {
            context: Context::new(checksum.algorithm),
            expected: checksum.expected.clone(),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
    }

    /// Holds the bytes against what was announced.
    pub(super) fn verify(self) -> Result<()> {
        match self.context.finish().as_ref() == self.expected {
            true => Ok(()),
            false => Err(Error::refused(
                Code::ChecksumMismatch,
                "nothing of this request was kept: send it again",
            )),
        }
    }
}

#[cfg(test)]
mod tests;
