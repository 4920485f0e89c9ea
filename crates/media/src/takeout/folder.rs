//! What the folders of an export are: a product's, a year's, an album.

use std::collections::{BTreeMap, HashSet};

use super::Note;
use super::note::Described;

/// How Takeout begins the names of the folders that hold a year's photographs, by the language of
/// the account. None of them is an album, even where a JSON gives it a title.
const YEAR_BEFORE: &[&str] = &[
    "photos from",
    "fotos von",
    "fotos aus",
    "photos de",
    "photos du",
    "fotos de",
    "fotos del",
    "fotos d\u{2019}",
    "foto da",
    "foto dal",
    "foto del",
    "foto's uit",
    "foto\u{2019}s uit",
    "foto_s uit",
    "foton fr\u{e5}n",
    "billeder fra",
    "fotos fra",
    "bilder fra",
    "bilder fr\u{e5}n",
    "kuvat vuodelta",
    "kuvia vuodelta",
    "fotky z roku",
    "fotky z",
    "zdj\u{119}cia z",
    "zdj\u{119}cia z roku",
    "f\u{e9}nyk\u{e9}pek",
    "\u{444}\u{43e}\u{442}\u{43e} \u{437}\u{430}",
    "foto tahun",
];

/// And how it ends them, after the year.
const YEAR_AFTER: &[&str] = &[
    "\u{5e74}\u{306e}\u{5199}\u{771f}",
    "\u{5e74}\u{7684}\u{7167}\u{7247}",
    "\u{5e74}\u{7684}\u{76f8}\u{7247}",
    "\u{b144}\u{c758} \u{c0ac}\u{c9c4}",
    "\u{b144} \u{c0ac}\u{c9c4}",
    "foto\u{11f}raflar\u{131}",
    "y\u{131}l\u{131}ndaki foto\u{11f}raflar",
];

/// The products of an export that hold photographs: folders directly below `Takeout/` with at least
/// one JSON about a photograph. Without such a folder everything is taken.
#[derive(Debug, Default)]
pub(super) struct Products<'a>(HashSet<&'a str>);

/// Which products hold photographs.
pub(super) fn products<'a>(notes: &BTreeMap<&'a str, &Note>) -> Products<'a> {
    let photos = notes
        .iter()
        .filter(|(_, note)| matches!(note, Note::Photo(_)));
    Products(photos.filter_map(|(path, _)| product(path)).collect())
}

/// `Takeout/Google Photos/…` is of `Google Photos`.
fn product(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("Takeout/")?;
    rest.split_once('/').map(|(product, _)| product)
}

impl Products<'_> {
    /// Whether a file is of a product with photographs.
    pub(super) fn holds(&self, path: &str) -> bool {
        match product(path) {
            Some(product) => self.0.is_empty() || self.0.contains(product),
            // What lies in `Takeout/` itself is a page about the export.
            None => !path.starts_with("Takeout/") || self.0.is_empty(),
        }
    }
}

/// What a folder is to the photographs in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// An album, with its title and description.
    Album {
        title: String,
        description: Option<String>,
    },
    /// A year, a day, the trash, an album nobody named.
    Plain,
}

impl Place {
    /// By the folder's path and the JSON in it that describes it.
    pub(super) fn of(dir: &str, described: Option<&Described>) -> Self {
        let name = dir.rsplit('/').next().unwrap_or(dir);
        let Some(title) = described.and_then(|described| described.title.clone()) else {
            return Self::Plain;
        };
        if is_year(name) || is_year(&title) {
            return Self::Plain;
        }
        Self::Album {
            title,
            description: described.and_then(|described| described.description.clone()),
        }
    }

    /// The album's title.
    pub(super) fn album(&self) -> Option<&str> {
        match self {
            Self::Album { title, .. } => Some(title),
            Self::Plain => None,
        }
    }

    /// Title and description, where it has both.
    pub(super) fn description(&self) -> Option<(String, String)> {
        match self {
            Self::Album { title, description } => Some((title.clone(), description.clone()?)),
            Self::Plain => None,
        }
    }
}

/// `Photos from 2019` in the languages of accounts.
pub(super) fn is_year(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let is_number = |text: &str| {
        let text = text.trim();
        text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let before = YEAR_BEFORE
        .iter()
        .any(|words| name.strip_prefix(words).is_some_and(is_number));
    let after = YEAR_AFTER
        .iter()
        .any(|words| name.strip_suffix(words).is_some_and(is_number));
    before || after
}
