//! What counts as agreeing, field by field.

use std::collections::BTreeMap;
use std::fmt;

use domain::Facts;
use serde_json::Value;

/// Agreements and disagreements so far.
#[derive(Default)]
pub struct Tally {
    agreed: BTreeMap<&'static str, usize>,
    disagreed: Vec<(String, &'static str, String, String)>,
}

impl Tally {
    /// Compares every field the expectation states.
    pub fn compare(&mut self, expected: &Value, facts: &Facts) {
        let path = expected["path"].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| expected[name].as_f64();
        let turned = expected["orientation_conflict"].is_string();
        let (width, height) = (facts.width.map(f64::from), facts.height.map(f64::from));
        let swapped = turned && width == number("height") && height == number("width");
        let mut field = |name, wanted: Option<String>, found: Option<String>, same: bool| {
            let Some(wanted) = wanted else { return };
            if same {
                *self.agreed.entry(name).or_default() += 1;
            } else {
                let found = found.unwrap_or_else(|| "-".to_owned());
                self.disagreed.push((path.clone(), name, wanted, found));
            }
        };
        let mut numeric = |name, key: &str, found: Option<f64>, tolerance: f64| {
            let wanted = number(key);
            let same = wanted
                .zip(found)
                .is_some_and(|(a, b)| (a - b).abs() <= tolerance.max(a.abs() * tolerance));
            field(
                name,
                wanted.map(|v| v.to_string()),
                found.map(|v| v.to_string()),
                same || (swapped && (key == "width" || key == "height")),
            );
        };
        numeric("width", "width", width, 0.0);
        numeric("height", "height", height, 0.0);
        let camera = &facts.camera;
        numeric("iso", "iso", camera.iso.map(f64::from), 0.0);
        numeric("f_number", "f_number", camera.aperture, 1e-3);
        numeric("exposure", "exposure_s", camera.exposure, 1e-6);
        numeric("focal", "focal_mm", camera.focal_length, 1e-3);
        if expected["gps_valid"] == false {
            let found = facts.place.as_ref().map(|place| format!("{place:?}"));
            let same = found.is_none();
            field("gps", Some("nothing".to_owned()), found, same);
        } else {
            let place = facts.place.as_ref();
            numeric("lat", "lat", place.map(|place| place.lat), 1e-5);
            numeric("lon", "lon", place.map(|place| place.lon), 1e-5);
            numeric("alt", "alt_m", place.and_then(|place| place.altitude), 0.06);
        }
        for (name, found) in [
            ("make", &camera.make),
            ("model", &camera.model),
            ("lens", &camera.lens),
        ] {
            let wanted = expected[name].as_str().map(|text| text.trim().to_owned());
            let same = wanted == *found;
            field(name, wanted, found.clone(), same);
        }
        let wanted = expected["taken_at"].as_str();
        let found = facts
            .captured
            .as_ref()
            .map(|time| (time.local.clone(), time.offset_minutes));
        let same = wanted
            .zip(found.as_ref())
            .is_some_and(|(wanted, found)| same_time(wanted, found));
        field(
            "taken_at",
            wanted.map(str::to_owned),
            found.map(|f| format!("{f:?}")),
            same,
        );
        if let Some(wanted) = expected["keywords"].as_array() {
            let wanted: Vec<_> = wanted.iter().filter_map(Value::as_str).collect();
            let same = wanted
                .iter()
                .all(|word| facts.keywords.iter().any(|found| found == word));
            field(
                "keywords",
                Some(wanted.join("|")),
                Some(facts.keywords.join("|")),
                same,
            );
        }
    }

    /// Share of compared fields that agree.
    pub fn share(&self) -> f64 {
        let agreed: usize = self.agreed.values().sum();
        let all = agreed + self.disagreed.len();
        agreed as f64 / all.max(1) as f64
    }
}

/// The same wall time to the fraction that both give, and the same offset where one is expected.
fn same_time(wanted: &str, (local, offset): &(String, Option<i16>)) -> bool {
    let zone_at = wanted[19..]
        .find(['Z', '+', '-'])
        .map_or(wanted.len(), |at| at + 19);
    let (wall, zone) = wanted.split_at(zone_at);
    let minutes = match zone {
        "" => None,
        "Z" => Some(0),
        zone => {
            let number = |from: usize| zone[from..from + 2].parse::<i16>().unwrap_or(0);
            let minutes = number(1) * 60 + number(4);
            Some(if zone.starts_with('-') {
                -minutes
            } else {
                minutes
            })
        }
    };
    let plain = |text: &str| match text.split_once('.') {
        Some((whole, fraction)) => format!("{whole}.{}", fraction.trim_end_matches('0')),
        None => format!("{text}."),
    };
    plain(wall) == plain(local) && (minutes.is_none() || minutes == *offset)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, agreed) in &self.agreed {
            let wrong = self
                .disagreed
                .iter()
                .filter(|(_, field, ..)| field == name)
                .count();
            writeln!(f, "{name:10} {agreed:4} agree, {wrong} do not")?;
        }
        for (path, name, wanted, found) in &self.disagreed {
            writeln!(f, "{path}: {name}: expected {wanted}, found {found}")?;
        }
        write!(f, "{:.2} % agree", self.share() * 100.0)
    }
}
