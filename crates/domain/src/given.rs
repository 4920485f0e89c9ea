//! Fields that tell null from absent.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "given")]` on an `Option<Option<T>>`: absent is `None`, null
/// is `Some(None)`.
///
/// # Errors
/// Those of `T`.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
