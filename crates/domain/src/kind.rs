//! What kind of media something is, and how far the vault has understood it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word used in the API and the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("expected one of {}", words.join(", "))
                })
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The broad kind an asset is shown as.
    MediaKind {
        /// Still or animated picture.
        Image = "image",
        /// Moving picture.
        Video = "video",
        /// Sound.
        Audio = "audio",
        /// Text, pages, slides, sheets.
        Document = "document",
        /// Anything else that is allowed.
        Other = "other",
    }
}

words! {
    /// How far processing of the current version has come.
    Status {
        /// Stored; no step has started.
        Pending = "pending",
        /// At least one step is running or waiting.
        Processing = "processing",
        /// Every step ended well.
        Ready = "ready",
        /// Some steps failed, what matters most is there.
        Partial = "partial",
        /// No picture could be made; the original is kept.
        Failed = "failed",
        /// Held back by a policy or a scanner.
        Quarantined = "quarantined",
    }
}

macro_rules! media_types {
    ($($(#[$doc:meta])* $variant:ident = $mime:literal, $kind:ident, $ext:literal;)*) => {
        /// A media type the vault recognises by content. Names are IANA's where one is registered.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum MediaType { $($(#[$doc])* #[serde(rename = $mime)] $variant,)* }

        impl MediaType {
            /// Every recognised type.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// `type/subtype`.
            pub const fn mime(self) -> &'static str {
                match self { $(Self::$variant => $mime,)* }
            }

            /// The broad kind.
            pub const fn kind(self) -> MediaKind {
                match self { $(Self::$variant => MediaKind::$kind,)* }
            }

            /// Usual file name extension, without the dot.
            pub const fn extension(self) -> &'static str {
                match self { $(Self::$variant => $ext,)* }
            }
        }
    };
}

media_types! {
    Jpeg = "image/jpeg", Image, "jpg";
    Png = "image/png", Image, "png";
    Gif = "image/gif", Image, "gif";
    WebP = "image/webp", Image, "webp";
    Avif = "image/avif", Image, "avif";
    Heic = "image/heic", Image, "heic";
    Heif = "image/heif", Image, "heif";
    Tiff = "image/tiff", Image, "tif";
    Bmp = "image/bmp", Image, "bmp";
    Jxl = "image/jxl", Image, "jxl";
    Svg = "image/svg+xml", Image, "svg";
    Jp2 = "image/jp2", Image, "jp2";
    Psd = "image/vnd.adobe.photoshop", Image, "psd";
    Dng = "image/x-adobe-dng", Image, "dng";
    Cr2 = "image/x-canon-cr2", Image, "cr2";
    Cr3 = "image/x-canon-cr3", Image, "cr3";
    Crw = "image/x-canon-crw", Image, "crw";
    Nef = "image/x-nikon-nef", Image, "nef";
    Arw = "image/x-sony-arw", Image, "arw";
    Raf = "image/x-fujifilm-raf", Image, "raf";
    Orf = "image/x-olympus-orf", Image, "orf";
    Rw2 = "image/x-panasonic-rw2", Image, "rw2";
    Pef = "image/x-pentax-pef", Image, "pef";
    Srw = "image/x-samsung-srw", Image, "srw";
    Mp4 = "video/mp4", Video, "mp4";
    QuickTime = "video/quicktime", Video, "mov";
    Matroska = "video/x-matroska", Video, "mkv";
    WebM = "video/webm", Video, "webm";
    Avi = "video/x-msvideo", Video, "avi";
    Mpeg = "video/mpeg", Video, "mpg";
    MpegTs = "video/mp2t", Video, "ts";
    Wmv = "video/x-ms-wmv", Video, "wmv";
    ThreeGp = "video/3gpp", Video, "3gp";
    OggVideo = "video/ogg", Video, "ogv";
    Flv = "video/x-flv", Video, "flv";
    Mp3 = "audio/mpeg", Audio, "mp3";
    M4a = "audio/mp4", Audio, "m4a";
    Aac = "audio/aac", Audio, "aac";
    Flac = "audio/flac", Audio, "flac";
    Wav = "audio/wav", Audio, "wav";
    Ogg = "audio/ogg", Audio, "ogg";
    Aiff = "audio/aiff", Audio, "aiff";
    Amr = "audio/amr", Audio, "amr";
    Wma = "audio/x-ms-wma", Audio, "wma";
    Pdf = "application/pdf", Document, "pdf";
    Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Document, "docx";
    Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Document, "xlsx";
    Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation", Document, "pptx";
    Odt = "application/vnd.oasis.opendocument.text", Document, "odt";
    Ods = "application/vnd.oasis.opendocument.spreadsheet", Document, "ods";
    Odp = "application/vnd.oasis.opendocument.presentation", Document, "odp";
    Epub = "application/epub+zip", Document, "epub";
    Rtf = "application/rtf", Document, "rtf";
    Html = "text/html", Document, "html";
    Xml = "application/xml", Document, "xml";
    Xmp = "application/rdf+xml", Other, "xmp";
    Json = "application/json", Document, "json";
    Text = "text/plain", Document, "txt";
    Zip = "application/zip", Other, "zip";
    PostScript = "application/postscript", Other, "ps";
    Executable = "application/x-executable", Other, "bin";
    /// Nothing recognised it.
    Unknown = "application/octet-stream", Other, "bin";
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mime())
    }
}

impl FromStr for MediaType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let essence = text
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.mime() == essence)
            .ok_or_else(|| format!("unknown media type {essence}"))
    }
}

impl MediaType {
    /// Camera RAW: the sensor's data with, usually, an embedded JPEG.
    pub const fn is_raw(self) -> bool {
        matches!(
            self,
            Self::Dng
                | Self::Cr2
                | Self::Cr3
                | Self::Crw
                | Self::Nef
                | Self::Arw
                | Self::Raf
                | Self::Orf
                | Self::Rw2
                | Self::Pef
                | Self::Srw
        )
    }

    /// Safe for a browser to show from our origin. Everything else is offered as a download, so
    /// that SVG and HTML never run as us.
    pub const fn is_inert(self) -> bool {
        matches!(
            self,
            Self::Jpeg
                | Self::Png
                | Self::Gif
                | Self::WebP
                | Self::Avif
                | Self::Heic
                | Self::Heif
                | Self::Tiff
                | Self::Bmp
                | Self::Jxl
                | Self::Mp4
                | Self::QuickTime
                | Self::WebM
                | Self::Matroska
                | Self::OggVideo
                | Self::Mp3
                | Self::M4a
                | Self::Aac
                | Self::Flac
                | Self::Wav
                | Self::Ogg
        )
    }
}
