//! What lies in `keyring.json`. Frozen in `docs/adr/0001-blob-format.md`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::{Entropy, TenantId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::BlobError;
use crate::frames::{Cipher, Forged};
use crate::keys::{Encryption, MasterKey};
use crate::name::KEY_RING;
use crate::store::{Publish, Store};

const FORMAT: u32 = 1;
/// No key ring grows to this size: 64 MiB are some 300,000 tenants.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// The file. A tenant's last key wraps what is written now; the others are kept for reading.
#[derive(Clone, Serialize, Deserialize)]
pub struct RingFile {
    format: u32,
    encryption: Encryption,
    /// Fingerprint of the master key that wraps the others.
    master: String,
    pub tenants: BTreeMap<TenantId, Vec<WrappedTenantKey>>,
}

/// One tenant key: `wrapped` is nonce, encrypted key and tag in hex.
#[derive(Clone, Serialize, Deserialize)]
pub struct WrappedTenantKey {
    pub key: u32,
    wrapped: String,
}

impl RingFile {
    /// A ring without tenants.
    pub fn new(master: &MasterKey, encryption: Encryption) -> Self {
        Self {
            format: FORMAT,
            encryption,
            master: master.fingerprint(),
            tenants: BTreeMap::new(),
        }
    }

    /// The ring of a store; `None` when it has none.
    pub async fn read(store: &dyn Store) -> Result<Option<Self>, BlobError> {
        let Some(slice) = store.read(KEY_RING, 0..MAX_SIZE).await? else {
            return Ok(None);
        };
        serde_json::from_slice(&slice.bytes)
            .map(Some)
            .map_err(|error| BlobError::damaged(KEY_RING, error.to_string()))
    }

    /// Puts the ring in the place of the one before, safe from a power cut when done.
    pub async fn write(&self, store: &dyn Store) -> Result<(), BlobError> {
        let mut text = serde_json::to_vec_pretty(self).expect("a map of strings is JSON");
        text.push(b'\n');
        store
            .stage()
            .publish(text, KEY_RING, Publish::Replace)
            .await
    }

    /// Whether the ring goes with a master key and the mode that is asked for.
    pub fn check(&self, master: &MasterKey, encryption: Encryption) -> Result<(), BlobError> {
        let refuse = |reason: String| Err(BlobError::Keys(reason));
        if self.format != FORMAT {
            return refuse(format!("the key ring has the later format {}", self.format));
        }
        let given = master.fingerprint();
        if self.master != given {
            return refuse(format!(
                "the master key is another one ({given}) than the key ring was made with ({})",
                self.master
            ));
        }
        if self.encryption != encryption {
            return refuse(format!(
                "the store began with encryption \"{}\" and cannot go on with \"{encryption}\"",
                self.encryption
            ));
        }
        Ok(())
    }

    /// Every tenant key, ready for use.
    pub fn unwrap_all(
        &self,
        master: &MasterKey,
    ) -> Result<HashMap<(TenantId, u32), Arc<Cipher>>, BlobError> {
        let mut ciphers = HashMap::new();
        for (tenant, keys) in &self.tenants {
            for wrapped in keys {
                let key = wrapped.unwrap(master, *tenant)?;
                ciphers.insert((*tenant, wrapped.key), Arc::new(Cipher::new(&key)));
            }
        }
        Ok(ciphers)
    }

    /// Whether every key here is one of `whole`, which is wrapped by the same master key.
    pub fn is_part_of(&self, whole: &Self, master: &MasterKey) -> Result<bool, BlobError> {
        for (tenant, keys) in &self.tenants {
            for key in keys {
                let others = whole.tenants.get(tenant).into_iter().flatten();
                let Some(same) = others.into_iter().find(|other| other.key == key.key) else {
                    return Ok(false);
                };
                if same.wrapped != key.wrapped
                    && same.unwrap(master, *tenant)? != key.unwrap(master, *tenant)?
                {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The same keys wrapped by another master key.
    pub fn rewrap(
        &self,
        old: &MasterKey,
        new: &MasterKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, BlobError> {
        let mut ring = Self::new(new, self.encryption);
        for (tenant, keys) in &self.tenants {
            let again = |wrapped: &WrappedTenantKey| {
                let key = wrapped.unwrap(old, *tenant)?;
                Ok(WrappedTenantKey::wrap(
                    new,
                    *tenant,
                    wrapped.key,
                    &key,
                    entropy,
                ))
            };
            let keys: Result<_, BlobError> = keys.iter().map(again).collect();
            ring.tenants.insert(*tenant, keys?);
        }
        Ok(ring)
    }
}

impl WrappedTenantKey {
    /// Wraps a tenant's key of that number.
    pub fn wrap(
        master: &MasterKey,
        tenant: TenantId,
        number: u32,
        key: &[u8; 32],
        entropy: &dyn Entropy,
    ) -> Self {
        let mut bytes = [0; 12 + 32 + 16];
        let mut nonce = [0; 12];
        entropy.fill(&mut nonce);
        bytes[..12].copy_from_slice(&nonce);
        bytes[12..44].copy_from_slice(key);
        let aad = associated_data(tenant, number);
        let tag = master
            .wrapping_cipher()
            .seal(nonce, &aad, &mut bytes[12..44]);
        bytes[44..].copy_from_slice(&tag);
        Self {
            key: number,
            wrapped: hex::encode(bytes),
        }
    }

    fn unwrap(
        &self,
        master: &MasterKey,
        tenant: TenantId,
    ) -> Result<Zeroizing<[u8; 32]>, BlobError> {
        let damaged =
            || BlobError::damaged(KEY_RING, format!("the key of tenant {tenant} is not valid"));
        let mut bytes = Zeroizing::new([0_u8; 12 + 32 + 16]);
        hex::decode_to_slice(&self.wrapped, &mut *bytes).map_err(|_| damaged())?;
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&bytes[..12]);
        master
            .wrapping_cipher()
            .open(nonce, &associated_data(tenant, self.key), &mut bytes[12..])
            .map_err(|Forged| damaged())?;
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&bytes[12..44]);
        Ok(key)
    }
}

/// Tenant and number of the key: 20 bytes.
fn associated_data(tenant: TenantId, number: u32) -> [u8; 20] {
    let mut data = [0; 20];
    data[..16].copy_from_slice(tenant.uuid().as_bytes());
    data[16..].copy_from_slice(&number.to_be_bytes());
    data
}
