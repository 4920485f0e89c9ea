//! Every route with a request that would be in order from the right one, and what guests may do with it.

use domain::Level;

/// What the path or the body of a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Nothing of anybody's, or nothing there is.
    Nothing,
    /// The owner's asset, which lies in the owner's collection.
    Asset,
    /// The owner's collection.
    Collection,
    /// A link of the owner's.
    Link,
    /// What else is the owner's alone: a key, a session, an upload.
    Private,
    /// What a link shows to whoever was let in.
    Shown,
}

/// What guests of the collection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guests {
    /// From this level on; those below are told that it is not enough.
    From(Level),
    /// Never: they know of it, and are told that it is its owner's.
    Never,
    /// It does not exist for them.
    Outside,
}

/// One route.
pub struct Row {
    /// `GET /assets/{id}`, below the API's prefix where it has one.
    pub route: &'static str,
    pub names: Names,
    pub guests: Guests,
    /// JSON with `{asset}`, `{own}` (an asset of whoever asks) and `{nothing}` for ids.
    pub body: &'static str,
}

const fn row(route: &'static str, names: Names, guests: Guests, body: &'static str) -> Row {
    Row {
        route,
        names,
        guests,
        body,
    }
}

const ANY: Guests = Guests::Outside;
const VIEW: Guests = Guests::From(Level::View);
const DOWNLOAD: Guests = Guests::From(Level::Download);
const CONTRIBUTE: Guests = Guests::From(Level::Contribute);
const EDIT: Guests = Guests::From(Level::Edit);

use Guests::{Never, Outside};
use Names::{Asset, Collection, Link, Nothing, Private, Shown};

