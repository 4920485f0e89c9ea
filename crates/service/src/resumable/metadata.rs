//! What a client says of the file it sends: `Upload-Metadata`, a list of words each with a value in base64.
//! The words are those that clients use of themselves; what is not known here is passed over, and given
//! back with the rest when it is asked for.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::error::{Error, Result};
use crate::ingest::{Announced, Details};
use crate::said::SaidTime;

/// The header it is sent in.
const HEADER: &str = "Upload-Metadata";

/// Longest header, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// A file that nobody has named.
const UNNAMED: &str = "unnamed";

/// Reads the header.
///
/// # Errors
/// A problem of the header, or of a field in it.
pub(super) fn read(header: &str) -> Result<Announced> {
    if header.len() > MAX_BYTES {
        return Err(Error::field(HEADER, format!("at most {MAX_BYTES} bytes")));
    }
    let mut announced = Announced::default();
    let pairs = header.split(',').map(str::trim);
    for pair in pairs.filter(|pair| !pair.is_empty()) {
        let (word, value) = pair.split_once(' ').unwrap_or((pair, ""));
        take(&mut announced, word, decoded(word, value)?)?;
    }
    if announced.file_name.trim().is_empty() {
        announced.file_name = UNNAMED.to_owned();
    }
    announced.file_name = crate::ingest::clean_name(&announced.file_name)?;
    announced.details.check()?;
    Ok(announced)
}

fn decoded(word: &str, value: &str) -> Result<String> {
    let value = value.trim();
    let bytes = STANDARD
        .decode(value)
        .or_else(|_| STANDARD_NO_PAD.decode(value));
    let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| Error::field(HEADER, format!("{word} is not text in base64")))
}

fn take(announced: &mut Announced, word: &str, value: String) -> Result<()> {
    let details = &mut announced.details;
    match word {
        "filename" | "name" => announced.file_name = value,
        "filetype" | "type" => announced.mime_type = Some(value).filter(|it| !it.is_empty()),
        "sha256" => {
            let digest = value.parse().map_err(|error: domain::ParseHashError| {
                Error::field(HEADER, format!("sha256: {error}"))
            })?;
            announced.sha256 = Some(digest);
        }
        "title" => details.title = Some(value),
        "description" => details.description = Some(value),
        "captured_at" => details.captured_at = Some(time(&value)),
        "metadata" => {
            let said: Details = serde_json::from_str(&value)
                .map_err(|error| Error::field("metadata", error.to_string()))?;
            *details = said;
        }
        _ => {}
    }
    Ok(())
}

/// `2024-05-17T10:00:00+02:00`: the wall time, and the offset if there is one. Whether they are such is
/// checked with the other details.
fn time(text: &str) -> SaidTime {
    let day = text.find('T').unwrap_or(text.len());
    let offset = text[day..].find(['+', '-', 'Z']).map(|at| day + at);
    let (local, offset) = text.split_at(offset.unwrap_or(text.len()));
    SaidTime {
        local: local.to_owned(),
        offset: Some(offset.to_owned()).filter(|offset| !offset.is_empty()),
    }
}

#[cfg(test)]
mod tests;
