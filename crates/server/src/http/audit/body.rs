//! The JSON shape of an entry.

use domain::{RequestId, Timestamp, UserId};
use serde::Serialize;
use serde_json::Value;
use service::audit::{Logged, hex};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditActor)]
pub(crate) struct ActorBody {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    /// Name, or else e-mail address, of the account as it is now; once it is gone, its id.
    name: String,
    /// Null: the account is gone.
    #[schema(required)]
    email: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct EntryBody {
    id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What: `asset.deleted`, `session.started`.
    action: String,
    /// Null: the program itself, or somebody who was not signed in.
    #[schema(required)]
    actor: Option<ActorBody>,
    /// Id of what it was done to.
    #[schema(required)]
    subject: Option<Uuid>,
    /// More, depending on the action.
    #[schema(value_type = Object)]
    detail: Value,
    /// The client's address; null: it was done at the machine.
    #[schema(required)]
    address: Option<String>,
    /// Finds the request in the log.
    #[schema(value_type = Option<uuid::Uuid>, required)]
    request_id: Option<RequestId>,
    /// Its place in the chain, counted from 1; null: not sealed yet, which takes seconds.
    #[schema(required)]
    place: Option<i64>,
    /// SHA-256 of the chain up to it.
    #[schema(required)]
    hash: Option<String>,
}

impl From<Logged> for EntryBody {
    fn from(logged: Logged) -> Self {
        let entry = logged.entry;
        let (place, hash) = logged.sealed.unzip();
        let actor = entry.actor.map(|id| ActorBody {
            id,
            name: logged
                .actor_name
                .or_else(|| logged.actor_email.clone())
                .unwrap_or_else(|| id.to_string()),
            email: logged.actor_email,
        });
        Self {
            id: entry.id,
            at: entry.at,
            action: entry.action,
            actor,
            subject: entry.subject,
            detail: entry.detail,
            address: entry.address,
            request_id: entry.request,
            place,
            hash: hash.map(|hash| hex(&hash)),
        }
    }
}
