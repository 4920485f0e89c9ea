//! Signs places in the chain of the audit log, with a key that the database does not hold: whoever can
//! write every row still cannot make it look as if it had always been so.

use catalog::audit::chain::{Seal, SealKind};
use domain::{TenantId, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use subtle::ConstantTimeEq;

type HmacSha256 = Hmac<sha2::Sha256>;

/// Makes and checks signatures: HMAC-SHA-256 (RFC 2104) over what a seal says.
#[derive(Clone)]
pub(crate) struct Notary {
    key: [u8; 32],
}

impl Notary {
    /// The key must be the same on every node: it is derived from the master key.
    pub(crate) const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A signed place.
    pub(super) fn sign(
        &self,
        tenant: TenantId,
        kind: SealKind,
        (place, hash): (i64, Vec<u8>),
        at: Timestamp,
    ) -> Seal {
        let mut seal = Seal {
            tenant,
            kind,
            place,
            hash,
            at,
            signature: Vec::new(),
        };
        seal.signature = self.signature(&seal);
        seal
    }

    /// Whether the signature is ours.
    pub(super) fn is_genuine(&self, seal: &Seal) -> bool {
        self.signature(seal).ct_eq(&seal.signature).into()
    }

    fn signature(&self, seal: &Seal) -> Vec<u8> {
        let mut mac = HmacSha256::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        // Every part but the last has a fixed length, so no two seals say the same.
        mac.update(b"mediavault audit seal 1");
        mac.update(seal.tenant.uuid().as_bytes());
        mac.update(match seal.kind {
            SealKind::Seal => b"s",
            SealKind::Checkpoint => b"c",
        });
        mac.update(&seal.place.to_be_bytes());
        mac.update(&seal.at.millis().to_be_bytes());
        mac.update(&seal.hash);
        mac.finalize().into_bytes().to_vec()
    }
}
