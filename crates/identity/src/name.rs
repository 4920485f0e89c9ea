//! Names people give: to themselves and to their keys.

use crate::error::Error;

/// Longest name, in characters.
const MAX: usize = 100;

/// A trimmed name, or `None` when nothing is left of it.
///
/// # Errors
/// [`Error::Field`] for `name` when it is too long or holds control characters.
pub(crate) fn tidy(name: Option<&str>) -> Result<Option<String>, Error> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    if name.chars().count() > MAX {
        return Err(Error::field("name", "A name has at most 100 characters."));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::field("name", "A name is a single line of text."));
    }
    Ok(Some(name.to_owned()))
}
