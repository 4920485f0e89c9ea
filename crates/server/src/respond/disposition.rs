//! `Content-Disposition` for file names that people, cameras and attackers chose (RFC 6266, 8187).

#[cfg(test)]
mod tests;

use axum::http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Whether a browser shows the content or saves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Show it.
    Inline,
    /// Save it.
    Attachment,
}

/// What RFC 8187 lets stand as it is (`attr-char`).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Longest name sent, in characters; file systems take 255 bytes.
const MAX_NAME: usize = 200;

/// Longest extension that survives shortening.
const MAX_EXTENSION: usize = 16;

/// The header for `name`, whatever it holds.
pub fn content_disposition(disposition: Disposition, name: &str) -> HeaderValue {
    let kind = match disposition {
        Disposition::Inline => "inline",
        Disposition::Attachment => "attachment",
    };
    let name = tame(name);
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            '"' | '\\' | '%' => '_',
            letter if letter == ' ' || letter.is_ascii_graphic() => letter,
            _ => '_',
        })
        .collect();
    let text = if plain == name {
        format!("{kind}; filename=\"{plain}\"")
    } else {
        let exact = utf8_percent_encode(&name, ESCAPED);
        format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
    };
    // Only printable ASCII is left; were that ever untrue, no name is better than a failed answer.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// The name without what could leave a folder, break a line or read differently than it is.
fn tame(name: &str) -> String {
    let tamed: String = name
        .chars()
        .map(|letter| match letter {
            '/' | '\\' => '_',
            letter if letter.is_control() || reorders(letter) => '_',
            letter => letter,
        })
        .collect();
    let tamed = tamed.trim();
    if tamed.chars().all(|letter| letter == '.') {
        return "download".to_owned();
    }
    shorten(tamed)
}

/// Characters that change the order of what follows: `photo<202E>gpj.exe` shows as `photoexe.jpg`.
fn reorders(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn shorten(name: &str) -> String {
    if name.chars().count() <= MAX_NAME {
        return name.to_owned();
    }
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension)
        .filter(|extension| extension.chars().count() <= MAX_EXTENSION);
    match extension {
        Some(extension) => {
            let kept = MAX_NAME - extension.chars().count() - 1;
            let stem: String = name.chars().take(kept).collect();
            format!("{stem}.{extension}")
        }
        None => name.chars().take(MAX_NAME).collect(),
    }
}
