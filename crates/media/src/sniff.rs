//! What a file is, told from its first bytes and never from its name.
//!
//! Signatures come from the formats' own specifications. Containers that hold several types (ISO
//! base media, TIFF, ZIP, Ogg, Matroska, ASF, RIFF) are opened just far enough to tell them apart.
//! Nothing here allocates in proportion to a number found in the file, loops over attacker-chosen
//! counts, or reads past the given slice.

mod audio;
mod bmff;
mod bytes;
mod containers;
mod json;
mod text;
mod tiff;
mod zip;

use domain::MediaType;

/// How many first bytes [`sniff`] wants to see. Fewer are fine for short files.
pub const SNIFF_LEN: usize = 64 * 1024;

/// The type of a file whose first [`SNIFF_LEN`] bytes (or all of it) are `head`.
///
/// Answers [`MediaType::Unknown`] when nothing matches, never a guess from context.
pub fn sniff(head: &[u8]) -> MediaType {
    signature(head)
        .or_else(|| bmff::sniff(head))
        .or_else(|| tiff::sniff(head))
        .or_else(|| zip::sniff(head))
        .or_else(|| containers::sniff(head))
        .or_else(|| program(head))
        .or_else(|| audio::sniff(head))
        .or_else(|| late_pdf(head))
        .or_else(|| text::sniff(head))
        .unwrap_or(MediaType::Unknown)
}

/// Formats that begin with bytes of their own.
fn signature(head: &[u8]) -> Option<MediaType> {
    const SIGNATURES: &[(&[u8], MediaType)] = &[
        (b"\xff\xd8\xff", MediaType::Jpeg),
        (b"\x89PNG\r\n\x1a\n", MediaType::Png),
        (b"GIF87a", MediaType::Gif),
        (b"GIF89a", MediaType::Gif),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", MediaType::Jp2),
        (b"\xff\x4f\xff\x51", MediaType::Jp2),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", MediaType::Jxl),
        (b"\xff\x0a", MediaType::Jxl),
        (b"8BPS\x00\x01", MediaType::Psd),
        (b"8BPS\x00\x02", MediaType::Psd),
        (b"FUJIFILMCCD-RAW", MediaType::Raf),
        (b"%PDF-", MediaType::Pdf),
        (b"%!PS", MediaType::PostScript),
        (b"\xc5\xd0\xd3\xc6", MediaType::PostScript),
        (b"{\\rtf", MediaType::Rtf),
        (b"fLaC", MediaType::Flac),
        (b"#!AMR", MediaType::Amr),
        (b"FLV\x01", MediaType::Flv),
    ];
    if let Some((_, found)) = SIGNATURES.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*found);
    }
    // CIFF, "The Camera Image File Format Specification" 1.0: byte order, header length, then type.
    if head.get(6..14) == Some(b"HEAPCCDR") {
        return Some(MediaType::Crw);
    }
    is_bmp(head).then_some(MediaType::Bmp)
}

/// `BM` alone is a word; the size of the information header that follows is one of a few.
fn is_bmp(head: &[u8]) -> bool {
    head.starts_with(b"BM")
        && bytes::le_u32(head, 14)
            .is_some_and(|size| matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// Things a machine would run: never media, whatever they are called.
fn program(head: &[u8]) -> Option<MediaType> {
    let windows = head.starts_with(b"MZ") && head.iter().take(64).any(|byte| *byte == 0);
    let script = head.starts_with(b"#!/") || head.starts_with(b"#! /");
    let mach = matches!(
        bytes::be_u32(head, 0),
        Some(0xfeed_face | 0xfeed_facf | 0xcefa_edfe | 0xcffa_edfe | 0xcafe_babe)
    );
    let other = head.starts_with(b"\x7fELF") || head.starts_with(b"\0asm");
    (windows || script || mach || other).then_some(MediaType::Executable)
}

/// Readers accept a PDF header anywhere in the first 1024 bytes (ISO 32000-1, annex H, note 13).
fn late_pdf(head: &[u8]) -> Option<MediaType> {
    let start = &head[..head.len().min(1024)];
    bytes::find(start, b"%PDF-").map(|_| MediaType::Pdf)
}

#[cfg(test)]
mod tests;