/// All of them; what takes something away stands at the end.
pub const MATRIX: &[Row] = &[
    row("GET /health", Nothing, ANY, ""),
    row("GET /health/live", Nothing, ANY, ""),
    row("GET /health/ready", Nothing, ANY, ""),
    row("GET /health/detailed", Nothing, ANY, ""),
    row("GET /metrics", Nothing, ANY, ""),
    row("GET /auth/state", Nothing, ANY, ""),
    row("GET /auth/invitations/{secret}", Nothing, ANY, ""),
    row("POST /auth/login", Nothing, ANY, "{}"),
    row("POST /auth/refresh", Nothing, ANY, "{}"),
    row("POST /auth/register", Nothing, ANY, "{}"),
    row("POST /auth/verify", Nothing, ANY, "{}"),
    row("GET /shared/{token}", Shown, ANY, ""),
    row("POST /shared/{token}/open", Shown, ANY, "{}"),
    row("GET /shared/{token}/assets", Shown, ANY, ""),
    row("GET /shared/{token}/assets/{id}", Shown, ANY, ""),
    row("GET /shared/{token}/assets/{id}/content", Shown, ANY, ""),
    row(
        "GET /shared/{token}/assets/{id}/renditions/{name}",
        Shown,
        ANY,
        "",
    ),
    row("POST /shared/{token}/archive", Shown, ANY, "{}"),
    row("GET /me", Nothing, ANY, ""),
    row("PATCH /me", Nothing, ANY, "{}"),
    row("POST /me/password", Nothing, ANY, "{}"),
    row("GET /me/keys", Nothing, ANY, ""),
    row("POST /me/keys", Nothing, ANY, "{}"),
    row("GET /me/sessions", Nothing, ANY, ""),
    row("GET /me/usage", Nothing, ANY, ""),
    row("GET /notifications", Nothing, ANY, ""),
    row("POST /notifications/read", Nothing, ANY, r#"{"all": true}"#),
    row("GET /assets", Nothing, ANY, ""),
    row("POST /assets", Nothing, ANY, "{}"),
    row(
        "POST /assets/bulk",
        Nothing,
        ANY,
        r#"{"ids": ["{nothing}"], "do": {"edit": {}}}"#,
    ),
    row("POST /assets/bulk/{batch}/undo", Nothing, ANY, "{}"),
    row("POST /assets/check", Nothing, ANY, r#"{"hashes": []}"#),
    row("GET /assets/{id}", Asset, VIEW, ""),
    row("PATCH /assets/{id}", Asset, EDIT, r#"{"title": "Sea"}"#),
    row("GET /assets/{id}/content", Asset, DOWNLOAD, ""),
    row("GET /assets/{id}/files", Asset, VIEW, ""),
    row("POST /assets/{id}/files", Asset, Never, "{}"),
    row("GET /assets/{id}/renditions/{name}", Asset, VIEW, ""),
    row("GET /assets/{id}/revisions", Asset, Never, ""),
    row(
        "POST /assets/{id}/revisions/{number}/undo",
        Asset,
        Never,
        "{}",
    ),
    row("GET /assets/{id}/places", Asset, Never, ""),
    row("GET /assets/{id}/steps", Asset, VIEW, ""),
    row("POST /assets/{id}/steps/{name}/cancel", Asset, Never, "{}"),
    row("POST /assets/{id}/steps/{name}/retry", Asset, Never, "{}"),
    row(
        "POST /assets/{id}/url",
        Asset,
        DOWNLOAD,
        r#"{"target": "content", "expires_in": 60}"#,
    ),
    row("GET /assets/{id}/versions", Asset, Never, ""),
    row("POST /assets/{id}/versions", Asset, Never, "{}"),
    row(
        "GET /assets/{id}/versions/{number}/content",
        Asset,
        Never,
        "",
    ),
    row(
        "POST /assets/{id}/versions/{number}/rollback",
        Asset,
        Never,
        "{}",
    ),
    row("GET /assets/{id}/xmp", Asset, DOWNLOAD, ""),
    row(
        "POST /archives",
        Asset,
        DOWNLOAD,
        r#"{"asset_ids": ["{asset}"]}"#,
    ),
    row("GET /export", Nothing, ANY, ""),
    row("GET /export/assets", Nothing, ANY, ""),
    row("GET /export/collections", Nothing, ANY, ""),
    row("GET /events", Nothing, ANY, ""),
    row("GET /facets", Nothing, ANY, ""),
    row("GET /tags", Nothing, ANY, ""),
    row("GET /timeline", Nothing, ANY, ""),
    row("GET /timeline/assets", Nothing, ANY, ""),
    row(
        "POST /imports/plan",
        Nothing,
        ANY,
        r#"{"source": "takeout", "files": []}"#,
    ),
    row(
        "POST /uploads",
        Nothing,
        ANY,
        r#"{"file_name": "x.jpg", "size": 1}"#,
    ),
    row("GET /uploads/{id}", Private, Outside, ""),
    row("PUT /uploads/{id}/content", Private, Outside, "{}"),
    row("GET /uploads/tus", Nothing, ANY, ""),
    row("POST /uploads/tus", Nothing, ANY, "{}"),
    row("GET /uploads/tus/{id}", Private, Outside, ""),
    row("PATCH /uploads/tus/{id}", Private, Outside, "{}"),
    row("POST /uploads/tus/{id}", Private, Outside, "{}"),
    row("GET /collections", Nothing, ANY, ""),
    row("POST /collections", Nothing, ANY, r#"{"name": "Mine"}"#),
    row("GET /collections/{id}", Collection, VIEW, ""),
    row(
        "PATCH /collections/{id}",
        Collection,
        EDIT,
        r#"{"name": "Ours"}"#,
    ),
    row(
        "POST /collections/{id}/assets",
        Collection,
        CONTRIBUTE,
        r#"{"asset_ids": ["{own}"]}"#,
    ),
    row(
        "POST /collections/{id}/assets/remove",
        Collection,
        VIEW,
        r#"{"asset_ids": ["{own}"]}"#,
    ),
    row("GET /collections/{id}/members", Collection, VIEW, ""),
    row(
        "POST /collections/{id}/members",
        Collection,
        Never,
        r#"{"email": "eve@example.org", "level": "view"}"#,
    ),
    row(
        "PUT /collections/{id}/members/{user_id}",
        Collection,
        Never,
        r#"{"level": "view"}"#,
    ),
    row("GET /users/search", Nothing, ANY, ""),
    row("GET /shares", Nothing, ANY, ""),
    row(
        "POST /shares",
        Nothing,
        ANY,
        r#"{"asset_ids": ["{own}"], "level": "view"}"#,
    ),
    row("GET /shares/{id}", Link, Outside, ""),
    row("PATCH /shares/{id}", Link, Outside, "{}"),
    row("GET /shares/{id}/visits", Link, Outside, ""),
    row("GET /users", Nothing, ANY, ""),
    row(
        "POST /users",
        Nothing,
        ANY,
        r#"{"email": "new@example.org"}"#,
    ),
    row("GET /users/{id}", Nothing, ANY, ""),
    row("PATCH /users/{id}", Nothing, ANY, "{}"),
    row("POST /users/{id}/reset-password", Nothing, ANY, "{}"),
    row("GET /invitations", Nothing, ANY, ""),
    row("POST /invitations", Nothing, ANY, "{}"),
    row("GET /roles", Nothing, ANY, ""),
    row(
        "POST /roles",
        Nothing,
        ANY,
        r#"{"name": "new", "permissions": []}"#,
    ),
    row(
        "PATCH /roles/{name}",
        Nothing,
        ANY,
        r#"{"permissions": []}"#,
    ),
    row("GET /audit", Nothing, ANY, ""),
    row("GET /audit/verification", Nothing, ANY, ""),
    row("GET /jobs", Nothing, ANY, ""),
    row("POST /jobs/pause", Nothing, ANY, r#"{"seconds": 1}"#),
    row("POST /jobs/resume", Nothing, ANY, "{}"),
    row("POST /jobs/retry", Nothing, ANY, "{}"),
    row("POST /jobs/{id}/cancel", Nothing, ANY, "{}"),
    row("POST /jobs/{id}/retry", Nothing, ANY, "{}"),
    row("GET /folders", Nothing, ANY, ""),
    row("POST /folders", Nothing, ANY, "{}"),
    row("GET /folders/{id}", Nothing, ANY, ""),
    row("GET /folders/{id}/files", Nothing, ANY, ""),
    row("POST /folders/{id}/scan", Nothing, ANY, "{}"),
    row("GET /system/settings", Nothing, ANY, ""),
    row("PATCH /system/settings", Nothing, ANY, "{}"),
    row("GET /system/storage", Nothing, ANY, ""),
    row("GET /system/integrity", Nothing, ANY, ""),
    row("GET /system/integrity/findings", Nothing, ANY, ""),
    row("POST /system/integrity/repair", Nothing, ANY, "{}"),
    row("POST /system/verify", Nothing, ANY, "{}"),
    row("DELETE /system/verify", Nothing, ANY, ""),
    row("GET /system/recovery-key-status", Nothing, ANY, ""),
    row("POST /system/recovery-key-saved", Nothing, ANY, "{}"),
    row("DELETE /folders/{id}", Nothing, ANY, ""),
    row("DELETE /users/{id}", Nothing, ANY, ""),
    row("DELETE /invitations/{id}", Nothing, ANY, ""),
    row("DELETE /roles/{name}", Nothing, ANY, ""),
    row("DELETE /uploads/tus/{id}", Private, Outside, ""),
    row("DELETE /me/keys/{id}", Private, Outside, ""),
    row("DELETE /me/sessions/{id}", Private, Outside, ""),
    row("DELETE /shares/{id}", Link, Outside, ""),
    row(
        "DELETE /collections/{id}/members/{user_id}",
        Collection,
        Never,
        "",
    ),
    row("DELETE /collections/{id}", Collection, Never, ""),
    row("POST /assets/{id}/restore", Asset, Never, "{}"),
    row("DELETE /assets/{id}", Asset, Never, ""),
    row("DELETE /trash", Nothing, ANY, ""),
    row("POST /auth/logout", Nothing, ANY, "{}"),
];
