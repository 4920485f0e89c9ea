//! The one way in and out.

use std::sync::Arc;

use domain::Entropy;

use crate::BlobError;
use crate::frames::FrameKey;
use crate::header::Header;
use crate::keys::{Encryption, KeyRing, MasterKey};
use crate::name::{DERIVED, KEY_RING, ObjectName, PARTS, STAGING};
use crate::store::{Entry, Stat, Store};

mod copy;
mod derived;
mod read;
mod reader;
mod write;

pub use copy::Copied;
pub use read::Verified;
pub use reader::Reader;
pub use write::{Expect, Stored, Writer};

/// Takes bytes into one store and gives them out again.
#[derive(Clone)]
pub struct Gate {
    store: Arc<dyn Store>,
    keys: Arc<KeyRing>,
}

/// A part of the store that is looked through on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// What people entrusted to the vault.
    Blobs,
    /// What can be made again.
    Derived,
    /// What waits to be joined into a blob.
    Parts,
    /// What was not finished, by keys under `staging/`.
    Staging,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Key in the store; also where the next page goes on.
    pub key: String,
    /// What the key names; `None` for unfinished objects and for files that are not ours.
    pub object: Option<ObjectName>,
    /// Size as stored, and age.
    pub stat: Stat,
}

impl Gate {
    /// Opens a store, making its key ring when it is new.
    ///
    /// # Errors
    /// [`BlobError::Keys`] when master key or `encryption` are not what the store began with.
    pub async fn open(
        store: Arc<dyn Store>,
        master: MasterKey,
        encryption: Encryption,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, BlobError> {
        let keys = KeyRing::open(Arc::clone(&store), master, encryption, entropy).await?;
        Ok(Self {
            store,
            keys: Arc::new(keys),
        })
    }

    /// The keys of the store.
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// What people call the store.
    pub fn store_name(&self) -> &str {
        self.store.name()
    }

    /// Asks the store for a sign of life.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn ping(&self) -> Result<(), BlobError> {
        self.store.ping().await
    }

    /// Bytes that can still be written, where that is known.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn free_space(&self) -> Result<Option<u64>, BlobError> {
        self.store.free_space().await
    }

    /// Size as stored (see [`Stored::stored_size`]) and age; `None` when there is no such object.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn stat(&self, object: &ObjectName) -> Result<Option<Stat>, BlobError> {
        self.store.stat(&object.to_string()).await
    }

    /// Removes an object; whether there was one. That nothing refers to it any more is for the
    /// caller to prove.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn delete(&self, object: &ObjectName) -> Result<bool, BlobError> {
        self.store.delete(&object.to_string()).await
    }

    /// Removes what was never finished, by its key from a listing of [`Area::Staging`].
    ///
    /// # Errors
    /// The store did not answer, or the key is not one of an unfinished object.
    pub async fn delete_staging(&self, key: &str) -> Result<bool, BlobError> {
        if !key.starts_with(STAGING) {
            return Err(BlobError::NotFound {
                object: key.to_owned(),
            });
        }
        self.store.delete(key).await
    }

    /// A page of up to `limit` objects of one area behind the key `after`, in byte order of keys.
    /// An empty page is the end.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn list(
        &self,
        area: Area,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        let entries = match area {
            Area::Blobs => self.list_blobs(after, limit).await?,
            Area::Derived => self.store.list(DERIVED, after, limit).await?,
            Area::Parts => self.store.list(PARTS, after, limit).await?,
            Area::Staging => self.store.list(STAGING, after, limit).await?,
        };
        Ok(entries.into_iter().map(Listed::from).collect())
    }

    /// Blobs lie at the top, beside the other areas, which are stepped over.
    async fn list_blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<Entry>, BlobError> {
        let mut after = after.map(str::to_owned);
        loop {
            let mut page = self.store.list("", after.as_deref(), limit).await?;
            let Some(last) = page.last() else {
                return Ok(page);
            };
            // '0' is the character after '/': the first key behind a whole area.
            after = Some(match area_of(&last.key) {
                Some(area) => area.replace('/', "0"),
                None => last.key.clone(),
            });
            page.retain(|entry| area_of(&entry.key).is_none() && entry.key != KEY_RING);
            if !page.is_empty() {
                return Ok(page);
            }
        }
    }

    /// Locks the header of a new object, where this store does, and gives the key of its frames.
    async fn lock(&self, header: &mut Header) -> Result<Option<FrameKey>, BlobError> {
        if self.keys.encryption() == Encryption::Off {
            return Ok(None);
        }
        let prefix = |key, nonce: &_| header.prefix(key, nonce);
        let (key, lock) = self.keys.new_data_key(header.tenant, prefix).await?;
        header.lock = Some(lock);
        Ok(Some(FrameKey::new(&key, header)))
    }

    /// Reads a header and checks that it is the one `object` was written with.
    fn check_header(
        &self,
        object: &ObjectName,
        bytes: &[u8],
    ) -> Result<Option<FrameKey>, BlobError> {
        let damaged = |reason: &'static str| BlobError::damaged(object, reason);
        let header = Header::decode(bytes).map_err(damaged)?;
        if header.tenant != object.tenant() {
            return Err(damaged("it belongs to another tenant"));
        }
        let expected = Header::of(object);
        if (header.binding, header.derived) != (expected.binding, expected.derived) {
            return Err(damaged("it is another object under this name"));
        }
        match (&header.lock, self.keys.encryption()) {
            (None, Encryption::Off) => Ok(None),
            (None, Encryption::Vault) => Err(damaged("it is not encrypted as this store is")),
            (Some(lock), _) => {
                let prefix = header.prefix(lock.key, &lock.nonce);
                let key = self
                    .keys
                    .data_key(header.tenant, lock, &prefix)
                    .map_err(damaged)?;
                Ok(Some(FrameKey::new(&key, &header)))
            }
        }
    }
}

/// The area a key lies in, when it is not that of the blobs.
fn area_of(key: &str) -> Option<&'static str> {
    [DERIVED, PARTS, STAGING]
        .into_iter()
        .find(|area| key.starts_with(area))
}

impl From<Entry> for Listed {
    fn from(entry: Entry) -> Self {
        Self {
            object: entry.key.parse().ok(),
            key: entry.key,
            stat: entry.stat,
        }
    }
}
