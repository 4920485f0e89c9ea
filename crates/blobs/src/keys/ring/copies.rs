//! Copies of the ring beside copies of the objects: without it they open nothing.

use std::sync::Arc;

use crate::BlobError;
use crate::keys::{Encryption, MasterKey};
use crate::name::KEY_RING;
use crate::store::Store;

use super::KeyRing;
use super::file::RingFile;

/// What a store's own key ring is beside the one in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RingStanding {
    /// There is none: the store is new, or not what it was.
    Absent,
    /// The same keys.
    Same,
    /// Some of the keys: later ones are still to come.
    Older,
    /// Other keys, and why that is so: what lies there belongs to somebody else.
    Foreign(String),
}

impl KeyRing {
    /// Compares the ring in another store with this one.
    pub(crate) async fn standing_in(&self, store: &dyn Store) -> Result<RingStanding, BlobError> {
        let Some(there) = RingFile::read(store).await? else {
            return Ok(RingStanding::Absent);
        };
        let (master, here) = {
            let open = self.read();
            (open.master.clone(), open.file.clone())
        };
        Ok(match there.check(&master, self.encryption) {
            Err(BlobError::Keys(reason)) => RingStanding::Foreign(reason),
            Err(error) => return Err(error),
            Ok(()) if !there.is_part_of(&here, &master)? => {
                let reason = "its key ring has keys that ours has not";
                RingStanding::Foreign(reason.to_owned())
            }
            Ok(()) if here.is_part_of(&there, &master)? => RingStanding::Same,
            Ok(()) => RingStanding::Older,
        })
    }

    /// Puts this ring in the place of the one in another store.
    pub(crate) async fn put_into(&self, store: &dyn Store) -> Result<(), BlobError> {
        let file = self.read().file.clone();
        file.write(store).await
    }
}

/// Whether a store has a key ring: one without is new, or is not mounted.
///
/// # Errors
/// The store did not answer.
pub async fn has_key_ring(store: &dyn Store) -> Result<bool, BlobError> {
    Ok(store.stat(KEY_RING).await?.is_some())
}

/// Brings the ring of one store into another that has none, such as a fresh disk in the place of a
/// dead one.
///
/// # Errors
/// [`BlobError::Keys`] when there is no ring to bring, when it is another master key's or mode's, or
/// when the store has one already.
pub async fn restore_key_ring(
    from: &Arc<dyn Store>,
    to: &Arc<dyn Store>,
    master: &MasterKey,
    encryption: Encryption,
) -> Result<(), BlobError> {
    let refuse = |reason: String| Err(BlobError::Keys(reason));
    let Some(ring) = RingFile::read(&**from).await? else {
        return refuse(format!("{} holds no {KEY_RING}", from.name()));
    };
    ring.check(master, encryption)?;
    if has_key_ring(&**to).await? {
        return refuse(format!("{} has a {KEY_RING} already", to.name()));
    }
    ring.write(&**to).await
}
