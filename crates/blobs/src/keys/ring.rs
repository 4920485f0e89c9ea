//! The key ring: the tenants' keys, wrapped by the master key, in one file beside the objects.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Entropy, TenantId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::BlobError;
use crate::frames::{Cipher, Forged};
use crate::header::{Lock, Nonce, Prefix};
use crate::name::{KEY_RING, ObjectName};
use crate::store::{Entry, Store};

use super::MasterKey;

mod copies;
mod file;

pub use copies::{RingStanding, has_key_ring, restore_key_ring};
use file::{RingFile, WrappedTenantKey};

/// Objects looked at together when a store without a ring is opened.
const PAGE: usize = 1000;

/// Whether objects are encrypted. Chosen when a store is first used, and kept for its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Every object under a key of its own.
    Vault,
    /// Objects lie open behind their header.
    Off,
}

impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vault => "vault",
            Self::Off => "off",
        })
    }
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
        let file = match RingFile::read(&*store).await? {
            Some(file) => file,
            None => {
                refuse_orphaned(&*store).await?;
                let file = RingFile::new(&master, encryption);
                file.write(&*store).await?;
                file
            }
        };
        file.check(&master, encryption)?;
        let ciphers = file.unwrap_all(&master)?;
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
        let file = {
            let open = self.read();
            open.file.rewrap(&open.master, &new, &*self.entropy)?
        };
        file.write(&*self.store).await?;
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
        let wrapped = WrappedTenantKey::wrap(&master, tenant, FIRST, &key, &*self.entropy);
        file.tenants.insert(tenant, vec![wrapped]);
        file.write(&*self.store).await?;
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

/// A fresh ring beside old objects would hide that the old ring, and with it every object, is lost.
/// Files that are not ours do no harm.
async fn refuse_orphaned(store: &dyn Store) -> Result<(), BlobError> {
    let mut after = None;
    loop {
        let page = store.list("", after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        let is_ours = |entry: &&Entry| entry.key.parse::<ObjectName>().is_ok();
        if let Some(object) = page.iter().find(is_ours) {
            return Err(BlobError::Keys(format!(
                "{} holds {} but no {KEY_RING}: bring it back from a backup",
                store.name(),
                object.key
            )));
        }
        after = Some(last.key.clone());
    }
}

#[cfg(test)]
mod tests;
