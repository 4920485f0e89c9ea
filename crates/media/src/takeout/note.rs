//! What one JSON file of an export says.

use domain::{Place, Timestamp};
use serde::Deserialize;
use serde_json::Value;

/// Longest description that is kept, in characters.
const MAX_DESCRIPTION: usize = 20_000;

/// Longest title that is kept, in characters.
const MAX_TITLE: usize = 500;

/// A moment whose wall time Google does not tell.
pub type Moment = Timestamp;

/// What a JSON file is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// One photograph or video.
    Photo(Photo),
    /// A folder: an album, with a title unless nobody gave it one.
    Folder(Described),
    /// Something else: comments, orders, memories.
    Other,
    /// Not JSON.
    Unreadable,
}

/// What Google knew of one photograph or video.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Photo {
    /// File name it was uploaded under.
    pub title: Option<String>,
    /// Caption.
    pub description: Option<String>,
    /// When it was taken.
    pub taken: Option<Moment>,
    /// Where: as corrected by its owner, else as in the file.
    pub place: Option<Place>,
    /// Marked with a star.
    pub favourite: bool,
    /// Put out of the way.
    pub archived: bool,
    /// Lay in the trash when the export was made.
    pub trashed: bool,
    /// Lay in the locked folder.
    pub locked: bool,
}

/// What a folder's JSON says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Title of the album.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
}

/// The fields that are read; people, devices and counts of views are not ours to keep.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Raw {
    title: Value,
    description: Value,
    photo_taken_time: Option<RawTime>,
    geo_data: Option<RawPlace>,
    geo_data_exif: Option<RawPlace>,
    favorited: Value,
    archived: Value,
    trashed: Value,
    in_locked_folder: Value,
    album_data: Option<Box<Raw>>,
    access: Value,
    date: Value,
    url: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawTime {
    timestamp: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawPlace {
    latitude: Option<f64>,
    longitude: Option<f64>,
    altitude: Option<f64>,
}

impl Note {
    /// Reads a JSON file. Text that is no JSON is a note, too: the report names it.
    pub fn read(text: &str) -> Self {
        let value: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(value) => value,
            Err(_) => return Self::Unreadable,
        };
        let Ok(raw) = serde_json::from_value::<Raw>(value) else {
            return Self::Other;
        };
        if raw.photo_taken_time.is_some() {
            return Self::Photo(raw.into_photo());
        }
        if let Some(album) = raw.album_data {
            return Self::Folder(album.into_described());
        }
        let like_album = raw.title.is_string()
            && raw.url.is_null()
            && (raw.date.is_object() || raw.access.is_string() || raw.description.is_string());
        if like_album {
            return Self::Folder(raw.into_described());
        }
        Self::Other
    }
}

impl Raw {
    fn into_photo(self) -> Photo {
        let flag = |value: &Value| value.as_bool().unwrap_or(false);
        let place = self.geo_data.as_ref().and_then(RawPlace::place);
        let place = place.or_else(|| self.geo_data_exif.as_ref().and_then(RawPlace::place));
        Photo {
            title: words(&self.title, MAX_TITLE),
            description: words(&self.description, MAX_DESCRIPTION),
            taken: self.photo_taken_time.and_then(|time| time.moment()),
            place,
            favourite: flag(&self.favorited),
            archived: flag(&self.archived),
            trashed: flag(&self.trashed),
            locked: flag(&self.in_locked_folder),
        }
    }

    fn into_described(self) -> Described {
        Described {
            title: words(&self.title, MAX_TITLE),
            description: words(&self.description, MAX_DESCRIPTION),
        }
    }
}

impl RawTime {
    /// Seconds since the epoch, written as text; 0 is what stands there when nothing is known.
    fn moment(&self) -> Option<Moment> {
        let seconds: i64 = match &self.timestamp {
            Value::String(text) => text.trim().parse().ok()?,
            value => value.as_i64()?,
        };
        // Years 1 to 9999, which everybody can write down.
        let plausible = (-62_135_596_800..=253_402_300_799).contains(&seconds) && seconds != 0;
        plausible.then(|| Timestamp::from_millis(seconds * 1000))
    }
}

impl RawPlace {
    /// 0/0 is how Takeout writes "nowhere".
    fn place(&self) -> Option<Place> {
        let altitude = self.altitude.filter(|metres| *metres != 0.0);
        Place::new(self.latitude?, self.longitude?, altitude, "takeout")
    }
}

/// Printable text without empty ends, cut where it is longer than anybody writes.
fn words(value: &Value, most: usize) -> Option<String> {
    let text: String = value
        .as_str()?
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(most)
        .collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
