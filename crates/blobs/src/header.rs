//! The first 128 bytes of every object. Frozen in `docs/adr/0001-blob-format.md`; integers are
//! big-endian.
//!
//! ```text
//!   0   8  magic  89 4D 56 42 0D 0A 1A 0A
//!   8   1  format version, 1
//!   9   1  mode: 0 plain, 1 AES-256-GCM in frames
//!  10   1  log2 of the plain bytes in a frame, 16
//!  11   1  kind: 0 blob, 1 derived
//!  12   4  number of the tenant key that wraps the data key; 0 when plain
//!  16  16  tenant
//!  32  16  binding: the blob id, or the hash of a derived file's name
//!  48  12  nonce of the wrapped data key
//!  60   4  zero
//!  64  48  data key, wrapped by AES-256-GCM with bytes 0..64 as associated data
//! 112  12  zero
//! 124   4  CRC-32 (IEEE) of bytes 0..124
//! ```
//!
//! The CRC tells decay from a wrong key and is the only check a plain header has; the tag of the
//! wrapped key is what an attacker cannot get around.

use domain::{BlobId, TenantId};
use uuid::Uuid;

use crate::layout::HEADER;
use crate::name::ObjectName;

/// A header as it lies in the store.
pub type HeaderBytes = [u8; HEADER as usize];

/// The part the wrapped key is bound to.
pub type Prefix = [u8; 64];

/// A data key wrapped by a tenant key, with its tag.
pub type WrappedKey = [u8; 48];

/// Nonce of AES-256-GCM.
pub type Nonce = [u8; 12];

const MAGIC: [u8; 8] = *b"\x89MVB\r\n\x1a\n";
const VERSION: u8 = 1;
const FRAME_BITS: u8 = 16;

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Whether it belongs to a derived file.
    pub derived: bool,
    /// Whose the object is.
    pub tenant: TenantId,
    /// Which object it is: see [`ObjectName::binding`].
    pub binding: Uuid,
    /// How the body is locked; `None` when it lies open.
    pub lock: Option<Lock>,
}

/// The way to the data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Number of the tenant key.
    pub key: u32,
    /// Nonce of the wrapping.
    pub nonce: Nonce,
    /// The data key.
    pub wrapped: WrappedKey,
}

impl Header {
    /// Header of a blob, not locked yet. Its hash, and so its name, is known only at its end.
    pub fn of_blob(tenant: TenantId, blob: BlobId) -> Self {
        Self {
            derived: false,
            tenant,
            binding: blob.uuid(),
            lock: None,
        }
    }

    /// Header of the object of that name, not locked yet.
    pub fn of(name: &ObjectName) -> Self {
        Self {
            derived: matches!(name, ObjectName::Derived { .. }),
            tenant: name.tenant(),
            binding: name.binding(),
            lock: None,
        }
    }

    /// What the wrapped key is bound to, given the number of the tenant key and the nonce.
    pub fn prefix(&self, key: u32, nonce: &Nonce) -> Prefix {
        let mut prefix = [0; 64];
        prefix[..8].copy_from_slice(&MAGIC);
        prefix[8] = VERSION;
        prefix[9] = u8::from(key != 0);
        prefix[10] = FRAME_BITS;
        prefix[11] = u8::from(self.derived);
        prefix[12..16].copy_from_slice(&key.to_be_bytes());
        prefix[16..32].copy_from_slice(self.tenant.uuid().as_bytes());
        prefix[32..48].copy_from_slice(self.binding.as_bytes());
        prefix[48..60].copy_from_slice(nonce);
        prefix
    }

    /// As it is written.
    pub fn encode(&self) -> HeaderBytes {
        let mut bytes = [0; HEADER as usize];
        let open = Lock {
            key: 0,
            nonce: [0; 12],
            wrapped: [0; 48],
        };
        let lock = self.lock.as_ref().unwrap_or(&open);
        bytes[..64].copy_from_slice(&self.prefix(lock.key, &lock.nonce));
        bytes[64..112].copy_from_slice(&lock.wrapped);
        let sum = crc32fast::hash(&bytes[..124]);
        bytes[124..].copy_from_slice(&sum.to_be_bytes());
        bytes
    }

    /// Reads a header.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn decode(bytes: &[u8]) -> Result<Self, &'static str> {
        let bytes: &HeaderBytes = bytes.first_chunk().ok_or("it is shorter than a header")?;
        if bytes[..8] != MAGIC {
            return Err("it does not start as an object does");
        }
        if bytes[124..] != crc32fast::hash(&bytes[..124]).to_be_bytes() {
            return Err("the checksum of its header does not hold");
        }
        if bytes[8] != VERSION {
            return Err("its format is of a later version");
        }
        let header = Self {
            derived: bytes[11] == 1,
            tenant: TenantId::from_uuid(uuid_at(bytes, 16)),
            binding: uuid_at(bytes, 32),
            lock: (bytes[9] == 1).then(|| Lock {
                key: u32::from_be_bytes(part(bytes, 12)),
                nonce: part(bytes, 48),
                wrapped: part(bytes, 64),
            }),
        };
        // Whatever is not said by the fields above has exactly one value.
        if header.encode() != *bytes {
            return Err("its header is malformed");
        }
        Ok(header)
    }
}

fn part<const N: usize>(bytes: &HeaderBytes, at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}

fn uuid_at(bytes: &HeaderBytes, at: usize) -> Uuid {
    Uuid::from_bytes(part(bytes, at))
}

#[cfg(test)]
mod tests;
