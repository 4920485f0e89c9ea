//! What a child says, checked: it has touched hostile bytes, so every field of its report may be a
//! lie. A report that lies about its pictures is refused; a fact that cannot be true is left out,
//! since an honest decoder passes on what a file claims.

mod facts;
mod text;

use std::fs::File;
use std::os::unix::fs::FileExt;

use crate::{PictureFormat, Problem, ProblemCode, RenditionMade, RenditionSpec, Report, Task};
use text::sentence;

/// Problems kept of one report.
const MOST_PROBLEMS: usize = 32;

/// What came of a job.
#[derive(Debug)]
pub struct Outcome {
    /// The checked report. `renditions` are as asked for, in order, or empty when there is no
    /// picture in the file; then `problems` says why.
    pub report: Report,
    /// The pictures, one for each of `report.renditions`: sealed, at their start.
    pub pictures: Vec<File>,
}

/// Believes `report` as far as can be checked.
pub(crate) fn check(
    task: &Task,
    mut report: Report,
    mut pictures: Vec<File>,
) -> Result<Outcome, Problem> {
    report.facts = facts::clean(report.facts);
    report.problems.truncate(MOST_PROBLEMS);
    report.problems = report.problems.into_iter().map(clean_problem).collect();
    if report.renditions.is_empty() && !task.renditions.is_empty() {
        if report.problems.is_empty() {
            return Err(lie("no picture and no reason"));
        }
        pictures.clear();
        return Ok(Outcome { report, pictures });
    }
    if report.renditions.len() != task.renditions.len() || pictures.len() != task.renditions.len() {
        return Err(lie("not the pictures asked for"));
    }
    for ((made, wanted), picture) in report
        .renditions
        .iter()
        .zip(&task.renditions)
        .zip(&pictures)
    {
        check_rendition(made, wanted, picture, task.limits.max_output).map_err(lie)?;
    }
    Ok(Outcome { report, pictures })
}

fn check_rendition(
    made: &RenditionMade,
    wanted: &RenditionSpec,
    picture: &File,
    max_output: u64,
) -> Result<(), &'static str> {
    if made.name != wanted.name || made.format != wanted.format {
        return Err("not the pictures asked for");
    }
    let edges = 1..=wanted.long_edge;
    if !edges.contains(&made.width) || !edges.contains(&made.height) {
        return Err("a picture of another size than asked for");
    }
    let size = picture
        .metadata()
        .map_err(|_| "an unreadable picture")?
        .len();
    if made.size != size || size == 0 || size > max_output {
        return Err("a picture with another number of bytes than stated");
    }
    let mut head = [0; 12];
    picture
        .read_exact_at(&mut head, 0)
        .map_err(|_| "a picture that is too short to be one")?;
    let genuine = match made.format {
        // RFC 9649, section 2.4.
        PictureFormat::WebP => head.starts_with(b"RIFF") && head.ends_with(b"WEBP"),
        // ITU-T T.81, B.1.1.3: SOI, then another marker.
        PictureFormat::Jpeg => head.starts_with(&[0xff, 0xd8, 0xff]),
    };
    genuine.then_some(()).ok_or("a picture in another format")
}

/// A problem's message as one plain, short sentence.
pub(crate) fn clean_problem(problem: Problem) -> Problem {
    Problem {
        code: problem.code,
        message: sentence(&problem.message).unwrap_or_else(|| problem.code.as_str().to_owned()),
    }
}

/// A problem of ours.
pub(crate) fn refuse(code: ProblemCode, message: &str) -> Problem {
    Problem {
        code,
        message: message.to_owned(),
    }
}

fn lie(what: &str) -> Problem {
    refuse(
        ProblemCode::Crashed,
        &format!("the decoder's report cannot be believed: {what}"),
    )
}

#[cfg(test)]
mod tests;
