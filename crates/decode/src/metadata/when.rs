//! Dates as EXIF, XMP and IPTC write them, with the offset kept apart from the wall time.

use domain::LocalTime;

/// EXIF `YYYY:MM:DD HH:MM:SS` (EXIF 2.32 §4.6.5), with the fractions and the offset of their own
/// tags. Other separators are accepted: phones write them.
pub(super) fn from_exif(
    date: &str,
    fraction: Option<&str>,
    offset: Option<&str>,
    source: &str,
) -> Option<LocalTime> {
    let numbers = fields(date)?;
    let fraction = fraction.map(digits).unwrap_or_default();
    // Some write the offset into the date itself.
    let offset = offset.or_else(|| date.get(19..)).and_then(offset_minutes);
    local(numbers, &fraction, offset, source)
}

/// XMP's ISO 8601 `YYYY-MM-DD[THH:MM[:SS[.f]][offset]]` (XMP part 1 §8.2.1.2).
pub(super) fn from_iso(text: &str, source: &str) -> Option<LocalTime> {
    let text = text.trim();
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let padded = match whole.len() {
        0 => "00:00:00".to_owned(),
        5 => format!("{whole}:00"),
        _ => whole.to_owned(),
    };
    let numbers = fields(&format!("{date} {padded}"))?;
    local(numbers, &digits(fraction), offset_minutes(zone), source)
}

/// IPTC dates `YYYYMMDD` and times `HHMMSS±HHMM` (IIM 4.2, 2:55 and 2:60).
pub(super) fn from_iptc(date: &str, time: Option<&str>, source: &str) -> Option<LocalTime> {
    let number = |text: &str, from: usize| text.get(from..from + 2)?.parse::<u8>().ok();
    let year = date.get(..4)?.parse().ok()?;
    let time = time.unwrap_or("000000");
    let numbers = Fields {
        year,
        month: number(date, 4)?,
        day: number(date, 6)?,
        hour: number(time, 0)?,
        minute: number(time, 2)?,
        second: number(time, 4)?,
    };
    local(numbers, "", time.get(6..).and_then(offset_minutes), source)
}

struct Fields {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

/// Six numbers at fixed places, whatever separates them.
fn fields(text: &str) -> Option<Fields> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.trim().parse::<u16>().ok();
    let small = |at: usize| number(at..at + 2).and_then(|value| u8::try_from(value).ok());
    Some(Fields {
        year: number(0..4)?,
        month: small(5)?,
        day: small(8)?,
        hour: small(11)?,
        minute: small(14)?,
        second: small(17)?,
    })
}

/// A time that exists on the calendar; the year 0 is what cleared clocks write.
fn local(at: Fields, fraction: &str, offset: Option<i16>, source: &str) -> Option<LocalTime> {
    let date = jiff::civil::Date::new(
        i16::try_from(at.year).ok().filter(|year| *year > 0)?,
        i8::try_from(at.month).ok()?,
        i8::try_from(at.day).ok()?,
    );
    // A leap second has no place in the calendar we sort by.
    let second = at.second.min(59);
    let in_day = at.hour < 24 && at.minute < 60 && at.second <= 60;
    let date = date.ok().filter(|_| in_day)?;
    let point = if fraction.is_empty() { "" } else { "." };
    Some(LocalTime {
        local: format!(
            "{date}T{:02}:{:02}:{second:02}{point}{fraction}",
            at.hour, at.minute
        ),
        offset_minutes: offset,
        source: source.to_owned(),
    })
}

/// The leading digits, at most nanoseconds.
fn digits(text: &str) -> String {
    let text = text.trim();
    text.chars()
        .take_while(char::is_ascii_digit)
        .take(9)
        .collect()
}

/// `+HH:MM`, `-HHMM`, `Z`; what no zone on Earth has is not one.
fn offset_minutes(text: &str) -> Option<i16> {
    let text = text.trim_matches(['\0', ' ']);
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    let hours = number(1..3)?;
    let minutes = number(4..6).or_else(|| number(3..5)).unwrap_or(0);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests;
