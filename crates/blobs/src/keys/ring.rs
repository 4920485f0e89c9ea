//! The key ring: the tenants' keys, wrapped by the master key, in one file beside the objects.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Entropy, TenantId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::BlobError;
use crate::frames::{Cipher, Forged};
use crate::header::{Lock, Nonce, Prefix};
use crate::name::{KEY_RING, STAGING};
use crate::store::{Publish, Store};

use super::MasterKey;

const FORMAT: u32 = 1;
/// No key ring grows to this size: 64 MiB are some 300,000 tenants.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// Whether objects are encrypted. Chosen when a store is first used, and kept for its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Every object under a key of its own.
    Vault,
    /// Objects lie open behind their header.
    Off,
}

/// The keys of one store.
pub struct KeyRing {
    store: Arc<dyn Store>,
    entropy: Arc<dyn Entropy>,
    encryption: Encryption,
    open: RwLock<Open>,
    /// Held while the file is written, so that no two writings forget each other's keys.
    writing: tokio::sync::Mutex<()>,
}

struct Open {
    master: MasterKey,
    file: RingFile,
    ciphers: HashMap<(TenantId, u32), Arc<Cipher>>,
}

/// The file. A tenant's last key wraps what is written now; the others are kept for reading.
#[derive(Clone, Serialize, Deserialize)]
struct RingFile {
    format: u32,
    encryption: Encryption,
    /// Fingerprint of the master key that wraps the others.
    master: String,
    tenants: BTreeMap<TenantId, Vec<WrappedTenantKey>>,
}

/// One tenant key: `wrapped` is nonce, encrypted key and tag in hex.
#[derive(Clone, Serialize, Deserialize)]
struct WrappedTenantKey {
    key: u32,
    wrapped: String,
}

