//! Within one folder: which JSON and which moving part belong to which file.
//!
//! Every file asks for its JSON by the names that may have, likeliest first. One JSON may serve
//! several files (an edited copy, the moving part), so files take turns: exact names first, then
//! cut ones, then copies.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::folder::Place;
use super::name::{self, Name};
use super::note::{Described, Photo};
use super::{Item, Note, Plan, Reason};

/// JSON about a photograph that no file of its folder answers to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lost {
    pub(super) path: String,
    pub(super) photo: Photo,
    pub(super) album: Option<String>,
}

/// What lies in one folder.
#[derive(Debug, Default)]
pub(super) struct Folder<'a> {
    media: BTreeMap<&'a str, Name<'a>>,
    /// By name without `.json`, and number.
    photos: HashMap<(&'a str, Option<u32>), Text<'a>>,
    described: Option<&'a Described>,
    /// Of JSON that is not about a photograph.
    others: Vec<(&'a str, Reason)>,
    /// Names of JSON that cannot be found by name.
    odd: Vec<&'a str>,
}

#[derive(Debug, Clone, Copy)]
struct Text<'a> {
    path: &'a str,
    photo: &'a Photo,
}

/// Which JSON serves which file, by path.
type Matches<'a> = BTreeMap<&'a str, Text<'a>>;

impl<'a> Folder<'a> {
    pub(super) fn add_media(&mut self, path: &'a str, name: &'a str) {
        self.media.insert(path, Name::of(name));
    }

    pub(super) fn add_note(&mut self, path: &'a str, name: &'a str, note: &'a Note) {
        match note {
            Note::Photo(photo) => match name::of_json(name) {
                Some(key) => drop(self.photos.insert(key, Text { path, photo })),
                None => self.odd.push(path),
            },
            Note::Folder(described) => {
                self.described.get_or_insert(described);
                self.others.push((path, Reason::Folder));
            }
            Note::Other => self.others.push((path, Reason::OtherJson)),
            Note::Unreadable => self.others.push((path, Reason::Unreadable)),
        }
    }

