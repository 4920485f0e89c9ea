//! Reading what another service exported, before anything of it is sent.

use domain::{Permission, Timestamp};
use identity::Caller;
use media::takeout::{self, Note};

pub use media::takeout::{Album, File, Ignored, Item, Photo, Plan, Reason};

use crate::Vault;
use crate::error::{Error, Result};

/// Most files in one question.
const MAX_FILES: usize = 100_000;

/// Longest path, in bytes.
const MAX_PATH: usize = 4096;

/// A JSON file of an export, as its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Path inside the export.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

impl Vault {
    /// What to do with the files of a Google Takeout. Nothing is stored.
    ///
    /// # Errors
    /// `Forbidden`; a field problem for too many files or paths that are none.
    pub async fn plan_takeout(
        &self,
        caller: &Caller,
        files: Vec<File>,
        texts: Vec<Text>,
    ) -> Result<Plan> {
        caller.require(Permission::AssetsWrite)?;
        check("files", files.iter().map(|file| file.path.as_str()))?;
        check("sidecars", texts.iter().map(|text| text.path.as_str()))?;
        let planned = tokio::task::spawn_blocking(move || {
            let read = |text: Text| takeout::Sidecar {
                note: Note::read(&text.text),
                path: text.path,
            };
            let sidecars: Vec<_> = texts.into_iter().map(read).collect();
            takeout::plan(&files, &sidecars)
        });
        planned
            .await
            .map_err(|error| Error::Internal(Box::new(error)))
    }
}

fn check<'a>(field: &'static str, paths: impl ExactSizeIterator<Item = &'a str>) -> Result<()> {
    if paths.len() > MAX_FILES {
        return Err(Error::field(field, format!("at most {MAX_FILES}")));
    }
    for path in paths {
        if path.is_empty() || path.len() > MAX_PATH {
            let problem = format!("a path has 1 to {MAX_PATH} bytes");
            return Err(Error::field(field, problem));
        }
    }
    Ok(())
}

/// The wall time of a moment, in UTC: `2024-05-17T10:00:00`.
pub fn local(moment: Timestamp) -> String {
    let text = moment.to_string();
    text.trim_end_matches('Z').to_owned()
}
