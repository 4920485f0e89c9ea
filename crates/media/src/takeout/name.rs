//! The names Takeout gives: cut to a length, numbered, marked as edited.

/// What Takeout appends to a media file's name for its JSON, since the end of 2024.
const SUPPLEMENT: &str = ".supplemental-metadata";

/// A JSON's name without `.json` and number is cut to this many UTF-16 units; older exports and
/// other scripts are off by some.
const CUT: std::ops::RangeInclusive<usize> = 44..=51;

/// From this many UTF-16 units on, the stem of a media file's name may have been cut.
const LONG_STEM: usize = 40;

/// What Google Photos appends to the name of an edited copy, in the languages of accounts.
const EDITED: &[&str] = &[
    "-edited",
    "-effects",
    "-smile",
    "-mix",
    "-bearbeitet",
    "-modifi\u{e9}",
    "-modifie\u{301}",
    "-editado",
    "-editada",
    "-ha editado",
    "-editat",
    "-modificato",
    "-bewerkt",
    "-edytowane",
    "-redigerad",
    "-redigeret",
    "-redigert",
    "-muokattu",
    "-upraveno",
    "-upraven\u{e9}",
    "-szerkesztett",
    "-d\u{fc}zenlendi",
    "-\u{438}\u{437}\u{43c}\u{435}\u{43d}\u{435}\u{43d}\u{43e}",
    "-\u{7de8}\u{96c6}\u{6e08}\u{307f}",
    "-\u{c218}\u{c815}\u{b428}",
    "-\u{5df2}\u{4fee}\u{6539}",
    "-\u{5df2}\u{7de8}\u{8f2f}",
];

/// Endings of files that are media, by the formats a phone or camera makes. The vault looks at the
/// content itself; this only tells media from what else lies in an export.
const MEDIA: &[&str] = &[
    "jpg", "jpeg", "jpe", "png", "gif", "webp", "heic", "heif", "avif", "bmp", "tif", "tiff",
    "jxl", "jp2", "ico", "svg", "psd", "dng", "raw", "cr2", "cr3", "crw", "nef", "nrw", "arw",
    "srf", "sr2", "orf", "rw2", "raf", "pef", "srw", "x3f", "3fr", "erf", "kdc", "mos", "mrw",
    "mp4", "mov", "m4v", "mp", "avi", "mkv", "webm", "mpg", "mpeg", "mts", "m2ts", "3gp", "3g2",
    "wmv", "asf", "flv", "mp3", "m4a", "aac", "wav", "ogg", "opus", "flac", "amr", "pdf",
];
const STILLS: &[&str] = &["heic", "heif", "jpg", "jpeg", "dng", "avif"];
const MOVING: &[&str] = &["mp4", "mov", "mp", "m4v"];

/// Folder and name of a path.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A media file's name, taken apart: `IMG-edited(1).jpg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// Without number and ending.
    pub(super) stem: &'a str,
    /// The ending with its dot, as written; empty if there is none.
    pub(super) ending: &'a str,
    /// Tells files of the same name apart.
    pub(super) number: Option<u32>,
}

impl<'a> Name<'a> {
    pub(super) fn of(name: &'a str) -> Self {
        let at = name.rfind('.').filter(|at| *at > 0).unwrap_or(name.len());
        let (whole, ending) = name.split_at(at);
        let (stem, number) = numbered(whole);
        Self {
            stem,
            ending,
            number,
        }
    }

    /// Stem and ending, without the number.
    pub(super) fn bare(&self) -> String {
        format!("{}{}", self.stem, self.ending)
    }

    /// So long that Takeout may have cut it.
    pub(super) fn is_long(&self) -> bool {
        units(self.stem) >= LONG_STEM
    }

    /// The stem of what this is an edited copy of. Of a long name the mark itself may be cut.
    pub(super) fn unedited(&self) -> Option<&'a str> {
        EDITED
            .iter()
            .find_map(|mark| {
                if let Some(stem) = self.stem.strip_suffix(mark) {
                    return Some(stem);
                }
                let cuts = mark.char_indices().map(|(at, _)| at).filter(|at| *at >= 3);
                self.is_long().then(|| {
                    cuts.rev()
                        .find_map(|at| self.stem.strip_suffix(&mark[..at]))
                })?
            })
            .filter(|stem| !stem.is_empty())
    }

    fn has_ending(&self, of: &[&str]) -> bool {
        let ending = self.ending.trim_start_matches('.').to_lowercase();
        of.contains(&ending.as_str())
    }

    /// May be the still part of a Live or motion photo.
    pub(super) fn is_still(&self) -> bool {
        self.has_ending(STILLS)
    }

    /// May be the moving part.
    pub(super) fn is_moving(&self) -> bool {
        self.has_ending(MOVING)
    }

    /// What still and moving part have in common: Pixels call them `PXL.MP.jpg` and `PXL.MP`.
    pub(super) fn common_stem(&self) -> String {
        let stem = self.stem.to_lowercase();
        let bare = self.is_still().then(|| stem.strip_suffix(".mp")).flatten();
        bare.map(str::to_owned).unwrap_or(stem)
    }
}

/// Whether a file is media by its ending.
pub(super) fn is_media(name: &str) -> bool {
    // A motion part of a Pixel that was kept twice.
    let name = name
        .split_once(".MP~")
        .map_or(name.to_owned(), |(stem, _)| format!("{stem}.mp"));
    Name::of(&name).has_ending(MEDIA)
}

/// The name of a JSON without `.json`, and its number.
pub(super) fn of_json(name: &str) -> Option<(&str, Option<u32>)> {
    let at = name.len().checked_sub(".json".len())?;
    let (base, ending) = (name.get(..at)?, name.get(at..)?);
    ending.eq_ignore_ascii_case(".json").then(|| numbered(base))
}

/// `IMG(1)` is `IMG` and 1. What is no plain number from 1 stays part of the name.
fn numbered(text: &str) -> (&str, Option<u32>) {
    let inner = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('));
    match inner {
        Some((stem, digits))
            if !stem.is_empty()
                && (1..=5).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && !digits.starts_with('0') =>
        {
            (stem, digits.parse().ok())
        }
        _ => (text, None),
    }
}

/// What the JSON of a media file called `name` may be called, without `.json` and number; likeliest
/// first. `name` is without number itself: Takeout moves that behind the ending.
pub(super) fn json_bases(name: &str) -> impl Iterator<Item = String> {
    let whole = format!("{name}{SUPPLEMENT}");
    let supplement = (0..=SUPPLEMENT.len())
        .rev()
        .map(|at| format!("{name}{}", &SUPPLEMENT[..at]));
    let supplement: Vec<String> = supplement.collect();
    let cut: Vec<String> = whole
        .char_indices()
        .map(|(at, _)| at)
        .filter(|at| *at < name.len() && CUT.contains(&units(&whole[..*at])))
        .map(|at| whole[..at].to_owned())
        .collect();
    supplement.into_iter().chain(cut.into_iter().rev())
}

/// UTF-16 units, in which Takeout counts.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
