//! Which of the files found belong to another one: the moving part of a Live photo, a sidecar.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Beside, Found};

/// Endings of the still part of a Live photo; of two with the same stem the first listed wins.
const STILLS: &[&str] = &["heic", "heif", "jpg", "jpeg"];

/// Ending of its moving part. Cameras, too, name a picture and an unrelated `.mp4` alike; phones
/// write Live photos as `.mov`.
const MOVING: &str = "mov";

/// Ending of a sidecar.
const SIDECAR: &str = "xmp";

/// Joins what belongs together, and says of each file that goes with another with which.
pub fn pair(found: Vec<Found>) -> (Vec<Found>, Vec<(PathBuf, PathBuf)>) {
    let (beside, mut found): (Vec<Found>, Vec<Found>) = found
        .into_iter()
        .partition(|file| matches!(ending(&file.path).as_str(), MOVING | SIDECAR));
    let by_name: HashMap<PathBuf, usize> = found
        .iter()
        .enumerate()
        .map(|(at, file)| (file.path.clone(), at))
        .collect();
    let by_stem = by_stem(&found);
    let (mut alone, mut joined) = (Vec::new(), Vec::new());
    for file in beside {
        let stem = file.path.with_extension("");
        let role = if ending(&file.path) == SIDECAR {
            "sidecar"
        } else {
            "motion"
        };
        let of_stem = by_stem.get(&stem).copied();
        let of = match role {
            // `x.jpg.xmp`, else `x.xmp`.
            "sidecar" => by_name.get(&stem).copied().or(of_stem),
            _ => of_stem.filter(|at| STILLS.contains(&ending(&found[*at].path).as_str())),
        };
        let free = |at: &usize| found[*at].beside.iter().all(|other| other.role != role);
        match of.filter(free) {
            Some(at) => {
                joined.push((file.path.clone(), found[at].path.clone()));
                found[at].beside.push(Beside {
                    role,
                    path: file.path,
                    size: file.size,
                });
            }
            None => alone.push(file),
        }
    }
    found.extend(alone);
    (found, joined)
}

/// For each folder and stem the file that others belong to: the likeliest still, else the first.
fn by_stem(found: &[Found]) -> HashMap<PathBuf, usize> {
    let rank = |at: usize| {
        let ending = ending(&found[at].path);
        let still = STILLS.iter().position(|still| *still == ending);
        still.unwrap_or(STILLS.len())
    };
    let mut by_stem: HashMap<PathBuf, usize> = HashMap::new();
    for (at, file) in found.iter().enumerate() {
        let best = by_stem.entry(file.path.with_extension("")).or_insert(at);
        if rank(at) < rank(*best) {
            *best = at;
        }
    }
    by_stem
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}
