//! The files under `fixtures/` and what `MANIFEST.tsv` says of them.

use std::path::{Path, PathBuf};

use domain::Sha256;

/// What should become of a file that is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A thumb and a preview appear.
    Pictures,
    /// Kept without a picture, and nothing is wrong.
    Kept,
    /// Kept, downloadable, and the asset says what failed.
    Problem,
    /// Kept and downloadable; a picture may or may not appear.
    Any,
}

/// One file with the facts that are expected of it.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// Path below `fixtures/`.
    pub name: String,
    /// Digest of the bytes.
    pub sha256: Sha256,
    /// Type by content.
    pub mime_type: String,
    /// What should become of it.
    pub outcome: Outcome,
    /// Pixels across as displayed.
    pub width: Option<u32>,
    /// Pixels down as displayed.
    pub height: Option<u32>,
    /// ISO 8601 wall time, with the offset where the file states one.
    pub taken_at: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Maker of the camera.
    pub make: Option<String>,
    /// Model of the camera.
    pub model: Option<String>,
}

impl Fixture {
    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        root().join(&self.name)
    }

    /// The last part of its path.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// What is in it.
    pub fn bytes(&self) -> Vec<u8> {
        let path = self.path();
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// The folder of all fixtures.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// Every file of the manifest, in its order.
pub fn all() -> Vec<Fixture> {
    let path = root().join("MANIFEST.tsv");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(row).collect()
}

/// Those below a folder such as `photos`.
pub fn below(folder: &str) -> Vec<Fixture> {
    all()
        .into_iter()
        .filter(|fixture| Path::new(&fixture.name).starts_with(folder))
        .collect()
}

/// The one with this path.
pub fn named(name: &str) -> Fixture {
    all()
        .into_iter()
        .find(|fixture| fixture.name == name)
        .unwrap_or_else(|| panic!("fixtures/MANIFEST.tsv has no {name}"))
}

fn row(line: &str) -> Fixture {
    let cells: Vec<&str> = line.split('\t').collect();
    let [
        name,
        sha256,
        mime_type,
        outcome,
        width,
        height,
        taken_at,
        lat,
        lon,
        make,
        model,
        _origin,
        _licence,
    ] = cells.as_slice()
    else {
        panic!("fixtures/MANIFEST.tsv: {line:?} has {} cells", cells.len());
    };
    let text = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
    Fixture {
        name: (*name).to_owned(),
        sha256: sha256
            .parse()
            .unwrap_or_else(|error| panic!("{name}: {error}")),
        mime_type: (*mime_type).to_owned(),
        outcome: match *outcome {
            "pictures" => Outcome::Pictures,
            "kept" => Outcome::Kept,
            "problem" => Outcome::Problem,
            "any" => Outcome::Any,
            other => panic!("{name}: unknown outcome {other}"),
        },
        width: width.parse().ok(),
        height: height.parse().ok(),
        taken_at: text(taken_at),
        lat: lat.parse().ok(),
        lon: lon.parse().ok(),
        make: text(make),
        model: text(model),
    }
}

#[cfg(test)]
mod tests;
