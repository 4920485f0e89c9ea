//! The `Range` header (RFC 9110 section 14).

#[cfg(test)]
mod tests;

use std::ops::Range;

/// What part of a representation was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it: no range, one we do not understand (which the RFC has us ignore), or several
    /// (which a server may answer with everything).
    Whole,
    /// These bytes, end exclusive, never empty.
    Part(Range<u64>),
    /// A range that begins behind the end.
    Nothing,
}

/// Reads a `Range` header against a representation of `size` bytes.
///
/// Of nothing there is no part: an empty file is always answered whole, because some clients send
/// `bytes=0-` with every request and would take 416 for a failure.
pub(super) fn parse(header: &str, size: u64) -> Wanted {
    let Some((unit, set)) = header.split_once('=') else {
        return Wanted::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') || size == 0 {
        return Wanted::Whole;
    }
    let Some((first, last)) = set.trim().split_once('-') else {
        return Wanted::Whole;
    };
    match (number(first), number(last)) {
        (Bound::At(first), Bound::At(last)) if first > last => Wanted::Whole,
        (Bound::At(first), _) if first >= size && !matches!(number(last), Bound::Bad) => {
            Wanted::Nothing
        }
        (Bound::At(first), Bound::At(last)) => {
            Wanted::Part(first..size.min(last.saturating_add(1)))
        }
        (Bound::At(first), Bound::Open) => Wanted::Part(first..size),
        (Bound::Open, Bound::At(0)) => Wanted::Nothing,
        (Bound::Open, Bound::At(length)) => Wanted::Part(size.saturating_sub(length)..size),
        _ => Wanted::Whole,
    }
}

enum Bound {
    Open,
    At(u64),
    Bad,
}

/// A position: digits only, and anything beyond 64 bits is simply far away.
fn number(text: &str) -> Bound {
    if text.is_empty() {
        Bound::Open
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Bound::At(text.parse().unwrap_or(u64::MAX))
    } else {
        Bound::Bad
    }
}
