//! `GET /system/storage`.

use axum::Json;
use axum::extract::State;
use domain::UserId;
use serde::Serialize;
use service::Vault;
use service::storage::{InState, Owner, Portion, Storage};
use utoipa::ToSchema;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// What the vault stores.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Storage)]
pub(crate) struct StorageBody {
    /// What the store is called.
    store: String,
    /// Bytes that can still be written; null: unknown.
    #[schema(required)]
    free_bytes: Option<u64>,
    /// Everything that is in use.
    blobs: BlobsBody,
    /// Everything, by state: `live`, or `condemned` and about to be deleted.
    by_state: Vec<StateBody>,
    /// Bytes of pictures and the like, which can be made again.
    derived_bytes: u64,
    /// Those who own most, at most 50.
    by_user: Vec<OwnerBody>,
    /// Blobs that nothing refers to any more; they are deleted after a while.
    unreferenced: PortionBody,
    /// Copies that could not be read back whole, or are not where they should be.
    damaged: PortionBody,
    database_bytes: u64,
}

/// A number of blobs.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Blobs)]
pub(crate) struct BlobsBody {
    count: u64,
    /// As they were sent.
    bytes: u64,
    /// As they lie in the store.
    stored_bytes: u64,
}

impl From<&InState> for BlobsBody {
    fn from(blobs: &InState) -> Self {
        Self {
            count: blobs.count,
            bytes: blobs.bytes,
            stored_bytes: blobs.stored_bytes,
        }
    }
}

/// A number of blobs that need a look.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SomeBlobs)]
pub(crate) struct PortionBody {
    count: u64,
    /// As they were sent.
    bytes: u64,
}

impl From<Portion> for PortionBody {
    fn from(portion: Portion) -> Self {
        Self {
            count: portion.count,
            bytes: portion.bytes,
        }
    }
}

/// The blobs in one state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlobsInState)]
pub(crate) struct StateBody {
    state: &'static str,
    #[serde(flatten)]
    blobs: BlobsBody,
}

/// Somebody who owns much.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StorageOfUser)]
pub(crate) struct OwnerBody {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    /// Name, or else e-mail address.
    name: String,
    bytes: u64,
    /// Assets, those in the trash included.
    count: u64,
    /// Null: no limit.
    #[schema(required)]
    quota: Option<u64>,
}

impl From<Owner> for OwnerBody {
    fn from(owner: Owner) -> Self {
        Self {
            id: owner.id,
            name: owner.name.unwrap_or(owner.email),
            bytes: owner.bytes,
            count: owner.count,
            quota: owner.quota,
        }
    }
}

impl From<Storage> for StorageBody {
    fn from(storage: Storage) -> Self {
        let states = storage.by_state.iter().map(|blobs| StateBody {
            state: blobs.state.as_str(),
            blobs: blobs.into(),
        });
        let states: Vec<StateBody> = states.collect();
        let live = storage
            .by_state
            .iter()
            .find(|blobs| blobs.state.as_str() == "live");
        Self {
            store: storage.store,
            free_bytes: storage.free_bytes,
            blobs: live.map(BlobsBody::from).unwrap_or_default(),
            by_state: states,
            derived_bytes: storage.sums.derived_bytes,
            by_user: storage.by_user.into_iter().map(OwnerBody::from).collect(),
            unreferenced: storage.sums.unreferenced.into(),
            damaged: storage.sums.damaged.into(),
            database_bytes: storage.sums.database_bytes,
        }
    }
}

/// Say what the vault stores and how much room is left.
#[utoipa::path(get, path = "/system/storage", tag = "system",
    responses((status = 200, description = "In bytes", body = StorageBody)))]
pub(crate) async fn storage(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<Json<StorageBody>, Problem> {
    Ok(Json(vault.storage(&caller).await?.into()))
}
