//! The words of the house: ids, hashes, media kinds, permissions, visibility, error codes, clock.
//!
//! Nothing here does I/O, is async, or imports another crate of ours. Everything else speaks in
//! these types, so a reader who knows this crate can read any signature in the workspace.

mod clock;
mod code;
mod day;
mod facts;
mod generations;
mod given;
mod hash;
mod id;
mod kind;
mod page;
mod permission;
mod place;
mod query;
mod time;
mod visibility;

pub use clock::{Clock, Entropy, Ids, ManualClock, SeededEntropy};
pub use code::Code;
pub use day::{Day, ParseDayError};
pub use facts::{Camera, Facts};
pub use generations::Generations;
pub use given::given;
pub use hash::{ParseHashError, Sha256};
pub use id::{
    ApiKeyId, AssetId, BatchId, BlobId, CollectionId, FolderId, InvitationId, JobId,
    NotificationId, ParseIdError, RequestId, SessionId, ShareId, TenantId, UploadId, UserId,
    VersionId,
};
pub use kind::{MediaKind, MediaType, Status};
pub use page::{Page, one_more};
pub use permission::{Permission, Permissions, Role};
pub use place::Place;
pub use query::{Album, Area, Circle, Filter, QueryError, Stars, Term, Test, parse_query};
pub use time::{LocalTime, Timestamp};
pub use visibility::{Container, Level, Standing, Visibility};
