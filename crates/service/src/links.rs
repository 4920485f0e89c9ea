//! Signed links: a URL that carries its own permission. HMAC-SHA-256 (RFC 2104) over exactly what
//! the link allows, so nothing in it can be changed, and a time after which it is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AssetId, Code, TenantId, Timestamp, UploadId};
use hmac::{Hmac, KeyInit, Mac};
use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// What one link allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// GET and HEAD of one asset's original or one of its renditions.
    Read {
        /// The tenant of the asset.
        tenant: TenantId,
        /// The asset.
        asset: AssetId,
        /// `content` or the name of a rendition.
        target: String,
        /// Whether a browser saves it instead of showing it.
        download: bool,
    },
    /// One PUT of an announced upload, bound to its size and type.
    Put {
        /// The tenant of the upload.
        tenant: TenantId,
        /// The upload.
        upload: UploadId,
        /// Exact number of bytes.
        size: u64,
        /// Claimed media type, or empty.
        mime_type: String,
    },
}

/// Signs and checks links.
#[derive(Clone)]
pub struct Signer {
    key: [u8; 32],
}

impl Signer {
    /// The key must be the same on every node: it is derived from the master key.
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The signature for `grant` until `expires`, 43 characters of unpadded base64url.
    pub fn sign(&self, grant: &Grant, expires: Timestamp) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(grant, expires))
    }

    /// Holds a link against what it claims to allow.
    ///
    /// # Errors
    /// `BadSignature` for a forged or altered link, `LinkExpired` for a genuine one past its time.
    pub fn check(
        &self,
        grant: &Grant,
        expires: Timestamp,
        signature: &str,
        now: Timestamp,
    ) -> Result<()> {
        let given = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        if !bool::from(self.mac(grant, expires).as_slice().ct_eq(&given)) {
            return Err(Error::refused(Code::BadSignature, "the link was altered or cut off"));
        }
        if now >= expires {
            return Err(Error::refused(Code::LinkExpired, "ask for a new link"));
        }
        Ok(())
    }

    fn mac(&self, grant: &Grant, expires: Timestamp) -> [u8; 32] {
        let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        // Each part is preceded by its length, so that no two grants give the same bytes.
        let mut part = |bytes: &[u8]| {
            mac.update(&(bytes.len() as u64).to_be_bytes());
            mac.update(bytes);
        };
        match grant {
            Grant::Read { tenant, asset, target, download } => {
                part(b"read");
                part(tenant.uuid().as_bytes());
                part(asset.uuid().as_bytes());
                part(target.as_bytes());
                part(&[u8::from(*download)]);
            }
            Grant::Put { tenant, upload, size, mime_type } => {
                part(b"put");
                part(tenant.uuid().as_bytes());
                part(upload.uuid().as_bytes());
                part(&size.to_be_bytes());
                part(mime_type.as_bytes());
            }
        }
        part(&expires.millis().to_be_bytes());
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests;
