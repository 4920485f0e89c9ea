//! Media work without codecs: sniffing types by content, the named steps and their limits, and the
//! protocol with the sandboxed children that hold the codecs.

mod sniff;
mod task;

pub use sniff::{SNIFF_LEN, sniff};
pub use task::{
    Answer, Limits, PictureFormat, Problem, ProblemCode, RenditionMade, RenditionSpec, Report, Task,
};