impl KeyRing {
    /// Opens the key ring of a store, or makes one in a store that is empty.
    ///
    /// # Errors
    /// [`BlobError::Keys`] when the master key is another one, when `encryption` is not what the
    /// store began with, or when objects are there but no ring.
    pub async fn open(
        store: Arc<dyn Store>,
        master: MasterKey,
        encryption: Encryption,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, BlobError> {
        let file = match store.read(KEY_RING, 0..MAX_SIZE).await? {
            Some(slice) => {
                let file: RingFile = serde_json::from_slice(&slice.bytes)
                    .map_err(|error| BlobError::damaged(KEY_RING, error.to_string()))?;
                check(&file, &master, encryption)?;
                file
            }
            None => {
                refuse_orphaned(&*store).await?;
                let file = RingFile {
                    format: FORMAT,
                    encryption,
                    master: master.fingerprint(),
                    tenants: BTreeMap::new(),
                };
                write(&*store, &file).await?;
                file
            }
        };
        let ciphers = unwrap_all(&file, &master)?;
        Ok(Self {
            store,
            entropy,
            encryption,
            open: RwLock::new(Open {
                master,
                file,
                ciphers,
            }),
            writing: tokio::sync::Mutex::new(()),
        })
    }

    /// What the store began with.
    pub const fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// A secret for another use, such as signing tokens or URLs: see [`MasterKey::derive`].
    pub fn derive(&self, label: &str) -> [u8; 32] {
        *self.read().master.derive(label)
    }

    /// Wraps every tenant key by `new` instead. Objects stay as they are; the caller saves `new`
    /// before and forgets the old key after.
    ///
    /// # Errors
    /// The ring could not be written; the old master key still holds.
    pub async fn change_master(&self, new: MasterKey) -> Result<(), BlobError> {
        let _writing = self.writing.lock().await;
        let (old, mut file) = {
            let open = self.read();
            (open.master.clone(), open.file.clone())
        };
        for (tenant, keys) in &mut file.tenants {
            for wrapped in keys {
                let key = unwrap(&old, *tenant, wrapped)?;
                *wrapped = wrap(&new, *tenant, wrapped.key, &key, &*self.entropy);
            }
        }
        file.master = new.fingerprint();
        write(&*self.store, &file).await?;
        let mut open = self.write_open();
        open.file = file;
        open.master = new;
        Ok(())
    }

    /// Draws a data key for one object and wraps it: the key itself and how its header says it.
    /// `prefix` is the header's front, given the number of the tenant key and the nonce.
    pub(crate) async fn new_data_key(
        &self,
        tenant: TenantId,
        prefix: impl FnOnce(u32, &Nonce) -> Prefix,
    ) -> Result<(Zeroizing<[u8; 32]>, Lock), BlobError> {
        let (number, cipher) = match self.current(tenant) {
            Some(current) => current,
            None => self.add(tenant).await?,
        };
        let mut key = Zeroizing::new([0; 32]);
        self.entropy.fill(&mut *key);
        let mut nonce = [0; 12];
        self.entropy.fill(&mut nonce);
        let mut wrapped = [0; 48];
        wrapped[..32].copy_from_slice(&*key);
        let tag = cipher.seal(nonce, &prefix(number, &nonce), &mut wrapped[..32]);
        wrapped[32..].copy_from_slice(&tag);
        let lock = Lock {
            key: number,
            nonce,
            wrapped,
        };
        Ok((key, lock))
    }

    /// Unwraps the data key of an object of `tenant`.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub(crate) fn data_key(
        &self,
        tenant: TenantId,
        lock: &Lock,
        prefix: &Prefix,
    ) -> Result<Zeroizing<[u8; 32]>, &'static str> {
        let cipher = self.read().ciphers.get(&(tenant, lock.key)).cloned();
        let cipher = cipher.ok_or("the key ring lacks the key its header names")?;
        let mut wrapped = Zeroizing::new(lock.wrapped);
        cipher
            .open(lock.nonce, prefix, &mut *wrapped)
            .map_err(|Forged| "its header is not what was written")?;
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&wrapped[..32]);
        Ok(key)
    }

    fn current(&self, tenant: TenantId) -> Option<(u32, Arc<Cipher>)> {
        let open = self.read();
        let number = open.file.tenants.get(&tenant)?.last()?.key;
        let cipher = open.ciphers.get(&(tenant, number))?;
        Some((number, Arc::clone(cipher)))
    }

    /// Makes a tenant's first key, safe in the file before it is used.
    async fn add(&self, tenant: TenantId) -> Result<(u32, Arc<Cipher>), BlobError> {
        let _writing = self.writing.lock().await;
        if let Some(current) = self.current(tenant) {
            return Ok(current);
        }
        const FIRST: u32 = 1;
        let mut key = Zeroizing::new([0; 32]);
        self.entropy.fill(&mut *key);
        let (master, mut file) = {
            let open = self.read();
            (open.master.clone(), open.file.clone())
        };
        let wrapped = wrap(&master, tenant, FIRST, &key, &*self.entropy);
        file.tenants.insert(tenant, vec![wrapped]);
        write(&*self.store, &file).await?;
        let cipher = Arc::new(Cipher::new(&key));
        let mut open = self.write_open();
        open.file = file;
        open.ciphers.insert((tenant, FIRST), Arc::clone(&cipher));
        Ok((FIRST, cipher))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Open> {
        self.open.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_open(&self) -> std::sync::RwLockWriteGuard<'_, Open> {
        self.open.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(file: &RingFile, master: &MasterKey, encryption: Encryption) -> Result<(), BlobError> {
    let refuse = |reason: String| Err(BlobError::Keys(reason));
    if file.format != FORMAT {
        return refuse(format!("the key ring has the later format {}", file.format));
    }
    let given = master.fingerprint();
    if file.master != given {
        return refuse(format!(
            "the master key is another one ({given}) than the key ring was made with ({})",
            file.master
        ));
    }
    if file.encryption != encryption {
        return refuse(format!(
            "the store began with encryption {:?} and cannot go on with {encryption:?}",
            file.encryption
        ));
    }
    Ok(())
}

/// A fresh ring beside old objects would hide that the old ring, and with it every object, is lost.
async fn refuse_orphaned(store: &dyn Store) -> Result<(), BlobError> {
    let after_staging = STAGING.replace('/', "0");
    let mut found = store.list("", None, 1).await?;
    if found.first().is_some_and(|e| e.key.starts_with(STAGING)) {
        found = store.list("", Some(&after_staging), 1).await?;
    }
    match found.first() {
        None => Ok(()),
        Some(entry) => Err(BlobError::Keys(format!(
            "{} holds {} but no {KEY_RING}: bring it back from a backup",
            store.name(),
            entry.key
        ))),
    }
}

async fn write(store: &dyn Store, file: &RingFile) -> Result<(), BlobError> {
    let mut text = serde_json::to_vec_pretty(file).expect("a map of strings is JSON");
    text.push(b'\n');
    store
        .stage()
        .publish(text, KEY_RING, Publish::Replace)
        .await
}

fn unwrap_all(
    file: &RingFile,
    master: &MasterKey,
) -> Result<HashMap<(TenantId, u32), Arc<Cipher>>, BlobError> {
    let mut ciphers = HashMap::new();
    for (tenant, keys) in &file.tenants {
        for wrapped in keys {
            let key = unwrap(master, *tenant, wrapped)?;
            ciphers.insert((*tenant, wrapped.key), Arc::new(Cipher::new(&key)));
        }
    }
    Ok(ciphers)
}

fn wrap(
    master: &MasterKey,
    tenant: TenantId,
    number: u32,
    key: &[u8; 32],
    entropy: &dyn Entropy,
) -> WrappedTenantKey {
    let mut bytes = [0; 12 + 32 + 16];
    let mut nonce = [0; 12];
    entropy.fill(&mut nonce);
    bytes[..12].copy_from_slice(&nonce);
    bytes[12..44].copy_from_slice(key);
    let aad = ring_aad(tenant, number);
    let tag = master
        .wrapping_cipher()
        .seal(nonce, &aad, &mut bytes[12..44]);
    bytes[44..].copy_from_slice(&tag);
    WrappedTenantKey {
        key: number,
        wrapped: hex::encode(bytes),
    }
}

fn unwrap(
    master: &MasterKey,
    tenant: TenantId,
    wrapped: &WrappedTenantKey,
) -> Result<Zeroizing<[u8; 32]>, BlobError> {
    let damaged =
        || BlobError::damaged(KEY_RING, format!("the key of tenant {tenant} is not valid"));
    let mut bytes = Zeroizing::new([0_u8; 12 + 32 + 16]);
    hex::decode_to_slice(&wrapped.wrapped, &mut *bytes).map_err(|_| damaged())?;
    let mut nonce = [0; 12];
    nonce.copy_from_slice(&bytes[..12]);
    master
        .wrapping_cipher()
        .open(nonce, &ring_aad(tenant, wrapped.key), &mut bytes[12..])
        .map_err(|Forged| damaged())?;
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes[12..44]);
    Ok(key)
}

/// Tenant and number of the key: 20 bytes.
fn ring_aad(tenant: TenantId, number: u32) -> [u8; 20] {
    let mut aad = [0; 20];
    aad[..16].copy_from_slice(tenant.uuid().as_bytes());
    aad[16..].copy_from_slice(&number.to_be_bytes());
    aad
}

#[cfg(test)]
mod tests;
