//! What is asked of a sandboxed child, and what it answers. Both travel as postcard; the bytes of
//! input and outputs travel as file descriptors beside them. An answer comes from a process that
//! has touched hostile bytes, so the parent checks every field of it before use.

use domain::{Facts, MediaType};
use serde::{Deserialize, Serialize};

/// One job for one child: read one file, tell what it is, draw the renditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// What sniffing found; decides the decoder.
    pub media_type: MediaType,
    /// The pictures wanted, largest first; all come from one decode.
    pub renditions: Vec<RenditionSpec>,
    /// What the decoder may spend.
    pub limits: Limits,
}

/// One derived picture that is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenditionSpec {
    /// `preview`, `thumb`.
    pub name: String,
    /// The picture is scaled down (never up) until its longer edge is at most this many pixels.
    pub long_edge: u32,
    /// File format of the result.
    pub format: PictureFormat,
    /// Encoder quality, 1 to 100.
    pub quality: u8,
}

/// What renditions are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureFormat {
    /// WebP, lossy (RFC 9649). Keeps alpha.
    WebP,
    /// Baseline JPEG; alpha is laid on white.
    Jpeg,
}

impl PictureFormat {
    /// `type/subtype`.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::WebP => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// What one job may spend. Checked from headers before decoding, and enforced by the kernel after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Pixels of one decoded frame.
    pub max_pixels: u64,
    /// Bytes of memory (address space) of the child.
    pub max_memory: u64,
    /// Seconds of CPU time of the child.
    pub max_cpu_seconds: u32,
    /// Bytes of one output.
    pub max_output: u64,
}

/// What a child answers.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one a job, and it is moved once"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// It came to an end, perhaps with problems on the way.
    Done(Report),
    /// It could not make anything of the file.
    Refused(Problem),
}

/// What a child found and made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Typed metadata.
    pub facts: Facts,
    /// The renditions written, one per output descriptor in the order they were asked for.
    pub renditions: Vec<RenditionMade>,
    /// What went wrong without being fatal (a damaged tag, a truncated scan).
    pub problems: Vec<Problem>,
}

/// One derived picture that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenditionMade {
    /// As asked for.
    pub name: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// As asked for.
    pub format: PictureFormat,
    /// Bytes written to its descriptor.
    pub size: u64,
}

/// Why something could not be done, in words an owner understands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable word: see [`ProblemCode`].
    pub code: ProblemCode,
    /// One sentence naming what was found.
    pub message: String,
}

/// The stable reasons a file is not (fully) understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProblemCode {
    /// No decoder for this format (yet).
    Unsupported,
    /// The file is damaged or cut off.
    Damaged,
    /// Dimensions, memory or output beyond the limits.
    TooLarge,
    /// It took longer than allowed.
    TimedOut,
    /// The decoder died.
    Crashed,
    /// There is no picture in it (a RAW file without preview).
    NoPicture,
    /// The decoder itself could not be run (missing library, no child).
    Unavailable,
}

impl ProblemCode {
    /// The word used in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Damaged => "damaged",
            Self::TooLarge => "too_large",
            Self::TimedOut => "timed_out",
            Self::Crashed => "crashed",
            Self::NoPicture => "no_picture",
            Self::Unavailable => "unavailable",
        }
    }

    /// Whether trying again could end differently.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Unavailable)
    }
}
