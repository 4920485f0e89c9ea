//! Media work without codecs: sniffing types by content, the named steps and their limits, and the
//! protocol with the sandboxed children that hold the codecs.
//!
//! A job goes: [`Workshop::admit`] (memory), [`Spool::begin`] (the input, written and sealed),
//! [`Workshop::run`] (a child, its end, its report checked). The other side, in the process that
//! `mediavault sandbox` starts, is [`zygote::serve`].

mod config;
mod ending;
mod error;
pub mod input;
mod level;
mod memory;
mod outcome;
mod sniff;
pub mod steps;
pub mod takeout;
mod task;
mod wire;
mod workshop;
pub mod xmp;
pub mod zygote;

pub use config::{Config, SandboxPolicy};
pub use error::Error;
pub use input::{Input, InputWriter, Spool};
pub use level::SandboxLevel;
pub use outcome::Outcome;
pub use sniff::{SNIFF_LEN, sniff};
pub use task::{
    Answer, Limits, PictureFormat, Problem, ProblemCode, RenditionMade, RenditionSpec, Report, Task,
};
pub use workshop::{Seat, Workshop, WorkshopState};
