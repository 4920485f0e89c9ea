//! Keys, from the one a person saves to the one that encrypts an object.
//!
//! The master key lies outside the store. It wraps the tenants' keys, which lie beside the objects
//! in the key ring; a tenant's key wraps the data key in each object's header. So a new master key
//! means rewriting one small file.

mod master;
mod ring;

pub use master::{MasterKey, RecoveryKeyError};
pub use ring::{Encryption, KeyRing, RingStanding, has_key_ring, restore_key_ring};
