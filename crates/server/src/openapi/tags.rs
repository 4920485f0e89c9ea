//! The subjects of the document, in the order a reader meets them.

use serde_json::{Value, json};

const SUBJECTS: &[(&str, &str)] = &[
    (
        "accounts",
        "Make an account, sign in, exchange tokens. What a program needs is usually a key: see `me`.",
    ),
    (
        "me",
        "The account of the caller: its profile, keys, sessions and what it uses.",
    ),
    (
        "assets",
        "Photos, videos, recordings and documents: upload, list, change, download, delete.",
    ),
    (
        "timeline",
        "The library as a page shows it: counts by month, then light tiles of a stretch of time.",
    ),
    (
        "uploads",
        "Announce a file and send it with one `PUT` to a signed URL, from something that holds no credential.",
    ),
    (
        "collections",
        "Albums and smart collections: what is in them, in which order, and who may see or add.",
    ),
    (
        "shares",
        "Links that show a collection or a selection to anybody who has them.",
    ),
    (
        "shared",
        "What a visitor with a link sees. No account is needed.",
    ),
    (
        "users",
        "The people of this vault, for those who may manage them; and finding somebody to share with.",
    ),
    ("invitations", "Links that let somebody make an account."),
    ("roles", "Named sets of permissions."),
    ("notifications", "What others did that concerns the caller."),
    ("events", "A stream of what changes, as server-sent events."),
    ("imports", "Bring a library over from elsewhere."),
    (
        "exports",
        "Take everything out: originals, what was said about them, and a description of it all.",
    ),
    ("external", "Folders whose files are shown where they lie."),
    ("jobs", "The queue of work in the background."),
    ("audit", "Who did what, when, and from where."),
    ("system", "The vault as a machine: keys, storage, settings."),
    (
        "health",
        "Whether it lives, is ready, and how each part is.",
    ),
];

/// Writes the subjects that operations name.
pub(super) fn describe(document: &mut Value) {
    let used = used(document);
    let tags = SUBJECTS
        .iter()
        .filter(|(name, _)| used.iter().any(|tag| tag == name));
    let tags: Vec<_> = tags
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    document["tags"] = Value::Array(tags);
}

/// The tags that operations name.
pub(super) fn used(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    operations
        .filter_map(|(_, operation)| operation["tags"][0].as_str())
        .map(str::to_owned)
        .collect()
}
