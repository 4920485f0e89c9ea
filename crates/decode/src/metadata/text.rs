//! Text as cameras and programs wrote it before everything was UTF-8.

/// Longest text kept; what is longer is cut at a character.
const MAX_BYTES: usize = 16 * 1024;

/// UTF-8, or where it is not, Latin-1 (ISO 8859-1), up to the first NUL, trimmed; `None` when empty.
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|byte| *byte == 0);
    let bytes = &bytes[..end.unwrap_or(bytes.len()).min(MAX_BYTES)];
    match std::str::from_utf8(bytes) {
        Ok(text) => clean(text),
        // Cut in the middle of a character by the limit, or by a program that counted bytes.
        Err(error) if error.error_len().is_none() => {
            clean(std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default())
        }
        Err(_) => clean(&bytes.iter().copied().map(char::from).collect::<String>()),
    }
}

/// UTF-16, little-endian (the XP tags of Windows).
pub(crate) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let (units, _) = bytes[..bytes.len().min(MAX_BYTES)].as_chunks::<2>();
    let units: Vec<u16> = units
        .iter()
        .map(|unit| u16::from_le_bytes(*unit))
        .take_while(|unit| *unit != 0)
        .collect();
    clean(&String::from_utf16_lossy(&units))
}

/// Trims, drops control characters but line breaks and tabs, cuts; `None` when nothing is left.
pub(crate) fn clean(text: &str) -> Option<String> {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept: String = text[..end]
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}
