//! The one table of what follows what: which steps a version gets, which job carries each out, and
//! what the steps' versions are. A new kind of understanding starts with a line here.

use catalog::versions::FileRole;
use domain::{MediaKind, MediaType};
use media::ProblemCode;
use media::steps::{PICTURE, SIDECAR, Step};

use crate::jobs;

/// A step as it is planned for a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The step, with its version.
    pub step: Step,
    /// How it is carried out.
    pub carrier: Carrier,
}

/// How a step is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// The job of this kind.
    Job(&'static str),
    /// Nothing can, and this is what the owner is told.
    Nobody {
        /// Stable word.
        code: ProblemCode,
        /// One sentence.
        message: &'static str,
    },
}

/// The steps a new version of this type gets, in the order they are shown.
///
/// Every type has the picture step: where nothing can draw one, it says why.
pub fn steps_for(media_type: MediaType) -> Vec<Planned> {
    let carrier = match media_type.kind() {
        MediaKind::Image => Carrier::Job(jobs::picture::KIND),
        _ => Carrier::Nobody {
            code: ProblemCode::Unsupported,
            message: why_no_picture(media_type),
        },
    };
    vec![Planned {
        step: PICTURE,
        carrier,
    }]
}

/// The step that a file beside the original gets. It is planned when the file comes.
pub fn step_beside(role: FileRole) -> Option<Planned> {
    matches!(role, FileRole::Sidecar).then_some(Planned {
        step: SIDECAR,
        carrier: Carrier::Job(jobs::sidecar::KIND),
    })
}

/// The step that a kind of job carries out.
pub fn step_of(kind: &str) -> Option<Step> {
    match kind {
        jobs::picture::KIND => Some(PICTURE),
        jobs::sidecar::KIND => Some(SIDECAR),
        _ => None,
    }
}

fn why_no_picture(media_type: MediaType) -> &'static str {
    match (media_type.kind(), media_type) {
        (MediaKind::Video, _) => "Videos are kept, but not yet shown or read.",
        (MediaKind::Audio, _) => "Recordings are kept, but not yet played or read.",
        (MediaKind::Document, _) => "Documents are kept, but not yet shown or read.",
        (_, MediaType::Executable) => {
            "This is a program, whatever its name says. It is kept and never run."
        }
        (_, MediaType::Xmp) => "This is a sidecar. It is kept.",
        _ => "Nothing here knows this kind of file. It is kept.",
    }
}

/// Higher runs sooner. What a person waits for comes before what they do not.
pub mod priority {
    /// A picture of something just uploaded.
    pub const FRESH: i64 = 100;
    /// Somebody pressed retry.
    pub const ASKED: i64 = 200;
}
