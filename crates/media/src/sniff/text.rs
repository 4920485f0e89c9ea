//! Text, and the markup that is text: XML, SVG, XMP, HTML, JSON.

use domain::MediaType;

use super::json;

/// The type of a file that is text.
pub(super) fn sniff(head: &[u8]) -> Option<MediaType> {
    if head.is_empty() {
        return None;
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return is_utf16(head).then_some(MediaType::Text);
    }
    let body = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if !is_text(body) {
        return None;
    }
    Some(markup(body).unwrap_or(if json::is_prefix(body) {
        MediaType::Json
    } else {
        MediaType::Text
    }))
}

/// UTF-8 or an 8-bit encoding of old: no control characters but the usual ones.
fn is_text(body: &[u8]) -> bool {
    body.iter()
        .all(|byte| !matches!(byte, 0..=0x06 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f))
}

fn is_utf16(head: &[u8]) -> bool {
    let little = head.starts_with(b"\xff\xfe");
    let units = head[2..].chunks_exact(2).map(|pair| {
        if little {
            u16::from_le_bytes([pair[0], pair[1]])
        } else {
            u16::from_be_bytes([pair[0], pair[1]])
        }
    });
    units
        .into_iter()
        .all(|unit| unit >= 0x20 || matches!(unit, 9 | 10 | 12 | 13))
}

/// The type of markup, by its root element.
fn markup(body: &[u8]) -> Option<MediaType> {
    let start = trim(body);
    if !start.starts_with(b"<") {
        return None;
    }
    if start.starts_with(b"<?xpacket") {
        return Some(MediaType::Xmp);
    }
    let xml = start.starts_with(b"<?xml");
    let root = root_element(start)?;
    let name = root.rsplit(|byte| *byte == b':').next().unwrap_or(root);
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    const HTML: &[&str] = &[
        "html", "head", "body", "script", "iframe", "title", "table", "div", "style", "meta",
        "link", "a", "p", "br", "b", "h1", "font", "img", "form", "frameset",
    ];
    match name {
        b"svg" => Some(MediaType::Svg),
        b"xmpmeta" | b"xapmeta" | b"RDF" => Some(MediaType::Xmp),
        _ if is("html") || root == b"!html" => Some(MediaType::Html),
        _ if xml || root == b"!" => Some(MediaType::Xml),
        _ if HTML.iter().any(|word| is(word)) => Some(MediaType::Html),
        _ => None,
    }
}

/// Name of the first element, behind declarations, comments and a document type; `!html` when the
/// document type itself says HTML, `!` when there is a document type but no element within reach.
fn root_element(mut rest: &[u8]) -> Option<&[u8]> {
    let mut typed = false;
    loop {
        rest = trim(rest);
        if let Some(inside) = rest.strip_prefix(b"<!--") {
            rest = behind(inside, b"-->").unwrap_or_default();
        } else if let Some(inside) = rest.strip_prefix(b"<?") {
            rest = behind(inside, b"?>").unwrap_or_default();
        } else if rest.len() >= 9 && rest[..9].eq_ignore_ascii_case(b"<!doctype") {
            typed = true;
            let inside = trim(&rest[9..]);
            if inside.len() >= 4 && inside[..4].eq_ignore_ascii_case(b"html") {
                return Some(b"!html");
            }
            rest = behind_doctype(inside);
        } else if let Some(inside) = rest.strip_prefix(b"<") {
            let end = inside
                .iter()
                .position(|byte| !(byte.is_ascii_alphanumeric() || b":_-.".contains(byte)))
                .unwrap_or(inside.len());
            return (end > 0).then(|| &inside[..end]);
        } else {
            return typed.then_some(b"!");
        }
    }
}

/// Skips a document type with its internal subset, in which quotes may hold brackets.
fn behind_doctype(inside: &[u8]) -> &[u8] {
    let mut quote = None;
    let mut subset = false;
    for (at, byte) in inside.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'[') => subset = true,
            (None, b']') => subset = false,
            (None, b'>') if !subset => return &inside[at + 1..],
            (None, _) => {}
        }
    }
    &[]
}

fn behind<'a>(text: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    super::bytes::find(text, end).map(|at| &text[at + end.len()..])
}

fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii_start()
}
