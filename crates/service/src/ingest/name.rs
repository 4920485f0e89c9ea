//! File names as clients send them: kept for people, trusted for nothing.

use domain::{Code, MediaType};

use super::Announced;
use crate::error::{Error, Result};

/// Longest name kept, in bytes of UTF-8: what common file systems take.
const MAX_BYTES: usize = 255;

/// The last component of a name, without what could mislead a terminal, a header or a person.
///
/// # Errors
/// A field problem when nothing is left.
pub fn clean(name: &str) -> Result<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect();
    kept = kept.trim().to_owned();
    if matches!(kept.as_str(), "" | "." | "..") {
        return Err(Error::Refused {
            code: Code::InvalidField,
            detail: "the file needs a name".into(),
            field: Some("file_name"),
        });
    }
    if kept.len() > MAX_BYTES {
        kept = shorten(&kept);
    }
    Ok(kept)
}

/// Characters that reorder or hide text: with them `gpj.exe` reads `exe.jpg`.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Cuts the stem and keeps a short extension.
fn shorten(name: &str) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = (MAX_BYTES - extension.len()).min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

/// What the name or the client claims, when the content is something else.
///
/// Types that share an extension or a container are no mismatch: a `.mov` may hold MP4, a `.jpg`
/// from a stereo camera is still JPEG.
pub fn mismatch(announced: &Announced, found: MediaType) -> Option<String> {
    let extension = announced
        .file_name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    let by_name = extension.as_deref().and_then(by_extension);
    let by_claim = announced
        .mime_type
        .as_deref()
        .and_then(|claimed| claimed.parse::<MediaType>().ok())
        .filter(|claimed| *claimed != MediaType::Unknown);
    let claimed = by_name.or(by_claim)?;
    (!akin(claimed, found)).then(|| claimed.mime().to_owned())
}

fn by_extension(extension: &str) -> Option<MediaType> {
    let usual = match extension {
        "jpeg" | "jpe" | "jfif" | "mpo" => "jpg",
        "tiff" => "tif",
        "heics" | "hif" => "heic",
        "htm" => "html",
        "mpeg" => "mpg",
        "oga" | "opus" => "ogg",
        "m4v" => "mp4",
        "aif" => "aiff",
        "md" | "log" | "csv" => "txt",
        "exe" | "dll" | "elf" => return Some(MediaType::Executable),
        "bin" => return None,
        other => other,
    };
    MediaType::ALL
        .iter()
        .copied()
        .find(|known| known.extension() == usual)
}

fn akin(claimed: MediaType, found: MediaType) -> bool {
    let family = |media_type: MediaType| match media_type {
        MediaType::Heic | MediaType::Heif | MediaType::Avif => 1,
        MediaType::Mp4 | MediaType::QuickTime | MediaType::ThreeGp | MediaType::M4a => 2,
        MediaType::Matroska | MediaType::WebM => 3,
        MediaType::Ogg | MediaType::OggVideo => 4,
        MediaType::Wmv | MediaType::Wma => 5,
        MediaType::Text | MediaType::Json | MediaType::Xml | MediaType::Html | MediaType::Rtf => 6,
        MediaType::Xmp => 6,
        MediaType::Aac | MediaType::Mp3 => 7,
        other if other == MediaType::Tiff || other.is_raw() => 8,
        _ => 0,
    };
    claimed == found || (family(claimed) != 0 && family(claimed) == family(found))
}

#[cfg(test)]
mod tests;