    /// The JSON that describes the folder itself.
    pub(super) fn described(&self) -> Option<&'a Described> {
        self.described
    }

    /// Adds the folder's files to the plan, and gives back the JSON nobody answers to.
    pub(super) fn settle(&self, place: &Place, plan: &mut Plan) -> Vec<Lost> {
        let matches = self.matches();
        let motions = self.motions(&matches);
        let moving: HashSet<&str> = motions.values().copied().collect();
        for (path, name) in &self.media {
            if moving.contains(path) {
                continue;
            }
            let text = matches.get(path).copied();
            plan.items.push(Item {
                path: (*path).to_owned(),
                file_name: original_name(path, name, text),
                album: place.album().map(str::to_owned),
                photo: text.map(|text| text.photo.clone()).unwrap_or_default(),
                sidecar: text.map(|text| text.path.to_owned()),
                motion: motions.get(path).map(|motion| (*motion).to_owned()),
                reason: text.is_none().then_some(Reason::NoJson),
            });
        }
        for (path, reason) in &self.others {
            plan.ignore(path, *reason);
        }
        for path in &self.odd {
            plan.ignore(path, Reason::NoMedia);
        }
        self.lost(&matches, place, plan)
    }

    fn lost(&self, matches: &Matches<'a>, place: &Place, plan: &mut Plan) -> Vec<Lost> {
        let used: HashSet<&str> = matches.values().map(|text| text.path).collect();
        let mut lost = Vec::new();
        for text in self.photos.values() {
            if used.contains(text.path) {
                plan.ignore(text.path, Reason::Applied);
            } else {
                lost.push(Lost {
                    path: text.path.to_owned(),
                    photo: text.photo.clone(),
                    album: place.album().map(str::to_owned),
                });
            }
        }
        lost
    }

    fn matches(&self) -> Matches<'a> {
        let mut matches = Matches::new();
        let mut taken = HashSet::new();
        for (path, name) in &self.media {
            if let Some(text) = self.exact(path, name) {
                taken.insert(text.path);
                matches.insert(path, text);
            }
        }
        for (path, name) in &self.media {
            if matches.contains_key(path) {
                continue;
            }
            if let Some(text) = self.cut(name, &taken) {
                taken.insert(text.path);
                matches.insert(path, text);
            }
        }
        for (path, name) in &self.media {
            if !matches.contains_key(path)
                && let Some(text) = self.of_original(name)
            {
                matches.insert(path, text);
            }
        }
        self.leave_to_stills(&mut matches);
        matches
    }

    /// By a name that nothing was cut from.
    fn exact(&self, path: &str, name: &Name<'_>) -> Option<Text<'a>> {
        let (_, whole) = name::split(path);
        let uncut = |of: &str, number| self.find(of, number, |base, _| base.len() >= of.len());
        // A number that was part of the name when it was uploaded has not moved.
        uncut(whole, None).or_else(|| {
            name.number?;
            uncut(&name.bare(), name.number)
        })
    }

    /// By a name of which Takeout kept the beginning, or to which it has added the ending.
    fn cut(&self, name: &Name<'_>, taken: &HashSet<&str>) -> Option<Text<'a>> {
        let bare = name.bare();
        let free = |_: &str, text: &Text<'_>| !taken.contains(text.path);
        let titled = |base: &str, text: &Text<'_>| free(base, text) && begins(text, name.stem);
        self.find(&bare, name.number, titled)
            .or_else(|| self.by_title(name, taken))
            .or_else(|| self.find(&bare, name.number, free))
            .or_else(|| self.find(name.stem, name.number, titled))
    }

    /// Of several long names that are cut alike, Takeout numbers the JSON and not the files.
    fn by_title(&self, name: &Name<'_>, taken: &HashSet<&str>) -> Option<Text<'a>> {
        if name.number.is_some() {
            return None;
        }
        let bare = name.bare();
        let bases: Vec<String> = name::json_bases(&bare)
            .filter(|base| base.len() < bare.len())
            .collect();
        let numbers = (1..=MOST_ALIKE).map(Some);
        let candidates = bases
            .iter()
            .flat_map(|base| numbers.clone().map(|number| (base.as_str(), number)));
        candidates
            .filter_map(|key| self.photos.get(&key).copied())
            .find(|text| !taken.contains(text.path) && begins(text, name.stem))
    }

    /// An edited copy, a moving part and a copy that Takeout forgot to describe are told by the JSON
    /// of their original.
    fn of_original(&self, name: &Name<'_>) -> Option<Text<'a>> {
        let any = |_: &str, _: &Text<'_>| true;
        if let Some(stem) = name.unedited() {
            return self.by_stem(stem, name);
        }
        if name.is_moving() {
            return self.by_stem(name.stem, name);
        }
        let forgotten = name.number.is_some() && name.is_long();
        forgotten
            .then(|| self.find(&name.bare(), None, any))
            .flatten()
    }

    /// The JSON of a file with this stem, whatever its ending.
    fn by_stem(&self, stem: &str, name: &Name<'_>) -> Option<Text<'a>> {
        let endings = std::iter::once(name.ending).chain(OTHER_ENDINGS.iter().copied());
        let mut names = endings.map(|ending| format!("{stem}{ending}"));
        names.find_map(|bare| self.find(&bare, name.number, |_, _| true))
    }

    /// The first JSON with a name that may belong to `bare` and that is `right`.
    fn find(
        &self,
        bare: &str,
        number: Option<u32>,
        right: impl Fn(&str, &Text<'a>) -> bool,
    ) -> Option<Text<'a>> {
        name::json_bases(bare).find_map(|base| {
            let text = self.photos.get(&(base.as_str(), number)).copied()?;
            right(&base, &text).then_some(text)
        })
    }

    /// What a video has only by the stem of a photograph is not JSON of its own.
    fn leave_to_stills(&self, matches: &mut Matches<'a>) {
        let motions = self.motions(matches);
        for motion in motions.values() {
            matches.remove(motion);
        }
    }

    /// The moving part of each photograph that has one: the same stem and number, and no JSON of
    /// its own.
    fn motions(&self, matches: &Matches<'a>) -> HashMap<&'a str, &'a str> {
        let mut stills: HashMap<(String, Option<u32>), &'a str> = HashMap::new();
        for (path, name) in self.media.iter().filter(|(_, name)| name.is_still()) {
            let key = (name.common_stem(), name.number);
            stills.entry(key).or_insert(path);
        }
        let mut motions = HashMap::new();
        for (path, name) in self.media.iter().filter(|(_, name)| name.is_moving()) {
            let Some(still) = stills.get(&(name.common_stem(), name.number)) else {
                continue;
            };
            let own = matches.get(path);
            let shared = own.is_none_or(|own| {
                let still = matches.get(still);
                still.is_some_and(|still| still.path == own.path)
            });
            if shared {
                motions.entry(*still).or_insert(*path);
            }
        }
        motions
    }
}

/// Most files whose long names are cut alike that are told apart by title.
const MOST_ALIKE: u32 = 99;

/// Endings of the originals that edited copies and moving parts come from.
const OTHER_ENDINGS: &[&str] = &[
    ".HEIC", ".heic", ".JPG", ".jpg", ".jpeg", ".JPEG", ".png", ".PNG", ".DNG", ".dng", ".MP.jpg",
    ".MP.JPG",
];

/// Whether the title in the JSON is the name of which `stem` is the beginning.
fn begins(text: &Text<'_>, stem: &str) -> bool {
    text.photo
        .title
        .as_deref()
        .is_some_and(|title| alike(title).starts_with(&alike(stem)))
}

/// Takeout replaces what file systems refuse.
fn alike(text: &str) -> String {
    let refused = |c: char| {
        matches!(
            c,
            '&' | '<'
                | '>'
                | ':'
                | '"'
                | '/'
                | '\\'
                | '|'
                | '?'
                | '*'
                | '%'
                | '\''
                | '+'
                | '='
                | '@'
        )
    };
    text.to_lowercase()
        .chars()
        .map(|c| if refused(c) { '_' } else { c })
        .collect()
}

/// The name before it was cut: the JSON's title, where it goes on like the file's name and ends
/// like it. An edited copy keeps its own.
fn original_name(path: &str, name: &Name<'_>, text: Option<Text<'_>>) -> String {
    let (_, own) = name::split(path);
    let title = text.and_then(|text| text.photo.title.as_deref());
    let title = title.filter(|title| {
        let of_title = Name::of(title);
        of_title.ending.eq_ignore_ascii_case(name.ending)
            && alike(title).starts_with(&alike(name.stem))
            && (name.unedited().is_none() || title.contains(name.stem))
    });
    title.unwrap_or(own).to_owned()
}
