//! Every codec and container of the vault. Hostile bytes are met here and nowhere else: this crate
//! is linked by the binary alone and runs in a child without files, network or privileges.
//!
//! One call does one file: [`understand`] reads the type that sniffing found, checks sizes from
//! headers, decodes once, shrinks, converts to sRGB, turns upright, and from that one picture makes
//! every rendition, the hashes and the colours. One file of this crate is one format or one step.

mod bmff;
mod colour;
mod embedded;
mod failure;
mod formats;
mod heif;
mod jp2;
mod jpeg;
mod jpeg_out;
mod jxl;
mod metadata;
mod orient;
mod palette;
mod phash;
mod picture;
mod psd;
mod raster;
mod raw;
mod render;
mod resize;
pub mod sandbox;
mod svg;
mod thumbhash;
mod tiff;
mod webp;

use std::fs::File;

use domain::{Facts, MediaType};
use failure::Failure;
use media::{Answer, Report, Task};

/// Reads one file, tells what it is and draws the renditions asked for.
///
/// `outputs` are empty files open for writing, one for each of `task.renditions` in order. Where no
/// picture can be made but something is known about the file, the answer is still
/// [`Answer::Done`], with no renditions and a problem that says why.
pub fn understand(task: &Task, input: &[u8], outputs: &mut [File]) -> Answer {
    if task.media_type == MediaType::Xmp {
        return sidecar(input);
    }
    let long_edge = render::wanted_long_edge(task);
    let opened = formats::open(task.media_type, input, long_edge, &task.limits);
    let mut metadata = metadata::read(&opened.carriers);
    let mut problems = Vec::new();
    let made = opened.picture.and_then(|mut decoded| {
        metadata.describe(&mut decoded);
        problems.extend(decoded.problem.take().map(Failure::into_problem));
        render::render(decoded, task, outputs, &mut metadata.facts)
    });
    let renditions = match made {
        Ok(renditions) => renditions,
        Err(failure) if metadata.facts == Facts::default() => {
            return Answer::Refused(failure.into_problem());
        }
        Err(failure) => {
            problems.push(failure.into_problem());
            Vec::new()
        }
    };
    Answer::Done(Report {
        facts: metadata.facts,
        renditions,
        problems,
    })
}

/// Reads a sidecar, whole or not at all: what is missing from half of one was not taken away.
fn sidecar(input: &[u8]) -> Answer {
    match metadata::of_sidecar(input) {
        Ok(facts) => Answer::Done(Report {
            facts,
            renditions: Vec::new(),
            problems: Vec::new(),
        }),
        Err(failure) => Answer::Refused(failure.into_problem()),
    }
}

/// Loads what decoders need from the file system, before the sandbox closes it.
///
/// Call it once, in the process that the decoding ones are forked from. What is missing there is
/// missed only by the files that need it, and named in their problem.
pub fn warm_up() {
    heif::warm_up();
    svg::warm_up();
}
